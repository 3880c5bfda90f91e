//! What one customer buys: through carts, of its own, with an add-on and an upgrade, and who stands
//! behind it.

use commands::{
    CancelCart, ChangeCart, ChangeOrder, ChangeRenewal, ChangeResellerOfRecord, ChangeSubscription,
    ChangeSupportContact, CheckOutCart, ConvertTrial, EndDelegatedAdmin, EndSubscription,
    ExpireCart, ForbidOwnPurchases, Offer, OpenCart, Permission, PermitOwnPurchases, ReviewCart,
    SubmitOrder, SubscriptionStatus, TRIAL_MONTHS, UpdateLicenses, UpgradeSubscription,
};
use events::{
    BillingCycle, CartId, CartLine, InvalidValue, MpnId, OrderId, OrderLine, PartnerId, Process,
    Quantity, SubscriptionId, Timestamp,
};

use super::{
    super::{catalogue::sample_catalogue, step::Step},
    Clients, relations,
    script::Script,
};
use crate::application::{Principal, RequestAnswer};

/// A forgotten cart is closed this many minutes after it was opened.
const FORGOTTEN_MINUTES: i64 = 20;

/// What the customer buys, and where it stands in the sample catalogue.
struct Goods {
    /// What small companies have.
    suite: Offer,
    /// What they grow into.
    enterprise: Offer,
    /// A mailbox.
    mailbox: Offer,
    /// Also for those who manage projects.
    project: Offer,
    /// An add-on to both suites.
    protection: Offer,
    /// What enterprises have to try it out.
    trial: Offer,
}

/// What the customer has.
struct Held {
    suite: SubscriptionId,
    project: SubscriptionId,
    /// When the terms of the latter began.
    since: Timestamp,
}

pub(super) fn scene(mut script: Script<'_>, clients: &Clients) -> Result<Vec<Step>, InvalidValue> {
    let provider = script.world.provider.id;
    let Some((goods, (_, reseller))) = Goods::of_the_sample().zip(script.reseller()) else {
        return Ok(Vec::new());
    };
    let (reseller, mpn_id) = (reseller.company.id, reseller.company.mpn_id.clone());
    script.at(60);
    let creation = clients.buyer.creation(provider, Some(reseller), &mut script)?;
    let by = script.provider(Permission::CustomersCreate);
    script.on_customer(by, clients.buyer.id, creation);
    let held = ordered_cart(&goods, &mpn_id, &mut script, clients)?;
    carts_that_came_to_nothing(&goods, &mut script, clients)?;
    tried_and_kept(&goods, &mut script, clients)?;
    tried_and_left(&goods, &held, &mut script, clients)?;
    grow(&goods, &held, &mut script, clients);
    stand_behind(&held, reseller, mpn_id, &mut script, clients)?;
    buy_for_itself(&goods, &mut script, clients)?;
    Ok(script.steps())
}

impl Goods {
    fn of_the_sample() -> Option<Self> {
        let catalogue = sample_catalogue();
        let [suite, _, enterprise, _, mailbox, project, _, protection, ..] = catalogue.offers()
        else {
            return None;
        };
        Some(Self {
            suite: suite.clone(),
            enterprise: enterprise.clone(),
            mailbox: mailbox.clone(),
            project: project.clone(),
            protection: protection.clone(),
            trial: catalogue.offers().iter().find(|offer| offer.is_trial())?.clone(),
        })
    }
}

