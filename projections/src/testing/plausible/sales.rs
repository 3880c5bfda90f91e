//! What may happen to subscriptions and carts.

use events::{
    CartCancelled, CartChanged, CartCheckedOut, CartExpired, CartReviewed, CustomerUserId,
    FallbackCause, MpnId, ResellerOfRecordChanged, SkuId, SubscriptionCancelled,
    SubscriptionRenewalResumed, SubscriptionRenewalStopped, SubscriptionUpgraded,
    SupportContactChanged, SupportContactFellBack, Timestamp,
};

use crate::testing::{
    History, cart, cart_opened, customer, offer, order, partner, sku, subscription, terms,
};

/// The active users of a customer with a seat of a product.
fn holders(history: &History, company: u128, sku: SkuId) -> Vec<CustomerUserId> {
    let users = history.model.customer_users().active(customer(company));
    users.filter(|row| row.licenses.contains(&sku)).map(|row| row.id).collect()
}

pub(super) fn change(history: &mut History, company: u128, number: u128, choice: u8) {
    let (stream, subscription_id) = (customer(company), subscription(number));
    let Some(row) = history.model.subscriptions().get(stream, subscription_id).cloned() else {
        return;
    };
    if row.state.is_cancelled() {
        return;
    }
    let designated = history.model.support_contacts().designated(stream, subscription_id);
    match choice % 6 {
        0 => upgrade(history, company, number, row.sku),
        1 if choice.is_multiple_of(5) => {
            let released = holders(history, company, row.sku);
            let sku_id = row.sku;
            history.then(stream, SubscriptionCancelled { subscription_id, sku_id, released });
        }
        1 | 2 => {
            let new = [None, MpnId::new("1002").ok(), MpnId::new("1003").ok()];
            let new = new[usize::from(choice % 3)].clone();
            let old = row.partner_on_record;
            history.then(stream, ResellerOfRecordChanged { subscription_id, old, new });
        }
        2.. if choice >= 200 => renewal(history, company, number, row.ends_at),
        3 | 4 => {
            let (seller, new) = (row.partner, partner(2 + u128::from(choice % 2)));
            let old = designated.unwrap_or(seller);
            history.then(stream, SupportContactChanged { subscription_id, seller, old, new });
        }
        _ => {
            let (Some(old), new) = (designated, row.partner) else { return };
            let cause = FallbackCause::ResellerRemoved;
            history.then(stream, SupportContactFellBack { subscription_id, old, new, cause });
        }
    }
}

fn renewal(history: &mut History, company: u128, number: u128, ends_at: Option<Timestamp>) {
    let (stream, subscription_id) = (customer(company), subscription(number));
    if ends_at.is_some() {
        history.then(stream, SubscriptionRenewalResumed { subscription_id });
    } else {
        let ends_at = history.now.plus_months(1);
        history.then(stream, SubscriptionRenewalStopped { subscription_id, ends_at });
    }
}

fn upgrade(history: &mut History, company: u128, number: u128, old_sku_id: SkuId) {
    let to = u128::from(old_sku_id == sku(0));
    let having = holders(history, company, sku(to));
    let (released, moved) =
        holders(history, company, old_sku_id).into_iter().partition(|user| having.contains(user));
    let event = SubscriptionUpgraded {
        subscription_id: subscription(number),
        old_offer_id: offer(1 - to),
        new_offer_id: offer(to),
        old_sku_id,
        new_sku_id: sku(to),
        terms: terms("Mail"),
        moved,
        released,
    };
    history.then(customer(company), event);
}

pub(super) fn draft(history: &mut History, company: u128, number: u128, choice: u8) {
    let (stream, cart_id) = (customer(company), cart(number));
    let expires_at = history.now.plus_hours(1);
    let Some(row) = history.model.carts().get(stream, cart_id) else {
        if history.model.customers().get(stream).is_some() {
            history.then(stream, cart_opened(number, u128::from(choice % 2), expires_at));
        }
        return;
    };
    if !row.is_open(Timestamp::EPOCH) {
        return;
    }
    let lines = row.lines.to_vec();
    match choice % 5 {
        0 => history.then(stream, CartChanged { cart_id, lines, expires_at }),
        1 => history.then(stream, CartReviewed { cart_id, unit_prices: Vec::new() }),
        2 => history.then(stream, CartCheckedOut { cart_id, order_ids: vec![order(number)] }),
        3 => history.then(stream, CartCancelled { cart_id }),
        _ => history.then(stream, CartExpired { cart_id }),
    };
}
