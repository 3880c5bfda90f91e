//! What is to be bought, as a form: every offer once, with a number of licences, how it is billed,
//! and of an add-on to what it is added.

use std::collections::BTreeSet;

use commands::{Catalogue, Offer};
use events::{BillingCycle, CartLine, CustomerId, MpnId, OfferId, Quantity, SubscriptionId};
use maud::{Markup, html};

use super::resellers_of_record;
use crate::{
    api::{ORDER_LINES_MAX, cycle_word},
    application::going_on,
    ids,
    web::{
        forms::{Faults, Fields},
        screen::Screen,
        widgets::{self, Input},
    },
};

/// The field of the reseller that is on record for everything in the order.
pub(super) const ON_RECORD: &str = "partner_on_record";
/// The names of the fields of an offer begin with these, and end with the offer's id.
const QUANTITY: &str = "quantity_";
const CYCLE: &str = "cycle_";
const PARENT: &str = "parent_";
/// Begins the choice of a parent that is bought in the same order.
const TOGETHER: &str = "with:";

/// For whom the form is filled in.
#[derive(Clone, Copy)]
pub(super) struct Buyer<'a> {
    pub(super) screen: &'a Screen,
    /// The customer; none while its account is not opened yet.
    pub(super) customer: Option<CustomerId>,
}

impl Buyer<'_> {
    fn catalogue(&self) -> &Catalogue {
        self.screen.app.catalogue()
    }

    /// To what an add-on can be added: parents in the same order, and subscriptions that are there.
    fn parents(&self, add_on: &Offer) -> Vec<(String, String)> {
        let offers = add_on.parents.iter().filter_map(|id| self.catalogue().offer(*id));
        let together = offers.filter(|offer| offer.is_available).map(|offer| {
            (format!("{TOGETHER}{}", offer.id), format!("{}, ordered now", offer.name))
        });
        let own = self.screen.visitor.partner;
        let held =
            self.customer.into_iter().flat_map(|id| self.screen.model.subscriptions().of(id));
        let held = held.filter(|row| {
            row.partner == own && row.state.is_active() && add_on.parents.contains(&row.offer)
        });
        let held = held.map(|row| {
            let licenses = widgets::count(row.quantity.get() as usize, "licence", "licences");
            (row.id.to_string(), format!("{} ({licenses})", row.friendly_name))
        });
        let choose = (String::new(), "Choose …".to_owned());
        std::iter::once(choose).chain(held).chain(together).collect()
    }
}

/// How often a price is paid.
pub(super) const fn per_cycle(cycle: BillingCycle) -> &'static str {
    match cycle {
        BillingCycle::Monthly => "a month",
        BillingCycle::Annual => "a year",
        BillingCycle::OneTime => "once",
    }
}

/// The fields of the form.
pub(super) fn draw(buyer: Buyer<'_>, fields: &Fields, faults: &Faults) -> Markup {
    let offers = buyer.catalogue().offers().iter();
    let shown = offers.filter(|offer| {
        offer.is_available || !fields.text(&format!("{QUANTITY}{}", offer.id)).is_empty()
    });
    let (add_ons, plain): (Vec<_>, Vec<_>) = shown.partition(|offer| offer.is_add_on());
    let rows = html! { @for offer in &plain { (row(offer, None, fields, faults)) } };
    let add_on_rows = html! {
        @for offer in &add_ons { (row(offer, Some(&buyer.parents(offer)), fields, faults)) }
    };
    let headers = ["Offer", "Comes in", "Price of a licence", "Licences"];
    let add_on_headers = ["Add-on", "Added to", "Comes in", "Price of a licence", "Licences"];
    let resellers = resellers_of_record(buyer.screen);
    html! {
        div #lines {
            @if let Some(fault) = faults.about("lines") { p.hint { strong.fault { (fault) } } }
            @if plain.is_empty() { (widgets::empty("Nothing is sold now.")) }
            @else { (widgets::table("offers", "Offers", &headers, &rows)) }
            @if !add_ons.is_empty() {
                h2 { "Add-ons" }
                (widgets::table("add-ons", "Add-ons", &add_on_headers, &add_on_rows))
            }
        }
        @if resellers.len() > 1 {
            fieldset {
                (Input::text(ON_RECORD, "Reseller on record")
                    .hint("It manages these subscriptions and is credited for them.")
                    .draw_choice(&resellers, fields, faults))
            }
        }
    }
}

