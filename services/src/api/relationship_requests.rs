//! Requests for a relationship: a partner asks a company with a personalised link [the link is the
//! contract's, the rest our own style].

use axum::extract::State;
use commands::{Permission, Rejection, WithdrawRelationshipRequest};
use events::{CustomerId, InvalidValue, InvitationId, PartnerId, RelationshipDraft, Timestamp};
use projections::{RelationshipRequestRow, RelationshipRequestState};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    letter_edits::{EditRelationshipLetter, LetterChange},
    letters::{LetterSending, shown_sending},
    partners::{PartnerSummary, shown_partner},
    path_ids::PathIds,
    query::Query,
    reading::{Reader, View, open, personal_state, readable},
    shapes::{Attributes, Collection, SelfLinks},
    wire::Answer,
    writing::Writer,
};
use crate::{
    application::{
        LINK_DAYS_DEFAULT, LINK_DAYS_MAX, Letter, LinkForAnybody, OnCustomer, Outcome,
        SendRelationship, WantedRelationship, open_to_anybody, relationship_subject,
        relationship_text, requested,
    },
    http::{ApiError, AppState, Caller, JsonBody},
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(link))
        .routes(routes!(list, request))
        .routes(routes!(show, edit))
        .routes(routes!(send))
        .routes(routes!(withdraw))
}

/// The parameters of the contract that name other parties of the relationship.
const PROVIDER: &str = "indirectCloudSolutionProviderId";
const RESELLER: &str = "indirectResellerId";
const DUAL_ROLE: &str = "dualRoleIndirectRelationship";

/// The link by which a company enters a relationship.
#[derive(Serialize, ToSchema)]
struct RelationshipRequest {
    #[schema(example = "http://127.0.0.1:8420/relationshiprequests/AbCdEf")]
    url: String,
    attributes: Attributes,
}

/// A request for a relationship, with its letter where one request is asked for.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RelationshipRequestDetails {
    #[schema(value_type = Uuid)]
    id: InvitationId,
    /// `requested`, `accepted`, `declined`, `withdrawn` or `expired`.
    #[schema(value_type = String, example = "requested")]
    status: &'static str,
    #[schema(value_type = String, format = DateTime)]
    status_since: Timestamp,
    /// Who asks.
    partner: PartnerSummary,
    /// The customer that is asked; absent where any company may answer.
    #[schema(value_type = Option<Uuid>)]
    addressed_to: Option<CustomerId>,
    /// The customer that is asked, or that answered.
    #[schema(value_type = Option<Uuid>)]
    customer_id: Option<CustomerId>,
    allow_delegated_access: bool,
    #[schema(value_type = String, format = DateTime)]
    requested_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    /// How far the sending of the letter has come.
    sending: Option<LetterSending>,
    /// Why the letter cannot be shown: `erased` or `unavailable`.
    #[schema(value_type = Option<String>, example = "erased")]
    personal_data: Option<&'static str>,
    #[serde(flatten)]
    letter: Option<RelationshipLetter>,
    links: SelfLinks,
    attributes: Attributes,
}

/// The letter of a request; a list goes without.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RelationshipLetter {
    #[schema(example = "office@relecloud.example")]
    recipient: Option<String>,
    #[schema(required = false, example = "May we serve you?")]
    subject: String,
    /// With the link, as long as the request can be answered.
    #[schema(
        required = false,
        example = "Please open http://127.0.0.1:8420/relationshiprequests/AbCdEf"
    )]
    text: String,
    /// With the placeholder of the link.
    #[schema(required = false, example = "Please open {link}")]
    draft_text: String,
    #[schema(example = "http://127.0.0.1:8420/relationshiprequests/AbCdEf")]
    link: Option<String>,
    /// Opens the letter in the mail program.
    #[schema(example = "mailto:office@relecloud.example")]
    mailto: Option<String>,
}

/// A request to be made.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct NewRelationshipRequest {
    /// The customer that is asked.
    #[schema(value_type = Option<Uuid>, example = json!(null))]
    customer_id: Option<CustomerId>,
    /// The customer that is asked, by its domain; any company where neither is given.
    #[schema(example = json!(null))]
    domain: Option<String>,
    allow_delegated_access: Option<bool>,
    /// 1 to 90.
    #[schema(example = 30)]
    expires_in_days: Option<i64>,
    #[schema(example = "office@relecloud.example")]
    recipient: Option<String>,
    /// Written where it is missing.
    #[schema(example = "May we serve you?")]
    subject: Option<String>,
    /// Written where it is missing; `{link}` must stay in it.
    #[schema(example = "Please open {link}")]
    text: Option<String>,
}

