use commands::{
    AddPartnerUser, CarryOutRequest, CarryOutServiceRequest, ChangeServiceRequest,
    DeclineServiceRequest, DeletePartnerUser, LogServiceRequest, Partner, Permission, Rejection,
    Request, ServiceRequest, ServiceRequestRefusal, VerifyElevation, permission_to_log,
    scenario::Scenario,
};
use events::{
    Actor, ElevationVerified, GlobalAdminAbsence, PartnerEvent, Personal, PublicProfileChanged,
    RequestStatus, Role, RoleAssigned, RoleCategory, RoleReplaced, ServiceRequestEvent,
    ServiceRequestKind, ServiceRequestNote, ServiceRequestStatusChanged, UserElevated,
};

use crate::samples::{
    ANA, BEA, CARL, PROVIDER, PURGE, REQUEST, STRANGER, a_customer_user, new_partner_user,
    provider, provider_user, request_text, somebody_of, support_request,
};

const ELEVATE_CARL: ServiceRequestKind = ServiceRequestKind::Elevation { user_id: CARL };

fn ask() -> LogServiceRequest {
    let mut text = request_text();
    text.identity = Some("Carl, passport 42".parse().unwrap());
    text.organization = Some("Extract of the register".parse().unwrap());
    LogServiceRequest { kind: ELEVATE_CARL, text, ..support_request() }
}

fn verify() -> VerifyElevation {
    let evidence = "called back, saw the passport".parse().unwrap();
    VerifyElevation { absence: GlobalAdminAbsence::Left, evidence }
}

const CARRY_OUT: CarryOutServiceRequest = CarryOutServiceRequest { request_id: REQUEST };
const CARRY_OUT_AT_PARTNER: CarryOutRequest = CarryOutRequest { request_id: REQUEST };

/// Carl asks to be elevated; an operator acts.
fn asked() -> Scenario<ServiceRequest> {
    Scenario::new().by(provider_user(CARL)).after(ask()).by(Actor::Operator)
}

fn went(old: RequestStatus, new: RequestStatus) -> ServiceRequestEvent {
    ServiceRequestStatusChanged { partner_id: PROVIDER, old, new }.into()
}

fn verified() -> ServiceRequestEvent {
    let note = ServiceRequestNote { text: verify().evidence };
    ElevationVerified {
        partner_id: PROVIDER,
        user_id: CARL,
        absence: GlobalAdminAbsence::Left,
        note: Personal::open(REQUEST.into(), note),
    }
    .into()
}

fn fact(scenario: &Scenario<ServiceRequest>) -> Request {
    scenario.state().request().unwrap().clone()
}

/// The provider with its global admin Ana, who has left, and Carl; an operator acts.
fn team(roles: &[Role]) -> Scenario<Partner> {
    provider().after(AddPartnerUser {
        user: new_partner_user(CARL, "carl"),
        withhold_default_access: false,
        roles: roles.to_vec(),
    })
}

fn elevated(user_id: events::PartnerUserId) -> PartnerEvent {
    UserElevated { user_id, request_id: REQUEST }.into()
}

#[test]
fn elevation_is_asked_for_with_proof_of_the_person_and_of_the_organization() {
    let without_identity = LogServiceRequest { text: request_text(), ..ask() };
    let mut text = ask().text;
    text.organization = None;
    let without_organization = LogServiceRequest { text, ..ask() };
    let nothing = || Scenario::<ServiceRequest>::new().by(provider_user(CARL));
    let _ = nothing().after(ask());
    let refusal = ServiceRequestRefusal::IdentityMissing;
    let _ = nothing().when(without_identity).then_refused(refusal.into());
    let refusal = ServiceRequestRefusal::OrganizationMissing;
    let _ = nothing().when(without_organization).then_refused(refusal.into());
}

#[test]
fn everybody_may_ask_to_be_elevated_itself_and_follow_that_request() {
    let request = fact(&asked());
    let (carl, bea) = (provider_user(CARL), provider_user(BEA));
    let own = Permission::OwnProfile;
    assert_eq!(commands::roles_with(own).collect::<Vec<_>>(), Role::ALL);
    assert_eq!(permission_to_log(&ELEVATE_CARL, &carl), own);
    assert_eq!(request.permission_to_view(&carl), own);
    assert_eq!(request.permission_to_change(&carl), own);
    assert_eq!(permission_to_log(&ELEVATE_CARL, &bea), Permission::PartnerRequestsManage);
    assert_eq!(request.permission_to_view(&bea), Permission::PartnerRequestsView);
    assert_eq!(request.permission_to_change(&bea), Permission::PartnerRequestsManage);
    // Proposed by somebody else, it is the partner's request and not the candidate's.
    let proposed = Request { logged_by: BEA, ..request };
    assert_eq!(proposed.permission_to_view(&carl), Permission::PartnerRequestsView);
    assert_eq!(proposed.permission_to_change(&carl), Permission::PartnerRequestsManage);
}

