//! Selling on the pages: what a person clicks, and what somebody sends who does not click.

mod new_customers;
mod orders;
mod rights;
mod subscriptions;

use serde_json::json;
use tests::{Answer, Api, Installation, NewCustomer, Registered, RunningServer};

use crate::{around::visit::Visit, begin};

/// An add-on to Business Premium and Enterprise E3.
const OFFER_ADD_ON: &str = "a2706f86-868d-4048-989b-0c69e5c76b63";
/// What nothing has as its id.
const NOBODY: &str = "00000000-0000-0000-0000-0000000000ff";

/// A provider with a customer, its reseller, and a rival.
struct Ground {
    installation: Installation,
    reseller: Registered,
    rival: Registered,
    server: RunningServer,
    api: Api,
    customer: NewCustomer,
    /// The address of the customer's pages.
    base: String,
}

impl Ground {
    fn open() -> Self {
        let installation = begin();
        let kind = "indirect-reseller";
        let reseller = installation.register("Wingtip", kind, "wanda@wingtip.example", "7000002");
        let kind = "indirect-provider";
        let rival = installation.register("Rival", kind, "rita@rival.example", "7000001");
        let server = installation.serve();
        let api = server.api(&installation.provider.token);
        let asked = json!({ "recipient": "wanda@wingtip.example" });
        let asked = api.post("/v1/partnerships", &asked).expect(201);
        let token = json!({ "token": asked.text_at("/link") });
        server.api(&reseller.token).post("/v1/invitations/accept", &token).expect_success();
        let customer = api.create_customer("Relecloud", "relecloud.example");
        let base = format!("/customers/{}", customer.id);
        Self { installation, reseller, rival, server, api, customer, base }
    }

    /// The provider's global admin at the pages.
    fn visit(&self) -> Visit {
        Visit::begin(&self.server, &self.installation.provider.token)
    }

    /// A user of the provider with one role at the pages.
    fn staff(&self, role: &str) -> Visit {
        let user = self.api.add_partner_user(role, &format!("{role}@staff.example"), &[role]);
        Visit::begin(&self.server, &self.api.issue_token(&user.id))
    }

    fn subscriptions(&self) -> Vec<serde_json::Value> {
        self.api.items(&format!("{}/subscriptions", self.customer.path))
    }
}

/// The fields of an offer in the form of an order.
fn line(offer: &str, quantity: &str, cycle: &str) -> [(String, String); 2] {
    [
        (format!("quantity_{offer}"), quantity.to_owned()),
        (format!("cycle_{offer}"), cycle.to_owned()),
    ]
}

fn borrowed(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

/// Where an answer leads on to.
fn leads_to(answer: Answer) -> String {
    answer.expect(303).header("Location").unwrap_or_default().to_owned()
}

#[track_caller]
fn says(answer: &Answer, text: &str) {
    assert!(answer.text.contains(text), "{text:?} is not in {answer}");
}
