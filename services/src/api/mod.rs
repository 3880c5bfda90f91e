//! The API: JSON under the paths and shapes of the wire contract, our own style where it has none.
//!
//! One file a resource. What all of them need: [`reading`] and [`writing`] take requests apart,
//! [`paging`], [`filter`], [`query`], [`words`] and [`path_ids`] read what is in them, [`wire`]
//! shapes answers.

mod agreements;
mod applications;
mod audit_records;
mod audit_words;
mod carts;
mod company;
mod company_profiles;
mod customer_imports;
mod customer_profiles;
mod customer_shape;
mod customers;
mod dates;
mod devices;
mod directory_roles;
mod domains;
mod edits;
mod exports;
mod filter;
mod history;
mod incentives;
mod invoice_lines;
mod invoices;
mod leads;
mod letters;
mod licenses;
mod network;
mod offers;
mod operator_network;
mod operator_requests;
mod orders;
mod paging;
mod partner_profiles;
mod partner_user_changes;
mod partner_user_shape;
mod partner_users;
mod partners;
mod partnerships;
mod passwords;
mod path_ids;
mod permissions;
mod price_list;
mod provisioning;
mod public_profiles;
mod query;
mod reading;
mod recorded;
mod relationship_requests;
mod relationships;
mod reports;
mod role_history;
mod roles;
mod self_serve_policies;
mod service_health;
mod service_request_shape;
mod service_requests;
mod sessions;
mod sign_in;
mod subscriptions;
mod support_contacts;
mod tokens;
mod upgrades;
mod user_bulk;
mod user_changes;
mod user_creation;
mod user_filter;
mod user_import;
mod user_shape;
mod users;
mod wire;
mod words;
mod writing;

pub(crate) use self::{
    company_profiles::serving,
    dates::day_or_moment,
    invoice_lines::lines_of,
    invoices::invoice_file,
    orders::ORDER_LINES_MAX,
    price_list::{cycle_word, file as price_list_file, priced},
    reports::{customer_file, product_file},
    service_health::products_held,
    sessions::open_sessions,
};
use axum::Router;

use crate::http::AppState;

/// Every route under `/v1`.
pub(crate) fn router() -> Router<AppState> {
    Router::new()
        .merge(customers::router())
        .merge(customer_imports::router())
        .merge(customer_profiles::router())
        .merge(users::router())
        .merge(user_bulk::router())
        .merge(user_import::router())
        .merge(licenses::router())
        .merge(orders::router())
        .merge(provisioning::router())
        .merge(subscriptions::router())
        .merge(carts::router())
        .merge(upgrades::router())
        .merge(support_contacts::router())
        .merge(incentives::router())
        .merge(reports::router())
        .merge(directory_roles::router())
        .merge(offers::router())
        .merge(relationships::router())
        .merge(relationship_requests::router())
        .merge(self_serve_policies::router())
        .merge(domains::router())
        .merge(partnerships::router())
        .merge(leads::router())
        .merge(devices::router())
        .merge(agreements::router())
        .merge(price_list::router())
        .merge(invoices::router())
        .merge(invoice_lines::router())
        .merge(partner_users::router())
        .merge(tokens::router())
        .merge(applications::router())
        .merge(sign_in::router())
        .merge(company::router())
        .merge(company_profiles::router())
        .merge(sessions::router())
        .merge(exports::router())
        .merge(roles::router())
        .merge(role_history::router())
        .merge(history::router())
        .merge(audit_records::router())
        .merge(permissions::router())
        .merge(service_requests::router())
        .merge(operator_requests::router())
        .merge(public_profiles::router())
        .merge(partner_profiles::router())
        .merge(network::router())
        .merge(operator_network::router())
        .merge(service_health::router())
}
