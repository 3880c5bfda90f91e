use commands::{
    AcceptRelationshipRequest, Customer, CustomerCommand, DeclineRelationshipRequest,
    EditRelationshipDraft, EndRelationship, EnterRelationship, ExpireRelationshipRequest,
    LINK_PLACEHOLDER, NewCustomerAdmin, Permission, Rejection, RelationshipRejection,
    RequestRelationship, RequestStatus, Requires, SignUp, WithdrawRelationshipRequest,
    scenario::Scenario,
};
use events::{
    Actor, CustomerCreated, CustomerEvent, CustomerId, CustomerUserCreated, DelegatedAdminGranted,
    DirectoryRole, DirectoryRoleGranted, InvitationId, PartnerId, PartnerKind, Personal, Process,
    RelationshipDraft, RelationshipDraftEdited, RelationshipEnded, RelationshipEstablished,
    RelationshipRequestAccepted, RelationshipRequestDeclined, RelationshipRequestExpired,
    RelationshipRequestWithdrawn, RelationshipRequested,
};
use uuid::Uuid;

use crate::samples::{
    CONTOSO, PROVIDER, PURGE, ROOT, STRANGER, a_customer_user, contact, contoso, create_contoso,
    credential, customer_user, facts_of, hash, hour, just_before, new_user, profile, somebody_of,
};

const INVITATION: InvitationId = InvitationId::from_uuid(Uuid::from_u128(0xa001));
const OTHER_INVITATION: InvitationId = InvitationId::from_uuid(Uuid::from_u128(0xa002));
const FABRIKAM: CustomerId = CustomerId::from_uuid(Uuid::from_u128(0x3002));
const ACCEPT: AcceptRelationshipRequest =
    AcceptRelationshipRequest { invitation_id: INVITATION, customer_id: CONTOSO };
const DECLINE: DeclineRelationshipRequest =
    DeclineRelationshipRequest { invitation_id: INVITATION, customer_id: CONTOSO };
const WITHDRAW: WithdrawRelationshipRequest =
    WithdrawRelationshipRequest { invitation_id: INVITATION, partner_id: STRANGER };
const EXPIRE: ExpireRelationshipRequest = ExpireRelationshipRequest { invitation_id: INVITATION };
const EXPIRES_AFTER_HOURS: i64 = 48;

fn draft(text: &str) -> RelationshipDraft {
    RelationshipDraft {
        recipient: Some("office@contoso.example".parse().unwrap()),
        subject: "May we serve you?".parse().unwrap(),
        text: text.parse().unwrap(),
    }
}

fn letter() -> RelationshipDraft {
    draft(&format!("Please open {LINK_PLACEHOLDER}"))
}

fn ask(partner_id: PartnerId, addressed_to: Option<CustomerId>) -> RequestRelationship {
    RequestRelationship {
        invitation_id: INVITATION,
        partner_id,
        addressed_to,
        delegated_admin: false,
        expires_at: hour(EXPIRES_AFTER_HOURS),
        draft: letter(),
    }
}

fn ask_contoso() -> RequestRelationship {
    ask(STRANGER, Some(CONTOSO))
}

fn with_privileges(request: RequestRelationship) -> RequestRelationship {
    RequestRelationship { delegated_admin: true, ..request }
}

#[test]
fn to_ask_for_privileges_takes_a_permission_of_its_own() {
    let permission = |request| CustomerCommand::from(request).permission(&somebody_of(STRANGER));
    assert_eq!(permission(ask_contoso()), Some(Permission::RelationshipsRequest));
    let with_privileges = with_privileges(ask_contoso());
    assert_eq!(permission(with_privileges), Some(Permission::DelegatedAdminRequest));
}

fn requested(request: &RequestRelationship) -> CustomerEvent {
    RelationshipRequested {
        invitation_id: request.invitation_id,
        partner_id: request.partner_id,
        addressed_to: request.addressed_to,
        delegated_admin: request.delegated_admin,
        expires_at: request.expires_at,
        draft: Personal::open(request.invitation_id.into(), request.draft.clone()),
    }
    .into()
}

