use commands::{
    AcceptPartnership, DeclinePartnership, EndPartnership, Partnership, PartnershipStatus,
    Rejection, RequestPartnership, WithdrawPartnership, scenario::Scenario,
};
use events::{
    Actor, InvitationDraft, InvitationId, PartnerId, PartnerKind, PartnershipAccepted,
    PartnershipDeclined, PartnershipEnded, PartnershipId, PartnershipRequested,
    PartnershipWithdrawn, Personal,
};
use uuid::Uuid;

use crate::samples::{
    PROVIDER, PURGE, RESELLER, STRANGER, a_customer_user, facts_of, hour, just_before, partnership,
    somebody_of,
};

const BOND: PartnershipId = PartnershipId::from_uuid(Uuid::from_u128(0xa001));
pub(crate) const INVITATION: InvitationId = InvitationId::from_uuid(Uuid::from_u128(0xb001));

pub(crate) fn draft(text: &str) -> InvitationDraft {
    InvitationDraft {
        recipient: "office@reseller.example".parse().unwrap(),
        subject: "Sell with us".parse().unwrap(),
        text: text.parse().unwrap(),
    }
}

pub(crate) fn request() -> RequestPartnership {
    RequestPartnership {
        partnership_id: BOND,
        provider: PROVIDER,
        invitation_id: INVITATION,
        expires_at: hour(720),
        draft: draft("Please open {link} and accept."),
    }
}

pub(crate) fn accept(reseller: PartnerId) -> AcceptPartnership {
    AcceptPartnership { invitation_id: INVITATION, reseller }
}

pub(crate) fn decline(reseller: PartnerId) -> DeclinePartnership {
    DeclinePartnership { invitation_id: INVITATION, reseller }
}

/// Three partners: an indirect provider, an indirect reseller, a direct partner.
fn partners() -> Scenario<Partnership> {
    Scenario::new()
        .with_partner(facts_of(PROVIDER, PartnerKind::IndirectProvider, "1001"))
        .with_partner(facts_of(RESELLER, PartnerKind::IndirectReseller, "1002"))
        .with_partner(facts_of(STRANGER, PartnerKind::DirectPartner, "1003"))
        .by(somebody_of(PROVIDER))
}

pub(crate) fn requested() -> Scenario<Partnership> {
    partners().after(request()).by(somebody_of(RESELLER))
}

fn active() -> Scenario<Partnership> {
    requested().after(accept(RESELLER))
}

#[test]
fn an_indirect_provider_requests_a_partnership() {
    partners().when(request()).then([PartnershipRequested {
        partnership_id: BOND,
        provider: PROVIDER,
        invitation_id: INVITATION,
        expires_at: hour(720),
        draft: Personal::open(INVITATION.into(), request().draft),
    }]);
}

#[test]
fn nobody_but_an_indirect_provider_requests_a_partnership() {
    for partner in [RESELLER, STRANGER] {
        partners()
            .by(somebody_of(partner))
            .when(RequestPartnership { provider: partner, ..request() })
            .then_refused(Rejection::NotIndirectProvider);
    }
}

#[test]
fn a_text_without_the_place_for_the_link_is_refused() {
    for text in ["Please accept.", "Please open link and accept.", "Please open {Link}."] {
        partners()
            .when(RequestPartnership { draft: draft(text), ..request() })
            .then_refused(Rejection::LinkMissing);
    }
}

#[test]
fn an_invitation_that_expires_at_once_is_refused() {
    partners().at(hour(720)).when(request()).then_refused(Rejection::ExpiryInThePast);
}

#[test]
fn a_partnership_is_requested_once() {
    let again = Rejection::AlreadyExists { what: "partnership" };
    requested().by(somebody_of(PROVIDER)).when(request()).then_refused(again);
}

#[test]
fn nobody_requests_accepts_withdraws_or_ends_in_the_name_of_another_partner() {
    let refusal = || Rejection::NotYourPartner;
    partners().by(somebody_of(STRANGER)).when(request()).then_refused(refusal());
    requested().by(somebody_of(STRANGER)).when(accept(RESELLER)).then_refused(refusal());
    requested().by(somebody_of(STRANGER)).when(decline(RESELLER)).then_refused(refusal());
    requested().when(WithdrawPartnership { provider: PROVIDER }).then_refused(refusal());
    active().when(EndPartnership { ended_by: PROVIDER }).then_refused(refusal());
}

#[test]
fn neither_customer_users_nor_processes_deal_with_partnerships() {
    for actor in [a_customer_user(), PURGE] {
        partners().by(actor).when(request()).then_refused(Rejection::ActorNotAllowed);
    }
}

#[test]
fn an_indirect_reseller_accepts_and_the_partnership_is_active() {
    requested()
        .when(accept(RESELLER))
        .then([PartnershipAccepted { provider: PROVIDER, reseller: RESELLER }]);
    let bond = *active().state().bond().unwrap();
    assert_eq!((bond.status, bond.reseller), (PartnershipStatus::Active, Some(RESELLER)));
}

