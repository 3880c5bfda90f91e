//! Short codes: countries, locales, partner ids of the partner network, kinds of partner.

use serde::{Deserialize, Serialize};

use super::{clear_text, text_value};
use crate::personal::Clear;

text_value! {
    /// An ISO 3166-1 alpha-2 country code in capitals.
    CountryCode = "country code", |text| {
        let text = text.trim().to_ascii_uppercase();
        if text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase()) {
            Ok(text)
        } else {
            Err("must be two letters such as US".to_owned())
        }
    }
}

text_value! {
    /// A language or culture tag such as `en` or `en-US`, at most 20 characters.
    Locale = "locale", |text| {
        let text = text.trim();
        let good = (2..=20).contains(&text.len())
            && text.split('-').all(|part| {
                (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
            });
        if good { Ok(text.to_owned()) } else { Err("must be a tag such as en-US".to_owned()) }
    }
}

text_value! {
    /// The id of a company in the partner network: 1 to 10 digits.
    MpnId = "MPN id", |text| {
        let text = text.trim();
        if (1..=10).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(text.to_owned())
        } else {
            Err("must be 1 to 10 digits".to_owned())
        }
    }
}

clear_text!(CountryCode, Locale, MpnId);

/// What kind of partner a company is. Stored by order: new kinds go to the end.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartnerKind {
    /// Sells to its customers itself.
    DirectPartner,
    /// Sells through indirect resellers (and itself).
    IndirectProvider,
    /// Sells through an indirect provider.
    IndirectReseller,
}

impl PartnerKind {
    /// Every kind.
    pub const ALL: [Self; 3] =
        [Self::DirectPartner, Self::IndirectProvider, Self::IndirectReseller];

    /// The kind as commands and answers spell it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::DirectPartner => "direct_partner",
            Self::IndirectProvider => "indirect_provider",
            Self::IndirectReseller => "indirect_reseller",
        }
    }
}

impl Clear for PartnerKind {}