/// A cart that is drafted, changed, reviewed and ordered, with an add-on to what is in it.
fn ordered_cart(
    goods: &Goods,
    mpn_id: &MpnId,
    script: &mut Script<'_>,
    clients: &Clients,
) -> Result<Held, InvalidValue> {
    let suite = line(0, &goods.suite, 20, script)?;
    let project = line(1, &goods.project, 3, script)?;
    let add_on = line(2, &goods.protection, 20, script)?;
    let (suite_id, project_id) = (suite.subscription_id, project.subscription_id);
    let suite = CartLine { partner_on_record: Some(mpn_id.clone()), ..suite };
    let project = CartLine { billing_cycle: BillingCycle::Annual, ..project };
    let add_on = CartLine { parent_subscription: Some(suite_id), ..add_on };
    let more = CartLine { quantity: Quantity::new(25)?, ..suite.clone() };
    let cart_id = open(vec![suite, project.clone()], script, clients);
    let lines = vec![more, project, add_on];
    let by = script.provider(Permission::SubscriptionsManage);
    script.on_customer(by, clients.buyer.id, ChangeCart { cart_id, lines });
    script.on_customer(by, clients.buyer.id, ReviewCart { cart_id });
    let order_ids = [(); 3].map(|()| script.id(OrderId::from_uuid));
    script.on_customer(by, clients.buyer.id, CheckOutCart { cart_id, order_ids, seen: None });
    let [monthly, annual, _] = order_ids;
    let more = OrderLine {
        line_number: 0,
        offer_id: goods.protection.id,
        subscription_id: script.id(SubscriptionId::from_uuid),
        quantity: Quantity::new(5)?,
        friendly_name: Some("Protection for the branch office".parse()?),
        partner_on_record: None,
        parent_subscription: Some(suite_id),
    };
    let extend = ChangeOrder { order_id: monthly, billing_cycle: None, lines: vec![more] };
    script.on_customer(by, clients.buyer.id, extend);
    let billing_cycle = Some(BillingCycle::Monthly);
    let rebill = ChangeOrder { order_id: annual, billing_cycle, lines: Vec::new() };
    let since = script.now();
    script.on_customer(by, clients.buyer.id, rebill);
    Ok(Held { suite: suite_id, project: project_id, since })
}

/// One cart is given up after its review, one is forgotten.
fn carts_that_came_to_nothing(
    goods: &Goods,
    script: &mut Script<'_>,
    clients: &Clients,
) -> Result<(), InvalidValue> {
    script.after_days(6);
    let lines = vec![line(0, &goods.mailbox, 40, script)?];
    let cart_id = open(lines, script, clients);
    let by = script.provider(Permission::SubscriptionsManage);
    script.on_customer(by, clients.buyer.id, ReviewCart { cart_id });
    script.on_customer(by, clients.buyer.id, CancelCart { cart_id });
    script.after_days(1);
    let lines = vec![line(0, &goods.mailbox, 10, script)?];
    let cart_id = open(lines, script, clients);
    script.after_minutes(FORGOTTEN_MINUTES);
    let expiry = Principal::System(Process::Expiry);
    script.on_customer(expiry, clients.buyer.id, ExpireCart { cart_id });
    Ok(())
}

/// A trial becomes what is paid for, for a few more.
fn tried_and_kept(
    goods: &Goods,
    script: &mut Script<'_>,
    clients: &Clients,
) -> Result<(), InvalidValue> {
    let trial = line(0, &goods.trial, 3, script)?;
    let subscription_id = trial.subscription_id;
    let cart_id = open(vec![trial], script, clients);
    let by = script.provider(Permission::SubscriptionsManage);
    let order_ids = [(); 3].map(|()| script.id(OrderId::from_uuid));
    script.on_customer(by, clients.buyer.id, CheckOutCart { cart_id, order_ids, seen: None });
    script.after_days(20);
    let (offer_id, quantity) = (goods.enterprise.id, Some(Quantity::new(5)?));
    let convert = ConvertTrial { subscription_id, offer_id, quantity };
    script.on_customer(by, clients.buyer.id, convert);
    Ok(())
}

/// A trial ends by itself; what is paid for was nearly not renewed.
fn tried_and_left(
    goods: &Goods,
    held: &Held,
    script: &mut Script<'_>,
    clients: &Clients,
) -> Result<(), InvalidValue> {
    let trial = line(0, &goods.trial, 2, script)?;
    let subscription_id = trial.subscription_id;
    let cart_id = open(vec![trial], script, clients);
    let by = script.provider(Permission::SubscriptionsManage);
    let order_ids = [(); 3].map(|()| script.id(OrderId::from_uuid));
    let over = script.now().plus_months(TRIAL_MONTHS);
    script.on_customer(by, clients.buyer.id, CheckOutCart { cart_id, order_ids, seen: None });
    for renews in [false, true] {
        script.after_days(2);
        let (subscription_id, terms_since) = (held.project, held.since);
        let change = ChangeRenewal { subscription_id, renews, terms_since };
        script.on_customer(by, clients.buyer.id, change);
    }
    script.at_moment(over);
    let terms = Principal::System(Process::Terms);
    script.on_customer(terms, clients.buyer.id, EndSubscription { subscription_id });
    Ok(())
}

