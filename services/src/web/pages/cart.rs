//! `/customers/{id}/carts/{cart}`: an order in the making, reviewed, then submitted or cancelled.

use axum::{Router, extract::Path, response::Response, routing::get};
use commands::{CancelCart, CheckOutCart, Permission, Rejection, ReviewCart, SaleRejection};
use events::{CartId, CustomerId, OrderId};
use maud::{Markup, html};
use projections::{CartRow, CartStage};

use super::{
    cart_lines, id, order_lines,
    order_review::{self, Priced, priced_now},
};
use crate::{
    application::OnCustomer,
    http::AppState,
    ids,
    web::{
        customer_frame,
        error::PageError,
        forms::Faults,
        layout,
        screen::Screen,
        submitted::Submitted,
        widgets::{self, Tone, badge},
    },
};

const SECONDS_A_MINUTE: i64 = 60;
/// The hidden field that tells which revision of the cart the buyer sees.
const REVISION: &str = "revision";

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/customers/{customer}/carts/{cart}", get(show).post(act))
}

/// A cart of the visitor's partner; to others there is none.
pub(super) fn own(
    screen: &Screen,
    customer: CustomerId,
    cart_id: CartId,
) -> Result<&CartRow, PageError> {
    let row = screen.model.carts().get(customer, cart_id);
    let row = row.filter(|row| row.partner == screen.visitor.partner);
    row.ok_or_else(|| (&Rejection::from(SaleRejection::CartNotFound { cart_id })).into())
}

/// The orders in the making that the visitor's partner can still submit.
pub(super) fn open_carts(screen: &Screen, customer: CustomerId) -> Vec<&CartRow> {
    let carts = screen.model.carts().of(customer);
    let own = screen.visitor.partner;
    carts.filter(|row| row.partner == own && row.is_open(screen.at)).collect()
}

/// How long a cart can still be submitted.
pub(super) fn time_left(screen: &Screen, cart: &CartRow) -> String {
    let left = cart.expires_at.as_microseconds() - screen.at.as_microseconds();
    match left / 1_000_000 / SECONDS_A_MINUTE {
        0 => "less than a minute left".to_owned(),
        1 => "1 minute left".to_owned(),
        minutes => format!("{minutes} minutes left"),
    }
}

async fn show(
    Path((customer, cart)): Path<(String, String)>,
    screen: Screen,
) -> Result<Response, PageError> {
    let (customer, cart) = (id::<CustomerId>(&customer)?, id::<CartId>(&cart)?);
    page(&screen, customer, cart, &Faults::default()).await
}

async fn page(
    screen: &Screen,
    customer: CustomerId,
    cart: CartId,
    faults: &Faults,
) -> Result<Response, PageError> {
    screen.allow_customer(customer, Permission::SubscriptionsView).await?;
    let cart = own(screen, customer, cart)?;
    let row = screen.customer(customer)?;
    let base = customer_frame::path(row);
    let lines = priced(screen, cart);
    let body = html! {
        (layout::faults(faults))
        (standing(screen, cart))
        (order_review::draw(screen, Some(customer), &lines))
        @if cart.is_open(screen.at) && screen.can(Permission::SubscriptionsManage) {
            (actions(screen, cart, !faults.is_empty()))
        } @else {
            div.buttons { a.button href=(screen.link(&format!("{base}/subscriptions"))) { "To the subscriptions" } }
        }
    };
    let frame = customer_frame::inner_frame(screen, row, "Review the order")
        .under("Subscriptions", format!("{base}/subscriptions"));
    Ok(frame.faulty(faults).show(&body))
}

/// The lines at the prices they were reviewed at, or else at those of now.
fn priced<'a>(screen: &Screen, cart: &'a CartRow) -> Vec<Priced<'a>> {
    match &cart.stage {
        CartStage::Reviewed { unit_prices } => {
            let agreed = cart.lines.iter().zip(unit_prices);
            agreed.map(|(line, price)| Priced { line, unit_price: Some(price.clone()) }).collect()
        }
        CartStage::Draft
        | CartStage::Ordered { .. }
        | CartStage::Cancelled
        | CartStage::Expired => priced_now(screen.app.catalogue(), &cart.lines),
    }
}

