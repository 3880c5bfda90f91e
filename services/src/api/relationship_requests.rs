//! Requests for a relationship: a partner asks a company with a personalised link [the link is the
//! contract's, the rest our own style].

use axum::{
    Router,
    extract::State,
    routing::{get, post},
};
use commands::{EditRelationshipDraft, Permission, Rejection, WithdrawRelationshipRequest};
use events::{CustomerId, InvalidValue, InvitationId, RelationshipDraft};
use projections::{RelationshipRequestRow, RelationshipRequestState};
use serde_json::{Value, json};

use super::{
    letters::shown_sending,
    partners::shown_partner,
    path_ids::PathIds,
    reading::{Reader, View, open, personal_state, readable},
    wire::{Answer, attributes, collection, extended, self_link},
    writing::Writer,
};
use crate::{
    application::{
        LINK_DAYS_DEFAULT, LINK_DAYS_MAX, Letter, OnCustomer, Outcome, WantedRelationship,
        relationship_subject, relationship_text,
    },
    http::{ApiError, AppState, Caller, JsonBody},
};

pub(super) fn router() -> Router<AppState> {
    let one = "/v1/relationshiprequests/{invitation}";
    Router::new()
        .route("/v1/customers/relationshiprequests", get(link))
        .route("/v1/relationshiprequests", get(list).post(request))
        .route(one, get(show).patch(edit))
        .route("/v1/relationshiprequests/{invitation}/send", post(send))
        .route("/v1/relationshiprequests/{invitation}/withdraw", post(withdraw))
}

/// The link by which a company without a name enters a relationship: that of an open request which
/// addresses nobody, made where there is none.
async fn link(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let delegated_admin =
        reader.query().optional::<bool>("allowDelegatedAccess")?.unwrap_or_default();
    let permission = if delegated_admin {
        Permission::DelegatedAdminRequest
    } else {
        Permission::RelationshipsRequest
    };
    let view = reader.view(&app, permission).await?;
    let (now, own) = (app.now(), &reader.caller.own_address);
    let usable = |row: &&RelationshipRequestRow| {
        row.addressed_to.is_none() && row.delegated_admin == delegated_admin && row.is_open(now)
    };
    let known = view.model.relationship_requests().of_partner(view.partner).find(usable);
    let (position, url) = if let Some(row) = known {
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
        let call = reader.caller.call(&app, reader.caller.own_address.as_bytes());
        let (id, outcome) = app.request_relationship(&call, wanted).await?;
        let model = app.models().current();
        let row = model.relationship_requests().get(id).ok_or_else(ApiError::internal)?;
        (outcome.position, app.relationship_link(row, own))
    };
    Ok(Answer::ok(position, json!({ "url": url, "attributes": attributes("RelationshipRequest") })))
}

async fn list(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::RelationshipsRequest).await?;
    let rows = view.model.relationship_requests().of_partner(view.partner);
    let items = rows.map(|row| shown(&view, row));
    Ok(Answer::ok(view.position(), collection(items, "/relationshiprequests")))
}

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

fn shown(view: &View, row: &RelationshipRequestRow) -> Value {
    let customer = match row.state {
        RelationshipRequestState::Accepted { customer, .. }
        | RelationshipRequestState::Declined { customer, .. } => Some(customer),
        RelationshipRequestState::Requested
        | RelationshipRequestState::Withdrawn { .. }
        | RelationshipRequestState::Expired { .. } => row.addressed_to,
    };
    json!({
        "id": row.invitation,
        "status": row.status(view.at),
        "statusSince": row.since(view.at),
        "partner": shown_partner(&view.model, row.partner),
        "addressedTo": row.addressed_to,
        "customerId": customer,
        "allowDelegatedAccess": row.delegated_admin,
        "requestedAt": row.requested_at,
        "expiresAt": row.expires_at,
        "links": self_link(format!("/relationshiprequests/{}", row.invitation)),
        "attributes": attributes("RelationshipRequestDetails"),
    })
}

/// A request with its letter; the link stands in it as long as the request can be answered.
async fn with_draft(
    app: &AppState,
    caller: &Caller,
    view: &View,
    row: &RelationshipRequestRow,
) -> Result<Value, ApiError> {
    let body = extended(shown(view, row), json!({ "sending": shown_sending(row.letter) }));
    let draft = open::<RelationshipDraft>(app, &row.draft).await?;
    let Some(draft) = readable(&draft) else {
        return Ok(extended(body, json!({ "personalData": personal_state(&draft) })));
    };
    let letter = app.relationship_letter(row, draft, &caller.own_address);
    let (link, text, mailto) = match letter {
        Some(Letter { link, text, mailto }) => (Some(link), text, Some(mailto)),
        None => (None, draft.text.to_string(), None),
    };
    let letter = json!({
        "recipient": draft.recipient,
        "subject": draft.subject,
        "text": text,
        "draftText": draft.text,
        "link": link,
        "mailto": mailto,
    });
    Ok(extended(body, letter))
}

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
) -> Result<Value, ApiError> {
    let view = writer.view_after(app, outcome, Permission::RelationshipsRequest).await?;
    with_draft(app, &writer.caller, &view, row_of(&view, id)?).await
}

/// The stream in which a request of the caller's partner stands.
fn stream_of(app: &AppState, writer: &Writer<(InvitationId,)>) -> Result<CustomerId, ApiError> {
    let view = View { model: app.models().current(), at: app.now(), partner: writer.partner() };
    Ok(row_of(&view, writer.ids.0)?.stream)
}

/// Writes the letter anew; what the request leaves out stays.
async fn edit(
    State(app): State<AppState>,
    writer: Writer<(InvitationId,)>,
) -> Result<Answer, ApiError> {
    let (id,) = writer.ids;
    app.allow(writer.caller.principal(), Permission::RelationshipsRequest).await?;
    let view = View { model: app.models().current(), at: app.now(), partner: writer.partner() };
    let row = row_of(&view, id)?;
    let known = open::<RelationshipDraft>(&app, &row.draft).await?;
    let known = readable(&known).ok_or_else(|| ApiError::not_found("the letter was erased"))?;
    let draft = RelationshipDraft {
        recipient: writer.body.optional("recipient")?.or_else(|| known.recipient.clone()),
        subject: writer.body.optional("subject")?.unwrap_or_else(|| known.subject.clone()),
        text: writer.body.optional("text")?.unwrap_or_else(|| known.text.clone()),
    };
    let command = EditRelationshipDraft { invitation_id: id, partner_id: writer.partner(), draft };
    let outcome = writer.execute(&app, &OnCustomer::new(row.stream, command)).await?;
    let body = answered(&app, &writer, id, &outcome).await?;
    Ok(Answer::ok(outcome.position, body))
}

/// Asks this installation to send the letter; that it went out, or not, is told later.
async fn send(
    State(app): State<AppState>,
    writer: Writer<(InvitationId,)>,
) -> Result<Answer, ApiError> {
    let (id,) = writer.ids;
    app.allow(writer.caller.principal(), Permission::RelationshipsRequest).await?;
    let view = View { model: app.models().current(), at: app.now(), partner: writer.partner() };
    let sending = app.sending_of(row_of(&view, id)?).await?;
    let outcome = writer.execute(&app, &sending).await?;
    let body = answered(&app, &writer, id, &outcome).await?;
    Ok(Answer::ok(outcome.position, body))
}

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
