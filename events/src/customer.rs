//! What happens to a customer: its account, its relationships with partners, its subscriptions, its
//! users and their licences.

mod carts;
mod requests;
mod sales;
mod sign_in;
mod support_contacts;

mod agreements;
mod devices;

pub use self::{
    agreements::{AgreementContact, AgreementKind, CustomerAgreementConfirmed},
    devices::{
        Device, DeviceBatchCreated, DeviceProfileApplied, DeviceProfileChanged,
        DeviceProfileCreated, DeviceProfileDeleted, DeviceProfileWithdrawn, DeviceRemoved,
        DeviceSetting, DevicesAdded,
    },
};

use serde::{Deserialize, Serialize};

use self::sales::{OrderSubmittedV1, SubscriptionCreatedV1};
pub use self::sign_in::{
    CustomerUserPasswordChanged, CustomerUserSignInFailed, CustomerUserSignedIn,
    CustomerUserSignedOut, CustomerUserTokenIssued, CustomerUserTokenRevoked,
};
pub use self::{
    carts::{
        CartCancelled, CartChanged, CartCheckedOut, CartExpired, CartLine, CartOpened, CartReviewed,
    },
    requests::{
        DelegatedAdminEnded, DelegatedAdminGranted, OwnPurchasesForbidden, OwnPurchasesPermitted,
        RelationshipDraft, RelationshipDraftEdited, RelationshipRequestAccepted,
        RelationshipRequestDeclined, RelationshipRequestExpired, RelationshipRequestWithdrawn,
        RelationshipRequested,
    },
    sales::{ResellerOfRecordChanged, SaleTerms, SubscriptionCancelled, SubscriptionUpgraded},
    support_contacts::{FallbackCause, SupportContactChanged, SupportContactFellBack},
};

use crate::{
    ids::{
        CredentialId, CustomerId, CustomerUserId, OfferId, OrderId, PartnerId, SkuId, SubjectId,
        SubscriptionId,
    },
    personal::{Clear, PersonalData},
    time::Timestamp,
    values::{
        AddressLine, CompanyName, CountryCode, DirectoryRole, DomainName, EmailAddress,
        FriendlyName, Locale, MpnId, NameHash, PersonName, PhoneNumber, PostalCode, Quantity,
        UserName,
    },
};

/// Whom to reach at a customer, and where: personal, sealed under the customer's contact.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all(serialize = "camelCase"))]
pub struct ContactDetails {
    /// The contact's e-mail address.
    pub email: EmailAddress,
    /// The contact's first name.
    pub first_name: PersonName,
    /// The contact's last name.
    pub last_name: PersonName,
    /// The contact's telephone number.
    pub phone_number: Option<PhoneNumber>,
    /// Where bills go.
    pub address: PostalAddress,
}

impl PersonalData for ContactDetails {}

/// A postal address; its country stands clear beside it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all(serialize = "camelCase"))]
pub struct PostalAddress {
    /// Street and number.
    pub line1: AddressLine,
    /// More of it.
    pub line2: Option<AddressLine>,
    /// The city.
    pub city: AddressLine,
    /// State, province or region.
    pub state: Option<AddressLine>,
    /// The postal code.
    pub postal_code: Option<PostalCode>,
}

/// Who a customer user is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all(serialize = "camelCase"))]
pub struct CustomerUserProfile {
    /// The sign-in name.
    pub user_name: UserName,
    /// The first name.
    pub first_name: Option<PersonName>,
    /// The last name.
    pub last_name: Option<PersonName>,
    /// The name shown to others.
    pub display_name: PersonName,
    /// Where the user uses services; licences may only be assigned where it is known.
    pub usage_location: Option<CountryCode>,
    /// The telephone number.
    pub phone_number: Option<PhoneNumber>,
}

impl PersonalData for CustomerUserProfile {}

impl From<CustomerUserId> for SubjectId {
    fn from(id: CustomerUserId) -> Self {
        Self::from_uuid(id.as_uuid())
    }
}

impl From<CustomerId> for SubjectId {
    /// The customer's contact person.
    fn from(id: CustomerId) -> Self {
        Self::from_uuid(id.as_uuid())
    }
}

/// How often an order is billed. Stored by order: new cycles go to the end.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BillingCycle {
    /// Every month.
    Monthly,
    /// Every year.
    Annual,
    /// Once.
    OneTime,
}

impl BillingCycle {
    /// Every cycle.
    pub const ALL: [Self; 3] = [Self::Monthly, Self::Annual, Self::OneTime];
}

impl Clear for BillingCycle {}

/// One line of a submitted order.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all(serialize = "camelCase"))]
pub struct OrderLine {
    /// Its number, from 0.
    pub line_number: u32,
    /// What was bought.
    pub offer_id: OfferId,
    /// The subscription it became.
    pub subscription_id: SubscriptionId,
    /// How many licences.
    pub quantity: Quantity,
    /// What the buyer calls it.
    pub friendly_name: Option<FriendlyName>,
    /// The MPN id of the indirect reseller on record.
    pub partner_on_record: Option<MpnId>,
    /// The subscription to which it is an add-on.
    pub parent_subscription: Option<SubscriptionId>,
}

