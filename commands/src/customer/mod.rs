//! A customer: account, relationships, subscriptions, users and their licences.
//!
//! Seats, names and eligibility are decided together, so they are one aggregate; each concept has a
//! module that holds its rules. What the actor's roles allow is checked before, with the actor's
//! partner; in which capacity the actor's partner reaches the customer is checked here.

mod account;
mod agreements;
mod carts;
mod command;
mod devices;
mod directory_roles;
mod evolve;
mod licenses;
mod orders;
mod reach;
mod relationship;
mod requests;
mod sign_in;
mod state;
mod subscriptions;
mod support_contacts;
mod users;

use events::CustomerEvent;

pub use self::{
    account::{
        AddCustomerDomain, CreateCustomer, CustomerAccountCommand, EditCustomerDetails,
        NewCustomerAdmin, QualifyCustomer,
    },
    agreements::{AgreementCommand, ConfirmAgreement},
    carts::{CancelCart, CartCommand, ChangeCart, CheckOutCart, ExpireCart, OpenCart, ReviewCart},
    command::CustomerCommand,
    devices::{
        AddDevices, ApplyDeviceProfile, CUSTOMER_DEVICES_MAX, ChangeDeviceProfile,
        CreateDeviceBatch, CreateDeviceProfile, DEVICES_MAX, DeleteDeviceProfile, DeviceCommand,
        Devices, RemoveDevice, WithdrawDeviceProfile,
    },
    directory_roles::{DirectoryRoleCommand, GrantDirectoryRole, RevokeDirectoryRole},
    licenses::{LicenseCommand, UpdateLicenses},
    orders::{ChangeOrder, OrderCommand, SubmitOrder},
    relationship::{
        AssociateReseller, EndDelegatedAdmin, EndRelationship, ForbidOwnPurchases,
        PermitOwnPurchases, RelationshipCommand, RemoveReseller,
    },
    requests::{
        AcceptRelationshipRequest, DeclineRelationshipRequest, EditRelationshipDraft,
        EnterRelationship, ExpireRelationshipRequest, RecordRelationshipSending,
        RelationshipRequest, RelationshipRequestCommand, RequestRelationship, RequestStatus,
        Requests, SendRelationshipLetter, SignUp, WithdrawRelationshipRequest,
    },
    sign_in::{
        ChangeCustomerUserPassword, CustomerSignInCommand, IssueCustomerUserToken,
        RevokeCustomerUserToken, SignInCustomerUser, SignOutCustomerUser,
    },
    state::{
        CustomerAccount, CustomerState, CustomerUser, CustomerUserStatus, Relationship,
        Subscription, SubscriptionStatus,
    },
    subscriptions::{
        ChangeRenewal, ChangeResellerOfRecord, ChangeSubscription, ConvertTrial, EndSubscription,
        SubscriptionCommand, UpgradeSubscription,
        renewal::{TRIAL_MONTHS, term_end},
    },
    support_contacts::{
        ChangeSupportContact, FallBackSupportContacts, SupportContactCommand,
        eligible_support_contacts,
    },
    users::{
        CreateCustomerUsers, CustomerUserCommand, DeleteCustomerUsers, EditCustomerUser,
        NewCustomerUser, NewUserFault, PurgeCustomerUser, RenamedCustomerUser,
        ResetCustomerUserPassword, RestoreCustomerUser, new_user_faults,
    },
};
use crate::{DECISION_EVENTS_MAX, context::Context, decider::Decider, rejection::Rejection};

/// The rules of a customer.
#[derive(Clone, Copy, Debug)]
pub struct Customer;

impl Decider for Customer {
    type State = CustomerState;
    type Command = CustomerCommand;
    type Event = CustomerEvent;

    fn decide(
        state: &CustomerState,
        command: &CustomerCommand,
        context: &Context<'_>,
    ) -> Result<Vec<CustomerEvent>, Rejection> {
        let events = decide(state, command, context)?;
        let count = events.len();
        if count > DECISION_EVENTS_MAX {
            return Err(Rejection::TooManyChanges { count, limit: DECISION_EVENTS_MAX });
        }
        Ok(events)
    }

    fn evolve(mut state: CustomerState, event: &CustomerEvent) -> CustomerState {
        evolve::evolve(&mut state, event);
        state
    }

    fn own(event: &events::Event) -> Option<&CustomerEvent> {
        match event {
            events::Event::Customer(event) => Some(event),
            events::Event::Partner(_)
            | events::Event::Partnership(_)
            | events::Event::NameClaim(_)
            | events::Event::Installation(_)
            | events::Event::Lead(_)
            | events::Event::ServiceRequest(_) => None,
        }
    }
}

fn decide(
    state: &CustomerState,
    command: &CustomerCommand,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    match command {
        CustomerCommand::Account(command) => account::decide(state, command, context),
        CustomerCommand::Relationship(command) => relationship::decide(state, command, context),
        CustomerCommand::Request(command) => requests::decide(state, command, context),
        CustomerCommand::Cart(command) => carts::decide(state, command, context),
        CustomerCommand::Order(command) => orders::decide(state, command, context),
        CustomerCommand::Subscription(command) => subscriptions::decide(state, command, context),
        CustomerCommand::SupportContact(command) => {
            support_contacts::decide(state, command, context)
        }
        CustomerCommand::User(command) => users::decide(state, command, context),
        CustomerCommand::License(command) => licenses::decide(state, command, context),
        CustomerCommand::DirectoryRole(command) => directory_roles::decide(state, command, context),
        CustomerCommand::SignIn(command) => sign_in::decide(state, command, context),
        CustomerCommand::Device(command) => devices::decide(state, command, context),
        CustomerCommand::Agreement(command) => agreements::decide(state, command, context),
    }
}
