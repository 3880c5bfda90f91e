//! `/prices`: what a licence of each offer costs.

use axum::{Router, response::Response, routing::get};
use commands::{Offer, Permission, Price};
use maud::{Markup, html};

use crate::{
    api::{cycle_word, price_list_file, priced},
    http::AppState,
    web::{
        error::PageError,
        layout::{Frame, Section},
        screen::Screen,
        widgets,
    },
};

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/prices", get(show)).route("/prices.csv", get(download))
}

async fn show(screen: Screen) -> Result<Response, PageError> {
    screen.allow(Permission::PriceListsView).await?;
    let headers = ["Offer", "Product", "Billed", "Price of a licence", "Licences"];
    let rows =
        html! { @for (offer, price) in priced(screen.app.catalogue()) { (row(offer, price)) } };
    let body = widgets::table("prices", "Price list", &headers, &rows);
    let actions = html! { a.button #download href="/prices.csv" { "Download CSV" } };
    Ok(Frame::new(&screen, Section::Prices, "Price list").actions(actions).show(&body))
}

fn row(offer: &Offer, price: &Price) -> Markup {
    html! {
        tr data-offer=(offer.id) {
            th scope="row" data-label="Offer" { (offer.name) }
            td data-label="Product" { (offer.sku_name) }
            td data-label="Billed" { (cycle_word(price.billing_cycle).replace('_', " ")) }
            td.number data-label="Price of a licence" { (price.unit_price) }
            td.number data-label="Licences" { (offer.minimum_quantity) "–" (offer.maximum_quantity) }
        }
    }
}

async fn download(screen: Screen) -> Result<Response, PageError> {
    screen.allow(Permission::PriceListsView).await?;
    Ok(price_list_file(screen.app.catalogue())?)
}
