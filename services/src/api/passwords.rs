//! Passwords in requests and answers: chosen by the caller or generated, and shown once.

use secrecy::SecretString;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    auth::TemporaryPassword,
    http::{ApiError, JsonBody},
};

/// The password of an account, in the answer that gives it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PasswordProfile {
    /// The first sign-in always demands another.
    force_change_password: bool,
    /// This once.
    #[schema(example = "Fuzu4-rolip-29")]
    password: Option<String>,
    /// `already_shown`, where the request is repeated (*own*).
    #[schema(value_type = Option<String>, example = "already_shown")]
    password_state: Option<&'static str>,
}

/// The password of an account, in a request.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
pub(super) struct WantedPassword {
    /// One is made where none is chosen.
    #[schema(example = "Harbour-Bridge-4711")]
    password: Option<String>,
}

/// The password of a `passwordProfile`; `None` where the caller chose none.
///
/// # Errors
/// When it is no text.
pub(super) fn chosen(profile: Option<&JsonBody>) -> Result<Option<SecretString>, ApiError> {
    let chosen: Option<String> = match profile {
        Some(profile) => profile.plain("password")?,
        None => None,
    };
    Ok(chosen.filter(|text| !text.is_empty()).map(SecretString::from))
}

/// Passwords of a partner's users open this program: they are always generated.
///
/// # Errors
/// When the caller chose one.
pub(super) fn refuse_chosen(body: &JsonBody) -> Result<(), ApiError> {
    let profile = body.object("passwordProfile")?;
    if profile.as_ref().is_some_and(|profile| profile.has("password")) {
        let reason = "cannot be chosen: it is generated and shown once in the answer";
        return Err(ApiError::invalid("passwordProfile.password", reason));
    }
    Ok(())
}

/// The `passwordProfile` of an answer: the password, or a word that it was shown before.
pub(super) fn shown_password(password: Option<&TemporaryPassword>) -> PasswordProfile {
    PasswordProfile {
        force_change_password: true,
        password: password.map(|password| password.reveal().to_owned()),
        password_state: password.is_none().then_some("already_shown"),
    }
}
