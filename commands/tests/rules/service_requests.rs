use commands::{
    ChangeServiceRequest, DeclineServiceRequest, LogServiceRequest, PROFILE_LOCATIONS_MAX,
    Permission, REQUEST_NOTES_MAX, Rejection, ServiceRequest, ServiceRequestCommand,
    ServiceRequestRefusal, customer_support, permission_to_log, permission_to_view,
    scenario::Scenario,
};
use events::{
    Actor, Event, LetterText, PartnerKind, Personal, ProfileLocation, PublicProfile,
    RequestSeverity, RequestStatus, RequestTopic, Role, ServiceRequestDeclined,
    ServiceRequestEvent, ServiceRequestKind, ServiceRequestLogged, ServiceRequestNote,
    ServiceRequestNoted, ServiceRequestSeverityChanged, ServiceRequestStatusChanged,
};

use crate::samples::{
    BEA, CONTOSO, MAIL_SUBSCRIPTION, PROVIDER, PURGE, REQUEST, RESELLER, STRANGER, a_customer_user,
    catalogue, contoso_with_mail, facts_of, partnership, provider_user, request_text, somebody_of,
    subscription, support_request,
};

fn ask(kind: ServiceRequestKind) -> LogServiceRequest {
    LogServiceRequest { kind, ..support_request() }
}

fn text(text: &str) -> LetterText {
    text.parse().unwrap()
}

fn note(of: &str) -> Personal<ServiceRequestNote> {
    Personal::open(REQUEST.into(), ServiceRequestNote { text: text(of) })
}

fn noted(of: &str) -> ServiceRequestEvent {
    ServiceRequestNoted { partner_id: PROVIDER, note: note(of) }.into()
}

fn went(old: RequestStatus, new: RequestStatus) -> ServiceRequestEvent {
    ServiceRequestStatusChanged { partner_id: PROVIDER, old, new }.into()
}

fn to(status: RequestStatus) -> ChangeServiceRequest {
    ChangeServiceRequest { status: Some(status), ..ChangeServiceRequest::default() }
}

fn say(of: &str) -> ChangeServiceRequest {
    ChangeServiceRequest { note: Some(text(of)), ..ChangeServiceRequest::default() }
}

fn profile(countries: &[&str]) -> PublicProfile {
    let location = |country: &&str| ProfileLocation {
        country: country.parse().unwrap(),
        target: "https://provider.example/".parse().unwrap(),
    };
    PublicProfile {
        name: "Provider".parse().unwrap(),
        logo: None,
        locations: countries.iter().map(location).collect(),
    }
}

fn nothing_logged() -> Scenario<ServiceRequest> {
    Scenario::new().by(provider_user(BEA)).with_partner(facts_of(
        PROVIDER,
        PartnerKind::IndirectProvider,
        "1001",
    ))
}

/// A question of the provider, logged by Bea, who acts.
fn logged() -> Scenario<ServiceRequest> {
    nothing_logged().after(support_request())
}

/// The same once support took it to this status; Bea acts.
fn standing(status: RequestStatus) -> Scenario<ServiceRequest> {
    if status == RequestStatus::Open {
        return logged();
    }
    let via = if status == RequestStatus::Closed { RequestStatus::Resolved } else { status };
    let scenario = logged().by(Actor::Operator).after(to(via));
    let scenario = if via == status { scenario } else { scenario.after(to(status)) };
    scenario.by(provider_user(BEA))
}

#[test]
fn a_request_is_logged_with_who_asks_for_what() {
    let scenario = nothing_logged().when(support_request()).then([ServiceRequestLogged {
        request_id: REQUEST,
        partner_id: PROVIDER,
        logged_by: BEA,
        kind: ServiceRequestKind::PartnerSupport,
        topic: RequestTopic::Users,
        severity: RequestSeverity::Moderate,
        text: Personal::open(REQUEST.into(), request_text()),
    }]);
    let request = scenario.state().request().unwrap();
    assert_eq!((request.status, request.logged_by), (RequestStatus::Open, BEA));
}

