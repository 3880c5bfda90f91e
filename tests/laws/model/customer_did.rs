//! What does each command on a customer lead to?

use commands::{
    AgreementCommand, CartCommand, CustomerAccountCommand, CustomerCommand, CustomerSignInCommand,
    CustomerUserCommand, DirectoryRoleCommand, LicenseCommand, OrderCommand, RelationshipCommand,
    RelationshipRequestCommand, SubscriptionCommand, SupportContactCommand,
};
use events::{CustomerId, Timestamp};
use services::application::Principal;

use super::{
    Plain, Status,
    carts::Stage,
    letters::Letter,
    relationships::{Answer, is_a_part},
};

impl Plain {
    /// Takes in that a command on a customer was accepted.
    pub(super) fn customer_did(
        &mut self,
        (id, command): (CustomerId, &CustomerCommand),
        now: Timestamp,
    ) {
        assert!(!is_a_part(command), "{command:?} is a part of a use case");
        match command {
            CustomerCommand::Account(command) => self.account_did((id, command)),
            CustomerCommand::Relationship(command) => self.relationship_did((id, command)),
            CustomerCommand::Request(command) => self.relationship_request_did((id, command)),
            CustomerCommand::Cart(command) => self.cart_did((id, command), now),
            CustomerCommand::Order(OrderCommand::Submit(command)) => self.ordered(id, command, now),
            CustomerCommand::Order(OrderCommand::Change(command)) => {
                self.order_changed(id, command, now);
            }
            CustomerCommand::Subscription(command) => self.subscription_did((id, command), now),
            CustomerCommand::SupportContact(SupportContactCommand::Change(it)) => {
                self.contact_changed(id, *it);
            }
            CustomerCommand::SupportContact(SupportContactCommand::FallBack(it)) => {
                self.fell_back(id, *it);
            }
            CustomerCommand::User(command) => self.user_did((id, command), now),
            CustomerCommand::License(LicenseCommand::Update(command)) => {
                self.licenses_updated(id, command);
            }
            CustomerCommand::DirectoryRole(DirectoryRoleCommand::Grant(it)) => {
                self.user_mut(id, it.user_id).roles.insert(it.role);
            }
            CustomerCommand::DirectoryRole(DirectoryRoleCommand::Revoke(it)) => {
                self.user_mut(id, it.user_id).roles.remove(&it.role);
            }
            CustomerCommand::SignIn(command) => self.customer_door_did((id, command), now),
            CustomerCommand::Device(command) => self.devices_did(id, command),
            CustomerCommand::Agreement(AgreementCommand::Confirm(it)) => {
                self.customer_mut(id).agreements.insert(it.agreement_id);
            }
        }
    }

    fn account_did(&mut self, (id, command): (CustomerId, &CustomerAccountCommand)) {
        match command {
            CustomerAccountCommand::Create(command) => self.created(id, command),
            CustomerAccountCommand::AddDomain(it) => {
                self.customer_mut(id).domains.push(it.domain.clone());
            }
            CustomerAccountCommand::Qualify(it) => {
                let kinds = &mut self.customer_mut(id).qualifications;
                kinds.retain(|known| *known != it.qualification);
                kinds.push(it.qualification);
            }
            // What it changes is personal or for people to read, and no rule asks for it.
            CustomerAccountCommand::EditDetails(_) => {}
        }
    }

    fn relationship_did(&mut self, (id, command): (CustomerId, &RelationshipCommand)) {
        match command {
            RelationshipCommand::End(it) => self.relationship_ended(id, it.partner_id),
            RelationshipCommand::AssociateReseller(it) => {
                self.customer_mut(id).resellers.insert((it.provider, it.reseller));
            }
            RelationshipCommand::RemoveReseller(it) => {
                let state = self.customer_mut(id);
                state.contacts_fall_back(it.provider, Some(it.reseller));
                state.resellers.remove(&(it.provider, it.reseller));
            }
            RelationshipCommand::EndDelegatedAdmin(it) => {
                let state = self.customer_mut(id);
                state.contacts_fall_back(it.partner_id, None);
                state.bonds.get_mut(&it.partner_id).unwrap().delegated_admin = false;
            }
            RelationshipCommand::PermitOwnPurchases(it) => {
                self.customer_mut(id).own_purchases.insert(it.partner_id);
            }
            RelationshipCommand::ForbidOwnPurchases(it) => {
                self.customer_mut(id).own_purchases.remove(&it.partner_id);
            }
        }
    }

