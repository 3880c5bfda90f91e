//! Who may do what: the one table of roles and permissions.
//!
//! Commands, queries, the role matrix and the documentation all read this table. A permission
//! appears here when its feature works.

use events::Role;

use crate::permission_table::permission_table;

permission_table! {
    /// Something a partner user may be allowed to do.
    pub enum Permission;

    /// See and edit the own profile.
    OwnProfile = "own_profile", "Own profile";
    /// See the partner's users.
    PartnerUsersView = "partner_users.view", "View partner users";
    /// Add, edit, delete and restore the partner's users, and reset their passwords.
    PartnerUsersManage = "partner_users.manage", "Manage partner users";
    /// Grant and revoke the roles of partner users; an account admin those of some categories only.
    RolesAssign = "roles.assign", "Assign roles to partner users";
    /// See the role matrix and the history of roles.
    RolesView = "roles.view", "View role matrix and role history";
    /// See the list of customers and their details.
    CustomersView = "customers.view", "View customers";
    /// Edit a customer's details.
    CustomersEdit = "customers.edit", "Edit customer details";
    /// Create customers.
    CustomersCreate = "customers.create", "Create customers";
    /// Associate indirect resellers with customers.
    ResellersAssociate = "customers.associate_resellers", "Associate resellers with customers";
    /// End the relationship with a customer.
    RelationshipsEnd = "relationships.end", "End customer relationships";
    /// Request relationships with companies, without privileges.
    RelationshipsRequest = "relationships.request", "Request customer relationships";
    /// Request that an ended relationship is taken up again.
    RelationshipsReinstate = "relationships.reinstate", "Reinstate customer relationships";
    /// Request the privilege to administer on a customer's behalf.
    DelegatedAdminRequest = "delegated_admin.request", "Request delegated admin privileges";
    /// See whether customers may buy for themselves.
    OwnPurchasesView = "own_purchases.view", "View permission of customers to buy";
    /// Let customers buy for themselves, or not any more.
    OwnPurchasesManage = "own_purchases.manage", "Let customers buy for themselves";
    /// See what can be bought.
    OffersView = "offers.view", "View offers";
    /// See the subscriptions of customers.
    SubscriptionsView = "subscriptions.view", "View subscriptions";
    /// Submit orders and change subscriptions.
    SubscriptionsManage = "subscriptions.manage", "Order and manage subscriptions";
    /// See and designate whom customers turn to about their subscriptions.
    SupportContactsManage = "support_contacts.manage", "View and designate support contacts";
    /// Say which indirect reseller is on record for a subscription.
    ResellersOfRecordManage = "resellers_of_record.manage", "Manage resellers of record";
    /// See what indirect resellers are credited for.
    IncentivesView = "incentives.view", "View incentives";
    /// See the users of customers.
    CustomerUsersView = "customer_users.view", "View customer users";
    /// Create, edit, delete and restore the users of customers.
    CustomerUsersManage = "customer_users.manage", "Manage customer users";
    /// Grant and revoke the roles that customer users have in their company.
    DirectoryRolesManage = "directory_roles.manage", "Manage roles of customer users";
    /// See, assign and revoke the licences of customer users.
    LicensesManage = "licenses.manage", "View and assign licences of customer users";
    /// See the partnerships.
    PartnershipsView = "partnerships.view", "View partnerships";
    /// Request, withdraw and end partnerships.
    PartnershipsRequest = "partnerships.request", "Request and end partnerships";
    /// Accept and decline partnerships.
    PartnershipsAnswer = "partnerships.answer", "Accept and decline partnerships";
    /// See the devices of customers and their profiles.
    DevicesView = "devices.view", "View device lists";
    /// Register devices, create profiles and apply them.
    DevicesManage = "devices.manage", "Manage device lists and apply device profiles";
    /// See what licences cost.
    PriceListsView = "price_lists.view", "View price lists";
    /// See all invoices of the partner.
    BillingView = "billing.view", "View invoices";
    /// See what the subscriptions of one customer cost, to help with questions about it.
    BillingHelp = "billing.help", "Help with billing questions of customers";
    /// See the agreements that customers accepted.
    AgreementsView = "agreements.view", "View agreements";
    /// See what was referred to and by the partner.
    LeadsView = "leads.view", "View referrals and customer leads";
    /// Refer customers to resellers, and receive and manage what was referred.
    LeadsManage = "leads.manage", "Manage referrals and customer leads";
    /// See the partner's own service requests.
    PartnerRequestsView = "partner_requests.view", "View partner service requests";
    /// Log and change the partner's own service requests.
    PartnerRequestsManage = "partner_requests.manage", "Manage partner service requests";
    /// See the business profile.
    BusinessProfileView = "business_profile.view", "View business profile";
    /// Enter and change the business profile.
    BusinessProfileManage = "business_profile.manage", "Manage business profile";
    /// See the legal, organization, support and network profiles of the partner.
    PartnerProfilesView = "partner_profiles.view", "View legal, organization and network profiles";
    /// Enter and change the legal, organization and support profiles.
    PartnerProfilesManage =
        "partner_profiles.manage", "Manage legal, organization and support profiles";
    /// See the partner's competencies in the partner network.
    CompetenciesView = "competencies.view", "View competencies";
    /// See the partner's benefits in the partner network.
    BenefitsView = "benefits.view", "View benefits";
    /// Put benefits to use, and give them back.
    BenefitsManage = "benefits.manage", "Manage benefits";
    /// See who works for the partner and what they can do.
    UserSkillsView = "user_skills.view", "View user details and skills";
    /// See whether the services that are sold work.
    ServiceHealthView = "service_health.view", "View service health";
    /// See the support tickets of customers.
    CustomerRequestsView = "customer_requests.view", "View customer service requests";
    /// Request support on behalf of customers, and manage their issues.
    CustomerRequestsManage = "customer_requests.manage", "Manage customer service requests";
    /// Do so where it is about a subscription to Office 365.
    Office365RequestsManage =
        "customer_requests.office365", "Manage service requests about Office 365";
    /// See what the partner sold, product by product.
    ReportsView = "reports.view", "View reports";
    /// See what the partner sold, customer by customer.
    CustomerReportsView = "reports.view_customers", "View reports by customer";
    /// See the partner's activity log.
    ActivityLogView = "activity_log.view", "View activity log";
    /// Register applications that act for the partner, give them secrets and revoke them.
    ApplicationsManage = "applications.manage", "Manage applications";
    /// Say where the partner is told of what happens, and see how that goes.
    WebhooksManage = "webhooks.manage", "Manage webhooks";
}

