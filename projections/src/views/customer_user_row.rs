//! What is known about one customer user, and which users a list wants.

use std::sync::Arc;

use events::{CustomerId, CustomerUserId, DomainName, SkuId, Timestamp};

use crate::{
    personal_handle::PersonalHandle,
    view::Contradiction,
    views::{held_roles::HeldDirectoryRoles, user_state::UserState},
};

/// A user account inside a customer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CustomerUserRow {
    /// The user.
    pub id: CustomerUserId,
    /// The customer.
    pub customer: CustomerId,
    /// User name, names, usage location and telephone number.
    pub profile: PersonalHandle,
    /// The domain part of the user name; shared by all users of the domain.
    pub domain: Arc<DomainName>,
    /// Whether the usage location is known.
    pub has_usage_location: bool,
    /// The products the user has a seat of, in the order of assignment; none while deleted.
    pub licenses: Box<[SkuId]>,
    /// The roles inside the company; kept while the user is deleted.
    pub directory_roles: HeldDirectoryRoles,
    /// When the account was made.
    pub created_at: Timestamp,
    /// Whether the account works.
    pub state: UserState,
}

/// Which users of a customer are wanted. The default wants all whose accounts work.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct CustomerUserFilter {
    /// Accounts that work, or deleted ones.
    pub deleted: bool,
    /// With at least one licence (`true`) or without any (`false`).
    pub licensed: Option<bool>,
    /// With a seat of this product.
    pub sku: Option<SkuId>,
    /// With a user name in this domain.
    pub domain: Option<DomainName>,
}

impl CustomerUserFilter {
    pub(crate) fn admits(&self, row: &CustomerUserRow) -> bool {
        row.state.is_active() != self.deleted
            && self.licensed.is_none_or(|licensed| row.licenses.is_empty() != licensed)
            && self.sku.is_none_or(|sku| row.licenses.contains(&sku))
            && self.domain.as_ref().is_none_or(|domain| *domain == *row.domain)
    }

    pub(crate) const fn is_by_state_only(&self) -> bool {
        self.licensed.is_none() && self.sku.is_none() && self.domain.is_none()
    }
}

impl CustomerUserRow {
    pub(crate) fn assign(&mut self, sku: SkuId) -> Result<(), Contradiction> {
        if self.licenses.contains(&sku) {
            return Err(Contradiction::wrong_state(self.id, "has that licence already"));
        }
        self.licenses = self.licenses.iter().copied().chain([sku]).collect();
        Ok(())
    }

    pub(crate) fn unassign(&mut self, sku: SkuId) -> Result<(), Contradiction> {
        if !self.licenses.contains(&sku) {
            return Err(Contradiction::wrong_state(self.id, "does not have that licence"));
        }
        self.licenses = self.licenses.iter().copied().filter(|held| *held != sku).collect();
        Ok(())
    }
}
