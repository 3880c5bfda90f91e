//! How far the sending of a letter has come, as answers say it: the same for every kind of letter.

use projections::LetterState;
use serde_json::{Value, json};

/// How far the sending of a letter has come.
pub(super) fn shown_sending(letter: LetterState) -> Value {
    match letter {
        LetterState::Draft => json!({ "status": "draft" }),
        LetterState::UnderWay { next_at, failed } => json!({
            "status": "underWay",
            "nextAttemptAt": next_at,
            "failedAttempts": failed.map_or(0, |(attempts, _)| attempts),
            "lastFailure": failed.map(|(_, reason)| reason),
        }),
        LetterState::Sent { at, route } => json!({ "status": "sent", "at": at, "route": route }),
        LetterState::GivenUp { at, attempts, reason } => json!({
            "status": "givenUp",
            "at": at,
            "failedAttempts": attempts,
            "lastFailure": reason,
        }),
    }
}