fn row(
    offer: &Offer,
    parents: Option<&[(String, String)]>,
    fields: &Fields,
    faults: &Faults,
) -> Markup {
    let [quantity, cycle, parent] =
        [QUANTITY, CYCLE, PARENT].map(|name| format!("{name}{}", offer.id));
    let fault = faults.about(&quantity);
    let cycles: Vec<_> = offer
        .prices
        .iter()
        .map(|price| {
            let word = cycle_word(price.billing_cycle).to_owned();
            (word, format!("{} {}", price.unit_price, per_cycle(price.billing_cycle)))
        })
        .collect();
    html! {
        tr data-offer=(offer.id) {
            th scope="row" data-label=(if parents.is_some() { "Add-on" } else { "Offer" }) {
                span { (offer.name) br; span.hint { (offer.description) } }
            }
            @if let Some(parents) = parents {
                td data-label="Added to" {
                    (choice(&parent, &format!("{}: added to", offer.name), parents, fields, faults))
                }
            }
            td data-label="Comes in" { (offer.minimum_quantity) " to " (offer.maximum_quantity) }
            td data-label="Price of a licence" {
                (choice(&cycle, &format!("{}: billing", offer.name), &cycles, fields, faults))
            }
            td data-label="Licences" {
                div.inline {
                    input type="number" id=(quantity) name=(quantity)
                        min=(offer.minimum_quantity) max=(offer.maximum_quantity)
                        value=(fields.text(&quantity)) aria-label={ (offer.name) ": licences" }
                        aria-invalid=[fault.map(|_| "true")];
                }
                @if let Some(fault) = fault { p.hint { strong.fault { (fault) } } }
            }
        }
    }
}

fn choice(
    name: &str,
    label: &str,
    choices: &[(String, String)],
    fields: &Fields,
    faults: &Faults,
) -> Markup {
    let fault = faults.about(name);
    html! {
        div {
            select id=(name) name=(name) aria-label=(label) aria-invalid=[fault.map(|_| "true")] {
                @for (value, text) in choices {
                    option value=(value) selected[fields.text(name) == value] { (text) }
                }
            }
            @if let Some(fault) = fault { p.hint { strong.fault { (fault) } } }
        }
    }
}

/// Reads the lines; none where no number of licences is given.
pub(super) fn read(buyer: Buyer<'_>, fields: &Fields, faults: &mut Faults) -> Vec<CartLine> {
    let partner_on_record = fields.optional::<MpnId>(faults, ON_RECORD).flatten();
    refuse_strangers(buyer, fields, faults);
    let mut lines: Vec<CartLine> = Vec::new();
    for offer in buyer.catalogue().offers() {
        let Some((quantity, billing_cycle)) = read_line(offer, fields, faults) else { continue };
        lines.push(CartLine {
            line_number: u32::try_from(lines.len()).unwrap_or(u32::MAX),
            offer_id: offer.id,
            subscription_id: ids::fresh(buyer.screen.app.now(), SubscriptionId::from_uuid),
            quantity,
            billing_cycle,
            friendly_name: None,
            partner_on_record: partner_on_record.clone(),
            parent_subscription: None,
        });
    }
    if lines.len() > ORDER_LINES_MAX {
        faults.add("lines", format!("an order has at most {ORDER_LINES_MAX} lines"));
    }
    add_parents(buyer, &mut lines, fields, faults);
    lines
}

/// Lets a line of an offer that is `known` already keep the subscription it is going to become, and its
/// name.
pub(super) fn kept(lines: &[CartLine], known: &[CartLine]) -> Vec<CartLine> {
    let same = |line: &CartLine| known.iter().find(|known| known.offer_id == line.offer_id);
    let named = lines.iter().map(|line| {
        let friendly_name = same(line).and_then(|known| known.friendly_name.clone());
        CartLine { friendly_name, ..line.clone() }
    });
    going_on(named.collect(), |_, line| same(line))
}

/// Finds fault with licences of what the catalogue does not know.
fn refuse_strangers(buyer: Buyer<'_>, fields: &Fields, faults: &mut Faults) {
    let given = fields.except(&[]).filter(|(_, value)| !value.trim().is_empty());
    let offers = given.filter_map(|(name, _)| name.strip_prefix(QUANTITY));
    let is_known =
        |id: &str| id.parse::<OfferId>().is_ok_and(|id| buyer.catalogue().offer(id).is_some());
    for stranger in offers.filter(|id| !is_known(id)) {
        faults.add("lines", format!("the offer {stranger} is not in the catalogue"));
    }
}

