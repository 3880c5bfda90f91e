//! Typed identifiers: a UUID that cannot be mistaken for another kind of UUID.

use std::{cmp::Ordering, fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::personal::Clear;

/// A text that is not an identifier of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {kind}: expected a GUID such as 01890a5d-ac96-774b-bcce-b302099a8057")]
pub struct ParseIdError {
    /// What was expected, in words.
    pub kind: &'static str,
}

macro_rules! typed_id {
    ($($(#[$doc:meta])* $name:ident = $kind:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        // By hand: every lookup of a view compares ids, and two numbers are compared faster than
        // sixteen bytes are. The order is the same.
        impl Ord for $name {
            fn cmp(&self, other: &Self) -> Ordering {
                self.0.as_u128().cmp(&other.0.as_u128())
            }
        }

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                Some(self.cmp(other))
            }
        }

        impl $name {
            /// The kind in words, as error messages name it.
            pub const KIND: &'static str = $kind;

            /// Takes a UUID for an identifier of this kind.
            #[must_use]
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The bare UUID.
            #[must_use]
            pub const fn as_uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;

            /// Reads a GUID in any case; surrounding blanks are ignored.
            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                Uuid::try_parse(text.trim()).map(Self).map_err(|_| ParseIdError { kind: $kind })
            }
        }

        impl Clear for $name {}
    )+};
}

typed_id! {
    /// A company with an account: direct partner, indirect provider or indirect reseller.
    PartnerId = "partner id";
    /// An employee of a partner who signs in.
    PartnerUserId = "partner user id";
    /// The bond between an indirect provider and an indirect reseller.
    PartnershipId = "partnership id";
    /// One personalised invitation link.
    InvitationId = "invitation id";
    /// A company that a provider refers to a reseller.
    LeadId = "lead id";
    /// A company the partner sells to.
    CustomerId = "customer id";
    /// A user account inside a customer.
    CustomerUserId = "customer user id";
    /// A bought offer with a licence quantity.
    SubscriptionId = "subscription id";
    /// A submitted order.
    OrderId = "order id";
    /// An order in the making.
    CartId = "cart id";
    /// A product whose seats are assigned to users.
    SkuId = "SKU id";
    /// A list of devices of a customer.
    DeviceBatchId = "device list id";
    /// A device of a customer.
    DeviceId = "device id";
    /// A profile with which devices are set up.
    DeviceProfileId = "policy id";
    /// A confirmed agreement of a customer.
    AgreementId = "agreement id";
    /// Something that can be bought.
    OfferId = "offer id";
    /// A person (or contact) whose personal data can be erased as one.
    SubjectId = "subject id";
    /// A secret kept outside the log, such as the hash of a temporary password.
    CredentialId = "credential id";
    /// A bearer token; the id is not secret.
    TokenId = "token id";
    /// A program that acts for a partner, by itself or with one of its users.
    ApplicationId = "application id";
    /// A secret of an application; the id is not secret.
    ApplicationSecretId = "application secret id";
    /// A person who decides support requests for the installation.
    OperatorId = "operator id";
    /// A person who reads the history for a while and changes nothing.
    AuditorId = "auditor id";
    /// One recorded event.
    EventId = "event id";
    /// One atomic append; the idempotency key of a command.
    CommitId = "commit id";
    /// What belongs together across commands, requests and reactions.
    CorrelationId = "correlation id";
    /// One running partnerlog with one log.
    InstallationId = "installation id";
    /// A competency of a partner in the partner network.
    CompetencyId = "competency id";
    /// A benefit of a partner in the partner network.
    BenefitId = "benefit id";
    /// Something that keeps a service from working.
    IncidentId = "incident id";
    /// Where a partner is told of what happens.
    WebhookId = "webhook id";
    /// A secret that webhook deliveries are signed with; the id is not secret.
    WebhookSecretId = "webhook secret id";
    /// One damage that was found and made good.
    HealingId = "healing id";
}

impl From<OperatorId> for SubjectId {
    fn from(id: OperatorId) -> Self {
        Self::from_uuid(id.as_uuid())
    }
}

impl From<AuditorId> for SubjectId {
    fn from(id: AuditorId) -> Self {
        Self::from_uuid(id.as_uuid())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_in_any_case_and_with_blanks_around_it() {
        let id: CustomerId = " 01890A5D-AC96-774B-BCCE-B302099A8057 ".parse().unwrap();
        assert_eq!(id.to_string(), "01890a5d-ac96-774b-bcce-b302099a8057");
    }

    #[test]
    fn what_is_no_guid_is_refused_naming_the_kind() {
        let error = "42".parse::<CustomerId>().unwrap_err();
        assert!(error.to_string().contains("customer id"));
    }
}
