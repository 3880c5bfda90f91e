//! The one place that turns errors into HTTP answers. Internal text never leaves the process.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use commands::{Rejection, RejectionKind, SaleRejection, ServiceRequestRefusal, WebhookRefusal};
use serde_json::json;
use store::ReadError;

use super::TooManyRequests;
use crate::{
    application::{CommandError, FixedPart},
    auth::AuthError,
    keys::KeyError,
};

/// The longest description of an error, in characters.
const DESCRIPTION_CHARACTERS_MAX: usize = 1_024;
/// When to repeat what could not be served just now, in seconds.
const BUSY_SECONDS: u64 = 1;
/// When another test of a webhook is possible at the latest, in seconds.
const TEST_SECONDS: u64 = 60;
/// Who says so, in the error body.
const SOURCE: &str = "PartnerFD";

/// An error as the wire contract shapes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ApiError {
    /// The HTTP status.
    pub(crate) status: StatusCode,
    /// The number of the error in the contract's table.
    pub(crate) code: u32,
    /// What is wrong, in a sentence for people.
    pub(crate) description: String,
    /// What is wrong, for programs: the stable name of the refusal, the field.
    pub(crate) data: Vec<String>,
    /// After how many seconds the same request may be good, where that is known.
    pub(crate) retry_after_seconds: Option<u64>,
}

/// What is wrong with a field of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum BodyProblem {
    /// It must be there.
    Missing,
    /// It is there and wrong.
    Invalid(String),
}

impl ApiError {
    /// An error of the contract's table.
    #[must_use]
    pub(crate) fn new(status: StatusCode, code: u32, description: impl Into<String>) -> Self {
        Self {
            status,
            code,
            description: description.into(),
            data: Vec::new(),
            retry_after_seconds: None,
        }
    }

    /// Adds what programs read.
    #[must_use]
    pub(crate) fn with_data(mut self, data: impl IntoIterator<Item = String>) -> Self {
        self.data.extend(data);
        self
    }

