//! Values that cannot be invalid: whoever holds one need not check it again.

mod address;
mod hash;
mod mail;
mod money;
mod names;
mod number;
mod product;
mod role;
mod text;
mod web;

pub use address::{DomainName, EmailAddress, UserName};
pub use hash::NameHash;
pub use mail::{MailFailure, MailRoute};
pub use money::{Currency, Money};
pub use names::{CountryCode, Locale, MpnId, PartnerKind};
pub use number::Quantity;
pub use product::ProductFamily;
pub use role::{DirectoryRole, Role, RoleCategory};
pub use text::{
    AddressLine, ApplicationName, BillingNumber, CompanyName, Finding, FriendlyName, IncidentNote,
    LeadNote, LetterText, PersonName, PhoneNumber, PostalCode, ProductKey, Reason, SerialNumber,
    SkillName, StableCode, SubjectLine, Ticket,
};
pub use web::{WebAddress, WebhookAddress, WebhookEventName};

/// Why a value is not acceptable. The text completes "*field* ...": "must not be empty".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind} {reason}")]
pub struct InvalidValue {
    /// What kind of value was wanted, in words.
    pub kind: &'static str,
    /// What is wrong with it; never repeats the value, which may be personal.
    pub reason: String,
}

impl InvalidValue {
    pub(crate) fn new(kind: &'static str, reason: impl Into<String>) -> Self {
        Self { kind, reason: reason.into() }
    }
}

/// Declares a text newtype around a function that checks and normalises.
macro_rules! text_value {
    ($(#[$doc:meta])* $name:ident = $kind:literal, $check:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
        #[serde(try_from = "String")]
        pub struct $name(Box<str>);

        // By hand: `into = "String"` would copy the text each time.
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl $name {
            /// The kind in words, as error messages name it.
            pub const KIND: &'static str = $kind;

            /// Checks and normalises a text.
            ///
            /// # Errors
            /// When the text is not acceptable, with the reason.
            pub fn new(text: &str) -> Result<Self, $crate::values::InvalidValue> {
                let check: fn(&str) -> Result<String, String> = $check;
                check(text)
                    .map(|text| Self(text.into_boxed_str()))
                    .map_err(|reason| $crate::values::InvalidValue::new($kind, reason))
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::values::InvalidValue;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                Self::new(&text)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::values::InvalidValue;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0.into()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}
pub(crate) use text_value;

/// Declares that a text value is not personal: it may stand clear in events and in `Debug`.
macro_rules! clear_text {
    ($($name:ident),+) => {$(
        impl $crate::personal::Clear for $name {}

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({:?})"), &*self.0)
            }
        }
    )+};
}
pub(crate) use clear_text;

/// Declares that a text value is personal: `Debug` does not show it.
macro_rules! personal_text {
    ($($name:ident),+) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(personal)"))
            }
        }
    )+};
}
pub(crate) use personal_text;