#[test]
fn an_operator_verifies_a_request_once_and_takes_it_up_by_that() {
    let (open, in_progress) = (RequestStatus::Open, RequestStatus::InProgress);
    let scenario = asked().when(verify()).then([went(open, in_progress), verified()]);
    assert!(scenario.state().request().unwrap().verified);
    let refusal = ServiceRequestRefusal::AlreadyVerified;
    let _ = scenario.when(verify()).then_refused(refusal.into());
    let taken_up = ChangeServiceRequest { status: Some(in_progress), ..Default::default() };
    let _ = asked().after(taken_up).when(verify()).then([verified()]);
}

#[test]
fn only_an_operator_verifies_and_carries_out() {
    for actor in [provider_user(CARL), provider_user(ANA), PURGE, a_customer_user()] {
        let refused = Rejection::ActorNotAllowed;
        let _ = asked().by(actor).when(verify()).then_refused(refused.clone());
        let _ = asked().after(verify()).by(actor).when(CARRY_OUT).then_refused(refused.clone());
        let partner = team(&[]).with_service_request(fact(&asked().after(verify())));
        let _ = partner.by(actor).when(CARRY_OUT_AT_PARTNER).then_refused(refused);
    }
}

#[test]
fn nobody_is_elevated_before_the_request_is_verified() {
    let refusal = || Rejection::from(ServiceRequestRefusal::NotVerified);
    let _ = asked().when(CARRY_OUT).then_refused(refusal());
    let partner = team(&[]).with_service_request(fact(&asked()));
    let _ = partner.when(CARRY_OUT_AT_PARTNER).then_refused(refusal());
}

#[test]
fn a_verified_request_is_resolved_and_its_user_becomes_global_admin() {
    let verified = asked().after(verify());
    let request = fact(&verified);
    let (in_progress, resolved) = (RequestStatus::InProgress, RequestStatus::Resolved);
    let _ = verified.when(CARRY_OUT).then([went(in_progress, resolved)]);
    let role = Role::GlobalAdmin;
    let scenario = team(&[])
        .with_service_request(request)
        .when(CARRY_OUT_AT_PARTNER)
        .then([elevated(CARL), RoleAssigned { user_id: CARL, role }.into()]);
    assert!(scenario.state().user(CARL).unwrap().is_global_admin());
    let _ = scenario.when(DeletePartnerUser { user_id: ANA }).then([events::PartnerUserDeleted {
        user_id: ANA,
        roles: vec![Role::DefaultAccess, role],
        restorable_until: crate::samples::hour(720),
    }]);
}

#[test]
fn another_admin_role_gives_way_to_the_elevation() {
    let (old, new) = (Role::BillingAdmin, Role::GlobalAdmin);
    let replaced = RoleReplaced { user_id: CARL, category: RoleCategory::Admin, old, new };
    let _ = team(&[old, Role::SalesAgent])
        .with_service_request(fact(&asked().after(verify())))
        .when(CARRY_OUT_AT_PARTNER)
        .then([elevated(CARL), replaced.into()]);
}

#[test]
fn nobody_is_elevated_twice_or_after_the_request_was_closed_or_declined() {
    let status = RequestStatus::Closed;
    let decline = DeclineServiceRequest { reason: "we could not reach him".parse().unwrap() };
    let close = ChangeServiceRequest { status: Some(status), ..Default::default() };
    let declined = asked().after(verify()).after(decline);
    // Also a global admin who is there after all closes it.
    let withdrawn = asked().after(verify()).by(provider_user(ANA)).after(close).by(Actor::Operator);
    for over in [declined, withdrawn] {
        let refusal = || Rejection::from(ServiceRequestRefusal::Over { status });
        let partner = team(&[]).with_service_request(fact(&over));
        let _ = partner.when(CARRY_OUT_AT_PARTNER).then_refused(refusal());
        let over = over.when(CARRY_OUT).then_refused(refusal());
        let open = ChangeServiceRequest { status: Some(RequestStatus::Open), ..Default::default() };
        let refusal =
            ServiceRequestRefusal::StatusUnreachable { old: status, new: RequestStatus::Open };
        let _ = over.by(provider_user(CARL)).when(open).then_refused(refusal.into());
    }
    let done = asked().after(verify()).after(CARRY_OUT);
    let over = ServiceRequestRefusal::Over { status: RequestStatus::Resolved };
    let _ = done.when(CARRY_OUT).then_refused(over.into());
}

