//! Who may do what in its own company: the one table of directory roles and what they allow.
//!
//! It is for the users of customers, who act by the roles they have in their company. A permission
//! appears here when its feature works.

use events::DirectoryRole;

use crate::permission_table::permission_table;

permission_table! {
    /// Something a customer user may be allowed to do in its own company.
    pub enum CompanyPermission;

    /// See the own account and change the own password.
    OwnAccount = "company.own_account", "Own account";
    /// See the company, the partners that serve it and what it bought from them.
    CompanyView = "company.view", "View the company, its partners and subscriptions";
    /// See what the company's subscriptions cost.
    BillingView = "company.billing", "View what the company's subscriptions cost";
    /// Answer requests for relationships, and end the privileges of partners.
    RelationshipsAnswer = "company.relationships", "Answer requests of partners and end their privileges";
    /// Buy where a partner permits the company to buy for itself.
    Buy = "company.buy", "Buy for the company where a partner permits it";
}

use CompanyPermission::{BillingView, CompanyView, OwnAccount};

/// What every user of a company may do, also without any role.
pub const ALLOWED_WITHOUT_ROLE: &[CompanyPermission] = &[OwnAccount];

/// What a directory role allows beside that.
#[must_use]
pub const fn company_permissions_of(role: DirectoryRole) -> &'static [CompanyPermission] {
    match role {
        DirectoryRole::GlobalAdmin => CompanyPermission::ALL,
        DirectoryRole::BillingAdmin => &[CompanyView, BillingView],
        DirectoryRole::UserAccountAdmin
        | DirectoryRole::ServiceSupportAdmin
        | DirectoryRole::HelpdeskAdmin => &[],
    }
}

/// Whether a directory role allows something.
#[must_use]
pub fn company_allows(role: DirectoryRole, permission: CompanyPermission) -> bool {
    company_permissions_of(role).contains(&permission)
}

/// The directory roles that allow something; none where everybody may.
pub fn directory_roles_with(permission: CompanyPermission) -> impl Iterator<Item = DirectoryRole> {
    DirectoryRole::ALL.into_iter().filter(move |role| company_allows(*role, permission))
}
