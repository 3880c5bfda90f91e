//! `/customers`: the customers a partner sees.

use axum::{
    Router,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use commands::Permission;
use events::{CustomerId, DomainName, PartnerId, PartnerKind};
use maud::{Markup, html};
use projections::{CustomerFilter, CustomerRow};

use super::{PAGE_ROWS, on_record};
use crate::{
    http::AppState,
    web::{
        error::PageError,
        layout::{Frame, Section},
        screen::Screen,
        widgets::{self, Tone, badge},
    },
};

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/customers", get(list))
}

/// The status whose customers are no longer served.
const ENDED: &str = "ended";
/// The status of companies that were asked, and did not answer yet.
const REQUESTED: &str = "requested";

async fn list(screen: Screen) -> Result<Response, PageError> {
    if !screen.sees(Permission::CustomersView) && screen.sees(Permission::CustomerUsersView) {
        return find(&screen).await;
    }
    screen.allow(Permission::CustomersView).await?;
    match screen.query.text("status") {
        ENDED => return Ok(ended(&screen)),
        REQUESTED if screen.can(Permission::RelationshipsRequest) => {
            return Ok(Redirect::to("/customers/requests").into_response());
        }
        _ => {}
    }
    let text = screen.query.text("q");
    let partner_text = screen.query.text("reseller");
    let filter = CustomerFilter {
        text: Some(text.to_owned()),
        indirect_partner: partner_text.parse().ok(),
        ..CustomerFilter::default()
    };
    let after = screen.query.text("after").parse::<CustomerId>().ok();
    let after = after.and_then(|id| screen.model.customers().seen_by(screen.visitor.partner, id));
    let cursor = after.map(CustomerRow::cursor);
    let page =
        screen.model.customers().list(screen.visitor.partner, &filter, cursor.as_ref(), PAGE_ROWS);
    let kept = [("q", text), ("reseller", partner_text)];
    let next = page.next.map(|next| {
        let id = next.customer.to_string();
        screen.link_with("/customers", &[kept[0], kept[1], ("after", &id)])
    });
    let is_first = cursor.is_none();
    let first = cursor.map(|_| screen.link_with("/customers", &kept));
    let rows = html! { @for customer in &page.rows { (row(&screen, customer)) } };
    let body = html! {
        (search(&screen))
        @if page.rows.is_empty() {
            (widgets::empty(if text.is_empty() && partner_text.is_empty() {
                "There are no customers yet."
            } else {
                "No customer matches."
            }))
        } @else {
            (widgets::table("customers", "Customers", &headers(&screen), &rows))
            (widgets::pager(page.rows.len(), Some(page.total), first, next))
        }
        @if is_first { (on_record::section(&screen)) }
    };
    let actions = html! {
        @if screen.can(Permission::RelationshipsRequest) {
            a.button #requested-relationships href="/customers/requests" { "Requested relationships" }
        }
        @if screen.can(Permission::CustomersCreate) {
            a.button #import-customers href="/customers/import" { "Import customers" }
            a.button.primary #add-customer href="/customers/new" { "Add customer" }
        }
    };
    Ok(Frame::new(&screen, Section::Customers, "Customers").actions(actions).readable().show(&body))
}

/// For those who manage the users of customers without viewing customers: leads to the one customer
/// with the domain they name.
async fn find(screen: &Screen) -> Result<Response, PageError> {
    screen.allow(Permission::CustomerUsersView).await?;
    let domain = screen.query.text("domain");
    let named = DomainName::new(domain).ok();
    let found = named.and_then(|domain| screen.model.customers().by_domain(&domain));
    if let Some(customer) = found.filter(|row| row.is_seen_by(screen.visitor.partner)) {
        let path = screen.link(&format!("/customers/{}", customer.id));
        return Ok(Redirect::to(&path).into_response());
    }
    let body = html! {
        p { "Your roles open the users of a customer, not the list of customers." }
        form.filter #customer-find method="get" action="/customers" role="search" {
            label.hidden for="domain" { "Domain of the customer" }
            input #domain type="search" name="domain" value=(domain) placeholder="Domain of the customer" required;
            button type="submit" { "Find" }
        }
        @if !domain.is_empty() { (widgets::empty("You have no customer with this domain.")) }
    };
    Ok(Frame::new(screen, Section::Customers, "Customers").show(&body))
}

