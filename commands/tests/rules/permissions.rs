use std::collections::BTreeSet;

use commands::{Permission, allows, permissions_of, roles_with};
use events::Role;

/// The table of the help pages, written down a second time: G A S H U B, and M for
/// the MPN partner admin, P for the business profile admin, R for the referral admin, I and i
/// for incentives admins and users. Of later documentation: C for the account admin, r for the
/// referral user, v and V for report viewers and executive ones.
fn expected(permission: Permission) -> &'static str {
    match permission {
        Permission::OwnProfile => "everybody",
        Permission::PartnerUsersView | Permission::RolesAssign | Permission::RolesView => "GUC",
        Permission::PartnerUsersManage => "GU",
        Permission::CustomersView
        | Permission::CustomersEdit
        | Permission::SubscriptionsView
        | Permission::OwnPurchasesView
        | Permission::CustomerRequestsView
        | Permission::PartnershipsView => "GASH",
        Permission::CustomersCreate
        | Permission::ResellersAssociate
        | Permission::RelationshipsRequest
        | Permission::SubscriptionsManage
        | Permission::DevicesView
        | Permission::PartnershipsRequest => "GAS",
        Permission::LeadsManage => "GSR",
        Permission::LeadsView => "GSRr",
        Permission::ReportsView => "GvV",
        Permission::CompetenciesView
        | Permission::BenefitsView
        | Permission::BenefitsManage
        | Permission::UserSkillsView => "GM",
        Permission::CustomerReportsView => "GV",
        Permission::AgreementsView => "GSB",
        Permission::PriceListsView | Permission::BillingView => "GAB",
        Permission::RelationshipsEnd
        | Permission::ApplicationsManage
        | Permission::WebhooksManage => "G",
        Permission::PartnerProfilesManage => "GC",
        Permission::PartnershipsAnswer
        | Permission::RelationshipsReinstate
        | Permission::DelegatedAdminRequest
        | Permission::Office365RequestsManage
        | Permission::DevicesManage
        | Permission::ServiceHealthView
        | Permission::OwnPurchasesManage => "GA",
        Permission::OffersView => "GASHB",
        Permission::CustomerUsersView
        | Permission::LicensesManage
        | Permission::SupportContactsManage => "GASHU",
        Permission::CustomerUsersManage | Permission::DirectoryRolesManage => "GAU",
        Permission::ActivityLogView => "GASHUB",
        Permission::PartnerRequestsView | Permission::PartnerRequestsManage => "GMPR",
        Permission::BusinessProfileView => "GUMPRC",
        Permission::BusinessProfileManage => "GPRC",
        Permission::PartnerProfilesView => "GUMC",
        Permission::CustomerRequestsManage | Permission::BillingHelp => "GAH",
        Permission::ResellersOfRecordManage => "GASI",
        Permission::IncentivesView => "GIi",
    }
}

const fn letter(role: Role) -> Option<char> {
    match role {
        Role::GlobalAdmin => Some('G'),
        Role::AdminAgent => Some('A'),
        Role::SalesAgent => Some('S'),
        Role::HelpdeskAgent => Some('H'),
        Role::UserManagementAdmin => Some('U'),
        Role::BillingAdmin => Some('B'),
        Role::MpnPartnerAdmin => Some('M'),
        Role::BusinessProfileAdmin => Some('P'),
        Role::ReferralAdmin => Some('R'),
        Role::IncentivesAdmin => Some('I'),
        Role::IncentivesUser => Some('i'),
        Role::AccountAdmin => Some('C'),
        Role::ReferralUser => Some('r'),
        Role::ReportViewer => Some('v'),
        Role::ExecutiveReportViewer => Some('V'),
        Role::DefaultAccess => None,
    }
}

#[test]
fn the_table_says_for_each_role_and_permission_what_the_help_pages_say() {
    for permission in Permission::ALL.iter().copied() {
        for role in Role::ALL {
            let table = expected(permission);
            let wanted = table == "everybody" || letter(role).is_some_and(|l| table.contains(l));
            assert_eq!(allows(role, permission), wanted, "{role:?} {permission:?}");
        }
    }
}

#[test]
fn the_roles_with_a_permission_are_listed_in_the_order_of_the_roles() {
    let roles: Vec<Role> = roles_with(Permission::PartnershipsAnswer).collect();
    assert_eq!(roles, [Role::GlobalAdmin, Role::AdminAgent]);
}

#[test]
fn each_permission_has_a_code_and_a_title_of_its_own() {
    let all = Permission::ALL;
    assert_eq!(all.iter().map(|p| p.code()).collect::<BTreeSet<_>>().len(), all.len());
    assert_eq!(all.iter().map(|p| p.title()).collect::<BTreeSet<_>>().len(), all.len());
}

#[test]
fn no_role_is_listed_with_the_same_permission_twice() {
    for role in Role::ALL {
        let listed = permissions_of(role);
        assert_eq!(listed.iter().collect::<BTreeSet<_>>().len(), listed.len(), "{role:?}");
    }
}
