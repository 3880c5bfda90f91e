//! Why a command on the health of services is refused.

use events::SkuId;

use super::Row;

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
    /// Its line in the table of refusals.
    pub(crate) const fn row(&self) -> Row {
        match self {
            Self::NotFound => Row::not_found("incident_not_found").about("incident_id"),
            Self::Resolved => Row::rule("incident_resolved"),
            Self::UnknownService { .. } => Row::rule("unknown_service").about("sku_id"),
            Self::StartedAhead => Row::rule("started_ahead").about("started_at"),
        }
    }
}
