//! Partnerships [our own style]: a provider asks with a personalised link, a reseller answers, and
//! either ends it.

use std::str::FromStr;

use axum::{
    Router,
    extract::State,
    routing::{get, post},
};
use commands::{
    AcceptPartnership, DeclinePartnership, EditInvitation, EndPartnership, PartnershipCommand,
    Permission, Rejection, SendInvitation, WithdrawPartnership,
};
use events::{InvalidValue, InvitationDraft, InvitationId, PartnershipId};
use projections::{PartnershipRow, PartnershipState};
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
        LINK_DAYS_DEFAULT, LINK_DAYS_MAX, Letter, OnPartnership, Outcome, proposed_subject,
        proposed_text,
    },
    http::{ApiError, AppState, Caller, JsonBody},
};

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/v1/partnerships", get(list).post(request))
        .route("/v1/partnerships/{partnership}", get(one).patch(edit))
        .route("/v1/partnerships/{partnership}/send", post(send))
        .route("/v1/partnerships/{partnership}/withdraw", post(withdraw))
        .route("/v1/partnerships/{partnership}/end", post(end))
        .route("/v1/invitations/accept", post(accept))
        .route("/v1/invitations/decline", post(decline))
}

async fn list(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::PartnershipsView).await?;
    let asked = view.model.resellers().of_provider(view.partner);
    let answered = view.model.resellers().of_reseller(view.partner);
    let items = asked.chain(answered).map(|row| shown(&view, row));
    Ok(Answer::ok(view.position(), collection(items, "/partnerships")))
}

async fn one(
    State(app): State<AppState>,
    reader: Reader<(PartnershipId,)>,
) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::PartnershipsView).await?;
    let row = row_of(&view, reader.ids.0)?;
    let body = with_draft(&app, &reader.caller, &view, row).await?;
    Ok(Answer::ok(view.position(), body))
}

/// A partnership of the caller's partner, on either side.
fn row_of(view: &View, id: PartnershipId) -> Result<&PartnershipRow, ApiError> {
    let own = view.partner;
    let row = view.model.resellers().get(id);
    row.filter(|row| row.provider == own || row.reseller == Some(own))
        .ok_or_else(|| (&Rejection::PartnershipNotFound).into())
}

fn shown(view: &View, row: &PartnershipRow) -> Value {
    let model = &view.model;
    let (status, at) = match row.state_at(view.at) {
        PartnershipState::Requested => ("requested", None),
        PartnershipState::Active { since } => ("active", Some(since)),
        PartnershipState::Declined { at } => ("declined", Some(at)),
        PartnershipState::Withdrawn { at } => ("withdrawn", Some(at)),
        PartnershipState::Expired { at } => ("expired", Some(at)),
        PartnershipState::Ended { at, .. } => ("ended", Some(at)),
    };
    json!({
        "id": row.id,
        "status": status,
        "statusSince": at.unwrap_or(row.requested_at),
        "provider": shown_partner(model, row.provider),
        "reseller": row.reseller.map(|reseller| shown_partner(model, reseller)),
        "requestedAt": row.requested_at,
        "expiresAt": row.expires_at,
        "links": self_link(format!("/partnerships/{}", row.id)),
        "attributes": attributes("Partnership"),
    })
}

/// A partnership with its letter, which only the provider sees; the link in it stands where the
/// caller may request partnerships, and as long as the request is open.
async fn with_draft(
    app: &AppState,
    caller: &Caller,
    view: &View,
    row: &PartnershipRow,
) -> Result<Value, ApiError> {
    if row.provider != view.partner {
        return Ok(shown(view, row));
    }
    let body = extended(shown(view, row), json!({ "sending": shown_sending(row.letter) }));
    let draft = open::<InvitationDraft>(app, &row.draft).await?;
    let Some(draft) = readable(&draft) else {
        return Ok(extended(body, json!({ "personalData": personal_state(&draft) })));
    };
    let may_send = app.holds(caller.principal(), Permission::PartnershipsRequest).await?;
    let is_open = row.state_at(view.at) == PartnershipState::Requested;
    let letter = app.letter(row, draft, &caller.own_address).filter(|_| may_send && is_open);
    Ok(extended(body, shown_letter(draft, letter)))
}

fn shown_letter(draft: &InvitationDraft, letter: Option<Letter>) -> Value {
    let (link, text, mailto) = match letter {
        Some(Letter { link, text, mailto }) => (Some(link), text, Some(mailto)),
        None => (None, draft.text.to_string(), None),
    };
    json!({
        "recipient": draft.recipient,
        "subject": draft.subject,
        "text": text,
        "draftText": draft.text,
        "link": link,
        "mailto": mailto,
    })
}

async fn request(State(app): State<AppState>, writer: Writer) -> Result<Answer, ApiError> {
    let days: i64 = writer.body.plain("expiresInDays")?.unwrap_or(LINK_DAYS_DEFAULT);
    if !(1..=LINK_DAYS_MAX).contains(&days) {
        return Err(ApiError::invalid("expiresInDays", format!("must be 1 to {LINK_DAYS_MAX}")));
    }
    let model = app.models().current();
    let provider = model.partners().get(writer.partner());
    let provider_name = provider.map_or("", |partner| partner.name.as_str());
    let draft = read_draft(&writer.body, provider_name, days)?;
    let (call, partner) = (writer.call(&app)?, writer.partner());
    let (id, outcome) = app.request_partnership(&call, partner, draft, days).await?;
    let body = answered(&app, &writer, id, &outcome).await?;
    Ok(Answer::created(outcome.position, body))
}

