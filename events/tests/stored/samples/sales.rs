//! Carts, upgrades, cancellations, resellers of record, support contacts.

use events::{
    BillingCycle, CartCancelled, CartChanged, CartCheckedOut, CartExpired, CartId, CartLine,
    CartOpened, CartReviewed, CustomerEvent, CustomerUserId, FallbackCause, Money, OfferId,
    OrderExtended, OrderId, OrderLine, OrderRebilled, OrderSubmitted, PartnerId, ProductFamily,
    RebilledSubscription, ResellerOfRecordChanged, SaleTerms, SkuId, SubscriptionCancelled,
    SubscriptionCreated, SubscriptionId, SubscriptionQuantityChanged, SubscriptionReactivated,
    SubscriptionRenamed, SubscriptionRenewalResumed, SubscriptionRenewalStopped,
    SubscriptionSuspended, SubscriptionUpgraded, SupportContactChanged, SupportContactFellBack,
    TrialConverted,
};

use crate::draw::Draw;

pub(super) fn parent(draw: &mut Draw) -> Option<SubscriptionId> {
    draw.option(|draw| id!(draw, SubscriptionId))
}

fn money(draw: &mut Draw) -> Money {
    Money { currency: draw.text("USD"), minor_units: u64::from(draw.number()) }
}

pub(super) fn terms(draw: &mut Draw) -> SaleTerms {
    SaleTerms {
        offer_name: draw.text("Mail for small companies"),
        product_name: draw.text("Mail"),
        family: draw.pick(&ProductFamily::ALL),
        minimum_quantity: draw.number(),
        maximum_quantity: draw.number(),
        unit_price: money(draw),
    }
}

fn line(draw: &mut Draw) -> CartLine {
    CartLine {
        line_number: draw.number(),
        offer_id: id!(draw, OfferId),
        subscription_id: id!(draw, SubscriptionId),
        quantity: draw.quantity(),
        billing_cycle: draw.pick(&BillingCycle::ALL),
        friendly_name: draw.option(|draw| draw.text("Front desk")),
        partner_on_record: draw.option(|draw| draw.text("1002")),
        parent_subscription: parent(draw),
    }
}

pub(super) fn events(draw: &mut Draw) -> Vec<CustomerEvent> {
    let mut events = carts(draw);
    events.extend(subscriptions(draw));
    events.extend(changed_orders(&mut draw.apart()));
    events
}

fn changed_orders(draw: &mut Draw) -> Vec<CustomerEvent> {
    let (order_id, partner_id) = (id!(draw, OrderId), id!(draw, PartnerId));
    vec![
        OrderExtended { order_id, partner_id, lines: draw.several(order_line) }.into(),
        OrderRebilled {
            order_id,
            partner_id,
            old: draw.pick(&BillingCycle::ALL),
            new: draw.pick(&BillingCycle::ALL),
            subscriptions: draw.several(|draw| RebilledSubscription {
                subscription_id: id!(draw, SubscriptionId),
                terms: terms(draw),
            }),
        }
        .into(),
        TrialConverted {
            subscription_id: id!(draw, SubscriptionId),
            old_offer_id: id!(draw, OfferId),
            new_offer_id: id!(draw, OfferId),
            sku_id: id!(draw, SkuId),
            terms: terms(draw),
        }
        .into(),
    ]
}

fn order_line(draw: &mut Draw) -> OrderLine {
    OrderLine {
        line_number: draw.number(),
        offer_id: id!(draw, OfferId),
        subscription_id: id!(draw, SubscriptionId),
        quantity: draw.quantity(),
        friendly_name: draw.option(|draw| draw.text("Front desk")),
        partner_on_record: draw.option(|draw| draw.text("1002")),
        parent_subscription: parent(&mut draw.apart()),
    }
}

fn carts(draw: &mut Draw) -> Vec<CustomerEvent> {
    let cart_id = id!(draw, CartId);
    vec![
        CartOpened {
            cart_id,
            partner_id: id!(draw, PartnerId),
            lines: draw.several(line),
            expires_at: draw.moment(),
        }
        .into(),
        CartChanged { cart_id, lines: draw.several(line), expires_at: draw.moment() }.into(),
        CartReviewed { cart_id, unit_prices: draw.several(money) }.into(),
        CartCheckedOut { cart_id, order_ids: draw.several(|draw| id!(draw, OrderId)) }.into(),
        CartCancelled { cart_id }.into(),
        CartExpired { cart_id }.into(),
    ]
}

fn subscriptions(draw: &mut Draw) -> Vec<CustomerEvent> {
    let subscription_id = id!(draw, SubscriptionId);
    let (old, new) = (id!(draw, PartnerId), id!(draw, PartnerId));
    let causes = [
        FallbackCause::PartnershipEnded,
        FallbackCause::ResellerRemoved,
        FallbackCause::PrivilegesEnded,
        FallbackCause::RelationshipEnded,
    ];
    vec![
        SubscriptionUpgraded {
            subscription_id,
            old_offer_id: id!(draw, OfferId),
            new_offer_id: id!(draw, OfferId),
            old_sku_id: id!(draw, SkuId),
            new_sku_id: id!(draw, SkuId),
            terms: terms(draw),
            moved: draw.several(|draw| id!(draw, CustomerUserId)),
            released: draw.several(|draw| id!(draw, CustomerUserId)),
        }
        .into(),
        SubscriptionRenewalStopped { subscription_id, ends_at: draw.apart().moment() }.into(),
        SubscriptionRenewalResumed { subscription_id }.into(),
        SubscriptionCancelled {
            subscription_id,
            sku_id: id!(draw, SkuId),
            released: draw.several(|draw| id!(draw, CustomerUserId)),
        }
        .into(),
        ResellerOfRecordChanged {
            subscription_id,
            old: draw.option(|draw| draw.text("1002")),
            new: draw.option(|draw| draw.text("1003")),
        }
        .into(),
        SupportContactChanged { subscription_id, seller: id!(draw, PartnerId), old, new }.into(),
        SupportContactFellBack { subscription_id, old, new, cause: draw.pick(&causes) }.into(),
    ]
}

/// Orders and subscriptions, drawn with the samples that came first.
pub(super) fn sold(draw: &mut Draw) -> Vec<CustomerEvent> {
    let subscription_id = id!(draw, SubscriptionId);
    let order_id = id!(draw, OrderId);
    let partner_id = id!(draw, PartnerId);
    let cycles = [BillingCycle::Monthly, BillingCycle::OneTime, BillingCycle::Annual];
    vec![
        OrderSubmitted {
            order_id,
            partner_id,
            billing_cycle: draw.pick(&cycles),
            lines: draw.several(order_line),
        }
        .into(),
        SubscriptionCreated {
            subscription_id,
            order_id,
            partner_id,
            offer_id: id!(draw, OfferId),
            sku_id: id!(draw, SkuId),
            quantity: draw.quantity(),
            billing_cycle: draw.pick(&cycles),
            friendly_name: draw.text("Front desk"),
            partner_on_record: draw.option(|draw| draw.text("1002")),
            parent_subscription: parent(&mut draw.apart()),
            terms: draw.apart().option(terms),
        }
        .into(),
        SubscriptionRenamed { subscription_id, friendly_name: draw.text("Back office") }.into(),
        SubscriptionQuantityChanged { subscription_id, old: draw.quantity(), new: draw.quantity() }
            .into(),
        SubscriptionSuspended { subscription_id }.into(),
        SubscriptionReactivated { subscription_id }.into(),
    ]
}
