//! What comes in the header of a request: a token of ours in either form, or one of an outside
//! issuer.

use super::{AuthError, Authenticated, BearerToken, access::RETIRED_AUDIENCE};
use crate::{
    application::Application,
    jwt::{Compact, unproved_issuer},
};

impl Application {
    /// Finds out who presents a token, whatever its form. What an issuer's token says of itself
    /// decides against whose keys it is held, and nothing else.
    ///
    /// # Errors
    /// When the token does not open the door.
    pub(crate) async fn authenticate_text(&self, text: &str) -> Result<Authenticated, AuthError> {
        let text = text.trim();
        if BearerToken::has_form_of(text) {
            return self.authenticate(&text.parse()?).await;
        }
        let token = Compact::read(text)?;
        let named = unproved_issuer(&token).unwrap_or_default();
        if let Some(outside) = self.access.outside().filter(|it| it.is_named(named)) {
            return self.authenticate_outside(outside, token).await;
        }
        let proved = self.prove_access(token)?;
        if proved.audience == RETIRED_AUDIENCE {
            return Err(AuthError::RetiredAudience);
        }
        self.alive(&proved).await
    }
}
