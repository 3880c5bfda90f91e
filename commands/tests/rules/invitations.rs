//! The e-mail of a request for a partnership: edited, sent, tried again, given up, expired.

use commands::{
    EditInvitation, ExpireInvitation, Partnership, PartnershipStatus, RecordInvitationSending,
    Rejection, SEND_ATTEMPTS_MAX, SendInvitation, SendOutcome, Sending, WithdrawPartnership,
    scenario::Scenario,
};
use events::{
    Actor, InvitationEdited, InvitationExpired, InvitationId, InvitationSendFailed,
    InvitationSendRequested, InvitationSent, MailFailure, MailRoute, Personal, Process,
};
use uuid::Uuid;

use crate::{
    partnership::{INVITATION, accept, decline, draft, requested},
    samples::{PROVIDER, PURGE, RESELLER, STRANGER, hour, just_before, somebody_of},
};

const MAIL: Actor = Actor::System(Process::Mail);
const EXPIRY: Actor = Actor::System(Process::Expiry);
const SEND: SendInvitation = SendInvitation { provider: PROVIDER };
const WITHDRAW: WithdrawPartnership = WithdrawPartnership { provider: PROVIDER };
const EXPIRE: ExpireInvitation = ExpireInvitation { invitation_id: INVITATION };

fn edit(text: &str) -> EditInvitation {
    EditInvitation { provider: PROVIDER, draft: draft(text) }
}

const fn outcome(outcome: SendOutcome) -> RecordInvitationSending {
    RecordInvitationSending { invitation_id: INVITATION, outcome }
}

const fn sent() -> RecordInvitationSending {
    outcome(SendOutcome::Sent(MailRoute::Smtp))
}

const fn failed(reason: MailFailure) -> RecordInvitationSending {
    outcome(SendOutcome::Failed(reason))
}

/// A request, with its provider at work.
fn drafted() -> Scenario<Partnership> {
    requested().by(somebody_of(PROVIDER))
}

/// A request whose e-mail was asked to be sent, with the mail process at work.
fn asked() -> Scenario<Partnership> {
    drafted().after(SEND).by(MAIL)
}

fn sending(scenario: &Scenario<Partnership>) -> Sending {
    scenario.state().bond().unwrap().sending
}

#[test]
fn the_provider_edits_the_e_mail_as_often_as_it_likes_before_it_is_sent() {
    let edited = |text: &str| InvitationEdited {
        provider: PROVIDER,
        invitation_id: INVITATION,
        draft: Personal::open(INVITATION.into(), draft(text)),
    };
    drafted()
        .when(edit("Do open {link}."))
        .then([edited("Do open {link}.")])
        .when(edit("{link}"))
        .then([edited("{link}")]);
}

#[test]
fn an_edited_text_without_the_place_for_the_link_is_refused() {
    for text in ["Please accept.", "Please open {Link}."] {
        drafted().when(edit(text)).then_refused(Rejection::LinkMissing);
    }
}

#[test]
fn the_provider_asks_once_for_its_e_mail_to_be_sent() {
    let asked = InvitationSendRequested { provider: PROVIDER, invitation_id: INVITATION };
    drafted().when(SEND).then([asked]).when(SEND).then_refused(Rejection::LetterUnderWay);
}

#[test]
fn an_e_mail_that_is_being_sent_or_gone_is_neither_edited_nor_sent_again() {
    let under_way = || asked().by(somebody_of(PROVIDER));
    under_way().when(edit("{link}")).then_refused(Rejection::LetterUnderWay);
    let gone = || asked().after(sent()).by(somebody_of(PROVIDER));
    gone().when(edit("{link}")).then_refused(Rejection::LetterSent);
    gone().when(SEND).then_refused(Rejection::LetterSent);
}

#[test]
fn the_e_mail_of_an_answered_withdrawn_or_expired_request_is_neither_edited_nor_sent() {
    let over = [
        (requested().after(accept(RESELLER)), PartnershipStatus::Active),
        (requested().after(decline(RESELLER)), PartnershipStatus::Declined),
        (drafted().after(WITHDRAW), PartnershipStatus::Withdrawn),
    ];
    for (scenario, status) in over {
        let refusal = || Rejection::PartnershipNotRequested { status };
        let scenario = scenario.by(somebody_of(PROVIDER));
        scenario.when(edit("{link}")).then_refused(refusal()).when(SEND).then_refused(refusal());
    }
    let expired = Rejection::InvitationExpired { expired_at: hour(720) };
    drafted().at(hour(720)).when(SEND).then_refused(expired);
}

#[test]
fn to_another_partner_the_e_mail_does_not_exist() {
    let other = || requested().by(somebody_of(STRANGER));
    let of_another = SendInvitation { provider: STRANGER };
    other().when(of_another).then_refused(Rejection::PartnershipNotFound);
    other().when(SEND).then_refused(Rejection::NotYourPartner);
    other().when(edit("{link}")).then_refused(Rejection::NotYourPartner);
}

