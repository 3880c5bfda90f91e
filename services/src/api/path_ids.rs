//! The identifiers in a path, each with the error the contract has for a bad one.

use axum::{
    extract::{FromRequestParts, RawPathParams},
    http::{StatusCode, request::Parts},
};
use events::{
    ApplicationId, ApplicationSecretId, BenefitId, CartId, CompetencyId, CorrelationId,
    CountryCode, CustomerId, CustomerUserId, DeviceBatchId, DeviceId, DeviceProfileId,
    DirectoryRole, DomainName, IncidentId, InvalidValue, InvitationId, LeadId, Locale, OfferId,
    OrderId, PartnerId, PartnerUserId, PartnershipId, Role, ServiceRequestId, SubscriptionId,
    TokenId,
};
use projections::InvoiceId;
use uuid::Uuid;

use super::{query::Query, words::same_word};
use crate::http::ApiError;

/// What can stand in a path.
pub(super) trait PathId: Sized {
    /// Reads one segment.
    fn read(text: &str) -> Result<Self, ApiError>;
}

/// The identifiers in the path of a request, in their order.
pub(super) struct Ids<T>(pub(super) T);

macro_rules! path_ids {
    ($($id:ty = $status:ident, $code:literal;)+) => {$(
        impl PathId for $id {
            fn read(text: &str) -> Result<Self, ApiError> {
                text.parse().map_err(|error: events::ParseIdError| {
                    ApiError::new(StatusCode::$status, $code, error.to_string())
                        .with_data(["invalid_field".to_owned(), error.kind.to_owned()])
                })
            }
        }
    )+};
}

path_ids! {
    CustomerId = BAD_REQUEST, 900_118;
    CustomerUserId = BAD_REQUEST, 2000;
    SubscriptionId = BAD_REQUEST, 2000;
    CorrelationId = BAD_REQUEST, 2000;
    // Order ids of the contract may be any text: what is no id of ours is not found.
    OrderId = NOT_FOUND, 20_000;
    CartId = NOT_FOUND, 800_008;
    OfferId = BAD_REQUEST, 2100;
    PartnerId = BAD_REQUEST, 2000;
    PartnerUserId = BAD_REQUEST, 2000;
    PartnershipId = BAD_REQUEST, 2000;
    LeadId = BAD_REQUEST, 2000;
    DeviceBatchId = BAD_REQUEST, 2000;
    DeviceId = BAD_REQUEST, 2000;
    DeviceProfileId = BAD_REQUEST, 2000;
    TokenId = BAD_REQUEST, 2000;
    ApplicationId = BAD_REQUEST, 2000;
    ApplicationSecretId = BAD_REQUEST, 2000;
    InvitationId = BAD_REQUEST, 2000;
    CompetencyId = BAD_REQUEST, 2000;
    BenefitId = BAD_REQUEST, 2000;
    IncidentId = BAD_REQUEST, 2000;
}

impl PathId for ServiceRequestId {
    fn read(text: &str) -> Result<Self, ApiError> {
        text.parse().map_err(|error: InvalidValue| ApiError::invalid(error.kind, error.reason))
    }
}

impl PathId for InvoiceId {
    fn read(text: &str) -> Result<Self, ApiError> {
        text.parse().map_err(|_| ApiError::not_found("there is no such invoice"))
    }
}

impl PathId for Locale {
    fn read(text: &str) -> Result<Self, ApiError> {
        text.parse().map_err(|error: InvalidValue| ApiError::invalid("agentLocale", error.reason))
    }
}

impl PathId for DomainName {
    fn read(text: &str) -> Result<Self, ApiError> {
        text.parse().map_err(|error: InvalidValue| ApiError::invalid("domain", error.reason))
    }
}

impl PathId for CountryCode {
    fn read(text: &str) -> Result<Self, ApiError> {
        text.parse().map_err(|error: InvalidValue| ApiError::invalid("country", error.reason))
    }
}

impl PathId for DirectoryRole {
    fn read(text: &str) -> Result<Self, ApiError> {
        let id = Uuid::try_parse(text.trim()).ok();
        id.and_then(Self::from_template_id).ok_or_else(|| unknown_role("a customer"))
    }
}

