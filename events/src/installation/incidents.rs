//! Whether the services that are sold work: incidents, as operators tell of them.

use serde::{Deserialize, Serialize};

use super::InstallationEvent;
use crate::{
    ids::{IncidentId, SkuId},
    personal::Clear,
    time::Timestamp,
    values::{FriendlyName, IncidentNote},
};

/// How bad an incident is. Stored by order: new ones go to the end.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IncidentSeverity {
    /// Something is to be known, and everything works.
    Advisory,
    /// It works, but not as it should.
    Degraded,
    /// It does not work.
    Interrupted,
}

impl IncidentSeverity {
    /// Every severity, the mildest first.
    pub const ALL: [Self; 3] = [Self::Advisory, Self::Degraded, Self::Interrupted];

    /// The severity as commands and answers spell it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Advisory => "advisory",
            Self::Degraded => "degraded",
            Self::Interrupted => "interrupted",
        }
    }

    /// The severity as people read it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Advisory => "Advisory",
            Self::Degraded => "Service degraded",
            Self::Interrupted => "Service interrupted",
        }
    }

    /// The severity with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.name() == name)
    }
}

impl Clear for IncidentSeverity {}

events! {
    /// A service has not worked as it should since a moment.
    IncidentOpened = 0x0540 v 1 {
        /// The incident.
        clear incident_id: IncidentId,
        /// The product whose service it is.
        clear sku_id: SkuId,
        /// The product's name at that moment.
        clear service: FriendlyName,
        /// How bad it is.
        clear severity: IncidentSeverity,
        /// What it is, in a line.
        clear title: FriendlyName,
        /// What is known.
        clear note: IncidentNote,
        /// Since when.
        clear started_at: Timestamp,
    }
    /// More is known about an incident.
    IncidentUpdated = 0x0541 v 1 {
        /// The incident.
        clear incident_id: IncidentId,
        /// How bad it is now.
        clear severity: IncidentSeverity,
        /// What is known now.
        clear note: IncidentNote,
    }
    /// The service works again.
    IncidentResolved = 0x0542 v 1 {
        /// The incident.
        clear incident_id: IncidentId,
        /// What it was.
        clear note: IncidentNote,
    }
}

aggregate_events! {
    /// What happens to an incident of a service.
    IncidentEvent in InstallationEvent {
        IncidentOpened,
        IncidentUpdated,
        IncidentResolved,
    }
}
