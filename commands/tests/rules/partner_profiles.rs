use commands::{
    AddPartnerUser, EditPartnerProfile, Partner, Permission, Rejection, permission_to_edit_profile,
    permission_to_view_profile, scenario::Scenario,
};
use events::{PartnerProfile, PartnerProfileEdited, Personal, ProfileContact, ProfileKind, Role};

use crate::samples::{
    ANA, BEA, PROVIDER, STRANGER, a_customer_user, new_partner_user, provider, provider_user,
    somebody_of,
};

fn business() -> PartnerProfile {
    PartnerProfile::Business {
        about: "We move mail.".parse().unwrap(),
        website: None,
        contact: ProfileContact {
            first_name: "Bo".parse().unwrap(),
            last_name: "Berg".parse().unwrap(),
            email: "bo@provider.example".parse().unwrap(),
            phone_number: None,
        },
    }
}

fn support() -> PartnerProfile {
    PartnerProfile::Support {
        website: None,
        email: "help@provider.example".parse().unwrap(),
        phone_number: "4255550101".parse().unwrap(),
    }
}

fn edit(profile: PartnerProfile) -> EditPartnerProfile {
    EditPartnerProfile {
        company_name: "Provider".parse().unwrap(),
        country: "DE".parse().unwrap(),
        profile,
    }
}

/// The provider with Ana and with Bea, who holds this role and acts.
fn team(role: Role) -> Scenario<Partner> {
    let bea = AddPartnerUser {
        user: new_partner_user(BEA, "bea"),
        withhold_default_access: false,
        roles: vec![role],
    };
    provider().after(bea).by(provider_user(BEA))
}

#[test]
fn a_profile_is_edited_by_who_manages_it_and_says_which_it_is() {
    let edited = |profile: PartnerProfile| PartnerProfileEdited {
        kind: profile.kind(),
        company_name: "Provider".parse().unwrap(),
        country: "DE".parse().unwrap(),
        profile: Personal::open(PROVIDER.into(), profile),
    };
    for role in [Role::BusinessProfileAdmin, Role::ReferralAdmin] {
        let scenario = team(role).when(edit(business())).then([edited(business())]);
        let permission = Permission::PartnerProfilesManage;
        let _ = scenario.when(edit(support())).then_refused(Rejection::Forbidden { permission });
    }
    let ana = team(Role::MpnPartnerAdmin).by(provider_user(ANA));
    let _ = ana.when(edit(support())).then([edited(support())]);
}

#[test]
fn nobody_else_edits_a_profile() {
    let permission = Permission::BusinessProfileManage;
    for role in [Role::MpnPartnerAdmin, Role::UserManagementAdmin, Role::AdminAgent] {
        let _ = team(role).when(edit(business())).then_refused(Rejection::Forbidden { permission });
    }
    let stranger = provider().by(somebody_of(STRANGER));
    let _ = stranger.when(edit(business())).then_refused(Rejection::NotYourPartner);
    let customer = provider().by(a_customer_user());
    let _ = customer.when(edit(business())).then_refused(Rejection::ActorNotAllowed);
}

#[test]
fn each_profile_has_its_permissions() {
    for kind in ProfileKind::ALL {
        let is_business = kind == ProfileKind::Business;
        let (view, manage) = (permission_to_view_profile(kind), permission_to_edit_profile(kind));
        assert_eq!(view == Permission::BusinessProfileView, is_business);
        assert_eq!(manage == Permission::BusinessProfileManage, is_business);
        assert_eq!(ProfileKind::from_name(kind.name()), Some(kind));
    }
}
