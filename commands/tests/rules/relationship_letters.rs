use commands::{
    AcceptRelationshipRequest, Customer, EditRelationshipDraft, LINK_PLACEHOLDER,
    RecordRelationshipSending, Rejection, RelationshipRejection, RequestRelationship,
    RequestStatus, SEND_ATTEMPTS_MAX, SendOutcome, SendRelationshipLetter, Sending,
    WithdrawRelationshipRequest, scenario::Scenario,
};
use events::{
    Actor, InvitationId, MailFailure, MailRoute, PartnerId, Process, RelationshipDraft,
    RelationshipLetterSendFailed, RelationshipLetterSendRequested, RelationshipLetterSent,
};
use uuid::Uuid;

use crate::samples::{
    CONTOSO, PROVIDER, PURGE, STRANGER, a_customer_user, contoso, hour, somebody_of,
};

const INVITATION: InvitationId = InvitationId::from_uuid(Uuid::from_u128(0xa001));
const EXPIRES_AFTER_HOURS: i64 = 48;
const MAIL: Actor = Actor::System(Process::Mail);
const SEND: SendRelationshipLetter =
    SendRelationshipLetter { invitation_id: INVITATION, partner_id: STRANGER, has_recipient: true };
const WITHDRAW: WithdrawRelationshipRequest =
    WithdrawRelationshipRequest { invitation_id: INVITATION, partner_id: STRANGER };
const ACCEPT: AcceptRelationshipRequest =
    AcceptRelationshipRequest { invitation_id: INVITATION, customer_id: CONTOSO };

fn draft() -> RelationshipDraft {
    RelationshipDraft {
        recipient: Some("office@contoso.example".parse().unwrap()),
        subject: "May we serve you?".parse().unwrap(),
        text: format!("Please open {LINK_PLACEHOLDER}").parse().unwrap(),
    }
}

/// Contoso, which a stranger has asked; the stranger's people act.
fn drafted() -> Scenario<Customer> {
    let request = RequestRelationship {
        invitation_id: INVITATION,
        partner_id: STRANGER,
        addressed_to: Some(CONTOSO),
        delegated_admin: false,
        expires_at: hour(EXPIRES_AFTER_HOURS),
        draft: draft(),
    };
    contoso().by(somebody_of(STRANGER)).after(request)
}

/// The e-mail was asked for; the mail process acts.
fn asked() -> Scenario<Customer> {
    drafted().after(SEND).by(MAIL)
}

fn edit() -> EditRelationshipDraft {
    EditRelationshipDraft { invitation_id: INVITATION, partner_id: STRANGER, draft: draft() }
}

fn tried(outcome: SendOutcome) -> RecordRelationshipSending {
    RecordRelationshipSending { invitation_id: INVITATION, outcome }
}

fn sent() -> RecordRelationshipSending {
    tried(SendOutcome::Sent(MailRoute::Smtp))
}

fn failed(reason: MailFailure) -> RecordRelationshipSending {
    tried(SendOutcome::Failed(reason))
}

fn sending(scenario: &Scenario<Customer>) -> Sending {
    scenario.state().requests().get(INVITATION).unwrap().sending
}

#[test]
fn a_partner_asks_once_for_the_e_mail_of_its_request_to_be_sent() {
    let (invitation_id, partner_id) = (INVITATION, STRANGER);
    let asked = RelationshipLetterSendRequested { invitation_id, partner_id };
    drafted().when(SEND).then([asked]).when(SEND).then_refused(Rejection::LetterUnderWay);
}

#[test]
fn an_e_mail_to_nobody_is_not_sent() {
    let to_nobody = SendRelationshipLetter { has_recipient: false, ..SEND };
    let refusal: Rejection = RelationshipRejection::RecipientMissing.into();
    assert_eq!(refusal.field(), Some("recipient"));
    drafted().when(to_nobody).then_refused(refusal);
    let scenario = asked().after(failed(MailFailure::Unaddressed));
    assert_eq!(sending(&scenario), Sending::GivenUp, "it would never go out");
}

