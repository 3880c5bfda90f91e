//! Letters with a link: open until they are sent, tried at most five times.

use commands::SendOutcome;
use projections::LetterState;

use super::Reasons;

/// How often a letter is tried.
const ATTEMPTS_MAX: u32 = 5;

/// How far the sending of a letter has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Letter {
    Open,
    UnderWay { failed: u32 },
    Sent,
}

impl Letter {
    pub(crate) fn is_under_way(self) -> bool {
        matches!(self, Self::UnderWay { .. })
    }

    /// What speaks against changing or sending it.
    pub(super) fn changes(self, no: &mut Reasons) {
        no.no_if(self == Self::Sent, "letter_sent");
        no.no_if(self.is_under_way(), "letter_under_way");
    }

    /// The letter after an attempt.
    pub(super) fn tried(self, outcome: SendOutcome) -> Self {
        match (outcome, self) {
            (SendOutcome::Sent(_), _) => Self::Sent,
            (SendOutcome::Failed(reason), Self::UnderWay { failed })
                if reason.may_pass() && failed + 1 < ATTEMPTS_MAX =>
            {
                Self::UnderWay { failed: failed + 1 }
            }
            (SendOutcome::Failed(_), _) => Self::Open,
        }
    }

    /// The letter as it is shown.
    pub(super) fn shown(state: LetterState) -> Self {
        match state {
            LetterState::Draft | LetterState::GivenUp { .. } => Self::Open,
            LetterState::UnderWay { failed, .. } => {
                Self::UnderWay { failed: failed.map_or(0, |(attempts, _)| attempts) }
            }
            LetterState::Sent { .. } => Self::Sent,
        }
    }
}
