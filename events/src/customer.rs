//! What happens to a customer: its account, its relationships with partners, its subscriptions, its
//! users and their licences. Each concept has a module that holds its events.

mod account;
mod agreements;
mod carts;
mod devices;
mod directory_roles;
mod licenses;
mod orders;
mod relationship;
mod requests;
mod sign_in;
mod subscriptions;
mod support_contacts;
mod users;

pub use self::{
    account::{
        ContactDetails, CustomerAccountEvent, CustomerCreated, CustomerDetailsEdited,
        CustomerDomainAdded, CustomerQualified, PostalAddress, Qualification,
    },
    agreements::{AgreementContact, AgreementEvent, AgreementKind, CustomerAgreementConfirmed},
    carts::{
        CartCancelled, CartChanged, CartCheckedOut, CartEvent, CartExpired, CartLine, CartOpened,
        CartReviewed,
    },
    devices::{
        Device, DeviceBatchCreated, DeviceEvent, DeviceProfileApplied, DeviceProfileChanged,
        DeviceProfileCreated, DeviceProfileDeleted, DeviceProfileWithdrawn, DeviceRemoved,
        DeviceSetting, DevicesAdded,
    },
    directory_roles::{DirectoryRoleEvent, DirectoryRoleGranted, DirectoryRoleRevoked},
    licenses::{LicenseAssigned, LicenseEvent, LicenseRevoked},
    orders::{
        BillingCycle, OrderEvent, OrderExtended, OrderLine, OrderRebilled, OrderSubmitted,
        RebilledSubscription,
    },
    relationship::{
        DelegatedAdminEnded, DelegatedAdminGranted, OwnPurchasesForbidden, OwnPurchasesPermitted,
        RelationshipEnded, RelationshipEstablished, RelationshipEvent, ResellerAssociated,
        ResellerRemoved,
    },
    requests::{
        RelationshipDraft, RelationshipDraftEdited, RelationshipLetterSendFailed,
        RelationshipLetterSendRequested, RelationshipLetterSent, RelationshipRequestAccepted,
        RelationshipRequestDeclined, RelationshipRequestEvent, RelationshipRequestExpired,
        RelationshipRequestWithdrawn, RelationshipRequested,
    },
    sign_in::{
        CustomerSignInEvent, CustomerUserPasswordChanged, CustomerUserSignInFailed,
        CustomerUserSignedIn, CustomerUserSignedOut, CustomerUserTokenIssued,
        CustomerUserTokenRevoked,
    },
    subscriptions::{
        ResellerOfRecordChanged, SaleTerms, SubscriptionCancelled, SubscriptionCreated,
        SubscriptionEvent, SubscriptionQuantityChanged, SubscriptionReactivated,
        SubscriptionRenamed, SubscriptionRenewalResumed, SubscriptionRenewalStopped,
        SubscriptionSuspended, SubscriptionUpgraded, TrialConverted,
    },
    support_contacts::{
        FallbackCause, SupportContactChanged, SupportContactEvent, SupportContactFellBack,
    },
    users::{
        CustomerUserCreated, CustomerUserDeleted, CustomerUserEdited, CustomerUserEvent,
        CustomerUserPasswordReset, CustomerUserProfile, CustomerUserPurged, CustomerUserRestored,
        LicenseFate, LicenseOutcome,
    },
};

event_concepts! {
    /// What happens to a customer.
    CustomerEvent {
        /// To the account itself.
        Account(CustomerAccountEvent),
        /// To the bond with a partner.
        Relationship(RelationshipEvent),
        /// To a request for such a bond.
        Request(RelationshipRequestEvent),
        /// To an order in the making.
        Cart(CartEvent),
        /// To an order.
        Order(OrderEvent),
        /// To a subscription.
        Subscription(SubscriptionEvent),
        /// To the support contact of a subscription.
        SupportContact(SupportContactEvent),
        /// To a user account.
        User(CustomerUserEvent),
        /// To a seat.
        License(LicenseEvent),
        /// To the roles of a user inside its company.
        DirectoryRole(DirectoryRoleEvent),
        /// To what users sign in with.
        SignIn(CustomerSignInEvent),
        /// To devices and their profiles.
        Device(DeviceEvent),
        /// To an agreement.
        Agreement(AgreementEvent),
    }
}
