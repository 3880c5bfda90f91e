//! Many users of a customer at once [our own style]: restored or given new passwords one by one,
//! deleted or licensed all together.

use std::collections::BTreeSet;

use axum::extract::State;
use commands::{
    BULK_USERS_MAX, DeleteCustomerUsers, Permission, Rejection, RestoreCustomerUser, UpdateLicenses,
};
use events::{
    CustomerEvent, CustomerId, CustomerUserEvent, CustomerUserId, Event, Position, SkuId, Timestamp,
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    licenses::{LicenseChange, LicenseToAssign, LicenseUpdate},
    passwords::{PasswordProfile, shown_password},
    shapes::{Attributes, Refusal},
    user_changes::{LicenseRestored, restored_licenses},
    wire::Answer,
    writing::Writer,
};
use crate::{
    application::{OnCustomer, Outcome},
    http::{ApiError, AppState, BodyProblem, JsonBody},
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(restore))
        .routes(routes!(delete))
        .routes(routes!(reset_passwords))
        .routes(routes!(update_licenses))
}

/// The users that something is done to.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct NamedUsers {
    /// At least one and at most 250.
    #[schema(value_type = Vec<Uuid>, min_items = 1, max_items = 250)]
    user_ids: Vec<CustomerUserId>,
}

/// The licences that users get and lose.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct LicensesOfUsers {
    /// At least one and at most 250.
    #[schema(value_type = Vec<Uuid>, min_items = 1, max_items = 250)]
    user_ids: Vec<CustomerUserId>,
    licenses_to_assign: Option<Vec<LicenseToAssign>>,
    /// Products.
    #[schema(value_type = Option<Vec<Uuid>>, example = json!([]))]
    licenses_to_remove: Option<Vec<SkuId>>,
}

/// What was done to several users, each with its outcome.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct UserOutcomes {
    total_count: usize,
    /// In the order of the request.
    items: Vec<UserOutcome>,
    attributes: Attributes,
}

/// What was done to one of several users.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct UserOutcome {
    #[schema(value_type = Uuid)]
    user_id: CustomerUserId,
    /// `restored`, `reset`, `deleted` or `refused`.
    #[schema(value_type = String, example = "restored")]
    status: &'static str,
    /// What became of each licence of a user that was restored.
    licenses: Option<Vec<LicenseRestored>>,
    /// The new password, this once.
    password_profile: Option<PasswordProfile>,
    /// Until when a user that was deleted can be restored.
    #[schema(value_type = Option<String>, format = DateTime)]
    restorable_until: Option<Timestamp>,
    /// The licences that a user that was deleted gave back.
    #[schema(value_type = Option<Vec<Uuid>>)]
    licenses_returned: Option<Vec<SkuId>>,
    /// Why nothing was done.
    #[schema(value_type = Option<Refusal>)]
    error: Option<Value>,
}

impl UserOutcome {
    const fn of(user_id: CustomerUserId, status: &'static str) -> Self {
        Self {
            user_id,
            status,
            licenses: None,
            password_profile: None,
            restorable_until: None,
            licenses_returned: None,
            error: None,
        }
    }

    /// Nothing was done, for a reason that is the caller's; another ends the whole request.
    fn refused(user_id: CustomerUserId, error: ApiError) -> Result<Self, ApiError> {
        if error.status.is_client_error() {
            Ok(Self { error: Some(error.shown()), ..Self::of(user_id, "refused") })
        } else {
            Err(error)
        }
    }
}

/// What was assigned to and removed from several users.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct LicenseUpdateOfUsers {
    #[schema(value_type = Vec<Uuid>)]
    user_ids: Vec<CustomerUserId>,
    #[serde(flatten)]
    update: LicenseUpdate,
}

/// The users a request names: each once, in its order, at least one and not too many.
fn named_users(body: &JsonBody) -> Result<Vec<CustomerUserId>, ApiError> {
    let mut seen = BTreeSet::new();
    let mut users: Vec<CustomerUserId> = body.texts("userIds")?;
    users.retain(|user| seen.insert(*user));
    if users.is_empty() {
        return Err(ApiError::field("userIds", &BodyProblem::Missing));
    }
    if users.len() > BULK_USERS_MAX {
        let (count, limit) = (users.len(), BULK_USERS_MAX);
        return Err((&Rejection::TooManyUsers { count, limit }).into());
    }
    Ok(users)
}

/// What became of the users that something is done to one by one.
struct OneByOne {
    position: Position,
    items: Vec<UserOutcome>,
}

impl OneByOne {
    /// The users that a request names, once it is settled that the caller manages them.
    async fn begin(
        app: &AppState,
        writer: &Writer<(CustomerId,)>,
    ) -> Result<(Vec<CustomerUserId>, Self), ApiError> {
        let users = named_users(&writer.body)?;
        let principal = writer.caller.principal();
        app.allow_customer(principal, writer.ids.0, Permission::CustomerUsersManage).await?;
        let (position, items) = (app.models().current().position(), Vec::new());
        Ok((users, Self { position, items }))
    }