fn accepted(customer_id: CustomerId) -> CustomerEvent {
    let (invitation_id, partner_id) = (INVITATION, STRANGER);
    RelationshipRequestAccepted { invitation_id, partner_id, customer_id }.into()
}

fn established(delegated_admin: bool) -> CustomerEvent {
    RelationshipEstablished { partner_id: STRANGER, delegated_admin }.into()
}

/// Contoso, which a stranger has asked; its global admin acts.
fn asked_contoso() -> Scenario<Customer> {
    contoso().by(somebody_of(STRANGER)).after(ask_contoso()).by(a_customer_user())
}

/// A stream in which a stranger has asked any company.
fn asked_anybody() -> Scenario<Customer> {
    Scenario::<Customer>::new().by(somebody_of(STRANGER)).after(ask(STRANGER, None))
}

fn status(scenario: &Scenario<Customer>) -> RequestStatus {
    scenario.state().requests().get(INVITATION).unwrap().status
}

#[test]
fn a_partner_asks_a_customer_or_any_company_with_or_without_privileges() {
    let request = with_privileges(ask_contoso());
    contoso().by(somebody_of(STRANGER)).when(request.clone()).then([requested(&request)]);
    let request = ask(STRANGER, None);
    Scenario::<Customer>::new()
        .by(somebody_of(STRANGER))
        .when(request.clone())
        .then([requested(&request)]);
}

#[test]
fn nobody_asks_for_another_partner_and_no_customer_or_timer_asks() {
    contoso().when(ask_contoso()).then_refused(Rejection::NotYourPartner);
    contoso().by(a_customer_user()).when(ask_contoso()).then_refused(Rejection::ActorNotAllowed);
    contoso().by(PURGE).when(ask_contoso()).then_refused(Rejection::ActorNotAllowed);
}

#[test]
fn the_operator_asks_only_for_a_partner_that_exists() {
    let by_operator = || contoso().by(Actor::Operator);
    by_operator().when(ask_contoso()).then_refused(Rejection::PartnerNotFound);
    let stranger = facts_of(STRANGER, PartnerKind::DirectPartner, "4003");
    let request = ask_contoso();
    by_operator().with_partner(stranger).when(request.clone()).then([requested(&request)]);
}

#[test]
fn only_a_customer_that_exists_is_addressed() {
    let by_stranger = || contoso().by(somebody_of(STRANGER));
    by_stranger().when(ask(STRANGER, Some(FABRIKAM))).then_refused(Rejection::CustomerNotFound);
    Scenario::<Customer>::new()
        .by(somebody_of(STRANGER))
        .when(ask_contoso())
        .then_refused(Rejection::CustomerNotFound);
    by_stranger()
        .when(ask(STRANGER, None))
        .then_refused(Rejection::AlreadyExists { what: "relationship request" });
    asked_anybody()
        .when(ask(STRANGER, None))
        .then_refused(Rejection::AlreadyExists { what: "relationship request" });
}

#[test]
fn the_text_of_a_request_keeps_the_link_and_its_time_lies_ahead() {
    let without_link = RequestRelationship { draft: draft("Please call us."), ..ask_contoso() };
    let in_the_past = RequestRelationship { expires_at: hour(1), ..ask_contoso() };
    let by_stranger = || contoso().by(somebody_of(STRANGER));
    by_stranger().when(without_link).then_refused(Rejection::LinkMissing);
    by_stranger().at(hour(1)).when(in_the_past).then_refused(Rejection::ExpiryInThePast);
}

#[test]
fn what_a_partner_has_already_it_does_not_ask_for() {
    let ask_again = || ask(PROVIDER, Some(CONTOSO));
    contoso().when(ask_again()).then_refused(RelationshipRejection::RelationshipActive.into());
    contoso()
        .when(with_privileges(ask_again()))
        .then_refused(RelationshipRejection::RelationshipActive.into());
}

