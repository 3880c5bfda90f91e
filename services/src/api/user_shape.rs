//! How is a customer's user shown, and how is it read from a request?

use events::{
    CountryCode, CustomerId, CustomerUserId, CustomerUserProfile, Opened, PersonName, PhoneNumber,
    Timestamp, UserName,
};
use projections::{CustomerUserRow, UserState};
use serde::Serialize;
use store::ReadError;
use utoipa::ToSchema;

use super::{
    filter::{Comparison, Operator},
    passwords::{PasswordProfile, WantedPassword},
    query::Query,
    reading::{open, personal_state, readable},
    shapes::{Attributes, SelfLinks},
    user_changes::LicenseRestored,
    words::Words,
};
use crate::{
    application::Application,
    http::{ApiError, BodyProblem, JsonBody},
};

/// A user of a customer.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CustomerUser {
    #[schema(value_type = Uuid)]
    id: CustomerUserId,
    user_principal_name: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    display_name: Option<String>,
    usage_location: Option<String>,
    phone_number: Option<String>,
    /// Why the user's data cannot be shown: `erased` or `unavailable` (*own*).
    #[schema(value_type = Option<String>, example = "erased")]
    personal_data: Option<&'static str>,
    #[schema(value_type = String, example = "none")]
    user_domain_type: &'static str,
    /// `active`, or `inactive` once it was deleted.
    #[schema(value_type = String, example = "active")]
    state: &'static str,
    /// When it was deleted.
    #[schema(value_type = Option<String>, format = DateTime)]
    soft_deletion_time: Option<Timestamp>,
    /// Until when a deleted user can be restored (*own*).
    #[schema(value_type = Option<String>, format = DateTime)]
    restorable_until: Option<Timestamp>,
    /// The new password, in the answer that gives it.
    pub(super) password_profile: Option<PasswordProfile>,
    /// What became of each licence of a user that was just restored (*own*).
    pub(super) licenses: Option<Vec<LicenseRestored>>,
    links: SelfLinks,
    attributes: Attributes,
}

/// A user of a customer, as it is to be. What an edit leaves out stays as it is.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
pub(super) struct CustomerUserChange {
    /// In one of the customer's domains; restores a deleted user under another name.
    user_principal_name: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    /// Made of the names where a new user has none.
    display_name: Option<String>,
    /// What licences need.
    usage_location: Option<String>,
    phone_number: Option<String>,
    /// `active` restores a deleted user.
    #[schema(example = "active")]
    state: Option<String>,
    /// Gives another password.
    password_profile: Option<WantedPassword>,
}

/// A new user of a customer.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
pub(super) struct NewCustomerUser {
    /// In one of the customer's domains, where no other user has it.
    user_principal_name: String,
    first_name: Option<String>,
    last_name: Option<String>,
    /// Made of the names where it is missing.
    display_name: Option<String>,
    /// What licences need.
    usage_location: Option<String>,
    phone_number: Option<String>,
    password_profile: Option<WantedPassword>,
}

/// The states of a user.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum WantedState {
    Active,
    Inactive,
}

impl WantedState {
    /// The state that the filter of a list asks for; without one, that of accounts that work.
    ///
    /// # Errors
    /// When the filter is about something else, or about no state.
    pub(super) fn of(query: &Query) -> Result<Self, ApiError> {
        let Some(filter) = Comparison::of(query)? else { return Ok(Self::Active) };
        let known = ["UserState", "UserStatus"];
        if known.iter().any(|field| filter.is(field, Operator::Equals)) {
            STATES.read(&filter.value)
        } else {
            Err(Comparison::unknown("UserState equals Active or Inactive"))
        }
    }
}

pub(super) const STATES: Words<WantedState> = Words {
    field: "state",
    all: &[("active", WantedState::Active), ("inactive", WantedState::Inactive)],
};

/// What a request says about a user's profile; `None` leaves a member as it is.
#[derive(Clone, Default)]
pub(super) struct ProfileChange {
    user_name: Option<UserName>,
    first_name: Option<PersonName>,
    last_name: Option<PersonName>,
    display_name: Option<PersonName>,
    usage_location: Option<CountryCode>,
    phone_number: Option<PhoneNumber>,
}

impl ProfileChange {
    /// Reads a user.
    ///
    /// # Errors
    /// When a member is not acceptable, naming it.
    pub(super) fn read(user: &JsonBody) -> Result<Self, ApiError> {
        Ok(Self {
            user_name: user.optional("userPrincipalName")?,
            first_name: user.optional("firstName")?,
            last_name: user.optional("lastName")?,
            display_name: user.optional("displayName")?,
            usage_location: user.optional("usageLocation")?,
            phone_number: user.optional("phoneNumber")?,
        })
    }

