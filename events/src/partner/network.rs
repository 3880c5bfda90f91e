//! What a partner has in the partner network: competencies, benefits, and what its users can do.

use serde::{Deserialize, Serialize};

use super::PartnerEvent;
use crate::{
    ids::{BenefitId, CompetencyId, PartnerUserId},
    personal::{Clear, PersonalData},
    time::Timestamp,
    values::{FriendlyName, Quantity, SkillName},
};

/// How far a partner has come in a competency. Stored by order: new ones go to the end.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CompetencyLevel {
    /// It takes part.
    Member,
    /// It has proved itself.
    Silver,
    /// It is among the best.
    Gold,
}

impl CompetencyLevel {
    /// Every level, lowest first.
    pub const ALL: [Self; 3] = [Self::Member, Self::Silver, Self::Gold];

    /// The level as commands and answers spell it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Silver => "silver",
            Self::Gold => "gold",
        }
    }

    /// The level as people read it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Member => "Member",
            Self::Silver => "Silver",
            Self::Gold => "Gold",
        }
    }

    /// The level with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.name() == name)
    }
}

impl Clear for CompetencyLevel {}

/// Whether somebody says of itself to be able to do something, or passed an examination. Stored by
/// order: new ones go to the end.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SkillKind {
    /// Something it can do.
    Skill,
    /// Something it was examined in.
    Certification,
}

impl SkillKind {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::Skill, Self::Certification];

    /// The kind as commands and answers spell it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Skill => "skill",
            Self::Certification => "certification",
        }
    }
}

/// One thing a partner user can do.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all(serialize = "camelCase"))]
pub struct UserSkill {
    /// Whether it was examined in it.
    pub kind: SkillKind,
    /// What it is.
    pub name: SkillName,
}

/// What a partner user can do: all of it, as it says of itself.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct UserSkills {
    /// One by one, in the order of the user.
    pub skills: Vec<UserSkill>,
}

impl PersonalData for UserSkills {}

events! {
    /// A partner attained a competency in the partner network.
    CompetencyAttained = 0x0180 v 1 {
        /// The competency of this partner.
        clear competency_id: CompetencyId,
        /// What it is in.
        clear name: FriendlyName,
        /// How far it has come.
        clear level: CompetencyLevel,
        /// Since when.
        clear attained_at: Timestamp,
        /// It counts strictly before this moment.
        clear expires_at: Timestamp,
    }
    /// A competency was renewed, or is of another level.
    CompetencyChanged = 0x0181 v 1 {
        /// The competency.
        clear competency_id: CompetencyId,
        /// How far the partner has come.
        clear level: CompetencyLevel,
        /// It counts strictly before this moment.
        clear expires_at: Timestamp,
    }
    /// A competency was taken from the partner.
    CompetencyWithdrawn = 0x0182 v 1 {
        /// The competency.
        clear competency_id: CompetencyId,
    }
    /// A partner may use something as a benefit of its membership.
    BenefitGranted = 0x0183 v 1 {
        /// The benefit of this partner.
        clear benefit_id: BenefitId,
        /// What it is.
        clear name: FriendlyName,
        /// How many units there are.
        clear quantity: Quantity,
        /// It can be used strictly before this moment.
        clear expires_at: Timestamp,
    }
    /// Units of a benefit are used from now on.
    BenefitActivated = 0x0184 v 1 {
        /// The benefit.
        clear benefit_id: BenefitId,
        /// How many units more.
        clear quantity: Quantity,
    }
    /// Units of a benefit are used no longer, and available again.
    BenefitDeactivated = 0x0185 v 1 {
        /// The benefit.
        clear benefit_id: BenefitId,
        /// How many units fewer.
        clear quantity: Quantity,
    }
    /// A benefit was taken from the partner, with the units in use.
    BenefitWithdrawn = 0x0186 v 1 {
        /// The benefit.
        clear benefit_id: BenefitId,
    }
    /// What a user can do was entered, or changed.
    PartnerUserSkillsEdited = 0x0187 v 1 {
        /// The user.
        clear user_id: PartnerUserId,
        /// All it can do from now on.
        personal skills: UserSkills,
    }
}

aggregate_events! {
    /// What happens to the competencies, benefits and skills of a partner.
    NetworkEvent in PartnerEvent {
        CompetencyAttained,
        CompetencyChanged,
        CompetencyWithdrawn,
        BenefitGranted,
        BenefitActivated,
        BenefitDeactivated,
        BenefitWithdrawn,
        PartnerUserSkillsEdited,
    }
}
