//! Orders, carts, subscriptions, and who stands behind them.

use commands::{
    CancelCart, ChangeCart, ChangeOrder, ChangeRenewal, ChangeResellerOfRecord, ChangeSubscription,
    ChangeSupportContact, CheckOutCart, ConvertTrial, CustomerCommand, EndSubscription, ExpireCart,
    OpenCart, ReviewCart, SubmitOrder, SubscriptionStatus, UpgradeSubscription,
};
use events::{
    BillingCycle, CartId, CartLine, CustomerId, FriendlyName, MpnId, OfferId, OrderId, OrderLine,
    PartnerId, Process, Quantity, SubscriptionId, Timestamp,
};

use crate::{
    scene::{By, Scene},
    task::Task,
};

pub(super) fn any(scene: &mut Scene<'_>) -> Option<(By, Task)> {
    if let Some((customer, subscription_id)) = over(scene).filter(|_| scene.dice.one_in(4)) {
        let end = EndSubscription { subscription_id };
        return Some((By::Process(Process::Terms), Task::Customer(customer, end.into())));
    }
    let customer = scene.customer()?;
    let seller = scene.partner_of(customer);
    let employee = By::Employee(seller);
    let (by, command): (By, CustomerCommand) = match scene.dice.below(40) {
        0..=6 => {
            let by = if scene.dice.one_in(4) { By::Company(customer) } else { employee };
            (by, order(scene, customer, seller).into())
        }
        7..=9 => {
            let (by, command) = change_order(scene, customer);
            (by, command.into())
        }
        10..=15 => {
            let (by, command) = change(scene, customer);
            (by, command.into())
        }
        16..=18 => {
            let (by, command) = upgrade(scene, customer);
            (by, command.into())
        }
        19 if scene.dice.one_in(2) => {
            let (by, command) = convert(scene, customer);
            (by, command.into())
        }
        19 => renewal(scene, customer),
        20..=22 => (employee, open(scene, customer, seller).into()),
        23..=32 => return about_cart(scene, customer),
        33..=35 => {
            let (by, subscription_id) = sold(scene, customer);
            let mpn_id = (!scene.dice.one_in(4)).then(|| mpn_id(scene));
            (by, ChangeResellerOfRecord { subscription_id, mpn_id }.into())
        }
        _ => {
            let (by, subscription_id) = sold(scene, customer);
            let (seller, reseller) = (scene.partner_of(customer), scene.reseller());
            let contact = if scene.dice.one_in(4) { seller } else { reseller };
            (by, ChangeSupportContact { subscription_id, contact }.into())
        }
    };
    Some((by, Task::Customer(customer, command)))
}

/// A subscription, and somebody who may be managing it.
fn sold(scene: &mut Scene<'_>, customer: CustomerId) -> (By, SubscriptionId) {
    let held = scene.plain.customers.get(&customer).into_iter().flat_map(|it| &it.subscriptions);
    let held: Vec<_> = held.map(|(id, it)| (*id, it.seller)).collect();
    let unknown = (scene.world.id(SubscriptionId::from_uuid), scene.world.partners[0]);
    let picked = if scene.dice.one_in(30) { None } else { scene.dice.pick(&held) };
    let (id, seller) = picked.unwrap_or(unknown);
    let by = match scene.dice.below(6) {
        0 => scene.reseller(),
        1 => scene.partner_of(customer),
        _ => seller,
    };
    (By::Employee(by), id)
}

fn mpn_id(scene: &mut Scene<'_>) -> MpnId {
    let reseller = scene.reseller();
    let known = scene.plain.partners.get(&reseller).map(|partner| partner.mpn_id.clone());
    let unknown = || MpnId::new("999").unwrap();
    known.filter(|_| !scene.dice.one_in(16)).unwrap_or_else(unknown)
}

/// One of the offers; the first ones, which have upgrades and add-ons, more often.
fn offer(scene: &mut Scene<'_>) -> OfferId {
    let offers: Vec<_> = scene.world.app.catalogue().offers().iter().map(|it| it.id).collect();
    if scene.dice.one_in(10) {
        let trials = scene.world.app.catalogue().offers().iter().filter(|it| it.is_trial());
        let trials: Vec<_> = trials.map(|it| it.id).collect();
        return scene.known(&trials, OfferId::from_uuid);
    }
    let first = if scene.dice.one_in(3) { offers.len() } else { 3 };
    scene.known(&offers[..first], OfferId::from_uuid)
}

