//! Who sees which customers, in which order.

use events::RelationshipEnded;

use super::*;
use crate::testing::{History, customer, customer_edited, partner};

const PROVIDER: u128 = 1;
const RESELLER: u128 = 2;

fn provider_with_reseller() -> History {
    let mut history = History::new();
    history
        .partnership(1, PROVIDER, RESELLER)
        .customer(1, "Zeta", PROVIDER)
        .customer(2, "alpha", PROVIDER)
        .customer(3, "Beta", PROVIDER)
        .customer(4, "ALPHABET", PROVIDER)
        .associate(1, PROVIDER, RESELLER)
        .associate(2, PROVIDER, RESELLER);
    history
}

fn ids(history: &History, viewer: u128, filter: &CustomerFilter) -> Vec<CustomerId> {
    let page = history.model.customers().list(partner(viewer), filter, None, 100);
    assert_eq!(page.total, page.rows.len());
    page.rows.iter().map(|row| row.id).collect()
}

fn all(history: &History, viewer: u128) -> Vec<CustomerId> {
    ids(history, viewer, &CustomerFilter::default())
}

fn customers<const N: usize>(numbers: [u128; N]) -> Vec<CustomerId> {
    numbers.map(customer).to_vec()
}

#[test]
fn a_partner_sees_its_own_customers_by_name_in_any_case() {
    let mut history = provider_with_reseller();
    history.customer(5, "Foreign", 7);
    assert_eq!(all(&history, PROVIDER), customers([2, 4, 3, 1]));
    assert_eq!(history.model.customers().count(partner(PROVIDER)), 4);
    assert_eq!(all(&history, 7), customers([5]));
    assert!(history.model.customers().seen_by(partner(PROVIDER), customer(5)).is_none());
    assert!(history.model.customers().seen_by(partner(PROVIDER), customer(1)).is_some());
}

#[test]
fn a_reseller_sees_the_customers_it_is_associated_with_and_no_others() {
    let history = provider_with_reseller();
    assert_eq!(all(&history, RESELLER), customers([2, 1]));
}

#[test]
fn filters_narrow_by_prefix_domain_partner_and_text() {
    let history = provider_with_reseller();
    let text = |text: &str| Some(text.to_owned());
    let by = |filter| ids(&history, PROVIDER, &filter);
    let none = CustomerFilter::default;
    assert_eq!(by(CustomerFilter { company_prefix: text("ALPHA"), ..none() }), customers([2, 4]));
    assert_eq!(by(CustomerFilter { domain_prefix: text("C3."), ..none() }), customers([3]));
    assert_eq!(by(CustomerFilter { text: text("eta"), ..none() }), customers([3, 1]));
    assert_eq!(by(CustomerFilter { text: text("c4"), ..none() }), customers([4]));
    assert_eq!(by(CustomerFilter { company_prefix: text("\u{10ffff}"), ..none() }), []);
    let through = |other| CustomerFilter { indirect_partner: Some(partner(other)), ..none() };
    assert_eq!(by(through(RESELLER)), customers([2, 1]));
    assert_eq!(by(through(99)), []);
    assert_eq!(ids(&history, RESELLER, &through(PROVIDER)), customers([2, 1]));
    let both = CustomerFilter { company_prefix: text("z"), ..through(RESELLER) };
    assert_eq!(by(both), customers([1]));
}

#[test]
fn a_customer_without_an_active_relationship_is_listed_for_nobody() {
    let mut history = provider_with_reseller();
    history.then(customer(1), RelationshipEnded { partner_id: partner(PROVIDER) });
    assert_eq!(all(&history, PROVIDER), customers([2, 4, 3]));
    assert_eq!(all(&history, RESELLER), customers([2]));
    let row = history.model.customers().get(customer(1)).unwrap();
    let bond = row.relationship(partner(PROVIDER)).unwrap();
    assert!(!bond.active && !bond.delegated_admin);

    let ended = history.model.customers().ended(partner(PROVIDER));
    assert_eq!(ended.map(|row| row.id).collect::<Vec<_>>(), customers([1]));

    let again =
        events::RelationshipEstablished { partner_id: partner(PROVIDER), delegated_admin: false };
    history.then(customer(1), again);
    assert_eq!(all(&history, RESELLER), customers([2, 1]));
}