#[test]
fn a_partner_that_is_no_indirect_reseller_neither_accepts_nor_declines() {
    let stranger = || requested().by(somebody_of(STRANGER));
    stranger().when(accept(STRANGER)).then_refused(Rejection::NotIndirectReseller);
    stranger().when(decline(STRANGER)).then_refused(Rejection::NotIndirectReseller);
}

#[test]
fn a_company_without_an_account_neither_accepts_nor_declines() {
    let nobody = PartnerId::from_uuid(Uuid::from_u128(0xdead));
    let without_account = || requested().by(somebody_of(nobody));
    without_account().when(accept(nobody)).then_refused(Rejection::ResellerWithoutAccount);
    without_account().when(decline(nobody)).then_refused(Rejection::ResellerWithoutAccount);
}

#[test]
fn the_provider_cannot_answer_its_own_request() {
    let provider = || requested().by(somebody_of(PROVIDER));
    provider().when(accept(PROVIDER)).then_refused(Rejection::PartnershipWithItself);
    provider().when(decline(PROVIDER)).then_refused(Rejection::PartnershipWithItself);
}

#[test]
fn an_invitation_works_until_the_moment_before_it_expires() {
    requested()
        .at(just_before(hour(720)))
        .when(accept(RESELLER))
        .then([PartnershipAccepted { provider: PROVIDER, reseller: RESELLER }]);
    let expired = || Rejection::InvitationExpired { expired_at: hour(720) };
    requested().at(hour(720)).when(accept(RESELLER)).then_refused(expired());
    requested().at(hour(720)).when(decline(RESELLER)).then_refused(expired());
}

#[test]
fn an_invitation_of_another_partnership_is_not_found() {
    let other = InvitationId::from_uuid(Uuid::from_u128(0xb002));
    requested()
        .when(AcceptPartnership { invitation_id: other, reseller: RESELLER })
        .then_refused(Rejection::InvitationNotFound);
}

#[test]
fn an_invitation_is_used_once() {
    let used = |status| Rejection::PartnershipNotRequested { status };
    active().when(accept(RESELLER)).then_refused(used(PartnershipStatus::Active));
    active().when(decline(RESELLER)).then_refused(used(PartnershipStatus::Active));
    let declined = requested().after(decline(RESELLER));
    declined.when(accept(RESELLER)).then_refused(used(PartnershipStatus::Declined));
}

#[test]
fn two_who_are_partners_already_do_not_become_partners_again() {
    requested()
        .with_partnership(partnership())
        .when(accept(RESELLER))
        .then_refused(Rejection::AlreadyPartners);
}

#[test]
fn a_reseller_declines() {
    requested()
        .when(decline(RESELLER))
        .then([PartnershipDeclined { provider: PROVIDER, reseller: RESELLER }]);
}

#[test]
fn the_provider_withdraws_its_request_and_it_cannot_be_accepted_any_more() {
    requested()
        .by(somebody_of(PROVIDER))
        .when(WithdrawPartnership { provider: PROVIDER })
        .then([PartnershipWithdrawn { provider: PROVIDER }])
        .by(somebody_of(RESELLER))
        .when(accept(RESELLER))
        .then_refused(Rejection::PartnershipNotRequested { status: PartnershipStatus::Withdrawn });
}

#[test]
fn an_active_partnership_is_not_withdrawn() {
    active()
        .by(somebody_of(PROVIDER))
        .when(WithdrawPartnership { provider: PROVIDER })
        .then_refused(Rejection::PartnershipNotRequested { status: PartnershipStatus::Active });
}

#[test]
fn either_of_the_two_ends_an_active_partnership_and_the_event_says_who() {
    for ended_by in [PROVIDER, RESELLER] {
        active()
            .by(somebody_of(ended_by))
            .when(EndPartnership { ended_by })
            .then([PartnershipEnded { provider: PROVIDER, reseller: RESELLER, ended_by }])
            .when(EndPartnership { ended_by })
            .then_refused(Rejection::PartnershipNotActive { status: PartnershipStatus::Ended });
    }
}

#[test]
fn a_requested_partnership_is_not_ended() {
    requested()
        .by(somebody_of(PROVIDER))
        .when(EndPartnership { ended_by: PROVIDER })
        .then_refused(Rejection::PartnershipNotActive { status: PartnershipStatus::Requested });
}

#[test]
fn to_a_third_partner_a_partnership_does_not_exist() {
    let third = || active().by(somebody_of(STRANGER));
    third()
        .when(EndPartnership { ended_by: STRANGER })
        .then_refused(Rejection::PartnershipNotFound);
    third()
        .when(WithdrawPartnership { provider: STRANGER })
        .then_refused(Rejection::PartnershipNotFound);
}

#[test]
fn what_was_not_requested_cannot_be_answered() {
    partners()
        .by(somebody_of(RESELLER))
        .when(accept(RESELLER))
        .then_refused(Rejection::PartnershipNotFound);
}

#[test]
fn the_operator_acts_for_any_partner() {
    requested()
        .by(Actor::Operator)
        .when(accept(RESELLER))
        .then([PartnershipAccepted { provider: PROVIDER, reseller: RESELLER }]);
}
