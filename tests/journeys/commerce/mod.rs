//! Selling as clients of the contract do it: orders, carts, subscriptions and products on the wire.

mod catalogue;
mod orders;
mod wire;

use serde_json::Value;
use tests::{Api, Installation, NewCustomer, RunningServer};

use crate::begin;

/// An add-on to Business Premium and Enterprise E3.
const OFFER_ADD_ON: &str = "a2706f86-868d-4048-989b-0c69e5c76b63";
/// The product of that add-on.
const SKU_ADD_ON: &str = "78e66a63-337a-4a9a-8959-41c6654dfb56";
/// Enterprise E3 on trial.
const OFFER_TRIAL: &str = "a8e7a4d5-3f5c-4bd0-9b5f-6d1a3c5b7e21";
/// What nothing has as its id.
const NOBODY: &str = "00000000-0000-0000-0000-0000000000ff";

/// A provider with a customer.
struct Ground {
    server: RunningServer,
    api: Api,
    customer: NewCustomer,
    _installation: Installation,
}

impl Ground {
    fn open() -> Self {
        let installation = begin();
        let server = installation.serve();
        let api = server.api(&installation.provider.token);
        let customer = api.create_customer("Relecloud", "relecloud.example");
        Self { server, api, customer, _installation: installation }
    }

    /// The path of a subscription or an order of the customer.
    fn path(&self, kind: &str, id: &str) -> String {
        format!("{}/{kind}/{id}", self.customer.path)
    }

    /// The customer's only order.
    fn order(&self) -> Value {
        let orders = self.api.items(&format!("{}/orders", self.customer.path));
        assert_eq!(orders.len(), 1);
        orders.into_iter().next().unwrap()
    }
}

/// The text at a place of an answer.
fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}