#[test]
fn a_number_is_given_to_one_request_only() {
    let again = Rejection::AlreadyExists { what: "service request" };
    let _ = logged().when(support_request()).then_refused(again);
}

#[test]
fn only_people_of_the_partner_log_its_requests() {
    let _ = nothing_logged()
        .by(somebody_of(STRANGER))
        .when(support_request())
        .then_refused(Rejection::NotYourPartner);
    for actor in [Actor::Operator, PURGE, a_customer_user()] {
        let _ = nothing_logged()
            .by(actor)
            .when(support_request())
            .then_refused(Rejection::ActorNotAllowed);
    }
}

#[test]
fn a_request_of_another_partner_is_not_there() {
    let not_found = || Rejection::from(ServiceRequestRefusal::NotFound);
    let _ = logged().by(somebody_of(STRANGER)).when(say("mine")).then_refused(not_found());
    let _ = nothing_logged().when(say("what?")).then_refused(not_found());
    let _ = logged().by(a_customer_user()).when(say("x")).then_refused(Rejection::ActorNotAllowed);
}

#[test]
fn both_sides_add_notes() {
    let scenario = logged().when(say("any news?")).then([noted("any news?")]);
    let scenario = scenario.by(Actor::Operator).when(say("soon")).then([noted("soon")]);
    assert_eq!(scenario.state().request().unwrap().notes, 2);
}

#[test]
fn a_note_of_the_partner_answers_what_support_waits_for() {
    use RequestStatus::{AttentionNeeded, InProgress};
    let waiting = standing(AttentionNeeded);
    let _ = waiting
        .when(say("here it is"))
        .then([noted("here it is"), went(AttentionNeeded, InProgress)]);
    let waiting = standing(AttentionNeeded).by(Actor::Operator);
    let _ = waiting.when(say("still waiting")).then([noted("still waiting")]);
}

#[test]
fn a_request_has_only_so_many_notes() {
    let mut scenario = logged();
    for number in 0..REQUEST_NOTES_MAX {
        scenario = scenario.after(say(&number.to_string()));
    }
    let refused = ServiceRequestRefusal::TooManyNotes { limit: REQUEST_NOTES_MAX };
    let _ = scenario.when(say("one more")).then_refused(refused.into());
}

#[test]
fn a_closed_request_takes_neither_notes_nor_another_severity_unless_it_is_opened_again() {
    let status = RequestStatus::Closed;
    let over = || Rejection::from(ServiceRequestRefusal::Over { status });
    let _ = standing(status).when(say("but")).then_refused(over());
    let critical = Some(RequestSeverity::Critical);
    let worse = ChangeServiceRequest { severity: critical, ..ChangeServiceRequest::default() };
    let _ = standing(status).when(worse.clone()).then_refused(over());
    let again = ChangeServiceRequest {
        status: Some(RequestStatus::Open),
        note: Some(text("it is back")),
        severity: critical,
    };
    let changed = ServiceRequestSeverityChanged {
        partner_id: PROVIDER,
        old: RequestSeverity::Moderate,
        new: RequestSeverity::Critical,
    };
    let _ = standing(status).when(again).then([
        changed.into(),
        noted("it is back"),
        went(status, RequestStatus::Open),
    ]);
    let _ = logged().by(Actor::Operator).when(worse).then_refused(Rejection::ActorNotAllowed);
}

#[test]
fn what_is_so_already_changes_nothing() {
    let same = ChangeServiceRequest {
        status: Some(RequestStatus::Open),
        severity: Some(RequestSeverity::Moderate),
        note: None,
    };
    let _ = logged().when(same).then_nothing();
    let _ = logged().when(ChangeServiceRequest::default()).then_nothing();
}

