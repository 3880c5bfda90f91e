//! Why a command on what a partner has in the partner network is refused.

use events::Timestamp;

use super::Row;

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
    /// Its line in the table of refusals.
    pub(crate) const fn row(&self) -> Row {
        match self {
            Self::CompetencyNotFound => {
                Row::not_found("competency_not_found").about("competency_id")
            }
            Self::BenefitNotFound => Row::not_found("benefit_not_found").about("benefit_id"),
            Self::CompetencyHeld => Row::conflict("competency_held").about("name"),
            Self::AttainedAhead => Row::rule("attained_ahead").about("attained_at"),
            Self::BenefitExpired { .. } => Row::rule("benefit_expired"),
            Self::UnitsMissing { .. } => Row::rule("benefit_units_missing").about("quantity"),
            Self::UnitsNotInUse { .. } => Row::rule("benefit_units_not_in_use").about("quantity"),
            Self::TooManySkills { .. } => Row::rule("too_many_skills").about("skills"),
            Self::SkillTwice => Row::rule("skill_twice").about("skills"),
        }
    }
}