use Permission::{
    ActivityLogView, AgreementsView, BenefitsManage, BenefitsView, BillingHelp, BillingView,
    BusinessProfileManage, BusinessProfileView, CompetenciesView, CustomerReportsView,
    CustomerRequestsManage, CustomerRequestsView, CustomerUsersManage, CustomerUsersView,
    CustomersCreate, CustomersEdit, CustomersView, DelegatedAdminRequest, DevicesManage,
    DevicesView, DirectoryRolesManage, IncentivesView, LeadsManage, LeadsView, LicensesManage,
    OffersView, Office365RequestsManage, OwnProfile, OwnPurchasesManage, OwnPurchasesView,
    PartnerProfilesManage, PartnerProfilesView, PartnerRequestsManage, PartnerRequestsView,
    PartnerUsersManage, PartnerUsersView, PartnershipsAnswer, PartnershipsRequest,
    PartnershipsView, PriceListsView, RelationshipsReinstate, RelationshipsRequest, ReportsView,
    ResellersAssociate, ResellersOfRecordManage, RolesAssign, RolesView, ServiceHealthView,
    SubscriptionsManage, SubscriptionsView, SupportContactsManage, UserSkillsView, WebhooksManage,
};

/// What a role allows.
///
/// The user management admin manages the users of customers and is not among those who view
/// customers: it reaches a customer's users, not its account or subscriptions.
#[must_use]
#[expect(clippy::too_many_lines, reason = "it is a table: one line for each permission of a role")]
pub const fn permissions_of(role: Role) -> &'static [Permission] {
    match role {
        Role::GlobalAdmin => Permission::ALL,
        Role::AdminAgent => &[
            OwnProfile,
            CustomersView,
            CustomersEdit,
            CustomersCreate,
            ResellersAssociate,
            RelationshipsRequest,
            RelationshipsReinstate,
            DelegatedAdminRequest,
            OwnPurchasesView,
            OwnPurchasesManage,
            OffersView,
            SubscriptionsView,
            SubscriptionsManage,
            SupportContactsManage,
            ResellersOfRecordManage,
            CustomerUsersView,
            CustomerUsersManage,
            DirectoryRolesManage,
            LicensesManage,
            PartnershipsView,
            PartnershipsRequest,
            PartnershipsAnswer,
            CustomerRequestsView,
            CustomerRequestsManage,
            Office365RequestsManage,
            ActivityLogView,
            DevicesView,
            DevicesManage,
            PriceListsView,
            BillingView,
            BillingHelp,
            ServiceHealthView,
        ],
        Role::SalesAgent => &[
            OwnProfile,
            CustomersView,
            CustomersEdit,
            CustomersCreate,
            ResellersAssociate,
            RelationshipsRequest,
            OwnPurchasesView,
            OffersView,
            SubscriptionsView,
            SubscriptionsManage,
            SupportContactsManage,
            ResellersOfRecordManage,
            CustomerUsersView,
            LicensesManage,
            PartnershipsView,
            PartnershipsRequest,
            LeadsView,
            LeadsManage,
            CustomerRequestsView,
            ActivityLogView,
            DevicesView,
            AgreementsView,
        ],
        Role::HelpdeskAgent => &[
            OwnProfile,
            CustomersView,
            CustomersEdit,
            OwnPurchasesView,
            OffersView,
            SubscriptionsView,
            SupportContactsManage,
            CustomerUsersView,
            LicensesManage,
            PartnershipsView,
            CustomerRequestsView,
            CustomerRequestsManage,
            BillingHelp,
            ActivityLogView,
        ],
        Role::UserManagementAdmin => &[
            OwnProfile,
            PartnerUsersView,
            PartnerUsersManage,
            RolesAssign,
            RolesView,
            SupportContactsManage,
            CustomerUsersView,
            CustomerUsersManage,
            DirectoryRolesManage,
            LicensesManage,
            BusinessProfileView,
            PartnerProfilesView,
            ActivityLogView,
        ],
        Role::BillingAdmin => {
            &[OwnProfile, OffersView, ActivityLogView, AgreementsView, PriceListsView, BillingView]
        }
        Role::MpnPartnerAdmin => &[
            OwnProfile,
            PartnerRequestsView,
            PartnerRequestsManage,
            BusinessProfileView,
            PartnerProfilesView,
            CompetenciesView,
            BenefitsView,
            BenefitsManage,
            UserSkillsView,
        ],
        Role::BusinessProfileAdmin => &[
            OwnProfile,
            PartnerRequestsView,
            PartnerRequestsManage,
            BusinessProfileView,
            BusinessProfileManage,
        ],
        Role::ReferralAdmin => &[
            OwnProfile,
            LeadsView,
            LeadsManage,
            PartnerRequestsView,
            PartnerRequestsManage,
            BusinessProfileView,
            BusinessProfileManage,
        ],
        Role::IncentivesAdmin => &[OwnProfile, ResellersOfRecordManage, IncentivesView],
        Role::IncentivesUser => &[OwnProfile, IncentivesView],
        Role::AccountAdmin => &[
            OwnProfile,
            PartnerUsersView,
            RolesAssign,
            RolesView,
            BusinessProfileView,
            BusinessProfileManage,
            PartnerProfilesView,
            PartnerProfilesManage,
        ],
        Role::ReferralUser => &[OwnProfile, LeadsView],
        Role::ReportViewer => &[OwnProfile, ReportsView],
        Role::ExecutiveReportViewer => &[OwnProfile, ReportsView, CustomerReportsView],
        Role::DefaultAccess => &[OwnProfile],
    }
}

/// What an application may do by itself: what the contract accepts without a user, and no more. It is
/// asked besides whether the operation is one of those.
pub const APPLICATION_PERMISSIONS: &[Permission] = &[
    CustomersView,
    CustomersEdit,
    CustomersCreate,
    ResellersAssociate,
    OffersView,
    SubscriptionsView,
    SubscriptionsManage,
    ResellersOfRecordManage,
    ActivityLogView,
    WebhooksManage,
    PartnerProfilesView,
];

/// Whether a role allows something.
#[must_use]
pub fn allows(role: Role, permission: Permission) -> bool {
    permissions_of(role).contains(&permission)
}

/// The roles that allow something, in the order of the table of roles.
pub fn roles_with(permission: Permission) -> impl Iterator<Item = Role> {
    Role::ALL.into_iter().filter(move |role| allows(*role, permission))
}
