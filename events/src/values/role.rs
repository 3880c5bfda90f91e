//! Roles of partner users and of customer users.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::personal::Clear;

/// The category a partner role belongs to; a user holds at most one role of each.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoleCategory {
    /// The default level.
    Default,
    /// Decides which features are reachable.
    Admin,
    /// Decides which customer data is seen and changed.
    Agent,
    /// Incentive programmes.
    Incentives,
    /// Referrals and marketing.
    ReferralAndMarketing,
    /// Reports about the business.
    Insights,
}

impl RoleCategory {
    /// Every category.
    pub const ALL: [Self; 6] = [
        Self::Default,
        Self::Admin,
        Self::Agent,
        Self::Incentives,
        Self::ReferralAndMarketing,
        Self::Insights,
    ];

    /// The category as answers and exports spell it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Admin => "admin",
            Self::Agent => "agent",
            Self::Incentives => "incentives",
            Self::ReferralAndMarketing => "referral_and_marketing",
            Self::Insights => "insights",
        }
    }

    /// The category as people read it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Default => "Default",
            Self::Admin => "Admin",
            Self::Agent => "Agent",
            Self::Incentives => "Incentives",
            Self::ReferralAndMarketing => "Referral and marketing",
            Self::Insights => "Insights",
        }
    }
}

impl Clear for RoleCategory {}

/// What a partner user may do. Source of roles and categories: Partner Center's help on creating
/// user accounts; stored by order, so new roles go to the end.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// *Manages your organization's account as*: the own profile only.
    DefaultAccess,
    /// Full privileges over the partner's account, users and customers.
    GlobalAdmin,
    /// Billing, agreements, price lists, offers.
    BillingAdmin,
    /// Partner users and profiles.
    UserManagementAdmin,
    /// Membership in the partner network.
    MpnPartnerAdmin,
    /// Customers, subscriptions, administration on behalf.
    AdminAgent,
    /// Customers, subscriptions, relationships, leads.
    SalesAgent,
    /// Looks customers up, edits details, requests support.
    HelpdeskAgent,
    /// Manages incentive programmes.
    IncentivesAdmin,
    /// Views incentive programmes.
    IncentivesUser,
    /// The business profile.
    BusinessProfileAdmin,
    /// Referrals and business profiles.
    ReferralAdmin,
    /// The partner's profiles, and the roles that are about neither customers nor administration.
    AccountAdmin,
    /// Views referrals.
    ReferralUser,
    /// Views reports.
    ReportViewer,
    /// Views reports, also those that name customers.
    ExecutiveReportViewer,
}

impl Role {
    /// Every role, in the order of the table.
    pub const ALL: [Self; 16] = [
        Self::DefaultAccess,
        Self::GlobalAdmin,
        Self::BillingAdmin,
        Self::UserManagementAdmin,
        Self::MpnPartnerAdmin,
        Self::AdminAgent,
        Self::SalesAgent,
        Self::HelpdeskAgent,
        Self::IncentivesAdmin,
        Self::IncentivesUser,
        Self::BusinessProfileAdmin,
        Self::ReferralAdmin,
        Self::AccountAdmin,
        Self::ReferralUser,
        Self::ReportViewer,
        Self::ExecutiveReportViewer,
    ];

    /// The one category the role belongs to.
    #[must_use]
    pub const fn category(self) -> RoleCategory {
        match self {
            Self::DefaultAccess => RoleCategory::Default,
            Self::GlobalAdmin
            | Self::BillingAdmin
            | Self::UserManagementAdmin
            | Self::MpnPartnerAdmin
            | Self::AccountAdmin => RoleCategory::Admin,
            Self::AdminAgent | Self::SalesAgent | Self::HelpdeskAgent => RoleCategory::Agent,
            Self::IncentivesAdmin | Self::IncentivesUser => RoleCategory::Incentives,
            Self::BusinessProfileAdmin | Self::ReferralAdmin | Self::ReferralUser => {
                RoleCategory::ReferralAndMarketing
            }
            Self::ReportViewer | Self::ExecutiveReportViewer => RoleCategory::Insights,
        }
    }

