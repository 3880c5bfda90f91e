//! Why a command on a service request is refused.

use events::{CountryCode, RequestStatus};

use crate::rejection::RejectionKind;

/// Why a command on a service request is refused. The text is a fragment for people; programs go by
/// the code.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ServiceRequestRefusal {
    /// The actor's partner has no such request, or the actor may not see it.
    #[error("service request not found")]
    NotFound,
    /// Neither this side nor this kind of request takes this step.
    #[error("the request cannot go from {} to {}", old.name(), new.name())]
    StatusUnreachable {
        /// Where it stands.
        old: RequestStatus,
        /// Where it should stand.
        new: RequestStatus,
    },
    /// The request is over.
    #[error("the request is {} already", status.name())]
    Over {
        /// Where it stands.
        status: RequestStatus,
    },
    /// The request asks for something else.
    #[error("the request is not one for {wanted}")]
    OfAnotherKind {
        /// What the command is for, in words.
        wanted: &'static str,
    },
    /// An operator verifies identity and organization before anybody is elevated.
    #[error("the request has not been verified")]
    NotVerified,
    /// The identity was verified before.
    #[error("the request has been verified already")]
    AlreadyVerified,
    /// Who is to be elevated is global admin.
    #[error("the user is global admin already")]
    AlreadyGlobalAdmin,
    /// Elevation is asked for without saying who the person is.
    #[error("the identity of the person to be elevated is required")]
    IdentityMissing,
    /// Elevation is asked for without proof of the organization.
    #[error("information about the organization is required")]
    OrganizationMissing,
    /// A question about a subscription or a bill does not say which.
    #[error("a question about a subscription or its bill names the subscription")]
    SubscriptionMissing,
    /// A public profile names no location, or too many.
    #[error("a profile has 1 to {limit} locations, not {count}")]
    LocationCount {
        /// How many it names.
        count: usize,
        /// How many are possible.
        limit: usize,
    },
    /// A public profile names a location twice.
    #[error("the location {country} is named twice")]
    LocationTwice {
        /// The location.
        country: CountryCode,
    },
    /// The request has as many notes as one may have.
    #[error("a request has at most {limit} notes; log another")]
    TooManyNotes {
        /// How many are possible.
        limit: usize,
    },
}

impl ServiceRequestRefusal {
    /// The stable name of the refusal.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "service_request_not_found",
            Self::StatusUnreachable { .. } => "request_status_unreachable",
            Self::Over { .. } => "request_over",
            Self::OfAnotherKind { .. } => "request_of_another_kind",
            Self::NotVerified => "elevation_not_verified",
            Self::AlreadyVerified => "elevation_already_verified",
            Self::AlreadyGlobalAdmin => "already_global_admin",
            Self::IdentityMissing => "identity_missing",
            Self::OrganizationMissing => "organization_missing",
            Self::SubscriptionMissing => "subscription_missing",
            Self::LocationCount { .. } => "location_count",
            Self::LocationTwice { .. } => "location_twice",
            Self::TooManyNotes { .. } => "too_many_notes",
        }
    }

    /// The field of the command that is to blame, where it is one field.
    #[must_use]
    pub const fn field(&self) -> Option<&'static str> {
        match self {
            Self::NotFound
            | Self::Over { .. }
            | Self::OfAnotherKind { .. }
            | Self::NotVerified
            | Self::AlreadyVerified => None,
            Self::StatusUnreachable { .. } => Some("status"),
            Self::AlreadyGlobalAdmin => Some("user_id"),
            Self::IdentityMissing => Some("identity"),
            Self::OrganizationMissing => Some("organization"),
            Self::SubscriptionMissing => Some("subscription_id"),
            Self::LocationCount { .. } | Self::LocationTwice { .. } => Some("locations"),
            Self::TooManyNotes { .. } => Some("note"),
        }
    }

    /// The sort of refusal.
    #[must_use]
    pub const fn kind(&self) -> RejectionKind {
        match self {
            Self::NotFound => RejectionKind::NotFound,
            Self::StatusUnreachable { .. }
            | Self::Over { .. }
            | Self::OfAnotherKind { .. }
            | Self::NotVerified
            | Self::AlreadyVerified
            | Self::AlreadyGlobalAdmin
            | Self::IdentityMissing
            | Self::OrganizationMissing
            | Self::SubscriptionMissing
            | Self::LocationCount { .. }
            | Self::LocationTwice { .. }
            | Self::TooManyNotes { .. } => RejectionKind::Rule,
        }
    }
}
