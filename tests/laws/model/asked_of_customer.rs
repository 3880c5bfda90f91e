//! Which rules does each command on a customer have to pass?

use commands::{
    AgreementCommand, CartCommand, CustomerAccountCommand, CustomerCommand, CustomerSignInCommand,
    CustomerUserCommand, DirectoryRoleCommand, LicenseCommand, OrderCommand, RelationshipCommand,
    RelationshipRequestCommand, SubscriptionCommand, SupportContactCommand,
};
use events::{CustomerId, Process, Timestamp};
use services::application::Principal;

use super::{
    Plain, Reasons,
    partner_users::purge,
    reach::{self, Way},
    relationships::Answer,
    who_may::Deed,
};

impl Plain {
    /// What speaks against a command on a customer.
    pub(super) fn asked_of_customer(
        &self,
        no: &mut Reasons,
        by: Principal,
        (id, command): (CustomerId, &CustomerCommand),
        now: Timestamp,
    ) {
        match command {
            CustomerCommand::Account(command) => self.asked_of_account(no, by, (id, command)),
            CustomerCommand::Relationship(command) => {
                self.asked_of_relationship(no, by, (id, command));
            }
            CustomerCommand::Request(command) => {
                self.asked_of_relationship_request(no, by, (id, command), now);
            }
            CustomerCommand::Cart(command) => self.asked_of_cart(no, by, (id, command), now),
            CustomerCommand::Order(OrderCommand::Submit(command)) => {
                self.order(no, by, (id, command));
            }
            CustomerCommand::Order(OrderCommand::Change(command)) => {
                self.change_order(no, by, (id, command));
            }
            CustomerCommand::Subscription(command) => {
                self.asked_of_subscription(no, by, (id, command));
            }
            CustomerCommand::SupportContact(SupportContactCommand::Change(command)) => {
                self.change_contact(no, by, (id, *command));
            }
            CustomerCommand::SupportContact(SupportContactCommand::FallBack(_)) => {
                Self::fall_back(no, by);
            }
            CustomerCommand::User(command) => self.asked_of_user(no, by, (id, command), now),
            CustomerCommand::License(LicenseCommand::Update(command)) => {
                self.update_licenses(no, by, (id, command));
            }
            CustomerCommand::DirectoryRole(DirectoryRoleCommand::Grant(command)) => {
                self.grant(no, by, (id, *command));
            }
            CustomerCommand::DirectoryRole(DirectoryRoleCommand::Revoke(command)) => {
                self.withdraw(no, by, (id, *command));
            }
            CustomerCommand::SignIn(command) => {
                self.asked_of_customer_door(no, by, (id, command), now);
            }
            CustomerCommand::Device(command) => self.on_devices(no, by, (id, command)),
            CustomerCommand::Agreement(AgreementCommand::Confirm(it)) => {
                self.on_customer(no, by, id, (Deed::Sell, Way::Holder(it.partner_id)));
                no.no_if(it.agreed_at > now, "agreed_ahead");
            }
        }
    }

    fn asked_of_account(
        &self,
        no: &mut Reasons,
        by: Principal,
        (id, command): (CustomerId, &CustomerAccountCommand),
    ) {
        match command {
            CustomerAccountCommand::Create(command) => self.create(no, by, (id, command)),
            CustomerAccountCommand::EditDetails(_) | CustomerAccountCommand::Qualify(_) => {
                self.on_customer(no, by, id, (Deed::EditCustomers, Way::Any));
            }
            CustomerAccountCommand::AddDomain(it) => self.add_domain(no, by, (id, &it.domain)),
        }
    }

    fn asked_of_relationship(
        &self,
        no: &mut Reasons,
        by: Principal,
        (id, command): (CustomerId, &RelationshipCommand),
    ) {
        match command {
            RelationshipCommand::End(command) => {
                self.end_relationship(no, by, (id, command.partner_id));
            }
            RelationshipCommand::AssociateReseller(it) => {
                self.associate(no, by, (id, it.provider, it.reseller));
            }
            RelationshipCommand::RemoveReseller(it) => {
                self.remove_reseller(no, by, (id, it.provider, it.reseller));
            }
            RelationshipCommand::EndDelegatedAdmin(it) => {
                self.end_delegated_admin(no, by, (id, it.partner_id));
            }
            RelationshipCommand::PermitOwnPurchases(it) => {
                self.own_purchases(no, by, (id, it.partner_id), true);
            }
            RelationshipCommand::ForbidOwnPurchases(it) => {
                self.own_purchases(no, by, (id, it.partner_id), false);
            }
        }
    }

