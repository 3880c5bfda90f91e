//! Who may log, see and change which service request?

use events::{
    Actor, CustomerId, PartnerId, PartnerUserId, ProductFamily, ServiceRequestKind, SubscriptionId,
};

use super::Request;
use crate::{
    access::manages_subscriptions_of, catalogue::Catalogue, context::ActivePartnership,
    customer::CustomerState, permissions::Permission, rejection::Rejection,
};

/// What it takes to log a request of this kind.
///
/// Whoever is left may ask to be elevated itself, which concerns the own account: those whose roles
/// would let them speak for the partner may be who has left.
#[must_use]
pub fn permission_to_log(kind: &ServiceRequestKind, actor: &Actor) -> Permission {
    match kind {
        ServiceRequestKind::Elevation { user_id } if is_user(actor, *user_id) => {
            Permission::OwnProfile
        }
        ServiceRequestKind::PartnerSupport
        | ServiceRequestKind::PublicProfileChange { .. }
        | ServiceRequestKind::Elevation { .. } => Permission::PartnerRequestsManage,
        ServiceRequestKind::CustomerSupport { office365: false, .. } => {
            Permission::CustomerRequestsManage
        }
        ServiceRequestKind::CustomerSupport { office365: true, .. } => {
            Permission::Office365RequestsManage
        }
    }
}

/// What it takes to see a request of this kind; who asked to be elevated sees that.
#[must_use]
pub fn permission_to_view(
    kind: &ServiceRequestKind,
    logged_by: PartnerUserId,
    actor: &Actor,
) -> Permission {
    match kind {
        ServiceRequestKind::Elevation { user_id }
            if is_user(actor, *user_id) && is_user(actor, logged_by) =>
        {
            Permission::OwnProfile
        }
        ServiceRequestKind::PartnerSupport
        | ServiceRequestKind::PublicProfileChange { .. }
        | ServiceRequestKind::Elevation { .. } => Permission::PartnerRequestsView,
        ServiceRequestKind::CustomerSupport { .. } => Permission::CustomerRequestsView,
    }
}

impl Request {
    /// What it takes to see the request.
    #[must_use]
    pub fn permission_to_view(&self, actor: &Actor) -> Permission {
        permission_to_view(&self.kind, self.logged_by, actor)
    }

    /// What it takes to change the request: as much as to log it, where one logged it oneself.
    #[must_use]
    pub fn permission_to_change(&self, actor: &Actor) -> Permission {
        permission_to_change(&self.kind, self.logged_by, actor)
    }
}

/// What it takes to change a request of this kind.
#[must_use]
pub fn permission_to_change(
    kind: &ServiceRequestKind,
    logged_by: PartnerUserId,
    actor: &Actor,
) -> Permission {
    match kind {
        ServiceRequestKind::Elevation { .. } if !is_user(actor, logged_by) => {
            Permission::PartnerRequestsManage
        }
        ServiceRequestKind::PartnerSupport
        | ServiceRequestKind::CustomerSupport { .. }
        | ServiceRequestKind::Elevation { .. }
        | ServiceRequestKind::PublicProfileChange { .. } => permission_to_log(kind, actor),
    }
}

fn is_user(actor: &Actor, user_id: PartnerUserId) -> bool {
    matches!(actor, Actor::PartnerUser { user, .. } if *user == user_id)
}

/// A request for support on behalf of a customer, with whether it is about Office 365: of a
/// subscription that the catalogue does not know any more that is taken to be so.
///
/// # Errors
/// [`Rejection::SubscriptionNotFound`] when the customer has no such subscription that the partner
/// may manage.
pub fn customer_support(
    customer: &CustomerState,
    customer_id: CustomerId,
    subscription_id: Option<SubscriptionId>,
    partner: PartnerId,
    active_partnerships: &[ActivePartnership],
    catalogue: &Catalogue,
) -> Result<ServiceRequestKind, Rejection> {
    let Some(id) = subscription_id else {
        return Ok(ServiceRequestKind::CustomerSupport {
            customer_id,
            subscription_id,
            office365: false,
        });
    };
    let subscription = customer
        .subscription(id)
        .filter(|it| {
            manages_subscriptions_of(customer, partner, it.partner_id, active_partnerships)
        })
        .ok_or(Rejection::SubscriptionNotFound { subscription_id: id })?;
    let offer = catalogue.offer(subscription.offer_id);
    let office365 = offer.is_none_or(|offer| offer.family == ProductFamily::Office365);
    Ok(ServiceRequestKind::CustomerSupport { customer_id, subscription_id, office365 })
}
