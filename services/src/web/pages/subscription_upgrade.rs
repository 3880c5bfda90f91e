//! `/customers/{id}/subscriptions/{subscription}/upgrade`: a subscription becomes one to another offer.

use axum::{Router, extract::Path, response::Response, routing::post};
use commands::{Offer, Permission, UpgradeAssignments, UpgradePath, UpgradeSubscription};
use events::{CustomerEvent, Event, OfferId, SubscriptionEvent};
use maud::{Markup, html};
use projections::SubscriptionRow;

use super::{order_lines::per_cycle, subscription};
use crate::{
    application::{OnCustomer, Outcome},
    http::AppState,
    web::{
        error::PageError,
        forms::Faults,
        layout,
        screen::Screen,
        submitted::Submitted,
        widgets::{self, Tone, badge},
    },
};

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/customers/{customer}/subscriptions/{subscription}/upgrade", post(upgrade))
}

/// What the subscription can become; nothing where the catalogue knows no way on.
pub(super) fn card(screen: &Screen, row: &SubscriptionRow) -> Markup {
    let catalogue = screen.app.catalogue();
    let paths = catalogue.offer(row.offer).into_iter().flat_map(|offer| &offer.upgrades);
    let targets: Vec<_> =
        paths.filter_map(|path| Some((path, catalogue.offer(path.to)?))).collect();
    let is_any = targets.iter().any(|(_, target)| hindrance(row, target).is_none());
    let choices = html! {
        div #offer_id {
            @for (path, target) in &targets { (choice(row, **path, target)) }
        }
        @if is_any { div.buttons { button.primary type="submit" { "Upgrade" } } }
    };
    html! {
        @if !targets.is_empty() {
            section.card {
                h2 { "Upgrade" }
                p { "All of its licences become licences of another offer, at the price of today." }
                (widgets::form(screen, "upgrade", &format!("{}/upgrade", subscription::path(row)), &choices))
            }
        }
    }
}

fn choice(row: &SubscriptionRow, path: UpgradePath, target: &Offer) -> Markup {
    let hindrance = hindrance(row, target);
    let assigned = match path.assignments {
        UpgradeAssignments::Move => "Users keep their licences and get the new product.",
        UpgradeAssignments::Stay => "Its licences must be removed from the users first.",
    };
    html! {
        label.tick {
            input type="radio" name="offer_id" value=(target.id) required disabled[hindrance.is_some()];
            span {
                (target.name)
                @if let Some(price) = target.unit_price(row.billing_cycle) {
                    ", " (price) " " (per_cycle(row.billing_cycle))
                }
                br;
                @match hindrance {
                    Some(hindrance) => (badge(Tone::Warning, &hindrance)),
                    None => span.hint { (assigned) },
                }
            }
        }
    }
}

/// Why the subscription cannot become this as it is, where that can be seen beforehand.
fn hindrance(row: &SubscriptionRow, target: &Offer) -> Option<String> {
    if !target.is_available {
        Some("not sold any more".to_owned())
    } else if !target.allows(row.quantity) {
        let (least, most) = (target.minimum_quantity, target.maximum_quantity);
        Some(format!("comes in {least} to {most} licences"))
    } else if target.unit_price(row.billing_cycle).is_none() {
        Some("not billed like this subscription".to_owned())
    } else {
        None
    }
}

async fn upgrade(
    Path((customer, id)): Path<(String, String)>,
    mut form: Submitted,
) -> Result<Response, PageError> {
    let permission = Permission::SubscriptionsManage;
    let row = subscription::seen(&form.screen, &customer, &id, permission).await?.clone();
    let path = subscription::path(&row);
    form.screen.path.clone_from(&path);
    let mut faults = Faults::default();
    let offer_id = form.fields.required::<OfferId>(&mut faults, "offer_id");
    let Some(offer_id) = offer_id else {
        return Ok(subscription::page(&form.screen, &row, None, &faults));
    };
    let command = UpgradeSubscription { subscription_id: row.id, offer_id };
    match form.execute(&form.call(b""), &OnCustomer::new(row.customer, command)).await? {
        Ok(outcome) => Ok(form.done(&path, layout::done(&done(&outcome)))),
        Err(faults) => Ok(subscription::page(&form.screen, &row, None, &faults)),
    }
}

/// What was done, with what became of the licences in use.
fn done(outcome: &Outcome) -> String {
    let counts = outcome.find(|event| match event {
        Event::Customer(CustomerEvent::Subscription(SubscriptionEvent::SubscriptionUpgraded(
            event,
        ))) => Some((event.moved.len(), event.released.len())),
        _ => None,
    });
    let (moved, released) = counts.unwrap_or_default();
    let moved = match moved {
        0 => String::new(),
        _ => format!(" {} moved to the new product.", widgets::count(moved, "licence", "licences")),
    };
    let released = match released {
        0 => String::new(),
        _ => format!(" {} had a licence of it already.", widgets::count(released, "user", "users")),
    };
    format!("The subscription is upgraded.{moved}{released}")
}
