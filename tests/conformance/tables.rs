//! The tables of the contract, each against a server of its own.

use crate::run::run;

#[test]
fn the_conventions_of_the_contract_hold() {
    run("conventions", include_str!("contract/conventions.txt"));
}

#[test]
fn the_operations_on_customers_are_those_of_the_contract() {
    run("customers", include_str!("contract/customers.txt"));
}

#[test]
fn the_operations_on_users_licences_and_directory_roles_are_those_of_the_contract() {
    run("users", include_str!("contract/users.txt"));
}

#[test]
fn the_operations_on_orders_subscriptions_carts_and_offers_are_those_of_the_contract() {
    run("sales", include_str!("contract/sales.txt"));
}

#[test]
fn the_operations_on_the_partner_itself_are_those_of_the_contract() {
    run("partner", include_str!("contract/partner.txt"));
}
