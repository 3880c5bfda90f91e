//! What the offers of a catalogue say about each other.

use std::collections::{BTreeMap, BTreeSet};

use commands::Offer;
use events::OfferId;

use super::document::{Document, Entry};

/// Remembers a fault for every id that stands twice or leads nowhere, for every add-on of an
/// add-on, for every upgrade between add-ons and other offers, and for every trial that becomes what
/// is of another product.
pub(super) fn check(document: &mut Document<'_>, entries: &[Entry<'_>], offers: &[Offer]) {
    let mut known: BTreeMap<OfferId, &Offer> = BTreeMap::new();
    for (entry, offer) in entries.iter().zip(offers) {
        if known.contains_key(&offer.id) {
            document.member_fault(entry, "id", "is the id of another offer above");
        }
        known.entry(offer.id).or_insert(offer);
    }
    for (entry, offer) in entries.iter().zip(offers) {
        for reason in parent_faults(offer, &known) {
            document.member_fault(entry, "parents", reason);
        }
        for reason in upgrade_faults(offer, &known) {
            document.member_fault(entry, "upgrades", reason);
        }
        for reason in conversion_faults(offer, &known) {
            document.member_fault(entry, "conversions", reason);
        }
    }
}

fn parent_faults(offer: &Offer, known: &BTreeMap<OfferId, &Offer>) -> Vec<String> {
    let mut named = BTreeSet::new();
    let fault = |id: &OfferId| match known.get(id) {
        _ if !named.insert(*id) => Some(format!("names {id} twice")),
        None => Some(format!("names {id}, which is no offer here")),
        Some(_) if *id == offer.id => Some("names the offer itself".to_owned()),
        Some(parent) if parent.is_add_on() => {
            Some(format!("names {id}, which is an add-on: only other offers have add-ons"))
        }
        Some(_) => None,
    };
    offer.parents.iter().filter_map(fault).collect()
}

fn upgrade_faults(offer: &Offer, known: &BTreeMap<OfferId, &Offer>) -> Vec<String> {
    let mut named = BTreeSet::new();
    let paths = offer.upgrades.iter().map(|path| path.to);
    let fault = |id: OfferId| match known.get(&id) {
        _ if !named.insert(id) => Some(format!("leads to {id} twice")),
        None => Some(format!("leads to {id}, which is no offer here")),
        Some(_) if id == offer.id => Some("leads to the offer itself".to_owned()),
        Some(target) if target.is_add_on() != offer.is_add_on() => {
            Some(format!("leads to {id}: add-ons are upgraded to add-ons, and others to others"))
        }
        Some(_) => None,
    };
    paths.filter_map(fault).collect()
}

fn conversion_faults(offer: &Offer, known: &BTreeMap<OfferId, &Offer>) -> Vec<String> {
    let mut named = BTreeSet::new();
    let fault = |id: &OfferId| match known.get(id) {
        _ if !named.insert(*id) => Some(format!("names {id} twice")),
        None => Some(format!("names {id}, which is no offer here")),
        Some(_) if *id == offer.id => Some("names the offer itself".to_owned()),
        Some(target) if target.sku_id != offer.sku_id => {
            Some(format!("names {id}: a trial becomes what is of the same product"))
        }
        Some(target) if target.is_trial() => Some(format!("names {id}, which is a trial itself")),
        Some(target) if target.is_add_on() || offer.is_add_on() => {
            Some("is not for add-ons".to_owned())
        }
        Some(_) => None,
    };
    offer.conversions.iter().filter_map(fault).collect()
}
