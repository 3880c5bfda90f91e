//! Who may act, and on what: authorisation as pure functions over folded states.
//!
//! The states are those of the actor's own partner and of the customer at the heads of their
//! streams, never a read model: a right that was revoked stops working at once.

use events::{Actor, ApplicationId, CustomerUserId, PartnerId, PartnerUserId, Process, RuleCode};

use crate::{
    company_permissions::{self, CompanyPermission},
    context::{ActivePartnership, Context},
    customer::{CustomerState, Subscription},
    partner::{ApplicationRefusal, PartnerState},
    permissions::{self, Permission},
    rejection::Rejection,
};

/// Decides whether a user of the partner may do something, and by which rule: the first of its roles
/// that allows it, as in `global_admin:customers.create`.
///
/// # Errors
/// [`Rejection::ActorNotActive`] when the user is unknown or deleted, [`Rejection::NoRole`] when it
/// has neither a role nor the default level, [`Rejection::Forbidden`] when no role of it allows it.
pub fn authorise_partner_user(
    state: &PartnerState,
    user: PartnerUserId,
    permission: Permission,
) -> Result<RuleCode, Rejection> {
    let user = state.active_user(user).ok_or(Rejection::ActorNotActive)?;
    if user.roles().next().is_none() {
        return Err(Rejection::NoRole);
    }
    user.roles()
        .find(|role| permissions::allows(*role, permission))
        .map(|role| RuleCode::new(&format!("{}:{permission}", role.name())))
        .ok_or(Rejection::Forbidden { permission })
}

/// Decides whether an application of the partner may do something by itself, and by which rule, as in
/// `application:customers.view`.
///
/// # Errors
/// [`Rejection::ActorNotActive`] when it is unknown or revoked,
/// [`ApplicationRefusal::UserRequired`] when it takes a user.
pub fn authorise_application(
    state: &PartnerState,
    application: ApplicationId,
    permission: Permission,
) -> Result<RuleCode, Rejection> {
    state.applications().get(application).ok_or(Rejection::ActorNotActive)?;
    if permissions::APPLICATION_PERMISSIONS.contains(&permission) {
        Ok(RuleCode::new(&format!("application:{permission}")))
    } else {
        Err(ApplicationRefusal::UserRequired.into())
    }
}

/// Decides whether a user of the customer may do something in its own company, and by which rule: the
/// first of its directory roles that allows it, as in `company_global_admin:company.view`.
///
/// # Errors
/// [`Rejection::ActorNotActive`] when the user is unknown or deleted,
/// [`Rejection::ForbiddenInCompany`] when neither a role of it nor being a user allows it.
pub fn authorise_customer_user(
    state: &CustomerState,
    user: CustomerUserId,
    permission: CompanyPermission,
) -> Result<RuleCode, Rejection> {
    let user = state.user(user).filter(|user| user.is_active());
    let user = user.ok_or(Rejection::ActorNotActive)?;
    let rule = |by: &str| RuleCode::new(&format!("{by}:{permission}"));
    if company_permissions::ALLOWED_WITHOUT_ROLE.contains(&permission) {
        return Ok(rule("customer_user"));
    }
    let roles = &user.directory_roles;
    roles
        .iter()
        .find(|role| company_permissions::company_allows(**role, permission))
        .map(|role| rule(&format!("company_{}", role.name())))
        .ok_or(Rejection::ForbiddenInCompany { permission })
}

/// The rule under which the operator of the installation acts.
#[must_use]
pub fn operator_rule() -> RuleCode {
    RuleCode::new("operator")
}

/// The rule under which a process of partnerlog itself acts, as in `system:purge`.
#[must_use]
pub fn system_rule(process: Process) -> RuleCode {
    RuleCode::new(&format!("system:{}", process.name()))
}

/// In which capacity a partner reaches a customer.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum CustomerAccess {
    /// It holds an active relationship with the customer.
    Holder,
    /// It is associated with the customer, through an active partnership with a partner that holds
    /// an active relationship. It manages the customer, its users, licences and subscriptions; new
    /// orders, the end of the relationship and other resellers are the holder's.
    Reseller {
        /// The partner that holds the relationship.
        provider: PartnerId,
    },
}

/// Decides in which capacity a partner reaches a customer.
///
/// # Errors
/// [`Rejection::NotYourCustomer`] when it does not, alike for unknown and for foreign customers.
pub fn customer_access(
    customer: &CustomerState,
    actor_partner: PartnerId,
    active_partnerships: &[ActivePartnership],
) -> Result<CustomerAccess, Rejection> {
    if customer.has_active_relationship(actor_partner) {
        return Ok(CustomerAccess::Holder);
    }
    active_partnerships
        .iter()
        .map(|partnership| partnership.provider)
        .find(|provider| reaches_through(customer, actor_partner, *provider, active_partnerships))
        .map(|provider| CustomerAccess::Reseller { provider })
        .ok_or(Rejection::NotYourCustomer)
}