/// A line, an add-on to something where it is one.
pub(crate) fn line(
    scene: &mut Scene<'_>,
    customer: CustomerId,
    number: u32,
    before: &[(SubscriptionId, OfferId)],
) -> OrderLine {
    let offer_id = offer(scene);
    let catalogue = scene.world.app.catalogue();
    let parents = catalogue.offers().iter().find(|it| it.id == offer_id);
    let parents = parents.map(|it| it.parents.clone()).unwrap_or_default();
    let held = scene.plain.customers.get(&customer).into_iter().flat_map(|it| &it.subscriptions);
    let held = held.map(|(id, it)| (*id, it.offer)).chain(before.iter().copied());
    let fitting: Vec<_> =
        held.clone().filter(|it| parents.contains(&it.1)).map(|(id, _)| id).collect();
    let any: Vec<_> = held.map(|(id, _)| id).collect();
    let meant = if scene.dice.one_in(12) { any.clone() } else { fitting };
    let is_meant = !parents.is_empty() || scene.dice.one_in(20);
    let quantity = 1 + u32::try_from(scene.dice.below(6)).unwrap_or(0);
    let mpn_id = mpn_id(scene);
    OrderLine {
        line_number: if scene.dice.one_in(40) { number + 1 } else { number },
        offer_id,
        subscription_id: scene.fresh(&any, SubscriptionId::from_uuid),
        quantity: Quantity::new(quantity).unwrap(),
        friendly_name: None,
        partner_on_record: scene.dice.one_in(6).then_some(mpn_id),
        parent_subscription: if is_meant { scene.dice.pick(&meant) } else { None },
    }
}

fn cycle(scene: &mut Scene<'_>) -> BillingCycle {
    let cycles = [
        BillingCycle::Monthly,
        BillingCycle::Monthly,
        BillingCycle::Monthly,
        BillingCycle::Annual,
        BillingCycle::Annual,
        BillingCycle::OneTime,
    ];
    scene.dice.pick(&cycles).unwrap_or(BillingCycle::Monthly)
}

fn lines(scene: &mut Scene<'_>, customer: CustomerId) -> Vec<OrderLine> {
    let count = [1, 1, 1, 1, 2, 2, 3, 0][scene.dice.below(8)];
    let mut lines = Vec::<OrderLine>::new();
    for number in 0..count {
        let before: Vec<_> = lines.iter().map(|it| (it.subscription_id, it.offer_id)).collect();
        lines.push(line(scene, customer, number, &before));
    }
    lines
}

fn order(scene: &mut Scene<'_>, customer: CustomerId, partner_id: PartnerId) -> SubmitOrder {
    SubmitOrder {
        order_id: scene.world.id(OrderId::from_uuid),
        partner_id,
        billing_cycle: cycle(scene),
        lines: lines(scene, customer),
    }
}

/// Bills an order otherwise, buys add-ons to what is in it, or both.
fn change_order(scene: &mut Scene<'_>, customer: CustomerId) -> (By, ChangeOrder) {
    let (by, subscription) = sold(scene, customer);
    let held = scene.plain.customers.get(&customer);
    let known = held.and_then(|it| it.subscriptions.get(&subscription)).map(|it| it.order);
    let order_id = known.unwrap_or_else(|| scene.world.id(OrderId::from_uuid));
    let held: Vec<_> = held.map(|it| it.of_order(order_id)).unwrap_or_default();
    let held: Vec<_> = held.into_iter().map(|(id, it)| (id, it.offer)).collect();
    let billing_cycle = scene.dice.one_in(2).then(|| cycle(scene));
    let count = u32::from(billing_cycle.is_none() || scene.dice.one_in(4));
    let lines = (0..count).map(|number| add_on(scene, customer, number, &held)).collect();
    (by, ChangeOrder { order_id, billing_cycle, lines })
}

/// A line that is mostly an add-on to something among these.
fn add_on(
    scene: &mut Scene<'_>,
    customer: CustomerId,
    number: u32,
    held: &[(SubscriptionId, OfferId)],
) -> OrderLine {
    let any = line(scene, customer, number, &[]);
    let offers = scene.world.app.catalogue().offers().iter();
    let fitting: Vec<_> = offers
        .flat_map(|add_on| held.iter().map(move |(id, offer)| (add_on, *id, *offer)))
        .filter(|(add_on, _, offer)| add_on.parents.contains(offer))
        .map(|(add_on, id, _)| (add_on.id, id))
        .collect();
    let picked = if scene.dice.one_in(8) { None } else { scene.dice.pick(&fitting) };
    let Some((offer_id, parent)) = picked else { return any };
    OrderLine { offer_id, parent_subscription: Some(parent), ..any }
}

