//! Which catalogue files are taken, and what is said of the others.

use commands::UpgradeAssignments;
use events::BillingCycle;

use super::*;

const PRODUCTS: &str = r#"currency = "USD"
[[products]]
id = "f245ecc8-75af-4f8e-b61f-27d8114de5f3"
part_number = "MAIL"
name = "Mail"
family = "office_365"
"#;

/// A file with one offer of the product `MAIL`, with these lines more.
fn with_offer(id: u32, lines: &str) -> String {
    format!(
        "[[offers]]\nid = \"00000000-0000-0000-0000-{id:012}\"\nproduct = \"MAIL\"\n\
         description = \"A mailbox.\"\n{lines}"
    )
}

const GOOD: &str = "licenses = { minimum = 1, maximum = 9 }\nprices = { monthly = 5 }\n";

/// The places and reasons of the faults of products and these offers.
fn faults(offers: &str) -> Vec<String> {
    let faults = read_catalogue(&format!("{PRODUCTS}{offers}")).unwrap_err();
    faults
        .into_iter()
        .map(|fault| format!("{}: {} {}", fault.line, fault.place, fault.reason))
        .collect()
}

#[test]
fn a_catalogue_is_read_with_products_prices_parents_and_upgrades() {
    let text = format!(
        "{PRODUCTS}{}upgrades = [{{ to = \"00000000-0000-0000-0000-000000000002\", assignments = \"stay\" }}]\n{}{}",
        with_offer(1, GOOD),
        with_offer(
            2,
            "name = \"Big mail\"\nlicenses = { minimum = 2, maximum = 2 }\nprices = { annual = 70, one_time = 0 }\navailable = false\n"
        ),
        with_offer(3, "parents = [\"00000000-0000-0000-0000-000000000001\"]\n") + GOOD,
    );
    let catalogue = read_catalogue(&text).unwrap();
    let [first, second, third] = catalogue.offers() else { panic!("three offers were meant") };
    assert_eq!((first.name.as_str(), second.name.as_str()), ("Mail", "Big mail"));
    let upgrade = first.upgrade_to(second.id).unwrap();
    assert_eq!(upgrade.assignments, UpgradeAssignments::Stay);
    assert_eq!(second.unit_price(BillingCycle::Annual).unwrap().to_string(), "0.70 USD");
    assert_eq!(second.unit_price(BillingCycle::Monthly), None);
    assert!(first.is_available && !second.is_available);
    assert!(third.is_add_on() && !first.is_add_on());
    assert_eq!(catalogue.add_ons_of(first.id).count(), 1);
}

#[test]
fn every_fault_of_a_file_is_reported_with_its_line_and_its_place() {
    let offers = with_offer(
        1,
        "name = \"\"\nlicenses = { minimum = 9, maximum = 1 }\nprices = { weekly = 5 }\ncolour = \"red\"\n",
    );
    assert_eq!(
        faults(&offers),
        [
            "11: offers[0].name must not be empty",
            "12: offers[0].licenses.minimum must not be more than the maximum",
            "13: offers[0].prices must have a price for at least one billing cycle",
            "13: offers[0].prices.weekly is not known here: monthly, annual, one_time are",
            "14: offers[0].colour is not known here: id, product, name, description, licenses, \
             prices, parents, upgrades, conversions, available are",
        ]
    );
}

#[test]
fn what_is_missing_is_named_where_it_should_be() {
    assert_eq!(
        faults("[[offers]]\n"),
        [
            "7: offers[0].description is required",
            "7: offers[0].id is required",
            "7: offers[0].licenses is required",
            "7: offers[0].prices is required",
            "7: offers[0].product is required",
        ]
    );
    assert_eq!(faults(""), ["1: offers is required: a catalogue sells something"]);
}

#[test]
fn numbers_out_of_range_and_of_the_wrong_kind_are_refused() {
    for (minimum, price) in [
        ("0", "1"),
        ("-1", "1"),
        ("1.5", "1"),
        ("\"1\"", "1"),
        ("1", "-1"),
        ("1", "1.5"),
        ("1", "1000000000001"),
    ] {
        let lines = format!(
            "licenses = {{ minimum = {minimum}, maximum = 9 }}\nprices = {{ monthly = {price} }}\n"
        );
        let faults = faults(&with_offer(1, &lines));
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert!(faults[0].contains("must be a whole number"), "{faults:?}");
    }
}

#[test]
fn ids_that_stand_twice_or_lead_nowhere_are_refused() {
    let nowhere = "parents = [\"00000000-0000-0000-0000-000000000009\"]\n";
    let itself =
        "upgrades = [{ to = \"00000000-0000-0000-0000-000000000002\", assignments = \"move\" }]\n";
    let offers = format!(
        "{}{}{}",
        with_offer(1, GOOD),
        with_offer(1, &(nowhere.to_owned() + GOOD)),
        with_offer(2, &(itself.to_owned() + GOOD)),
    );
    let faults = faults(&offers);
    assert_eq!(faults.len(), 3, "{faults:?}");
    assert!(faults[0].ends_with("is the id of another offer above"));
    assert!(faults[1].ends_with("which is no offer here"));
    assert!(faults[2].ends_with("leads to the offer itself"));
}

#[test]
fn an_add_on_has_no_add_ons_and_is_upgraded_to_add_ons_only() {
    let parent = |id: u32| format!("parents = [\"00000000-0000-0000-0000-{id:012}\"]\n{GOOD}");
    let upgrade =
        "upgrades = [{ to = \"00000000-0000-0000-0000-000000000001\", assignments = \"move\" }]\n";
    let offers = format!(
        "{}{}{}",
        with_offer(1, GOOD),
        with_offer(2, &(upgrade.to_owned() + &parent(1))),
        with_offer(3, &parent(2)),
    );
    let faults = faults(&offers);
    assert_eq!(faults.len(), 2, "{faults:?}");
    assert!(faults[0].contains("add-ons are upgraded to add-ons"));
    assert!(faults[1].contains("only other offers have add-ons"));
}

#[test]
fn a_trial_becomes_what_is_of_its_product_and_no_trial() {
    let to = |id: u32| format!("conversions = [\"00000000-0000-0000-0000-{id:012}\"]\n{GOOD}");
    let fine = format!("{}{}", with_offer(1, &to(2)), with_offer(2, GOOD));
    let catalogue = read_catalogue(&format!("{PRODUCTS}{fine}")).unwrap();
    assert!(catalogue.offers()[0].is_trial() && !catalogue.offers()[1].is_trial());
    let offers = format!("{}{}", with_offer(1, &to(2)), with_offer(2, &to(9)));
    let faults = faults(&offers);
    assert_eq!(faults.len(), 2, "{faults:?}");
    assert!(faults[0].ends_with("which is a trial itself"));
    assert!(faults[1].ends_with("which is no offer here"));
}

#[test]
fn a_text_that_is_no_toml_is_refused_with_the_place_of_each_error() {
    let faults = read_catalogue("currency = \n[[offers]\nid = 1\n").unwrap_err();
    assert_eq!(faults.iter().map(|fault| fault.line).collect::<Vec<_>>(), [1, 2]);
    assert!(read_catalogue(&" ".repeat(CATALOGUE_BYTES_MAX + 1)).is_err());
    assert!(read_catalogue("").unwrap_err().len() > 1);
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let error = load_catalogue(Path::new("/nowhere/catalogue.toml")).unwrap_err();
    assert_eq!(error.to_string(), "cannot read /nowhere/catalogue.toml");
}
