//! `/customers/requests/{id}`: the e-mail of a request for a relationship with its personalised link:
//! edited, opened in a mail program, copied, or sent from here.

use axum::{
    Router,
    extract::Path,
    response::Response,
    routing::{get, post},
};
use commands::{EditRelationshipDraft, Permission};
use events::{EmailAddress, InvitationId, Opened, RelationshipDraft};
use maud::html;
use projections::RelationshipRequestRow;

use super::{
    id,
    relationship_requests::{PATH, draft, letter_fields, read_letter, row_of},
};
use crate::{
    application::{OnCustomer, SendRelationship},
    http::AppState,
    web::{
        error::PageError,
        forms::{Faults, Fields},
        layout::{self, Frame, Section},
        letter::{self, Envelope},
        screen::Screen,
        submitted::Submitted,
    },
};

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/customers/requests/{invitation}", get(show).post(edit))
        .route("/customers/requests/{invitation}/send", post(send))
}

async fn show(Path(invitation): Path<String>, screen: Screen) -> Result<Response, PageError> {
    let invitation = id::<InvitationId>(&invitation)?;
    screen.allow(Permission::RelationshipsRequest).await?;
    let row = row_of(&screen, invitation)?;
    let draft = readable(&screen, row).await?;
    let fields = Fields::default()
        .with("recipient", draft.recipient.as_ref().map_or("", EmailAddress::as_str))
        .with("subject", &draft.subject)
        .with("text", &draft.text);
    page(&screen, row, &draft, (&fields, &Faults::default()))
}

async fn readable(
    screen: &Screen,
    row: &RelationshipRequestRow,
) -> Result<RelationshipDraft, PageError> {
    let Opened::Readable(draft) = draft(screen, row).await? else {
        return Err(PageError::not_found("the e-mail of this request cannot be read any more"));
    };
    Ok(draft)
}

/// The e-mail with its personalised link: the link is derived here and stored nowhere.
fn page(
    screen: &Screen,
    row: &RelationshipRequestRow,
    draft: &RelationshipDraft,
    (fields, faults): (&Fields, &Faults),
) -> Result<Response, PageError> {
    let written = screen.app.relationship_letter(row, draft, &screen.visitor.own_address);
    let over = || PageError::not_found("the request was answered or withdrawn, or has expired");
    let written = written.ok_or_else(over)?;
    let path = format!("{PATH}/{}", row.invitation);
    let envelope = Envelope {
        recipient: draft.recipient.as_ref(),
        subject: &draft.subject,
        expires_at: row.expires_at,
        state: row.letter,
    };
    let body = html! {
        (layout::faults(faults))
        (envelope.draw(screen, &written, &format!("{path}/send")))
        (letter::edit_form(screen, &path, row.letter, &letter_fields(fields, faults)))
    };
    Ok(Frame::new(screen, Section::Customers, "E-mail and link")
        .under("Customers", "/customers")
        .under("Requested relationships", PATH)
        .faulty(faults)
        .show(&body))
}

async fn edit(Path(invitation): Path<String>, form: Submitted) -> Result<Response, PageError> {
    let invitation_id = id::<InvitationId>(&invitation)?;
    let screen = &form.screen;
    screen.allow(Permission::RelationshipsRequest).await?;
    let row = row_of(screen, invitation_id)?;
    let known = readable(screen, row).await?;
    let mut faults = Faults::default();
    let draft = read_letter(&form.fields, &mut faults);
    let draft = match faults.unless_any(|| draft) {
        Ok(draft) => draft,
        Err(faults) => return page(screen, row, &known, (&form.fields, &faults)),
    };
    let partner_id = screen.visitor.partner;
    let command = EditRelationshipDraft { invitation_id, partner_id, draft };
    match form.execute(&form.call(b""), &OnCustomer::new(row.stream, command)).await? {
        Ok(_) => {
            let path = format!("{PATH}/{invitation_id}");
            Ok(form.done(&path, layout::done("The e-mail is saved.")))
        }
        Err(faults) => page(screen, row, &known, (&form.fields, &faults)),
    }
}

async fn send(Path(invitation): Path<String>, form: Submitted) -> Result<Response, PageError> {
    let invitation = id::<InvitationId>(&invitation)?;
    let screen = &form.screen;
    screen.allow(Permission::RelationshipsRequest).await?;
    let (stream, partner_id) = (row_of(screen, invitation)?.stream, screen.visitor.partner);
    let sending = SendRelationship { stream, invitation_id: invitation, partner_id };
    let path = format!("{PATH}/{invitation}");
    match form.execute(&form.call(b""), &sending).await? {
        Ok(_) => Ok(form.done(&path, layout::done("The e-mail is being sent."))),
        Err(faults) => Ok(form.refused(&path, &faults)),
    }
}
