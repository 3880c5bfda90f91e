//! Who may do what in its own company: the one table of directory roles and what they allow.
//!
//! It is for the users of customers, who act by the roles they have in their company. A permission
//! appears here when its feature works.

use std::fmt;

use events::DirectoryRole;

macro_rules! company_permissions {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $title:literal;)+) => {
        /// Something a customer user may be allowed to do in its own company.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum CompanyPermission {
            $($(#[$doc])* $name,)+
        }

        impl CompanyPermission {
            /// Every permission, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The stable name in rules, answers and exports.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// The permission as people read it.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)+ }
            }
        }
    };
}

company_permissions! {
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

impl fmt::Display for CompanyPermission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
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