/// The letter; what the request leaves out is written for it.
fn read_draft(body: &JsonBody, provider: &str, days: i64) -> Result<InvitationDraft, ApiError> {
    let unwritable = |_: InvalidValue| ApiError::internal();
    let subject = match body.optional("subject")? {
        Some(subject) => subject,
        None => proposed_subject(provider).map_err(unwritable)?,
    };
    let text = match body.optional("text")? {
        Some(text) => text,
        None => proposed_text(provider, days).map_err(unwritable)?,
    };
    Ok(InvitationDraft { recipient: body.required("recipient")?, subject, text })
}

/// A partnership as it is once a command on it is visible.
async fn answered<I: PathIds>(
    app: &AppState,
    writer: &Writer<I>,
    id: PartnershipId,
    outcome: &Outcome,
) -> Result<Value, ApiError> {
    let view = writer.view_after(app, outcome, Permission::PartnershipsView).await?;
    with_draft(app, &writer.caller, &view, row_of(&view, id)?).await
}

/// Changes the letter before it is sent; what the request leaves out stays.
async fn edit(
    State(app): State<AppState>,
    writer: Writer<(PartnershipId,)>,
) -> Result<Answer, ApiError> {
    let (id,) = writer.ids;
    let provider = writer.partner();
    let body = &writer.body;
    if !["recipient", "subject", "text"].iter().any(|name| body.has(name)) {
        return Err(body.missing("text"));
    }
    app.allow(writer.caller.principal(), Permission::PartnershipsRequest).await?;
    let model = app.models().current();
    let row = model.resellers().get(id).filter(|row| row.provider == provider);
    let row = row.ok_or_else(|| ApiError::from(&Rejection::PartnershipNotFound))?;
    let known = open::<InvitationDraft>(&app, &row.draft).await?;
    let known = readable(&known);
    let draft = InvitationDraft {
        recipient: changed(body, "recipient", known.map(|known| &known.recipient))?,
        subject: changed(body, "subject", known.map(|known| &known.subject))?,
        text: changed(body, "text", known.map(|known| &known.text))?,
    };
    let command = EditInvitation { provider, draft };
    let outcome = writer.execute(&app, &OnPartnership::new(id, command)).await?;
    let body = answered(&app, &writer, id, &outcome).await?;
    Ok(Answer::ok(outcome.position, body))
}

/// What the request says of a part of the letter, or else what is known of it.
fn changed<T>(body: &JsonBody, name: &str, known: Option<&T>) -> Result<T, ApiError>
where
    T: FromStr<Err = InvalidValue> + Clone,
{
    match known {
        Some(known) if !body.has(name) => Ok(known.clone()),
        Some(_) | None => body.required(name),
    }
}

/// Asks this installation to send the letter; that it went out, or not, is told later.
async fn send(
    State(app): State<AppState>,
    writer: Writer<(PartnershipId,)>,
) -> Result<Answer, ApiError> {
    let (id,) = writer.ids;
    let command = SendInvitation { provider: writer.partner() };
    let outcome = writer.execute(&app, &OnPartnership::new(id, command)).await?;
    let body = answered(&app, &writer, id, &outcome).await?;
    Ok(Answer::ok(outcome.position, body))
}

async fn withdraw(
    State(app): State<AppState>,
    writer: Writer<(PartnershipId,)>,
) -> Result<Answer, ApiError> {
    let (id,) = writer.ids;
    let command = WithdrawPartnership { provider: writer.partner() };
    let outcome = writer.execute(&app, &OnPartnership::new(id, command)).await?;
    let body = answered(&app, &writer, id, &outcome).await?;
    Ok(Answer::ok(outcome.position, body))
}

async fn end(
    State(app): State<AppState>,
    writer: Writer<(PartnershipId,)>,
) -> Result<Answer, ApiError> {
    let (id,) = writer.ids;
    let command = EndPartnership { ended_by: writer.partner() };
    let outcome = writer.execute(&app, &OnPartnership::new(id, command)).await?;
    let body = answered(&app, &writer, id, &outcome).await?;
    Ok(Answer::ok(outcome.position, body))
}

async fn accept(State(app): State<AppState>, writer: Writer) -> Result<Answer, ApiError> {
    let reseller = writer.partner();
    answer(&app, &writer, |invitation_id| AcceptPartnership { invitation_id, reseller }.into())
        .await
}

async fn decline(State(app): State<AppState>, writer: Writer) -> Result<Answer, ApiError> {
    let reseller = writer.partner();
    answer(&app, &writer, |invitation_id| DeclinePartnership { invitation_id, reseller }.into())
        .await
}

/// Answers the request whose link holds the token in the body.
async fn answer(
    app: &AppState,
    writer: &Writer,
    command: impl FnOnce(InvitationId) -> PartnershipCommand,
) -> Result<Answer, ApiError> {
    app.allow(writer.caller.principal(), Permission::PartnershipsAnswer).await?;
    let token: String = writer.body.required("token")?;
    let model = app.models().current();
    let row = app.invited(&model, &token);
    let row = row.map_err(|error| writer.body.wrong("token", format!("is wrong: {error}")))?;
    let row = row.ok_or_else(|| ApiError::from(&Rejection::InvitationNotFound))?;
    let use_case = OnPartnership::new(row.id, command(row.invitation));
    let outcome = writer.execute(app, &use_case).await?;
    let body = answered(app, writer, row.id, &outcome).await?;
    Ok(Answer::ok(outcome.position, body))
}
