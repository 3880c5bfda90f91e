//! `/customers/{id}/subscriptions/{subscription}`: one subscription, and what can be changed about it.

use axum::{Router, extract::Path, response::Response, routing::get};
use commands::{ChangeSubscription, Offer, Permission, Rejection, SubscriptionStatus, term_end};
use events::{BillingCycle, CustomerId, FriendlyName, SubscriptionId};
use maud::{Markup, html};
use projections::{SubscriptionRow, SubscriptionState};

use super::{
    customer_subscriptions::{on_record, state},
    id, incentives,
    order_lines::{parse_quantity, per_cycle},
    product, sees_subscriptions_of, subscription_upgrade,
};
use crate::{
    application::{OnCustomer, Renewal},
    http::AppState,
    web::{
        customer_frame,
        error::PageError,
        forms::{Faults, Fields},
        layout::{self, Frame, Section},
        screen::Screen,
        submitted::Submitted,
        widgets::{self, Input},
    },
};

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/customers/{customer}/subscriptions/{subscription}", get(show).post(change))
}

/// The address of a subscription's page.
pub(super) fn path(row: &SubscriptionRow) -> String {
    format!("/customers/{}/subscriptions/{}", row.customer, row.id)
}

async fn show(
    Path((customer, subscription)): Path<(String, String)>,
    screen: Screen,
) -> Result<Response, PageError> {
    let row = seen(&screen, &customer, &subscription, Permission::SubscriptionsView).await?;
    Ok(page(&screen, row, None, &Faults::default()))
}

/// The subscription at this address, as far as the visitor sees it and has the permission for it. A
/// reseller on record has a way to it that needs none to the customer.
pub(super) async fn seen<'s>(
    screen: &'s Screen,
    customer: &str,
    subscription: &str,
    permission: Permission,
) -> Result<&'s SubscriptionRow, PageError> {
    let (customer, id) = (id::<CustomerId>(customer)?, id::<SubscriptionId>(subscription)?);
    let principal = screen.visitor.principal();
    screen.app.allow_subscription(principal, customer, id, permission).await?;
    let own = screen.model.partners().get(screen.visitor.partner).map(|own| &own.mpn_id);
    let row = screen.model.subscriptions().get(customer, id).filter(|row| {
        let is_on_record = own.is_some() && own == row.partner_on_record.as_ref();
        is_on_record || sees_subscriptions_of(screen, customer, row.partner)
    });
    row.ok_or_else(|| (&Rejection::SubscriptionNotFound { subscription_id: id }).into())
}

/// The frame of a page about a subscription; it leads back to the customer where there is a way.
pub(super) fn frame<'a>(screen: &'a Screen, row: &SubscriptionRow, title: &str) -> Frame<'a> {
    let own = screen.visitor.partner;
    let customer = screen.model.customers().get(row.customer);
    match customer {
        Some(customer)
            if customer.is_seen_by(own) && screen.sees(Permission::SubscriptionsView) =>
        {
            let base = customer_frame::path(customer);
            customer_frame::inner_frame(screen, customer, title)
                .under("Subscriptions", format!("{base}/subscriptions"))
        }
        Some(_) | None if screen.sees(Permission::SubscriptionsView) => {
            Frame::new(screen, Section::Customers, title).under("Customers", "/customers")
        }
        Some(_) | None => {
            Frame::new(screen, Section::Incentives, title).under("Incentives", incentives::PATH)
        }
    }
}

/// The page; where something was refused, with what was typed.
pub(super) fn page(
    screen: &Screen,
    row: &SubscriptionRow,
    typed: Option<&Fields>,
    faults: &Faults,
) -> Response {
    let changes = screen.can(Permission::SubscriptionsManage) && !row.state.is_cancelled();
    let body = html! {
        (layout::faults(faults))
        section.card #facts { (facts(screen, row)) }
        @if changes {
            div.columns {
                (size(screen, row, typed, faults))
                @if row.state.is_active() { (subscription_upgrade::card(screen, row)) }
                (ending(screen, row))
            }
        }
    };
    frame(screen, row, row.friendly_name.as_str())
        .subtitle(html! { p.subtitle { (product(screen, row.sku)) " " (state(row.state)) } })
        .readable()
        .faulty(faults)
        .show(&body)
}

