//! The steps that stories are made of: a customer, an order, a user, licences.

use serde_json::{Value, json};

use crate::Api;

/// User name and temporary password, as shown once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    /// The user name.
    pub user_name: String,
    /// The temporary password.
    pub password: String,
}

/// A customer that was created.
#[derive(Clone, Debug)]
pub struct NewCustomer {
    /// Its id.
    pub id: String,
    /// Its domain.
    pub domain: String,
    /// The path of its resources.
    pub path: String,
    /// Its admin user's credentials.
    pub admin: Credentials,
}

/// A customer user that was created.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// Its id.
    pub id: String,
    /// The path of its resource.
    pub path: String,
    /// Its credentials.
    pub credentials: Credentials,
}

/// The query that lists users of a state, `Active` or `Inactive`.
pub fn user_filter(state: &str) -> String {
    format!(
        "filter=%7B%22Field%22%3A%22UserState%22%2C%22Value%22%3A%22{state}%22%2C%22Operator%22%3A%22equals%22%7D"
    )
}

impl NewCustomer {
    /// What is sent to create a customer.
    pub fn body(company: &str, domain: &str) -> Value {
        json!({
            "companyProfile": { "domain": domain },
            "billingProfile": {
                "email": format!("office@{domain}"),
                "culture": "en-US",
                "language": "en",
                "companyName": company,
                "defaultAddress": {
                    "country": "US", "city": "Redmond", "state": "WA",
                    "addressLine1": "One Harbour Way", "postalCode": "98052",
                    "firstName": "Kim", "lastName": "Abercrombie", "phoneNumber": "4255550101",
                },
            },
        })
    }

    /// What is sent to create a user of the customer.
    pub fn user_body(&self, name: &str) -> Value {
        json!({
            "usageLocation": "US",
            "userPrincipalName": format!("{name}@{}", self.domain),
            "firstName": "Nora", "lastName": "Lindqvist", "displayName": format!("Nora {name}"),
        })
    }
}

impl Api {
    /// Creates a customer.
    #[track_caller]
    pub fn create_customer(&self, company: &str, domain: &str) -> NewCustomer {
        self.create_customer_from(&NewCustomer::body(company, domain))
    }

    /// Creates a customer out of a body.
    #[track_caller]
    pub fn create_customer_from(&self, body: &Value) -> NewCustomer {
        let created = self.post("/v1/customers", body).expect(201);
        let id = created.text_at("/id");
        NewCustomer {
            path: format!("/v1/customers/{id}"),
            id,
            domain: created.text_at("/companyProfile/domain"),
            admin: Credentials {
                user_name: created.text_at("/userCredentials/userPrincipalName"),
                password: created.text_at("/userCredentials/password"),
            },
        }
    }

    /// Orders licences of an offer; the subscription's id.
    #[track_caller]
    pub fn order(&self, customer: &NewCustomer, offer: &str, quantity: u32) -> String {
        let body = json!({
            "billingCycle": "monthly",
            "lineItems": [{ "lineItemNumber": 0, "offerId": offer, "quantity": quantity }],
        });
        let order = self.post(&format!("{}/orders", customer.path), &body).expect(201);
        order.text_at("/lineItems/0/subscriptionId")
    }

    /// Creates a user of a customer.
    #[track_caller]
    pub fn create_user(&self, customer: &NewCustomer, name: &str) -> NewUser {
        let path = format!("{}/users", customer.path);
        let created = self.post(&path, &customer.user_body(name)).expect_success();
        let id = created.text_at("/id");
        NewUser {
            path: format!("{path}/{id}"),
            id,
            credentials: Credentials {
                user_name: created.text_at("/userPrincipalName"),
                password: created.text_at("/passwordProfile/password"),
            },
        }
    }

    /// Assigns licences of products to a user.
    #[track_caller]
    pub fn assign(&self, user: &NewUser, skus: &[&str]) {
        let licenses: Vec<Value> = skus.iter().map(|sku| json!({ "skuId": sku })).collect();
        let body = json!({ "licensesToAssign": licenses });
        self.post(&format!("{}/licenseupdates", user.path), &body).expect(201);
    }

    /// The products a user has licences of, in order of their ids.
    #[track_caller]
    pub fn licenses(&self, user: &NewUser) -> Vec<String> {
        let items = self.items(&format!("{}/licenses", user.path));
        let ids = items.iter().filter_map(|item| item["productSku"]["id"].as_str());
        let mut ids: Vec<String> = ids.map(str::to_owned).collect();
        ids.sort();
        ids
    }

    /// How many seats of a product are free.
    #[track_caller]
    pub fn free_seats(&self, customer: &NewCustomer, sku: &str) -> i64 {
        let pools = self.items(&format!("{}/subscribedskus", customer.path));
        let pool = pools.iter().find(|pool| pool["productSku"]["id"] == sku);
        pool.and_then(|pool| pool["availableUnits"].as_i64()).expect("the customer has the product")
    }

    /// The ids of a customer's users in a state, `Active` or `Inactive`.
    #[track_caller]
    pub fn user_ids(&self, customer: &NewCustomer, state: &str) -> Vec<String> {
        let items = self.items(&format!("{}/users?{}", customer.path, user_filter(state)));
        items.iter().filter_map(|item| item["id"].as_str()).map(str::to_owned).collect()
    }

    /// Deletes a user.
    #[track_caller]
    pub fn delete_user(&self, user: &NewUser) {
        self.delete(&user.path).expect(204);
    }

    /// Asks for a deleted user back.
    #[track_caller]
    pub fn restore(&self, user: &NewUser) -> crate::Answer {
        let body = json!({ "state": "active", "attributes": { "objectType": "CustomerUser" } });
        self.patch(&user.path, &body)
    }
}

/// A partner user that was added.
#[derive(Clone, Debug)]
pub struct NewPartnerUser {
    /// Its id.
    pub id: String,
    /// Its temporary password.
    pub password: String,
}

impl Api {
    /// Adds a user to the caller's partner, with these roles.
    #[track_caller]
    pub fn add_partner_user(&self, name: &str, email: &str, roles: &[&str]) -> NewPartnerUser {
        let body = json!({ "fullName": name, "email": email, "roles": roles });
        let added = self.post("/v1/users", &body).expect(201);
        NewPartnerUser {
            id: added.text_at("/id"),
            password: added.text_at("/passwordProfile/password"),
        }
    }

    /// Issues a token for a partner user.
    #[track_caller]
    pub fn issue_token(&self, user: &str) -> String {
        self.post(&format!("/v1/users/{user}/tokens"), &json!({})).expect(201).text_at("/token")
    }

    /// Assigns a role to a partner user, replacing another of its category.
    #[track_caller]
    pub fn assign_role(&self, user: &str, role: &str) -> crate::Answer {
        self.post(&format!("/v1/roles/{role}/usermembers"), &json!({ "id": user }))
    }

    /// Revokes a role of a partner user.
    #[track_caller]
    pub fn revoke_role(&self, user: &str, role: &str) -> crate::Answer {
        self.delete(&format!("/v1/roles/{role}/usermembers/{user}"))
    }
}