#[test]
fn an_ended_partnership_takes_the_customers_from_the_reseller_and_a_new_one_returns_them() {
    let mut history = provider_with_reseller();
    history.end_partnership(1, PROVIDER, RESELLER);
    assert_eq!(all(&history, RESELLER), []);
    assert_eq!(all(&history, PROVIDER).len(), 4);
    history.partnership(2, PROVIDER, RESELLER);
    assert_eq!(all(&history, RESELLER), customers([2, 1]));
}

#[test]
fn a_removed_reseller_sees_the_customer_no_more() {
    let mut history = provider_with_reseller();
    let bond = ResellerRemoved { provider: partner(PROVIDER), reseller: partner(RESELLER) };
    history.then(customer(1), bond);
    assert_eq!(all(&history, RESELLER), customers([2]));
}

#[test]
fn a_renamed_customer_moves_in_every_list() {
    let mut history = provider_with_reseller();
    let edited = customer_edited(1, "Aaa");
    history.then(customer(1), edited);
    assert_eq!(all(&history, PROVIDER), customers([1, 2, 4, 3]));
    assert_eq!(all(&history, RESELLER), customers([1, 2]));
    let row = history.model.customers().get(customer(1)).unwrap();
    assert_eq!(row.contact.position, history.events.last().unwrap().position);
    assert_eq!(row.country.as_str(), "DE");
}

#[test]
fn pages_join_without_gap_or_repeat_even_when_names_are_equal() {
    let mut history = History::new();
    for number in 1..=7 {
        history.customer(number, if number < 5 { "Same" } else { "Other" }, PROVIDER);
    }
    let list = history.model.customers();
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = list.list(partner(PROVIDER), &CustomerFilter::default(), after.as_ref(), 2);
        assert_eq!(page.total, 7);
        seen.extend(page.rows.iter().map(|row| row.id));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, customers([5, 6, 7, 1, 2, 3, 4]));
}

#[test]
fn a_list_is_read_from_its_end_and_between_two_places() {
    let history = provider_with_reseller();
    let list = history.model.customers();
    let by = |prefix: &str, after: Option<&str>, before: Option<&str>| {
        let filter =
            CustomerFilter { company_prefix: Some(prefix.to_owned()), ..Default::default() };
        let cursor = |company: &str| CustomerCursor {
            company: company.to_owned(),
            customer: customer(u128::MAX),
        };
        let (after, before) = (after.map(cursor), before.map(cursor));
        let rows = list.between(partner(PROVIDER), &filter, after.as_ref(), before.as_ref());
        rows.rev().map(|row| row.id).collect::<Vec<_>>()
    };
    assert_eq!(by("", None, None), customers([1, 3, 4, 2]));
    assert_eq!(by("alpha", None, None), customers([4, 2]));
    assert_eq!(by("alpha", None, Some("alpha")), customers([2]));
    assert_eq!(by("alpha", Some("alpha"), None), customers([4]));
    assert_eq!(by("", Some("alpha"), Some("beta")), customers([3, 4]));
    assert_eq!(by("beta", None, Some("alpha")), []);
    assert_eq!(by("alpha", Some("zeta"), None), []);
}

#[test]
fn a_cursor_before_the_filtered_range_begins_at_the_range_and_one_behind_it_ends_the_list() {
    let history = provider_with_reseller();
    let filter = CustomerFilter { company_prefix: Some("b".to_owned()), ..Default::default() };
    let rows = |company: &str| {
        let cursor = CustomerCursor { company: company.to_owned(), customer: customer(0) };
        let list = history.model.customers();
        list.list(partner(PROVIDER), &filter, Some(&cursor), 10).rows.len()
    };
    assert_eq!(rows("a"), 1);
    assert_eq!(rows("zz"), 0);
}

#[test]
fn a_second_customer_with_the_same_id_makes_no_sense() {
    let mut history = provider_with_reseller();
    let error = history
        .refused(customer(1), crate::testing::customer_created(1, "Again", PROVIDER))
        .unwrap_err();
    assert_eq!(error.reason, Contradiction::duplicate(customer(1)));
    assert_eq!(error.view, "customers");
}
