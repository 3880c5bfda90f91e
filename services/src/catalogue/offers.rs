//! Products and offers of a catalogue file, each looked at for itself.

use std::collections::BTreeMap;

use commands::{Catalogue, Offer, Price, UpgradeAssignments, UpgradePath};
use events::{
    BillingCycle, Currency, FriendlyName, InvalidValue, Money, OfferId, ParseIdError,
    ProductFamily, Quantity, SkuId,
};

use super::{
    OFFERS_MAX,
    document::{Document, Entry},
    relations,
};

/// The longest name of a product, in characters.
const PRODUCT_NAME_CHARACTERS_MAX: usize = 100;
/// The longest short name of a product, in characters.
const PART_NUMBER_CHARACTERS_MAX: usize = 64;
/// The longest description of an offer, in characters.
const DESCRIPTION_CHARACTERS_MAX: usize = 1_000;
/// The highest price of a licence, in minor units: a million of them is still a number.
const UNIT_PRICE_MINOR_UNITS_MAX: u64 = 1_000_000_000_000;

/// How a file spells a billing cycle.
const CYCLES: [(&str, BillingCycle); 3] = [
    ("monthly", BillingCycle::Monthly),
    ("annual", BillingCycle::Annual),
    ("one_time", BillingCycle::OneTime),
];

/// How a file spells what becomes of seats in use.
const ASSIGNMENTS: [(&str, UpgradeAssignments); 2] =
    [("move", UpgradeAssignments::Move), ("stay", UpgradeAssignments::Stay)];

/// A product, by whose short name offers speak of it.
struct Product {
    id: SkuId,
    name: FriendlyName,
    part_number: String,
    family: ProductFamily,
}

/// Reads the whole file. What is faulty is left out, and what it says is in the document's faults.
pub(super) fn read<'a>(document: &mut Document<'a>, table: &'a toml::de::DeTable<'a>) -> Catalogue {
    let file = Entry { table, name: String::new(), start: 0 };
    document.only(&file, &["currency", "products", "offers"]);
    let currency = document.parsed::<Currency>(&file, "currency", reason_of);
    let products = products(document, &file);
    let entries = document.tables(&file, "offers");
    if entries.len() > OFFERS_MAX {
        document.member_fault(&file, "offers", format!("must be at most {OFFERS_MAX}"));
    }
    if !table.contains_key("offers") {
        document.member_fault(&file, "offers", "is required: a catalogue sells something");
    }
    let offers: Vec<_> = entries
        .iter()
        .filter_map(|entry| offer(document, entry, &products, currency.as_ref()))
        .collect();
    // An offer left out for a fault of its own would make faults of those that name it.
    if offers.len() == entries.len() {
        relations::check(document, &entries, &offers);
    }
    Catalogue::new(offers)
}

fn reason_of(error: &InvalidValue) -> String {
    error.reason.clone()
}

fn bad_id(error: &ParseIdError) -> String {
    format!("is {error}")
}

fn products<'a>(document: &mut Document<'a>, file: &Entry<'a>) -> BTreeMap<String, Product> {
    let mut products: BTreeMap<String, Product> = BTreeMap::new();
    for entry in document.tables(file, "products") {
        document.only(&entry, &["id", "part_number", "name", "family"]);
        let id: Option<SkuId> = document.parsed(&entry, "id", bad_id);
        let part_number = document.text(&entry, "part_number", PART_NUMBER_CHARACTERS_MAX);
        let name = product_name(document, &entry);
        let family = word(document, &entry, "family", &families());
        if id.is_some_and(|id| products.values().any(|known| known.id == id)) {
            document.member_fault(&entry, "id", "is the id of another product above");
        }
        let (Some(id), Some(part_number), Some(name), Some(family)) =
            (id, part_number, name, family)
        else {
            continue;
        };
        if products.contains_key(&part_number) {
            document.member_fault(&entry, "part_number", "is that of another product above");
        }
        products.insert(part_number.clone(), Product { id, name, part_number, family });
    }
    products
}

fn product_name<'a>(document: &mut Document<'a>, entry: &Entry<'a>) -> Option<FriendlyName> {
    document.text(entry, "name", PRODUCT_NAME_CHARACTERS_MAX)?;
    document.parsed(entry, "name", reason_of)
}

fn families() -> Vec<(&'static str, ProductFamily)> {
    ProductFamily::ALL.map(|family| (family.name(), family)).to_vec()
}

/// A word of a closed set, which must be there.
fn word<'a, T: Copy>(
    document: &mut Document<'a>,
    entry: &Entry<'a>,
    key: &str,
    all: &[(&str, T)],
) -> Option<T> {
    let text: String = document.parsed(entry, key, |_| String::new())?;
    let meaning = all.iter().find(|(word, _)| *word == text).map(|(_, meaning)| *meaning);
    if meaning.is_none() {
        let words: Vec<_> = all.iter().map(|(word, _)| *word).collect();
        document.member_fault(entry, key, format!("must be one of {}", words.join(", ")));
    }
    meaning
}