fn search(screen: &Screen) -> Markup {
    let chosen = screen.query.text("reseller");
    let partners = indirect_partners(screen);
    html! {
        form.filter #customer-search method="get" action="/customers" role="search" {
            @if screen.is_past() {
                input type="hidden" name="as_of" value=(screen.query.text("as_of"));
            }
            label.hidden for="q" { "Company or domain contains" }
            input #q type="search" name="q" value=(screen.query.text("q")) placeholder="Company or domain";
            @if !partners.is_empty() {
                label.hidden for="reseller" { (indirect_title(screen)) }
                select #reseller name="reseller" {
                    option value="" { "Any " (indirect_title(screen).to_lowercase()) }
                    @for (id, name) in &partners {
                        option value=(id) selected[chosen == id.to_string()] { (name) }
                    }
                }
            }
            label.hidden for="status" { "Relationship" }
            select #status name="status" {
                option value="" { "Active relationships" }
                @if screen.can(Permission::RelationshipsRequest) {
                    option value=(REQUESTED) { "Requested relationships" }
                }
                option value=(ENDED) selected[screen.query.text("status") == ENDED] { "Ended relationships" }
            }
            button type="submit" { "Search" }
        }
    }
}

/// The customers whose relationship was ended, and the way to reinstate it.
fn ended(screen: &Screen) -> Response {
    let own = screen.visitor.partner;
    let text = screen.query.text("q").to_lowercase();
    let wanted = |customer: &&CustomerRow| {
        customer.company_name.as_str().to_lowercase().contains(&text)
            || customer.domain.as_str().contains(&text)
    };
    let found: Vec<_> = screen.model.customers().ended(own).filter(wanted).collect();
    let rows = html! {
        @for customer in &found {
            tr data-customer=(customer.id) {
                th scope="row" data-label="Company" { (customer.company_name) }
                td data-label="Domain" { (customer.domain) }
                td data-label="Ended" {
                    @if let Some(bond) = customer.relationship(own) { (widgets::time(bond.since)) }
                }
                td {
                    @if screen.can(Permission::RelationshipsReinstate) {
                        a.small href=(screen.link_with("/customers/requests/new", &[("domain", customer.domain.as_str())])) {
                            "Reinstate"
                        }
                    }
                }
            }
        }
    };
    let headers = ["Company", "Domain", "Ended", r#"<span class="hidden">More</span>"#];
    let body = html! {
        (search(screen))
        @if found.is_empty() { (widgets::empty("No relationship was ended.")) }
        @else { (widgets::table("ended-customers", "Ended relationships", &headers, &rows)) }
    };
    Frame::new(screen, Section::Customers, "Customers").readable().show(&body)
}

/// The partners by which the list can be narrowed: a provider's resellers, a reseller's providers.
fn indirect_partners(screen: &Screen) -> Vec<(PartnerId, String)> {
    let own = screen.visitor.partner;
    let resellers = screen.model.resellers();
    let as_provider = resellers.resellers_of(own).filter_map(|row| row.reseller);
    let as_reseller = resellers.providers_of(own).map(|row| row.provider);
    let mut partners: Vec<_> = as_provider
        .chain(as_reseller)
        .filter_map(|id| screen.model.partners().get(id))
        .map(|partner| (partner.id, partner.name.to_string()))
        .collect();
    partners.sort_by(|one, other| one.1.cmp(&other.1));
    partners
}

fn is_reseller(screen: &Screen) -> bool {
    let own = screen.model.partners().get(screen.visitor.partner);
    own.is_some_and(|partner| partner.kind == PartnerKind::IndirectReseller)
}

fn indirect_title(screen: &Screen) -> &'static str {
    if is_reseller(screen) { "Provider" } else { "Reseller" }
}

