//! How programs of others act for a partner: registered, given secrets, let act for a user, revoked.

use serde::{Deserialize, Serialize};

use super::PartnerEvent;
use crate::{
    ids::{ApplicationId, ApplicationSecretId, PartnerUserId, TokenId},
    personal::Clear,
    time::Timestamp,
    values::ApplicationName,
};

/// Why an application acts for a user no longer. Stored by order: new causes go to the end.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantEnd {
    /// A refresh token was presented that had been exchanged before: somebody has a copy.
    RefreshTokenReused,
}

impl Clear for GrantEnd {}

events! {
    /// An application was registered: a program that acts for the partner by itself, or for users of
    /// the partner.
    ApplicationRegistered = 0x01c0 v 1 {
        /// The application.
        clear application_id: ApplicationId,
        /// What it is called.
        clear name: ApplicationName,
    }
    /// An application got a secret, shown once; its hash is kept outside the log.
    ApplicationSecretAdded = 0x01c1 v 1 {
        /// The application.
        clear application_id: ApplicationId,
        /// The secret; the id is not secret.
        clear secret_id: ApplicationSecretId,
        /// When it stops working.
        clear expires_at: Timestamp,
        /// When the secrets until now stop working at the latest, where this one takes their place.
        clear others_until: Option<Timestamp>,
    }
    /// A secret of an application stopped working.
    ApplicationSecretRemoved = 0x01c2 v 1 {
        /// The application.
        clear application_id: ApplicationId,
        /// The secret.
        clear secret_id: ApplicationSecretId,
    }
    /// An application acts no longer, neither by itself nor for anybody.
    ApplicationRevoked = 0x01c3 v 1 {
        /// The application.
        clear application_id: ApplicationId,
    }
    /// Somebody gave a wrong secret for an application; too often in a row locks it for a while.
    ApplicationSignInFailed = 0x01c4 v 1 {
        /// The application that was named.
        clear application_id: ApplicationId,
        /// How often in a row by now.
        clear failures: u32,
        /// A failure before this moment counts to the same row.
        clear counted_until: Timestamp,
        /// No secret works before this moment, where this failure locked the application.
        clear locked_until: Option<Timestamp>,
    }
    /// An application may act for a user, with the user's rights.
    ApplicationGrantBegun = 0x01c5 v 1 {
        /// The application.
        clear application_id: ApplicationId,
        /// The user.
        clear user_id: PartnerUserId,
        /// The grant, which every token of it names.
        clear grant_id: TokenId,
        /// The refresh token that renews it; its hash is kept outside the log.
        clear refresh_id: TokenId,
        /// When it ends unless it is renewed before.
        clear expires_at: Timestamp,
    }
    /// A refresh token was exchanged for another, which alone renews the grant from now on.
    ApplicationGrantRenewed = 0x01c6 v 1 {
        /// The application.
        clear application_id: ApplicationId,
        /// The grant.
        clear grant_id: TokenId,
        /// The refresh token from now on; its hash is kept outside the log.
        clear refresh_id: TokenId,
        /// When the grant ends unless it is renewed before.
        clear expires_at: Timestamp,
    }
    /// An application acts for a user no longer.
    ApplicationGrantEnded = 0x01c7 v 1 {
        /// The application.
        clear application_id: ApplicationId,
        /// The grant.
        clear grant_id: TokenId,
        /// Why.
        clear cause: GrantEnd,
    }
}

aggregate_events! {
    /// What happens to the applications of a partner, and to what they may do for users.
    ApplicationEvent in PartnerEvent {
        ApplicationRegistered,
        ApplicationSecretAdded,
        ApplicationSecretRemoved,
        ApplicationRevoked,
        ApplicationSignInFailed,
        ApplicationGrantBegun,
        ApplicationGrantRenewed,
        ApplicationGrantEnded,
    }
}
