//! Why a command on the health of services is refused.

use events::SkuId;

use super::RejectionKind;

/// Why a command on an incident is refused.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum IncidentRefusal {
    /// No such incident was opened.
    #[error("the incident is not known")]
    NotFound,
    /// The incident is over.
    #[error("the incident is resolved")]
    Resolved,
    /// Nothing is sold with this product.
    #[error("the catalogue has no product {sku_id}")]
    UnknownService {
        /// The product.
        sku_id: SkuId,
    },
    /// An incident is opened once it has begun.
    #[error("the incident cannot have started after now")]
    StartedAhead,
}

impl IncidentRefusal {
    /// The stable name of the refusal.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "incident_not_found",
            Self::Resolved => "incident_resolved",
            Self::UnknownService { .. } => "unknown_service",
            Self::StartedAhead => "started_ahead",
        }
    }

    /// The field of the command that is to blame.
    #[must_use]
    pub const fn field(&self) -> Option<&'static str> {
        match self {
            Self::NotFound => Some("incident_id"),
            Self::Resolved => None,
            Self::UnknownService { .. } => Some("sku_id"),
            Self::StartedAhead => Some("started_at"),
        }
    }

    /// The sort of refusal.
    #[must_use]
    pub const fn kind(&self) -> RejectionKind {
        match self {
            Self::NotFound => RejectionKind::NotFound,
            Self::Resolved | Self::UnknownService { .. } | Self::StartedAhead => {
                RejectionKind::Rule
            }
        }
    }
}
