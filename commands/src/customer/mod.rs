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
mod licenses;
mod orders;
mod privileges;
mod reach;
mod relationship;
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
        AssociateReseller, CancelCart, ChangeCart, ChangeResellerOfRecord, ChangeSubscription,
        ChangeSupportContact, CheckOutCart, CreateCustomer, CreateCustomerUsers, CustomerCommand,
        DeleteCustomerUsers, EditCustomerDetails, EditCustomerUser, EndRelationship, ExpireCart,
        FallBackSupportContacts, GrantDirectoryRole, NewCustomerAdmin, NewCustomerUser, OpenCart,
        PurgeCustomerUser, RemoveReseller, RenamedCustomerUser, ResetCustomerUserPassword,
        RestoreCustomerUser, ReviewCart, RevokeDirectoryRole, SubmitOrder, UpdateLicenses,
        UpgradeSubscription,
    },
    devices::{
        AddDevices, ApplyDeviceProfile, CUSTOMER_DEVICES_MAX, ChangeDeviceProfile,
        CreateDeviceBatch, CreateDeviceProfile, DEVICES_MAX, DeleteDeviceProfile, DeviceCommand,
        Devices, RemoveDevice, WithdrawDeviceProfile,
    },
    requests::{
        AcceptRelationshipRequest, DeclineRelationshipRequest, EditRelationshipDraft,
        EndDelegatedAdmin, EnterRelationship, ExpireRelationshipRequest, ForbidOwnPurchases,
        PermitOwnPurchases, RelationshipRequest, RequestRelationship, RequestStatus, Requests,
        SignUp, WithdrawRelationshipRequest,
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

    #[expect(clippy::too_many_lines, reason = "it is a table: one line for each event")]
    fn evolve(mut state: CustomerState, event: &CustomerEvent) -> CustomerState {
        match event {
            CustomerEvent::CustomerCreated(event) => state.created(event),
            CustomerEvent::RelationshipEstablished(event) => state.relationship_established(event),
            CustomerEvent::RelationshipEnded(event) => state.relationship_ended(event.partner_id),
            CustomerEvent::ResellerAssociated(event) => state.reseller_associated(event),
            CustomerEvent::ResellerRemoved(event) => state.reseller_removed(event),
            CustomerEvent::OrderSubmitted(event) => state.order_submitted(event.order_id),
            CustomerEvent::SubscriptionCreated(event) => state.subscription_created(event),
            CustomerEvent::SubscriptionRenamed(event) => state.subscription_renamed(event),
            CustomerEvent::SubscriptionQuantityChanged(event) => state.quantity_changed(event),
            CustomerEvent::SubscriptionSuspended(event) => {
                state.subscription_status(event.subscription_id, SubscriptionStatus::Suspended);
            }
            CustomerEvent::SubscriptionReactivated(event) => {
                state.subscription_status(event.subscription_id, SubscriptionStatus::Active);
            }
            CustomerEvent::CustomerUserCreated(event) => state.user_created(event),
            CustomerEvent::CustomerUserEdited(event) => state.user_edited(event),
            CustomerEvent::CustomerUserPasswordReset(event) => state.password_reset(event),
            CustomerEvent::CustomerUserDeleted(event) => state.user_deleted(event),
            CustomerEvent::CustomerUserRestored(event) => state.user_restored(event),
            CustomerEvent::CustomerUserPurged(event) => state.user_purged(event.user_id),
            CustomerEvent::LicenseAssigned(event) => {
                state.license_gained(event.user_id, event.sku_id);
            }
            CustomerEvent::LicenseRevoked(event) => state.license_lost(event.user_id, event.sku_id),
            CustomerEvent::DirectoryRoleGranted(event) => {
                state.role_gained(event.user_id, event.role);
            }
            CustomerEvent::DirectoryRoleRevoked(event) => {
                state.role_lost(event.user_id, event.role);
            }
            CustomerEvent::CartOpened(event) => state.carts.opened(event),
            CustomerEvent::CartChanged(event) => state.carts.changed(event),
            CustomerEvent::CartReviewed(event) => state.carts.reviewed(event),
            CustomerEvent::CartCheckedOut(event) => state.carts.checked_out(event),
            CustomerEvent::CartCancelled(event) => state.carts.cancelled(event),
            CustomerEvent::CartExpired(event) => state.carts.expired(event),
            CustomerEvent::SubscriptionUpgraded(event) => state.subscription_upgraded(event),
            CustomerEvent::SubscriptionCancelled(event) => state.subscription_cancelled(event),
            CustomerEvent::ResellerOfRecordChanged(event) => state.on_record_changed(event),
            CustomerEvent::SupportContactChanged(event) => state.support_contacts.changed(event),
            CustomerEvent::SupportContactFellBack(event) => {
                state.support_contacts.fell_back(event);
            }
            CustomerEvent::RelationshipRequested(event) => state.requests_mut().requested(event),
            CustomerEvent::RelationshipRequestAccepted(event) => {
                state.requests_mut().became(event.invitation_id, RequestStatus::Accepted);
            }
            CustomerEvent::RelationshipRequestDeclined(event) => {
                state.requests_mut().became(event.invitation_id, RequestStatus::Declined);
            }
            CustomerEvent::RelationshipRequestWithdrawn(event) => {
                state.requests_mut().became(event.invitation_id, RequestStatus::Withdrawn);
            }
            CustomerEvent::RelationshipRequestExpired(event) => {
                state.requests_mut().became(event.invitation_id, RequestStatus::Expired);
            }
            CustomerEvent::DelegatedAdminGranted(event) => {
                state.delegated_admin_set(event.partner_id, true);
            }
            CustomerEvent::DelegatedAdminEnded(event) => {
                state.delegated_admin_set(event.partner_id, false);
            }
            CustomerEvent::OwnPurchasesPermitted(event) => {
                state.own_purchases_set(event.partner_id, true);
            }
            CustomerEvent::OwnPurchasesForbidden(event) => {
                state.own_purchases_set(event.partner_id, false);
            }
            CustomerEvent::DeviceBatchCreated(_)
            | CustomerEvent::DevicesAdded(_)
            | CustomerEvent::DeviceRemoved(_)
            | CustomerEvent::DeviceProfileCreated(_)
            | CustomerEvent::DeviceProfileChanged(_)
            | CustomerEvent::DeviceProfileDeleted(_)
            | CustomerEvent::DeviceProfileApplied(_)
            | CustomerEvent::DeviceProfileWithdrawn(_) => state.devices_mut().evolve(event),
            CustomerEvent::CustomerAgreementConfirmed(_)
            | CustomerEvent::CustomerDetailsEdited(_)
            | CustomerEvent::RelationshipDraftEdited(_) => {}
            CustomerEvent::CustomerUserSignedIn(event) => state.signed_in(event),
            CustomerEvent::CustomerUserSignedOut(event) => state.signed_out(event),
            CustomerEvent::CustomerUserSignInFailed(event) => state.sign_in_failed(event),
            CustomerEvent::CustomerUserPasswordChanged(event) => state.password_changed(event),
            CustomerEvent::CustomerUserTokenIssued(event) => state.token_issued(event),
            CustomerEvent::CustomerUserTokenRevoked(event) => state.token_revoked(event),
        }
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
        CustomerCommand::Create(command) => account::create(state, command, context),
        CustomerCommand::EditDetails(command) => account::edit(state, command, context),
        CustomerCommand::EndRelationship(command) => relationship::end(state, *command, context),
        CustomerCommand::AssociateReseller(command) => {
            relationship::associate(state, *command, context)
        }
        CustomerCommand::RemoveReseller(command) => relationship::remove(state, *command, context),
        CustomerCommand::RequestRelationship(command) => requests::request(state, command, context),
        CustomerCommand::EditRelationshipDraft(command) => {
            requests::edit_draft(state, command, context)
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
        CustomerCommand::ChangeSubscription(command) => {
            subscriptions::change(state, command, context)
        }
        CustomerCommand::UpgradeSubscription(command) => upgrade::upgrade(state, *command, context),
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
