//! Commands that depend on what the caller has seen: partial edits, and changes guarded by a tag.
//!
//! Both look at the read model while commands on the same aggregate queue behind them, and wait
//! until it shows what the command before them did: no edit is lost, and a tag that is good when it
//! is looked at is still good when the change is recorded.

use async_trait::async_trait;
use commands::{
    Customer, EditCustomerDetails, EditCustomerUser, Permission, Rejection, RenamedCustomerUser,
    RestoreCustomerUser,
};
use events::{CustomerId, CustomerUserId, CustomerUserProfile, Opened, StreamId};
use projections::ReadModel;

use super::{
    customer_details::DetailsChange,
    customer_shape::{Account, details_tag},
    reading::{open, readable},
    user_shape::{ProfileChange, WantedState},
};
use crate::{
    application::{CommandError, OnCustomer, Transaction, UseCase},
    auth::TemporaryPassword,
};

/// Gives the tag of a resource as it is now.
pub(super) type CurrentTag = Box<dyn Fn(&ReadModel) -> Option<String> + Send + Sync>;

/// A change that is made only if the resource is as the caller knows it.
pub(super) struct Unchanged {
    /// The customer.
    pub(super) customer: CustomerId,
    /// What the change requires, which is demanded before anything is told.
    pub(super) permission: Permission,
    /// The version the caller knows; `None` changes whatever is there.
    pub(super) known: Option<String>,
    /// The version there is.
    pub(super) current: CurrentTag,
    /// The change.
    pub(super) change: OnCustomer,
}

#[async_trait]
impl UseCase for Unchanged {
    fn name(&self) -> &'static str {
        self.change.name()
    }

    fn primary(&self) -> StreamId {
        self.customer.into()
    }

    async fn decide(&self, transaction: &mut Transaction<'_>) -> Result<(), CommandError> {
        transaction.authorise_for_customer(self.customer, self.permission).await?;
        if self.known.is_some() {
            let model = transaction.model_of::<Customer>(self.customer).await?;
            let now = (self.current)(&model);
            refuse_stale(self.known.as_ref(), now.as_ref())?;
        }
        self.change.decide(transaction).await
    }
}

/// Lets a change pass whose tag is current, or that has none; what is not there is not stale.
///
/// # Errors
/// When the tag is not current.
pub(super) fn refuse_stale(
    known: Option<&String>,
    now: Option<&String>,
) -> Result<(), CommandError> {
    match (known, now) {
        (Some(known), Some(now)) if known != now => Err(CommandError::Stale),
        (Some(_) | None, Some(_) | None) => Ok(()),
    }
}

/// A customer's details, changed in part or whole.
pub(super) struct EditDetails {
    /// The customer.
    pub(super) customer: CustomerId,
    /// The version the caller knows.
    pub(super) known: Option<String>,
    /// What is changed.
    pub(super) change: DetailsChange,
}

#[async_trait]
impl UseCase for EditDetails {
    fn name(&self) -> &'static str {
        "EditCustomerDetails"
    }

    fn primary(&self) -> StreamId {
        self.customer.into()
    }

    async fn decide(&self, transaction: &mut Transaction<'_>) -> Result<(), CommandError> {
        transaction.authorise_for_customer(self.customer, Permission::CustomersEdit).await?;
        let app = transaction.application;
        let model = transaction.model_of::<Customer>(self.customer).await?;
        let row = model.customers().get(self.customer).ok_or(Rejection::CustomerNotFound)?;
        refuse_stale(self.known.as_ref(), Some(&details_tag(row)))?;
        let known = Account::of(app, row).await?.details();
        let details = self.change.clone().onto(known).map_err(|_| not_readable())?;
        let command = EditCustomerDetails {
            company_name: details.company_name,
            country: details.country,
            culture: details.culture,
            language: details.language,
            contact: details.contact,
        };
        OnCustomer::new(self.customer, command).decide(transaction).await
    }
}

/// What a request changes about a user, all of it or nothing.
pub(super) struct ChangeUser {
    /// The customer.
    pub(super) customer: CustomerId,
    /// The user.
    pub(super) user: CustomerUserId,
    /// Another profile.
    pub(super) profile: ProfileChange,
    /// Another state: a deleted user is restored.
    pub(super) state: Option<WantedState>,
    /// Another password.
    pub(super) password: Option<TemporaryPassword>,
}

#[async_trait]
impl UseCase for ChangeUser {
    fn name(&self) -> &'static str {
        "ChangeCustomerUser"
    }

    fn primary(&self) -> StreamId {
        self.customer.into()
    }

    async fn decide(&self, transaction: &mut Transaction<'_>) -> Result<(), CommandError> {
        let permission = Permission::CustomerUsersManage;
        transaction.authorise_for_customer(self.customer, permission).await?;
        for step in self.steps(transaction).await? {
            step.decide(transaction).await?;
        }
        Ok(())
    }
}

impl ChangeUser {
    /// The commands that lead from what is there to what is wanted.
    async fn steps(&self, transaction: &Transaction<'_>) -> Result<Vec<OnCustomer>, CommandError> {
        let (app, user_id) = (transaction.application, self.user);
        let model = transaction.model_of::<Customer>(self.customer).await?;
        let row = model.customer_users().get(self.customer, user_id);
        let row = row.ok_or(Rejection::CustomerUserNotFound { user_id })?;
        if row.state.is_active() && self.state == Some(WantedState::Inactive) {
            return Err(Rejection::UserIsNotDeleted.into());
        }
        let change = self.changed_profile(&open(app, &row.profile).await?)?;
        let mut steps = Vec::new();
        if !row.state.is_active() && self.state == Some(WantedState::Active) {
            let renamed = change.map(|profile| RenamedCustomerUser {
                user_name: app.keys().user_name_hash(&profile.user_name),
                profile,
            });
            steps.push(self.on(RestoreCustomerUser { user_id, renamed }));
        } else if let Some(profile) = change {
            let user_name = app.keys().user_name_hash(&profile.user_name);
            steps.push(self.on(EditCustomerUser { user_id, user_name, profile }));
        } else if !row.state.is_active() {
            return Err(Rejection::UserIsDeleted.into());
        }
        if let Some(password) = &self.password {
            steps.push(OnCustomer::password_reset(self.customer, user_id, password)?);
        }
        Ok(steps)
    }

    /// The profile that is wanted, if it is another one.
    fn changed_profile(
        &self,
        known: &Opened<CustomerUserProfile>,
    ) -> Result<Option<CustomerUserProfile>, CommandError> {
        if self.profile.is_empty() {
            return Ok(None);
        }
        let known = readable(known).ok_or_else(not_readable)?;
        let wanted = self.profile.clone().onto(known.clone());
        Ok(Some(wanted).filter(|wanted| wanted != known))
    }

    fn on(&self, command: impl Into<commands::CustomerCommand>) -> OnCustomer {
        OnCustomer::new(self.customer, command)
    }
}

/// A partial edit needs the rest of the data, and it cannot be opened.
pub(super) fn not_readable() -> CommandError {
    CommandError::Unavailable("the data to be edited cannot be opened now".to_owned())
}
