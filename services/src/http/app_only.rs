//! What may an application do by itself? The operations that the contract accepts without a user, and
//! no other; for those its permissions are asked besides.

use axum::http::Method;

/// Each path of the contract with the methods that take no user.
const WITHOUT_USER: &[(&str, &[Method])] = &[
    ("/v1/customers", &[Method::GET, Method::POST]),
    ("/v1/customers/{customer}", &[Method::GET, Method::DELETE]),
    ("/v1/customers/{customer}/profiles/company", &[Method::GET]),
    ("/v1/customers/{customer}/profiles/billing", &[Method::GET, Method::PUT]),
    ("/v1/customers/{customer}/subscriptions", &[Method::GET]),
    ("/v1/customers/{customer}/subscriptions/{subscription}", &[Method::GET, Method::PATCH]),
    ("/v1/customers/{customer}/subscriptions/{subscription}/addons", &[Method::GET]),
    (
        "/v1/customers/{customer}/subscriptions/{subscription}/upgrades",
        &[Method::GET, Method::POST],
    ),
    (
        "/v1/customers/{customer}/subscriptions/{subscription}/conversions",
        &[Method::GET, Method::POST],
    ),
    ("/v1/customers/{customer}/orders", &[Method::GET, Method::POST]),
    ("/v1/customers/{customer}/orders/{order}", &[Method::GET, Method::PATCH]),
    ("/v1/customers/{customer}/orders/{order}/provisioningstatus", &[Method::GET]),
    ("/v1/customers/{customer}/subscriptions/{subscription}/provisioningstatus", &[Method::GET]),
    ("/v1/customers/{customer}/subscriptions/{subscription}/registrationstatus", &[Method::GET]),
    ("/v1/customers/{customer}/subscriptions/{subscription}/registrations", &[Method::POST]),
    ("/v1/customers/{customer}/carts", &[Method::GET, Method::POST]),
    ("/v1/customers/{customer}/carts/{cart}", &[Method::GET, Method::PUT]),
    ("/v1/customers/{customer}/carts/{cart}/checkout", &[Method::POST]),
    ("/v1/offers", &[Method::GET]),
    ("/v1/offers/{offer}", &[Method::GET]),
    ("/v1/offers/{offer}/addons", &[Method::GET]),
    ("/v1/offercategories", &[Method::GET]),
    ("/v1/customers/{customer}/offers", &[Method::GET]),
    ("/v1/customers/{customer}/offers/{offer}/addons", &[Method::GET]),
    ("/v1/customers/{customer}/offercategories", &[Method::GET]),
    ("/v1/products", &[Method::GET]),
    ("/v1/products/{product}", &[Method::GET]),
    ("/v1/products/{product}/skus", &[Method::GET]),
    ("/v1/products/{product}/skus/{sku}", &[Method::GET]),
    ("/v1/products/{product}/skus/{sku}/availabilities", &[Method::GET]),
    ("/v1/products/{product}/skus/{sku}/availabilities/{place}", &[Method::GET]),
    ("/v1/customers/{customer}/products", &[Method::GET]),
    ("/v1/customers/{customer}/products/{product}", &[Method::GET]),
    ("/v1/customers/{customer}/products/{product}/skus", &[Method::GET]),
    ("/v1/customers/{customer}/products/{product}/skus/{sku}", &[Method::GET]),
    ("/v1/customers/{customer}/products/{product}/skus/{sku}/availabilities", &[Method::GET]),
    (
        "/v1/customers/{customer}/products/{product}/skus/{sku}/availabilities/{place}",
        &[Method::GET],
    ),
    ("/v1/profiles/mpn", &[Method::GET]),
    ("/v1/profiles/partnernetworkprofile", &[Method::GET]),
    ("/v1/auditrecords", &[Method::GET]),
    ("/v1/auditrecords/{record}", &[Method::GET]),
    ("/v1/domains/{domain}", &[Method::HEAD, Method::POST]),
    ("/v1/customers/{customer}/verifieddomain", &[Method::HEAD, Method::POST]),
    ("/v1/customers/{customer}/qualification", &[Method::GET, Method::PUT]),
    ("/v1/customers/{customer}/qualifications", &[Method::GET, Method::POST]),
    ("/v1/customers/{customer}/validations", &[Method::GET]),
    ("/v1/customers/all/validations", &[Method::GET]),
    ("/v1/validations/address", &[Method::POST]),
    ("/v1/countryvalidationrules/{country}", &[Method::GET]),
    ("/v1/validations/checkdomainavailability/{prefix}", &[Method::GET]),
    ("/webhooks/v1/registration", &[Method::GET, Method::POST, Method::PUT, Method::DELETE]),
    ("/webhooks/v1/registration/events", &[Method::GET]),
    ("/webhooks/v1/registration/deliveries", &[Method::GET]),
    ("/webhooks/v1/registration/validationevents", &[Method::POST]),
    ("/webhooks/v1/registration/validationevents/{correlation}", &[Method::GET]),
    // Who one is, is no operation on anything.
    ("/v1/me", &[Method::GET]),
];

/// Whether an operation takes no user; `path` is that of the route.
pub(crate) fn takes_no_user(method: &Method, path: &str) -> bool {
    let row = WITHOUT_USER.iter().find(|(route, _)| *route == path);
    row.is_some_and(|(_, methods)| methods.contains(method))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_on_people_and_relationships_take_a_user() {
        for (method, path) in [
            (Method::PATCH, "/v1/customers/{customer}"),
            (Method::GET, "/v1/customers/{customer}/users"),
            (Method::GET, "/v1/customers/{customer}/relationships"),
            (Method::POST, "/v1/customers/{customer}/users/{user}/licenseupdates"),
            (Method::GET, "/v1/relationships"),
            (Method::GET, "/v1/selfservepolicy"),
            (Method::GET, "/v1/servicerequests"),
            (Method::GET, "/v1/users"),
            (Method::GET, "/v1/history"),
            (Method::GET, "/v1/applications"),
        ] {
            assert!(!takes_no_user(&method, path), "{method} {path}");
        }
        assert!(takes_no_user(&Method::GET, "/v1/customers"));
        assert!(!takes_no_user(&Method::DELETE, "/v1/customers"));
    }
}
