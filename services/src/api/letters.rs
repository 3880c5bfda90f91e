//! How far the sending of a letter has come, as answers say it: the same for every kind of letter.

use events::{MailFailure, MailRoute, Timestamp};
use projections::LetterState;
use serde::Serialize;
use utoipa::ToSchema;

/// How far the sending of a letter has come.
#[derive(Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct LetterSending {
    /// `draft`, `underWay`, `sent` or `givenUp`.
    #[schema(value_type = String, example = "draft")]
    status: &'static str,
    /// When it is tried next.
    #[schema(value_type = Option<String>, format = DateTime)]
    next_attempt_at: Option<Timestamp>,
    failed_attempts: Option<u32>,
    /// Why the last attempt failed.
    #[schema(value_type = Option<String>, example = "unreachable")]
    last_failure: Option<MailFailure>,
    /// When it was sent, or given up.
    #[schema(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
    /// How it went.
    #[schema(value_type = Option<String>, example = "smtp")]
    route: Option<MailRoute>,
}

/// How far the sending of a letter has come.
pub(super) fn shown_sending(letter: LetterState) -> LetterSending {
    match letter {
        LetterState::Draft => LetterSending { status: "draft", ..LetterSending::default() },
        LetterState::UnderWay { next_at, failed } => LetterSending {
            status: "underWay",
            next_attempt_at: Some(next_at),
            failed_attempts: Some(failed.map_or(0, |(attempts, _)| attempts)),
            last_failure: failed.map(|(_, reason)| reason),
            ..LetterSending::default()
        },
        LetterState::Sent { at, route } => LetterSending {
            status: "sent",
            at: Some(at),
            route: Some(route),
            ..LetterSending::default()
        },
        LetterState::GivenUp { at, attempts, reason } => LetterSending {
            status: "givenUp",
            at: Some(at),
            failed_attempts: Some(attempts),
            last_failure: Some(reason),
            ..LetterSending::default()
        },
    }
}