#[test]
fn a_letter_that_went_out_is_recorded_with_its_attempt_and_way() {
    let scenario = asked();
    let recorded = InvitationSent {
        provider: PROVIDER,
        invitation_id: INVITATION,
        attempt: 1,
        route: MailRoute::Smtp,
    };
    scenario.when(sent()).then([recorded]).when(sent()).then_refused(Rejection::LetterNotUnderWay);
}

#[test]
fn what_may_pass_is_tried_again_ever_later_and_given_up_after_the_last_attempt() {
    let waits = [Some(60), Some(300), Some(1_800), Some(7_200), None];
    let mut scenario = asked();
    for (attempt, wait) in (1..=SEND_ATTEMPTS_MAX).zip(waits) {
        scenario = scenario.when(failed(MailFailure::Unreachable)).then([InvitationSendFailed {
            provider: PROVIDER,
            invitation_id: INVITATION,
            attempt,
            reason: MailFailure::Unreachable,
            retry_at: wait.map(|seconds| hour(0).plus_seconds(seconds)),
        }]);
    }
    assert_eq!(sending(&scenario), Sending::GivenUp);
}

#[test]
fn what_cannot_pass_is_not_tried_again() {
    for reason in [MailFailure::Refused, MailFailure::Unreadable] {
        let scenario = asked().after(failed(reason));
        assert_eq!(sending(&scenario), Sending::GivenUp, "{reason:?}");
    }
}

#[test]
fn a_letter_that_was_given_up_is_edited_and_sent_again_from_the_first_attempt() {
    let scenario =
        asked().after(failed(MailFailure::Refused)).by(somebody_of(PROVIDER)).after(edit("{link}"));
    let scenario = scenario.after(SEND);
    assert_eq!(sending(&scenario), Sending::UnderWay { attempts: 0 });
}

#[test]
fn the_outcome_of_an_attempt_is_recorded_also_when_the_request_was_answered_meanwhile() {
    let scenario = asked().by(somebody_of(PROVIDER)).after(WITHDRAW).by(MAIL);
    let scenario = scenario.after(sent());
    assert_eq!(scenario.state().bond().unwrap().status, PartnershipStatus::Withdrawn);
    assert_eq!(sending(&scenario), Sending::Sent);
}

#[test]
fn nobody_but_the_mail_process_and_the_operator_says_what_became_of_a_letter() {
    for actor in [somebody_of(PROVIDER), somebody_of(RESELLER), PURGE, EXPIRY] {
        asked().by(actor).when(sent()).then_refused(Rejection::ActorNotAllowed);
    }
    assert_eq!(sending(&asked().by(Actor::Operator).after(sent())), Sending::Sent);
    drafted().by(MAIL).when(sent()).then_refused(Rejection::LetterNotUnderWay);
    let other = InvitationId::from_uuid(Uuid::from_u128(0xb002));
    let of_another = RecordInvitationSending { invitation_id: other, ..sent() };
    asked().when(of_another).then_refused(Rejection::InvitationNotFound);
}

#[test]
fn a_request_that_nobody_answered_in_time_expires_at_that_moment_and_once() {
    let expired =
        InvitationExpired { provider: PROVIDER, invitation_id: INVITATION, expired_at: hour(720) };
    let not_yet = Rejection::NotDueYet { due_at: hour(720) };
    requested().by(EXPIRY).at(just_before(hour(720))).when(EXPIRE).then_refused(not_yet);
    requested()
        .by(EXPIRY)
        .at(hour(720))
        .when(EXPIRE)
        .then([expired])
        .when(EXPIRE)
        .then_refused(Rejection::PartnershipNotRequested { status: PartnershipStatus::Expired });
}

#[test]
fn an_expired_request_is_neither_accepted_nor_declined() {
    let expired = || requested().by(EXPIRY).at(hour(720)).after(EXPIRE).by(somebody_of(RESELLER));
    let refusal = || Rejection::InvitationExpired { expired_at: hour(720) };
    expired().when(accept(RESELLER)).then_refused(refusal());
    expired().when(decline(RESELLER)).then_refused(refusal());
}

#[test]
fn an_answered_request_does_not_expire() {
    let answered = requested().after(accept(RESELLER)).by(EXPIRY).at(hour(720));
    let refusal = Rejection::PartnershipNotRequested { status: PartnershipStatus::Active };
    answered.when(EXPIRE).then_refused(refusal);
}

#[test]
fn nobody_but_the_expiry_process_and_the_operator_lets_a_request_expire() {
    for actor in [somebody_of(PROVIDER), somebody_of(RESELLER), PURGE, MAIL] {
        requested().by(actor).at(hour(720)).when(EXPIRE).then_refused(Rejection::ActorNotAllowed);
    }
}