    /// No token came with the request.
    #[must_use]
    pub(crate) fn token_missing() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            800_001,
            "a bearer token is required in the Authorization header",
        )
    }

    /// The caller has a temporary password and must choose another before anything else.
    #[must_use]
    pub(crate) fn password_must_change() -> Self {
        let description = "the password is temporary: choose another with POST /v1/password first";
        Self::new(StatusCode::FORBIDDEN, 900_150, description)
            .with_data(["password_must_change".to_owned()])
    }

    /// Names the field `known` as this resource spells it, where that is the field that is wrong.
    #[must_use]
    pub(crate) fn with_field_called(mut self, known: &str, here: &str) -> Self {
        if let Some(field) = self.data.get_mut(1).filter(|field| *field == known) {
            here.clone_into(field);
        }
        self
    }

    /// A field of the request is missing.
    #[must_use]
    pub(crate) fn missing(field: &str) -> Self {
        Self::field(field, &BodyProblem::Missing)
    }

    /// A field of the request is missing or wrong.
    #[must_use]
    pub(crate) fn field(field: &str, problem: &BodyProblem) -> Self {
        let (code, reason) = match problem {
            BodyProblem::Missing => (2001, "is required".to_owned()),
            BodyProblem::Invalid(reason) => (2000, reason.clone()),
        };
        Self::new(StatusCode::BAD_REQUEST, code, format!("{field} {reason}"))
            .with_data(["invalid_field".to_owned(), field.to_owned()])
    }

    /// A field of the request is wrong for this reason, which completes "*field* ...".
    #[must_use]
    pub(crate) fn invalid(field: &str, reason: impl Into<String>) -> Self {
        Self::field(field, &BodyProblem::Invalid(reason.into()))
    }

    /// The request as a whole is malformed.
    #[must_use]
    pub(crate) fn malformed(description: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, 2000, description)
    }

    /// There is no such thing.
    #[must_use]
    pub(crate) fn not_found(description: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, 1000, description)
    }

    /// Something went wrong here; the log tells what.
    #[must_use]
    pub(crate) fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            800_003,
            "something went wrong on our side; it has been logged",
        )
    }

    /// The error as the body of an answer holds it.
    #[must_use]
    pub(crate) fn shown(&self) -> serde_json::Value {
        let description: String =
            self.description.chars().take(DESCRIPTION_CHARACTERS_MAX).collect();
        if self.status == StatusCode::TOO_MANY_REQUESTS {
            // The contract's one error of another shape.
            return json!({ "statusCode": self.status.as_u16(), "message": description });
        }
        json!({
            "code": self.code,
            "description": description,
            "data": self.data,
            "source": SOURCE,
        })
    }

    /// More is asked at once than is served.
    #[must_use]
    pub(crate) fn busy() -> Self {
        Self::unavailable("too much is asked at once; repeat it with the same request id")
    }

    fn unavailable(description: &str) -> Self {
        let error = Self::new(StatusCode::SERVICE_UNAVAILABLE, 800_003, description);
        Self { retry_after_seconds: Some(BUSY_SECONDS), ..error }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.shown())).into_response();
        let content_type = HeaderValue::from_static("application/json; charset=utf-8");
        response.headers_mut().insert(header::CONTENT_TYPE, content_type);
        // What is refused can name people, as any answer can.
        let not_stored = HeaderValue::from_static("no-store");
        response.headers_mut().insert(header::CACHE_CONTROL, not_stored);
        if self.status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Bearer");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, scheme);
        }
        if let Some(seconds) = self.retry_after_seconds {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<AuthError> for ApiError {
    fn from(error: AuthError) -> Self {
        match error {
            AuthError::RetiredAudience => {
                Self::new(StatusCode::UNAUTHORIZED, 900_420, error.to_string())
            }
            AuthError::Malformed
            | AuthError::Unknown
            | AuthError::InAddress
            | AuthError::Expired => Self::new(StatusCode::UNAUTHORIZED, 400, error.to_string()),
            AuthError::NoRole => (&Rejection::NoRole).into(),
            AuthError::Unavailable => Self::unavailable(&error.to_string()),
        }
    }
}

impl From<TooManyRequests> for ApiError {
    fn from(refused: TooManyRequests) -> Self {
        let error = Self::new(StatusCode::TOO_MANY_REQUESTS, 0, refused.to_string());
        Self { retry_after_seconds: Some(refused.seconds), ..error }
    }
}

impl From<KeyError> for ApiError {
    fn from(error: KeyError) -> Self {
        tracing::error!(error = &error as &dyn std::error::Error, "key directory failed");
        Self::internal()
    }
}

impl From<CommandError> for ApiError {
    fn from(error: CommandError) -> Self {
        match &error {
            CommandError::Rejected(rejection) => rejection.into(),
            CommandError::IdempotencyKeyReused | CommandError::TooLarge(_) => {
                Self::malformed(error.to_string())
            }
            CommandError::Stale => Self::new(StatusCode::BAD_REQUEST, 2055, error.to_string())
                .with_data(["stale".to_owned(), "etag".to_owned()]),
            CommandError::Fixed(part) => {
                let (field, code) = fixed(*part);
                Self { code, ..Self::invalid(field, error.to_string()) }
            }
            CommandError::UnknownApprover => Self::invalid("approvedBy", error.to_string()),
            CommandError::Password(reason) => {
                Self::invalid("passwordProfile.password", reason.to_string())
            }
            CommandError::Moment { .. } | CommandError::TimeAhead { .. } => {
                Self::invalid("asOf", error.to_string())
            }
            CommandError::Contention
            | CommandError::OutcomeUnknown
            | CommandError::Unavailable(_) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "request not served now");
                Self::unavailable(&error.to_string())
            }
            CommandError::Read(_)
            | CommandError::Keys(_)
            | CommandError::Encode(_)
            | CommandError::ReadModel(_) => {
                tracing::error!(error = &error as &dyn std::error::Error, "request failed");
                Self::internal()
            }
        }
    }
}

impl From<ReadError> for ApiError {
    fn from(error: ReadError) -> Self {
        CommandError::from(error).into()
    }
}

impl From<&Rejection> for ApiError {
    fn from(rejection: &Rejection) -> Self {
        let (status, code) = contract_code(rejection);
        let data =
            [rejection.code().to_owned()].into_iter().chain(rejection.field().map(on_the_wire));
        let error = Self::new(status, code, rejection.to_string()).with_data(data);
        match rejection {
            Rejection::Webhook(WebhookRefusal::TestsTooFast { .. }) => {
                Self { retry_after_seconds: Some(TEST_SECONDS), ..error }
            }
            Rejection::SeatsMissing { sku_id, missing } => {
                error.with_data([sku_id.to_string(), missing.to_string()])
            }
            _ => error,
        }
    }
}

/// What is not changed here: its field, and the number of the refusal in the contract's table.
const fn fixed(part: FixedPart) -> (&'static str, u32) {
    match part {
        FixedPart::Offer => ("offerId", 2000),
        FixedPart::Parent => ("parentSubscriptionId", 800_029),
        FixedPart::Term => ("termDuration", 2054),
        FixedPart::RenewalTerm => ("renewalTermDuration", 2054),
        FixedPart::BillingCycle | FixedPart::BillingCycleOfTrial => ("billingCycle", 2054),
    }
}

