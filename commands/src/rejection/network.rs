//! Why a command on what a partner has in the partner network is refused.

use events::Timestamp;

use super::RejectionKind;

/// Why a command on competencies, benefits or skills is refused.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NetworkRefusal {
    /// The partner has no such competency (any more).
    #[error("the competency is not known")]
    CompetencyNotFound,
    /// The partner has no such benefit (any more).
    #[error("the benefit is not known")]
    BenefitNotFound,
    /// The partner has a competency of this name already.
    #[error("the partner has this competency already: change it")]
    CompetencyHeld,
    /// A competency is attained before it is recorded.
    #[error("the competency cannot have been attained after now")]
    AttainedAhead,
    /// The benefit cannot be used any more.
    #[error("the benefit could be used until {expired_at}")]
    BenefitExpired {
        /// It could be used strictly before this moment.
        expired_at: Timestamp,
    },
    /// More units were to be used than are available.
    #[error("only {available} units of the benefit are available")]
    UnitsMissing {
        /// How many are.
        available: u32,
    },
    /// More units were to be given back than are in use.
    #[error("only {used} units of the benefit are in use")]
    UnitsNotInUse {
        /// How many are.
        used: u32,
    },
    /// More skills than a user can have.
    #[error("these are {count} skills, at most {limit} are possible")]
    TooManySkills {
        /// How many were named.
        count: usize,
        /// How many are possible.
        limit: usize,
    },
    /// A skill stands twice.
    #[error("each skill stands once")]
    SkillTwice,
}

impl NetworkRefusal {
    /// The stable name of the refusal.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::CompetencyNotFound => "competency_not_found",
            Self::BenefitNotFound => "benefit_not_found",
            Self::CompetencyHeld => "competency_held",
            Self::AttainedAhead => "attained_ahead",
            Self::BenefitExpired { .. } => "benefit_expired",
            Self::UnitsMissing { .. } => "benefit_units_missing",
            Self::UnitsNotInUse { .. } => "benefit_units_not_in_use",
            Self::TooManySkills { .. } => "too_many_skills",
            Self::SkillTwice => "skill_twice",
        }
    }

    /// The field of the command that is to blame.
    #[must_use]
    pub const fn field(&self) -> Option<&'static str> {
        match self {
            Self::CompetencyNotFound => Some("competency_id"),
            Self::BenefitNotFound => Some("benefit_id"),
            Self::CompetencyHeld => Some("name"),
            Self::AttainedAhead => Some("attained_at"),
            Self::BenefitExpired { .. } => None,
            Self::UnitsMissing { .. } | Self::UnitsNotInUse { .. } => Some("quantity"),
            Self::TooManySkills { .. } | Self::SkillTwice => Some("skills"),
        }
    }

    /// The sort of refusal.
    #[must_use]
    pub const fn kind(&self) -> RejectionKind {
        match self {
            Self::CompetencyNotFound | Self::BenefitNotFound => RejectionKind::NotFound,
            Self::CompetencyHeld => RejectionKind::Conflict,
            Self::AttainedAhead
            | Self::BenefitExpired { .. }
            | Self::UnitsMissing { .. }
            | Self::UnitsNotInUse { .. }
            | Self::TooManySkills { .. }
            | Self::SkillTwice => RejectionKind::Rule,
        }
    }
}