/// A letter to be written anew; what is left out stays.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct RelationshipLetterChange {
    #[schema(example = "office@relecloud.example")]
    recipient: Option<String>,
    #[schema(example = "May we serve you?")]
    subject: Option<String>,
    /// `{link}` must stay in it.
    #[schema(example = "Please open {link}")]
    text: Option<String>,
}

/// Tells the link of an open request that any company may answer; it is made where there is none.
#[utoipa::path(
    get,
    path = "/v1/customers/relationshiprequests",
    tag = "Relationships",
    params(
        ("allowDelegatedAccess" = Option<bool>, Query, description = "Whether to ask for delegated admin privileges (*own*)."),
        ("indirectCloudSolutionProviderId" = Option<String>, Query, description = "The provider that asks: the caller's own partner, or refused."),
        ("indirectResellerId" = Option<String>, Query, description = "Refused: a reseller is associated once the customer is there."),
        ("dualRoleIndirectRelationship" = Option<bool>, Query, description = "Refused where it is true: no partner is provider and reseller at once.", example = json!(false)),
    ),
    responses((status = OK, description = "The link.", body = RelationshipRequest))
)]
async fn link(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let delegated_admin = reader.query().flag("allowDelegatedAccess")?.unwrap_or_default();
    let permission = if delegated_admin {
        Permission::DelegatedAdminRequest
    } else {
        Permission::RelationshipsRequest
    };
    let view = reader.view(&app, permission).await?;
    refuse_other_parties(reader.query(), view.partner)?;
    let own = &reader.caller.own_address;
    let usable = |model| open_to_anybody(model, view.partner, delegated_admin, app.now());
    let (position, url) = if let Some(row) = usable(&view.model) {
        (view.position(), app.relationship_link(row, own))
    } else {
        let draft = drafted(&JsonBody::default(), &view, delegated_admin, LINK_DAYS_DEFAULT)?;
        let wanted = WantedRelationship {
            partner: view.partner,
            addressed_to: None,
            delegated_admin,
            draft,
            days: LINK_DAYS_DEFAULT,
        };
        let call = reader.caller.call(&app, own.as_bytes());
        let outcome = app.execute(&call, &LinkForAnybody::new(wanted, app.now())).await?;
        let model = app.models().current();
        // Of a repeat it is the one that was made then.
        let made = requested(&outcome).and_then(|id| model.relationship_requests().get(id));
        let row = made.or_else(|| usable(&model)).ok_or_else(ApiError::internal)?;
        (outcome.position, app.relationship_link(row, own))
    };
    let body = RelationshipRequest { url, attributes: Attributes::of("RelationshipRequest") };
    Ok(Answer::ok(position, body))
}

/// The contract has links that bind other partners than the caller's; here none is made, and who asks
/// for one is told so instead of being given another.
fn refuse_other_parties(query: &Query, own: PartnerId) -> Result<(), ApiError> {
    let provider = query.optional::<PartnerId>(PROVIDER)?;
    if provider.is_some_and(|provider| provider != own) {
        return Err(ApiError::invalid(PROVIDER, "must be the caller's own partner"));
    }
    if query.text(RESELLER).is_some() {
        let instead =
            "POST /v1/customers/{customer}/resellers/{reseller} once the customer is there";
        return Err(ApiError::invalid(RESELLER, format!("is not taken here: {instead}")));
    }
    if query.flag(DUAL_ROLE)?.unwrap_or_default() {
        let reason = "must not be true: no partner is provider and reseller at once";
        return Err(ApiError::invalid(DUAL_ROLE, reason));
    }
    Ok(())
}

/// Lists the requests of the caller's partner (*own*).
#[utoipa::path(
    get,
    path = "/v1/relationshiprequests",
    tag = "Relationships",
    responses((
        status = OK, description = "The requests.", body = Collection<RelationshipRequestDetails>
    ))
)]
async fn list(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::RelationshipsRequest).await?;
    let rows = view.model.relationship_requests().of_partner(view.partner);
    let items = rows.map(|row| shown(&view, row));
    Ok(Answer::ok(view.position(), Collection::of(items, "/relationshiprequests")))
}

/// Tells about a request, with its letter (*own*).
#[utoipa::path(
    get,
    path = "/v1/relationshiprequests/{invitation}",
    tag = "Relationships",
    responses((status = OK, description = "The request.", body = RelationshipRequestDetails))
)]
async fn show(
    State(app): State<AppState>,
    reader: Reader<(InvitationId,)>,
) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::RelationshipsRequest).await?;
    let row = row_of(&view, reader.ids.0)?;
    let body = with_draft(&app, &reader.caller, &view, row).await?;
    Ok(Answer::ok(view.position(), body))
}

