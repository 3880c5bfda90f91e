//! The directory roles of a customer user, all of them at once.

use async_trait::async_trait;
use commands::{Customer, GrantDirectoryRole, Permission, Rejection, RevokeDirectoryRole};
use events::{CustomerId, CustomerUserId, DirectoryRole, StreamId};

use super::{CommandError, OnCustomer, Transaction, UseCase};

/// Gives a user these roles and takes what it holds besides, all of it or nothing: of two who choose
/// at the same time, the user has what one of them chose.
pub(crate) struct ChooseDirectoryRoles {
    /// The customer.
    pub(crate) customer: CustomerId,
    /// The user.
    pub(crate) user_id: CustomerUserId,
    /// Every role that the user is to hold.
    pub(crate) roles: Vec<DirectoryRole>,
}

#[async_trait]
impl UseCase for ChooseDirectoryRoles {
    fn name(&self) -> &'static str {
        "ChooseDirectoryRoles"
    }

    fn primary(&self) -> StreamId {
        self.customer.into()
    }

    async fn decide(&self, transaction: &mut Transaction<'_>) -> Result<(), CommandError> {
        let (customer, user_id) = (self.customer, self.user_id);
        transaction.authorise_for_customer(customer, Permission::DirectoryRolesManage).await?;
        let state = transaction.read::<Customer>(customer).await?.state;
        let user = state.user(user_id).ok_or(Rejection::CustomerUserNotFound { user_id })?;
        for role in DirectoryRole::ALL {
            let step = match (user.directory_roles.contains(&role), self.roles.contains(&role)) {
                (false, true) => OnCustomer::new(customer, GrantDirectoryRole { user_id, role }),
                (true, false) => OnCustomer::new(customer, RevokeDirectoryRole { user_id, role }),
                (true, true) | (false, false) => continue,
            };
            step.decide(transaction).await?;
        }
        Ok(())
    }
}