/// How far the order has come.
fn standing(screen: &Screen, cart: &CartRow) -> Markup {
    let state = match &cart.stage {
        CartStage::Ordered { .. } => badge(Tone::Good, "submitted"),
        CartStage::Cancelled => badge(Tone::Bad, "cancelled"),
        CartStage::Expired => badge(Tone::Bad, "expired"),
        CartStage::Draft | CartStage::Reviewed { .. } if !cart.is_open(screen.at) => {
            badge(Tone::Bad, "expired")
        }
        CartStage::Draft => badge(Tone::Plain, "draft"),
        CartStage::Reviewed { .. } => badge(Tone::Good, "reviewed"),
    };
    html! {
        p #standing {
            (state) " "
            @if cart.is_open(screen.at) {
                "It can be submitted until " (widgets::time(cart.expires_at)) " "
                (badge(Tone::Plain, &time_left(screen, cart)))
            }
        }
    }
}

/// What was reviewed can be submitted; what was not, or costs something else now, is reviewed.
fn actions(screen: &Screen, cart: &CartRow, is_refused: bool) -> Markup {
    let path = format!("/customers/{}/carts/{}", cart.customer, cart.id);
    let is_reviewed = matches!(cart.stage, CartStage::Reviewed { .. });
    let submit = is_reviewed && !is_refused;
    widgets::form(
        screen,
        "cart",
        &path,
        &html! {
            @if submit {
                p.before { "Submitting buys the subscriptions at these prices." }
                input type="hidden" name=(REVISION) value=(cart.revision);
            } @else {
                p.before { "These are the prices of now. Review the order to submit it." }
            }
            div.buttons {
                @if submit {
                    button.primary type="submit" name="action" value="submit" { "Submit order" }
                } @else {
                    button.primary type="submit" name="action" value="review" { "Review order" }
                }
                @if order_lines::filled(&cart.lines).is_some() {
                    a.button href={ (path) "/lines" } { "Change" }
                }
                button.danger type="submit" name="action" value="cancel" { "Cancel order" }
            }
        },
    )
}

fn revision(sent: &str) -> Result<Option<u32>, PageError> {
    if sent.is_empty() {
        return Ok(None);
    }
    sent.parse().map(Some).map_err(|_| PageError::malformed("the revision must be a number"))
}

async fn act(
    Path((customer, cart)): Path<(String, String)>,
    mut form: Submitted,
) -> Result<Response, PageError> {
    let (customer, cart_id) = (id::<CustomerId>(&customer)?, id::<CartId>(&cart)?);
    cart_lines::allow(&form.screen, customer).await?;
    let path = format!("/customers/{customer}/carts/{cart_id}");
    form.screen.path.clone_from(&path);
    let subscriptions = format!("/customers/{customer}/subscriptions");
    let ordered = form.screen.model.carts().get(customer, cart_id).map_or(0, |row| row.lines.len());
    let ordered = widgets::count(ordered, "subscription", "subscriptions");
    let (use_case, then, note) = match form.fields.text("action") {
        "submit" => {
            let now = form.screen.app.now();
            let order_ids = [(); 3].map(|()| ids::fresh(now, OrderId::from_uuid));
            let seen = revision(form.fields.text(REVISION))?;
            let command = CheckOutCart { cart_id, order_ids, seen };
            (OnCustomer::new(customer, command), subscriptions, format!("Ordered: {ordered}."))
        }
        "review" => {
            let note = "The order is reviewed and can be submitted.".to_owned();
            (OnCustomer::new(customer, ReviewCart { cart_id }), path, note)
        }
        "cancel" => {
            let note = "The order was cancelled. Nothing was bought.".to_owned();
            (OnCustomer::new(customer, CancelCart { cart_id }), subscriptions, note)
        }
        _ => return Err(PageError::malformed("the action must be submit, review or cancel")),
    };
    match form.execute(&form.call(b""), &use_case).await? {
        Ok(_) => Ok(form.done(&then, layout::done(&note))),
        Err(faults) => page(&form.screen, customer, cart_id, &faults).await,
    }
}