#[test]
fn a_customer_has_one_open_request_of_a_partner_at_a_time() {
    let again = || RequestRelationship { invitation_id: OTHER_INVITATION, ..ask_contoso() };
    let asked = || asked_contoso().by(somebody_of(STRANGER));
    asked().when(again()).then_refused(RelationshipRejection::RequestOpen.into());
    asked().after(WITHDRAW).when(again()).then([requested(&again())]);
    let later = RequestRelationship { expires_at: hour(99), ..again() };
    asked().at(hour(EXPIRES_AFTER_HOURS)).when(later.clone()).then([requested(&later)]);
    let same = || RequestRelationship { expires_at: hour(99), ..ask_contoso() };
    asked()
        .at(hour(EXPIRES_AFTER_HOURS))
        .when(same())
        .then_refused(Rejection::AlreadyExists { what: "relationship request" });
}

#[test]
fn the_text_is_edited_as_long_as_the_request_is_open_and_the_link_stays() {
    let edit = |text: &str, partner_id| EditRelationshipDraft {
        invitation_id: INVITATION,
        partner_id,
        draft: draft(text),
    };
    let asked = || asked_contoso().by(somebody_of(STRANGER));
    let text = format!("Dear all,\n{LINK_PLACEHOLDER}");
    let edited = RelationshipDraftEdited {
        invitation_id: INVITATION,
        partner_id: STRANGER,
        draft: Personal::open(INVITATION.into(), draft(&text)),
    };
    asked().when(edit(&text, STRANGER)).then([edited]);
    asked().when(edit("No link", STRANGER)).then_refused(Rejection::LinkMissing);
    asked()
        .by(somebody_of(PROVIDER))
        .when(edit(&text, PROVIDER))
        .then_refused(Rejection::InvitationNotFound);
    asked()
        .by(somebody_of(PROVIDER))
        .when(edit(&text, STRANGER))
        .then_refused(Rejection::NotYourPartner);
    let expired_at = hour(EXPIRES_AFTER_HOURS);
    asked()
        .at(expired_at)
        .when(edit(&text, STRANGER))
        .then_refused(Rejection::InvitationExpired { expired_at });
    asked().after(WITHDRAW).when(edit(&text, STRANGER)).then_refused(
        RelationshipRejection::RequestNotOpen { status: RequestStatus::Withdrawn }.into(),
    );
}

#[test]
fn the_customers_global_admin_accepts_and_the_relationship_begins() {
    asked_contoso().when(ACCEPT).then([accepted(CONTOSO), established(false)]);
    let with_admin = contoso().by(somebody_of(STRANGER)).after(with_privileges(ask_contoso()));
    with_admin.by(a_customer_user()).when(ACCEPT).then([accepted(CONTOSO), established(true)]);
}

#[test]
fn a_customer_has_one_relationship_a_partner_and_several_partners() {
    let scenario = asked_contoso().after(ACCEPT);
    let holders: Vec<PartnerId> = scenario.state().holders().collect();
    assert_eq!(holders, [PROVIDER, STRANGER]);
}

#[test]
fn privileges_asked_for_later_are_granted_in_the_relationship_that_is_there() {
    let asked = contoso()
        .and([RelationshipEstablished { partner_id: STRANGER, delegated_admin: false }])
        .by(somebody_of(STRANGER))
        .after(with_privileges(ask_contoso()))
        .by(a_customer_user());
    let granted = DelegatedAdminGranted { partner_id: STRANGER };
    let scenario = asked.when(ACCEPT).then([accepted(CONTOSO), granted.into()]);
    assert!(scenario.state().has_delegated_admin(STRANGER));
}