    /// Notes what became of the next user, and how far the log goes with it.
    fn note(
        &mut self,
        user_id: CustomerUserId,
        done: Result<(Position, UserOutcome), ApiError>,
    ) -> Result<(), ApiError> {
        let item = match done {
            Ok((position, item)) => {
                self.position = self.position.max(position);
                item
            }
            Err(error) => UserOutcome::refused(user_id, error)?,
        };
        self.items.push(item);
        Ok(())
    }

    fn answer(self) -> Answer {
        Answer::ok(self.position, outcomes(self.items))
    }
}

/// Restores users in the order of the request, each with an outcome of its own (*own*).
#[utoipa::path(
    post,
    path = "/v1/customers/{customer}/users/restore",
    tag = "Users",
    request_body = NamedUsers,
    responses((status = OK, description = "The outcomes.", body = UserOutcomes))
)]
async fn restore(
    State(app): State<AppState>,
    writer: Writer<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let (customer,) = writer.ids;
    let (users, mut done) = OneByOne::begin(&app, &writer).await?;
    for user_id in users {
        let command = RestoreCustomerUser { user_id, renamed: None };
        let use_case = OnCustomer::new(customer, command);
        let restored = writer.execute_part(&app, &user_id.to_string(), &use_case).await;
        done.note(
            user_id,
            restored.map(|outcome| {
                let licenses = restored_licenses(&outcome);
                (outcome.position, UserOutcome { licenses, ..UserOutcome::of(user_id, "restored") })
            }),
        )?;
    }
    Ok(done.answer())
}

/// Gives users new temporary passwords, each with an outcome of its own (*own*).
#[utoipa::path(
    post,
    path = "/v1/customers/{customer}/users/resetpassword",
    tag = "Users",
    request_body = NamedUsers,
    responses((status = OK, description = "The outcomes.", body = UserOutcomes))
)]
async fn reset_passwords(
    State(app): State<AppState>,
    writer: Writer<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let (customer,) = writer.ids;
    let (users, mut done) = OneByOne::begin(&app, &writer).await?;
    for user_id in users {
        let call = writer.call_part(&app, &user_id.to_string())?;
        let reset = app.reset_customer_user_password(&call, customer, user_id, None).await;
        done.note(
            user_id,
            reset.map_err(ApiError::from).map(|reset| {
                let password_profile = Some(shown_password(reset.password.as_ref()));
                let outcome = UserOutcome { password_profile, ..UserOutcome::of(user_id, "reset") };
                (reset.outcome.position, outcome)
            }),
        )?;
    }
    Ok(done.answer())
}

/// Deletes users, all of them or none (*own*).
#[utoipa::path(
    post,
    path = "/v1/customers/{customer}/users/delete",
    tag = "Users",
    request_body = NamedUsers,
    responses((status = OK, description = "The outcomes.", body = UserOutcomes))
)]
async fn delete(
    State(app): State<AppState>,
    writer: Writer<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let (customer,) = writer.ids;
    let command = DeleteCustomerUsers { user_ids: named_users(&writer.body)? };
    let outcome = writer.execute(&app, &OnCustomer::new(customer, command)).await?;
    let deleted: Vec<UserOutcome> = outcome
        .events
        .iter()
        .filter_map(|event| match event {
            Event::Customer(CustomerEvent::User(CustomerUserEvent::CustomerUserDeleted(event))) => {
                Some(UserOutcome {
                    restorable_until: Some(event.restorable_until),
                    licenses_returned: Some(event.licenses_returned.clone()),
                    ..UserOutcome::of(event.user_id, "deleted")
                })
            }
            _ => None,
        })
        .collect();
    Ok(Answer::ok(outcome.position, outcomes(deleted)))
}

const fn outcomes(items: Vec<UserOutcome>) -> UserOutcomes {
    UserOutcomes { total_count: items.len(), items, attributes: Attributes::of("Collection") }
}

/// Assigns and removes licences of many users, all of it or nothing (*own*).
#[utoipa::path(
    post,
    path = "/v1/customers/{customer}/licenseupdates",
    tag = "Licences",
    request_body = LicensesOfUsers,
    responses((status = CREATED, description = "What was done.", body = LicenseUpdateOfUsers))
)]
async fn update_licenses(
    State(app): State<AppState>,
    writer: Writer<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let (customer,) = writer.ids;
    let user_ids = named_users(&writer.body)?;
    let change = LicenseChange::read(&writer.body)?;
    let command = UpdateLicenses {
        user_ids: user_ids.clone(),
        assign: change.assign.clone(),
        remove: change.remove.clone(),
    };
    let outcome: Outcome = writer.execute(&app, &OnCustomer::new(customer, command)).await?;
    let body = LicenseUpdateOfUsers { user_ids, update: change.shown() };
    Ok(Answer::created(outcome.position, body))
}
