//! The profiles of a partner: business, legal business, organization, support.

use serde::{Deserialize, Serialize};

use super::PartnerEvent;
use crate::{
    customer::PostalAddress,
    ids::{PartnerId, SubjectId},
    personal::{Clear, PersonalData},
    values::{
        BillingNumber, CompanyName, CountryCode, EmailAddress, LetterText, PersonName, PhoneNumber,
        WebAddress,
    },
};

/// Which profile of a partner. Stored by order: new ones go to the end.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProfileKind {
    /// What the company does, for those who look for a partner.
    Business,
    /// The company as the register has it.
    LegalBusiness,
    /// The organization, and whom to reach in it.
    Organization,
    /// Where the partner's own customers find help.
    Support,
    /// Where the partner's own bills go.
    Billing,
}

impl ProfileKind {
    /// Every profile.
    pub const ALL: [Self; 5] =
        [Self::Business, Self::LegalBusiness, Self::Organization, Self::Support, Self::Billing];

    /// The profile as answers and exports spell it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Business => "business",
            Self::LegalBusiness => "legal_business",
            Self::Organization => "organization",
            Self::Support => "support",
            Self::Billing => "billing",
        }
    }

    /// The profile as people read it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Business => "Business profile",
            Self::LegalBusiness => "Legal business profile",
            Self::Organization => "Organization profile",
            Self::Support => "Support profile",
            Self::Billing => "Billing profile",
        }
    }

    /// The one with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl Clear for ProfileKind {}

/// Whom to reach at a partner.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all(serialize = "camelCase"))]
pub struct ProfileContact {
    /// The first name.
    pub first_name: PersonName,
    /// The last name.
    pub last_name: PersonName,
    /// The e-mail address.
    pub email: EmailAddress,
    /// The telephone number.
    pub phone_number: Option<PhoneNumber>,
}

/// What a profile says: it names people, so it is sealed under the partner's contacts. Stored by
/// order: new profiles go to the end.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", rename_all_fields(serialize = "camelCase"))]
pub enum PartnerProfile {
    /// What the company does.
    Business {
        /// What it does, in its own words.
        about: LetterText,
        /// Its web site.
        website: Option<WebAddress>,
        /// Whom to reach.
        contact: ProfileContact,
    },
    /// The company as the register has it.
    LegalBusiness {
        /// Where it has its seat.
        address: PostalAddress,
        /// Whom to reach.
        contact: ProfileContact,
    },
    /// The organization.
    Organization {
        /// Where it is.
        address: PostalAddress,
        /// Whom to reach.
        contact: ProfileContact,
    },
    /// Where the partner's customers find help.
    Support {
        /// On the web.
        website: Option<WebAddress>,
        /// By e-mail.
        email: EmailAddress,
        /// By telephone.
        phone_number: PhoneNumber,
    },
    /// Where the partner's own bills go.
    Billing {
        /// To which address.
        address: PostalAddress,
        /// To whom.
        contact: ProfileContact,
        /// The purchase order that the partner wants to find on them.
        purchase_order: Option<BillingNumber>,
        /// Its number with the tax office.
        tax_id: Option<BillingNumber>,
    },
}

impl PartnerProfile {
    /// Which profile it is.
    #[must_use]
    pub const fn kind(&self) -> ProfileKind {
        match self {
            Self::Business { .. } => ProfileKind::Business,
            Self::LegalBusiness { .. } => ProfileKind::LegalBusiness,
            Self::Organization { .. } => ProfileKind::Organization,
            Self::Support { .. } => ProfileKind::Support,
            Self::Billing { .. } => ProfileKind::Billing,
        }
    }
}

impl PersonalData for PartnerProfile {}

impl From<PartnerId> for SubjectId {
    /// The partner's contact persons.
    fn from(id: PartnerId) -> Self {
        Self::from_uuid(id.as_uuid())
    }
}

events! {
    /// A profile of a partner was entered, or changed.
    PartnerProfileEdited = 0x0142 v 1 {
        /// Which one.
        clear kind: ProfileKind,
        /// The company's name in it.
        clear company_name: CompanyName,
        /// Its country.
        clear country: CountryCode,
        /// What it says.
        personal profile: PartnerProfile,
    }
}

aggregate_events! {
    /// What happens to the profiles of a partner.
    PartnerProfileEvent in PartnerEvent {
        PartnerProfileEdited,
    }
}
