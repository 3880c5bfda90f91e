//! Passwords in requests and answers: chosen by the caller or generated, and shown once.

use events::Timestamp;
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::{
    auth::{ChosenPasswordError, TemporaryPassword, chosen_password, new_temporary_password},
    http::{ApiError, JsonBody},
};

/// The password of a `passwordProfile`, or a generated one where the caller chose none.
///
/// # Errors
/// When the password is not acceptable.
pub(super) async fn password(
    profile: Option<&JsonBody>,
    now: Timestamp,
) -> Result<TemporaryPassword, ApiError> {
    let chosen: Option<String> = match profile {
        Some(profile) => profile.plain("password")?,
        None => None,
    };
    match chosen.filter(|text| !text.is_empty()).map(SecretString::from) {
        None => Ok(new_temporary_password(now)?),
        Some(text) => chosen_password(text, now).await.map_err(|error| match error {
            ChosenPasswordError::Unacceptable(reason) => {
                ApiError::invalid("passwordProfile.password", reason.to_string())
            }
            ChosenPasswordError::Key(error) => error.into(),
        }),
    }
}

/// The `passwordProfile` of an answer: the password where the command was carried out now, and a
/// word that it was shown before where it was not.
pub(super) fn shown_password(password: &TemporaryPassword, replayed: bool) -> Value {
    if replayed {
        json!({ "forceChangePassword": true, "passwordState": "already_shown" })
    } else {
        json!({ "forceChangePassword": true, "password": password.reveal() })
    }
}