impl PathId for Role {
    /// Reads the id of a role, or its name.
    fn read(text: &str) -> Result<Self, ApiError> {
        role(text).ok_or_else(|| unknown_role("partner users"))
    }
}

/// The role with this id or name.
pub(super) fn role(text: &str) -> Option<Role> {
    let by_id = Uuid::try_parse(text.trim()).ok().and_then(Role::from_id);
    by_id.or_else(|| Role::ALL.into_iter().find(|role| same_word(role.name(), text)))
}

fn unknown_role(of: &str) -> ApiError {
    ApiError::not_found(format!("there is no such role of {of}"))
        .with_data(["role_not_found".to_owned(), "roleId".to_owned()])
}

/// The identifier in a parameter, where older clients of the contract put it instead of the path.
///
/// # Errors
/// When it is missing or malformed.
pub(super) fn named<T: PathId>(query: &Query, parameter: &str) -> Result<T, ApiError> {
    T::read(query.required(parameter)?)
}

/// Takes the next segment of a path.
fn next<'a, T: PathId>(segments: &mut impl Iterator<Item = &'a str>) -> Result<T, ApiError> {
    segments.next().map_or_else(|| Err(ApiError::internal()), T::read)
}

/// Identifiers in the order in which they stand in a path.
pub(super) trait PathIds: Sized {
    /// Reads the segments.
    fn read<'a>(segments: impl Iterator<Item = &'a str>) -> Result<Self, ApiError>;
}

impl PathIds for () {
    fn read<'a>(_: impl Iterator<Item = &'a str>) -> Result<Self, ApiError> {
        Ok(())
    }
}

impl<A: PathId> PathIds for (A,) {
    fn read<'a>(mut segments: impl Iterator<Item = &'a str>) -> Result<Self, ApiError> {
        Ok((next(&mut segments)?,))
    }
}

impl<A: PathId, B: PathId> PathIds for (A, B) {
    fn read<'a>(mut segments: impl Iterator<Item = &'a str>) -> Result<Self, ApiError> {
        Ok((next(&mut segments)?, next(&mut segments)?))
    }
}

impl<A: PathId, B: PathId, C: PathId> PathIds for (A, B, C) {
    fn read<'a>(mut segments: impl Iterator<Item = &'a str>) -> Result<Self, ApiError> {
        Ok((next(&mut segments)?, next(&mut segments)?, next(&mut segments)?))
    }
}

impl<A: PathId, B: PathId, C: PathId, D: PathId> PathIds for (A, B, C, D) {
    fn read<'a>(mut segments: impl Iterator<Item = &'a str>) -> Result<Self, ApiError> {
        let (a, b) = (next(&mut segments)?, next(&mut segments)?);
        Ok((a, b, next(&mut segments)?, next(&mut segments)?))
    }
}

impl<S: Send + Sync, T: PathIds> FromRequestParts<S> for Ids<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let segments = RawPathParams::from_request_parts(parts, state).await;
        let segments = segments.map_err(|_| ApiError::malformed("the path is not UTF-8"))?;
        T::read(segments.iter().map(|(_, text)| text)).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T: PathIds>(segments: &[&str]) -> Result<T, ApiError> {
        T::read(segments.iter().copied())
    }

    #[test]
    fn a_malformed_customer_id_has_its_own_code() {
        let error = read::<(CustomerId,)>(&["42"]).unwrap_err();
        assert_eq!((error.status, error.code), (StatusCode::BAD_REQUEST, 900_118));
    }

    #[test]
    fn ids_are_read_in_order_and_with_blanks_around_them() {
        let id = "01890A5D-AC96-774B-BCCE-B302099A8057";
        let (customer, user): (CustomerId, CustomerUserId) =
            read(&[&format!("{id} "), id]).unwrap();
        assert_eq!(customer.as_uuid(), user.as_uuid());
    }

    #[test]
    fn a_role_is_known_by_its_id_or_its_name_and_another_is_not_found() {
        let by_id = read::<(Role,)>(&[&Role::AdminAgent.id().to_string()]).unwrap();
        let by_name = read::<(Role,)>(&["adminAgent"]).unwrap();
        assert_eq!((by_id, by_name), ((Role::AdminAgent,), (Role::AdminAgent,)));
        assert_eq!(read::<(Role,)>(&["owner"]).unwrap_err().status, StatusCode::NOT_FOUND);
    }
}
