//! The API: JSON under the paths and shapes of the wire contract, our own style where it has none.
//!
//! One file a resource. What all of them need: [`reading`] and [`writing`] take requests apart,
//! [`paging`], [`filter`], [`query`], [`words`] and [`path_ids`] read what is in them, [`wire`] and
//! [`shapes`] make answers, [`document`] tells others of all that.

mod agreement_templates;
mod agreements;
mod applications;
mod audit_changes;
mod audit_details;
mod audit_records;
mod audit_values;
mod audit_words;
mod billing;
mod cart_shape;
mod carts;
mod company;
mod company_answers;
mod company_orders;
mod company_profiles;
mod compliance;
mod conversions;
mod country_rules;
mod customer_details;
mod customer_filter;
mod customer_imports;
mod customer_profiles;
mod customer_shape;
mod customers;
mod dates;
mod device_shape;
mod devices;
mod directory_roles;
mod document;
mod domains;
mod edits;
mod event_feed;
mod exports;
mod filter;
mod history;
mod incentives;
mod invoice_lines;
mod invoices;
mod leads;
mod lean;
mod letter_edits;
mod letters;
mod licenses;
mod live_feed;
mod managed_services;
mod mpn_profiles;
mod network;
mod notification_preferences;
mod offer_shape;
mod offers;
mod operator_network;
mod operator_requests;
mod order_shape;
mod orders;
mod paging;
mod partner_profile_shape;
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
mod product_shape;
mod products;
mod provisioning;
mod public_profiles;
mod qualifications;
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
mod service_request_body;
mod service_request_edits;
mod service_request_shape;
mod service_requests;
mod sessions;
mod shapes;
mod sign_in;
mod skills;
mod sorting;
mod subscription_edits;
mod subscription_shape;
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
mod webhooks;
mod wire;
mod words;
mod writing;

pub(crate) use self::{
    audit_words::is_audited,
    billing::cycle_word,
    company_profiles::serving,
    dates::day_or_moment,
    document::DOCUMENT,
    invoice_lines::lines_of,
    invoices::invoice_file,
    orders::ORDER_LINES_MAX,
    price_list::{file as price_list_file, priced},
    reports::{customer_file, product_file},
    service_health::products_held,
    sessions::open_sessions,
};
use axum::Router;
use serde_json::Value;
use utoipa_axum::router::OpenApiRouter;

use crate::{http::AppState, oauth};

/// Every route for programs, with the document of them.
pub(crate) fn router() -> Router<AppState> {
    let (router, document) = document::described(routes);
    router.merge(document::router(&document))
}

/// The OpenAPI document of every route for programs.
pub(crate) fn openapi() -> Value {
    document::described(routes).1
}

fn routes(base: OpenApiRouter<AppState>) -> OpenApiRouter<AppState> {
    base.merge(oauth::router())
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
        .merge(conversions::router())
        .merge(support_contacts::router())
        .merge(incentives::router())
        .merge(reports::router())
        .merge(directory_roles::router())
        .merge(offers::router())
        .merge(products::router())
        .merge(relationships::router())
        .merge(relationship_requests::router())
        .merge(self_serve_policies::router())
        .merge(domains::router())
        .merge(qualifications::router())
        .merge(country_rules::router())
        .merge(managed_services::router())
        .merge(partnerships::router())
        .merge(leads::router())
        .merge(devices::router())
        .merge(agreements::router())
        .merge(agreement_templates::router())
        .merge(compliance::router())
        .merge(price_list::router())
        .merge(invoices::router())
        .merge(invoice_lines::router())
        .merge(partner_users::router())
        .merge(tokens::router())
        .merge(notification_preferences::router())
        .merge(applications::router())
        .merge(sign_in::router())
        .merge(company::router())
        .merge(company_answers::router())
        .merge(company_orders::router())
        .merge(company_profiles::router())
        .merge(sessions::router())
        .merge(exports::router())
        .merge(roles::router())
        .merge(role_history::router())
        .merge(history::router())
        .merge(event_feed::router())
        .merge(webhooks::router())
        .merge(audit_records::router())
        .merge(permissions::router())
        .merge(service_requests::router())
        .merge(operator_requests::router())
        .merge(public_profiles::router())
        .merge(partner_profiles::router())
        .merge(mpn_profiles::router())
        .merge(network::router())
        .merge(operator_network::router())
        .merge(skills::router())
        .merge(service_health::router())
}
