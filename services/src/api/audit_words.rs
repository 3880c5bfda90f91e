//! How do audit records call what happened? The contract's words for resources and operations; its
//! clients fail on a word they do not know, so nothing else is said.

/// What an audit record says of a type of event.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct AuditWords {
    /// What was acted on.
    pub(super) resource: &'static str,
    /// What was done.
    pub(super) operation: &'static str,
}

impl AuditWords {
    /// The words for a type of event; `None` where the contract has none.
    pub(super) fn of(event: &str) -> Option<Self> {
        let known = |(_, events): &&(Resource, &[(&str, &str)])| {
            events.iter().any(|(name, _)| *name == event)
        };
        let (resource, events) = PUBLISHED.iter().find(known)?;
        let (_, operation) = events.iter().find(|(name, _)| *name == event)?;
        Some(Self { resource, operation })
    }

    /// The types of events that have records, of one resource or of all.
    pub(super) fn events(resource: Option<&str>) -> impl Iterator<Item = &'static str> {
        let wanted = PUBLISHED.iter().filter(move |(name, _)| {
            resource.is_none_or(|resource| super::words::same_word(name, resource))
        });
        wanted.flat_map(|(_, events)| events.iter().map(|(event, _)| *event))
    }
}

/// Whether events of this type have audit records.
pub(crate) fn is_audited(event: &str) -> bool {
    AuditWords::of(event).is_some()
}

type Resource = &'static str;

/// Each resource with the types of events that act on it, and what each of them does.
const PUBLISHED: &[(Resource, &[(&str, &str)])] = &[
    (
        "customer",
        &[
            ("CustomerCreated", "add_customer"),
            ("CustomerDetailsEdited", "update_customer_billing_profile"),
            ("CustomerQualified", "update_customer_qualification"),
        ],
    ),
    (
        "partner_customer_relationship",
        &[
            ("RelationshipEstablished", "extend_relationship"),
            ("RelationshipEnded", "remove_partner_customer_relationship"),
        ],
    ),
    (
        "partner_customer_dap",
        &[
            ("DelegatedAdminGranted", "dap_admin_relationship_approved"),
            ("DelegatedAdminEnded", "dap_admin_relationship_terminated"),
        ],
    ),
    (
        "customer_user",
        &[
            ("CustomerUserCreated", "create_customer_user"),
            ("CustomerUserEdited", "update_customer_user"),
            ("CustomerUserPasswordReset", "reset_customer_user_password"),
            ("CustomerUserDeleted", "delete_customer_user"),
            ("CustomerUserRestored", "restore_customer_user"),
        ],
    ),
    (
        "license",
        &[
            ("LicenseAssigned", "update_customer_user_licenses"),
            ("LicenseRevoked", "update_customer_user_licenses"),
        ],
    ),
    (
        "customer_directory_role",
        &[
            ("DirectoryRoleGranted", "add_user_member"),
            ("DirectoryRoleRevoked", "remove_user_member"),
        ],
    ),
    (
        "order",
        &[
            ("OrderSubmitted", "create_order"),
            ("OrderExtended", "update_order"),
            ("OrderRebilled", "update_order"),
        ],
    ),
    (
        "subscription",
        &[
            ("SubscriptionRenamed", "update_subscription"),
            ("SubscriptionQuantityChanged", "update_subscription"),
            ("SubscriptionSuspended", "update_subscription"),
            ("SubscriptionReactivated", "update_subscription"),
            ("SubscriptionRenewalStopped", "update_subscription"),
            ("SubscriptionRenewalResumed", "update_subscription"),
            ("SubscriptionCancelled", "update_subscription"),
            ("SupportContactChanged", "update_subscription"),
            ("SupportContactFellBack", "update_subscription"),
            ("SubscriptionUpgraded", "upgrade_subscription"),
            ("TrialConverted", "convert_trial_subscription"),
        ],
    ),
    ("mpn_association", &[("ResellerOfRecordChanged", "update_mpn_association")]),
    (
        "self_serve_policy",
        &[
            ("OwnPurchasesPermitted", "create_self_serve_policy"),
            ("OwnPurchasesForbidden", "delete_self_serve_policy"),
        ],
    ),
    ("agreement", &[("CustomerAgreementConfirmed", "create_agreement")]),
    (
        "partner_relationship",
        &[
            ("PartnershipAccepted", "create_partner_relationship"),
            ("PartnershipEnded", "remove_partner_relationship"),
        ],
    ),
    (
        "partner_user",
        &[
            ("PartnerUserAdded", "create_partner_user"),
            ("PartnerUserEdited", "update_partner_user"),
            ("PartnerUserPasswordReset", "update_partner_user"),
            ("PartnerUserRestored", "update_partner_user"),
            ("PartnerUserDeleted", "remove_partner_user"),
            ("RoleAssigned", "add_user_member"),
            ("RoleReplaced", "add_user_member"),
            ("UserElevated", "add_user_member"),
            ("RoleRevoked", "remove_user_member"),
        ],
    ),
    (
        "application",
        &[
            ("ApplicationRegistered", "register_application"),
            ("ApplicationRevoked", "unregister_application"),
        ],
    ),
    (
        "application_credential",
        &[
            ("ApplicationSecretAdded", "add_application_credential"),
            ("ApplicationSecretRemoved", "remove_application_credential"),
        ],
    ),
    (
        "referral",
        &[
            ("LeadReferred", "create_referral"),
            ("LeadAccepted", "update_referral"),
            ("LeadDeclined", "update_referral"),
            ("LeadWithdrawn", "update_referral"),
            ("LeadConverted", "update_referral"),
        ],
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use events::Event;

    use super::*;

    #[test]
    fn each_name_is_that_of_a_type_of_event_and_stands_once() {
        let types: BTreeSet<&str> = Event::types().map(|(_, name, _)| name).collect();
        let mut seen = BTreeSet::new();
        for name in AuditWords::events(None) {
            assert!(types.contains(name), "{name}");
            assert!(seen.insert(name), "{name} stands twice");
        }
    }

    #[test]
    fn a_resource_is_known_in_every_spelling() {
        let events: Vec<_> = AuditWords::events(Some("SelfServePolicy")).collect();
        assert_eq!(events, ["OwnPurchasesPermitted", "OwnPurchasesForbidden"]);
        let words = AuditWords::of("CustomerUserRestored").unwrap();
        assert_eq!((words.resource, words.operation), ("customer_user", "restore_customer_user"));
        assert_eq!(AuditWords::of("CartOpened"), None);
    }
}
