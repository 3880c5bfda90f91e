//! `/customers/{id}/subscriptions`: what the customer has bought, ordering more, changing it.

use axum::{
    Router,
    extract::Path,
    response::Response,
    routing::{get, post},
};
use commands::{
    ChangeSubscription, CustomerAccess, Offer, Permission, SubmitOrder, SubscriptionStatus,
};
use events::{
    BillingCycle, CustomerId, MpnId, OfferId, OrderId, OrderLine, Quantity, SubscriptionId,
};
use maud::{Markup, html};
use projections::{CustomerRow, SubscriptionRow};

use super::{id, product, sees_subscriptions_of};
use crate::{
    application::OnCustomer,
    http::AppState,
    ids,
    web::{
        customer_frame::{self, Tab},
        error::PageError,
        forms::{Faults, Fields},
        layout,
        screen::Screen,
        submitted::Submitted,
        widgets::{self, Input, Tone, badge},
    },
};

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/customers/{customer}/subscriptions", get(show))
        .route("/customers/{customer}/orders", post(order))
        .route("/customers/{customer}/subscriptions/{subscription}", post(change))
}

async fn show(Path(customer): Path<String>, screen: Screen) -> Result<Response, PageError> {
    let customer = id::<CustomerId>(&customer)?;
    page(&screen, customer, &Fields::default(), &Faults::default()).await
}

async fn page(
    screen: &Screen,
    customer: CustomerId,
    fields: &Fields,
    faults: &Faults,
) -> Result<Response, PageError> {
    let access = screen.allow_customer(customer, Permission::SubscriptionsView).await?;
    let customer = screen.customer(customer)?;
    let base = customer_frame::path(customer);
    let all = screen.model.subscriptions().of(customer.id);
    let seen: Vec<_> =
        all.filter(|row| sees_subscriptions_of(screen, customer.id, row.partner)).collect();
    let rows = html! { @for subscription in &seen { (row(screen, &base, subscription)) } };
    let headers = ["Subscription", "Product", "Licences", "State", "Sold by", "On record", "Since"];
    let orders = screen.can(Permission::SubscriptionsManage) && access == CustomerAccess::Holder;
    let body = html! {
        (layout::faults(faults))
        @if seen.is_empty() {
            (widgets::empty("No subscriptions yet."))
        } @else {
            (widgets::table("subscriptions", "Subscriptions", &headers, &rows))
        }
        @if orders { (order_form(screen, customer, &base, fields, faults)) }
    };
    Ok(customer_frame::frame(screen, customer, Tab::Subscriptions).faulty(faults).show(&body))
}

fn row(screen: &Screen, base: &str, row: &SubscriptionRow) -> Markup {
    let seller = screen.model.partners().get(row.partner);
    let on_record = row.partner_on_record.as_ref();
    let reseller = on_record.and_then(|mpn_id| screen.model.partners().by_mpn_id(mpn_id));
    html! {
        tr data-subscription=(row.id) {
            th scope="row" data-label="Subscription" { (row.friendly_name) }
            td data-label="Product" { (product(screen, row.sku)) }
            td.number data-label="Licences" {
                @if screen.can(Permission::SubscriptionsManage) && row.state.is_active() {
                    (quantity_form(screen, base, row))
                } @else { (row.quantity) }
            }
            td data-label="State" {
                div.row-actions {
                    @if row.state.is_active() { (badge(Tone::Good, "active")) }
                    @else if row.state.is_cancelled() { (badge(Tone::Bad, "cancelled")) }
                    @else { (badge(Tone::Warning, "suspended")) }
                    @if screen.can(Permission::SubscriptionsManage) && !row.state.is_cancelled() { (state_form(screen, base, row)) }
                }
            }
            td data-label="Sold by" { @if let Some(seller) = seller { (seller.name) } }
            td data-label="On record" {
                @match (reseller, on_record) {
                    (Some(reseller), _) => { (reseller.name) }
                    (None, Some(mpn_id)) => { "MPN " (mpn_id) }
                    (None, None) => { (widgets::dash()) }
                }
            }
            td data-label="Since" { (widgets::time(row.created_at)) }
        }
    }
}

