//! The requests for a relationship that address the caller's company [our own style]: listed, accepted,
//! declined; and the privileges that it takes away again.

use axum::extract::State;
use commands::{CompanyPermission, EndDelegatedAdmin, Rejection};
use events::{InvitationId, PartnerId, Timestamp};
use projections::{ReadModel, RelationshipRequestRow};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    company::own,
    partners::{PartnerSummary, shown_partner},
    reading::Reader,
    shapes::{Attributes, Collection},
    wire::Answer,
    writing::Writer,
};
use crate::{
    application::{AnswerRelationship, OnCustomer, RequestAnswer},
    http::{ApiError, AppState, SignedIn},
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(accept))
        .routes(routes!(decline))
        .routes(routes!(end_privileges))
}

/// A request for a relationship, as the company that it addresses sees it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RequestToCompany {
    #[schema(value_type = Uuid)]
    id: InvitationId,
    /// `requested`, `accepted`, `declined`, `withdrawn` or `expired`.
    #[schema(example = "requested")]
    status: &'static str,
    #[schema(value_type = String, format = DateTime)]
    status_since: Timestamp,
    /// Who asks.
    partner: PartnerSummary,
    /// Whether it asks to administer the company's users.
    allow_delegated_access: bool,
    #[schema(value_type = String, format = DateTime)]
    requested_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    attributes: Attributes,
}

/// Which request is answered: by its id, where it addresses the company, or by its link.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct RequestToAnswer {
    #[schema(value_type = Option<Uuid>)]
    invitation_id: Option<InvitationId>,
    /// The last part of the link; instead of the id.
    #[schema(example = json!(null))]
    token: Option<String>,
}

/// Lists the requests for a relationship that address the company (*own*).
#[utoipa::path(
    get,
    path = "/v1/company/relationshiprequests",
    tag = "Company",
    responses((status = OK, description = "The requests.", body = Collection<RequestToCompany>))
)]
async fn list(
    State(app): State<AppState>,
    reader: Reader<(), SignedIn>,
) -> Result<Answer, ApiError> {
    let customer = own(&app, &reader.caller, CompanyPermission::RelationshipsAnswer).await?;
    let (model, at) = reader.model(&app).await?;
    let rows = model.relationship_requests().addressed_to(customer);
    let items = rows.map(|row| shown(&model, row, at));
    Ok(Answer::ok(model.position(), Collection::of(items, "/company/relationshiprequests")))
}

fn shown(model: &ReadModel, row: &RelationshipRequestRow, at: Timestamp) -> RequestToCompany {
    RequestToCompany {
        id: row.invitation,
        status: row.status(at),
        status_since: row.since(at),
        partner: shown_partner(model, row.partner),
        allow_delegated_access: row.delegated_admin,
        requested_at: row.requested_at,
        expires_at: row.expires_at,
        attributes: Attributes::of("RelationshipRequestDetails"),
    }
}

/// Accepts a request for a relationship (*own*).
#[utoipa::path(
    post,
    path = "/v1/company/relationshiprequests/accept",
    tag = "Company",
    request_body = RequestToAnswer,
    responses((status = OK, description = "The request.", body = RequestToCompany))
)]
async fn accept(
    State(app): State<AppState>,
    writer: Writer<(), SignedIn>,
) -> Result<Answer, ApiError> {
    answer(&app, &writer, RequestAnswer::Accept).await
}

/// Declines a request for a relationship (*own*).
#[utoipa::path(
    post,
    path = "/v1/company/relationshiprequests/decline",
    tag = "Company",
    request_body = RequestToAnswer,
    responses((status = OK, description = "The request.", body = RequestToCompany))
)]
async fn decline(
    State(app): State<AppState>,
    writer: Writer<(), SignedIn>,
) -> Result<Answer, ApiError> {
    answer(&app, &writer, RequestAnswer::Decline).await
}

/// Answers the request that the body names: by the token of its link, or, where it addresses the
/// company, by its id.
async fn answer(
    app: &AppState,
    writer: &Writer<(), SignedIn>,
    answer: RequestAnswer,
) -> Result<Answer, ApiError> {
    let (caller, body) = (&writer.caller, &writer.body);
    let customer = own(app, caller, CompanyPermission::RelationshipsAnswer).await?;
    let model = app.models().current();
    let asked = if let Some(id) = body.optional::<InvitationId>("invitationId")? {
        let row = model.relationship_requests().get(id);
        row.filter(|row| row.addressed_to == Some(customer))
    } else {
        let token: String = body.required("token")?;
        let row = app.asked(&model, &token);
        row.map_err(|error| body.wrong("token", format!("is wrong: {error}")))?
    };
    let asked = asked.ok_or_else(|| ApiError::from(&Rejection::InvitationNotFound))?;
    let (id, use_case) = (asked.invitation, AnswerRelationship::to(asked, customer, answer));
    let position = writer.execute(app, &use_case).await?.position;
    let model = app.models().current();
    let row = model.relationship_requests().get(id).ok_or_else(ApiError::internal)?;
    Ok(Answer::ok(position, shown(&model, row, app.now())))
}

/// Takes the privileges of a partner away; the relationship stays (*own*).
#[utoipa::path(
    delete,
    path = "/v1/company/partners/{partner}/delegatedadmin",
    tag = "Company",
    responses((status = NO_CONTENT, description = "It does not administer the company any more."))
)]
async fn end_privileges(
    State(app): State<AppState>,
    writer: Writer<(PartnerId,), SignedIn>,
) -> Result<Answer, ApiError> {
    let permission = CompanyPermission::RelationshipsAnswer;
    let customer = own(&app, &writer.caller, permission).await?;
    let (partner_id,) = writer.ids;
    let use_case = OnCustomer::new(customer, EndDelegatedAdmin { partner_id });
    Ok(Answer::done(writer.execute(&app, &use_case).await?.position))
}
