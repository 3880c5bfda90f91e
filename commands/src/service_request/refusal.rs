//! Why a command on a service request is refused.

use events::{CountryCode, RequestStatus};

use crate::rejection::Row;

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
    /// Its line in the table of refusals.
    pub(crate) const fn row(&self) -> Row {
        match self {
            Self::NotFound => Row::not_found("service_request_not_found"),
            Self::StatusUnreachable { .. } => {
                Row::rule("request_status_unreachable").about("status")
            }
            Self::Over { .. } => Row::rule("request_over"),
            Self::OfAnotherKind { .. } => Row::rule("request_of_another_kind"),
            Self::NotVerified => Row::rule("elevation_not_verified"),
            Self::AlreadyVerified => Row::rule("elevation_already_verified"),
            Self::AlreadyGlobalAdmin => Row::rule("already_global_admin").about("user_id"),
            Self::IdentityMissing => Row::rule("identity_missing").about("identity"),
            Self::OrganizationMissing => Row::rule("organization_missing").about("organization"),
            Self::SubscriptionMissing => Row::rule("subscription_missing").about("subscription_id"),
            Self::LocationCount { .. } => Row::rule("location_count").about("locations"),
            Self::LocationTwice { .. } => Row::rule("location_twice").about("locations"),
            Self::TooManyNotes { .. } => Row::rule("too_many_notes").about("note"),
        }
    }
}