#[test]
fn a_request_is_answered_once_and_in_time() {
    let refusal = |status| RelationshipRejection::RequestNotOpen { status }.into();
    asked_contoso().after(ACCEPT).when(ACCEPT).then_refused(refusal(RequestStatus::Accepted));
    asked_contoso().after(DECLINE).when(ACCEPT).then_refused(refusal(RequestStatus::Declined));
    asked_contoso().after(ACCEPT).when(DECLINE).then_refused(refusal(RequestStatus::Accepted));
    let expired_at = hour(EXPIRES_AFTER_HOURS);
    asked_contoso()
        .at(just_before(expired_at))
        .when(ACCEPT)
        .then([accepted(CONTOSO), established(false)]);
    let over = Rejection::InvitationExpired { expired_at };
    asked_contoso().at(expired_at).when(ACCEPT).then_refused(over.clone());
    asked_contoso().at(expired_at).when(DECLINE).then_refused(over);
}

#[test]
fn a_declined_request_leads_to_nothing() {
    let declined = RelationshipRequestDeclined {
        invitation_id: INVITATION,
        partner_id: STRANGER,
        customer_id: CONTOSO,
    };
    let scenario = asked_contoso().when(DECLINE).then([declined]);
    assert_eq!(scenario.state().relationship(STRANGER), None);
    assert_eq!(status(&scenario), RequestStatus::Declined);
}

#[test]
fn nobody_but_a_global_admin_of_the_customer_answers() {
    let refused = || RelationshipRejection::CustomerGlobalAdminOnly.into();
    let user = Actor::CustomerUser { customer: CONTOSO, user: customer_user(1) };
    let foreign = Actor::CustomerUser { customer: FABRIKAM, user: ROOT };
    for actor in [user, foreign, Actor::Operator, somebody_of(STRANGER), somebody_of(PROVIDER)] {
        let asked = || {
            contoso()
                .after(commands::CreateCustomerUsers { users: vec![new_user(1, "user1")] })
                .by(somebody_of(STRANGER))
                .after(ask_contoso())
                .by(actor)
        };
        asked().when(ACCEPT).then_refused(refused());
        asked().when(DECLINE).then_refused(refused());
    }
    let elsewhere = AcceptRelationshipRequest { customer_id: FABRIKAM, ..ACCEPT };
    asked_contoso().when(elsewhere).then_refused(Rejection::InvitationNotFound);
    let unknown = AcceptRelationshipRequest { invitation_id: OTHER_INVITATION, ..ACCEPT };
    asked_contoso().when(unknown).then_refused(Rejection::InvitationNotFound);
}

#[test]
fn any_company_answers_a_request_that_addresses_none_once() {
    let by_fabrikam = || {
        let user = Actor::CustomerUser { customer: FABRIKAM, user: ROOT };
        asked_anybody().by(user).answering_for(FABRIKAM)
    };
    let accept = || AcceptRelationshipRequest { customer_id: FABRIKAM, ..ACCEPT };
    by_fabrikam().when(accept()).then([accepted(FABRIKAM)]).when(accept()).then_refused(
        RelationshipRejection::RequestNotOpen { status: RequestStatus::Accepted }.into(),
    );
    by_fabrikam().when(ACCEPT).then_refused(RelationshipRejection::CustomerGlobalAdminOnly.into());
    asked_anybody()
        .when(accept())
        .then_refused(RelationshipRejection::CustomerGlobalAdminOnly.into());
    let decline = DeclineRelationshipRequest { customer_id: FABRIKAM, ..DECLINE };
    let declined = RelationshipRequestDeclined {
        invitation_id: INVITATION,
        partner_id: STRANGER,
        customer_id: FABRIKAM,
    };
    by_fabrikam().when(decline).then([declined]);
}

