//! The details of an audit record: what an event says, as pairs of texts in the contract's words.

use events::{CustomerEvent, Event, LicenseEvent, OrderEvent};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::audit_values::pascal_name;

/// What the contract calls a user of a customer.
const USER: (&str, &str) = ("UserId", "CustomerUserId");

/// A detail of something that was done.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(super) struct AuditDetail {
    #[schema(example = "Quantity-0")]
    key: String,
    #[schema(example = "5")]
    value: String,
}

/// What happened as pairs of plain texts, by the names that the contract has for them: members of a
/// list's items carry the item's number.
pub(super) fn customized(event: &Event, data: &Map<String, Value>) -> Vec<AuditDetail> {
    let mut pairs = Vec::new();
    let called = |name: &str| published_name(event, &pascal_name(name)).to_owned();
    for (name, value) in data {
        match value {
            Value::Array(items) => {
                for (number, item) in items.iter().enumerate() {
                    let members = item.as_object().into_iter().flatten();
                    pairs.extend(members.filter_map(|(name, value)| {
                        pair(format!("{}-{number}", called(name)), value)
                    }));
                }
            }
            plain => pairs.extend(pair(called(name), plain)),
        }
    }
    pairs
}

/// What the contract calls a detail.
fn published_name<'a>(event: &Event, name: &'a str) -> &'a str {
    let Event::Customer(event) = event else { return name };
    let renamed: &[(&str, &'static str)] = match event {
        CustomerEvent::Order(event) => match event {
            OrderEvent::OrderSubmitted(_) => &[("FriendlyName", "SubscriptionName")],
            OrderEvent::OrderExtended(_) | OrderEvent::OrderRebilled(_) => &[],
        },
        CustomerEvent::License(event) => match event {
            LicenseEvent::LicenseAssigned(_) => &[("SkuId", "AddedLicenseSkuId"), USER],
            LicenseEvent::LicenseRevoked(_) => &[("SkuId", "RemovedLicenseSkuId"), USER],
        },
        CustomerEvent::User(_) | CustomerEvent::DirectoryRole(_) => &[USER],
        CustomerEvent::Account(_)
        | CustomerEvent::Relationship(_)
        | CustomerEvent::Request(_)
        | CustomerEvent::Cart(_)
        | CustomerEvent::Subscription(_)
        | CustomerEvent::SupportContact(_)
        | CustomerEvent::SignIn(_)
        | CustomerEvent::Device(_)
        | CustomerEvent::Agreement(_) => &[],
    };
    renamed.iter().find(|(own, _)| *own == name).map_or(name, |(_, published)| published)
}

fn pair(key: String, value: &Value) -> Option<AuditDetail> {
    let value = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(truth) => truth.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    Some(AuditDetail { key, value })
}

#[cfg(test)]
mod tests {
    use events::{
        BillingCycle, CustomerUserId, LicenseAssigned, LicenseRevoked, OrderId, OrderSubmitted,
        PartnerId, PartnerUserId, Role, RoleAssigned, SkuId,
    };
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    fn object(value: Value) -> Map<String, Value> {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn an_order_is_told_in_pairs_with_the_number_of_its_line() {
        let order = object(json!({
            "orderId": "o",
            "lines": [{ "offerId": "a", "quantity": 2, "friendlyName": "Mail" }, { "offerId": "b", "quantity": 3 }],
            "contact": { "$withheld": {} },
        }));
        let submitted = OrderSubmitted {
            order_id: OrderId::from_uuid(Uuid::nil()),
            partner_id: PartnerId::from_uuid(Uuid::nil()),
            billing_cycle: BillingCycle::Monthly,
            lines: Vec::new(),
        };
        let pairs = customized(&submitted.into(), &order);
        let told: Vec<_> =
            pairs.iter().map(|pair| (pair.key.as_str(), pair.value.as_str())).collect();
        let expected = [
            ("OfferId-0", "a"),
            ("SubscriptionName-0", "Mail"),
            ("Quantity-0", "2"),
            ("OfferId-1", "b"),
            ("Quantity-1", "3"),
            ("OrderId", "o"),
        ];
        assert_eq!(told.len(), expected.len(), "{told:?}");
        for pair in expected {
            assert!(told.contains(&pair), "{pair:?} in {told:?}");
        }
    }

    #[test]
    fn licences_and_users_are_named_as_the_contract_names_them() {
        let license = object(json!({ "userId": "u", "skuId": "s" }));
        let keys = |event: Event| {
            let pairs = customized(&event, &license).into_iter().map(|pair| pair.key);
            pairs.collect::<Vec<_>>().join(" ")
        };
        let (user_id, sku_id) =
            (CustomerUserId::from_uuid(Uuid::nil()), SkuId::from_uuid(Uuid::nil()));
        let assigned = LicenseAssigned { user_id, sku_id }.into();
        assert_eq!(keys(assigned), "AddedLicenseSkuId CustomerUserId");
        let revoked = LicenseRevoked { user_id, sku_id }.into();
        assert_eq!(keys(revoked), "RemovedLicenseSkuId CustomerUserId");
        let of_partner = RoleAssigned {
            user_id: PartnerUserId::from_uuid(Uuid::nil()),
            role: Role::GlobalAdmin,
        }
        .into();
        assert_eq!(keys(of_partner), "SkuId UserId");
    }
}
