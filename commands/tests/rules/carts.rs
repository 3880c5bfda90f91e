use commands::{
    CART_LIFE_MINUTES, CancelCart, Catalogue, ChangeCart, CheckOutCart, Customer, CustomerCommand,
    ExpireCart, Offer, OpenCart, Price, Rejection, ReviewCart, SaleRejection, scenario::Scenario,
};
use events::{
    Actor, BillingCycle, CartCancelled, CartChanged, CartCheckedOut, CartExpired, CartId, CartLine,
    CartOpened, CartReviewed, CustomerEvent, OfferId, OrderLine, OrderSubmitted, Process,
    SubscriptionCreated, Timestamp,
};
use uuid::Uuid;

use crate::samples::{
    ARCHIVE_OFFER, MAIL, MAIL_OFFER, OLD_OFFER, PROVIDER, PURGE, RESELLER, STRANGER, VOICE,
    VOICE_OFFER, catalogue, contoso, contoso_with_reseller, just_before, line, money, order_id,
    quantity, somebody_of, subscription, terms,
};

const EXPIRY: Actor = Actor::System(Process::Expiry);
const CART: CartId = CartId::from_uuid(Uuid::from_u128(0xa001));
const REVIEW: ReviewCart = ReviewCart { cart_id: CART };
const CANCEL: CancelCart = CancelCart { cart_id: CART };
const EXPIRE: ExpireCart = ExpireCart { cart_id: CART };
const CHECK_OUT: CheckOutCart =
    CheckOutCart { cart_id: CART, order_ids: [order_id(1), order_id(2), order_id(3)], seen: None };

fn item(line_number: u32, offer_id: OfferId, number: u32) -> CartLine {
    CartLine {
        line_number,
        offer_id,
        subscription_id: subscription(u128::from(line_number) + 1),
        quantity: quantity(number),
        billing_cycle: BillingCycle::Annual,
        friendly_name: None,
        partner_on_record: None,
        parent_subscription: None,
    }
}

fn open(lines: Vec<CartLine>) -> OpenCart {
    OpenCart { cart_id: CART, partner_id: PROVIDER, lines }
}

fn change(lines: Vec<CartLine>) -> ChangeCart {
    ChangeCart { cart_id: CART, lines }
}

/// The end of a cart opened at the beginning.
fn end() -> Timestamp {
    Timestamp::EPOCH.plus_seconds(CART_LIFE_MINUTES * 60)
}

fn mail_cart() -> Scenario<Customer> {
    contoso().after(open(vec![item(0, MAIL_OFFER, 5)]))
}

fn mail_subscription() -> SubscriptionCreated {
    SubscriptionCreated {
        subscription_id: subscription(1),
        order_id: order_id(2),
        partner_id: PROVIDER,
        offer_id: MAIL_OFFER,
        sku_id: MAIL,
        quantity: quantity(5),
        billing_cycle: BillingCycle::Annual,
        friendly_name: "Mail".parse().unwrap(),
        partner_on_record: None,
        parent_subscription: None,
        terms: Some(terms("Mail", 1, 100)),
    }
}

fn annual_order(lines: Vec<OrderLine>) -> CustomerEvent {
    OrderSubmitted {
        order_id: order_id(2),
        partner_id: PROVIDER,
        billing_cycle: BillingCycle::Annual,
        lines,
    }
    .into()
}

/// The catalogue with another price of everything.
fn dearer() -> Catalogue {
    let raised = |price: &Price| Price { unit_price: money(9_999), ..price.clone() };
    let catalogue = catalogue();
    let offers = catalogue
        .offers()
        .iter()
        .map(|offer| Offer { prices: offer.prices.iter().map(raised).collect(), ..offer.clone() });
    Catalogue::new(offers.collect())
}

#[test]
fn a_draft_sells_nothing() {
    let lines = || vec![item(0, MAIL_OFFER, 5), item(1, VOICE_OFFER, 5)];
    let scenario = contoso().when(open(lines().into_iter().rev().collect())).then([CartOpened {
        cart_id: CART,
        partner_id: PROVIDER,
        lines: lines(),
        expires_at: end(),
    }]);
    assert_eq!(scenario.state().subscriptions().count(), 0);
}

#[test]
fn a_draft_is_changed_reviewed_and_ordered() {
    let lines = vec![item(0, MAIL_OFFER, 5)];
    contoso()
        .after(open(vec![item(0, VOICE_OFFER, 5)]))
        .at(Timestamp::EPOCH.plus_seconds(60))
        .when(change(lines.clone()))
        .then([CartChanged { cart_id: CART, lines, expires_at: end().plus_seconds(60) }])
        .when(REVIEW)
        .then([CartReviewed { cart_id: CART, unit_prices: vec![money(5_000)] }])
        .when(REVIEW)
        .then_nothing()
        .when(CHECK_OUT)
        .then::<CustomerEvent>([
            annual_order(vec![line(0, MAIL_OFFER, 5)]),
            mail_subscription().into(),
            CartCheckedOut { cart_id: CART, order_ids: vec![order_id(2)] }.into(),
        ]);
}

