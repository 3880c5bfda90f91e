//! Partnerships [our own style]: a provider asks with a personalised link, a reseller answers, and
//! either ends it.

use axum::extract::State;
use commands::{
    AcceptPartnership, DeclinePartnership, EndPartnership, PartnershipCommand, Permission,
    Rejection, SendInvitation, WithdrawPartnership,
};
use events::{
    EmailAddress, InvalidValue, InvitationDraft, InvitationId, LetterText, PartnershipId,
    SubjectLine, Timestamp,
};
use projections::{PartnershipRow, PartnershipState};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    letter_edits::{EditInvitationLetter, LetterChange},
    letters::{LetterSending, shown_sending},
    partners::{PartnerSummary, shown_partner},
    path_ids::PathIds,
    reading::{Reader, View, open, personal_state, readable},
    shapes::{Attributes, Collection, SelfLinks},
    wire::Answer,
    writing::Writer,
};
use crate::{
    application::{
        LINK_DAYS_DEFAULT, LINK_DAYS_MAX, Letter, OnPartnership, Outcome, proposed_subject,
        proposed_text,
    },
    http::{ApiError, AppState, Caller, JsonBody},
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, request))
        .routes(routes!(one, edit))
        .routes(routes!(send))
        .routes(routes!(withdraw))
        .routes(routes!(end))
        .routes(routes!(accept))
        .routes(routes!(decline))
}

/// The bond of a provider and a reseller, from the request on.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Partnership {
    #[schema(value_type = Uuid)]
    id: PartnershipId,
    /// `requested`, `active`, `declined`, `withdrawn`, `expired` or `ended`.
    #[schema(value_type = String, example = "requested")]
    status: &'static str,
    #[schema(value_type = String, format = DateTime)]
    status_since: Timestamp,
    provider: PartnerSummary,
    /// Who answered.
    reseller: Option<PartnerSummary>,
    #[schema(value_type = String, format = DateTime)]
    requested_at: Timestamp,
    /// Until when it can be answered.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    links: SelfLinks,
    attributes: Attributes,
    /// How far the sending of the letter has come, to the provider.
    sending: Option<LetterSending>,
    #[serde(flatten)]
    letter: Option<PartnershipLetter>,
    /// Why the letter is not shown: `erased`, or `unavailable`.
    #[schema(value_type = Option<String>, example = json!(null))]
    personal_data: Option<&'static str>,
}

/// The letter that asks a reseller, as the provider sees it; a list goes without.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PartnershipLetter {
    #[schema(value_type = String, required = false, example = "office@fabrikam.example")]
    recipient: EmailAddress,
    #[schema(value_type = String, required = false, example = "A partnership")]
    subject: SubjectLine,
    /// With the link, where the caller may send it.
    #[schema(required = false, example = "Dear Fabrikam, please open the link.")]
    text: String,
    /// Where the link belongs stands `{link}`.
    #[schema(value_type = String, required = false, example = "Dear Fabrikam, please open {link}.")]
    draft_text: LetterText,
    /// Where the reseller answers; while the request is open, for who may send it.
    #[schema(example = "http://127.0.0.1:8420/partnerships/AbCdEf")]
    link: Option<String>,
    /// The letter as an address that mail programs open.
    #[schema(example = "mailto:office@fabrikam.example")]
    mailto: Option<String>,
}

/// Lists the partnerships, on either side (*own*).
#[utoipa::path(
    get,
    path = "/v1/partnerships",
    tag = "Partnerships",
    responses((status = OK, description = "The partnerships.", body = Collection<Partnership>))
)]
async fn list(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::PartnershipsView).await?;
    let asked = view.model.resellers().of_provider(view.partner);
    let answered = view.model.resellers().of_reseller(view.partner);
    let items = asked.chain(answered).map(|row| shown(&view, row));
    Ok(Answer::ok(view.position(), Collection::of(items, "/partnerships")))
}

/// Shows a partnership; to the provider with its letter (*own*).
#[utoipa::path(
    get,
    path = "/v1/partnerships/{partnership}",
    tag = "Partnerships",
    responses((status = OK, description = "The partnership.", body = Partnership))
)]
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

fn shown(view: &View, row: &PartnershipRow) -> Partnership {
    let model = &view.model;
    let (status, at) = match row.state_at(view.at) {
        PartnershipState::Requested => ("requested", None),
        PartnershipState::Active { since } => ("active", Some(since)),
        PartnershipState::Declined { at } => ("declined", Some(at)),
        PartnershipState::Withdrawn { at } => ("withdrawn", Some(at)),
        PartnershipState::Expired { at } => ("expired", Some(at)),
        PartnershipState::Ended { at, .. } => ("ended", Some(at)),
    };
    Partnership {
        id: row.id,
        status,
        status_since: at.unwrap_or(row.requested_at),
        provider: shown_partner(model, row.provider),
        reseller: row.reseller.map(|reseller| shown_partner(model, reseller)),
        requested_at: row.requested_at,
        expires_at: row.expires_at,
        links: SelfLinks::to(format!("/partnerships/{}", row.id)),
        attributes: Attributes::of("Partnership"),
        sending: None,
        letter: None,
        personal_data: None,
    }
}