/// Which side takes which step, written down a second time: from, to, partner, support.
#[test]
fn each_side_takes_its_own_steps_and_no_other() {
    use RequestStatus::{AttentionNeeded, Closed, InProgress, Open, Resolved};
    let partner = [
        (Open, Closed),
        (InProgress, Closed),
        (AttentionNeeded, Closed),
        (Resolved, Closed),
        (AttentionNeeded, InProgress),
        (Resolved, Open),
        (Closed, Open),
    ];
    let support = [
        (Open, InProgress),
        (AttentionNeeded, InProgress),
        (Open, AttentionNeeded),
        (InProgress, AttentionNeeded),
        (Open, Resolved),
        (InProgress, Resolved),
        (AttentionNeeded, Resolved),
        (Resolved, Closed),
        (Resolved, Open),
        (Closed, Open),
    ];
    for (actor, steps) in [(provider_user(BEA), partner.as_slice()), (Actor::Operator, &support)] {
        for old in RequestStatus::ALL.iter().copied() {
            for new in RequestStatus::ALL.iter().copied().filter(|new| *new != old) {
                let outcome = standing(old).by(actor).when(to(new));
                if steps.contains(&(old, new)) {
                    let _ = outcome.then([went(old, new)]);
                } else {
                    let refusal = ServiceRequestRefusal::StatusUnreachable { old, new };
                    let _ = outcome.then_refused(refusal.into());
                }
            }
        }
    }
}

#[test]
fn an_operator_declines_with_a_reason_and_the_request_is_closed() {
    let decline = || DeclineServiceRequest { reason: text("not ours") };
    let old = RequestStatus::Open;
    let scenario = logged().by(Actor::Operator).when(decline()).then([ServiceRequestDeclined {
        partner_id: PROVIDER,
        old,
        note: note("not ours"),
    }]);
    let status = RequestStatus::Closed;
    assert_eq!(scenario.state().request().unwrap().status, status);
    let _ = scenario.when(decline()).then_refused(ServiceRequestRefusal::Over { status }.into());
    let _ = logged().when(decline()).then_refused(Rejection::ActorNotAllowed);
    let not_found = ServiceRequestRefusal::NotFound;
    let _ = nothing_logged().by(Actor::Operator).when(decline()).then_refused(not_found.into());
}

#[test]
fn a_public_profile_is_changed_for_providers_with_distinct_locations_only() {
    let change = |countries: &[&str]| {
        ask(ServiceRequestKind::PublicProfileChange { profile: profile(countries) })
    };
    let logged = nothing_logged().after(change(&["DE", "FR"]));
    assert!(logged.state().request().is_some());
    let limit = PROFILE_LOCATIONS_MAX;
    let none = ServiceRequestRefusal::LocationCount { count: 0, limit };
    let _ = nothing_logged().when(change(&[])).then_refused(none.into());
    let many = vec!["DE"; limit + 1];
    let too_many = ServiceRequestRefusal::LocationCount { count: limit + 1, limit };
    let _ = nothing_logged().when(change(&many)).then_refused(too_many.into());
    let twice = ServiceRequestRefusal::LocationTwice { country: "DE".parse().unwrap() };
    let _ = nothing_logged().when(change(&["DE", "FR", "DE"])).then_refused(twice.into());
    let reseller = facts_of(PROVIDER, PartnerKind::IndirectReseller, "1001");
    for scenario in [Scenario::<ServiceRequest>::new(), Scenario::new().with_partner(reseller)] {
        let _ = scenario
            .by(provider_user(BEA))
            .when(change(&["DE"]))
            .then_refused(Rejection::NotIndirectProvider);
    }
}

#[test]
fn a_question_about_a_customers_subscription_or_bill_names_the_subscription() {
    let of = |topic, subscription_id| LogServiceRequest {
        topic,
        ..ask(ServiceRequestKind::CustomerSupport {
            customer_id: CONTOSO,
            subscription_id,
            office365: false,
        })
    };
    for topic in [RequestTopic::Billing, RequestTopic::Subscription] {
        let refusal = ServiceRequestRefusal::SubscriptionMissing;
        let _ = nothing_logged().when(of(topic, None)).then_refused(refusal.into());
        let _ = nothing_logged().after(of(topic, Some(MAIL_SUBSCRIPTION)));
    }
    let _ = nothing_logged().after(of(RequestTopic::Technical, None));
}