fn change(scene: &mut Scene<'_>, customer: CustomerId) -> (By, ChangeSubscription) {
    let (by, subscription_id) = sold(scene, customer);
    let quantity = Quantity::new(1 + u32::try_from(scene.dice.below(7)).unwrap_or(0)).unwrap();
    let (mut status, mut friendly_name) = (None, None);
    let held = scene.plain.customers.get(&customer).map(|it| &it.subscriptions);
    let held = held.and_then(|it| it.get(&subscription_id)).map(|it| it.status);
    let is_suspended = held == Some(SubscriptionStatus::Suspended);
    let kind = if is_suspended && scene.dice.one_in(2) { 6 } else { scene.dice.below(12) };
    let quantity = match kind {
        0..=3 => Some(quantity),
        4..=5 => {
            status = Some(SubscriptionStatus::Suspended);
            None
        }
        6..=8 => {
            status = Some(SubscriptionStatus::Active);
            scene.dice.one_in(3).then_some(quantity)
        }
        9 => {
            status = Some(SubscriptionStatus::Cancelled);
            None
        }
        _ => {
            friendly_name = Some(FriendlyName::new("Ours").unwrap());
            scene.dice.one_in(3).then_some(quantity)
        }
    };
    (by, ChangeSubscription { subscription_id, quantity, status, friendly_name })
}

fn upgrade(scene: &mut Scene<'_>, customer: CustomerId) -> (By, UpgradeSubscription) {
    let (by, subscription_id) = sold(scene, customer);
    let held = scene.plain.customers.get(&customer).map(|it| &it.subscriptions);
    let held = held.and_then(|it| it.get(&subscription_id)).map(|it| it.offer);
    let offers = scene.world.app.catalogue().offers();
    let from = offers.iter().find(|it| Some(it.id) == held);
    let targets: Vec<_> = from.into_iter().flat_map(|it| &it.upgrades).map(|it| it.to).collect();
    let any = offer(scene);
    let picked = if scene.dice.one_in(10) { None } else { scene.dice.pick(&targets) };
    (by, UpgradeSubscription { subscription_id, offer_id: picked.unwrap_or(any) })
}

/// A subscription whose last term is over.
fn over(scene: &Scene<'_>) -> Option<(CustomerId, SubscriptionId)> {
    let now = scene.now;
    scene.plain.customers.iter().find_map(|(customer, state)| {
        let is_over = |ends_at: Option<Timestamp>| ends_at.is_some_and(|end| end <= now);
        let (id, _) = state.subscriptions.iter().find(|(_, held)| is_over(held.ends_at))?;
        Some((*customer, *id))
    })
}

/// Stops the renewal of a subscription or resumes it, or its term is over.
fn renewal(scene: &mut Scene<'_>, customer: CustomerId) -> (By, CustomerCommand) {
    let (by, any) = sold(scene, customer);
    let held = scene.plain.customers.get(&customer).into_iter().flat_map(|it| &it.subscriptions);
    let ending: Vec<_> =
        held.filter(|(_, it)| it.ends_at.is_some()).map(|(id, it)| (*id, it.seller)).collect();
    let picked = scene.dice.pick(&ending).filter(|_| scene.dice.one_in(2));
    if scene.dice.one_in(3) {
        let subscription_id = picked.map_or(any, |(id, _)| id);
        return (By::Process(Process::Terms), EndSubscription { subscription_id }.into());
    }
    let (by, subscription_id) = picked.map_or((by, any), |(id, it)| (By::Employee(it), id));
    let held = scene.plain.customers.get(&customer).map(|it| &it.subscriptions);
    let held = held.and_then(|it| it.get(&subscription_id));
    let terms_since = held.map_or(Timestamp::EPOCH, |it| it.terms_since);
    let renews = scene.dice.one_in(2);
    (by, ChangeRenewal { subscription_id, renews, terms_since }.into())
}