#[test]
fn a_customer_enters_the_relationship_that_an_open_request_led_to() {
    let enter = |delegated_admin| EnterRelationship { partner_id: STRANGER, delegated_admin };
    let by_root = || contoso().by(a_customer_user());
    by_root().when(enter(true)).then([established(true)]);
    contoso().when(enter(true)).then_refused(RelationshipRejection::CustomerGlobalAdminOnly.into());
    by_root()
        .after(enter(false))
        .when(enter(false))
        .then_refused(RelationshipRejection::RelationshipActive.into());
    let granted = DelegatedAdminGranted { partner_id: STRANGER };
    by_root().after(enter(false)).when(enter(true)).then([granted]);
}

#[test]
fn an_ended_relationship_comes_back_only_by_a_request_that_addresses_the_customer() {
    let ended = || contoso().after(EndRelationship { partner_id: PROVIDER });
    let enter = EnterRelationship { partner_id: PROVIDER, delegated_admin: false };
    ended()
        .by(a_customer_user())
        .when(enter)
        .then_refused(RelationshipRejection::ReinstatementNotAddressed.into());
    let again = RelationshipEstablished { partner_id: PROVIDER, delegated_admin: false };
    let answered = RelationshipRequestAccepted {
        invitation_id: INVITATION,
        partner_id: PROVIDER,
        customer_id: CONTOSO,
    };
    ended()
        .after(ask(PROVIDER, Some(CONTOSO)))
        .by(a_customer_user())
        .when(ACCEPT)
        .then([answered.into(), CustomerEvent::from(again)]);
}

#[test]
fn with_the_relationship_its_unanswered_requests_end() {
    let asked = contoso()
        .and([RelationshipEstablished { partner_id: STRANGER, delegated_admin: false }])
        .by(somebody_of(STRANGER))
        .after(with_privileges(ask_contoso()));
    let withdrawn =
        RelationshipRequestWithdrawn { invitation_id: INVITATION, partner_id: STRANGER };
    asked
        .when(EndRelationship { partner_id: STRANGER })
        .then([withdrawn.into(), CustomerEvent::from(RelationshipEnded { partner_id: STRANGER })]);
}

#[test]
fn the_partner_who_asked_withdraws_once() {
    let withdrawn =
        RelationshipRequestWithdrawn { invitation_id: INVITATION, partner_id: STRANGER };
    let asked = || asked_contoso().by(somebody_of(STRANGER));
    asked().when(WITHDRAW).then([withdrawn]).when(WITHDRAW).then_refused(
        RelationshipRejection::RequestNotOpen { status: RequestStatus::Withdrawn }.into(),
    );
    asked().by(somebody_of(PROVIDER)).when(WITHDRAW).then_refused(Rejection::NotYourPartner);
    let foreign = WithdrawRelationshipRequest { partner_id: PROVIDER, ..WITHDRAW };
    asked().by(somebody_of(PROVIDER)).when(foreign).then_refused(Rejection::InvitationNotFound);
}

#[test]
fn a_request_expires_at_its_moment_and_once() {
    let expired = RelationshipRequestExpired { invitation_id: INVITATION, partner_id: STRANGER };
    let expires_at = hour(EXPIRES_AFTER_HOURS);
    let timer = || asked_contoso().by(Actor::System(Process::Expiry));
    timer()
        .at(just_before(expires_at))
        .when(EXPIRE)
        .then_refused(Rejection::NotDueYet { due_at: expires_at });
    timer().at(expires_at).when(EXPIRE).then([expired]).when(EXPIRE).then_nothing();
    asked_contoso()
        .after(ACCEPT)
        .by(Actor::System(Process::Expiry))
        .at(expires_at)
        .when(EXPIRE)
        .then_nothing();
    asked_contoso().at(expires_at).when(EXPIRE).then_refused(Rejection::ActorNotAllowed);
    timer()
        .when(ExpireRelationshipRequest { invitation_id: OTHER_INVITATION })
        .then_refused(Rejection::InvitationNotFound);
}

fn sign_up() -> SignUp {
    let mut account = create_contoso();
    account.customer_id = FABRIKAM;
    account.partner_id = STRANGER;
    SignUp { invitation_id: INVITATION, account }
}