    fn asked_of_relationship_request(
        &self,
        no: &mut Reasons,
        by: Principal,
        (id, command): (CustomerId, &RelationshipRequestCommand),
        now: Timestamp,
    ) {
        match command {
            RelationshipRequestCommand::Request(command) => {
                self.request_relationship(no, by, (id, command), now);
            }
            RelationshipRequestCommand::EditDraft(it) => {
                let what = (id, it.invitation_id, it.partner_id);
                self.edit_request(no, by, what, (&it.draft, now));
            }
            RelationshipRequestCommand::SendLetter(command) => {
                self.send_request(no, by, (id, *command), now);
            }
            RelationshipRequestCommand::RecordSending(it) => {
                self.request_sending(no, by, (id, it.invitation_id));
            }
            RelationshipRequestCommand::Withdraw(it) => {
                self.withdraw_request(no, by, (id, it.invitation_id, it.partner_id));
            }
            RelationshipRequestCommand::Accept(it) => {
                let (invitation, customer) = (it.invitation_id, it.customer_id);
                let answer = Answer { invitation, stream: id, customer, accepts: true };
                self.answer_relationship(no, by, answer, now);
            }
            RelationshipRequestCommand::Decline(it) => {
                let (invitation, customer) = (it.invitation_id, it.customer_id);
                let answer = Answer { invitation, stream: id, customer, accepts: false };
                self.answer_relationship(no, by, answer, now);
            }
            RelationshipRequestCommand::Expire(it) => {
                self.expire_request(no, by, (id, it.invitation_id), now);
            }
            // It has a way of its own, for who is nobody yet.
            RelationshipRequestCommand::SignUp(_) => no.bar(&[
                "actor_not_allowed",
                "auditor_changes_nothing",
                "sign_in_refused",
                "locked_out",
            ]),
            RelationshipRequestCommand::Enter(_) => {
                unreachable!("nobody enters without a request")
            }
        }
    }

    fn asked_of_cart(
        &self,
        no: &mut Reasons,
        by: Principal,
        (id, command): (CustomerId, &CartCommand),
        now: Timestamp,
    ) {
        match command {
            CartCommand::Open(command) => self.open_cart(no, by, (id, command)),
            CartCommand::Change(it) => {
                self.working_cart(no, by, (id, it.cart_id), now);
                self.lines_of_cart(no, (id, it.cart_id), Some(&it.lines));
            }
            CartCommand::Review(it) => {
                self.working_cart(no, by, (id, it.cart_id), now);
                self.lines_of_cart(no, (id, it.cart_id), None);
            }
            CartCommand::CheckOut(it) => {
                self.working_cart(no, by, (id, it.cart_id), now);
                self.seen_cart(no, (id, it.cart_id), it.seen);
                self.lines_of_cart(no, (id, it.cart_id), None);
            }
            CartCommand::Cancel(it) => self.working_cart(no, by, (id, it.cart_id), now),
            CartCommand::Expire(it) => self.expire_cart(no, by, (id, it.cart_id), now),
        }
    }

    fn asked_of_subscription(
        &self,
        no: &mut Reasons,
        by: Principal,
        (id, command): (CustomerId, &SubscriptionCommand),
    ) {
        match command {
            SubscriptionCommand::Change(command) => {
                self.change_subscription(no, by, (id, command));
            }
            SubscriptionCommand::ChangeRenewal(it) => self.change_renewal(no, by, (id, *it)),
            SubscriptionCommand::End(it) => {
                self.end_subscription(no, by, (id, it.subscription_id));
            }
            SubscriptionCommand::Upgrade(command) => self.upgrade(no, by, (id, *command)),
            SubscriptionCommand::ConvertTrial(command) => {
                self.convert_trial(no, by, (id, *command));
            }
            SubscriptionCommand::ChangeResellerOfRecord(command) => {
                self.change_record(no, by, (id, command));
            }
        }
    }

    fn asked_of_user(
        &self,
        no: &mut Reasons,
        by: Principal,
        (id, command): (CustomerId, &CustomerUserCommand),
        now: Timestamp,
    ) {
        match command {
            CustomerUserCommand::Create(command) => self.create_users(no, by, (id, command)),
            CustomerUserCommand::Edit(command) => self.edit_user(no, by, (id, command)),
            CustomerUserCommand::ResetPassword(it) => {
                self.administering(no, by, id);
                self.user_is_there(no, id, it.user_id);
            }
            CustomerUserCommand::Delete(command) => self.delete_users(no, by, (id, command)),
            CustomerUserCommand::Restore(command) => self.restore_user(no, by, (id, command), now),
            CustomerUserCommand::Purge(it) => {
                reach::process(no, by, Process::Purge);
                let status = self.user(id, it.user_id).map(|user| user.status);
                purge(no, status, "customer_user_not_found", now);
            }
        }
    }

    fn asked_of_customer_door(
        &self,
        no: &mut Reasons,
        by: Principal,
        (id, command): (CustomerId, &CustomerSignInCommand),
        now: Timestamp,
    ) {
        let account = |user| Principal::CustomerUser { customer: id, user };
        match command {
            CustomerSignInCommand::SignOut(it) => self.is_self(no, by, account(it.user_id)),
            CustomerSignInCommand::ChangePassword(it) => {
                self.own_password(no, by, (account(it.user_id), it.proof, it.chosen), now);
            }
            CustomerSignInCommand::IssueToken(it) => {
                self.own_token(no, by, account(it.user_id));
                self.user_is_there(no, id, it.user_id);
                let user = self.user(id, it.user_id);
                let is_known = user.is_some_and(|user| user.door.tokens.contains_key(&it.token_id));
                no.no_if(is_known, "already_exists");
                no.no_if(it.expires_at <= now, "expiry_in_the_past");
            }
            CustomerSignInCommand::RevokeToken(it) => {
                self.own_token(no, by, account(it.user_id));
                self.user_is_there(no, id, it.user_id);
                let user = self.user(id, it.user_id);
                let is_known = user.is_some_and(|user| user.door.tokens.contains_key(&it.token_id));
                no.no_if(!is_known, "token_not_found");
            }
            // It has a way of its own, for who is nobody yet.
            CustomerSignInCommand::SignIn(_) => no.bar(&[
                "actor_not_allowed",
                "auditor_changes_nothing",
                "sign_in_refused",
                "locked_out",
            ]),
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
}