fn facts(screen: &Screen, row: &SubscriptionRow) -> Markup {
    let customer = screen.model.customers().get(row.customer);
    let seller = screen.model.partners().get(row.partner);
    let contact = screen.model.support_contact(row.customer, row.id);
    let contact = contact.and_then(|contact| screen.model.partners().get(contact));
    let own = path(row);
    let is_seller = row.partner == screen.visitor.partner;
    html! {
        dl.pairs {
            @if let Some(customer) = customer { div { dt { "Customer" } dd { (customer.company_name) } } }
            div { dt { "Licences" } dd { (row.quantity) } }
            @if let Some(terms) = &row.terms {
                div { dt { "Price of a licence" } dd { (terms.unit_price) " " (per_cycle(row.billing_cycle)) } }
            }
            @if let SubscriptionState::Suspended { since } | SubscriptionState::Cancelled { since } = row.state {
                div { dt { "Out of use since" } dd { (widgets::time(since)) } }
            }
            div { dt { "Bought" } dd { (widgets::time(row.created_at)) } }
            (term(screen, row))
            @if let Some(seller) = seller { div { dt { "Sold by" } dd { (seller.name) } } }
            div {
                dt { "Reseller on record" }
                dd {
                    (on_record(screen, row))
                    @if is_seller && screen.can(Permission::ResellersOfRecordManage) && !row.state.is_cancelled() {
                        " · " a href={ (own) "/reseller" } { "Change" }
                    }
                }
            }
            div {
                dt { "Support contact" }
                dd {
                    @match contact { Some(contact) => (contact.name), None => (widgets::dash()) }
                    @if is_seller && screen.sees(Permission::SupportContactsManage) {
                        " · " a href=(screen.link(&format!("/customers/{}/contacts", row.customer))) { "Support contacts" }
                    }
                }
            }
            (family(screen, row))
            div { dt { "Id" } dd { code { (row.id) } } }
        }
    }
}

/// When its term ends, and what then.
fn term(screen: &Screen, row: &SubscriptionRow) -> Markup {
    let running = term_end(row.terms_since, row.billing_cycle, screen.at);
    html! {
        @if !row.state.is_cancelled() {
            @match (row.ends_at, running) {
                (Some(end), _) => div { dt { "Ends" } dd { (widgets::time(end)) } }
                (None, Some(end)) => div { dt { "Renewed" } dd { (widgets::time(end)) } }
                (None, None) => {}
            }
        }
    }
}

/// What it is an add-on to, and what is added to it.
fn family(screen: &Screen, row: &SubscriptionRow) -> Markup {
    let all = screen.model.subscriptions();
    let parent = row.parent.and_then(|parent| all.get(row.customer, parent));
    let add_ons: Vec<_> = all.add_ons_of(row.customer, row.id).collect();
    html! {
        @if let Some(parent) = parent {
            div { dt { "Add-on to" } dd { a href=(screen.link(&path(parent))) { (parent.friendly_name) } } }
        }
        @if !add_ons.is_empty() {
            div {
                dt { "Add-ons" }
                dd {
                    ul {
                        @for add_on in &add_ons {
                            li { a href=(screen.link(&path(add_on))) { (add_on.friendly_name) } " " (state(add_on.state)) }
                        }
                    }
                }
            }
        }
    }
}

/// Its name and the number of its licences.
fn size(screen: &Screen, row: &SubscriptionRow, typed: Option<&Fields>, faults: &Faults) -> Markup {
    let filled =
        Fields::default().with("friendly_name", &row.friendly_name).with("quantity", row.quantity);
    let fields = typed.filter(|typed| typed.text("action") == "size").unwrap_or(&filled);
    let offer = screen.app.catalogue().offer(row.offer);
    let terms = row.terms.as_ref().map(|terms| (terms.minimum_quantity, terms.maximum_quantity));
    let range = offer.map(|offer| (offer.minimum_quantity, offer.maximum_quantity)).or(terms);
    let hint = match range {
        _ if !row.state.is_active() => "Changed only while the subscription is active.".to_owned(),
        Some((least, most)) => {
            format!("Comes in {least} to {most}, and never below those assigned.")
        }
        None => "Never below those assigned.".to_owned(),
    };
    let inner = html! {
        (Input::text("friendly_name", "Name").required().draw(fields, faults))
        (Input::number("quantity", "Licences").required().short().hint(hint).draw(fields, faults))
        div.buttons { button.primary type="submit" name="action" value="size" { "Save" } }
    };
    html! {
        section.card {
            h2 { "Name and licences" }
            (widgets::form(screen, "size", &path(row), &inner))
        }
    }
}

/// Suspending, reactivating and cancelling.
fn ending(screen: &Screen, row: &SubscriptionRow) -> Markup {
    let own = path(row);
    let switch = if row.state.is_active() {
        html! {
            p { "Suspended, its licences stay assigned, and none of them works or can be assigned." }
            div.buttons { button type="submit" name="action" value="suspend" { "Suspend" } }
        }
    } else {
        html! {
            p { "Its licences are still assigned. Active again, they work." }
            div.buttons { button type="submit" name="action" value="reactivate" { "Reactivate" } }
        }
    };
    let cancel = html! {
        p { "Cancelled, it is over for good: its licences are taken from the users." }
        (widgets::tick("sure", "yes", &html! { "Cancel it for good" }, false))
        div.buttons { button.danger type="submit" name="action" value="cancel" { "Cancel subscription" } }
    };
    html! {
        (renewal(screen, row))
        section.card {
            h2 { @if row.state.is_active() { "Suspend" } @else { "Reactivate" } }
            (widgets::form(screen, "switch", &own, &switch))
        }
        section.card {
            h2 { "Cancel" }
            (widgets::form(screen, "cancel", &own, &cancel))
        }
    }
}