#[test]
fn a_change_without_a_difference_is_none() {
    mail_cart().after(REVIEW).when(change(vec![item(0, MAIL_OFFER, 5)])).then_nothing();
}

#[test]
fn what_nobody_reviewed_is_reviewed_by_ordering_it() {
    mail_cart().when(CHECK_OUT).then::<CustomerEvent>([
        CartReviewed { cart_id: CART, unit_prices: vec![money(5_000)] }.into(),
        annual_order(vec![line(0, MAIL_OFFER, 5)]),
        mail_subscription().into(),
        CartCheckedOut { cart_id: CART, order_ids: vec![order_id(2)] }.into(),
    ]);
}

#[test]
fn a_cart_becomes_an_order_for_each_billing_cycle_in_it() {
    let monthly = CartLine { billing_cycle: BillingCycle::Monthly, ..item(0, VOICE_OFFER, 5) };
    let scenario = contoso().after(open(vec![monthly, item(1, MAIL_OFFER, 5)])).after(CHECK_OUT);
    let state = scenario.state();
    assert_eq!((state.pool(VOICE), state.pool(MAIL)), (Some(5), Some(5)));
    let cycle = |number| state.subscription(subscription(number)).unwrap().billing_cycle;
    assert_eq!((cycle(1), cycle(2)), (BillingCycle::Monthly, BillingCycle::Annual));
}

#[test]
fn an_add_on_is_ordered_with_its_parent_also_where_they_are_billed_differently() {
    let monthly = CartLine {
        billing_cycle: BillingCycle::Monthly,
        parent_subscription: Some(subscription(2)),
        ..item(0, ARCHIVE_OFFER, 2)
    };
    let scenario = contoso().after(open(vec![monthly, item(1, MAIL_OFFER, 5)])).after(CHECK_OUT);
    assert_eq!(scenario.state().add_ons_of(subscription(2)).count(), 1);
}

#[test]
fn what_was_reviewed_is_sold_at_the_prices_of_the_review_or_not_at_all() {
    mail_cart()
        .after(REVIEW)
        .with_catalogue(dearer())
        .when(CHECK_OUT)
        .then_refused_as(SaleRejection::PricesChanged)
        .when(REVIEW)
        .then([CartReviewed { cart_id: CART, unit_prices: vec![money(9_999)] }]);
}

#[test]
fn a_change_after_the_review_wants_another_review() {
    let scenario = mail_cart().after(REVIEW).after(change(vec![item(0, MAIL_OFFER, 6)]));
    scenario.when(REVIEW).then([CartReviewed { cart_id: CART, unit_prices: vec![money(5_000)] }]);
}

#[test]
fn what_a_buyer_saw_is_not_ordered_once_it_was_changed_or_reviewed_anew() {
    let seen = |revision| CheckOutCart { seen: Some(revision), ..CHECK_OUT };
    let ordered = mail_cart().after(REVIEW).after(seen(1));
    assert_eq!(ordered.state().subscriptions().count(), 1);
    let changed = mail_cart().after(REVIEW).after(change(vec![item(0, MAIL_OFFER, 6)]));
    let changed = changed.when(seen(1)).then_refused_as(SaleRejection::CartChanged).after(REVIEW);
    let changed = changed.when(seen(2)).then_refused_as(SaleRejection::CartChanged);
    assert_eq!(changed.after(seen(3)).state().subscriptions().count(), 1);
    let dearer = mail_cart().after(REVIEW).with_catalogue(dearer()).after(REVIEW);
    dearer.when(seen(1)).then_refused_as(SaleRejection::CartChanged);
}

#[test]
fn a_cancelled_draft_leaves_nothing_sold_and_is_over() {
    let scenario = mail_cart().when(CANCEL).then([CartCancelled { cart_id: CART }]);
    assert_eq!(scenario.state().subscriptions().count(), 0);
    let commands: [CustomerCommand; 4] = [
        change(vec![item(0, MAIL_OFFER, 5)]).into(),
        REVIEW.into(),
        CHECK_OUT.into(),
        CANCEL.into(),
    ];
    for command in commands {
        mail_cart().after(CANCEL).when(command).then_refused_as(SaleRejection::CartIsCancelled);
    }
}