fn offer<'a>(
    document: &mut Document<'a>,
    entry: &Entry<'a>,
    products: &BTreeMap<String, Product>,
    currency: Option<&Currency>,
) -> Option<Offer> {
    let known = [
        "id",
        "product",
        "name",
        "description",
        "licenses",
        "prices",
        "parents",
        "upgrades",
        "conversions",
        "available",
    ];
    document.only(entry, &known);
    let id = document.parsed(entry, "id", bad_id);
    let product = product(document, entry, products);
    let name = if entry.table.contains_key("name") {
        document.parsed(entry, "name", reason_of)
    } else {
        product.map(|product| product.name.clone())
    };
    let description = document.text(entry, "description", DESCRIPTION_CHARACTERS_MAX);
    let licenses = licenses(document, entry);
    let prices = prices(document, entry, currency);
    let parents = offer_ids(document, entry, "parents");
    let conversions = offer_ids(document, entry, "conversions");
    let upgrades = upgrades(document, entry);
    let is_available = document.yes_unless_denied(entry, "available");
    let (product, (minimum_quantity, maximum_quantity)) = (product?, licenses?);
    Some(Offer {
        id: id?,
        name: name?,
        description: description?,
        sku_id: product.id,
        sku_name: product.name.clone(),
        sku_part_number: product.part_number.clone(),
        family: product.family,
        minimum_quantity,
        maximum_quantity,
        prices: prices?,
        parents: parents?,
        upgrades: upgrades?,
        conversions: conversions?,
        is_available,
    })
}

fn product<'p, 'a>(
    document: &mut Document<'a>,
    entry: &Entry<'a>,
    products: &'p BTreeMap<String, Product>,
) -> Option<&'p Product> {
    let part_number = document.text(entry, "product", PART_NUMBER_CHARACTERS_MAX)?;
    let product = products.get(&part_number);
    if product.is_none() {
        document.member_fault(entry, "product", "is the part number of no (faultless) product");
    }
    product
}

fn licenses<'a>(document: &mut Document<'a>, entry: &Entry<'a>) -> Option<(u32, u32)> {
    let range = document.table(entry, "licenses")?;
    document.only(&range, &["minimum", "maximum"]);
    let most = u64::from(Quantity::MAX);
    let minimum = document.number(&range, "minimum", 1..=most);
    let maximum = document.number(&range, "maximum", 1..=most);
    let (minimum, maximum) = (minimum?, maximum?);
    if minimum > maximum {
        document.member_fault(&range, "minimum", "must not be more than the maximum");
        return None;
    }
    Some((u32::try_from(minimum).ok()?, u32::try_from(maximum).ok()?))
}

fn prices<'a>(
    document: &mut Document<'a>,
    entry: &Entry<'a>,
    currency: Option<&Currency>,
) -> Option<Vec<Price>> {
    let table = document.table(entry, "prices")?;
    document.only(&table, &CYCLES.map(|(word, _)| word));
    let mut prices = Vec::new();
    for (word, billing_cycle) in
        CYCLES.into_iter().filter(|(word, _)| table.table.contains_key(*word))
    {
        let minor_units = document.number(&table, word, 0..=UNIT_PRICE_MINOR_UNITS_MAX)?;
        let currency = currency?.clone();
        prices.push(Price { billing_cycle, unit_price: Money { currency, minor_units } });
    }
    if prices.is_empty() {
        document.member_fault(entry, "prices", "must have a price for at least one billing cycle");
        return None;
    }
    Some(prices)
}

fn offer_ids<'a>(
    document: &mut Document<'a>,
    entry: &Entry<'a>,
    key: &str,
) -> Option<Vec<OfferId>> {
    let list = document.list(entry, key);
    let mut ids = Vec::with_capacity(list.len());
    for value in &list {
        if let Some(Ok(id)) = value.get_ref().as_str().map(str::parse::<OfferId>) {
            ids.push(id);
        } else {
            let place = format!("{}.{key}", entry.name);
            document.fault(value.span().start, &place, "must be ids of offers, in quotes");
        }
    }
    (ids.len() == list.len()).then_some(ids)
}

fn upgrades<'a>(document: &mut Document<'a>, entry: &Entry<'a>) -> Option<Vec<UpgradePath>> {
    let entries = document.tables(entry, "upgrades");
    let mut paths = Vec::with_capacity(entries.len());
    for path in &entries {
        document.only(path, &["to", "assignments"]);
        let to = document.parsed(path, "to", bad_id);
        let assignments = word(document, path, "assignments", &ASSIGNMENTS);
        paths.extend(to.zip(assignments).map(|(to, assignments)| UpgradePath { to, assignments }));
    }
    (paths.len() == entries.len()).then_some(paths)
}
