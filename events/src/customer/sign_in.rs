//! How a customer's users sign in and out, fail to, choose their passwords and use tokens.

use super::CustomerEvent;
use crate::{
    ids::{CredentialId, CustomerUserId, TokenId},
    time::Timestamp,
};

events! {
    /// A customer user signed in with name and password: a session began.
    CustomerUserSignedIn = 0x0360 v 1 {
        /// The user.
        clear user_id: CustomerUserId,
        /// The token of the session; not secret.
        clear session_id: TokenId,
        /// When the session ends at the latest.
        clear expires_at: Timestamp,
    }
    /// A customer user ended a session.
    CustomerUserSignedOut = 0x0361 v 1 {
        /// The user.
        clear user_id: CustomerUserId,
        /// The session.
        clear session_id: TokenId,
    }
    /// Somebody gave a wrong password for a customer user; too often in a row locks the account for a
    /// while.
    CustomerUserSignInFailed = 0x0362 v 1 {
        /// The user whose name was given.
        clear user_id: CustomerUserId,
        /// How often in a row by now.
        clear failures: u32,
        /// A failure before this moment counts to the same row.
        clear counted_until: Timestamp,
        /// Nobody signs in as the user before this moment, where this failure locked the account.
        clear locked_until: Option<Timestamp>,
    }
    /// A customer user chose its own password.
    CustomerUserPasswordChanged = 0x0363 v 1 {
        /// The user.
        clear user_id: CustomerUserId,
        /// Where the hash of the password is kept, outside the log.
        clear credential_id: CredentialId,
        /// The session in which it was chosen, which goes on; every other session ended.
        clear session_id: Option<TokenId>,
    }
    /// A bearer token was made for a customer user; its hash is kept outside the log.
    CustomerUserTokenIssued = 0x0364 v 1 {
        /// The token; not secret.
        clear token_id: TokenId,
        /// The user it acts as.
        clear user_id: CustomerUserId,
        /// When it stops working.
        clear expires_at: Timestamp,
    }
    /// A bearer token of a customer user stopped working.
    CustomerUserTokenRevoked = 0x0365 v 1 {
        /// The token.
        clear token_id: TokenId,
        /// The user it acted as.
        clear user_id: CustomerUserId,
    }
}

aggregate_events! {
    /// What happens when a customer's users sign in and out, and to what they sign in with.
    CustomerSignInEvent in CustomerEvent {
        CustomerUserSignedIn,
        CustomerUserSignedOut,
        CustomerUserSignInFailed,
        CustomerUserPasswordChanged,
        CustomerUserTokenIssued,
        CustomerUserTokenRevoked,
    }
}
