//! `/customers/{id}/carts/new` and `/customers/{id}/carts/{cart}/lines`: what is to be bought, chosen
//! and changed.

use axum::{
    Router,
    extract::Path,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use commands::{CustomerAccess, OpenCart, Permission, Rejection, ReviewCart};
use events::{CartEvent, CartId, CartLine, CustomerEvent, CustomerId, Event};
use maud::html;
use projections::{CartRow, CustomerRow};

use super::{
    cart, id,
    order_lines::{self, Buyer},
};
use crate::{
    application::{ChangeCartLines, OnCustomer},
    http::AppState,
    ids,
    web::{
        customer_frame,
        error::PageError,
        forms::{Faults, Fields},
        layout,
        screen::Screen,
        submitted::Submitted,
        widgets,
    },
};

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/customers/{customer}/carts/new", get(show_new))
        .route("/customers/{customer}/carts", post(open))
        .route("/customers/{customer}/carts/{cart}/lines", get(show).post(change))
}

/// Demands the permission to order for the customer, and that the visitor's partner sells to it.
pub(super) async fn allow(screen: &Screen, customer: CustomerId) -> Result<(), PageError> {
    match screen.allow_customer(customer, Permission::SubscriptionsManage).await? {
        CustomerAccess::Holder => Ok(()),
        CustomerAccess::Reseller { .. } => Err((&Rejection::RelationshipHolderOnly).into()),
    }
}

async fn show_new(Path(customer): Path<String>, screen: Screen) -> Result<Response, PageError> {
    let customer = id::<CustomerId>(&customer)?;
    allow(&screen, customer).await?;
    let customer = screen.customer(customer)?;
    Ok(page(&screen, customer, None, &Fields::default(), &Faults::default()))
}

/// The cart with the form that its lines fill.
async fn show(
    Path((customer, cart)): Path<(String, String)>,
    screen: Screen,
) -> Result<Response, PageError> {
    let customer = id::<CustomerId>(&customer)?;
    allow(&screen, customer).await?;
    let row = cart::own(&screen, customer, id::<CartId>(&cart)?)?;
    let fields = order_lines::filled(&row.lines).ok_or_else(|| {
        PageError::malformed(
            "this order was drafted by a program, with lines that this form cannot hold; it can be \
             submitted or cancelled here, and changed by the program",
        )
    })?;
    Ok(page(&screen, screen.customer(customer)?, Some(row), &fields, &Faults::default()))
}

fn page(
    screen: &Screen,
    customer: &CustomerRow,
    cart: Option<&CartRow>,
    fields: &Fields,
    faults: &Faults,
) -> Response {
    let base = customer_frame::path(customer);
    let (title, action, back) = match cart {
        None => ("Order subscriptions", format!("{base}/carts"), format!("{base}/subscriptions")),
        Some(cart) => {
            let path = format!("{base}/carts/{}", cart.id);
            ("Change the order", format!("{path}/lines"), path)
        }
    };
    let inner = html! {
        (layout::faults(faults))
        p.before { "Enter a number of licences for what is wanted. Nothing is bought before you have \
                  reviewed the order and submitted it." }
        (order_lines::draw(Buyer { screen, customer: Some(customer.id) }, fields, faults))
        div.buttons {
            button.primary type="submit" { "Review order" }
            button type="submit" name="then" value="later" { "Save for later" }
            a.button href=(back) { "Back" }
        }
    };
    customer_frame::inner_frame(screen, customer, title)
        .under("Subscriptions", format!("{base}/subscriptions"))
        .faulty(faults)
        .show(&widgets::form(screen, "order-form", &action, &inner))
}

/// What was chosen: at least one line.
fn read(form: &Submitted, customer: CustomerId) -> Result<Vec<CartLine>, Faults> {
    let mut faults = Faults::default();
    let buyer = Buyer { screen: &form.screen, customer: Some(customer) };
    let lines = order_lines::read(buyer, &form.fields, &mut faults);
    if lines.is_empty() && faults.is_empty() {
        faults.add("lines", "enter a number of licences for at least one offer");
    }
    faults.unless_any(|| Some(lines))
}

fn is_for_later(form: &Submitted) -> bool {
    form.fields.text("then") == "later"
}

async fn open(Path(customer): Path<String>, form: Submitted) -> Result<Response, PageError> {
    let customer = id::<CustomerId>(&customer)?;
    let screen = &form.screen;
    allow(screen, customer).await?;
    let row = screen.customer(customer)?;
    let lines = match read(&form, customer) {
        Ok(lines) => lines,
        Err(faults) => return Ok(page(screen, row, None, &form.fields, &faults)),
    };
    let cart_id = ids::fresh(screen.app.now(), CartId::from_uuid);
    let command = OpenCart { cart_id, partner_id: screen.visitor.partner, lines };
    let opening = OnCustomer::new(customer, command);
    let opening = if is_for_later(&form) { opening } else { opening.and(ReviewCart { cart_id }) };
    match form.execute(&form.call(b""), &opening).await? {
        Ok(outcome) => {
            let opened = outcome.find(|event| match event {
                Event::Customer(CustomerEvent::Cart(CartEvent::CartOpened(event))) => {
                    Some(event.cart_id)
                }
                _ => None,
            });
            Ok(saved(&form, customer, opened.unwrap_or(cart_id)))
        }
        Err(faults) => Ok(page(screen, row, None, &form.fields, &faults)),
    }
}

async fn change(
    Path((customer, cart)): Path<(String, String)>,
    form: Submitted,
) -> Result<Response, PageError> {
    let (customer, cart_id) = (id::<CustomerId>(&customer)?, id::<CartId>(&cart)?);
    let screen = &form.screen;
    allow(screen, customer).await?;
    let row = screen.customer(customer)?;
    let cart = cart::own(screen, customer, cart_id)?;
    let lines = match read(&form, customer) {
        Ok(lines) => lines,
        Err(faults) => return Ok(page(screen, row, Some(cart), &form.fields, &faults)),
    };
    let lines = |known: &[CartLine]| order_lines::kept(&lines, known);
    let change = ChangeCartLines { customer, cart_id, lines, reviews: !is_for_later(&form) };
    match form.execute(&form.call(b""), &change).await? {
        Ok(_) => Ok(saved(&form, customer, cart_id)),
        Err(faults) => Ok(page(screen, row, Some(cart), &form.fields, &faults)),
    }
}

/// Goes on to the review, or back to where orders in the making are listed.
fn saved(form: &Submitted, customer: CustomerId, cart: CartId) -> Response {
    let base = format!("/customers/{customer}");
    if is_for_later(form) {
        let note = "The order is saved. Nothing is bought before it is submitted.";
        form.done(&format!("{base}/subscriptions"), layout::done(note))
    } else {
        Redirect::to(&format!("{base}/carts/{cart}")).into_response()
    }
}
