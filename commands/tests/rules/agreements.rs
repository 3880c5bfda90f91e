use commands::{ConfirmAgreement, Rejection};
use events::{AgreementContact, AgreementId, AgreementKind, CustomerAgreementConfirmed, Personal};
use uuid::Uuid;

use crate::samples::{
    MAIL_OFFER, PROVIDER, RESELLER, STRANGER, contoso, hour, just_before, line, order, partnership,
    somebody_of,
};

const AGREEMENT: AgreementId = AgreementId::from_uuid(Uuid::from_u128(0xf001));

fn confirm() -> ConfirmAgreement {
    ConfirmAgreement {
        agreement_id: AGREEMENT,
        partner_id: PROVIDER,
        kind: AgreementKind::MicrosoftCustomerAgreement,
        agreed_at: hour(10),
        contact: AgreementContact {
            first_name: "Cora".parse().unwrap(),
            last_name: "Contoso".parse().unwrap(),
            email: "cora@contoso.example".parse().unwrap(),
            phone_number: None,
        },
    }
}

#[test]
fn a_partner_confirms_the_agreement_of_its_customer() {
    let ConfirmAgreement { agreement_id, partner_id, kind, agreed_at, contact } = confirm();
    let contact = Personal::open(AGREEMENT.into(), contact);
    contoso().at(hour(10)).when(confirm()).then([CustomerAgreementConfirmed {
        agreement_id,
        partner_id,
        kind,
        agreed_at,
        contact,
    }]);
}

#[test]
fn an_agreement_is_not_confirmed_before_it_was_accepted() {
    contoso().at(just_before(hour(10))).when(confirm()).then_refused(Rejection::AgreedAhead);
}

#[test]
fn only_the_partner_that_holds_the_relationship_confirms_the_agreement() {
    let now = || contoso().at(hour(10));
    now().by(somebody_of(STRANGER)).when(confirm()).then_refused(Rejection::NotYourCustomer);
    let associated = now()
        .with_partnership(partnership())
        .after(commands::AssociateReseller { provider: PROVIDER, reseller: RESELLER })
        .by(somebody_of(RESELLER));
    associated.when(confirm()).then_refused(Rejection::RelationshipHolderOnly);
}

#[test]
fn orders_do_not_wait_for_the_agreement() {
    let ordered = contoso().after(order(vec![line(0, MAIL_OFFER, 1)]));
    assert_eq!(ordered.state().subscriptions().count(), 1);
}