impl Clear for OrderLine {}

/// What became of a licence when its user was restored. Stored by order: new fates go to the end.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LicenseFate {
    /// The user has it again.
    Restored,
    /// No seat was free.
    NoSeat,
    /// No active subscription to the product is left.
    SubscriptionGone,
}

/// A licence the user had before the deletion, and what became of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all(serialize = "camelCase"))]
pub struct LicenseOutcome {
    /// The product.
    pub sku_id: SkuId,
    /// What became of the licence.
    pub fate: LicenseFate,
}

impl Clear for LicenseOutcome {}

events! {
    /// A company became a customer in this installation.
    CustomerCreated = 0x0301 v 1 {
        /// The customer.
        clear customer_id: CustomerId,
        /// The partner that created it.
        clear partner_id: PartnerId,
        /// The company's name.
        clear company_name: CompanyName,
        /// Its domain, unique in the installation.
        clear domain: DomainName,
        /// Where it is.
        clear country: CountryCode,
        /// Its culture, such as `en-US`.
        clear culture: Locale,
        /// Its language, such as `en`.
        clear language: Locale,
        /// Whom to reach.
        personal contact: ContactDetails,
    }
    /// The customer's name, place or contact changed.
    CustomerDetailsEdited = 0x0302 v 1 {
        /// The company's name from now on.
        clear company_name: CompanyName,
        /// Where it is.
        clear country: CountryCode,
        /// Its culture.
        clear culture: Locale,
        /// Its language.
        clear language: Locale,
        /// Whom to reach from now on.
        personal contact: ContactDetails,
    }
    /// A partner may sell to the customer from now on.
    RelationshipEstablished = 0x0303 v 1 {
        /// The partner.
        clear partner_id: PartnerId,
        /// Whether it may administer on the customer's behalf.
        clear delegated_admin: bool,
    }
    /// The relationship with a partner is over; history stays.
    RelationshipEnded = 0x0304 v 1 {
        /// The partner.
        clear partner_id: PartnerId,
    }
    /// An indirect reseller sees and administers the customer from now on.
    ResellerAssociated = 0x0305 v 1 {
        /// The provider through which it does.
        clear provider: PartnerId,
        /// The reseller.
        clear reseller: PartnerId,
    }
    /// An indirect reseller has nothing to do with the customer any more.
    ResellerRemoved = 0x0306 v 1 {
        /// The provider through which it had.
        clear provider: PartnerId,
        /// The reseller.
        clear reseller: PartnerId,
    }
    /// An order was submitted.
    OrderSubmitted = 0x0307 v 2 from { 1 => OrderSubmittedV1 } {
        /// The order.
        clear order_id: OrderId,
        /// The partner that submitted it.
        clear partner_id: PartnerId,
        /// How it is billed.
        clear billing_cycle: BillingCycle,
        /// What was ordered.
        clear lines: Vec<OrderLine>,
    }
    /// An order line became a subscription.
    SubscriptionCreated = 0x0308 v 2 from { 1 => SubscriptionCreatedV1 } {
        /// The subscription.
        clear subscription_id: SubscriptionId,
        /// The order it came from.
        clear order_id: OrderId,
        /// The partner that sold it.
        clear partner_id: PartnerId,
        /// What was bought.
        clear offer_id: OfferId,
        /// The product whose seats it holds.
        clear sku_id: SkuId,
        /// How many licences.
        clear quantity: Quantity,
        /// How it is billed.
        clear billing_cycle: BillingCycle,
        /// What the buyer calls it.
        clear friendly_name: FriendlyName,
        /// The MPN id of the indirect reseller on record.
        clear partner_on_record: Option<MpnId>,
        /// The subscription to which it is an add-on.
        clear parent_subscription: Option<SubscriptionId>,
        /// What was agreed; not recorded of what was sold before it was.
        clear terms: Option<SaleTerms>,
    }
    /// A subscription got another name.
    SubscriptionRenamed = 0x0309 v 1 {
        /// The subscription.
        clear subscription_id: SubscriptionId,
        /// Its name from now on.
        clear friendly_name: FriendlyName,
    }
    /// Licences were bought or given back.
    SubscriptionQuantityChanged = 0x030a v 1 {
        /// The subscription.
        clear subscription_id: SubscriptionId,
        /// How many licences until now.
        clear old: Quantity,
        /// How many from now on.
        clear new: Quantity,
    }
    /// A subscription was suspended: assignments stay, no seat is available.
    SubscriptionSuspended = 0x030b v 1 {
        /// The subscription.
        clear subscription_id: SubscriptionId,
    }
    /// A suspended subscription works again.
    SubscriptionReactivated = 0x030c v 1 {
        /// The subscription.
        clear subscription_id: SubscriptionId,
    }
    /// A user account was created, with a temporary password that was shown once.
    CustomerUserCreated = 0x030d v 1 {
        /// The user.
        clear user_id: CustomerUserId,
        /// The keyed hash of the user name.
        clear user_name: NameHash,
        /// The domain part of the user name.
        clear domain: DomainName,
        /// Whether the usage location is known.
        clear has_usage_location: bool,
        /// Where the hash of the password is kept, outside the log.
        clear credential_id: CredentialId,
        /// Who the user is.
        personal profile: CustomerUserProfile,
    }
    /// A user's profile changed.
    CustomerUserEdited = 0x030e v 1 {
        /// The user.
        clear user_id: CustomerUserId,
        /// The keyed hash of the user name from now on.
        clear user_name: NameHash,
        /// The domain part of the user name from now on.
        clear domain: DomainName,
        /// Whether the usage location is known.
        clear has_usage_location: bool,
        /// Who the user is from now on.
        personal profile: CustomerUserProfile,
    }
    /// A user got a new temporary password, shown once.
    CustomerUserPasswordReset = 0x030f v 1 {
        /// The user.
        clear user_id: CustomerUserId,
        /// Where the hash of the password is kept, outside the log.
        clear credential_id: CredentialId,
    }
    /// A user was deleted; its seats are free, its name is free, and it can be restored for a while.
    CustomerUserDeleted = 0x0310 v 1 {
        /// The user.
        clear user_id: CustomerUserId,
        /// The licences that went back to the pool.
        clear licenses_returned: Vec<SkuId>,
        /// Restoring is allowed strictly before this moment.
        clear restorable_until: Timestamp,
    }
    /// A deleted user is back with its roles, and with its licences as far as seats were free.
    CustomerUserRestored = 0x0311 v 1 {
        /// The user.
        clear user_id: CustomerUserId,
        /// What became of each licence it had.
        clear licenses: Vec<LicenseOutcome>,
    }
    /// The restore window of a deleted user has passed for good.
    CustomerUserPurged = 0x0312 v 1 {
        /// The user.
        clear user_id: CustomerUserId,
    }
    /// A seat was given to a user.
    LicenseAssigned = 0x0313 v 1 {
        /// The user.
        clear user_id: CustomerUserId,
        /// The product.
        clear sku_id: SkuId,
    }
    /// A seat was taken from a user.
    LicenseRevoked = 0x0314 v 1 {
        /// The user.
        clear user_id: CustomerUserId,
        /// The product.
        clear sku_id: SkuId,
    }
    /// A user got a role inside its company.
    DirectoryRoleGranted = 0x0315 v 1 {
        /// The user.
        clear user_id: CustomerUserId,
        /// The role.
        clear role: DirectoryRole,
    }
    /// A user lost a role inside its company.
    DirectoryRoleRevoked = 0x0316 v 1 {
        /// The user.
        clear user_id: CustomerUserId,
        /// The role.
        clear role: DirectoryRole,
    }
}

