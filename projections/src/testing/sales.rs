//! Orders, subscriptions and carts of tests.

use events::{
    BillingCycle, FriendlyName, OrderLine, OrderSubmitted, SubscriptionCreated, Timestamp,
};

use super::{cart, offer, order, partner, quantity, sku, subscription};

pub(crate) fn subscription_created(
    number: u128,
    product: u128,
    licenses: u32,
    seller: u128,
) -> SubscriptionCreated {
    SubscriptionCreated {
        subscription_id: subscription(number),
        order_id: order(number),
        partner_id: partner(seller),
        offer_id: offer(product),
        sku_id: sku(product),
        quantity: quantity(licenses),
        billing_cycle: BillingCycle::Monthly,
        friendly_name: FriendlyName::new("Seats").unwrap(),
        partner_on_record: None,
        parent_subscription: None,
        terms: None,
    }
}

pub(crate) fn order_submitted(number: u128, product: u128, seller: u128) -> OrderSubmitted {
    let line = OrderLine {
        line_number: 0,
        offer_id: offer(product),
        subscription_id: subscription(number),
        quantity: quantity(5),
        friendly_name: None,
        partner_on_record: None,
        parent_subscription: None,
    };
    OrderSubmitted {
        order_id: order(number),
        partner_id: partner(seller),
        billing_cycle: BillingCycle::Monthly,
        lines: vec![line],
    }
}

/// What was agreed about an offer of this name.
pub(crate) fn terms(name: &str) -> events::SaleTerms {
    let unit_price = events::Money { currency: "USD".parse().unwrap(), minor_units: 500 };
    events::SaleTerms {
        offer_name: name.parse().unwrap(),
        product_name: name.parse().unwrap(),
        family: events::ProductFamily::Other,
        minimum_quantity: 1,
        maximum_quantity: 100,
        unit_price,
    }
}

/// A cart with five licences of a product.
pub(crate) fn cart_opened(number: u128, seller: u128, expires_at: Timestamp) -> events::CartOpened {
    let line = events::CartLine {
        line_number: 0,
        offer_id: offer(5),
        subscription_id: subscription(number),
        quantity: quantity(5),
        billing_cycle: BillingCycle::Monthly,
        friendly_name: None,
        partner_on_record: None,
        parent_subscription: None,
    };
    let (cart_id, partner_id) = (cart(number), partner(seller));
    events::CartOpened { cart_id, partner_id, lines: vec![line], expires_at }
}
