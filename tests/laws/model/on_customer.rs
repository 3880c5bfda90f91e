//! Which rules each command on a customer has to pass, and what it leads to.

use commands::CustomerCommand;
use events::{CustomerId, Process, Timestamp};
use services::application::Principal;

use super::{
    Plain, Reasons, Status,
    carts::Stage,
    letters::Letter,
    partner_users::purge,
    reach::{self, Way},
    relationships::{Answer, is_a_part},
    who_may::Deed,
};

impl Plain {
    /// What speaks against a command on a customer.
    #[expect(clippy::too_many_lines, reason = "a table: a few lines a command")]
    pub(super) fn asked_of_customer(
        &self,
        no: &mut Reasons,
        by: Principal,
        (id, command): (CustomerId, &CustomerCommand),
        now: Timestamp,
    ) {
        let account = |user| Principal::CustomerUser { customer: id, user };
        match command {
            CustomerCommand::Create(command) => self.create(no, by, (id, command)),
            CustomerCommand::EditDetails(_) | CustomerCommand::Qualify(_) => {
                self.on_customer(no, by, id, (Deed::EditCustomers, Way::Any));
            }
            CustomerCommand::AddDomain(it) => self.add_domain(no, by, (id, &it.domain)),
            CustomerCommand::EndRelationship(command) => {
                self.end_relationship(no, by, (id, command.partner_id));
            }
            CustomerCommand::AssociateReseller(it) => {
                self.associate(no, by, (id, it.provider, it.reseller));
            }
            CustomerCommand::RemoveReseller(it) => {
                self.remove_reseller(no, by, (id, it.provider, it.reseller));
            }
            CustomerCommand::RequestRelationship(command) => {
                self.request_relationship(no, by, (id, command), now);
            }
            CustomerCommand::EditRelationshipDraft(it) => {
                let what = (id, it.invitation_id, it.partner_id);
                self.edit_request(no, by, what, (&it.draft, now));
            }
            CustomerCommand::SendRequestLetter(command) => {
                self.send_request(no, by, (id, *command), now);
            }
            CustomerCommand::RecordRequestSending(it) => {
                self.request_sending(no, by, (id, it.invitation_id));
            }
            CustomerCommand::WithdrawRequest(it) => {
                self.withdraw_request(no, by, (id, it.invitation_id, it.partner_id));
            }
            CustomerCommand::AcceptRequest(it) => {
                let (invitation, customer) = (it.invitation_id, it.customer_id);
                let answer = Answer { invitation, stream: id, customer, accepts: true };
                self.answer_relationship(no, by, answer, now);
            }
            CustomerCommand::DeclineRequest(it) => {
                let (invitation, customer) = (it.invitation_id, it.customer_id);
                let answer = Answer { invitation, stream: id, customer, accepts: false };
                self.answer_relationship(no, by, answer, now);
            }
            CustomerCommand::ExpireRequest(it) => {
                self.expire_request(no, by, (id, it.invitation_id), now);
            }
            CustomerCommand::EndDelegatedAdmin(it) => {
                self.end_delegated_admin(no, by, (id, it.partner_id));
            }
            CustomerCommand::PermitOwnPurchases(it) => {
                self.own_purchases(no, by, (id, it.partner_id), true);
            }
            CustomerCommand::ForbidOwnPurchases(it) => {
                self.own_purchases(no, by, (id, it.partner_id), false);
            }
            CustomerCommand::SubmitOrder(command) => self.order(no, by, (id, command)),
            CustomerCommand::ChangeOrder(command) => self.change_order(no, by, (id, command)),
            CustomerCommand::ChangeSubscription(command) => {
                self.change_subscription(no, by, (id, command));
            }
            CustomerCommand::ChangeRenewal(it) => self.change_renewal(no, by, (id, *it)),
            CustomerCommand::EndSubscription(it) => {
                self.end_subscription(no, by, (id, it.subscription_id));
            }
            CustomerCommand::UpgradeSubscription(command) => self.upgrade(no, by, (id, *command)),
            CustomerCommand::ConvertTrial(command) => self.convert_trial(no, by, (id, *command)),
            CustomerCommand::OpenCart(command) => self.open_cart(no, by, (id, command)),
            CustomerCommand::ChangeCart(it) => {
                self.working_cart(no, by, (id, it.cart_id), now);
                self.lines_of_cart(no, (id, it.cart_id), Some(&it.lines));
            }
            CustomerCommand::ReviewCart(it) => {
                self.working_cart(no, by, (id, it.cart_id), now);
                self.lines_of_cart(no, (id, it.cart_id), None);
            }
            CustomerCommand::CheckOutCart(it) => {
                self.working_cart(no, by, (id, it.cart_id), now);
                self.lines_of_cart(no, (id, it.cart_id), None);
            }
            CustomerCommand::CancelCart(it) => self.working_cart(no, by, (id, it.cart_id), now),
            CustomerCommand::ExpireCart(it) => self.expire_cart(no, by, (id, it.cart_id), now),
            CustomerCommand::ChangeResellerOfRecord(command) => {
                self.change_record(no, by, (id, command));
            }
            CustomerCommand::ChangeSupportContact(command) => {
                self.change_contact(no, by, (id, *command));
            }
            CustomerCommand::FallBackSupportContacts(_) => Self::fall_back(no, by),
            CustomerCommand::CreateUsers(command) => self.create_users(no, by, (id, command)),
            CustomerCommand::EditUser(command) => self.edit_user(no, by, (id, command)),
            CustomerCommand::ResetPassword(it) => {
                self.administering(no, by, id);
                self.user_is_there(no, id, it.user_id);
            }
            CustomerCommand::DeleteUsers(command) => self.delete_users(no, by, (id, command)),
            CustomerCommand::RestoreUser(command) => self.restore_user(no, by, (id, command), now),
            CustomerCommand::PurgeUser(it) => {
                reach::process(no, by, Process::Purge);
                let status = self.user(id, it.user_id).map(|user| user.status);
                purge(no, status, "customer_user_not_found", now);
            }
            CustomerCommand::UpdateLicenses(command) => {
                self.update_licenses(no, by, (id, command));
            }
            CustomerCommand::Devices(command) => self.on_devices(no, by, (id, command)),
            CustomerCommand::ConfirmAgreement(it) => {
                self.on_customer(no, by, id, (Deed::Sell, Way::Holder(it.partner_id)));
                no.no_if(it.agreed_at > now, "agreed_ahead");
            }
            CustomerCommand::GrantDirectoryRole(command) => self.grant(no, by, (id, *command)),
            CustomerCommand::RevokeDirectoryRole(command) => self.withdraw(no, by, (id, *command)),
            CustomerCommand::SignOut(it) => self.is_self(no, by, account(it.user_id)),
            CustomerCommand::ChangePassword(it) => {
                self.own_password(no, by, (account(it.user_id), it.proof, it.chosen), now);
            }
            CustomerCommand::IssueToken(it) => {
                self.own_token(no, by, account(it.user_id));
                self.user_is_there(no, id, it.user_id);
                let user = self.user(id, it.user_id);
                let is_known = user.is_some_and(|it2| it2.door.tokens.contains_key(&it.token_id));
                no.no_if(is_known, "already_exists");
                no.no_if(it.expires_at <= now, "expiry_in_the_past");
            }
            CustomerCommand::RevokeToken(it) => {
                self.own_token(no, by, account(it.user_id));
                self.user_is_there(no, id, it.user_id);
                let user = self.user(id, it.user_id);
                let is_known = user.is_some_and(|it2| it2.door.tokens.contains_key(&it.token_id));
                no.no_if(!is_known, "token_not_found");
            }
            // Both have a way of their own, for who is nobody yet.
            CustomerCommand::SignUp(_) | CustomerCommand::SignIn(_) => no.bar(&[
                "actor_not_allowed",
                "auditor_changes_nothing",
                "sign_in_refused",
                "locked_out",
            ]),
            CustomerCommand::EnterRelationship(_) => {
                unreachable!("nobody enters without a request")
            }
        }
    }