/// Whether a partner may manage the subscriptions that `seller` sold to the customer: its own, and
/// those of a provider through which it is associated with the customer.
#[must_use]
pub fn manages_subscriptions_of(
    customer: &CustomerState,
    actor_partner: PartnerId,
    seller: PartnerId,
    active_partnerships: &[ActivePartnership],
) -> bool {
    if actor_partner == seller {
        customer.has_active_relationship(seller)
    } else {
        reaches_through(customer, actor_partner, seller, active_partnerships)
    }
}

/// Whether a partner administers on the customer's behalf: by the delegated admin privileges of its
/// own relationship, or of that of a provider through which it is associated with the customer.
#[must_use]
pub fn administers(
    customer: &CustomerState,
    partner: PartnerId,
    active_partnerships: &[ActivePartnership],
) -> bool {
    customer.has_delegated_admin(partner)
        || active_partnerships.iter().any(|bond| {
            customer.has_delegated_admin(bond.provider)
                && reaches_through(customer, partner, bond.provider, active_partnerships)
        })
}

/// Whether a partner is the reseller on record for a subscription, through an active partnership
/// with a seller that holds an active relationship: it manages that subscription, and no more.
#[must_use]
pub fn is_reseller_of_record(
    customer: &CustomerState,
    subscription: &Subscription,
    actor_partner: PartnerId,
    active_partnerships: &[ActivePartnership],
) -> bool {
    let seller = subscription.partner_id;
    let bond = active_partnerships
        .iter()
        .find(|bond| bond.provider == seller && bond.reseller == actor_partner);
    customer.has_active_relationship(seller)
        && bond.is_some_and(|bond| {
            subscription.partner_on_record.as_ref() == Some(&bond.reseller_mpn_id)
        })
}

fn reaches_through(
    customer: &CustomerState,
    reseller: PartnerId,
    provider: PartnerId,
    active_partnerships: &[ActivePartnership],
) -> bool {
    customer.has_active_relationship(provider)
        && customer.is_associated(provider, reseller)
        && active_partnerships
            .iter()
            .any(|bond| bond.provider == provider && bond.reseller == reseller)
}

/// Whether the actor is an operator of the installation.
pub(crate) const fn is_operator(actor: &Actor) -> bool {
    match actor {
        Actor::Operator | Actor::SupportOperator { .. } => true,
        Actor::PartnerUser { .. }
        | Actor::Application { .. }
        | Actor::CustomerUser { .. }
        | Actor::System(_)
        | Actor::Auditor { .. }
        | Actor::Visitor => false,
    }
}

/// Whether the actor may speak for the partner: as one of its users or applications, or as the
/// operator.
pub(crate) fn speaks_for(actor: &Actor, partner: PartnerId) -> Result<(), Rejection> {
    match actor {
        Actor::Operator => Ok(()),
        Actor::PartnerUser { partner: own, .. } | Actor::Application { partner: own, .. } => {
            if *own == partner { Ok(()) } else { Err(Rejection::NotYourPartner) }
        }
        Actor::CustomerUser { .. }
        | Actor::System(_)
        | Actor::SupportOperator { .. }
        | Actor::Auditor { .. }
        | Actor::Visitor => Err(Rejection::ActorNotAllowed),
    }
}

/// Whether the actor may speak for the partner, and there is such a partner: the operator speaks for
/// whom it names.
pub(crate) fn speaks_for_known(context: &Context<'_>, partner: PartnerId) -> Result<(), Rejection> {
    speaks_for(&context.actor, partner)?;
    if is_operator(&context.actor) && context.facts.partner(partner).is_none() {
        return Err(Rejection::PartnerNotFound);
    }
    Ok(())
}

/// Whether the actor may do what a process of partnerlog itself does: that process, and the
/// operator.
pub(crate) fn acts_as(actor: &Actor, process: Process) -> Result<(), Rejection> {
    match actor {
        Actor::Operator => Ok(()),
        Actor::System(acting) if *acting == process => Ok(()),
        Actor::System(_)
        | Actor::PartnerUser { .. }
        | Actor::Application { .. }
        | Actor::CustomerUser { .. }
        | Actor::SupportOperator { .. }
        | Actor::Auditor { .. }
        | Actor::Visitor => Err(Rejection::ActorNotAllowed),
    }
}
