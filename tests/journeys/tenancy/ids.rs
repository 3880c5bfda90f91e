//! What there is to ask for, and the ids of it.

use serde_json::json;
use tests::{Api, OFFER_PREMIUM, Registered, SKU_PREMIUM};

/// What the words in a route stand for.
#[derive(Default)]
pub(super) struct Ids {
    pub(super) customer: String,
    pub(super) user: String,
    pub(super) gone: String,
    pub(super) subscription: String,
    pub(super) cart: String,
    pub(super) order: String,
    pub(super) role: String,
    pub(super) reseller: String,
    pub(super) token: String,
    pub(super) partnership: String,
    pub(super) invitation: String,
    pub(super) permission: String,
    pub(super) lead: String,
    pub(super) request: String,
    pub(super) batch: String,
    pub(super) device: String,
    pub(super) policy: String,
    pub(super) invoice: String,
    pub(super) application: String,
}

impl Ids {
    pub(super) fn fill(&self, route: &str) -> String {
        let words = [
            ("{customer}", self.customer.as_str()),
            ("{user}", &self.user),
            ("{gone}", &self.gone),
            ("{subscription}", &self.subscription),
            ("{cart}", &self.cart),
            ("{order}", &self.order),
            ("{role}", &self.role),
            ("{reseller}", &self.reseller),
            ("{token}", &self.token),
            ("{partnership}", &self.partnership),
            ("{invitation}", &self.invitation),
            ("{permission}", &self.permission),
            ("{lead}", &self.lead),
            ("{request}", &self.request),
            ("{batch}", &self.batch),
            ("{device}", &self.device),
            ("{policy}", &self.policy),
            ("{invoice}", &self.invoice),
            ("{application}", &self.application),
            ("{product}", SKU_PREMIUM),
            ("{offer}", OFFER_PREMIUM),
            ("{sku}", OFFER_PREMIUM),
            ("{place}", "US"),
            ("{deleted}", &tests::user_filter("Inactive")),
        ];
        words.iter().fold(route.to_owned(), |path, (word, id)| path.replace(word, id))
    }

    /// A customer with everything that can be asked for.
    pub(super) fn of_customer(ours: &Api, reseller: &Registered) -> Self {
        let customer = ours.create_customer("Relecloud", "relecloud.example");
        let subscription = ours.order(&customer, OFFER_PREMIUM, 3);
        let item = json!([{ "catalogItemId": OFFER_PREMIUM, "quantity": 1 }]);
        let carts = format!("{}/carts", customer.path);
        let cart = ours.post(&carts, &json!({ "lineItems": item })).expect(201).text_at("/id");
        let orders = ours.items(&format!("{}/orders", customer.path));
        let permitted = json!({
            "selfServeEntity": { "tenantID": customer.id }, "permissions": [{ "action": "Purchase" }],
        });
        let permission = ours.post("/v1/selfservepolicy", &permitted).expect(201).text_at("/id");
        let user = ours.create_user(&customer, "nora");
        let gone = ours.create_user(&customer, "nils");
        ours.delete_user(&gone);
        let question = json!({ "title": "nora cannot sign in", "description": "nora again" });
        let asked = ours.post(&format!("{}/servicerequests", customer.path), &question);
        let list = json!({ "name": "Relecloud", "devices": [{ "serialNumber": "SN-1" }] });
        let batches = format!("{}/devicebatches", customer.path);
        let batch = ours.post(&batches, &list).expect(201).text_at("/id");
        let device = ours.items(&format!("{batches}/{batch}/devices"))[0]["id"].clone();
        let policy = json!({ "name": "Relecloud", "policySettings": ["skip_eula"] });
        let policy = ours.post(&format!("{}/policies", customer.path), &policy).expect(201);
        Self {
            request: asked.expect(201).text_at("/id"),
            order: orders[0]["id"].as_str().unwrap().to_owned(),
            customer: customer.id,
            batch,
            device: device.as_str().unwrap().to_owned(),
            policy: policy.text_at("/id"),
            user: user.id,
            gone: gone.id,
            subscription,
            cart,
            permission,
            role: "62e90394-69f5-4237-9190-012177145e10".to_owned(),
            reseller: reseller.partner.clone(),
            ..Self::default()
        }
    }
}
