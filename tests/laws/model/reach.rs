//! Who reaches whom: employees their partner, partners their customers, users their company.

use events::{CustomerId, DirectoryRole, PartnerId, Process};
use services::application::Principal;

use super::{
    Plain, Reasons,
    partner_users::Employee,
    who_may::{Deed, may, may_alone},
};

/// How a partner must reach a customer for a command.
#[derive(Clone, Copy)]
pub(super) enum Way {
    /// In whichever way.
    Any,
    /// As this partner, which holds an active relationship.
    Holder(PartnerId),
    /// With delegated admin privileges.
    Administrator,
}

impl Plain {
    /// An employee who is active.
    pub(super) fn active(&self, by: Principal) -> Option<&Employee> {
        let Principal::PartnerUser { partner, user } = by else { return None };
        let employee = self.partners.get(&partner)?.users.get(&user)?;
        Some(employee).filter(|employee| employee.status.is_active())
    }

    /// Whether the caller's word covers roles of the admin category.
    pub(super) fn covers_admins(&self, by: Principal) -> bool {
        by == Principal::Operator || self.active(by).is_some_and(Employee::is_global_admin)
    }

    /// Bars whoever is neither an employee whose roles allow it, nor runs the installation.
    pub(super) fn employee(&self, no: &mut Reasons, by: Principal, deed: Deed) {
        match by {
            Principal::Operator => {}
            Principal::PartnerUser { .. } => match self.active(by) {
                None => no.bar(&["actor_not_active"]),
                Some(employee) if employee.roles.is_empty() => no.bar(&["no_role"]),
                Some(employee) => {
                    let allowed = employee.roles.values().any(|role| may(*role, deed));
                    no.bar_if(!allowed, "forbidden");
                }
            },
            Principal::Application { partner, application } => {
                let partner = self.partners.get(&partner);
                let known = partner.and_then(|it| it.applications.get(&application));
                no.bar_if(known.is_none_or(|it| it.is_revoked), "actor_not_active");
                no.bar_if(!may_alone(deed), "user_required");
            }
            _ => stranger(no, by),
        }
    }

    /// Bars also whoever works for another partner.
    pub(super) fn employee_of(
        &self,
        no: &mut Reasons,
        by: Principal,
        partner: PartnerId,
        deed: Deed,
    ) {
        self.employee(no, by, deed);
        no.bar_if(by.partner().is_some_and(|own| own != partner), "not_your_partner");
        if !self.partners.contains_key(&partner) {
            // There is nobody of whom it could not be the own partner.
            no.bar(&["partner_not_found"]);
        }
    }

    /// Bars whoever has not the permission, or does not reach the customer in this way.
    pub(super) fn on_customer(
        &self,
        no: &mut Reasons,
        by: Principal,
        customer: CustomerId,
        (deed, way): (Deed, Way),
    ) {
        self.employee(no, by, deed);
        let state = self.customers.get(&customer).filter(|state| state.account.is_some());
        match by {
            Principal::Operator => {
                no.no_if(state.is_none(), "customer_not_found");
                if let Way::Holder(holder) = way {
                    no.no_if(!self.holds(customer, holder), "not_your_customer");
                }
            }
            Principal::PartnerUser { partner, .. } | Principal::Application { partner, .. } => {
                self.reached_by(no, partner, customer, way);
            }
            _ => {}
        }
    }

    fn reached_by(&self, no: &mut Reasons, partner: PartnerId, customer: CustomerId, way: Way) {
        let holds = self.holds(customer, partner);
        if !holds && self.providers(customer, partner).is_empty() {
            return no.bar(&["not_your_customer"]);
        }
        match way {
            Way::Any => {}
            Way::Holder(holder) => {
                no.bar_if(!holds, "relationship_holder_only");
                no.bar_if(holder != partner, "not_your_partner");
            }
            Way::Administrator => {
                let administers = self.administers(customer, partner)
                    || self
                        .providers(customer, partner)
                        .iter()
                        .any(|provider| self.administers(customer, *provider));
                no.bar_if(!administers, "delegated_admin_missing");
            }
        }
    }

    /// Whether a partner has an active relationship with the customer.
    pub(super) fn holds(&self, customer: CustomerId, partner: PartnerId) -> bool {
        let bond = self.customers.get(&customer).and_then(|state| state.bonds.get(&partner));
        bond.is_some_and(|bond| bond.active)
    }

    /// Whether it has delegated admin privileges in it.
    pub(super) fn administers(&self, customer: CustomerId, partner: PartnerId) -> bool {
        let bond = self.customers.get(&customer).and_then(|state| state.bonds.get(&partner));
        bond.is_some_and(|bond| bond.active && bond.delegated_admin)
    }

    /// The partners through which another reaches the customer as its associated reseller, now.
    pub(super) fn providers(&self, customer: CustomerId, reseller: PartnerId) -> Vec<PartnerId> {
        let associated = self.customers.get(&customer).into_iter();
        let associated = associated.flat_map(|state| state.resellers.iter());
        let through = associated.filter(|(_, it)| *it == reseller).map(|(provider, _)| *provider);
        through
            .filter(|provider| self.holds(customer, *provider))
            .filter(|provider| self.work_together(*provider, reseller))
            .collect()
    }

    /// Bars whoever is not global admin of this company.
    pub(super) fn company_admin(&self, no: &mut Reasons, by: Principal, customer: CustomerId) {
        if by == Principal::Operator {
            // It may know everything, and answer for nobody.
            return no.no("customer_global_admin_only");
        }
        let Principal::CustomerUser { customer: own, user } = by else {
            no.bar(&["actor_not_allowed", "customer_global_admin_only"]);
            return no.bar_if(matches!(by, Principal::Auditor { .. }), "auditor_changes_nothing");
        };
        if own != customer {
            return no.bar(&["not_your_company"]);
        }
        let user = self.customers.get(&own).and_then(|state| state.users.get(&user));
        let Some(user) = user.filter(|user| user.status.is_active()) else {
            return no.bar(&["actor_not_active"]);
        };
        let is_admin = user.roles.contains(&DirectoryRole::GlobalAdmin);
        no.bar_if(!is_admin, "forbidden_in_company");
    }
}

/// Bars whoever is not this process, nor runs the installation.
pub(super) fn process(no: &mut Reasons, by: Principal, process: Process) {
    if by != Principal::Operator && by != Principal::System(process) {
        stranger(no, by);
    }
}

/// Bars whoever does not run the installation.
pub(super) fn operator(no: &mut Reasons, by: Principal) {
    if by != Principal::Operator {
        stranger(no, by);
    }
}

/// Bars a caller of a kind that may never do this.
pub(super) fn stranger(no: &mut Reasons, by: Principal) {
    no.bar(&["actor_not_allowed"]);
    if let Principal::Auditor { .. } = by {
        no.bar(&["auditor_changes_nothing", "forbidden", "actor_not_active"]);
    }
}
