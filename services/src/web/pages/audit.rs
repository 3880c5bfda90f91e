//! `/audit`: everything that happened which the partner may see.

use axum::{Router, response::Response, routing::get};
use commands::Permission;
use events::{Category, CustomerId, DomainName};
use maud::{Markup, html};
use projections::{CustomerFilter, CustomerRow, TimelineScope};

use crate::{
    http::AppState,
    web::{
        error::PageError,
        event_list,
        layout::{Frame, Section},
        screen::Screen,
        widgets,
    },
};

const CATEGORIES: [(Category, &str); 5] = [
    (Category::Customer, "Customers"),
    (Category::Partner, "Users and roles"),
    (Category::Partnership, "Partnerships"),
    (Category::ServiceRequest, "Service requests"),
    (Category::Installation, "Installation"),
];

/// The parameter that asks for the events of the installation.
const SCOPE: &str = "scope";
const INSTALLATION: &str = "installation";

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/audit", get(show))
}

async fn show(screen: Screen) -> Result<Response, PageError> {
    screen.allow(Permission::ActivityLogView).await?;
    let own = screen.visitor.partner;
    let wanted = screen.query.text("customer");
    let narrows = !wanted.is_empty() && screen.sees(Permission::CustomersView);
    let customer = if narrows { find_customer(&screen, wanted) } else { None };
    let is_own = screen.query.text(SCOPE) != INSTALLATION;
    let scope = match customer {
        _ if !is_own => TimelineScope::Installation,
        Some(customer) => TimelineScope::PartnerAtCustomer(own, customer.id),
        None => TimelineScope::Partner(own),
    };
    let events = if is_own && narrows && customer.is_none() {
        widgets::empty("No customer of yours has this name, domain or id.")
    } else {
        let kept = [("customer", wanted), (SCOPE, screen.query.text(SCOPE))];
        event_list::show(&screen, scope, "/audit", &kept).await?
    };
    let body = html! {
        @if !is_own {
            p #installation {
                "What happened to the log and the keys of this installation. "
                a href=(screen.link("/audit")) { "Back to your company" }
            }
        }
        @if is_own { (narrowing(&screen, wanted)) }
        @if let Some(customer) = customer { p { "Only " strong { (customer.company_name) } "." } }
        (events)
    };
    Ok(Frame::new(&screen, Section::Activity, "Activity log").readable().show(&body))
}

/// The fields that narrow the list of the own company, and the way to what concerns everybody.
fn narrowing(screen: &Screen, wanted: &str) -> Markup {
    html! {
        form.filter #audit-filter method="get" action="/audit" {
            @if screen.is_past() {
                input type="hidden" name="as_of" value=(screen.query.text("as_of"));
            }
            (event_list::type_choice(screen, &CATEGORIES))
            @if screen.sees(Permission::CustomersView) {
                label.hidden for="customer" { "Customer" }
                input #customer type="search" name="customer" value=(wanted)
                    placeholder="Customer: name, domain or id";
            }
            button type="submit" { "Filter" }
            a href=(screen.link_with("/audit", &[(SCOPE, INSTALLATION)])) { "Of the installation" }
        }
    }
}

/// The customer a text means: by id, by domain, or the first whose name or domain contains it.
fn find_customer<'a>(screen: &'a Screen, text: &str) -> Option<&'a CustomerRow> {
    let own = screen.visitor.partner;
    let customers = screen.model.customers();
    let by_id = text.parse::<CustomerId>().ok().and_then(|id| customers.seen_by(own, id));
    let by_domain = || {
        let row = customers.by_domain(&DomainName::new(text).ok()?)?;
        row.is_seen_by(own).then_some(row)
    };
    let by_text = || {
        let filter = CustomerFilter { text: Some(text.to_owned()), ..CustomerFilter::default() };
        customers.list(own, &filter, None, 1).rows.into_iter().next()
    };
    by_id.or_else(by_domain).or_else(by_text)
}
