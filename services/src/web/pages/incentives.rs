//! `/incentives`: for what indirect resellers are credited, month by month.

use axum::{Router, response::Response, routing::get};
use commands::Permission;
use events::MpnId;
use maud::{Markup, html};
use projections::CreditRow;

use super::{PAGE_ROWS, product};
use crate::{
    http::AppState,
    months::{MONTHS_DEFAULT, MONTHS_MAX, Month, months_until},
    web::{
        error::PageError,
        layout::{Frame, Section},
        screen::Screen,
        widgets,
    },
};

pub(super) const PATH: &str = "/incentives";

pub(super) fn router() -> Router<AppState> {
    Router::new().route(PATH, get(show))
}

/// What one reseller is credited for, as far as the visitor sees it.
struct Credited<'a> {
    reseller: MpnId,
    rows: Vec<&'a CreditRow>,
}

async fn show(screen: Screen) -> Result<Response, PageError> {
    screen.allow(Permission::IncentivesView).await?;
    let months = match screen.query.text("months") {
        "" => MONTHS_DEFAULT,
        text => {
            text.parse().ok().filter(|months| (1..=MONTHS_MAX).contains(months)).ok_or_else(
                || PageError::malformed(format!("the months must be 1 to {MONTHS_MAX}")),
            )?
        }
    };
    let months = months_until(screen.at, months);
    let credited = credited(&screen);
    let chosen = screen.query.text("reseller");
    let chosen = credited.iter().find(|it| it.reseller.as_str() == chosen || credited.len() == 1);
    let shown = chosen.map_or(credited.as_slice(), std::slice::from_ref);
    let body = html! {
        (choice(&screen, months.len()))
        @if credited.is_empty() {
            (widgets::empty("No reseller was on record for a subscription yet."))
        } @else { (by_month(&screen, shown, &months)) }
        @if shown.len() < credited.len() {
            p { a href=(screen.link_with(PATH, &[("months", screen.query.text("months"))])) { "All resellers" } }
        }
        @if let Some(chosen) = chosen { (subscriptions(&screen, chosen)) }
    };
    Ok(Frame::new(&screen, Section::Incentives, "Incentives").readable().show(&body))
}

/// For a provider its resellers, for a reseller itself.
fn credited(screen: &Screen) -> Vec<Credited<'_>> {
    let own = screen.visitor.partner;
    let (partners, credits) = (screen.model.partners(), screen.model.credits());
    let own_id = partners.get(own).map(|row| row.mpn_id.clone());
    let own_id = own_id.filter(|own| credits.of_reseller(own).next().is_some());
    let all = credits.resellers_of(own).cloned().chain(own_id.clone());
    all.map(|reseller| {
        let is_own = Some(&reseller) == own_id.as_ref();
        let rows = credits.of_reseller(&reseller);
        let rows = rows.filter(|row| is_own || row.seller == own).collect();
        Credited { reseller, rows }
    })
    .collect()
}

fn name(screen: &Screen, reseller: &MpnId) -> String {
    let partner = screen.model.partners().by_mpn_id(reseller);
    partner.map_or_else(|| format!("MPN {reseller}"), |partner| partner.name.to_string())
}

fn choice(screen: &Screen, months: usize) -> Markup {
    html! {
        form.filter #months-form method="get" action=(PATH) {
            @if screen.is_past() {
                input type="hidden" name="as_of" value=(screen.query.text("as_of"));
            }
            @if !screen.query.text("reseller").is_empty() {
                input type="hidden" name="reseller" value=(screen.query.text("reseller"));
            }
            label for="months" { "Months" }
            input #months type="number" name="months" min="1" max=(MONTHS_MAX) value=(months) required;
            button type="submit" { "Show" }
        }
    }
}