/// Whether it goes on after its term; a trial is converted for that, and what is paid once has none.
fn renewal(screen: &Screen, row: &SubscriptionRow) -> Markup {
    let is_trial = screen.app.catalogue().offer(row.offer).is_some_and(Offer::is_trial);
    if is_trial || row.billing_cycle == BillingCycle::OneTime {
        return Markup::default();
    }
    let inner = if row.is_renewed() {
        html! {
            p { "At the end of each term it is renewed for another. Not renewed, it is over with the term that runs." }
            div.buttons { button type="submit" name="action" value="stop-renewal" { "Do not renew" } }
        }
    } else {
        html! {
            p { "It is over with the term that runs, and its licences are taken from the users then." }
            div.buttons { button type="submit" name="action" value="renew" { "Renew after all" } }
        }
    };
    html! {
        section.card {
            h2 { "Renewal" }
            (widgets::form(screen, "renewal", &path(row), &inner))
        }
    }
}

async fn change(
    Path((customer, subscription)): Path<(String, String)>,
    mut form: Submitted,
) -> Result<Response, PageError> {
    let permission = Permission::SubscriptionsManage;
    let row = seen(&form.screen, &customer, &subscription, permission).await?.clone();
    form.screen.path = path(&row);
    let (change, note) = match wanted(&row, &form.fields)? {
        Ok(wanted) => wanted,
        Err(faults) => return Ok(page(&form.screen, &row, Some(&form.fields), &faults)),
    };
    let call = form.call(b"");
    let outcome = match change {
        Change::Itself(command) => {
            form.execute(&call, &OnCustomer::new(row.customer, command)).await
        }
        Change::Renewal(renewal) => form.execute(&call, &renewal).await,
    };
    match outcome? {
        Ok(_) => Ok(form.done(&path(&row), layout::done(note))),
        Err(faults) => Ok(page(&form.screen, &row, Some(&form.fields), &faults)),
    }
}

type Wanted = (Change, &'static str);

/// What is to be changed.
enum Change {
    Itself(ChangeSubscription),
    Renewal(Renewal),
}

/// What the form asks for, and what is said once it is done.
fn wanted(row: &SubscriptionRow, fields: &Fields) -> Result<Result<Wanted, Faults>, PageError> {
    let same = ChangeSubscription {
        subscription_id: row.id,
        quantity: None,
        status: None,
        friendly_name: None,
    };
    let status =
        |status| Change::Itself(ChangeSubscription { status: Some(status), ..same.clone() });
    let (customer, subscription_id) = (row.customer, row.id);
    let renewal = |renews| Change::Renewal(Renewal { customer, subscription_id, renews });
    Ok(match fields.text("action") {
        "stop-renewal" => Ok((renewal(false), "The subscription ends with its term.")),
        "renew" => Ok((renewal(true), "The subscription is renewed at the end of its term.")),
        "suspend" => Ok((status(SubscriptionStatus::Suspended), "The subscription is suspended.")),
        "reactivate" => {
            Ok((status(SubscriptionStatus::Active), "The subscription is active again."))
        }
        "cancel" if fields.text("sure") == "yes" => {
            Ok((status(SubscriptionStatus::Cancelled), "The subscription is cancelled for good."))
        }
        "cancel" => {
            let mut faults = Faults::default();
            faults.add("sure", "tick the box: a cancelled subscription does not come back");
            Err(faults)
        }
        "size" => size_wanted(fields, &same),
        _ => {
            let known =
                "the action must be size, suspend, reactivate, renew, stop-renewal or cancel";
            return Err(PageError::malformed(known));
        }
    })
}

fn size_wanted(fields: &Fields, same: &ChangeSubscription) -> Result<Wanted, Faults> {
    let mut faults = Faults::default();
    let friendly_name = fields.required::<FriendlyName>(&mut faults, "friendly_name");
    let quantity = match parse_quantity(fields.text("quantity")) {
        Ok(Some(quantity)) => Some(quantity),
        Ok(None) => {
            faults.add("quantity", "must not be empty");
            None
        }
        Err(reason) => {
            faults.add("quantity", reason);
            None
        }
    };
    faults.unless_any(|| {
        Some((
            Change::Itself(ChangeSubscription { quantity, friendly_name, ..same.clone() }),
            "The subscription was saved.",
        ))
    })
}
