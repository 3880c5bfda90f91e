//! Who serves the customer: the end of a relationship, the resellers associated through it, and what
//! customer and partner allow each other.

mod privileges;

use events::{
    Actor, CustomerEvent, FallbackCause, OwnPurchasesForbidden, PartnerId, RelationshipEnded,
    RelationshipRequestWithdrawn, ResellerAssociated, ResellerRemoved,
};

pub use self::privileges::{EndDelegatedAdmin, ForbidOwnPurchases, PermitOwnPurchases};
use super::{
    CustomerCommand, reach,
    state::{CustomerState, Relationship, SubscriptionStatus},
    support_contacts::fall_back,
};
use crate::{
    command::{Requires, command_enum},
    company_permissions::CompanyPermission,
    context::Context,
    permissions::Permission,
    rejection::Rejection,
};

/// End the relationship of a partner with the customer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct EndRelationship {
    /// The partner.
    pub partner_id: PartnerId,
}

/// Let an indirect reseller see and administer the customer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AssociateReseller {
    /// The provider that holds the relationship.
    pub provider: PartnerId,
    /// The reseller.
    pub reseller: PartnerId,
}

/// Take an indirect reseller from the customer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RemoveReseller {
    /// The provider that holds the relationship.
    pub provider: PartnerId,
    /// The reseller.
    pub reseller: PartnerId,
}

command_enum! {
    /// What can be asked about the customer's bonds with partners.
    RelationshipCommand in CustomerCommand {
        /// End a relationship.
        End(EndRelationship),
        /// Associate an indirect reseller.
        AssociateReseller(AssociateReseller),
        /// Take an indirect reseller away.
        RemoveReseller(RemoveReseller),
        /// End a partner's delegated admin privileges.
        EndDelegatedAdmin(EndDelegatedAdmin),
        /// Let the customer buy for itself.
        PermitOwnPurchases(PermitOwnPurchases),
        /// Let the customer not buy for itself any more.
        ForbidOwnPurchases(ForbidOwnPurchases),
    }
}

impl Requires for RelationshipCommand {
    fn permission(&self, _actor: &Actor) -> Option<Permission> {
        match self {
            Self::End(_) => Some(Permission::RelationshipsEnd),
            Self::AssociateReseller(_) | Self::RemoveReseller(_) => {
                Some(Permission::ResellersAssociate)
            }
            Self::PermitOwnPurchases(_) | Self::ForbidOwnPurchases(_) => {
                Some(Permission::OwnPurchasesManage)
            }
            // The customer itself decides that.
            Self::EndDelegatedAdmin(_) => None,
        }
    }

    fn company_permission(&self) -> Option<CompanyPermission> {
        match self {
            Self::EndDelegatedAdmin(_) => Some(CompanyPermission::RelationshipsAnswer),
            Self::End(_)
            | Self::AssociateReseller(_)
            | Self::RemoveReseller(_)
            | Self::PermitOwnPurchases(_)
            | Self::ForbidOwnPurchases(_) => None,
        }
    }
}

pub(super) fn decide(
    state: &CustomerState,
    command: &RelationshipCommand,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    match command {
        RelationshipCommand::End(command) => end(state, *command, context),
        RelationshipCommand::AssociateReseller(command) => associate(state, *command, context),
        RelationshipCommand::RemoveReseller(command) => remove(state, *command, context),
        RelationshipCommand::EndDelegatedAdmin(command) => {
            privileges::end_delegated_admin(state, *command, context)
        }
        RelationshipCommand::PermitOwnPurchases(command) => {
            privileges::permit_own_purchases(state, *command, context)
        }
        RelationshipCommand::ForbidOwnPurchases(command) => {
            privileges::forbid_own_purchases(state, *command, context)
        }
    }
}

/// What came with the relationship goes with it: the resellers associated through it, the permission
/// to buy, requests of the partner that nobody has answered, and designated support contacts.
fn end(
    state: &CustomerState,
    command: EndRelationship,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    let partner_id = command.partner_id;
    refuse_if_ended(state, command, context)?;
    reach::holder(state, partner_id, context)?;
    let is_left = |status| status == SubscriptionStatus::Active;
    let count = state
        .subscriptions()
        .filter(|(_, held)| held.partner_id == partner_id && is_left(held.status))
        .count();
    if count > 0 {
        return Err(Rejection::ActiveSubscriptionsLeft { count });
    }
    let resellers = state.resellers().filter(|(provider, _)| *provider == partner_id);
    let mut events = fall_back(state, partner_id, None, FallbackCause::RelationshipEnded);
    events.extend(
        resellers.map(|(provider, reseller)| ResellerRemoved { provider, reseller }.into()),
    );
    for (invitation_id, _) in state.requests().unanswered_of(partner_id) {
        events.push(RelationshipRequestWithdrawn { invitation_id, partner_id }.into());
    }
    if state.may_buy_from(partner_id) {
        events.push(OwnPurchasesForbidden { partner_id }.into());
    }
    events.push(RelationshipEnded { partner_id }.into());
    Ok(events)
}

/// Whoever had the relationship may know that it ended; to others the customer stays unknown.
fn refuse_if_ended(
    state: &CustomerState,
    command: EndRelationship,
    context: &Context<'_>,
) -> Result<(), Rejection> {
    let had_it = match context.actor {
        Actor::Operator => true,
        Actor::PartnerUser { partner, .. } | Actor::Application { partner, .. } => {
            partner == command.partner_id
        }
        Actor::CustomerUser { .. }
        | Actor::System(_)
        | Actor::SupportOperator { .. }
        | Actor::Auditor { .. }
        | Actor::Visitor => false,
    };
    if had_it && state.relationship(command.partner_id) == Some(Relationship::Ended) {
        Err(Rejection::RelationshipAlreadyEnded)
    } else {
        Ok(())
    }
}

fn associate(
    state: &CustomerState,
    command: AssociateReseller,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    let AssociateReseller { provider, reseller } = command;
    reach::holder(state, provider, context)?;
    if context.facts.partnership(provider, reseller).is_none() {
        return Err(Rejection::NoActivePartnership { reseller });
    }
    if state.is_associated(provider, reseller) {
        return Ok(Vec::new());
    }
    Ok(vec![ResellerAssociated { provider, reseller }.into()])
}

fn remove(
    state: &CustomerState,
    command: RemoveReseller,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    let RemoveReseller { provider, reseller } = command;
    reach::holder(state, provider, context)?;
    if !state.is_associated(provider, reseller) {
        return Err(Rejection::ResellerNotAssociated { reseller });
    }
    let mut events = fall_back(state, provider, Some(reseller), FallbackCause::ResellerRemoved);
    events.push(ResellerRemoved { provider, reseller }.into());
    Ok(events)
}