    /// The profile of a new user. A display name that is not given is made of the names.
    ///
    /// # Errors
    /// When there is no user name, or nothing to show the user by.
    pub(super) fn complete(self) -> Result<CustomerUserProfile, ApiError> {
        let missing = |field| ApiError::field(field, &BodyProblem::Missing);
        let names = [&self.first_name, &self.last_name].into_iter().flatten();
        let names: Vec<&str> = names.map(PersonName::as_str).collect();
        let shown = self.display_name.or_else(|| PersonName::new(&names.join(" ")).ok());
        Ok(CustomerUserProfile {
            user_name: self.user_name.ok_or_else(|| missing("userPrincipalName"))?,
            first_name: self.first_name,
            last_name: self.last_name,
            display_name: shown.ok_or_else(|| missing("displayName"))?,
            usage_location: self.usage_location,
            phone_number: self.phone_number,
        })
    }

    /// A known profile with the change.
    pub(super) fn onto(self, known: CustomerUserProfile) -> CustomerUserProfile {
        CustomerUserProfile {
            user_name: self.user_name.unwrap_or(known.user_name),
            first_name: self.first_name.or(known.first_name),
            last_name: self.last_name.or(known.last_name),
            display_name: self.display_name.unwrap_or(known.display_name),
            usage_location: self.usage_location.or(known.usage_location),
            phone_number: self.phone_number.or(known.phone_number),
        }
    }

    /// Whether nothing is to be changed.
    pub(super) const fn is_empty(&self) -> bool {
        self.user_name.is_none()
            && self.first_name.is_none()
            && self.last_name.is_none()
            && self.display_name.is_none()
            && self.usage_location.is_none()
            && self.phone_number.is_none()
    }
}

/// A user, to be shown.
pub(super) struct ShownUser {
    customer: CustomerId,
    id: CustomerUserId,
    profile: Opened<CustomerUserProfile>,
    state: UserState,
}

impl ShownUser {
    /// A user of the read model, its profile opened.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub(super) async fn of(app: &Application, row: &CustomerUserRow) -> Result<Self, ReadError> {
        Ok(Self {
            customer: row.customer,
            id: row.id,
            profile: open(app, &row.profile).await?,
            state: row.state,
        })
    }

    /// A user that was just created.
    pub(super) const fn new(
        customer: CustomerId,
        id: CustomerUserId,
        profile: CustomerUserProfile,
    ) -> Self {
        Self { customer, id, profile: Opened::Readable(profile), state: UserState::Active }
    }

    /// The profile, where it can be shown.
    pub(super) const fn profile(&self) -> Option<&CustomerUserProfile> {
        readable(&self.profile)
    }

    /// The user as a resource.
    pub(super) fn shown(&self) -> CustomerUser {
        let profile = readable(&self.profile);
        let (state, deleted_at, restorable_until) = state_words(self.state);
        let name = |name: Option<&PersonName>| name.map(ToString::to_string);
        let usage_location = profile.and_then(|profile| profile.usage_location.as_ref());
        let phone_number = profile.and_then(|profile| profile.phone_number.as_ref());
        CustomerUser {
            id: self.id,
            user_principal_name: profile.map(|profile| profile.user_name.to_string()),
            first_name: profile.and_then(|profile| name(profile.first_name.as_ref())),
            last_name: profile.and_then(|profile| name(profile.last_name.as_ref())),
            display_name: profile.map(|profile| profile.display_name.to_string()),
            usage_location: usage_location.map(ToString::to_string),
            phone_number: phone_number.map(ToString::to_string),
            personal_data: personal_state(&self.profile),
            user_domain_type: "none",
            state,
            soft_deletion_time: deleted_at,
            restorable_until,
            password_profile: None,
            licenses: None,
            links: SelfLinks::to(format!("/customers/{}/users/{}", self.customer, self.id)),
            attributes: Attributes::of("CustomerUser"),
        }
    }
}

/// How a state is spelled, since when the user is deleted, and until when it can be restored.
pub(super) const fn state_words(
    state: UserState,
) -> (&'static str, Option<Timestamp>, Option<Timestamp>) {
    match state {
        UserState::Active => ("active", None, None),
        UserState::Deleted { deleted_at, restorable_until } => {
            ("inactive", Some(deleted_at), Some(restorable_until))
        }
    }
}
