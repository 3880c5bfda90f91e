//! Passwords in requests and answers: chosen by the caller or generated, and shown once.

use secrecy::SecretString;
use serde_json::{Value, json};

use crate::{
    auth::TemporaryPassword,
    http::{ApiError, JsonBody},
};

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
pub(super) fn shown_password(password: Option<&TemporaryPassword>) -> Value {
    match password {
        Some(password) => json!({ "forceChangePassword": true, "password": password.reveal() }),
        None => json!({ "forceChangePassword": true, "passwordState": "already_shown" }),
    }
}