fn read_line(
    offer: &Offer,
    fields: &Fields,
    faults: &mut Faults,
) -> Option<(Quantity, BillingCycle)> {
    let name = format!("{QUANTITY}{}", offer.id);
    let quantity = match parse_quantity(fields.text(&name)) {
        Ok(quantity) => quantity?,
        Err(reason) => {
            faults.add_to(name, offer.name.as_str(), reason);
            return None;
        }
    };
    if !offer.allows(quantity) {
        let (least, most) = (offer.minimum_quantity, offer.maximum_quantity);
        faults.add_to(name, offer.name.as_str(), format!("comes in {least} to {most} licences"));
    }
    let name = format!("{CYCLE}{}", offer.id);
    let word = fields.text(&name);
    let cycle = BillingCycle::ALL.into_iter().find(|cycle| cycle_word(*cycle) == word);
    let cycle = cycle.filter(|cycle| offer.unit_price(*cycle).is_some());
    if cycle.is_none() {
        faults.add_to(name, offer.name.as_str(), "billing must be one of the choices");
    }
    Some((quantity, cycle?))
}

/// Reads a number of licences; nothing where it is left empty.
pub(super) fn parse_quantity(text: &str) -> Result<Option<Quantity>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let number = text.parse::<u32>().map_err(|_| "must be a whole number".to_owned())?;
    Quantity::new(number).map(Some).map_err(|error| error.reason)
}

/// Reads to what the add-ons are added.
fn add_parents(buyer: Buyer<'_>, lines: &mut [CartLine], fields: &Fields, faults: &mut Faults) {
    let bought: Vec<_> = lines.iter().map(|line| (line.offer_id, line.subscription_id)).collect();
    for line in lines {
        let offer = buyer.catalogue().offer(line.offer_id).filter(|offer| offer.is_add_on());
        let Some(offer) = offer else { continue };
        let name = format!("{PARENT}{}", offer.id);
        match read_parent(fields.text(&name), &bought) {
            Ok(parent) => line.parent_subscription = Some(parent),
            Err(reason) => faults.add_to(name, offer.name.as_str(), reason),
        }
    }
}

fn read_parent(
    text: &str,
    bought: &[(OfferId, SubscriptionId)],
) -> Result<SubscriptionId, &'static str> {
    if text.is_empty() {
        return Err("choose to what it is added");
    }
    let Some(offer) = text.strip_prefix(TOGETHER) else {
        return text.parse().map_err(|_| "must be one of the choices");
    };
    let offer: OfferId = offer.parse().map_err(|_| "must be one of the choices")?;
    let parent = bought.iter().find(|(id, _)| *id == offer).map(|(_, subscription)| *subscription);
    parent.ok_or("what it is added to is not ordered")
}

/// The form that these lines fill; none for lines that it cannot hold: two of one offer, or with
/// different resellers on record.
pub(super) fn filled(lines: &[CartLine]) -> Option<Fields> {
    let offers: BTreeSet<_> = lines.iter().map(|line| line.offer_id).collect();
    let on_record = lines.first().and_then(|line| line.partner_on_record.as_ref());
    let is_one = lines.iter().all(|line| line.partner_on_record.as_ref() == on_record);
    if offers.len() < lines.len() || !is_one {
        return None;
    }
    let mut fields = Fields::default().with(ON_RECORD, on_record.map_or("", MpnId::as_str));
    for line in lines {
        fields = fields
            .with(&format!("{QUANTITY}{}", line.offer_id), line.quantity)
            .with(&format!("{CYCLE}{}", line.offer_id), cycle_word(line.billing_cycle));
        if let Some(parent) = line.parent_subscription {
            let together = lines.iter().find(|other| other.subscription_id == parent);
            let chosen = together.map_or_else(
                || parent.to_string(),
                |other| format!("{TOGETHER}{}", other.offer_id),
            );
            fields = fields.with(&format!("{PARENT}{}", line.offer_id), chosen);
        }
    }
    Some(fields)
}

/// Whether a field belongs to this form.
pub(super) fn is_field(name: &str) -> bool {
    name == ON_RECORD || [QUANTITY, CYCLE, PARENT].iter().any(|prefix| name.starts_with(prefix))
}
