//! A good request of each kind that changes something.

use serde_json::{Value, json};
use tests::{
    Api, ApiDocument, Installation, NewCustomer, NewUser, OFFER_E3, OFFER_PREMIUM, RunningServer,
    SKU_E3,
};

use super::spoiled::Good;
use crate::{begin, sign_in::settle};

/// Two companies with a customer, and everybody who can ask for something.
struct Market {
    server: RunningServer,
    provider: Api,
    reseller: Api,
    company: Api,
    reseller_id: String,
    provider_id: String,
    customer: NewCustomer,
    user: NewUser,
    subscription: String,
}

impl Market {
    fn open(installation: &Installation) -> Self {
        let wingtip = installation.register(
            "Wingtip",
            "indirect-reseller",
            "wendy@wingtip.example",
            "7000001",
        );
        let server = installation.serve();
        let provider = server.api(&installation.provider.token);
        let reseller = server.api(&wingtip.token);
        let asked =
            provider.post("/v1/partnerships", &json!({ "recipient": "wendy@wingtip.example" }));
        let link = asked.expect(201).text_at("/link");
        let token = link.rsplit('/').next().unwrap().to_owned();
        reseller.post("/v1/invitations/accept", &json!({ "token": token })).expect(200);
        let customer = provider.create_customer("Relecloud", "relecloud.example");
        let company = settle(&server, &customer.admin);
        let subscription = provider.order(&customer, OFFER_E3, 5);
        let user = provider.create_user(&customer, "nora");
        let (reseller_id, provider_id) = (wingtip.partner, installation.provider.partner.clone());
        Self {
            server,
            provider,
            reseller,
            company,
            reseller_id,
            provider_id,
            customer,
            user,
            subscription,
        }
    }

    fn of_sales(&self) -> Vec<Good> {
        let (api, path) = (&self.provider, &self.customer.path);
        let subscription = format!("{path}/subscriptions/{}", self.subscription);
        vec![
            Good::new(
                api,
                "POST",
                "/v1/customers",
                NewCustomer::body("Proseware", "proseware.example"),
                &[
                    "/companyProfile",
                    "/companyProfile/domain",
                    "/billingProfile",
                    "/billingProfile/companyName",
                    "/billingProfile/email",
                    "/billingProfile/defaultAddress",
                    "/billingProfile/defaultAddress/country",
                    "/billingProfile/defaultAddress/city",
                    "/billingProfile/defaultAddress/addressLine1",
                ],
            ),
            Good::new(
                api,
                "POST",
                format!("{path}/orders"),
                json!({ "billingCycle": "monthly", "lineItems": [{ "lineItemNumber": 0, "offerId": OFFER_PREMIUM, "quantity": 2, "friendlyName": "Second" }] }),
                &["/lineItems", "/lineItems/0/offerId", "/lineItems/0/quantity"],
            ),
            Good::new(
                api,
                "PATCH",
                subscription.clone(),
                json!({ "quantity": 6, "friendlyName": "First" }),
                &[],
            ),
            Good::new(api, "PATCH", subscription.clone(), json!({ "status": "suspended" }), &[]),
            Good::new(api, "PATCH", subscription.clone(), json!({ "status": "active" }), &[]),
            Good::new(
                api,
                "POST",
                format!("{path}/carts"),
                json!({ "lineItems": [{ "catalogItemId": OFFER_PREMIUM, "quantity": 2, "billingCycle": "monthly", "friendlyName": "Third" }] }),
                &["/lineItems", "/lineItems/0/catalogItemId", "/lineItems/0/quantity"],
            ),
            Good::new(
                api,
                "POST",
                format!("{path}/resellers/{}", self.reseller_id),
                json!({}),
                &[],
            ),
            Good::new(
                api,
                "PUT",
                format!("{subscription}/supportcontact"),
                json!({ "supportTenantId": self.provider_id }),
                &["/supportTenantId"],
            ),
        ]
    }