/// A request of the caller's partner.
fn row_of(view: &View, id: InvitationId) -> Result<&RelationshipRequestRow, ApiError> {
    let row = view.model.relationship_requests().get(id);
    row.filter(|row| row.partner == view.partner)
        .ok_or_else(|| (&Rejection::InvitationNotFound).into())
}

fn shown(view: &View, row: &RelationshipRequestRow) -> RelationshipRequestDetails {
    let customer = match row.state {
        RelationshipRequestState::Accepted { customer, .. }
        | RelationshipRequestState::Declined { customer, .. } => Some(customer),
        RelationshipRequestState::Requested
        | RelationshipRequestState::Withdrawn { .. }
        | RelationshipRequestState::Expired { .. } => row.addressed_to,
    };
    RelationshipRequestDetails {
        id: row.invitation,
        status: row.status(view.at),
        status_since: row.since(view.at),
        partner: shown_partner(&view.model, row.partner),
        addressed_to: row.addressed_to,
        customer_id: customer,
        allow_delegated_access: row.delegated_admin,
        requested_at: row.requested_at,
        expires_at: row.expires_at,
        sending: None,
        personal_data: None,
        letter: None,
        links: SelfLinks::to(format!("/relationshiprequests/{}", row.invitation)),
        attributes: Attributes::of("RelationshipRequestDetails"),
    }
}

/// A request with its letter; the link stands in it as long as the request can be answered.
async fn with_draft(
    app: &AppState,
    caller: &Caller,
    view: &View,
    row: &RelationshipRequestRow,
) -> Result<RelationshipRequestDetails, ApiError> {
    let sending = Some(shown_sending(row.letter));
    let body = RelationshipRequestDetails { sending, ..shown(view, row) };
    let draft = open::<RelationshipDraft>(app, &row.draft).await?;
    let Some(draft) = readable(&draft) else {
        let personal_data = personal_state(&draft);
        return Ok(RelationshipRequestDetails { personal_data, ..body });
    };
    let letter = app.relationship_letter(row, draft, &caller.own_address);
    let (link, text, mailto) = match letter {
        Some(Letter { link, text, mailto }) => (Some(link), text, Some(mailto)),
        None => (None, draft.text.to_string(), None),
    };
    let letter = RelationshipLetter {
        recipient: draft.recipient.as_ref().map(ToString::to_string),
        subject: draft.subject.to_string(),
        text,
        draft_text: draft.text.to_string(),
        link,
        mailto,
    };
    Ok(RelationshipRequestDetails { letter: Some(letter), ..body })
}

/// Asks a customer, or any company that gets the link, for a relationship (*own*).
#[utoipa::path(
    post,
    path = "/v1/relationshiprequests",
    tag = "Relationships",
    request_body = NewRelationshipRequest,
    responses((
        status = CREATED, description = "The request with its letter.",
        body = RelationshipRequestDetails
    ))
)]
async fn request(State(app): State<AppState>, writer: Writer) -> Result<Answer, ApiError> {
    let days: i64 = writer.body.plain("expiresInDays")?.unwrap_or(LINK_DAYS_DEFAULT);
    if !(1..=LINK_DAYS_MAX).contains(&days) {
        return Err(ApiError::invalid("expiresInDays", format!("must be 1 to {LINK_DAYS_MAX}")));
    }
    let view = View { model: app.models().current(), at: app.now(), partner: writer.partner() };
    let delegated_admin = writer.body.plain("allowDelegatedAccess")?.unwrap_or_default();
    let wanted = WantedRelationship {
        partner: writer.partner(),
        addressed_to: addressed_to(&writer.body, &view)?,
        delegated_admin,
        draft: drafted(&writer.body, &view, delegated_admin, days)?,
        days,
    };
    let (id, outcome) = app.request_relationship(&writer.call(&app)?, wanted).await?;
    let body = answered(&app, &writer, id, &outcome).await?;
    Ok(Answer::created(outcome.position, body))
}

/// The customer that is addressed, by its id or its domain.
fn addressed_to(body: &JsonBody, view: &View) -> Result<Option<CustomerId>, ApiError> {
    if let Some(id) = body.optional("customerId")? {
        return Ok(Some(id));
    }
    let Some(domain) = body.optional("domain")? else { return Ok(None) };
    let row = view.model.customers().by_domain(&domain);
    row.map(|row| Some(row.id)).ok_or_else(|| body.wrong("domain", "is of no customer here"))
}

