//! The agreement that a customer has accepted, as somebody of a partner confirms it.

use serde::{Deserialize, Serialize};

use super::CustomerEvent;
use crate::{
    ids::{AgreementId, PartnerId, SubjectId},
    personal::{Clear, PersonalData},
    time::Timestamp,
    values::{EmailAddress, PersonName, PhoneNumber},
};

/// Which agreement it is. Stored by order: new kinds go to the end.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum AgreementKind {
    /// The older agreement of cloud customers.
    MicrosoftCloudAgreement,
    /// The agreement that followed it.
    MicrosoftCustomerAgreement,
}

impl AgreementKind {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::MicrosoftCloudAgreement, Self::MicrosoftCustomerAgreement];

    /// The kind as answers spell it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::MicrosoftCloudAgreement => "MicrosoftCloudAgreement",
            Self::MicrosoftCustomerAgreement => "MicrosoftCustomerAgreement",
        }
    }

    /// The kind as people read it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::MicrosoftCloudAgreement => "Microsoft Cloud Agreement",
            Self::MicrosoftCustomerAgreement => "Microsoft Customer Agreement",
        }
    }
}

impl Clear for AgreementKind {}

/// Who accepted for the customer: personal, sealed under the agreement.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all(serialize = "camelCase"))]
pub struct AgreementContact {
    /// The first name.
    pub first_name: PersonName,
    /// The last name.
    pub last_name: PersonName,
    /// The e-mail address.
    pub email: EmailAddress,
    /// The telephone number.
    pub phone_number: Option<PhoneNumber>,
}

impl PersonalData for AgreementContact {}

impl From<AgreementId> for SubjectId {
    /// Who accepted the agreement for the customer.
    fn from(id: AgreementId) -> Self {
        Self::from_uuid(id.as_uuid())
    }
}

events! {
    /// A partner confirmed that the customer accepted an agreement.
    CustomerAgreementConfirmed = 0x0378 v 1 {
        /// The confirmation.
        clear agreement_id: AgreementId,
        /// The partner that confirms.
        clear partner_id: PartnerId,
        /// Which agreement.
        clear kind: AgreementKind,
        /// When the customer accepted it.
        clear agreed_at: Timestamp,
        /// Who accepted for the customer.
        personal contact: AgreementContact,
    }
}

aggregate_events! {
    /// What happens to the agreements of a customer.
    AgreementEvent in CustomerEvent {
        CustomerAgreementConfirmed,
    }
}