    /// The role as commands, answers and exports spell it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::DefaultAccess => "default_access",
            Self::GlobalAdmin => "global_admin",
            Self::BillingAdmin => "billing_admin",
            Self::UserManagementAdmin => "user_management_admin",
            Self::MpnPartnerAdmin => "mpn_partner_admin",
            Self::AdminAgent => "admin_agent",
            Self::SalesAgent => "sales_agent",
            Self::HelpdeskAgent => "helpdesk_agent",
            Self::IncentivesAdmin => "incentives_admin",
            Self::IncentivesUser => "incentives_user",
            Self::BusinessProfileAdmin => "business_profile_admin",
            Self::ReferralAdmin => "referral_admin",
            Self::AccountAdmin => "account_admin",
            Self::ReferralUser => "referral_user",
            Self::ReportViewer => "report_viewer",
            Self::ExecutiveReportViewer => "executive_report_viewer",
        }
    }

    /// The role as people read it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::DefaultAccess => "Default access",
            Self::GlobalAdmin => "Global admin",
            Self::BillingAdmin => "Billing admin",
            Self::UserManagementAdmin => "User management admin",
            Self::MpnPartnerAdmin => "MPN partner admin",
            Self::AdminAgent => "Admin agent",
            Self::SalesAgent => "Sales agent",
            Self::HelpdeskAgent => "Helpdesk agent",
            Self::IncentivesAdmin => "Incentives admin",
            Self::IncentivesUser => "Incentives user",
            Self::BusinessProfileAdmin => "Business profile admin",
            Self::ReferralAdmin => "Referral admin",
            Self::AccountAdmin => "Account admin",
            Self::ReferralUser => "Referral user",
            Self::ReportViewer => "Report viewer",
            Self::ExecutiveReportViewer => "Executive report viewer",
        }
    }

    /// The id under which the wire contract knows the role: fixed, the same in every installation.
    #[must_use]
    pub const fn id(self) -> Uuid {
        const ROLE_IDS: u128 = 0x706c_6f67_726f_4c45_8000_0000_0000_0000;
        Uuid::from_u128(ROLE_IDS | self as u128)
    }

    /// The role with this id.
    #[must_use]
    pub fn from_id(id: Uuid) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.id() == id)
    }

    /// The role with this name, in any case.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name().eq_ignore_ascii_case(name.trim()))
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.title())
    }
}

impl Clear for Role {}

/// What a customer user may do inside its own company. Stored by order: new roles go to the end.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DirectoryRole {
    /// Everything in the company.
    GlobalAdmin,
    /// Billing.
    BillingAdmin,
    /// User accounts.
    UserAccountAdmin,
    /// Service requests.
    ServiceSupportAdmin,
    /// Passwords.
    HelpdeskAdmin,
}

impl DirectoryRole {
    /// Every role.
    pub const ALL: [Self; 5] = [
        Self::GlobalAdmin,
        Self::BillingAdmin,
        Self::UserAccountAdmin,
        Self::ServiceSupportAdmin,
        Self::HelpdeskAdmin,
    ];

    /// The role's template id, the same for every customer (published by Microsoft Entra).
    #[must_use]
    pub const fn template_id(self) -> Uuid {
        Uuid::from_u128(match self {
            Self::GlobalAdmin => 0x62e9_0394_69f5_4237_9190_0121_7714_5e10,
            Self::BillingAdmin => 0xb0f5_4661_2d74_4c50_afa3_1ec8_03f1_2efe,
            Self::UserAccountAdmin => 0xfe93_0be7_5e62_47db_91af_98c3_a49a_38b1,
            Self::ServiceSupportAdmin => 0xf023_fd81_a637_4b56_95fd_791a_c022_6033,
            Self::HelpdeskAdmin => 0x7298_27e3_9c14_49f7_bb1b_9608_f156_bbb8,
        })
    }

    /// The role with this template id.
    #[must_use]
    pub fn from_template_id(id: Uuid) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.template_id() == id)
    }

    /// The role as rules and exports spell it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::GlobalAdmin => "global_admin",
            Self::BillingAdmin => "billing_admin",
            Self::UserAccountAdmin => "user_account_admin",
            Self::ServiceSupportAdmin => "service_support_admin",
            Self::HelpdeskAdmin => "helpdesk_admin",
        }
    }

    /// The role as people read it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::GlobalAdmin => "Company Administrator",
            Self::BillingAdmin => "Billing Administrator",
            Self::UserAccountAdmin => "User Account Administrator",
            Self::ServiceSupportAdmin => "Service Support Administrator",
            Self::HelpdeskAdmin => "Helpdesk Administrator",
        }
    }
}

impl Clear for DirectoryRole {}
