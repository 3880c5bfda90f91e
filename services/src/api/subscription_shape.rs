//! How a subscription looks.

use commands::{Catalogue, Offer, term_end};
use events::{OfferId, OrderId, SubscriptionId, Timestamp};
use projections::{ReadModel, SubscriptionRow, SubscriptionState};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    billing::{UnitPrice, cycle_word, term},
    order_shape::CatalogueLinks,
    shapes::{Attributes, Link, SelfLinks, TaggedAttributes},
    wire::version_tag,
};

/// The tag of a subscription as it is now.
pub(super) fn tag(row: &SubscriptionRow) -> String {
    version_tag(row.id, row.version)
}

/// A state in the contract's word.
pub(super) const fn status_word(state: SubscriptionState) -> &'static str {
    match state {
        SubscriptionState::Active => "active",
        SubscriptionState::Suspended { .. } => "suspended",
        SubscriptionState::Cancelled { .. } => "deleted",
    }
}

impl Subscription {
    /// A subscription as answers show it.
    pub(super) fn of(
        catalogue: &Catalogue,
        (model, at): (&ReadModel, Timestamp),
        row: &SubscriptionRow,
    ) -> Self {
        let listed = catalogue.offer(row.offer);
        let agreed = row.terms.as_ref().map(|terms| &terms.offer_name);
        let is_over = row.state.is_cancelled();
        let renews = term(row.billing_cycle).filter(|_| row.is_renewed());
        Self {
            id: row.id,
            entitlement_id: row.id,
            offer_id: row.offer,
            offer_name: agreed.or_else(|| listed.map(|offer| &offer.name)).map(ToString::to_string),
            parent_subscription_id: row.parent,
            unit_price: row.terms.as_ref().map(|terms| UnitPrice::from(&terms.unit_price)),
            friendly_name: row.friendly_name.to_string(),
            quantity: row.quantity.get(),
            unit_type: "Licenses",
            creation_date: row.created_at,
            effective_start_date: row.created_at,
            commitment_end_date: ends_at(row, at),
            status: status_word(row.state),
            auto_renew_enabled: row.is_renewed(),
            is_trial: listed.is_some_and(Offer::is_trial),
            has_purchasable_addons: catalogue.add_ons_of(row.offer).any(|offer| offer.is_available),
            billing_type: "license",
            billing_cycle: cycle_word(row.billing_cycle),
            term_duration: term(row.billing_cycle),
            renewal_term_duration: renews,
            actions: if is_over { Vec::new() } else { vec!["edit", "cancel"] },
            contract_type: "subscription",
            partner_id: row.partner_on_record.as_ref().map(ToString::to_string),
            suspension_reasons: suspension_reasons(row.state),
            attention_needed: false,
            action_taken: false,
            order_id: row.order,
            links: SubscriptionLinks::of(catalogue, model, row),
            attributes: Attributes::tagged("Subscription", tag(row)),
        }
    }
}

/// When the term that runs at this moment ends, or the subscription ended.
pub(super) fn ends_at(row: &SubscriptionRow, at: Timestamp) -> Option<Timestamp> {
    match row.state {
        SubscriptionState::Cancelled { since } => Some(since),
        SubscriptionState::Active | SubscriptionState::Suspended { .. } => {
            row.ends_at.or_else(|| term_end(row.terms_since, row.billing_cycle, at))
        }
    }
}

fn suspension_reasons(state: SubscriptionState) -> Vec<&'static str> {
    match state {
        SubscriptionState::Suspended { .. } => vec!["Partner"],
        SubscriptionState::Active | SubscriptionState::Cancelled { .. } => Vec::new(),
    }
}

impl SubscriptionLinks {
    fn of(catalogue: &Catalogue, model: &ReadModel, row: &SubscriptionRow) -> Self {
        let own = |id| format!("/customers/{}/subscriptions/{id}", row.customer);
        let parent = row.parent.filter(|id| model.subscriptions().get(row.customer, *id).is_some());
        let country = model.customers().get(row.customer).map(|row| &row.country);
        let catalogued = country.map(|it| CatalogueLinks::to(catalogue, row.offer, it));
        Self {
            offer: Link::to(format!("/offers/{}", row.offer)),
            parent_subscription: parent.map(|id| Link::to(own(id))),
            catalogued: catalogued.unwrap_or_default(),
            own: SelfLinks::to(own(row.id)),
        }
    }
}

/// A bought offer with a number of licences.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "the contract's flags")]
pub(super) struct Subscription {
    #[schema(value_type = Uuid)]
    id: SubscriptionId,
    #[schema(value_type = Uuid)]
    entitlement_id: SubscriptionId,
    #[schema(value_type = Uuid)]
    offer_id: OfferId,
    /// As it was when it was sold.
    #[schema(example = "Office 365 Enterprise E3")]
    offer_name: Option<String>,
    /// The subscription to which it is an add-on.
    #[schema(value_type = Option<Uuid>)]
    parent_subscription_id: Option<SubscriptionId>,
    /// As agreed (*own*).
    unit_price: Option<UnitPrice>,
    #[schema(example = "Sales team")]
    friendly_name: String,
    quantity: u32,
    #[schema(example = "Licenses")]
    unit_type: &'static str,
    #[schema(value_type = String, format = DateTime)]
    creation_date: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    effective_start_date: Timestamp,
    /// When the term that runs ends, or the subscription ended; absent where it is paid once.
    #[schema(value_type = Option<String>, format = DateTime)]
    commitment_end_date: Option<Timestamp>,
    /// `active`, `suspended`, or `deleted`: cancelled for good.
    #[schema(example = "active")]
    status: &'static str,
    /// Whether it goes on with another term at the end of this one.
    auto_renew_enabled: bool,
    #[schema(example = false)]
    is_trial: bool,
    has_purchasable_addons: bool,
    #[schema(example = "license")]
    billing_type: &'static str,
    #[schema(example = "monthly")]
    billing_cycle: &'static str,
    /// The period for which it is paid; absent where it is paid once.
    #[schema(example = "P1M")]
    term_duration: Option<&'static str>,
    #[schema(example = "P1M")]
    renewal_term_duration: Option<&'static str>,
    #[schema(example = json!(["edit", "cancel"]))]
    actions: Vec<&'static str>,
    #[schema(example = "subscription")]
    contract_type: &'static str,
    /// The MPN id of the reseller of record.
    #[schema(example = "1234567")]
    partner_id: Option<String>,
    #[schema(example = json!([]))]
    suspension_reasons: Vec<&'static str>,
    #[schema(example = false)]
    attention_needed: bool,
    #[schema(example = false)]
    action_taken: bool,
    #[schema(value_type = Uuid)]
    order_id: OrderId,
    links: SubscriptionLinks,
    attributes: TaggedAttributes,
}

/// The links of a subscription.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SubscriptionLinks {
    offer: Link,
    parent_subscription: Option<Link>,
    #[serde(flatten)]
    catalogued: CatalogueLinks,
    #[serde(flatten)]
    own: SelfLinks,
}
