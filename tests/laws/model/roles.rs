//! Roles: at most one of a category, admin roles by global admins only, nobody grants himself one,
//! the last global admin stays.

use commands::{AssignRole, RevokeRole};
use events::{PartnerId, Role, RoleCategory};
use services::application::Principal;

use super::{Plain, Reasons, who_may::Deed};

impl Plain {
    pub(super) fn assign(
        &self,
        no: &mut Reasons,
        by: Principal,
        partner: PartnerId,
        AssignRole { user_id, role }: AssignRole,
    ) {
        self.employee_of(no, by, partner, Deed::Roles);
        self.is_there(no, partner, user_id);
        self.covers(no, by, role);
        no.no_if(by == Principal::PartnerUser { partner, user: user_id }, "self_grant");
        let takes_admin = role.category() == RoleCategory::Admin && role != Role::GlobalAdmin;
        no.no_if(takes_admin && self.is_last_admin(partner, user_id), "last_global_admin");
    }

    pub(super) fn revoke(
        &self,
        no: &mut Reasons,
        by: Principal,
        partner: PartnerId,
        RevokeRole { user_id, role }: RevokeRole,
    ) {
        self.employee_of(no, by, partner, Deed::Roles);
        self.is_there(no, partner, user_id);
        self.covers(no, by, role);
        let employee = self.employee_at(partner, user_id);
        let held = employee.and_then(|it| it.roles.get(&role.category()));
        no.no_if(held != Some(&role), "role_not_held");
        no.no_if(role == Role::DefaultAccess, "default_level_stays");
        let takes_admin = role == Role::GlobalAdmin;
        no.no_if(takes_admin && self.is_last_admin(partner, user_id), "last_global_admin");
    }

    /// The roles a new user is to start with.
    pub(super) fn initial_roles(&self, no: &mut Reasons, by: Principal, roles: &[Role]) {
        for role in roles {
            self.covers(no, by, *role);
            let mut others = roles.iter().filter(|other| *other != role);
            let is_second = others.any(|other| other.category() == role.category());
            no.no_if(is_second, "two_roles_of_category");
        }
    }

    fn covers(&self, no: &mut Reasons, by: Principal, role: Role) {
        let category = role.category();
        let is_admin = category == RoleCategory::Admin;
        no.no_if(is_admin && !self.covers_admins(by), "global_admin_only");
        // An account admin changes roles that are about neither customers nor administration.
        let own = self.active(by).and_then(|it| it.roles.get(&RoleCategory::Admin));
        let is_theirs = matches!(
            category,
            RoleCategory::Incentives | RoleCategory::ReferralAndMarketing | RoleCategory::Insights
        );
        let is_out = own == Some(&Role::AccountAdmin) && !is_theirs && !is_admin;
        no.no_if(is_out, "role_out_of_reach");
    }
}