fn open(lines: Vec<CartLine>, script: &mut Script<'_>, clients: &Clients) -> CartId {
    let cart_id = script.id(CartId::from_uuid);
    let partner_id = script.world.provider.id;
    let by = script.provider(Permission::SubscriptionsManage);
    script.on_customer(by, clients.buyer.id, OpenCart { cart_id, partner_id, lines });
    cart_id
}

/// The suite is upgraded with the seat that is in use; what is needed no more is cancelled.
fn grow(goods: &Goods, held: &Held, script: &mut Script<'_>, clients: &Clients) {
    script.at(250);
    let buyer = &clients.buyer;
    let seat = UpdateLicenses {
        user_ids: vec![buyer.admin],
        assign: vec![goods.suite.sku_id],
        remove: Vec::new(),
    };
    let by = script.provider(Permission::LicensesManage);
    script.on_customer(by, buyer.id, seat);
    script.after_days(3);
    let upgrade =
        UpgradeSubscription { subscription_id: held.suite, offer_id: goods.enterprise.id };
    let by = script.provider(Permission::SubscriptionsManage);
    script.on_customer(by, buyer.id, upgrade);
    script.at(560);
    let cancel = ChangeSubscription {
        subscription_id: held.project,
        quantity: None,
        status: Some(SubscriptionStatus::Cancelled),
        friendly_name: None,
    };
    script.on_customer(by, buyer.id, cancel);
}

/// The reseller is put on record and designated as support contact, until the customer ends the
/// provider's privileges; it grants them again when asked.
fn stand_behind(
    held: &Held,
    reseller: PartnerId,
    mpn_id: MpnId,
    script: &mut Script<'_>,
    clients: &Clients,
) -> Result<(), InvalidValue> {
    let (buyer, provider) = (&clients.buyer, script.world.provider.id);
    script.at(580);
    let by = script.provider(Permission::ResellersOfRecordManage);
    for mpn_id in [None, Some(mpn_id)] {
        let subscription_id = held.suite;
        script.on_customer(by, buyer.id, ChangeResellerOfRecord { subscription_id, mpn_id });
    }
    let designate = ChangeSupportContact { subscription_id: held.suite, contact: reseller };
    let by = script.provider(Permission::SupportContactsManage);
    script.on_customer(by, buyer.id, designate);
    script.after_days(8);
    script.on_customer(buyer.principal(), buyer.id, EndDelegatedAdmin { partner_id: provider });
    script.after_days(2);
    let by = script.provider(Permission::DelegatedAdminRequest);
    let invitation = relations::ask(by, &script.world.provider, buyer, true, script)?;
    script.after_days(1);
    relations::answer(buyer, invitation, RequestAnswer::Accept, script);
    script.after_days(1);
    let by = script.provider(Permission::SupportContactsManage);
    script.on_customer(by, buyer.id, designate);
    Ok(())
}

/// The customer may buy for itself, does, may not any more, and may again.
fn buy_for_itself(
    goods: &Goods,
    script: &mut Script<'_>,
    clients: &Clients,
) -> Result<(), InvalidValue> {
    script.at(700);
    let (buyer, partner_id) = (&clients.buyer, script.world.provider.id);
    let by = script.provider(Permission::OwnPurchasesManage);
    script.on_customer(by, buyer.id, PermitOwnPurchases { partner_id });
    script.after_days(4);
    let order = SubmitOrder {
        order_id: script.id(OrderId::from_uuid),
        partner_id,
        billing_cycle: BillingCycle::Monthly,
        lines: vec![OrderLine {
            line_number: 0,
            offer_id: goods.mailbox.id,
            subscription_id: script.id(SubscriptionId::from_uuid),
            quantity: Quantity::new(5)?,
            friendly_name: None,
            partner_on_record: None,
            parent_subscription: None,
        }],
    };
    script.on_customer(buyer.principal(), buyer.id, order);
    script.at(760);
    script.on_customer(by, buyer.id, ForbidOwnPurchases { partner_id });
    script.at(840);
    script.on_customer(by, buyer.id, PermitOwnPurchases { partner_id });
    Ok(())
}

fn line(
    line_number: u32,
    offer: &Offer,
    quantity: u32,
    script: &mut Script<'_>,
) -> Result<CartLine, InvalidValue> {
    Ok(CartLine {
        line_number,
        offer_id: offer.id,
        subscription_id: script.id(SubscriptionId::from_uuid),
        quantity: Quantity::new(quantity)?,
        billing_cycle: BillingCycle::Monthly,
        friendly_name: None,
        partner_on_record: None,
        parent_subscription: None,
    })
}
