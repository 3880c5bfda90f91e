//! Of what a partner can be told, by the names that its receiver knows. Names that the contract has
//! are used as it has them; the others are made like them, from the resource and what happened to it.

/// Something a partner can be told of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OfferedEvent {
    /// Its name.
    pub name: &'static str,
    /// What it happens to.
    pub resource: &'static str,
    /// The types of events that are told under this name.
    pub types: &'static [&'static str],
}

/// The name of the event by which a registration is tried out.
pub const TEST_EVENT: &str = "test-created";

/// Everything a partner can be told of, in the order of names. Each type of event stands once.
pub const OFFERED_EVENTS: &[OfferedEvent] = &[
    offered("customer-created", "customer", &["CustomerCreated"]),
    offered(
        "customer-directory-role-changed",
        "customer-directory-role",
        &["DirectoryRoleGranted", "DirectoryRoleRevoked"],
    ),
    offered("customer-updated", "customer", &["CustomerDetailsEdited"]),
    offered("customer-user-created", "customer-user", &["CustomerUserCreated"]),
    offered("customer-user-deleted", "customer-user", &["CustomerUserDeleted"]),
    offered(
        "customer-user-licenses-updated",
        "customer-user",
        &["LicenseAssigned", "LicenseRevoked"],
    ),
    offered("customer-user-password-reset", "customer-user", &["CustomerUserPasswordReset"]),
    offered("customer-user-purged", "customer-user", &["CustomerUserPurged"]),
    offered("customer-user-restored", "customer-user", &["CustomerUserRestored"]),
    offered("customer-user-updated", "customer-user", &["CustomerUserEdited"]),
    offered(
        "dap-admin-relationship-approved",
        "dap-admin-relationship",
        &["DelegatedAdminGranted"],
    ),
    offered(
        "dap-admin-relationship-terminated",
        "dap-admin-relationship",
        &["DelegatedAdminEnded"],
    ),
    offered(
        "indirect-reseller-relationship-ended",
        "indirect-reseller-relationship",
        &["PartnershipEnded"],
    ),
    offered(
        "indirect-reseller-relationship-started",
        "indirect-reseller-relationship",
        &["PartnershipAccepted"],
    ),
    offered("order-created", "order", &["OrderSubmitted"]),
    offered("partner-user-created", "partner-user", &["PartnerUserAdded"]),
    offered("partner-user-deleted", "partner-user", &["PartnerUserDeleted"]),
    offered(
        "partner-user-roles-changed",
        "partner-user",
        &["RoleAssigned", "RoleReplaced", "RoleRevoked"],
    ),
    offered("referral-created", "referral", &["LeadReferred"]),
    offered(
        "referral-updated",
        "referral",
        &["LeadAccepted", "LeadDeclined", "LeadWithdrawn", "LeadConverted"],
    ),
    offered(
        "reseller-relationship-accepted-by-customer",
        "reseller-relationship",
        &["RelationshipRequestAccepted"],
    ),
    offered("reseller-relationship-ended", "reseller-relationship", &["RelationshipEnded"]),
    offered("subscription-active", "subscription", &["SubscriptionCreated"]),
    offered(
        "subscription-updated",
        "subscription",
        &[
            "SubscriptionRenamed",
            "SubscriptionQuantityChanged",
            "SubscriptionSuspended",
            "SubscriptionReactivated",
            "SubscriptionUpgraded",
            "SubscriptionRenewalStopped",
            "SubscriptionRenewalResumed",
            "SubscriptionCancelled",
            "ResellerOfRecordChanged",
            "SupportContactChanged",
            "SupportContactFellBack",
        ],
    ),
    offered(TEST_EVENT, "test", &["WebhookTested"]),
];

const fn offered(
    name: &'static str,
    resource: &'static str,
    types: &'static [&'static str],
) -> OfferedEvent {
    OfferedEvent { name, resource, types }
}

impl OfferedEvent {
    /// What has this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        OFFERED_EVENTS.iter().find(|offered| offered.name == name)
    }

    /// What events of this type are told as.
    #[must_use]
    pub fn of_type(event_type: &str) -> Option<&'static Self> {
        OFFERED_EVENTS.iter().find(|offered| offered.types.contains(&event_type))
    }
}