fn headers(screen: &Screen) -> Vec<&'static str> {
    let mut headers = vec!["Company", "Domain", "Users", "Deleted"];
    if screen.sees(Permission::SubscriptionsView) {
        headers.extend(["Subscriptions", "Licences in use"]);
    }
    headers.push(indirect_title(screen));
    headers.push("Record");
    headers
}

fn row(screen: &Screen, customer: &CustomerRow) -> Markup {
    let id = customer.id;
    let users = screen.model.customer_users().counts(id).active;
    let deleted = screen.model.deleted_users().restorable_count(id, screen.at);
    html! {
        tr data-customer=(id) {
            th scope="row" data-label="Company" {
                a href=(screen.link(&format!("/customers/{id}"))) { (customer.company_name) }
            }
            td data-label="Domain" { (customer.domain) }
            td.number data-label="Users" { (users) }
            td.number data-label="Deleted" { (deleted) }
            @if screen.sees(Permission::SubscriptionsView) {
                @let (count, suspended) = subscriptions(screen, id);
                @let (used, total) = seats(screen, id);
                td.number data-label="Subscriptions" {
                    (count)
                    @if suspended > 0 { " " (badge(Tone::Warning, &format!("{suspended} suspended"))) }
                }
                td.number data-label="Licences in use" { (used) " of " (total) }
            }
            td data-label=(indirect_title(screen)) { (others(screen, customer)) }
            td data-label="Record" { (record(screen, customer)) }
        }
    }
}

/// What is known about a customer at a glance; the account page tells the rest.
fn record(screen: &Screen, customer: &CustomerRow) -> Markup {
    let own = screen.visitor.partner;
    let path = format!("/customers/{}", customer.id);
    let bond = customer.relationship(own).filter(|bond| bond.active);
    html! {
        details {
            summary { "Show" }
            dl.pairs {
                div { dt { "Country" } dd { (customer.country) } }
                @if let Some(bond) = bond {
                    div { dt { "Customer since" } dd { (widgets::time(bond.since)) } }
                    div { dt { "Delegated admin privileges" } dd { @if bond.delegated_admin { "yes" } @else { "no" } } }
                }
                @if screen.sees(Permission::OwnPurchasesView) {
                    div { dt { "Buys for itself" } dd {
                        @if customer.own_purchases_from(own).is_some() { "yes" } @else { "no" }
                    } }
                }
                div { dt { "Id" } dd { code { (customer.id) } } }
            }
            p { a href=(screen.link(&format!("{path}/account"))) { "Account" }
                @if screen.sees(Permission::SubscriptionsView) {
                    " · " a href=(screen.link(&format!("{path}/subscriptions"))) { "Subscriptions" }
                }
            }
        }
    }
}

fn subscriptions(screen: &Screen, customer: CustomerId) -> (usize, usize) {
    let rows = screen.model.subscriptions().of(customer);
    let seen = rows.filter(|row| super::sees_subscriptions_of(screen, customer, row.partner));
    seen.fold((0, 0), |(count, suspended), row| {
        (count + 1, suspended + usize::from(!row.state.is_active()))
    })
}

fn seats(screen: &Screen, customer: CustomerId) -> (u64, u64) {
    let all = screen.model.licenses().of(customer).map(|(_, seats)| seats);
    all.fold((0, 0), |(used, total), seats| (used + seats.consumed, total + seats.active))
}

/// The resellers of the customer, or, seen by a reseller, the providers through which it sells.
fn others(screen: &Screen, customer: &CustomerRow) -> Markup {
    let own = screen.visitor.partner;
    let bonds = customer.resellers.iter();
    let ids: Vec<PartnerId> = if is_reseller(screen) {
        bonds.filter(|bond| bond.reseller == own).map(|bond| bond.provider).collect()
    } else {
        bonds.filter(|bond| bond.provider == own).map(|bond| bond.reseller).collect()
    };
    let names = ids.iter().filter_map(|id| screen.model.partners().get(*id));
    widgets::badges(names.map(|partner| partner.name.as_str()))
}
