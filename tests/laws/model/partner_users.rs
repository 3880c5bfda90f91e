//! A partner, its users and their tokens.

use std::collections::{BTreeMap, BTreeSet};

use commands::{NewPartnerUser, PartnerCommand, RegisterPartner, RestorePartnerUser};
use events::{
    ApplicationId, MpnId, NameHash, PartnerId, PartnerKind, PartnerUserId, Process, ProfileKind,
    PublicProfile, Role, RoleCategory, Timestamp, TokenId,
};
use projections::ReadModel;
use proptest::{prop_assert, prop_assert_eq, test_runner::TestCaseError};
use services::application::Principal;

use super::{
    Plain, Reasons, Status, applications::Client, network::Network, reach, sign_in::Door,
    webhooks::Hook, who_may::Deed,
};

/// A partner.
#[derive(Clone, Debug)]
pub(crate) struct Partner {
    pub(crate) kind: PartnerKind,
    pub(crate) mpn_id: MpnId,
    pub(crate) users: BTreeMap<PartnerUserId, Employee>,
    pub(crate) applications: BTreeMap<ApplicationId, Client>,
    pub(crate) network: Network,
    pub(crate) webhook: Option<Hook>,
    pub(super) profiles: BTreeSet<ProfileKind>,
    pub(super) public_profile: Option<PublicProfile>,
}

/// A user of a partner.
#[derive(Clone, Debug)]
pub(crate) struct Employee {
    pub(crate) status: Status,
    pub(super) name: NameHash,
    pub(crate) roles: BTreeMap<RoleCategory, Role>,
    pub(crate) door: Door,
}

impl Employee {
    fn new(user: &NewPartnerUser, roles: impl IntoIterator<Item = Role>) -> Self {
        Self {
            status: Status::Active,
            name: user.sign_in_name,
            roles: roles.into_iter().map(|role| (role.category(), role)).collect(),
            door: Door::new(user.credential_id),
        }
    }

    pub(crate) fn is_global_admin(&self) -> bool {
        self.roles.get(&RoleCategory::Admin) == Some(&Role::GlobalAdmin)
    }
}