#[test]
fn the_e_mail_of_a_request_that_is_being_sent_or_gone_is_neither_edited_nor_sent_again() {
    let under_way = || asked().by(somebody_of(STRANGER));
    under_way().when(edit()).then_refused(Rejection::LetterUnderWay);
    let gone = || asked().after(sent()).by(somebody_of(STRANGER));
    gone().when(edit()).then_refused(Rejection::LetterSent);
    gone().when(SEND).then_refused(Rejection::LetterSent);
}

#[test]
fn the_e_mail_of_a_request_that_is_over_is_not_sent() {
    let expired_at = hour(EXPIRES_AFTER_HOURS);
    drafted().at(expired_at).when(SEND).then_refused(Rejection::InvitationExpired { expired_at });
    let over = |status| RelationshipRejection::RequestNotOpen { status }.into();
    drafted().after(WITHDRAW).when(SEND).then_refused(over(RequestStatus::Withdrawn));
    drafted()
        .by(a_customer_user())
        .after(ACCEPT)
        .by(somebody_of(STRANGER))
        .when(SEND)
        .then_refused(over(RequestStatus::Accepted));
}

#[test]
fn nobody_sends_the_e_mail_of_another_partners_request() {
    let of = |partner_id: PartnerId| SendRelationshipLetter { partner_id, ..SEND };
    let other = || drafted().by(somebody_of(PROVIDER));
    other().when(of(PROVIDER)).then_refused(Rejection::InvitationNotFound);
    other().when(SEND).then_refused(Rejection::NotYourPartner);
    drafted().by(a_customer_user()).when(SEND).then_refused(Rejection::ActorNotAllowed);
}

#[test]
fn an_attempt_to_send_the_e_mail_of_a_request_is_recorded_also_when_it_was_answered_meanwhile() {
    let (invitation_id, partner_id) = (INVITATION, STRANGER);
    let (attempt, route) = (1, MailRoute::Smtp);
    let recorded = RelationshipLetterSent { invitation_id, partner_id, attempt, route };
    asked()
        .when(sent())
        .then([recorded.clone()])
        .when(sent())
        .then_refused(Rejection::LetterNotUnderWay);
    let answered = asked().by(a_customer_user()).after(ACCEPT).by(MAIL);
    answered.when(sent()).then([recorded]);
}

#[test]
fn the_e_mail_of_a_request_is_tried_again_and_given_up_and_then_asked_for_anew() {
    let (invitation_id, partner_id) = (INVITATION, STRANGER);
    let reason = MailFailure::Unreachable;
    let mut scenario = asked();
    for attempt in 1..=SEND_ATTEMPTS_MAX {
        let waits = [Some(60), Some(300), Some(1_800), Some(7_200), None];
        let wait = waits[usize::try_from(attempt).unwrap() - 1];
        let retry_at = wait.map(|seconds| hour(0).plus_seconds(seconds));
        scenario = scenario.when(failed(reason)).then([RelationshipLetterSendFailed {
            invitation_id,
            partner_id,
            attempt,
            reason,
            retry_at,
        }]);
    }
    assert_eq!(sending(&scenario), Sending::GivenUp);
    let again = scenario.by(somebody_of(STRANGER)).after(edit()).after(SEND);
    assert_eq!(sending(&again), Sending::UnderWay { attempts: 0 });
}

#[test]
fn nobody_but_the_mail_process_says_what_became_of_the_e_mail_of_a_request() {
    for actor in [somebody_of(STRANGER), somebody_of(PROVIDER), PURGE, a_customer_user()] {
        asked().by(actor).when(sent()).then_refused(Rejection::ActorNotAllowed);
    }
    drafted().by(MAIL).when(sent()).then_refused(Rejection::LetterNotUnderWay);
    let other = InvitationId::from_uuid(Uuid::from_u128(0xb002));
    let of_another = RecordRelationshipSending { invitation_id: other, ..sent() };
    asked().when(of_another).then_refused(Rejection::InvitationNotFound);
}