fn newcomer() -> Actor {
    Actor::CustomerUser { customer: FABRIKAM, user: ROOT }
}

#[test]
fn a_company_without_an_account_signs_up_through_the_request() {
    let NewCustomerAdmin { user_id, user_name, credential_id, .. } = sign_up().account.admin;
    assert_eq!((user_id, user_name, credential_id), (ROOT, hash("root"), credential(0)));
    let created = CustomerCreated {
        customer_id: FABRIKAM,
        partner_id: STRANGER,
        company_name: "Contoso".parse().unwrap(),
        domain: "contoso.example".parse().unwrap(),
        country: "DE".parse().unwrap(),
        culture: "de-DE".parse().unwrap(),
        language: "de".parse().unwrap(),
        contact: Personal::open(FABRIKAM.into(), contact()),
    };
    let user = CustomerUserCreated {
        user_id: ROOT,
        user_name,
        domain: "contoso.example".parse().unwrap(),
        has_usage_location: true,
        credential_id,
        profile: Personal::open(ROOT.into(), profile("root")),
    };
    let role = DirectoryRoleGranted { user_id: ROOT, role: DirectoryRole::GlobalAdmin };
    let expected: [CustomerEvent; 5] =
        [accepted(FABRIKAM), created.into(), established(false), user.into(), role.into()];
    let scenario = asked_anybody().by(newcomer()).when(sign_up()).then(expected);
    scenario.when(sign_up()).then_refused(
        RelationshipRejection::RequestNotOpen { status: RequestStatus::Accepted }.into(),
    );
}

#[test]
fn a_company_that_signed_up_learns_that_its_link_was_used() {
    let signed_up = || asked_anybody().by(newcomer()).after(sign_up());
    let used = || RelationshipRejection::RequestNotOpen { status: RequestStatus::Accepted }.into();
    let accept = AcceptRelationshipRequest { customer_id: FABRIKAM, ..ACCEPT };
    let decline = DeclineRelationshipRequest { customer_id: FABRIKAM, ..DECLINE };
    signed_up().when(accept).then_refused(used());
    signed_up().when(decline).then_refused(used());
    let another = Actor::CustomerUser { customer: FABRIKAM, user: customer_user(7) };
    signed_up()
        .by(another)
        .when(accept)
        .then_refused(RelationshipRejection::CustomerGlobalAdminOnly.into());
}

#[test]
fn a_company_signs_up_only_as_itself_in_time_with_who_asked_and_in_its_domain() {
    let by = |actor| asked_anybody().by(actor).when(sign_up());
    by(somebody_of(STRANGER)).then_refused(Rejection::ActorNotAllowed);
    by(Actor::Operator).then_refused(Rejection::ActorNotAllowed);
    by(Actor::CustomerUser { customer: FABRIKAM, user: customer_user(7) })
        .then_refused(Rejection::ActorNotAllowed);
    let asked = || asked_anybody().by(newcomer());
    let expired_at = hour(EXPIRES_AFTER_HOURS);
    asked()
        .at(expired_at)
        .when(sign_up())
        .then_refused(Rejection::InvitationExpired { expired_at });
    let mut other = sign_up();
    other.invitation_id = OTHER_INVITATION;
    asked().when(other).then_refused(Rejection::InvitationNotFound);
    let mut foreign = sign_up();
    foreign.account.partner_id = PROVIDER;
    asked().when(foreign).then_refused(Rejection::InvitationNotFound);
    let mut outside = sign_up();
    outside.account.domain = "fabrikam.example".parse().unwrap();
    let domain = "fabrikam.example".parse().unwrap();
    asked().when(outside).then_refused(Rejection::UserNameOutsideDomain { domain });
    let mut addressed = sign_up();
    addressed.account.customer_id = CONTOSO;
    asked_contoso().when(addressed).then_refused(Rejection::AlreadyExists { what: "customer" });
}
