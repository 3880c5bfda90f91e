//! Bearer tokens: made for a user, by itself or by who manages it.

use events::{
    AccessTokenIssued, AccessTokenRevoked, PartnerEvent, PartnerUserId, Timestamp, TokenId,
};

use crate::{
    partner::{authority::Authority, state::PartnerState},
    rejection::Rejection,
};

/// Make a bearer token for a user.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct IssueToken {
    /// The new token.
    pub token_id: TokenId,
    /// The user it acts as.
    pub user_id: PartnerUserId,
    /// When it stops working.
    pub expires_at: Timestamp,
}

/// Stop a bearer token from working.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RevokeToken {
    /// The token.
    pub token_id: TokenId,
    /// The user it acts as.
    pub user_id: PartnerUserId,
}

/// A token acts as its user, so only a global admin makes one for a holder of an admin role — or
/// the holder itself.
pub(super) fn issue(
    state: &PartnerState,
    command: IssueToken,
    now: Timestamp,
    by: Authority,
) -> Result<Vec<PartnerEvent>, Rejection> {
    let IssueToken { token_id, user_id, expires_at } = command;
    let user = state.changeable_user(user_id)?;
    if !by.is_of(user_id) {
        by.may_touch(user)?;
    }
    if state.token(token_id).is_some() {
        return Err(Rejection::AlreadyExists { what: "token" });
    }
    if expires_at <= now {
        return Err(Rejection::ExpiryInThePast);
    }
    Ok(vec![AccessTokenIssued { token_id, user_id, expires_at }.into()])
}

pub(super) fn revoke(
    state: &PartnerState,
    command: RevokeToken,
) -> Result<Vec<PartnerEvent>, Rejection> {
    let RevokeToken { token_id, user_id } = command;
    match state.token(token_id) {
        Some(token) if token.user_id == user_id => {
            Ok(vec![AccessTokenRevoked { token_id, user_id }.into()])
        }
        Some(_) | None => Err(Rejection::TokenNotFound),
    }
}