/// What speaks against commands.
impl Plain {
    #[expect(clippy::too_many_lines, reason = "a table: a few lines a command")]
    pub(super) fn on_partner(
        &self,
        no: &mut Reasons,
        by: Principal,
        (partner, command): (PartnerId, &PartnerCommand),
        now: Timestamp,
    ) {
        let own_or = |user: PartnerUserId| {
            let is_own = matches!(by, Principal::PartnerUser { user: own, .. } if own == user);
            if is_own { Deed::OwnAccount } else { Deed::PartnerUsers }
        };
        let account = |user| Principal::PartnerUser { partner, user };
        match command {
            PartnerCommand::Register(command) => self.register(no, by, partner, command),
            PartnerCommand::AddUser(command) => {
                self.employee_of(no, by, partner, Deed::PartnerUsers);
                let user = &command.user;
                no.no_if(self.employee_at(partner, user.user_id).is_some(), "already_exists");
                let is_taken = self.has_sign_in_name(user.sign_in_name, user.user_id.into());
                no.no_if(is_taken, "sign_in_name_taken");
                self.initial_roles(no, by, &command.roles);
            }
            PartnerCommand::EditUser(command) => {
                self.employee_of(no, by, partner, own_or(command.user_id));
                self.is_there(no, partner, command.user_id);
                let name = command.sign_in_name;
                no.no_if(self.has_sign_in_name(name, command.user_id.into()), "sign_in_name_taken");
            }
            PartnerCommand::ResetPassword(command) => {
                self.touches(no, by, partner, command.user_id);
            }
            PartnerCommand::DeleteUser(command) => {
                self.touches(no, by, partner, command.user_id);
                no.no_if(self.is_last_admin(partner, command.user_id), "last_global_admin");
            }
            PartnerCommand::RestoreUser(command) => self.restore(no, by, (partner, command), now),
            PartnerCommand::PurgeUser(command) => {
                reach::process(no, by, Process::Purge);
                let employee = self.employee_at(partner, command.user_id);
                purge(no, employee.map(|it| it.status), "partner_user_not_found", now);
            }
            PartnerCommand::AssignRole(command) => self.assign(no, by, partner, *command),
            PartnerCommand::RevokeRole(command) => self.revoke(no, by, partner, *command),
            PartnerCommand::IssueToken(command) => {
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
            PartnerCommand::RevokeToken(command) => {
                self.employee_of(no, by, partner, own_or(command.user_id));
                let employee = self.employee_at(partner, command.user_id);
                let has_it = |it: &Employee| it.door.tokens.contains_key(&command.token_id);
                no.no_if(!employee.is_some_and(has_it), "token_not_found");
            }
            // It happens in one commit with the request's end, and never alone.
            PartnerCommand::CarryOut(_) => no.bar(&[
                "actor_not_allowed",
                "auditor_changes_nothing",
                "service_request_not_found",
                "partner_not_found",
            ]),
            PartnerCommand::EditProfile(command) => {
                let deed = match command.profile.kind() {
                    ProfileKind::Business => Deed::BusinessProfile,
                    ProfileKind::LegalBusiness
                    | ProfileKind::Organization
                    | ProfileKind::Support
                    | ProfileKind::Billing => Deed::OtherProfiles,
                };
                self.employee_of(no, by, partner, deed);
            }
            // Signing in has a way of its own: nobody signs in who is somebody already.
            PartnerCommand::SignIn(_) => no.bar(&[
                "actor_not_allowed",
                "auditor_changes_nothing",
                "sign_in_refused",
                "locked_out",
            ]),
            PartnerCommand::SignOut(command) => {
                self.is_self(no, by, account(command.user_id));
            }
            PartnerCommand::ChangePassword(command) => {
                let what = (account(command.user_id), command.proof, command.chosen);
                self.own_password(no, by, what, now);
            }
            PartnerCommand::Webhook(command) => {
                self.on_webhook(no, by, (partner, command), now);
            }
            PartnerCommand::Network(command) => {
                self.on_network(no, by, (partner, command), now);
            }
            PartnerCommand::RegisterApplication(_)
            | PartnerCommand::AddApplicationSecret(_)
            | PartnerCommand::RemoveApplicationSecret(_)
            | PartnerCommand::RevokeApplication(_)
            | PartnerCommand::SignInApplication(_)
            | PartnerCommand::BeginApplicationGrant(_)
            | PartnerCommand::RenewApplicationGrant(_) => {
                self.on_application(no, by, (partner, command), now);
            }
        }
    }

    fn register(
        &self,
        no: &mut Reasons,
        by: Principal,
        partner: PartnerId,
        command: &RegisterPartner,
    ) {
        reach::operator(no, by);
        no.no_if(self.partners.contains_key(&partner), "already_exists");
        let mut others = self.partners.values();
        no.no_if(others.any(|it| it.mpn_id == command.mpn_id), "mpn_id_taken");
        let admin = &command.admin;
        let is_taken = self.has_sign_in_name(admin.sign_in_name, admin.user_id.into());
        no.no_if(is_taken, "sign_in_name_taken");
    }

    fn restore(
        &self,
        no: &mut Reasons,
        by: Principal,
        (partner, command): (PartnerId, &RestorePartnerUser),
        now: Timestamp,
    ) {
        self.employee_of(no, by, partner, Deed::PartnerUsers);
        let Some(employee) = self.employee_at(partner, command.user_id) else {
            return no.no("partner_user_not_found");
        };
        restorable(no, employee.status, "partner_user_not_found", now);
        let name = command.renamed.as_ref().map_or(employee.name, |renamed| renamed.sign_in_name);
        if self.has_sign_in_name(name, command.user_id.into()) {
            no.no("sign_in_name_taken");
            no.no_if(command.renamed.is_none(), "restore_name_taken");
        }
    }

    /// Changes to the account of somebody else.
    fn touches(&self, no: &mut Reasons, by: Principal, partner: PartnerId, user: PartnerUserId) {
        self.employee_of(no, by, partner, Deed::PartnerUsers);
        self.is_there(no, partner, user);
        self.may_touch(no, by, partner, user);
    }

    /// Holders of admin roles are for global admins.
    fn may_touch(&self, no: &mut Reasons, by: Principal, partner: PartnerId, user: PartnerUserId) {
        let employee = self.employee_at(partner, user);
        let is_admin = employee.is_some_and(|it| it.roles.contains_key(&RoleCategory::Admin));
        no.no_if(is_admin && !self.covers_admins(by), "global_admin_only");
    }

    /// Refuses what is about somebody who is not there.
    pub(super) fn is_there(&self, no: &mut Reasons, partner: PartnerId, user: PartnerUserId) {
        match self.employee_at(partner, user).map(|it| it.status) {
            Some(Status::Active) => {}
            Some(Status::Deleted { .. }) => no.no("user_is_deleted"),
            Some(Status::Purged) | None => no.no("partner_user_not_found"),
        }
    }

    pub(super) fn employee_at(&self, partner: PartnerId, user: PartnerUserId) -> Option<&Employee> {
        self.partners.get(&partner)?.users.get(&user)
    }

    /// Whether this user is the one global admin who is left.
    pub(super) fn is_last_admin(&self, partner: PartnerId, user: PartnerUserId) -> bool {
        let users = self.partners.get(&partner).into_iter().flat_map(|it| it.users.iter());
        let admins = users.filter(|(_, it)| it.status.is_active() && it.is_global_admin());
        let admins: Vec<_> = admins.map(|(id, _)| *id).collect();
        admins == [user]
    }
}

/// Refuses to restore what cannot be.
pub(super) fn restorable(no: &mut Reasons, status: Status, unknown: &'static str, now: Timestamp) {
    match status {
        Status::Active => no.no("user_is_not_deleted"),
        Status::Deleted { until } => no.no_if(now >= until, "restore_window_passed"),
        Status::Purged => no.no(unknown),
    }
}

/// Refuses to purge who is there, or may come back.
pub(super) fn purge(
    no: &mut Reasons,
    status: Option<Status>,
    unknown: &'static str,
    now: Timestamp,
) {
    match status {
        Some(Status::Active) => no.no("user_is_not_deleted"),
        Some(Status::Deleted { until }) => no.no_if(now < until, "restore_window_open"),
        Some(Status::Purged) | None => no.no(unknown),
    }
}

/// What accepted commands lead to.
impl Plain {
    #[expect(clippy::too_many_lines, reason = "a table: a few lines a command")]
    pub(super) fn partner_did(
        &mut self,
        by: Principal,
        (partner, command): (PartnerId, &PartnerCommand),
        now: Timestamp,
    ) {
        let covers_admins = self.covers_admins(by);
        let account = |user| Principal::PartnerUser { partner, user };
        match command {
            PartnerCommand::Register(command) => self.registered(command),
            PartnerCommand::AddUser(command) => {
                let default = (!command.withhold_default_access).then_some(Role::DefaultAccess);
                let roles = default.into_iter().chain(command.roles.iter().copied());
                let employee = Employee::new(&command.user, roles);
                self.company(partner).users.insert(command.user.user_id, employee);
            }
            PartnerCommand::EditUser(command) => {
                self.employee_mut(partner, command.user_id).name = command.sign_in_name;
            }
            PartnerCommand::ResetPassword(command) => {
                let employee = self.employee_mut(partner, command.user_id);
                let over = expired(&employee.door, now);
                employee.door.reset(command.credential_id);
                employee.door.tokens = over;
            }
            PartnerCommand::DeleteUser(command) => {
                let employee = self.employee_mut(partner, command.user_id);
                employee.status = Status::deleted(now);
                let over = expired(&employee.door, now);
                employee.door.close();
                employee.door.tokens = over;
            }
            PartnerCommand::RestoreUser(command) => {
                let employee = self.employee_mut(partner, command.user_id);
                employee.status = Status::Active;
                if let Some(renamed) = &command.renamed {
                    employee.name = renamed.sign_in_name;
                }
                if !covers_admins {
                    employee.roles.remove(&RoleCategory::Admin);
                }
            }
            PartnerCommand::PurgeUser(command) => {
                let employee = self.employee_mut(partner, command.user_id);
                employee.status = Status::Purged;
                employee.door.tokens.clear();
            }
            PartnerCommand::AssignRole(command) => {
                let roles = &mut self.employee_mut(partner, command.user_id).roles;
                roles.insert(command.role.category(), command.role);
            }
            PartnerCommand::RevokeRole(command) => {
                let roles = &mut self.employee_mut(partner, command.user_id).roles;
                roles.remove(&command.role.category());
            }
            PartnerCommand::IssueToken(command) => {
                let door = &mut self.employee_mut(partner, command.user_id).door;
                door.tokens.insert(command.token_id, command.expires_at);
            }
            PartnerCommand::RevokeToken(command) => {
                let door = &mut self.employee_mut(partner, command.user_id).door;
                door.tokens.remove(&command.token_id);
            }
            PartnerCommand::EditProfile(command) => {
                self.company(partner).profiles.insert(command.profile.kind());
            }
            PartnerCommand::SignOut(command) => {
                self.signed_out(account(command.user_id), command.session_id);
            }
            PartnerCommand::ChangePassword(command) => {
                let (how, session) = ((command.proof, command.chosen), command.session_id);
                self.own_password_changed(account(command.user_id), how, session, now);
            }
            PartnerCommand::RegisterApplication(_)
            | PartnerCommand::AddApplicationSecret(_)
            | PartnerCommand::RemoveApplicationSecret(_)
            | PartnerCommand::RevokeApplication(_)
            | PartnerCommand::BeginApplicationGrant(_) => {
                self.application_did(partner, command, now);
            }
            PartnerCommand::Network(command) => self.network_did(partner, command),
            PartnerCommand::Webhook(command) => self.webhook_did(partner, command, now),
            PartnerCommand::CarryOut(_)
            | PartnerCommand::SignIn(_)
            | PartnerCommand::SignInApplication(_)
            | PartnerCommand::RenewApplicationGrant(_) => {
                unreachable!("it is never accepted alone")
            }
        }
    }