/// A partnership with its letter, which only the provider sees; the link in it stands where the
/// caller may request partnerships, and as long as the request is open.
async fn with_draft(
    app: &AppState,
    caller: &Caller,
    view: &View,
    row: &PartnershipRow,
) -> Result<Partnership, ApiError> {
    let mut body = shown(view, row);
    if row.provider != view.partner {
        return Ok(body);
    }
    body.sending = Some(shown_sending(row.letter));
    let draft = open::<InvitationDraft>(app, &row.draft).await?;
    let Some(draft) = readable(&draft) else {
        body.personal_data = personal_state(&draft);
        return Ok(body);
    };
    let may_send = app.holds(caller.principal(), Permission::PartnershipsRequest).await?;
    let is_open = row.state_at(view.at) == PartnershipState::Requested;
    let letter = app.letter(row, draft, &caller.own_address).filter(|_| may_send && is_open);
    body.letter = Some(shown_letter(draft, letter));
    Ok(body)
}

fn shown_letter(draft: &InvitationDraft, letter: Option<Letter>) -> PartnershipLetter {
    let (link, text, mailto) = match letter {
        Some(Letter { link, text, mailto }) => (Some(link), text, Some(mailto)),
        None => (None, draft.text.to_string(), None),
    };
    PartnershipLetter {
        recipient: draft.recipient.clone(),
        subject: draft.subject.clone(),
        text,
        draft_text: draft.text.clone(),
        link,
        mailto,
    }
}

/// A letter that asks a reseller; what is left out is written for it.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct NewPartnership {
    #[schema(example = "office@fabrikam.example")]
    recipient: String,
    #[schema(example = "A partnership")]
    subject: Option<String>,
    /// Holds `{link}` where the link belongs.
    #[schema(example = "Dear Fabrikam, please open {link}.")]
    text: Option<String>,
    #[schema(example = 30)]
    expires_in_days: Option<i64>,
}

/// Asks for a partnership, and gives the letter with the personalised link (*own*).
#[utoipa::path(
    post,
    path = "/v1/partnerships",
    tag = "Partnerships",
    request_body = NewPartnership,
    responses((status = CREATED, description = "The request, with its letter.", body = Partnership))
)]
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
) -> Result<Partnership, ApiError> {
    let view = writer.view_after(app, outcome, Permission::PartnershipsView).await?;
    with_draft(app, &writer.caller, &view, row_of(&view, id)?).await
}

/// What of the letter is changed.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct PartnershipLetterChange {
    #[schema(example = "office@fabrikam.example")]
    recipient: Option<String>,
    #[schema(example = "A partnership")]
    subject: Option<String>,
    /// Holds `{link}` where the link belongs.
    #[schema(example = "Dear Fabrikam, please open {link}.")]
    text: Option<String>,
}

/// Changes the letter before it is sent; what the request leaves out stays (*own*).
#[utoipa::path(
    patch,
    path = "/v1/partnerships/{partnership}",
    tag = "Partnerships",
    request_body = PartnershipLetterChange,
    responses((status = OK, description = "The request, with its letter.", body = Partnership))
)]
async fn edit(
    State(app): State<AppState>,
    writer: Writer<(PartnershipId,)>,
) -> Result<Answer, ApiError> {
    let (id,) = writer.ids;
    let change = LetterChange::read(&writer.body)?;
    if change.is_empty() {
        return Err(writer.body.missing("text"));
    }
    let use_case = EditInvitationLetter { partnership: id, provider: writer.partner(), change };
    let outcome = writer.execute(&app, &use_case).await?;
    let body = answered(&app, &writer, id, &outcome).await?;
    Ok(Answer::ok(outcome.position, body))
}

/// Asks this installation to send the letter (*own*).
///
/// That it went out, or not, is told later, by `sending`.
#[utoipa::path(
    post,
    path = "/v1/partnerships/{partnership}/send",
    tag = "Partnerships",
    responses((status = OK, description = "The request.", body = Partnership))
)]
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

/// Withdraws a request that was not answered (*own*).
#[utoipa::path(
    post,
    path = "/v1/partnerships/{partnership}/withdraw",
    tag = "Partnerships",
    responses((status = OK, description = "The request, withdrawn.", body = Partnership))
)]
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

/// Ends a partnership, by either side (*own*).
#[utoipa::path(
    post,
    path = "/v1/partnerships/{partnership}/end",
    tag = "Partnerships",
    responses((status = OK, description = "The partnership, ended.", body = Partnership))
)]
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

/// The end of the link in a letter.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct InvitationToken {
    #[schema(example = "AbCdEf")]
    token: String,
}

/// Accepts a provider's request, by the reseller (*own*).
#[utoipa::path(
    post,
    path = "/v1/invitations/accept",
    tag = "Partnerships",
    request_body = InvitationToken,
    responses((status = OK, description = "The partnership.", body = Partnership))
)]
async fn accept(State(app): State<AppState>, writer: Writer) -> Result<Answer, ApiError> {
    let reseller = writer.partner();
    answer(&app, &writer, |invitation_id| AcceptPartnership { invitation_id, reseller }.into())
        .await
}

/// Declines a provider's request, by the reseller (*own*).
#[utoipa::path(
    post,
    path = "/v1/invitations/decline",
    tag = "Partnerships",
    request_body = InvitationToken,
    responses((status = OK, description = "The request, declined.", body = Partnership))
)]
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
