//! A customer: account, relationships, subscriptions, users and their licences.
//!
//! Seats, names and eligibility are decided together, so they are one aggregate; each concept has a
//! module that holds its rules. What the actor's roles allow is checked before, with the actor's
//! partner; in which capacity the actor's partner reaches the customer is checked here.

mod account;
mod agreements;
mod carts;
mod command;
mod conversion;
mod devices;
mod directory_roles;
mod evolve;
mod licenses;
mod order_changes;
mod orders;
mod privileges;
mod reach;
mod relationship;
mod renewal;
mod requests;
mod reseller_of_record;
mod restore;
mod sign_in;
mod state;
mod subscriptions;
mod support_contacts;
mod upgrade;
mod users;

use events::CustomerEvent;

pub use self::{
    agreements::ConfirmAgreement,
    command::{
        AddCustomerDomain, AssociateReseller, CancelCart, ChangeCart, ChangeOrder, ChangeRenewal,
        ChangeResellerOfRecord, ChangeSubscription, ChangeSupportContact, CheckOutCart,
        ConvertTrial, CreateCustomer, CreateCustomerUsers, CustomerCommand, DeleteCustomerUsers,
        EditCustomerDetails, EditCustomerUser, EndRelationship, EndSubscription, ExpireCart,
        FallBackSupportContacts, GrantDirectoryRole, NewCustomerAdmin, NewCustomerUser, OpenCart,
        PurgeCustomerUser, QualifyCustomer, RemoveReseller, RenamedCustomerUser,
        ResetCustomerUserPassword, RestoreCustomerUser, ReviewCart, RevokeDirectoryRole,
        SubmitOrder, UpdateLicenses, UpgradeSubscription,
    },
    devices::{
        AddDevices, ApplyDeviceProfile, CUSTOMER_DEVICES_MAX, ChangeDeviceProfile,
        CreateDeviceBatch, CreateDeviceProfile, DEVICES_MAX, DeleteDeviceProfile, DeviceCommand,
        Devices, RemoveDevice, WithdrawDeviceProfile,
    },
    renewal::{TRIAL_MONTHS, term_end},
    requests::{
        AcceptRelationshipRequest, DeclineRelationshipRequest, EditRelationshipDraft,
        EndDelegatedAdmin, EnterRelationship, ExpireRelationshipRequest, ForbidOwnPurchases,
        PermitOwnPurchases, RecordRelationshipSending, RelationshipRequest, RequestRelationship,
        RequestStatus, Requests, SendRelationshipLetter, SignUp, WithdrawRelationshipRequest,
    },
    sign_in::{
        ChangeCustomerUserPassword, IssueCustomerUserToken, RevokeCustomerUserToken,
        SignInCustomerUser, SignOutCustomerUser,
    },
    state::{
        CustomerAccount, CustomerState, CustomerUser, CustomerUserStatus, Relationship,
        Subscription, SubscriptionStatus,
    },
    support_contacts::eligible_support_contacts,
    users::{NewUserFault, new_user_faults},
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

#[expect(clippy::too_many_lines, reason = "a table: one line a command")]
fn decide(
    state: &CustomerState,
    command: &CustomerCommand,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    match command {
        CustomerCommand::Create(command) => account::create(state, command, context),
        CustomerCommand::EditDetails(command) => account::edit(state, command, context),
        CustomerCommand::AddDomain(command) => account::add_domain(state, command, context),
        CustomerCommand::Qualify(command) => account::qualify(state, *command, context),
        CustomerCommand::EndRelationship(command) => relationship::end(state, *command, context),
        CustomerCommand::AssociateReseller(command) => {
            relationship::associate(state, *command, context)
        }
        CustomerCommand::RemoveReseller(command) => relationship::remove(state, *command, context),
        CustomerCommand::RequestRelationship(command) => requests::request(state, command, context),
        CustomerCommand::EditRelationshipDraft(command) => requests::edit(state, command, context),
        CustomerCommand::SendRequestLetter(command) => requests::send(state, *command, context),
        CustomerCommand::RecordRequestSending(command) => {
            requests::record_sending(state, *command, context)
        }
        CustomerCommand::WithdrawRequest(command) => requests::withdraw(state, *command, context),
        CustomerCommand::AcceptRequest(command) => requests::accept(state, *command, context),
        CustomerCommand::DeclineRequest(command) => requests::decline(state, *command, context),
        CustomerCommand::ExpireRequest(command) => requests::expire(state, *command, context),
        CustomerCommand::EnterRelationship(command) => requests::enter(state, *command, context),
        CustomerCommand::SignUp(command) => requests::sign_up(state, command, context),
        CustomerCommand::EndDelegatedAdmin(command) => {
            privileges::end_delegated_admin(state, *command, context)
        }
        CustomerCommand::PermitOwnPurchases(command) => {
            privileges::permit_own_purchases(state, *command, context)
        }
        CustomerCommand::ForbidOwnPurchases(command) => {
            privileges::forbid_own_purchases(state, *command, context)
        }
        CustomerCommand::SubmitOrder(command) => orders::order(state, command, context),
        CustomerCommand::ChangeOrder(command) => order_changes::change(state, command, context),
        CustomerCommand::ChangeSubscription(command) => {
            subscriptions::change(state, command, context)
        }
        CustomerCommand::ChangeRenewal(command) => renewal::change(state, *command, context),
        CustomerCommand::EndSubscription(command) => renewal::end(state, *command, context),
        CustomerCommand::UpgradeSubscription(command) => upgrade::upgrade(state, *command, context),
        CustomerCommand::ConvertTrial(command) => conversion::convert(state, *command, context),
        CustomerCommand::OpenCart(command) => carts::open(state, command, context),
        CustomerCommand::ChangeCart(command) => carts::change(state, command, context),
        CustomerCommand::ReviewCart(command) => carts::review(state, *command, context),
        CustomerCommand::CheckOutCart(command) => carts::check_out(state, command, context),
        CustomerCommand::CancelCart(command) => carts::cancel(state, *command, context),
        CustomerCommand::ExpireCart(command) => carts::expire(state, *command, context),
        CustomerCommand::ChangeResellerOfRecord(command) => {
            reseller_of_record::change(state, command, context)
        }
        CustomerCommand::ChangeSupportContact(command) => {
            support_contacts::change(state, *command, context)
        }
        CustomerCommand::FallBackSupportContacts(command) => {
            support_contacts::after_partnership(state, *command, context)
        }
        CustomerCommand::CreateUsers(command) => users::create(state, command, context),
        CustomerCommand::EditUser(command) => users::edit(state, command, context),
        CustomerCommand::ResetPassword(command) => users::reset_password(state, *command, context),
        CustomerCommand::DeleteUsers(command) => users::delete(state, command, context),
        CustomerCommand::RestoreUser(command) => restore::restore(state, command, context),
        CustomerCommand::PurgeUser(command) => restore::purge(state, *command, context),
        CustomerCommand::UpdateLicenses(command) => licenses::update(state, command, context),
        CustomerCommand::Devices(command) => devices::decide(state, command, context),
        CustomerCommand::ConfirmAgreement(command) => agreements::confirm(state, command, context),
        CustomerCommand::GrantDirectoryRole(command) => {
            directory_roles::grant(state, *command, context)
        }
        CustomerCommand::RevokeDirectoryRole(command) => {
            directory_roles::revoke(state, *command, context)
        }
        CustomerCommand::SignIn(command) => sign_in::sign_in(state, *command, context),
        CustomerCommand::SignOut(command) => sign_in::sign_out(state, *command, context),
        CustomerCommand::ChangePassword(command) => {
            sign_in::change_password(state, command, context)
        }
        CustomerCommand::IssueToken(command) => sign_in::issue_token(state, *command, context),
        CustomerCommand::RevokeToken(command) => sign_in::revoke_token(state, *command, context),
    }
}
