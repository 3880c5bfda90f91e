use commands::{
    AcceptLead, ConvertLead, CreateCustomer, Customer, DeclineLead, Lead, LeadFacts, LeadStatus,
    ReferLead, Rejection, WithdrawLead, scenario::Scenario,
};
use events::{
    LeadAccepted, LeadContact, LeadConverted, LeadDeclined, LeadId, LeadReferred, LeadWithdrawn,
    Personal,
};
use uuid::Uuid;

use crate::samples::{
    CONTOSO, PROVIDER, PURGE, RESELLER, STRANGER, a_customer_user, create_contoso, partnership,
    somebody_of,
};

const LEAD: LeadId = LeadId::from_uuid(Uuid::from_u128(0xc001));

const ACCEPT: AcceptLead = AcceptLead { reseller: RESELLER };
const DECLINE: DeclineLead = DeclineLead { reseller: RESELLER };
const WITHDRAW: WithdrawLead = WithdrawLead { provider: PROVIDER };
const CONVERT: ConvertLead = ConvertLead { reseller: RESELLER, customer_id: CONTOSO };

fn refer() -> ReferLead {
    ReferLead {
        lead_id: LEAD,
        provider: PROVIDER,
        reseller: RESELLER,
        company_name: "Contoso".parse().unwrap(),
        country: Some("DE".parse().unwrap()),
        contact: LeadContact {
            first_name: "Cora".parse().unwrap(),
            last_name: "Contoso".parse().unwrap(),
            email: "cora@contoso.example".parse().unwrap(),
            phone_number: None,
            note: Some("Asked for mail.\nCall after ten.".parse().unwrap()),
        },
    }
}

/// Provider and reseller work together; somebody of the provider acts.
fn partners() -> Scenario<Lead> {
    Scenario::new().with_partnership(partnership()).by(somebody_of(PROVIDER))
}

/// A lead was referred; somebody of the reseller acts.
fn referred() -> Scenario<Lead> {
    partners().after(refer()).by(somebody_of(RESELLER))
}

fn accepted() -> Scenario<Lead> {
    referred().after(ACCEPT)
}

fn status(scenario: &Scenario<Lead>) -> LeadStatus {
    scenario.state().referral().unwrap().status
}

fn found(status: LeadStatus) -> Rejection {
    Rejection::LeadInState { status }
}

#[test]
fn a_provider_refers_a_customer_to_its_reseller() {
    let ReferLead { company_name, country, contact, .. } = refer();
    let scenario = partners().when(refer()).then([LeadReferred {
        lead_id: LEAD,
        provider: PROVIDER,
        reseller: RESELLER,
        company_name,
        country,
        contact: Personal::open(LEAD.into(), contact),
    }]);
    assert_eq!(status(&scenario), LeadStatus::Referred);
}

#[test]
fn a_lead_is_referred_only_within_an_active_partnership() {
    let refusal = || Rejection::NoActivePartnership { reseller: RESELLER };
    partners().without_partnerships().when(refer()).then_refused(refusal());
    let reseller = STRANGER;
    let stranger = Rejection::NoActivePartnership { reseller };
    partners().when(ReferLead { reseller, ..refer() }).then_refused(stranger);
    // The reseller of a provider refers nobody to it.
    let back = ReferLead { provider: RESELLER, reseller: PROVIDER, ..refer() };
    let refusal = Rejection::NoActivePartnership { reseller: PROVIDER };
    partners().by(somebody_of(RESELLER)).when(back).then_refused(refusal);
}

#[test]
fn a_lead_is_referred_once() {
    let again = Rejection::AlreadyExists { what: "lead" };
    referred().by(somebody_of(PROVIDER)).when(refer()).then_refused(again);
}

#[test]
fn the_reseller_accepts_a_lead() {
    let scenario =
        referred().when(ACCEPT).then([LeadAccepted { provider: PROVIDER, reseller: RESELLER }]);
    assert_eq!(status(&scenario), LeadStatus::Accepted);
    scenario.when(ACCEPT).then_refused(found(LeadStatus::Accepted));
}

#[test]
fn a_lead_is_not_accepted_once_the_partnership_has_ended() {
    let refusal = Rejection::NoActivePartnership { reseller: RESELLER };
    referred().without_partnerships().when(ACCEPT).then_refused(refusal);
}

#[test]
fn a_lead_is_declined_at_once_or_when_it_led_nowhere_also_after_the_partnership() {
    let declined = || LeadDeclined { provider: PROVIDER, reseller: RESELLER };
    let scenario = referred().without_partnerships().when(DECLINE).then([declined()]);
    assert_eq!(status(&scenario), LeadStatus::Declined);
    scenario.when(DECLINE).then_refused(found(LeadStatus::Declined));
    accepted().when(DECLINE).then([declined()]);
}

#[test]
fn a_declined_lead_is_neither_accepted_nor_turned_into_a_customer() {
    let declined = || referred().after(DECLINE);
    declined().when(ACCEPT).then_refused(found(LeadStatus::Declined));
    declined().when(CONVERT).then_refused(found(LeadStatus::Declined));
}