#[test]
fn an_elevation_is_not_resolved_by_a_word() {
    let (old, new) = (RequestStatus::InProgress, RequestStatus::Resolved);
    let resolve = ChangeServiceRequest { status: Some(new), ..Default::default() };
    let refusal = ServiceRequestRefusal::StatusUnreachable { old, new };
    let _ = asked().after(verify()).when(resolve).then_refused(refusal.into());
}

#[test]
fn a_global_admin_a_deleted_and_an_unknown_user_are_not_elevated() {
    let request = || fact(&asked().after(verify()));
    let refusal = ServiceRequestRefusal::AlreadyGlobalAdmin;
    let _ = team(&[Role::GlobalAdmin])
        .with_service_request(request())
        .when(CARRY_OUT_AT_PARTNER)
        .then_refused(refusal.into());
    let _ = team(&[])
        .after(DeletePartnerUser { user_id: CARL })
        .with_service_request(request())
        .when(CARRY_OUT_AT_PARTNER)
        .then_refused(Rejection::UserIsDeleted);
    let _ = provider()
        .with_service_request(request())
        .when(CARRY_OUT_AT_PARTNER)
        .then_refused(Rejection::PartnerUserNotFound { user_id: CARL });
    assert_eq!(team(&[]).state().may_be_elevated(CARL), Ok(()));
}

#[test]
fn a_request_elevates_at_its_own_partner_only() {
    let not_found = || Rejection::from(ServiceRequestRefusal::NotFound);
    let _ = team(&[]).when(CARRY_OUT_AT_PARTNER).then_refused(not_found());
    let foreign = Request { partner_id: STRANGER, ..fact(&asked().after(verify())) };
    let _ = team(&[])
        .with_service_request(foreign)
        .when(CARRY_OUT_AT_PARTNER)
        .then_refused(not_found());
    let _ = asked()
        .by(somebody_of(STRANGER))
        .when(ChangeServiceRequest::default())
        .then_refused(not_found());
}

#[test]
fn a_question_is_neither_verified_nor_carried_out() {
    let question = || {
        Scenario::<ServiceRequest>::new()
            .by(provider_user(BEA))
            .after(support_request())
            .by(Actor::Operator)
    };
    let refusal = ServiceRequestRefusal::OfAnotherKind { wanted: "elevation" };
    let _ = question().when(verify()).then_refused(refusal.into());
    let refusal = || {
        Rejection::from(ServiceRequestRefusal::OfAnotherKind {
            wanted: "elevation or a change of the public profile",
        })
    };
    let _ = question().when(CARRY_OUT).then_refused(refusal());
    let partner = team(&[]).with_service_request(fact(&question()));
    let _ = partner.when(CARRY_OUT_AT_PARTNER).then_refused(refusal());
}

#[test]
fn an_operator_changes_the_public_profile_as_it_was_asked_for() {
    let profile = events::PublicProfile {
        name: "Fabrikam".parse().unwrap(),
        logo: None,
        locations: vec![events::ProfileLocation {
            country: "DE".parse().unwrap(),
            target: "https://fabrikam.example/de".parse().unwrap(),
        }],
    };
    let kind = ServiceRequestKind::PublicProfileChange { profile: profile.clone() };
    let facts = crate::samples::facts_of(PROVIDER, events::PartnerKind::IndirectProvider, "1001");
    let asked = Scenario::<ServiceRequest>::new()
        .with_partner(facts)
        .by(provider_user(BEA))
        .after(LogServiceRequest { kind, ..support_request() })
        .by(Actor::Operator);
    let _ = team(&[])
        .with_service_request(fact(&asked))
        .when(CARRY_OUT_AT_PARTNER)
        .then([PublicProfileChanged { request_id: REQUEST, profile }]);
    let done = asked.when(CARRY_OUT).then([went(RequestStatus::Open, RequestStatus::Resolved)]);
    let over = ServiceRequestRefusal::Over { status: RequestStatus::Resolved };
    let partner = team(&[]).with_service_request(fact(&done));
    let _ = partner.when(CARRY_OUT_AT_PARTNER).then_refused(over.into());
}