    fn relationship_request_did(
        &mut self,
        (id, command): (CustomerId, &RelationshipRequestCommand),
    ) {
        match command {
            RelationshipRequestCommand::Request(command) => {
                self.relationship_requested(id, command);
            }
            RelationshipRequestCommand::SendLetter(it) => {
                *self.letter_of((id, it.invitation_id)) = Letter::UnderWay { failed: 0 };
            }
            RelationshipRequestCommand::RecordSending(it) => {
                let letter = self.letter_of((id, it.invitation_id));
                *letter = letter.tried(it.outcome);
            }
            RelationshipRequestCommand::Withdraw(it) => {
                self.request_is((id, it.invitation_id), "withdrawn");
            }
            RelationshipRequestCommand::Accept(it) => {
                let (invitation, customer) = (it.invitation_id, it.customer_id);
                self.answered(Answer { invitation, stream: id, customer, accepts: true });
            }
            RelationshipRequestCommand::Decline(it) => {
                let (invitation, customer) = (it.invitation_id, it.customer_id);
                self.answered(Answer { invitation, stream: id, customer, accepts: false });
            }
            RelationshipRequestCommand::Expire(it) => {
                self.request_is((id, it.invitation_id), "expired");
            }
            // What the first changes is personal, and the others are parts of a use case.
            RelationshipRequestCommand::EditDraft(_)
            | RelationshipRequestCommand::Enter(_)
            | RelationshipRequestCommand::SignUp(_) => {}
        }
    }

    fn cart_did(&mut self, (id, command): (CustomerId, &CartCommand), now: Timestamp) {
        match command {
            CartCommand::Open(command) => self.cart_opened(id, command, now),
            CartCommand::Change(it) => self.cart_changed((id, it.cart_id), &it.lines, now),
            CartCommand::Review(it) => self.cart_is((id, it.cart_id), Stage::Reviewed),
            CartCommand::CheckOut(command) => self.checked_out(id, command, now),
            CartCommand::Cancel(it) => self.cart_is((id, it.cart_id), Stage::Cancelled),
            CartCommand::Expire(it) => self.cart_is((id, it.cart_id), Stage::Expired),
        }
    }

    fn subscription_did(
        &mut self,
        (id, command): (CustomerId, &SubscriptionCommand),
        now: Timestamp,
    ) {
        match command {
            SubscriptionCommand::Change(it) => self.subscription_changed(id, it),
            SubscriptionCommand::Upgrade(it) => self.upgraded(id, *it),
            SubscriptionCommand::ChangeRenewal(it) => self.renewal_changed(id, *it, now),
            SubscriptionCommand::End(it) => {
                self.subscription_ended((id, it.subscription_id), now);
            }
            SubscriptionCommand::ConvertTrial(it) => self.trial_converted(id, *it, now),
            SubscriptionCommand::ChangeResellerOfRecord(it) => {
                let state = self.customer_mut(id);
                let held = state.subscriptions.get_mut(&it.subscription_id).unwrap();
                held.on_record.clone_from(&it.mpn_id);
            }
        }
    }

    fn user_did(&mut self, (id, command): (CustomerId, &CustomerUserCommand), now: Timestamp) {
        match command {
            CustomerUserCommand::Create(command) => self.users_created(id, command),
            CustomerUserCommand::Edit(command) => self.user_edited(id, command),
            CustomerUserCommand::ResetPassword(it) => {
                self.user_mut(id, it.user_id).door.reset(it.credential_id);
            }
            CustomerUserCommand::Delete(command) => self.users_deleted(id, command, now),
            CustomerUserCommand::Restore(command) => self.user_restored(id, command),
            CustomerUserCommand::Purge(it) => {
                self.user_mut(id, it.user_id).status = Status::Purged;
            }
        }
    }

    fn customer_door_did(
        &mut self,
        (id, command): (CustomerId, &CustomerSignInCommand),
        now: Timestamp,
    ) {
        let account = |user| Principal::CustomerUser { customer: id, user };
        match command {
            CustomerSignInCommand::SignOut(it) => {
                self.signed_out(account(it.user_id), it.session_id);
            }
            CustomerSignInCommand::ChangePassword(it) => {
                let how = (it.proof, it.chosen);
                self.own_password_changed(account(it.user_id), how, it.session_id, now);
            }
            CustomerSignInCommand::IssueToken(it) => {
                let door = &mut self.user_mut(id, it.user_id).door;
                door.tokens.insert(it.token_id, it.expires_at);
            }
            CustomerSignInCommand::RevokeToken(it) => {
                self.user_mut(id, it.user_id).door.tokens.remove(&it.token_id);
            }
            // It is a part of a use case.
            CustomerSignInCommand::SignIn(_) => {}
        }
    }
}
