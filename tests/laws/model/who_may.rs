//! Who may do what: the tables of the domain, row by row.

use events::Role;

/// Something the tables tell about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Deed {
    /// What everybody does about the own account.
    OwnAccount,
    /// Partner users; holders of admin roles, global admins only.
    PartnerUsers,
    /// Their roles; those of the admin category, global admins only.
    Roles,
    /// Benefits of the partner network.
    Benefits,
    /// Applications that act for the partner.
    Applications,
    /// Where the partner is told of what happens.
    Webhooks,
    /// Edit the details of customers.
    EditCustomers,
    /// Create customers; orders, subscriptions; their resellers.
    Sell,
    /// Request a relationship, a partnership.
    Request,
    /// Request delegated admin privileges.
    RequestPrivileges,
    /// End a relationship.
    EndRelationships,
    /// Reinstate a relationship.
    ReinstateRelationships,
    /// Customer users and their roles in the customer.
    CustomerUsers,
    /// The licences of customer users.
    Licenses,
    /// Designated support contacts.
    SupportContacts,
    /// Change the permission to buy for itself.
    OwnPurchases,
    /// Register a value added reseller for a subscription; manage incentive programmes.
    ResellersOfRecord,
    /// Accept and decline partnerships.
    AnswerPartnerships,
    /// Device lists and profiles.
    Devices,
    /// Leads and referrals.
    Leads,
    /// Partner service requests.
    PartnerRequests,
    /// Customer service requests.
    CustomerRequests,
    /// Customer service requests about Office 365.
    Office365Requests,
    /// The business profile.
    BusinessProfile,
    /// The other profiles of the partner.
    OtherProfiles,
}

/// Whether a role allows a deed. A global admin may do everything of its partner.
pub(super) fn may(role: Role, deed: Deed) -> bool {
    use Role::{
        AccountAdmin, AdminAgent as A, BusinessProfileAdmin, HelpdeskAgent as H, IncentivesAdmin,
        MpnPartnerAdmin, ReferralAdmin, SalesAgent as S, UserManagementAdmin as U,
    };
    let others: &[Role] = match deed {
        Deed::OwnAccount => return true,
        Deed::PartnerUsers => &[U],
        Deed::Roles => &[U, AccountAdmin],
        Deed::EditCustomers => &[A, S, H],
        Deed::Sell | Deed::Request => &[A, S],
        Deed::EndRelationships | Deed::Applications | Deed::Webhooks => &[],
        Deed::OtherProfiles => &[AccountAdmin],
        Deed::Benefits => &[MpnPartnerAdmin],
        Deed::RequestPrivileges
        | Deed::ReinstateRelationships
        | Deed::OwnPurchases
        | Deed::AnswerPartnerships
        | Deed::Office365Requests
        | Deed::Devices => &[A],
        Deed::CustomerUsers => &[A, U],
        Deed::Licenses | Deed::SupportContacts => &[A, U, S, H],
        Deed::ResellersOfRecord => &[A, S, IncentivesAdmin],
        Deed::Leads => &[S, ReferralAdmin],
        Deed::PartnerRequests => &[MpnPartnerAdmin, BusinessProfileAdmin, ReferralAdmin],
        Deed::CustomerRequests => &[A, H],
        Deed::BusinessProfile => &[BusinessProfileAdmin, ReferralAdmin, AccountAdmin],
    };
    role == Role::GlobalAdmin || others.contains(&role)
}

/// Whether an application may do it by itself: what the contract accepts without a user.
pub(super) fn may_alone(deed: Deed) -> bool {
    matches!(deed, Deed::EditCustomers | Deed::Sell | Deed::ResellersOfRecord | Deed::Webhooks)
}
