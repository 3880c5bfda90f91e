//! How a partner's users sign in and out, fail to, choose their passwords, and what tokens they have.

use super::PartnerEvent;
use crate::{
    ids::{CredentialId, PartnerUserId, TokenId},
    time::Timestamp,
};

events! {
    /// A user signed in with name and password: a session began.
    PartnerUserSignedIn = 0x0120 v 1 {
        /// The user.
        clear user_id: PartnerUserId,
        /// The token of the session; not secret.
        clear session_id: TokenId,
        /// When the session ends at the latest.
        clear expires_at: Timestamp,
    }
    /// A user ended a session.
    PartnerUserSignedOut = 0x0121 v 1 {
        /// The user.
        clear user_id: PartnerUserId,
        /// The session.
        clear session_id: TokenId,
    }
    /// Somebody gave a wrong password for a user; too often in a row locks the account for a while.
    PartnerUserSignInFailed = 0x0122 v 1 {
        /// The user whose name was given.
        clear user_id: PartnerUserId,
        /// How often in a row by now.
        clear failures: u32,
        /// A failure before this moment counts to the same row.
        clear counted_until: Timestamp,
        /// Nobody signs in as the user before this moment, where this failure locked the account.
        clear locked_until: Option<Timestamp>,
    }
    /// A user chose its own password.
    PartnerUserPasswordChanged = 0x0123 v 1 {
        /// The user.
        clear user_id: PartnerUserId,
        /// Where the hash of the password is kept, outside the log.
        clear credential_id: CredentialId,
        /// The session in which it was chosen, which goes on; every other session ended.
        clear session_id: Option<TokenId>,
    }
    /// A bearer token was made for a user; its hash is kept outside the log.
    AccessTokenIssued = 0x010b v 1 {
        /// The token; not secret.
        clear token_id: TokenId,
        /// The user it acts as.
        clear user_id: PartnerUserId,
        /// When it stops working.
        clear expires_at: Timestamp,
    }
    /// A bearer token stopped working.
    AccessTokenRevoked = 0x010c v 1 {
        /// The token.
        clear token_id: TokenId,
        /// The user it acted as.
        clear user_id: PartnerUserId,
    }
}

aggregate_events! {
    /// What happens when a partner's users sign in and out, and to what they sign in with.
    PartnerSignInEvent in PartnerEvent {
        PartnerUserSignedIn,
        PartnerUserSignedOut,
        PartnerUserSignInFailed,
        PartnerUserPasswordChanged,
        AccessTokenIssued,
        AccessTokenRevoked,
    }
}