/// Converts a trial, or something that is none.
fn convert(scene: &mut Scene<'_>, customer: CustomerId) -> (By, ConvertTrial) {
    let (by, any) = sold(scene, customer);
    let offers = scene.world.app.catalogue().offers();
    let targets = |id: OfferId| {
        let offer = offers.iter().find(|it| it.id == id);
        offer.map(|it| it.conversions.clone()).unwrap_or_default()
    };
    let held = scene.plain.customers.get(&customer).into_iter().flat_map(|it| &it.subscriptions);
    let trials: Vec<_> = held
        .flat_map(|(id, it)| targets(it.offer).into_iter().map(|to| (*id, it.seller, to)))
        .collect();
    let quantity = Quantity::new(1 + u32::try_from(scene.dice.below(7)).unwrap_or(0)).unwrap();
    let quantity = scene.dice.one_in(2).then_some(quantity);
    let picked = if scene.dice.one_in(8) { None } else { scene.dice.pick(&trials) };
    let Some((subscription_id, seller, offer_id)) = picked else {
        let offer_id = offer(scene);
        return (by, ConvertTrial { subscription_id: any, offer_id, quantity });
    };
    (By::Employee(seller), ConvertTrial { subscription_id, offer_id, quantity })
}

fn cart_lines(scene: &mut Scene<'_>, customer: CustomerId) -> Vec<CartLine> {
    let cycle = cycle(scene);
    let other = self::cycle(scene);
    let line = |line: OrderLine| CartLine {
        line_number: line.line_number,
        offer_id: line.offer_id,
        subscription_id: line.subscription_id,
        quantity: line.quantity,
        billing_cycle: if line.line_number == 1 { other } else { cycle },
        friendly_name: line.friendly_name,
        partner_on_record: line.partner_on_record,
        parent_subscription: line.parent_subscription,
    };
    lines(scene, customer).into_iter().map(line).collect()
}

fn open(scene: &mut Scene<'_>, customer: CustomerId, partner_id: PartnerId) -> OpenCart {
    let carts = scene.plain.customers.get(&customer).into_iter().flat_map(|it| it.carts.keys());
    let carts: Vec<_> = carts.copied().collect();
    let cart_id = scene.fresh(&carts, CartId::from_uuid);
    OpenCart { cart_id, partner_id, lines: cart_lines(scene, customer) }
}

/// Something about a cart, of whichever customer has one that is open.
fn about_cart(scene: &mut Scene<'_>, customer: CustomerId) -> Option<(By, Task)> {
    let drafting = scene.plain.customers.iter();
    let drafting: Vec<_> = drafting
        .filter(|(_, it)| it.carts.values().any(crate::model::Cart::is_open))
        .map(|(id, _)| *id)
        .collect();
    let customer = scene.dice.pick(&drafting).unwrap_or(customer);
    let carts = &scene.plain.customers.get(&customer)?.carts;
    let of = |open: bool| -> Vec<_> {
        let carts = carts.iter().filter(|(_, it)| !open || it.is_open());
        carts.map(|(id, it)| (*id, it.seller)).collect()
    };
    let (open, any) = (of(true), of(false));
    let open = if scene.dice.one_in(10) { None } else { scene.dice.pick(&open) };
    let picked = open.or_else(|| scene.dice.pick(&any));
    let unknown = (scene.world.id(CartId::from_uuid), scene.world.partners[0]);
    let (cart_id, seller) = picked.unwrap_or(unknown);
    let by = By::Employee(if scene.dice.one_in(10) { scene.partner() } else { seller });
    let (by, command): (By, CustomerCommand) = match scene.dice.below(12) {
        0..=1 => {
            let held = scene.plain.customers[&customer].carts.get(&cart_id);
            let same = held.map(|cart| cart.lines.clone()).unwrap_or_default();
            let other = cart_lines(scene, customer);
            let lines = if scene.dice.one_in(4) { same } else { other };
            (by, ChangeCart { cart_id, lines }.into())
        }
        2..=3 => (by, ReviewCart { cart_id }.into()),
        4..=8 => {
            let order_ids = [(); 3].map(|()| scene.world.id(OrderId::from_uuid));
            let held = scene.plain.customers[&customer].carts.get(&cart_id);
            let revision = held.map_or(0, |cart| cart.revision);
            let seen = match scene.dice.below(8) {
                0..=3 => None,
                4 => Some(revision + 1),
                _ => Some(revision),
            };
            (by, CheckOutCart { cart_id, order_ids, seen }.into())
        }
        9 => (by, CancelCart { cart_id }.into()),
        _ => (By::Process(Process::Expiry), ExpireCart { cart_id }.into()),
    };
    Some((by, Task::Customer(customer, command)))
}