fn quantity_form(screen: &Screen, base: &str, row: &SubscriptionRow) -> Markup {
    let action = format!("{base}/subscriptions/{}", row.id);
    widgets::form(
        screen,
        &format!("quantity-{}", row.id),
        &action,
        &html! {
            span.inline {
                input type="number" name="quantity" min="1" max=(Quantity::MAX) required value=(row.quantity)
                    aria-label={ "Licences of " (row.friendly_name) };
                button.small type="submit" name="action" value="quantity" { "Change" }
            }
        },
    )
}

fn state_form(screen: &Screen, base: &str, row: &SubscriptionRow) -> Markup {
    let action = format!("{base}/subscriptions/{}", row.id);
    let (value, label) =
        if row.state.is_active() { ("suspend", "Suspend") } else { ("reactivate", "Reactivate") };
    widgets::form(
        screen,
        &format!("state-{}", row.id),
        &action,
        &html! {
            button.small type="submit" name="action" value=(value) { (label) }
        },
    )
}

async fn change(
    Path((customer, subscription)): Path<(String, String)>,
    mut form: Submitted,
) -> Result<Response, PageError> {
    let (customer, subscription_id) =
        (id::<CustomerId>(&customer)?, id::<SubscriptionId>(&subscription)?);
    let path = format!("/customers/{customer}/subscriptions");
    form.screen.path.clone_from(&path);
    let nothing =
        ChangeSubscription { subscription_id, quantity: None, status: None, friendly_name: None };
    let mut faults = Faults::default();
    let (command, note) = match form.fields.text("action") {
        "suspend" => {
            let status = Some(SubscriptionStatus::Suspended);
            (ChangeSubscription { status, ..nothing }, "The subscription is suspended.")
        }
        "reactivate" => {
            let status = Some(SubscriptionStatus::Active);
            (ChangeSubscription { status, ..nothing }, "The subscription is active again.")
        }
        _ => {
            let quantity = quantity(&form.fields, &mut faults, "quantity").flatten();
            if quantity.is_none() && faults.is_empty() {
                faults.add("quantity", "must not be empty");
            }
            (ChangeSubscription { quantity, ..nothing }, "The number of licences was changed.")
        }
    };
    if !faults.is_empty() {
        return page(&form.screen, customer, &form.fields, &faults).await;
    }
    match form.execute(&form.call(b""), &OnCustomer::new(customer, command)).await? {
        Ok(_) => Ok(form.done(&path, layout::done(note))),
        Err(faults) => page(&form.screen, customer, &form.fields, &faults).await,
    }
}

/// Reads a number of licences; the outer `None` stands for a fault.
#[expect(clippy::option_option, reason = "left empty and faulty are told apart")]
fn quantity(fields: &Fields, faults: &mut Faults, name: &'static str) -> Option<Option<Quantity>> {
    parse_quantity(fields.text(name)).map_err(|reason| faults.add(name, reason)).ok()
}

fn parse_quantity(text: &str) -> Result<Option<Quantity>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let number = text.parse::<u32>().map_err(|_| "must be a whole number".to_owned())?;
    Quantity::new(number).map(Some).map_err(|error| error.reason)
}

const CYCLES: [(&str, &str, BillingCycle); 3] = [
    ("monthly", "Monthly", BillingCycle::Monthly),
    ("annual", "Annual", BillingCycle::Annual),
    ("one_time", "One time", BillingCycle::OneTime),
];

fn order_form(
    screen: &Screen,
    customer: &CustomerRow,
    base: &str,
    fields: &Fields,
    faults: &Faults,
) -> Markup {
    let cycles: Vec<_> =
        CYCLES.iter().map(|(value, title, _)| ((*value).to_owned(), (*title).to_owned())).collect();
    let on_record = on_record_choices(screen, customer);
    let rows =
        html! { @for offer in screen.app.catalogue().offers() { (offer_row(offer, fields)) } };
    let headers = ["Offer", "What it is", "Comes in", "Licences"];
    let inner = html! {
        @if let Some(fault) = faults.about("lines") { p.hint { strong.fault { (fault) } } }
        (widgets::table("offers", "Offers", &headers, &rows))
        div.columns {
            (Input::text("billing_cycle", "Billing").required().draw_choice(&cycles, fields, faults))
            @if on_record.len() > 1 {
                (Input::text("partner_on_record", "Reseller on record")
                    .draw_choice(&on_record, fields, faults))
            }
        }
        div.buttons { button.primary type="submit" { "Submit order" } }
    };
    html! {
        section.card #order {
            h2 { "Order subscriptions" }
            (widgets::form(screen, "order-form", &format!("{base}/orders"), &inner))
        }
    }
}

