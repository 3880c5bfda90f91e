//! Whether a user account works or waits, deleted, for a restore.

use events::Timestamp;

/// The state of a partner user or a customer user. A purged user has no row any more.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UserState {
    /// The account works.
    Active,
    /// The account is deleted.
    Deleted {
        /// When it was.
        deleted_at: Timestamp,
        /// It can be restored strictly before this moment.
        restorable_until: Timestamp,
    },
}

impl UserState {
    /// True for an account that works.
    #[must_use]
    pub const fn is_active(self) -> bool {
        matches!(self, Self::Active)
    }

    /// True for an account that works, or can be restored at this moment: any other is not there
    /// any more, whether or not it has been purged.
    #[must_use]
    pub fn is_there_at(self, moment: Timestamp) -> bool {
        match self {
            Self::Active => true,
            Self::Deleted { restorable_until, .. } => moment < restorable_until,
        }
    }
}

/// How many users there are.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct UserCounts {
    /// Accounts that work.
    pub active: usize,
    /// Deleted accounts that are not purged, restorable or not.
    pub deleted: usize,
}