#[test]
fn the_provider_withdraws_a_referral_until_it_is_answered() {
    let provider = |scenario: Scenario<Lead>| scenario.by(somebody_of(PROVIDER));
    let withdrawn = LeadWithdrawn { provider: PROVIDER, reseller: RESELLER };
    let scenario = provider(referred()).when(WITHDRAW).then([withdrawn]);
    assert_eq!(status(&scenario), LeadStatus::Withdrawn);
    scenario.by(somebody_of(RESELLER)).when(ACCEPT).then_refused(found(LeadStatus::Withdrawn));
    provider(accepted()).when(WITHDRAW).then_refused(found(LeadStatus::Accepted));
}

#[test]
fn an_accepted_lead_becomes_a_customer_once() {
    let converted = LeadConverted { provider: PROVIDER, reseller: RESELLER, customer_id: CONTOSO };
    let scenario = accepted().when(CONVERT).then([converted]);
    assert_eq!(status(&scenario), LeadStatus::Converted);
    assert_eq!(scenario.state().accepted(), None);
    let scenario = scenario.when(CONVERT).then_refused(found(LeadStatus::Converted));
    scenario.when(DECLINE).then_refused(found(LeadStatus::Converted));
    referred().when(CONVERT).then_refused(found(LeadStatus::Referred));
}

#[test]
fn a_lead_is_not_turned_into_a_customer_once_the_partnership_has_ended() {
    let refusal = Rejection::NoActivePartnership { reseller: RESELLER };
    accepted().without_partnerships().when(CONVERT).then_refused(refusal);
}

#[test]
fn nobody_but_its_two_partners_learns_of_a_lead() {
    let stranger = || referred().by(somebody_of(STRANGER));
    stranger().when(AcceptLead { reseller: STRANGER }).then_refused(Rejection::LeadNotFound);
    stranger().when(DeclineLead { reseller: STRANGER }).then_refused(Rejection::LeadNotFound);
    stranger().when(WithdrawLead { provider: STRANGER }).then_refused(Rejection::LeadNotFound);
    let convert = ConvertLead { reseller: STRANGER, ..CONVERT };
    stranger().when(convert).then_refused(Rejection::LeadNotFound);
    stranger().when(ACCEPT).then_refused(Rejection::NotYourPartner);
    // Each of the two does its own part only.
    let provider = || referred().by(somebody_of(PROVIDER));
    provider().when(AcceptLead { reseller: PROVIDER }).then_refused(Rejection::LeadNotFound);
    referred().when(WithdrawLead { provider: RESELLER }).then_refused(Rejection::LeadNotFound);
    partners().by(somebody_of(RESELLER)).when(ACCEPT).then_refused(Rejection::LeadNotFound);
}

#[test]
fn neither_customer_users_nor_processes_deal_with_leads() {
    for actor in [a_customer_user(), PURGE] {
        partners().by(actor).when(refer()).then_refused(Rejection::ActorNotAllowed);
        accepted().by(actor).when(CONVERT).then_refused(Rejection::ActorNotAllowed);
    }
}

/// The reseller creates the customer that its lead becomes.
fn creation() -> CreateCustomer {
    CreateCustomer { reseller: Some(RESELLER), ..create_contoso() }
}

fn with_lead() -> Scenario<Customer> {
    Scenario::new()
        .with_partnership(partnership())
        .with_lead(LeadFacts { provider: PROVIDER, reseller: RESELLER })
        .by(somebody_of(RESELLER))
}

#[test]
fn the_customer_of_a_lead_is_the_providers_with_the_reseller_associated() {
    let scenario = with_lead().after(creation());
    assert!(scenario.state().has_active_relationship(PROVIDER));
    assert!(!scenario.state().has_active_relationship(RESELLER));
    assert!(scenario.state().is_associated(PROVIDER, RESELLER));
}

#[test]
fn without_an_accepted_lead_a_reseller_creates_no_customer_of_its_provider() {
    let refusal = || Rejection::NotYourPartner;
    Scenario::<Customer>::new()
        .with_partnership(partnership())
        .by(somebody_of(RESELLER))
        .when(creation())
        .then_refused(refusal());
    // The lead names provider and reseller; it serves no others.
    with_lead().by(somebody_of(STRANGER)).when(creation()).then_refused(refusal());
    let unbound = CreateCustomer { reseller: None, ..creation() };
    with_lead().when(unbound).then_refused(refusal());
    let elsewhere = CreateCustomer { partner_id: STRANGER, ..creation() };
    with_lead().when(elsewhere).then_refused(refusal());
}

#[test]
fn the_customer_of_a_lead_needs_the_partnership_as_well() {
    let refusal = Rejection::NoActivePartnership { reseller: RESELLER };
    with_lead().without_partnerships().when(creation()).then_refused(refusal);
}
