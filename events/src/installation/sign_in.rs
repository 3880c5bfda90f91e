//! How the people of the installation sign in and out, fail to, choose their passwords, and what tokens they have.

use super::{InstallationAccount, InstallationEvent};
use crate::{
    ids::{CredentialId, TokenId},
    time::Timestamp,
};

events! {
    /// An operator or auditor signed in with name and password: a session began.
    AccountSignedIn = 0x0515 v 1 {
        /// Who it is.
        clear account: InstallationAccount,
        /// The token of the session; not secret.
        clear session_id: TokenId,
        /// When the session ends at the latest.
        clear expires_at: Timestamp,
    }
    /// An operator or auditor ended a session.
    AccountSignedOut = 0x0516 v 1 {
        /// Who it is.
        clear account: InstallationAccount,
        /// The session.
        clear session_id: TokenId,
    }
    /// Somebody gave a wrong password for an operator or auditor; too often in a row locks the account
    /// for a while.
    AccountSignInFailed = 0x0517 v 1 {
        /// Whose name was given.
        clear account: InstallationAccount,
        /// How often in a row by now.
        clear failures: u32,
        /// A failure before this moment counts to the same row.
        clear counted_until: Timestamp,
        /// Nobody signs in to the account before this moment, where this failure locked it.
        clear locked_until: Option<Timestamp>,
    }
    /// An operator or auditor chose its own password.
    AccountPasswordChanged = 0x0518 v 1 {
        /// Who it is.
        clear account: InstallationAccount,
        /// Where the hash of the password is kept, outside the log.
        clear credential_id: CredentialId,
        /// The session in which it was chosen, which goes on; every other session ended.
        clear session_id: Option<TokenId>,
    }
    /// A bearer token was made for an operator or auditor; its hash is kept outside the log.
    AccountTokenIssued = 0x0519 v 1 {
        /// The token; not secret.
        clear token_id: TokenId,
        /// As whom it acts.
        clear account: InstallationAccount,
        /// When it stops working.
        clear expires_at: Timestamp,
    }
    /// A bearer token of an operator or auditor stopped working.
    AccountTokenRevoked = 0x051a v 1 {
        /// The token.
        clear token_id: TokenId,
        /// As whom it acted.
        clear account: InstallationAccount,
    }
}

aggregate_events! {
    /// What happens when such a person signs in and out, and to what it signs in with.
    AccountSignInEvent in InstallationEvent {
        AccountSignedIn,
        AccountSignedOut,
        AccountSignInFailed,
        AccountPasswordChanged,
        AccountTokenIssued,
        AccountTokenRevoked,
    }
}
