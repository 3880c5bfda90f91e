//! Which agreements has a customer accepted, and who confirms it?

use events::{
    Actor, AgreementEvent, AgreementId, AgreementKind, CustomerEvent, CustomerId, Event, PartnerId,
    RecordedEvent, Timestamp,
};

use crate::{
    keys::{Owned, customer_of, insert_new, owned_by},
    personal_handle::{PersonalField, PersonalHandle},
    view::{Contradiction, View},
};

/// A confirmed agreement.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AgreementRow {
    /// The confirmation.
    pub id: AgreementId,
    /// The partner that confirms.
    pub partner: PartnerId,
    /// Which agreement.
    pub kind: AgreementKind,
    /// When the customer accepted it.
    pub agreed_at: Timestamp,
    /// Who accepted for the customer.
    pub contact: PersonalHandle,
    /// Who confirmed it.
    pub confirmed_by: Actor,
    /// When it was confirmed.
    pub confirmed_at: Timestamp,
}

/// The confirmed agreements of all customers.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Agreements {
    rows: Owned<CustomerId, AgreementId, AgreementRow>,
}

impl Agreements {
    /// The confirmed agreements of a customer, in the order of confirmation.
    pub fn of(&self, customer: CustomerId) -> impl Iterator<Item = &AgreementRow> {
        owned_by(&self.rows, customer, None)
    }
}

impl View for Agreements {
    const NAME: &'static str = "agreements";

    fn apply(&mut self, recorded: &RecordedEvent) -> Result<(), Contradiction> {
        let Event::Customer(CustomerEvent::Agreement(AgreementEvent::CustomerAgreementConfirmed(
            event,
        ))) = &recorded.event
        else {
            return Ok(());
        };
        let row = AgreementRow {
            id: event.agreement_id,
            partner: event.partner_id,
            kind: event.kind,
            agreed_at: event.agreed_at,
            contact: PersonalHandle::new(recorded, PersonalField::AgreementContact, &event.contact),
            confirmed_by: recorded.metadata.actor,
            confirmed_at: recorded.metadata.occurred_at,
        };
        insert_new(&mut self.rows, customer_of(recorded), event.agreement_id, row)
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{History, agreement_confirmed, customer};

    #[test]
    fn each_confirmation_of_an_agreement_is_listed_with_its_customer() {
        let mut history = History::new();
        history.customer(1, "Contoso", 1);
        history.then(customer(1), agreement_confirmed(1, 1));
        history.then(customer(1), agreement_confirmed(2, 1));
        assert_eq!(history.model.agreements().of(customer(1)).count(), 2);
        assert_eq!(history.model.agreements().of(customer(2)).count(), 0);
        assert!(history.refused(customer(1), agreement_confirmed(1, 1)).is_err());
    }
}