aggregate_events! {
    /// What happens to a customer.
    CustomerEvent {
        CustomerCreated,
        CustomerDetailsEdited,
        RelationshipEstablished,
        RelationshipEnded,
        ResellerAssociated,
        ResellerRemoved,
        OrderSubmitted,
        SubscriptionCreated,
        SubscriptionRenamed,
        SubscriptionQuantityChanged,
        SubscriptionSuspended,
        SubscriptionReactivated,
        CustomerUserCreated,
        CustomerUserEdited,
        CustomerUserPasswordReset,
        CustomerUserDeleted,
        CustomerUserRestored,
        CustomerUserPurged,
        LicenseAssigned,
        LicenseRevoked,
        DirectoryRoleGranted,
        DirectoryRoleRevoked,
        RelationshipRequested,
        RelationshipDraftEdited,
        RelationshipRequestAccepted,
        RelationshipRequestDeclined,
        RelationshipRequestWithdrawn,
        RelationshipRequestExpired,
        DelegatedAdminGranted,
        DelegatedAdminEnded,
        OwnPurchasesPermitted,
        OwnPurchasesForbidden,
        DeviceBatchCreated,
        DevicesAdded,
        DeviceRemoved,
        DeviceProfileCreated,
        DeviceProfileChanged,
        DeviceProfileDeleted,
        DeviceProfileApplied,
        DeviceProfileWithdrawn,
        CustomerAgreementConfirmed,
        CartOpened,
        CartChanged,
        CartReviewed,
        CartCheckedOut,
        CartCancelled,
        CartExpired,
        SubscriptionUpgraded,
        SubscriptionCancelled,
        ResellerOfRecordChanged,
        SupportContactChanged,
        SupportContactFellBack,
        CustomerUserSignedIn,
        CustomerUserSignedOut,
        CustomerUserSignInFailed,
        CustomerUserPasswordChanged,
        CustomerUserTokenIssued,
        CustomerUserTokenRevoked,
    }
}