/// The number of a refusal about sales in the contract's table.
const fn sale_code(rejection: &SaleRejection) -> u32 {
    match rejection {
        SaleRejection::OfferNotSold { .. } => 2091,
        SaleRejection::OrderNotFound { .. } => 20_000,
        SaleRejection::OrderNotActive { .. } => 6000,
        SaleRejection::BillingCycleNotOffered { .. } | SaleRejection::PaidOnce => 6001,
        SaleRejection::AddOnUnrelated { .. }
        | SaleRejection::NotAnAddOn { .. }
        | SaleRejection::AddOnsInTheWay { .. } => 800_029,
        SaleRejection::ParentNotActive { .. } => 27_009,
        SaleRejection::SubscriptionIsCancelled => 2011,
        SaleRejection::NoRenewal => 800_093,
        SaleRejection::NoUpgradePath { .. } | SaleRejection::NotConvertible { .. } => 2006,
        SaleRejection::SeatsStillAssigned { .. } => 60_012,
        SaleRejection::CartNotFound { .. }
        | SaleRejection::CartIsExpired { .. }
        | SaleRejection::CartIsCancelled => 800_008,
        SaleRejection::CartIsOrdered => 800_065,
        SaleRejection::CartNotExpired { .. }
        | SaleRejection::CartChanged
        | SaleRejection::PricesChanged => 2000,
        SaleRejection::ContactNotEligible { .. } => 800_016,
    }
}

/// The field of a refusal as bodies of requests spell it.
fn on_the_wire(field: &str) -> String {
    match field {
        "user_name" => "userPrincipalName".to_owned(),
        "user_ids" => "userIds".to_owned(),
        "line_number" => "lineItems.lineItemNumber".to_owned(),
        "lines" => "lineItems".to_owned(),
        "partner_on_record" => "partnerIdOnRecord".to_owned(),
        "reseller" => "associatedPartnerId".to_owned(),
        other => {
            let mut words = other.split('_');
            let mut name = words.next().unwrap_or_default().to_owned();
            for word in words {
                let (first, rest) = word.split_at(word.len().min(1));
                name.push_str(&first.to_ascii_uppercase());
                name.push_str(rest);
            }
            name
        }
    }
}

/// Status and number of a refusal in the contract's table.
fn contract_code(rejection: &Rejection) -> (StatusCode, u32) {
    let code = match rejection {
        Rejection::NotYourCustomer | Rejection::CustomerNotFound => 20_002,
        Rejection::CustomerUserNotFound { .. }
        | Rejection::PartnerUserNotFound { .. }
        | Rejection::UserIsDeleted => 60_002,
        Rejection::SubscriptionNotFound { .. } => 20_003,
        Rejection::OfferNotFound { .. } => 800_004,
        Rejection::SeatsMissing { .. } | Rejection::NoActiveSubscription { .. } => 60_012,
        Rejection::QuantityOutsideOffer { .. } => 2002,
        Rejection::SubscriptionIsSuspended => 2001,
        Rejection::LineNumbers { .. } | Rejection::NoLines => 800_071,
        Rejection::NoActivePartnership { .. } | Rejection::NotIndirectReseller => 800_016,
        Rejection::PartnerOnRecord { .. } => 2071,
        Rejection::ServiceRequest(ServiceRequestRefusal::StatusUnreachable { .. }) => 800_040,
        Rejection::Sale(sale) => sale_code(sale),
        other => match other.kind() {
            RejectionKind::Forbidden => 900_150,
            RejectionKind::NotFound => 1000,
            RejectionKind::Conflict | RejectionKind::Rule => 2000,
        },
    };
    let status = match (rejection, rejection.kind()) {
        (Rejection::Webhook(WebhookRefusal::TestsTooFast { .. }), _) => {
            StatusCode::TOO_MANY_REQUESTS
        }
        (Rejection::CustomerNotFound | Rejection::Sale(SaleRejection::OfferNotSold { .. }), _)
        | (_, RejectionKind::Forbidden) => StatusCode::FORBIDDEN,
        // A deleted user is gone for everything but a restore, and the contract knows no cart that
        // cannot be ordered but one that was.
        (
            Rejection::UserIsDeleted
            | Rejection::Sale(SaleRejection::CartIsExpired { .. } | SaleRejection::CartIsCancelled),
            _,
        ) => StatusCode::NOT_FOUND,
        // The contract answers an unknown offer in an order with 400.
        (Rejection::OfferNotFound { .. }, _) | (_, RejectionKind::Rule) => StatusCode::BAD_REQUEST,
        (_, RejectionKind::NotFound) => StatusCode::NOT_FOUND,
        (_, RejectionKind::Conflict) => StatusCode::CONFLICT,
    };
    (status, code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_name_fields_as_requests_spell_them() {
        let sku_id = events::SkuId::from_uuid(uuid::Uuid::nil());
        for (rejection, field) in [
            (Rejection::NameTaken { kind: commands::NameKind::UserName }, "userPrincipalName"),
            (Rejection::NoActiveSubscription { sku_id }, "skuId"),
            (Rejection::NameTaken { kind: commands::NameKind::MpnId }, "mpnId"),
            (Rejection::NoLines, "lineItems"),
            (Rejection::NotIndirectReseller, "associatedPartnerId"),
            (Rejection::SubscriptionIsSuspended, "quantity"),
        ] {
            assert_eq!(ApiError::from(&rejection).data[1], field);
        }
    }
}