    /// A token acts as its user: the user makes it, or who runs the installation.
    fn own_token(&self, no: &mut Reasons, by: Principal, account: Principal) {
        if let Principal::CustomerUser { customer, .. } = account {
            let state = self.customers.get(&customer);
            let known = state.is_some_and(|state| state.account.is_some());
            no.no_if(!known, "customer_not_found");
        }
        if by != Principal::Operator {
            self.is_self(no, by, account);
            if by != account {
                no.bar(&["customer_user_not_found", "user_is_deleted", "customer_not_found"]);
            }
        }
    }

    /// Takes in that a command on a customer was accepted.
    #[expect(clippy::too_many_lines, reason = "a table: a few lines a command")]
    pub(super) fn customer_did(
        &mut self,
        (id, command): (CustomerId, &CustomerCommand),
        now: Timestamp,
    ) {
        assert!(!is_a_part(command), "{command:?} is a part of a use case");
        let account = |user| Principal::CustomerUser { customer: id, user };
        match command {
            CustomerCommand::Create(command) => self.created(id, command),
            CustomerCommand::AddDomain(it) => self.customer_mut(id).domains.push(it.domain.clone()),
            CustomerCommand::Qualify(it) => {
                let kinds = &mut self.customer_mut(id).qualifications;
                kinds.retain(|known| *known != it.qualification);
                kinds.push(it.qualification);
            }
            CustomerCommand::EndRelationship(it) => self.relationship_ended(id, it.partner_id),
            CustomerCommand::AssociateReseller(it) => {
                self.customer_mut(id).resellers.insert((it.provider, it.reseller));
            }
            CustomerCommand::RemoveReseller(it) => {
                let state = self.customer_mut(id);
                state.contacts_fall_back(it.provider, Some(it.reseller));
                state.resellers.remove(&(it.provider, it.reseller));
            }
            CustomerCommand::RequestRelationship(command) => {
                self.relationship_requested(id, command);
            }
            CustomerCommand::SendRequestLetter(it) => {
                *self.letter_of((id, it.invitation_id)) = Letter::UnderWay { failed: 0 };
            }
            CustomerCommand::RecordRequestSending(it) => {
                let letter = self.letter_of((id, it.invitation_id));
                *letter = letter.tried(it.outcome);
            }
            CustomerCommand::WithdrawRequest(it) => {
                self.request_is((id, it.invitation_id), "withdrawn");
            }
            CustomerCommand::AcceptRequest(it) => {
                let (invitation, customer) = (it.invitation_id, it.customer_id);
                self.answered(Answer { invitation, stream: id, customer, accepts: true });
            }
            CustomerCommand::DeclineRequest(it) => {
                let (invitation, customer) = (it.invitation_id, it.customer_id);
                self.answered(Answer { invitation, stream: id, customer, accepts: false });
            }
            CustomerCommand::ExpireRequest(it) => {
                self.request_is((id, it.invitation_id), "expired");
            }
            CustomerCommand::EndDelegatedAdmin(it) => {
                let state = self.customer_mut(id);
                state.contacts_fall_back(it.partner_id, None);
                state.bonds.get_mut(&it.partner_id).unwrap().delegated_admin = false;
            }
            CustomerCommand::PermitOwnPurchases(it) => {
                self.customer_mut(id).own_purchases.insert(it.partner_id);
            }
            CustomerCommand::ForbidOwnPurchases(it) => {
                self.customer_mut(id).own_purchases.remove(&it.partner_id);
            }
            CustomerCommand::SubmitOrder(command) => self.ordered(id, command, now),
            CustomerCommand::ChangeOrder(command) => self.order_changed(id, command, now),
            CustomerCommand::ChangeSubscription(it) => self.subscription_changed(id, it),
            CustomerCommand::UpgradeSubscription(it) => self.upgraded(id, *it),
            CustomerCommand::ChangeRenewal(it) => self.renewal_changed(id, *it, now),
            CustomerCommand::EndSubscription(it) => {
                self.subscription_ended((id, it.subscription_id), now);
            }
            CustomerCommand::ConvertTrial(it) => self.trial_converted(id, *it, now),
            CustomerCommand::OpenCart(command) => self.cart_opened(id, command, now),
            CustomerCommand::ChangeCart(it) => self.cart_changed((id, it.cart_id), &it.lines, now),
            CustomerCommand::ReviewCart(it) => self.cart_is((id, it.cart_id), Stage::Reviewed),
            CustomerCommand::CheckOutCart(command) => self.checked_out(id, command, now),
            CustomerCommand::CancelCart(it) => self.cart_is((id, it.cart_id), Stage::Cancelled),
            CustomerCommand::ExpireCart(it) => self.cart_is((id, it.cart_id), Stage::Expired),
            CustomerCommand::ChangeResellerOfRecord(it) => {
                let state = self.customer_mut(id);
                let held = state.subscriptions.get_mut(&it.subscription_id).unwrap();
                held.on_record.clone_from(&it.mpn_id);
            }
            CustomerCommand::ChangeSupportContact(it) => self.contact_changed(id, *it),
            CustomerCommand::FallBackSupportContacts(it) => self.fell_back(id, *it),
            CustomerCommand::CreateUsers(command) => self.users_created(id, command),
            CustomerCommand::EditUser(command) => self.user_edited(id, command),
            CustomerCommand::ResetPassword(it) => {
                self.user_mut(id, it.user_id).door.reset(it.credential_id);
            }
            CustomerCommand::DeleteUsers(command) => self.users_deleted(id, command, now),
            CustomerCommand::RestoreUser(command) => self.user_restored(id, command),
            CustomerCommand::PurgeUser(it) => {
                self.user_mut(id, it.user_id).status = Status::Purged;
            }
            CustomerCommand::UpdateLicenses(command) => self.licenses_updated(id, command),
            CustomerCommand::Devices(command) => self.devices_did(id, command),
            CustomerCommand::ConfirmAgreement(it) => {
                self.customer_mut(id).agreements.insert(it.agreement_id);
            }
            CustomerCommand::GrantDirectoryRole(it) => {
                self.user_mut(id, it.user_id).roles.insert(it.role);
            }
            CustomerCommand::RevokeDirectoryRole(it) => {
                self.user_mut(id, it.user_id).roles.remove(&it.role);
            }
            CustomerCommand::SignOut(it) => self.signed_out(account(it.user_id), it.session_id),
            CustomerCommand::ChangePassword(it) => {
                let how = (it.proof, it.chosen);
                self.own_password_changed(account(it.user_id), how, it.session_id, now);
            }
            CustomerCommand::IssueToken(it) => {
                let door = &mut self.user_mut(id, it.user_id).door;
                door.tokens.insert(it.token_id, it.expires_at);
            }
            CustomerCommand::RevokeToken(it) => {
                self.user_mut(id, it.user_id).door.tokens.remove(&it.token_id);
            }
            // What they change is personal or for people to read, and no rule asks for it.
            CustomerCommand::EditDetails(_)
            | CustomerCommand::EditRelationshipDraft(_)
            | CustomerCommand::EnterRelationship(_)
            | CustomerCommand::SignUp(_)
            | CustomerCommand::SignIn(_) => {}
        }
    }
}
