//! A partner, its users and their tokens.

use std::collections::{BTreeMap, BTreeSet};

use commands::{NewPartnerUser, RegisterPartner, RestorePartnerUser};
use events::{
    ApplicationId, MpnId, NameHash, PartnerId, PartnerKind, PartnerUserId, ProfileKind,
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
    pub(super) fn new(user: &NewPartnerUser, roles: impl IntoIterator<Item = Role>) -> Self {
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
    pub(super) fn register(
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

    pub(super) fn restore(
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
    pub(super) fn touches(
        &self,
        no: &mut Reasons,
        by: Principal,
        partner: PartnerId,
        user: PartnerUserId,
    ) {
        self.employee_of(no, by, partner, Deed::PartnerUsers);
        self.is_there(no, partner, user);
        self.may_touch(no, by, partner, user);
    }

    /// Holders of admin roles are for global admins.
    pub(super) fn may_touch(
        &self,
        no: &mut Reasons,
        by: Principal,
        partner: PartnerId,
        user: PartnerUserId,
    ) {
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
    pub(super) fn registered(&mut self, command: &RegisterPartner) {
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
pub(super) fn expired(door: &Door, now: Timestamp) -> BTreeMap<TokenId, Timestamp> {
    door.tokens.iter().filter(|(_, until)| **until <= now).map(|(id, at)| (*id, *at)).collect()
}