#[test]
fn support_for_a_customer_is_about_a_subscription_the_partner_manages() {
    let state = contoso_with_mail(5).state().clone();
    let ask = |subscription_id, partner, bonds: &[_]| {
        customer_support(&state, CONTOSO, subscription_id, partner, bonds, &catalogue())
    };
    let of = |subscription_id, office365| {
        Ok(ServiceRequestKind::CustomerSupport { customer_id: CONTOSO, subscription_id, office365 })
    };
    let mail = Some(MAIL_SUBSCRIPTION);
    assert_eq!(ask(mail, PROVIDER, &[]), of(mail, false));
    assert_eq!(ask(None, PROVIDER, &[]), of(None, false));
    let not_found = |subscription_id| Err(Rejection::SubscriptionNotFound { subscription_id });
    assert_eq!(ask(mail, RESELLER, &[partnership()]), not_found(MAIL_SUBSCRIPTION));
    assert_eq!(ask(Some(subscription(7)), PROVIDER, &[]), not_found(subscription(7)));
}

#[test]
fn whether_it_is_about_office_365_is_taken_from_the_catalogue_and_assumed_where_that_is_silent() {
    let state = contoso_with_mail(5).state().clone();
    let mail = Some(MAIL_SUBSCRIPTION);
    let is_office = |catalogue: &commands::Catalogue| match customer_support(
        &state,
        CONTOSO,
        mail,
        PROVIDER,
        &[],
        catalogue,
    )
    .unwrap()
    {
        ServiceRequestKind::CustomerSupport { office365, .. } => office365,
        other => panic!("{other:?}"),
    };
    let known = catalogue();
    let office = known
        .offers()
        .iter()
        .cloned()
        .map(|offer| commands::Offer { family: events::ProductFamily::Office365, ..offer });
    assert!(is_office(&commands::Catalogue::new(office.collect())));
    assert!(!is_office(&catalogue()));
    assert!(is_office(&commands::Catalogue::default()));
}

#[test]
fn only_an_admin_agent_requests_and_manages_what_is_about_office_365() {
    let kind = |office365| ServiceRequestKind::CustomerSupport {
        customer_id: CONTOSO,
        subscription_id: Some(MAIL_SUBSCRIPTION),
        office365,
    };
    let scenario = nothing_logged().after(ask(kind(true)));
    let request = scenario.state().request().unwrap();
    assert_eq!(
        request.permission_to_change(&provider_user(BEA)),
        Permission::Office365RequestsManage
    );
    assert_eq!(
        permission_to_log(&kind(true), &provider_user(BEA)),
        Permission::Office365RequestsManage
    );
    assert_eq!(
        permission_to_log(&kind(false), &provider_user(BEA)),
        Permission::CustomerRequestsManage
    );
    assert_eq!(
        permission_to_view(&kind(true), BEA, &provider_user(BEA)),
        Permission::CustomerRequestsView
    );
    let with = |permission| commands::roles_with(permission).collect::<Vec<_>>();
    assert_eq!(with(Permission::Office365RequestsManage), [Role::GlobalAdmin, Role::AdminAgent]);
    assert_eq!(
        with(Permission::CustomerRequestsManage),
        [Role::GlobalAdmin, Role::AdminAgent, Role::HelpdeskAgent]
    );
}

#[test]
fn the_partners_own_requests_are_for_who_sees_and_manages_partner_requests() {
    let scenario = logged();
    let request = scenario.state().request().unwrap();
    for actor in [provider_user(BEA), somebody_of(PROVIDER)] {
        assert_eq!(request.permission_to_view(&actor), Permission::PartnerRequestsView);
        assert_eq!(request.permission_to_change(&actor), Permission::PartnerRequestsManage);
    }
}

#[test]
fn the_commands_are_named_as_traces_spell_them() {
    assert_eq!(ServiceRequestCommand::from(say("x")).name(), "ChangeServiceRequest");
    assert_eq!(ServiceRequestCommand::from(support_request()).name(), "LogServiceRequest");
    let event: Event = noted("x").into();
    assert_eq!(event.name(), "ServiceRequestNoted");
}
