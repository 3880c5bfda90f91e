//! Which rules does each command on a partner have to pass?

use commands::{
    PartnerAccountCommand, PartnerCommand, PartnerProfileCommand, PartnerRequestCommand,
    PartnerSignInCommand, PartnerUserCommand, RoleCommand,
};
use events::{PartnerId, PartnerUserId, Process, ProfileKind, Timestamp};
use services::application::Principal;

use super::{
    Plain, Reasons,
    partner_users::{Employee, purge},
    reach,
    who_may::Deed,
};

impl Plain {
    /// What speaks against a command on a partner.
    pub(super) fn asked_of_partner(
        &self,
        no: &mut Reasons,
        by: Principal,
        (partner, command): (PartnerId, &PartnerCommand),
        now: Timestamp,
    ) {
        match command {
            PartnerCommand::Account(PartnerAccountCommand::Register(command)) => {
                self.register(no, by, partner, command);
            }
            PartnerCommand::User(command) => {
                self.asked_of_employee(no, by, (partner, command), now);
            }
            PartnerCommand::Role(RoleCommand::Assign(command)) => {
                self.assign(no, by, partner, *command);
            }
            PartnerCommand::Role(RoleCommand::Revoke(command)) => {
                self.revoke(no, by, partner, *command);
            }
            PartnerCommand::SignIn(command) => {
                self.asked_of_employee_door(no, by, (partner, command), now);
            }
            // It happens in one commit with the request's end, and never alone.
            PartnerCommand::Request(PartnerRequestCommand::CarryOut(_)) => no.bar(&[
                "actor_not_allowed",
                "auditor_changes_nothing",
                "service_request_not_found",
                "partner_not_found",
            ]),
            PartnerCommand::Profile(PartnerProfileCommand::Edit(command)) => {
                let deed = match command.profile.kind() {
                    ProfileKind::Business => Deed::BusinessProfile,
                    ProfileKind::LegalBusiness
                    | ProfileKind::Organization
                    | ProfileKind::Support
                    | ProfileKind::Billing => Deed::OtherProfiles,
                };
                self.employee_of(no, by, partner, deed);
            }
            PartnerCommand::Application(command) => {
                self.on_application(no, by, (partner, command), now);
            }
            PartnerCommand::Network(command) => {
                self.on_network(no, by, (partner, command), now);
            }
            PartnerCommand::Webhook(command) => {
                self.on_webhook(no, by, (partner, command), now);
            }
        }
    }

    fn asked_of_employee(
        &self,
        no: &mut Reasons,
        by: Principal,
        (partner, command): (PartnerId, &PartnerUserCommand),
        now: Timestamp,
    ) {
        let own_or = |user| own_or(by, user);
        match command {
            PartnerUserCommand::Add(command) => {
                self.employee_of(no, by, partner, Deed::PartnerUsers);
                let user = &command.user;
                no.no_if(self.employee_at(partner, user.user_id).is_some(), "already_exists");
                let is_taken = self.has_sign_in_name(user.sign_in_name, user.user_id.into());
                no.no_if(is_taken, "sign_in_name_taken");
                self.initial_roles(no, by, &command.roles);
            }
            PartnerUserCommand::Edit(command) => {
                self.employee_of(no, by, partner, own_or(command.user_id));
                self.is_there(no, partner, command.user_id);
                let name = command.sign_in_name;
                no.no_if(self.has_sign_in_name(name, command.user_id.into()), "sign_in_name_taken");
            }
            PartnerUserCommand::ResetPassword(command) => {
                self.touches(no, by, partner, command.user_id);
            }
            PartnerUserCommand::Delete(command) => {
                self.touches(no, by, partner, command.user_id);
                no.no_if(self.is_last_admin(partner, command.user_id), "last_global_admin");
            }
            PartnerUserCommand::Restore(command) => self.restore(no, by, (partner, command), now),
            PartnerUserCommand::Purge(command) => {
                reach::process(no, by, Process::Purge);
                let employee = self.employee_at(partner, command.user_id);
                purge(no, employee.map(|it| it.status), "partner_user_not_found", now);
            }
        }
    }

    fn asked_of_employee_door(
        &self,
        no: &mut Reasons,
        by: Principal,
        (partner, command): (PartnerId, &PartnerSignInCommand),
        now: Timestamp,
    ) {
        let account = |user| Principal::PartnerUser { partner, user };
        let own_or = |user| own_or(by, user);
        match command {
            PartnerSignInCommand::IssueToken(command) => {
                let deed = own_or(command.user_id);
                self.employee_of(no, by, partner, deed);
                self.is_there(no, partner, command.user_id);
                if deed != Deed::OwnAccount {
                    self.may_touch(no, by, partner, command.user_id);
                }
                let users =
                    self.partners.get(&partner).into_iter().flat_map(|it| it.users.values());
                let mut tokens = users.flat_map(|it| it.door.tokens.keys());
                no.no_if(tokens.any(|id| *id == command.token_id), "already_exists");
                no.no_if(command.expires_at <= now, "expiry_in_the_past");
            }
            PartnerSignInCommand::RevokeToken(command) => {
                self.employee_of(no, by, partner, own_or(command.user_id));
                let employee = self.employee_at(partner, command.user_id);
                let has_it = |it: &Employee| it.door.tokens.contains_key(&command.token_id);
                no.no_if(!employee.is_some_and(has_it), "token_not_found");
            }
            // Signing in has a way of its own: nobody signs in who is somebody already.
            PartnerSignInCommand::SignIn(_) => no.bar(&[
                "actor_not_allowed",
                "auditor_changes_nothing",
                "sign_in_refused",
                "locked_out",
            ]),
            PartnerSignInCommand::SignOut(command) => {
                self.is_self(no, by, account(command.user_id));
            }
            PartnerSignInCommand::ChangePassword(command) => {
                let what = (account(command.user_id), command.proof, command.chosen);
                self.own_password(no, by, what, now);
            }
        }
    }
}

/// What everybody does about itself, and who manages users about others.
fn own_or(by: Principal, user: PartnerUserId) -> Deed {
    let is_own = matches!(by, Principal::PartnerUser { user: own, .. } if own == user);
    if is_own { Deed::OwnAccount } else { Deed::PartnerUsers }
}