    fn registered(&mut self, command: &RegisterPartner) {
        let admin = Employee::new(&command.admin, [Role::DefaultAccess, Role::GlobalAdmin]);
        let partner = Partner {
            kind: command.kind,
            mpn_id: command.mpn_id.clone(),
            users: [(command.admin.user_id, admin)].into(),
            applications: BTreeMap::new(),
            network: Network::default(),
            webhook: None,
            profiles: BTreeSet::new(),
            public_profile: None,
        };
        self.partners.insert(command.partner_id, partner);
    }

    pub(super) fn company(&mut self, partner: PartnerId) -> &mut Partner {
        self.partners.get_mut(&partner).expect("an accepted command names a partner that is known")
    }

    pub(super) fn employee_mut(
        &mut self,
        partner: PartnerId,
        user: PartnerUserId,
    ) -> &mut Employee {
        let employee = self.company(partner).users.get_mut(&user);
        employee.expect("an accepted command names somebody who is known")
    }

    /// Users, their roles, tokens and sessions, deleted users, profiles.
    pub(super) fn partners_agree(
        &self,
        model: &ReadModel,
        now: Timestamp,
    ) -> Result<(), TestCaseError> {
        prop_assert_eq!(model.partners().len(), self.partners.len());
        for (partner, state) in &self.partners {
            for (user, employee) in &state.users {
                let row = model.partner_users().get(*partner, *user);
                if employee.status == Status::Purged {
                    prop_assert!(row.is_none(), "{} is purged", user);
                    continue;
                }
                let Some(row) = row else {
                    return Err(TestCaseError::fail(format!("{user} is not shown")));
                };
                prop_assert_eq!(row.state.is_active(), employee.status.is_active());
                prop_assert_eq!(row.sign_in_name, employee.name);
                if employee.status.is_active() {
                    let roles: BTreeSet<_> = row.roles.iter().collect();
                    prop_assert_eq!(roles, employee.roles.values().copied().collect(), "{}", user);
                    employee.door.agrees(model, (*user).into(), now)?;
                }
            }
            let deleted = model.deleted_users().restorable_partner_users(*partner, now);
            let shown: BTreeSet<_> = deleted.map(|row| row.user).collect();
            let restorable = state.users.iter().filter(|(_, it)| it.status.is_restorable(now));
            prop_assert_eq!(shown, restorable.map(|(id, _)| *id).collect(), "of {}", partner);
            state.applications_agree(model, *partner, now)?;
            state.network_agrees(model, *partner)?;
            state.webhook_agrees(model, *partner)?;
            for kind in ProfileKind::ALL {
                let is_shown = model.partner_profiles().get(*partner, kind).is_some();
                prop_assert_eq!(is_shown, state.profiles.contains(&kind), "{:?}", kind);
            }
            let shown = model.public_profiles().get(*partner).map(|row| &row.profile);
            prop_assert_eq!(shown, state.public_profile.as_ref());
        }
        Ok(())
    }
}

/// Tokens whose time is over before anything else ends them.
fn expired(door: &Door, now: Timestamp) -> BTreeMap<TokenId, Timestamp> {
    door.tokens.iter().filter(|(_, until)| **until <= now).map(|(id, at)| (*id, *at)).collect()
}
