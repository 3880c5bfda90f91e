//! What kind of service a product is.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::personal::Clear;

/// The family of services a product belongs to; some rules hold for one family only. Stored by
/// order: new families go to the end.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProductFamily {
    /// Mail, documents and meetings. Support and billing matters of its subscriptions are an admin
    /// agent's.
    #[serde(rename = "office_365")]
    Office365,
    /// Customer relations and enterprise planning.
    #[serde(rename = "dynamics_365")]
    Dynamics365,
    /// Reports, apps and flows.
    PowerPlatform,
    /// Devices, identities and security.
    EnterpriseMobility,
    /// Anything else.
    Other,
}

impl ProductFamily {
    /// Every family.
    pub const ALL: [Self; 5] = [
        Self::Office365,
        Self::Dynamics365,
        Self::PowerPlatform,
        Self::EnterpriseMobility,
        Self::Other,
    ];

    /// The family as files and answers spell it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Office365 => "office_365",
            Self::Dynamics365 => "dynamics_365",
            Self::PowerPlatform => "power_platform",
            Self::EnterpriseMobility => "enterprise_mobility",
            Self::Other => "other",
        }
    }

    /// The family as people read it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Office365 => "Office 365",
            Self::Dynamics365 => "Dynamics 365",
            Self::PowerPlatform => "Power Platform",
            Self::EnterpriseMobility => "Enterprise Mobility",
            Self::Other => "Other",
        }
    }
}

impl fmt::Display for ProductFamily {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.title())
    }
}

impl Clear for ProductFamily {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_is_written_as_it_is_named() {
        for family in ProductFamily::ALL {
            let written = serde_json::to_string(&family).unwrap();
            assert_eq!(written, format!("\"{}\"", family.name()));
        }
    }
}
