use commands::{
    AddCustomerDomain, CreateCustomer, Customer, EditCustomerDetails, EditCustomerUser, NameKind,
    NewCustomerAdmin, QualifyCustomer, Rejection, RelationshipRejection, scenario::Scenario,
};
use events::{
    Actor, CustomerCreated, CustomerDetailsEdited, CustomerDomainAdded, CustomerEvent,
    CustomerQualified, CustomerUserCreated, CustomerUserEdited, DelegatedAdminEnded, DirectoryRole,
    DirectoryRoleGranted, PartnerKind, Personal, Qualification, RelationshipEstablished,
    ResellerAssociated,
};

use crate::samples::{
    CONTOSO, PROVIDER, PURGE, RESELLER, ROOT, STRANGER, a_customer_user, contact, contoso,
    create_contoso, credential, facts_of, hash, partnership, profile, somebody_of,
};

fn nothing() -> Scenario<Customer> {
    Scenario::new().by(somebody_of(PROVIDER))
}

fn created() -> [CustomerEvent; 4] {
    let CreateCustomer { company_name, domain, country, culture, language, .. } = create_contoso();
    [
        CustomerCreated {
            customer_id: CONTOSO,
            partner_id: PROVIDER,
            company_name,
            domain: domain.clone(),
            country,
            culture,
            language,
            contact: Personal::open(CONTOSO.into(), contact()),
        }
        .into(),
        RelationshipEstablished { partner_id: PROVIDER, delegated_admin: true }.into(),
        CustomerUserCreated {
            user_id: ROOT,
            user_name: hash("root"),
            domain,
            has_usage_location: true,
            credential_id: credential(0),
            profile: Personal::open(ROOT.into(), profile("root")),
        }
        .into(),
        DirectoryRoleGranted { user_id: ROOT, role: DirectoryRole::GlobalAdmin }.into(),
    ]
}

#[test]
fn a_customer_is_created_with_its_relationship_and_its_global_admin() {
    nothing().when(create_contoso()).then(created());
}

#[test]
fn a_customer_is_created_for_a_reseller_with_an_active_partnership() {
    let [account, relationship, user, role] = created();
    let associated = ResellerAssociated { provider: PROVIDER, reseller: RESELLER }.into();
    nothing()
        .with_partnership(partnership())
        .when(CreateCustomer { reseller: Some(RESELLER), ..create_contoso() })
        .then([account, relationship, associated, user, role]);
}

#[test]
fn a_customer_is_not_created_for_a_reseller_without_an_active_partnership() {
    for reseller in [RESELLER, STRANGER] {
        nothing()
            .when(CreateCustomer { reseller: Some(reseller), ..create_contoso() })
            .then_refused(Rejection::NoActivePartnership { reseller });
    }
}

#[test]
fn a_customer_is_created_once() {
    contoso().when(create_contoso()).then_refused(Rejection::AlreadyExists { what: "customer" });
}

#[test]
fn a_customer_is_created_only_for_the_own_partner() {
    nothing()
        .by(somebody_of(STRANGER))
        .when(create_contoso())
        .then_refused(Rejection::NotYourPartner);
}

#[test]
fn the_operator_creates_a_customer_only_for_a_partner_that_exists() {
    let by_operator = || nothing().by(Actor::Operator);
    by_operator().when(create_contoso()).then_refused(Rejection::PartnerNotFound);
    let provider = facts_of(PROVIDER, PartnerKind::IndirectProvider, "4001");
    by_operator().with_partner(provider).when(create_contoso()).then(created());
}

#[test]
fn the_first_admin_has_a_name_in_the_customer_s_domain() {
    let mut outside = profile("root");
    outside.user_name = "root@fabrikam.example".parse().unwrap();
    let admin = NewCustomerAdmin { profile: outside, ..create_contoso().admin };
    let domain = create_contoso().domain;
    nothing()
        .when(CreateCustomer { admin, ..create_contoso() })
        .then_refused(Rejection::UserNameOutsideDomain { domain });
}

fn edit() -> EditCustomerDetails {
    EditCustomerDetails {
        company_name: "Contoso International".parse().unwrap(),
        country: "AT".parse().unwrap(),
        culture: "de-AT".parse().unwrap(),
        language: "de".parse().unwrap(),
        contact: contact(),
    }
}

#[test]
fn the_details_of_a_customer_are_edited() {
    let EditCustomerDetails { company_name, country, culture, language, contact } = edit();
    let contact = Personal::open(CONTOSO.into(), contact);
    contoso().when(edit()).then([CustomerDetailsEdited {
        company_name,
        country,
        culture,
        language,
        contact,
    }]);
}

fn add(domain: &str) -> AddCustomerDomain {
    AddCustomerDomain { domain: domain.parse().unwrap() }
}

#[test]
fn a_customer_gets_a_further_domain_once_and_users_in_it() {
    let added = CustomerDomainAdded { domain: "contoso.org".parse().unwrap() };
    contoso().when(add("contoso.org")).then([added.clone()]);
    let taken = Rejection::NameTaken { kind: NameKind::Domain };
    contoso().and([added.clone()]).when(add("contoso.org")).then_refused(taken.clone());
    contoso().when(add("contoso.example")).then_refused(taken);

    let mut elsewhere = profile("root");
    elsewhere.user_name = "root@contoso.org".parse().unwrap();
    let edit = EditCustomerUser { user_id: ROOT, user_name: hash("other"), profile: elsewhere };
    let domain = create_contoso().domain;
    contoso().when(edit.clone()).then_refused(Rejection::UserNameOutsideDomain { domain });
    let profile = Personal::open(ROOT.into(), edit.profile.clone());
    contoso().and([added]).when(edit).then([CustomerUserEdited {
        user_id: ROOT,
        user_name: hash("other"),
        domain: "contoso.org".parse().unwrap(),
        has_usage_location: true,
        profile,
    }]);
}

#[test]
fn only_who_administers_for_the_customer_gives_it_a_domain() {
    let domain = add("contoso.org");
    contoso()
        .by(somebody_of(STRANGER))
        .when(domain.clone())
        .then_refused(Rejection::NotYourCustomer);
    contoso()
        .and([DelegatedAdminEnded { partner_id: PROVIDER }])
        .when(domain)
        .then_refused(RelationshipRejection::DelegatedAdminMissing.into());
}

#[test]
fn a_customer_is_declared_to_be_of_a_kind_by_who_serves_it_and_again_of_another() {
    for qualification in Qualification::ALL {
        let command = QualifyCustomer { qualification };
        let event = CustomerQualified { qualification };
        contoso().when(command).then([event.clone()]);
        contoso().and([event.clone()]).when(command).then([event]);
        contoso().by(somebody_of(STRANGER)).when(command).then_refused(Rejection::NotYourCustomer);
        nothing().by(Actor::Operator).when(command).then_refused(Rejection::CustomerNotFound);
    }
}

#[test]
fn the_details_of_a_foreign_or_unknown_customer_are_not_edited() {
    contoso().by(somebody_of(STRANGER)).when(edit()).then_refused(Rejection::NotYourCustomer);
    nothing().when(edit()).then_refused(Rejection::NotYourCustomer);
    nothing().by(Actor::Operator).when(edit()).then_refused(Rejection::CustomerNotFound);
}

#[test]
fn neither_customer_users_nor_the_purge_administer_a_customer() {
    for actor in [a_customer_user(), PURGE] {
        contoso().by(actor).when(edit()).then_refused(Rejection::ActorNotAllowed);
        nothing().by(actor).when(create_contoso()).then_refused(Rejection::ActorNotAllowed);
    }
}