#[test]
fn a_cart_is_ordered_once() {
    let commands: [CustomerCommand; 4] = [
        change(vec![item(0, MAIL_OFFER, 5)]).into(),
        REVIEW.into(),
        CHECK_OUT.into(),
        CANCEL.into(),
    ];
    for command in commands {
        mail_cart().after(CHECK_OUT).when(command).then_refused_as(SaleRejection::CartIsOrdered);
    }
    let twice = CheckOutCart { order_ids: [order_id(2); 3], ..CHECK_OUT };
    let monthly = CartLine { billing_cycle: BillingCycle::Monthly, ..item(0, VOICE_OFFER, 5) };
    contoso()
        .after(open(vec![monthly, item(1, MAIL_OFFER, 5)]))
        .when(twice)
        .then_refused_as(Rejection::AlreadyExists { what: "order" });
}

#[test]
fn an_expired_cart_is_refused_by_the_clock_whether_or_not_the_timer_came_by() {
    let expired = || SaleRejection::CartIsExpired { expired_at: end() };
    let commands = || -> [CustomerCommand; 4] {
        [
            change(vec![item(0, MAIL_OFFER, 5)]).into(),
            REVIEW.into(),
            CHECK_OUT.into(),
            CANCEL.into(),
        ]
    };
    for command in commands() {
        mail_cart().at(end()).when(command).then_refused_as(expired());
    }
    for command in commands() {
        let closed = mail_cart().at(end()).by(EXPIRY).after(EXPIRE).by(somebody_of(PROVIDER));
        closed.when(command).then_refused_as(expired());
    }
    let in_time = mail_cart().at(just_before(end())).after(CHECK_OUT);
    assert_eq!(in_time.state().pool(MAIL), Some(5));
}

#[test]
fn the_timer_closes_a_cart_when_it_has_expired_and_not_before() {
    mail_cart()
        .by(EXPIRY)
        .at(just_before(end()))
        .when(EXPIRE)
        .then_refused_as(SaleRejection::CartNotExpired { expires_at: end() })
        .at(end())
        .when(EXPIRE)
        .then([CartExpired { cart_id: CART }])
        .when(EXPIRE)
        .then_nothing();
    mail_cart().after(CHECK_OUT).by(EXPIRY).at(end()).when(EXPIRE).then_nothing();
    let expired = CartExpired { cart_id: CART };
    mail_cart().by(Actor::Operator).at(end()).when(EXPIRE).then([expired]);
    for actor in [somebody_of(PROVIDER), PURGE] {
        mail_cart().at(end()).by(actor).when(EXPIRE).then_refused_as(Rejection::ActorNotAllowed);
    }
}

#[test]
fn a_cart_takes_what_an_order_takes_and_nothing_else() {
    let cases = [
        (vec![], Rejection::NoLines),
        (vec![item(1, MAIL_OFFER, 1)], Rejection::LineNumbers { lines: 1 }),
        (vec![item(0, OLD_OFFER, 1)], SaleRejection::OfferNotSold { offer_id: OLD_OFFER }.into()),
        (
            vec![item(0, VOICE_OFFER, 4)],
            Rejection::QuantityOutsideOffer { quantity: quantity(4), minimum: 5, maximum: 10 },
        ),
        (
            vec![item(0, ARCHIVE_OFFER, 1)],
            SaleRejection::AddOnUnrelated { offer_id: ARCHIVE_OFFER }.into(),
        ),
    ];
    for (lines, rejection) in cases {
        contoso().when(open(lines.clone())).then_refused_as(rejection.clone());
        mail_cart().when(change(lines)).then_refused_as(rejection);
    }
}

#[test]
fn what_cannot_be_sold_any_more_is_found_at_the_review() {
    let gone = Rejection::OfferNotFound { offer_id: MAIL_OFFER };
    let scenario = mail_cart().with_catalogue(Catalogue::default());
    scenario.when(REVIEW).then_refused_as(gone.clone()).when(CHECK_OUT).then_refused_as(gone);
}

#[test]
fn a_cart_is_its_seller_s_alone() {
    let nobodys = SaleRejection::CartNotFound { cart_id: CART };
    mail_cart().by(somebody_of(STRANGER)).when(REVIEW).then_refused_as(Rejection::NotYourCustomer);
    let scenario = contoso_with_reseller().after(open(vec![item(0, MAIL_OFFER, 1)]));
    scenario
        .by(somebody_of(RESELLER))
        .when(CHECK_OUT)
        .then_refused_as(nobodys.clone())
        .when(open(vec![item(0, MAIL_OFFER, 1)]))
        .then_refused_as(Rejection::RelationshipHolderOnly);
    contoso().when(REVIEW).then_refused_as(nobodys.clone());
    contoso().by(EXPIRY).when(EXPIRE).then_refused_as(nobodys);
    mail_cart()
        .when(open(vec![item(0, MAIL_OFFER, 1)]))
        .then_refused_as(Rejection::AlreadyExists { what: "cart" });
}