/// The seats of each reseller at the end of each month, newest month first.
fn by_month(screen: &Screen, credited: &[Credited<'_>], months: &[Month]) -> Markup {
    let shown: Vec<_> = months.iter().rev().collect();
    let headers: Vec<_> =
        std::iter::once("Reseller").chain(shown.iter().map(|month| month.name.as_str())).collect();
    let rows = html! {
        @for it in credited {
            tr data-reseller=(it.reseller) {
                th scope="row" data-label="Reseller" {
                    a href=(address(screen, &it.reseller, None)) { (name(screen, &it.reseller)) }
                }
                @for month in &shown {
                    @let seats = it.rows.iter().map(|row| u64::from(row.seats_at(&it.reseller, month.end)));
                    td.number data-label=(month.name) { (seats.sum::<u64>()) }
                }
            }
        }
    };
    html! {
        h2 { "Licences at the end of each month" }
        (widgets::table("credits", "Licences at the end of each month", &headers, &rows))
    }
}

/// The page of a reseller, from a place on.
fn address(screen: &Screen, reseller: &MpnId, from: Option<usize>) -> String {
    let from = from.map(|from| from.to_string()).unwrap_or_default();
    let months = screen.query.text("months");
    let parameters = [("months", months), ("reseller", reseller.as_str()), ("from", &from)];
    screen.link_with(PATH, &parameters)
}

/// What a reseller is on record for at the moment shown.
fn subscriptions(screen: &Screen, credited: &Credited<'_>) -> Markup {
    let reseller = &credited.reseller;
    let now = credited.rows.iter().filter(|row| row.seats_at(reseller, screen.at) > 0);
    let now: Vec<_> = now.collect();
    let from: usize = screen.query.text("from").parse().unwrap_or(0);
    let page: Vec<_> = now.iter().skip(from).take(PAGE_ROWS).collect();
    let end = from.saturating_add(page.len());
    let next = (end < now.len()).then(|| address(screen, reseller, Some(end)));
    let first = (from > 0).then(|| address(screen, reseller, None));
    let rows = html! { @for row in &page { (subscription(screen, credited, row)) } };
    let headers = [
        "Subscription",
        "Customer",
        "Product",
        "Licences",
        "Sold by",
        r#"<span class="hidden">More</span>"#,
    ];
    let caption = format!("{}: on record now", name(screen, reseller));
    html! {
        h2 { (caption) }
        @if now.is_empty() { (widgets::empty("Nothing that works.")) }
        @else {
            (widgets::table("credited", &caption, &headers, &rows))
            (widgets::pager(page.len(), Some(now.len()), first, next))
        }
    }
}

fn subscription(screen: &Screen, credited: &Credited<'_>, row: &CreditRow) -> Markup {
    let own = screen.visitor.partner;
    let sold = screen.model.subscriptions().get(row.customer, row.subscription);
    let seller = screen.model.partners().get(row.seller);
    let path = format!("/customers/{}/subscriptions/{}", row.customer, row.subscription);
    html! {
        tr data-subscription=(row.subscription) {
            th scope="row" data-label="Subscription" {
                @match sold {
                    Some(sold) if screen.sees(Permission::SubscriptionsView) => {
                        a href=(screen.link(&path)) { (sold.friendly_name) }
                    }
                    Some(sold) => { (sold.friendly_name) }
                    None => { code { (row.subscription) } }
                }
            }
            td data-label="Customer" { (customer(screen, row)) }
            td data-label="Product" {
                @if let Some(step) = row.steps.last() { (product(screen, step.sku)) }
            }
            td.number data-label="Licences" { (row.seats_at(&credited.reseller, screen.at)) }
            td data-label="Sold by" { @if let Some(seller) = seller { (seller.name) } }
            td {
                @if row.seller == own && screen.can(Permission::ResellersOfRecordManage) {
                    a.small href={ (path) "/reseller" } { "Change reseller" }
                }
            }
        }
    }
}

/// The customer by name for those who view customers, and by id for others.
fn customer(screen: &Screen, row: &CreditRow) -> Markup {
    let known = screen.model.customers().get(row.customer);
    let known = known.filter(|it| it.is_seen_by(screen.visitor.partner));
    html! {
        @match known {
            Some(known) if screen.sees(Permission::CustomersView) => {
                a href=(screen.link(&format!("/customers/{}", known.id))) { (known.company_name) }
            }
            Some(_) | None => { code { (row.customer) } }
        }
    }
}