fn on_record_choices(screen: &Screen, customer: &CustomerRow) -> Vec<(String, String)> {
    let own = screen.visitor.partner;
    let resellers = screen.model.customers().resellers_through(customer.id, own);
    let partners = resellers.filter_map(|id| screen.model.partners().get(id));
    let choices = partners.map(|partner| (partner.mpn_id.to_string(), partner.name.to_string()));
    [(String::new(), "None".to_owned())].into_iter().chain(choices).collect()
}

fn offer_row(offer: &Offer, fields: &Fields) -> Markup {
    let name = format!("quantity_{}", offer.id);
    html! {
        tr {
            th scope="row" data-label="Offer" { (offer.name) }
            td data-label="What it is" { span { (offer.description) } }
            td data-label="Comes in" { (offer.minimum_quantity) " to " (offer.maximum_quantity) }
            td data-label="Licences" {
                span.inline {
                    input type="number" name=(name) min=(offer.minimum_quantity) max=(offer.maximum_quantity)
                        value=(fields.text(&name)) aria-label={ "Licences of " (offer.name) };
                }
            }
        }
    }
}

async fn order(Path(customer): Path<String>, mut form: Submitted) -> Result<Response, PageError> {
    let customer = id::<CustomerId>(&customer)?;
    let path = format!("/customers/{customer}/subscriptions");
    form.screen.path.clone_from(&path);
    let command = match read_order(&form) {
        Ok(command) => command,
        Err(faults) => return page(&form.screen, customer, &form.fields, &faults).await,
    };
    let ordered = command.lines.len();
    match form.execute(&form.call(b""), &OnCustomer::new(customer, command)).await? {
        Ok(_) => {
            let note =
                format!("Ordered: {}.", widgets::count(ordered, "subscription", "subscriptions"));
            Ok(form.done(&path, layout::done(&note)))
        }
        Err(faults) => page(&form.screen, customer, &form.fields, &faults).await,
    }
}

fn read_order(form: &Submitted) -> Result<SubmitOrder, Faults> {
    let fields = &form.fields;
    let mut faults = Faults::default();
    let cycle = CYCLES.iter().find(|(value, ..)| *value == fields.text("billing_cycle"));
    if cycle.is_none() {
        faults.add("billing_cycle", "must be one of the choices");
    }
    let on_record = fields.optional::<MpnId>(&mut faults, "partner_on_record");
    let wanted = read_lines(form, &mut faults);
    faults.unless_any(|| {
        let now = form.screen.app.now();
        let partner_on_record = on_record?;
        let line = |(number, (offer_id, quantity))| OrderLine {
            line_number: number,
            offer_id,
            subscription_id: ids::fresh(now, SubscriptionId::from_uuid),
            quantity,
            friendly_name: None,
            partner_on_record: partner_on_record.clone(),
            parent_subscription: None,
        };
        Some(SubmitOrder {
            order_id: ids::fresh(now, OrderId::from_uuid),
            partner_id: form.screen.visitor.partner,
            billing_cycle: cycle?.2,
            lines: (0..).zip(wanted).map(line).collect(),
        })
    })
}

/// The offers with a quantity.
fn read_lines(form: &Submitted, faults: &mut Faults) -> Vec<(OfferId, Quantity)> {
    let mut lines = Vec::new();
    for offer in form.catalogue().offers() {
        match parse_quantity(form.fields.text(&format!("quantity_{}", offer.id))) {
            Ok(Some(quantity)) => lines.push((offer.id, quantity)),
            Ok(None) => {}
            Err(reason) => faults.add("quantity", format!("{}: {reason}", offer.name)),
        }
    }
    if lines.is_empty() && faults.is_empty() {
        faults.add("lines", "enter a number of licences for at least one offer");
    }
    lines
}
