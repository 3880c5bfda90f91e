//! The pages, one a file.

mod account;
mod audit;
mod cart;
mod cart_lines;
mod company;
mod company_billing;
mod company_buy;
mod company_partners;
mod company_profiles;
mod company_requests;
mod company_subscriptions;
mod credentials;
mod customer_account;
mod customer_activity;
mod customer_agreements;
mod customer_billing;
mod customer_contacts;
mod customer_deleted;
mod customer_devices;
mod customer_import;
mod customer_licenses;
mod customer_new;
mod customer_new_order;
mod customer_new_review;
mod customer_subscriptions;
mod customer_user;
mod customer_users;
mod customer_users_found;
mod customer_users_import;
mod customers;
mod home;
mod incentives;
mod installation_home;
mod invitations;
mod invoices;
mod lead_customer;
mod leads;
mod network;
mod on_record;
mod operator;
mod operator_incidents;
mod operator_network;
mod operator_requests;
mod order_lines;
mod order_review;
mod partner_users;
mod partner_users_deleted;
mod partnership_request;
mod password;
mod prices;
mod profile_edit;
mod profiles;
mod relationship_letter;
mod relationship_link;
mod relationship_requests;
mod reports;
mod request_new;
mod requests;
mod resellers;
mod restored;
mod role_history;
mod role_user;
mod roles;
mod service_health;
mod sessions;
mod subscription;
mod subscription_reseller;
mod subscription_upgrade;

use std::{collections::BTreeSet, fmt, str::FromStr};

use axum::Router;
use commands::BULK_USERS_MAX;
use events::{CustomerId, PartnerId, PartnerUserId, SkuId};
use projections::PartnerUserRow;

use super::{
    error::PageError,
    forms::{Faults, Fields},
    screen::Screen,
};
use crate::http::AppState;

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .merge(home::router())
        .merge(company::router())
        .merge(company_profiles::router())
        .merge(installation_home::router())
        .merge(operator_requests::router())
        .merge(operator_network::router())
        .merge(operator_incidents::router())
        .merge(network::router())
        .merge(service_health::router())
        .merge(password::router())
        .merge(sessions::router())
        .merge(account::router())
        .merge(customer_account::router())
        .merge(invitations::router())
        .merge(partner_users::router())
        .merge(partnership_request::router())
        .merge(partner_users_deleted::router())
        .merge(resellers::router())
        .merge(prices::router())
        .merge(reports::router())
        .merge(invoices::router())
        .merge(leads::router())
        .merge(lead_customer::router())
        .merge(requests::router())
        .merge(request_new::router())
        .merge(profiles::router())
        .merge(profile_edit::router())
        .merge(role_history::router())
        .merge(role_user::router())
        .merge(roles::router())
        .merge(audit::router())
        .merge(customer_activity::router())
        .merge(relationship_letter::router())
        .merge(relationship_link::router())
        .merge(relationship_requests::router())
        .merge(customers::router())
        .merge(customer_import::router())
        .merge(customer_new::router())
        .merge(customer_new_order::router())
        .merge(customer_new_review::router())
        .merge(customer_users::router())
        .merge(customer_users_import::router())
        .merge(customer_user::router())
        .merge(customer_deleted::router())
        .merge(customer_licenses::router())
        .merge(customer_devices::router())
        .merge(customer_agreements::router())
        .merge(customer_billing::router())
        .merge(customer_subscriptions::router())
        .merge(customer_contacts::router())
        .merge(cart::router())
        .merge(cart_lines::router())
        .merge(subscription::router())
        .merge(subscription_reseller::router())
        .merge(subscription_upgrade::router())
        .merge(incentives::router())
}

/// Reads an id out of an address.
fn id<T: FromStr>(text: &str) -> Result<T, PageError> {
    text.parse().map_err(|_| PageError::not_found("there is nothing at this address"))
}

/// The ticked users, each once: at least one, and not too many.
fn chosen<T: FromStr<Err: fmt::Display> + Ord + Copy>(fields: &Fields) -> Result<Vec<T>, Faults> {
    let mut faults = Faults::default();
    let users = fields.chosen::<T>(&mut faults, "user");
    let users = faults.unless_any(|| users)?;
    let mut seen = BTreeSet::new();
    let users: Vec<T> = users.into_iter().filter(|user| seen.insert(*user)).collect();
    let mut faults = Faults::default();
    match users.len() {
        0 => faults.add("user", "tick at least one"),
        1..=BULK_USERS_MAX => {}
        _ => faults.add("user", format!("tick at most {BULK_USERS_MAX}")),
    }
    faults.unless_any(|| Some(users))
}

/// How many rows a list shows at once.
const PAGE_ROWS: usize = 50;

/// Whether the visitor's partner sees what this partner sold to the customer.
fn sees_subscriptions_of(screen: &Screen, customer: CustomerId, seller: PartnerId) -> bool {
    screen.app.sees_sales(screen.visitor.partner, customer, seller)
}

/// The resellers that can be on record for what the visitor's partner sells, by MPN id and after the
/// choice of none.
fn resellers_of_record(screen: &Screen) -> Vec<(String, String)> {
    let bonds = screen.model.resellers().resellers_of(screen.visitor.partner);
    let partners = bonds.filter_map(|bond| screen.model.partners().get(bond.reseller?));
    let mut choices: Vec<_> =
        partners.map(|partner| (partner.mpn_id.to_string(), partner.name.to_string())).collect();
    choices.sort_by(|one, other| one.1.cmp(&other.1));
    choices.insert(0, (String::new(), "None".to_owned()));
    choices
}

/// A user of the visitor's partner that works, or can be restored at the moment shown.
fn partner_user(screen: &Screen, user: PartnerUserId) -> Result<&PartnerUserRow, PageError> {
    let row = screen.model.partner_users().get(screen.visitor.partner, user);
    let row = row.filter(|row| row.state.is_there_at(screen.at));
    row.ok_or_else(|| PageError::not_found("there is no such user"))
}

/// The name of a product; its id where the catalogue does not know it any more.
fn product(screen: &Screen, sku: SkuId) -> String {
    let listed = screen.app.catalogue().sku(sku).map(|offer| &offer.sku_name);
    let name = listed.or_else(|| screen.model.sold_offers().product(sku));
    name.map_or_else(|| sku.to_string(), ToString::to_string)
}
