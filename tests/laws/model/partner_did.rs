//! What does each command on a partner lead to?

use commands::{
    PartnerAccountCommand, PartnerCommand, PartnerProfileCommand, PartnerRequestCommand,
    PartnerSignInCommand, PartnerUserCommand, RoleCommand,
};
use events::{PartnerId, Role, RoleCategory, Timestamp};
use services::application::Principal;

use super::{
    Plain, Status,
    partner_users::{Employee, expired},
};

impl Plain {
    /// Takes in that a command on a partner was accepted.
    pub(super) fn partner_did(
        &mut self,
        by: Principal,
        (partner, command): (PartnerId, &PartnerCommand),
        now: Timestamp,
    ) {
        match command {
            PartnerCommand::Account(PartnerAccountCommand::Register(command)) => {
                self.registered(command);
            }
            PartnerCommand::User(command) => self.employee_did(by, (partner, command), now),
            PartnerCommand::Role(RoleCommand::Assign(command)) => {
                let roles = &mut self.employee_mut(partner, command.user_id).roles;
                roles.insert(command.role.category(), command.role);
            }
            PartnerCommand::Role(RoleCommand::Revoke(command)) => {
                let roles = &mut self.employee_mut(partner, command.user_id).roles;
                roles.remove(&command.role.category());
            }
            PartnerCommand::SignIn(command) => self.employee_door_did((partner, command), now),
            PartnerCommand::Request(PartnerRequestCommand::CarryOut(_)) => {
                unreachable!("it is never accepted alone")
            }
            PartnerCommand::Profile(PartnerProfileCommand::Edit(command)) => {
                self.company(partner).profiles.insert(command.profile.kind());
            }
            PartnerCommand::Application(command) => self.application_did(partner, command, now),
            PartnerCommand::Network(command) => self.network_did(partner, command),
            PartnerCommand::Webhook(command) => self.webhook_did(partner, command, now),
        }
    }

    fn employee_did(
        &mut self,
        by: Principal,
        (partner, command): (PartnerId, &PartnerUserCommand),
        now: Timestamp,
    ) {
        let covers_admins = self.covers_admins(by);
        match command {
            PartnerUserCommand::Add(command) => {
                let default = (!command.withhold_default_access).then_some(Role::DefaultAccess);
                let roles = default.into_iter().chain(command.roles.iter().copied());
                let employee = Employee::new(&command.user, roles);
                self.company(partner).users.insert(command.user.user_id, employee);
            }
            PartnerUserCommand::Edit(command) => {
                self.employee_mut(partner, command.user_id).name = command.sign_in_name;
            }
            PartnerUserCommand::ResetPassword(command) => {
                let employee = self.employee_mut(partner, command.user_id);
                let over = expired(&employee.door, now);
                employee.door.reset(command.credential_id);
                employee.door.tokens = over;
            }
            PartnerUserCommand::Delete(command) => {
                let employee = self.employee_mut(partner, command.user_id);
                employee.status = Status::deleted(now);
                let over = expired(&employee.door, now);
                employee.door.close();
                employee.door.tokens = over;
            }
            PartnerUserCommand::Restore(command) => {
                let employee = self.employee_mut(partner, command.user_id);
                employee.status = Status::Active;
                if let Some(renamed) = &command.renamed {
                    employee.name = renamed.sign_in_name;
                }
                if !covers_admins {
                    employee.roles.remove(&RoleCategory::Admin);
                }
            }
            PartnerUserCommand::Purge(command) => {
                let employee = self.employee_mut(partner, command.user_id);
                employee.status = Status::Purged;
                employee.door.tokens.clear();
            }
        }
    }

    fn employee_door_did(
        &mut self,
        (partner, command): (PartnerId, &PartnerSignInCommand),
        now: Timestamp,
    ) {
        let account = |user| Principal::PartnerUser { partner, user };
        match command {
            PartnerSignInCommand::IssueToken(command) => {
                let door = &mut self.employee_mut(partner, command.user_id).door;
                door.tokens.insert(command.token_id, command.expires_at);
            }
            PartnerSignInCommand::RevokeToken(command) => {
                let door = &mut self.employee_mut(partner, command.user_id).door;
                door.tokens.remove(&command.token_id);
            }
            PartnerSignInCommand::SignOut(command) => {
                self.signed_out(account(command.user_id), command.session_id);
            }
            PartnerSignInCommand::ChangePassword(command) => {
                let (how, session) = ((command.proof, command.chosen), command.session_id);
                self.own_password_changed(account(command.user_id), how, session, now);
            }
            PartnerSignInCommand::SignIn(_) => {
                unreachable!("it is never accepted alone")
            }
        }
    }
}