    fn of_customers(&self) -> Vec<Good> {
        let (api, path) = (&self.provider, &self.customer.path);
        vec![
            Good::new(
                api,
                "POST",
                format!("{path}/agreements"),
                json!({ "type": "MicrosoftCustomerAgreement", "dateAgreed": "2026-01-02", "primaryContact": { "firstName": "Kim", "lastName": "Abercrombie", "email": "kim@relecloud.example", "phoneNumber": "4255550101" } }),
                &[
                    "/type",
                    "/dateAgreed",
                    "/primaryContact",
                    "/primaryContact/firstName",
                    "/primaryContact/lastName",
                    "/primaryContact/email",
                ],
            ),
            Good::new(
                api,
                "POST",
                format!("{path}/devicebatches"),
                json!({ "name": "Front desk", "devices": [{ "serialNumber": "SN-1", "productKey": "00329" }] }),
                &["/name", "/devices", "/devices/0/serialNumber"],
            ),
            Good::new(
                api,
                "POST",
                format!("{path}/policies"),
                json!({ "name": "Plain", "policySettings": ["skip_eula"] }),
                &["/name", "/policySettings"],
            ),
            Good::new(
                api,
                "POST",
                format!("{path}/servicerequests"),
                json!({ "title": "Mail is slow", "description": "Since Monday", "severity": "moderate" }),
                &["/title", "/description"],
            ),
            Good::new(
                api,
                "POST",
                "/v1/selfservepolicy",
                json!({ "selfServeEntity": { "selfServeEntityType": "customer", "tenantID": self.customer.id }, "permissions": [{ "action": "Purchase" }] }),
                &["/selfServeEntity", "/selfServeEntity/tenantID"],
            ),
            Good::new(
                api,
                "POST",
                "/v1/relationshiprequests",
                json!({ "allowDelegatedAccess": true, "recipient": "tom@tailwind.example", "subject": "Work with us", "text": "Follow {link}", "expiresInDays": 7 }),
                &[],
            ),
        ]
    }

    fn of_users(&self) -> Vec<Good> {
        let (api, path) = (&self.provider, &self.customer.path);
        vec![
            Good::new(
                api,
                "POST",
                format!("{path}/users"),
                self.customer.user_body("nils"),
                &["/userPrincipalName"],
            ),
            Good::new(
                api,
                "PATCH",
                self.user.path.clone(),
                json!({ "displayName": "Nora Berg", "usageLocation": "US" }),
                &[],
            ),
            Good::new(
                api,
                "POST",
                format!("{}/licenseupdates", self.user.path),
                json!({ "licensesToAssign": [{ "skuId": SKU_E3 }] }),
                &["/licensesToAssign/0/skuId"],
            ),
            Good::new(
                api,
                "POST",
                format!("{path}/licenseupdates"),
                json!({ "userIds": [self.user.id], "licensesToRemove": [SKU_E3] }),
                &["/userIds"],
            )
            .one_by_one(),
            Good::new(
                api,
                "POST",
                format!("{path}/directoryroles/729827e3-9c14-49f7-bb1b-9608f156bbb8/usermembers"),
                json!({ "id": self.user.id }),
                &["/id"],
            ),
            Good::new(
                api,
                "POST",
                format!("{path}/users/resetpassword"),
                json!({ "userIds": [self.user.id] }),
                &["/userIds"],
            )
            .one_by_one(),
            Good::new(
                api,
                "POST",
                format!("{path}/users/delete"),
                json!({ "userIds": [self.user.id] }),
                &["/userIds"],
            ),
            Good::new(
                api,
                "POST",
                format!("{path}/users/restore"),
                json!({ "userIds": [self.user.id] }),
                &["/userIds"],
            )
            .one_by_one(),
        ]
    }