/// The letter; what the request leaves out is written for it.
fn drafted(
    body: &JsonBody,
    view: &View,
    delegated_admin: bool,
    days: i64,
) -> Result<RelationshipDraft, ApiError> {
    let partner = view.model.partners().get(view.partner);
    let name = partner.map_or("", |partner| partner.name.as_str());
    let unwritable = |_: InvalidValue| ApiError::internal();
    let subject = match body.optional("subject")? {
        Some(subject) => subject,
        None => relationship_subject(name).map_err(unwritable)?,
    };
    let text = match body.optional("text")? {
        Some(text) => text,
        None => relationship_text(name, delegated_admin, days).map_err(unwritable)?,
    };
    Ok(RelationshipDraft { recipient: body.optional("recipient")?, subject, text })
}

/// A request as it is once a command on it is visible.
async fn answered<I: PathIds>(
    app: &AppState,
    writer: &Writer<I>,
    id: InvitationId,
    outcome: &Outcome,
) -> Result<RelationshipRequestDetails, ApiError> {
    let view = writer.view_after(app, outcome, Permission::RelationshipsRequest).await?;
    with_draft(app, &writer.caller, &view, row_of(&view, id)?).await
}

/// The stream in which a request of the caller's partner stands.
fn stream_of(app: &AppState, writer: &Writer<(InvitationId,)>) -> Result<CustomerId, ApiError> {
    let view = View { model: app.models().current(), at: app.now(), partner: writer.partner() };
    Ok(row_of(&view, writer.ids.0)?.stream)
}

/// Writes the letter of a request anew (*own*).
#[utoipa::path(
    patch,
    path = "/v1/relationshiprequests/{invitation}",
    tag = "Relationships",
    request_body = RelationshipLetterChange,
    responses((status = OK, description = "The request.", body = RelationshipRequestDetails))
)]
async fn edit(
    State(app): State<AppState>,
    writer: Writer<(InvitationId,)>,
) -> Result<Answer, ApiError> {
    let (id,) = writer.ids;
    app.allow(writer.caller.principal(), Permission::RelationshipsRequest).await?;
    let view = View { model: app.models().current(), at: app.now(), partner: writer.partner() };
    let use_case = EditRelationshipLetter {
        stream: row_of(&view, id)?.stream,
        invitation: id,
        partner: writer.partner(),
        change: LetterChange::read(&writer.body)?,
    };
    let outcome = writer.execute(&app, &use_case).await?;
    let body = answered(&app, &writer, id, &outcome).await?;
    Ok(Answer::ok(outcome.position, body))
}

/// Asks this installation to send the letter; that it went out, or not, is told later (*own*).
#[utoipa::path(
    post,
    path = "/v1/relationshiprequests/{invitation}/send",
    tag = "Relationships",
    responses((status = OK, description = "The request.", body = RelationshipRequestDetails))
)]
async fn send(
    State(app): State<AppState>,
    writer: Writer<(InvitationId,)>,
) -> Result<Answer, ApiError> {
    let (id,) = writer.ids;
    app.allow(writer.caller.principal(), Permission::RelationshipsRequest).await?;
    let view = View { model: app.models().current(), at: app.now(), partner: writer.partner() };
    let (stream, partner_id) = (row_of(&view, id)?.stream, writer.partner());
    let sending = SendRelationship { stream, invitation_id: id, partner_id };
    let outcome = writer.execute(&app, &sending).await?;
    let body = answered(&app, &writer, id, &outcome).await?;
    Ok(Answer::ok(outcome.position, body))
}

/// Takes a request back (*own*).
#[utoipa::path(
    post,
    path = "/v1/relationshiprequests/{invitation}/withdraw",
    tag = "Relationships",
    responses((status = OK, description = "The request.", body = RelationshipRequestDetails))
)]
async fn withdraw(
    State(app): State<AppState>,
    writer: Writer<(InvitationId,)>,
) -> Result<Answer, ApiError> {
    let (id,) = writer.ids;
    app.allow(writer.caller.principal(), Permission::RelationshipsRequest).await?;
    let stream = stream_of(&app, &writer)?;
    let command = WithdrawRelationshipRequest { invitation_id: id, partner_id: writer.partner() };
    let outcome = writer.execute(&app, &OnCustomer::new(stream, command)).await?;
    let body = answered(&app, &writer, id, &outcome).await?;
    Ok(Answer::ok(outcome.position, body))
}
