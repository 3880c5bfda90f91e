//! Partnerships [our own style]: a provider asks with a personalised link, a reseller answers, and
//! either ends it.

use axum::{
    Router,
    extract::State,
    routing::{get, post},
};
use commands::{
    AcceptPartnership, DeclinePartnership, EndPartnership, LINK_PLACEHOLDER, PartnershipCommand,
    Permission, Rejection, RequestPartnership, WithdrawPartnership,
};
use events::{InvitationDraft, InvitationId, LetterText, PartnershipId, SubjectLine};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use projections::{PartnershipRow, PartnershipState, ReadModel};
use serde_json::{Value, json};

use super::{
    partners::shown_partner,
    path_ids::PathIds,
    reading::{Reader, View, open, personal_state, readable},
    wire::{Answer, attributes, collection, extended, self_link},
    writing::Writer,
};
use crate::{
    application::{InvitationLink, OnPartnership, Outcome},
    http::{ApiError, AppState, Caller, JsonBody},
    ids::fresh,
};

/// How long the link of a request works unless it says otherwise, in days.
const LINK_DAYS_DEFAULT: i64 = 30;
/// How long the link may work, in days.
const LINK_DAYS_MAX: i64 = 365;

/// What may stand as it is in the address, the subject and the text of a `mailto:` link.
const MAILTO: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'@').remove(b'.').remove(b'-').remove(b'_').remove(b'~');

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/v1/partnerships", get(list).post(request))
        .route("/v1/partnerships/{partnership}", get(one))
        .route("/v1/partnerships/{partnership}/withdraw", post(withdraw))
        .route("/v1/partnerships/{partnership}/end", post(end))
        .route("/v1/invitations/accept", post(accept))
        .route("/v1/invitations/decline", post(decline))
}

async fn list(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::PartnershipsView).await?;
    let asked = view.model.resellers().of_provider(view.partner);
    let joined = view.model.resellers().providers_of(view.partner);
    let items = asked.chain(joined).map(|row| shown(&view.model, row));
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

fn shown(model: &ReadModel, row: &PartnershipRow) -> Value {
    let (status, at) = match row.state {
        PartnershipState::Requested => ("requested", None),
        PartnershipState::Active { since } => ("active", Some(since)),
        PartnershipState::Declined { at } => ("declined", Some(at)),
        PartnershipState::Withdrawn { at } => ("withdrawn", Some(at)),
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
    let body = shown(&view.model, row);
    if row.provider != view.partner {
        return Ok(body);
    }
    let draft = open::<InvitationDraft>(app, &row.draft).await?;
    let Some(letter) = readable(&draft) else {
        return Ok(extended(body, json!({ "personalData": personal_state(&draft) })));
    };
    let may_send = app.allow(caller.principal(), Permission::PartnershipsRequest).await.is_ok();
    let is_open = row.state == PartnershipState::Requested;
    let link = (may_send && is_open).then(|| {
        let link = InvitationLink { invitation: row.invitation, expires_at: row.expires_at };
        format!("{}/invitations/{}", caller.own_address, app.link_token(link))
    });
    Ok(extended(body, shown_letter(letter, link.as_deref())))
}

fn shown_letter(letter: &InvitationDraft, link: Option<&str>) -> Value {
    let text = match link {
        Some(link) => letter.text.as_str().replace(LINK_PLACEHOLDER, link),
        None => letter.text.as_str().to_owned(),
    };
    let mailto = link.map(|_| {
        let encoded = |text: &str| utf8_percent_encode(text, MAILTO).to_string();
        let (recipient, subject) = (letter.recipient.as_str(), letter.subject.as_str());
        let lines = text.replace('\n', "\r\n");
        format!(
            "mailto:{}?subject={}&body={}",
            encoded(recipient),
            encoded(subject),
            encoded(&lines)
        )
    });
    json!({
        "recipient": letter.recipient,
        "subject": letter.subject,
        "text": text,
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
    let now = app.now();
    let partnership_id = fresh(now, PartnershipId::from_uuid);
    let command = RequestPartnership {
        partnership_id,
        provider: writer.partner(),
        invitation_id: fresh(now, InvitationId::from_uuid),
        expires_at: now.plus_hours(days * 24),
        draft: read_draft(&writer.body, provider_name)?,
    };
    let outcome = writer.execute(&app, &OnPartnership::new(partnership_id, command)).await?;
    let requested = outcome.find(|event| match event {
        events::Event::Partnership(events::PartnershipEvent::PartnershipRequested(event)) => {
            Some(event.partnership_id)
        }
        _ => None,
    });
    let id = requested.ok_or_else(ApiError::internal)?;
    let body = answered(&app, &writer, id, &outcome).await?;
    Ok(Answer::created(outcome.position, body))
}

/// The letter; what the request leaves out is written for it.
fn read_draft(body: &JsonBody, provider: &str) -> Result<InvitationDraft, ApiError> {
    let unwritable = |_| ApiError::internal();
    let subject = match body.optional("subject")? {
        Some(subject) => subject,
        None => SubjectLine::new(&format!("Partnership with {provider}")).map_err(unwritable)?,
    };
    let text = match body.optional("text")? {
        Some(text) => text,
        None => LetterText::new(&format!(
            "{provider} would like to work with you as an indirect reseller.\n\n\
             To accept, sign in and open this link:\n{LINK_PLACEHOLDER}\n"
        ))
        .map_err(unwritable)?,
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
    // Whoever copied the whole link means its last part.
    let token = token.trim().rsplit('/').next().unwrap_or_default();
    let link = app.read_link_token(token);
    let link = link.map_err(|error| writer.body.wrong("token", format!("is wrong: {error}")))?;
    let model = app.models().current();
    let row = model.resellers().by_invitation(link.invitation);
    let row = row.filter(|row| row.expires_at == link.expires_at);
    let id = row.ok_or_else(|| ApiError::from(&Rejection::InvitationNotFound))?.id;
    let outcome = writer.execute(app, &OnPartnership::new(id, command(link.invitation))).await?;
    let body = answered(app, writer, id, &outcome).await?;
    Ok(Answer::ok(outcome.position, body))
}