    fn of_partners(&self) -> Vec<Good> {
        let api = &self.provider;
        let contact = contact();
        vec![
            Good::new(
                api,
                "POST",
                "/v1/users",
                json!({ "fullName": "Piet Vos", "email": "piet@contoso.example", "roles": ["sales_agent"], "withholdDefaultAccess": false, "reason": "New", "ticket": "T-1" }),
                &["/fullName", "/email"],
            ),
            Good::new(
                api,
                "POST",
                "/v1/partnerships",
                json!({ "recipient": "rita@rival.example", "subject": "Work with us", "text": "Follow {link}", "expiresInDays": 7 }),
                &["/recipient"],
            ),
            Good::new(
                api,
                "POST",
                "/v1/leads",
                json!({ "resellerId": self.reseller_id, "companyName": "Fabrikam", "country": "US", "contact": contact, "note": "Urgent" }),
                &[
                    "/resellerId",
                    "/companyName",
                    "/contact",
                    "/contact/firstName",
                    "/contact/lastName",
                    "/contact/email",
                ],
            ),
            Good::new(
                api,
                "POST",
                "/v1/servicerequests",
                json!({ "title": "Invoices", "description": "Where are they", "severity": "minimal" }),
                &["/title", "/description"],
            ),
        ]
    }

    fn of_profiles(&self) -> Vec<Good> {
        let api = &self.provider;
        let contact = contact();
        let address = json!({ "country": "US", "city": "Redmond", "state": "WA", "addressLine1": "One Harbour Way", "postalCode": "98052" });
        let named_address = json!({ "country": "US", "city": "Redmond", "state": "WA", "addressLine1": "One Harbour Way", "postalCode": "98052", "firstName": "Kim", "lastName": "Abercrombie", "phoneNumber": "4255550101" });
        vec![
            Good::new(
                api,
                "PUT",
                "/v1/profiles/business",
                json!({ "description": "We sell clouds", "website": "https://contoso.example", "contact": contact }),
                &[
                    "/description",
                    "/contact",
                    "/contact/firstName",
                    "/contact/lastName",
                    "/contact/email",
                ],
            ),
            Good::new(
                api,
                "PUT",
                "/v1/profiles/legalbusiness",
                json!({ "companyName": "Contoso", "address": address, "primaryContact": contact }),
                &[
                    "/address",
                    "/address/city",
                    "/address/addressLine1",
                    "/primaryContact",
                    "/primaryContact/email",
                ],
            ),
            Good::new(
                api,
                "PUT",
                "/v1/profiles/organization",
                json!({ "companyName": "Contoso", "defaultAddress": named_address, "email": "office@contoso.example" }),
                &["/defaultAddress", "/defaultAddress/city", "/email"],
            ),
            Good::new(
                api,
                "PUT",
                "/v1/profiles/support",
                json!({ "email": "help@contoso.example", "telephone": "4255550102", "website": "https://contoso.example" }),
                &["/email", "/telephone"],
            ),
            Good::new(
                &self.reseller,
                "POST",
                "/v1/servicerequests",
                json!({ "title": "Help", "description": "Please" }),
                &["/title", "/description"],
            ),
        ]
    }

    fn of_companies(&self) -> Vec<Good> {
        vec![Good::new(
            &self.company,
            "POST",
            "/v1/company/orders",
            json!({ "partnerId": self.provider_id, "billingCycle": "monthly", "lineItems": [{ "offerId": OFFER_PREMIUM, "quantity": 1 }] }),
            &["/partnerId", "/lineItems", "/lineItems/0/offerId", "/lineItems/0/quantity"],
        )]
    }
}

fn contact() -> Value {
    json!({
        "firstName": "Kim", "lastName": "Abercrombie", "email": "kim@contoso.example",
        "phoneNumber": "4255550101",
    })
}

#[test]
fn every_member_of_every_command_is_checked_and_named_before_anything_is_recorded() {
    let installation = begin();
    let market = Market::open(&installation);
    let all = [
        market.of_sales(),
        market.of_customers(),
        market.of_users(),
        market.of_partners(),
        market.of_profiles(),
        market.of_companies(),
    ];
    let document = ApiDocument::printed(installation.program());
    let faults: Vec<String> =
        all.iter().flatten().flat_map(|good| good.faults(&market.server, &document)).collect();
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    assert!(!market.server.printed().contains("panicked"), "{}", market.server.printed());
}
