//! `/resellers/request` and `/resellers/requests/{id}`: asking for a partnership, and its e-mail:
//! edited, opened in a mail program, copied, or sent from here.

use axum::{
    Router,
    extract::Path,
    response::Response,
    routing::{get, post},
};
use commands::{EditInvitation, LINK_PLACEHOLDER, Permission, SendInvitation, WithdrawPartnership};
use events::{EmailAddress, InvitationDraft, LetterText, Opened, PartnershipId, SubjectLine};
use maud::{Markup, html};
use projections::PartnershipRow;

use super::{
    id,
    resellers::{PATH, carry_out, draft},
};
use crate::{
    application::{LINK_DAYS_DEFAULT, OnPartnership, proposed_subject, proposed_text},
    http::AppState,
    web::{
        error::PageError,
        forms::{Faults, Fields, mendable},
        layout::{self, Frame, Section},
        letter::{self, Envelope},
        screen::Screen,
        submitted::Submitted,
        widgets::{self, Input},
    },
};

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/resellers/request", get(show_request).post(request))
        .route("/resellers/requests/{partnership}", get(show_letter).post(edit))
        .route("/resellers/requests/{partnership}/send", post(send))
        .route("/resellers/requests/{partnership}/withdraw", post(withdraw))
}

async fn show_request(screen: Screen) -> Result<Response, PageError> {
    screen.allow(Permission::PartnershipsRequest).await?;
    let own = screen.model.partners().get(screen.visitor.partner);
    let name = own.map_or_else(String::new, |partner| partner.name.to_string());
    let (subject, text) = (proposed_subject(&name), proposed_text(&name, LINK_DAYS_DEFAULT));
    let fields = Fields::default()
        .with("subject", subject.as_ref().map_or("", SubjectLine::as_str))
        .with("text", text.as_ref().map_or("", LetterText::as_str));
    Ok(request_page(&screen, &fields, &Faults::default()))
}

fn request_page(screen: &Screen, fields: &Fields, faults: &Faults) -> Response {
    let inner = html! {
        (layout::faults(faults))
        (letter_fields(fields, faults))
        div.buttons {
            button.primary type="submit" { "Request partnership" }
            a.button href=(PATH) { "Cancel" }
        }
    };
    Frame::new(screen, Section::Resellers, "Request a partnership")
        .under("Indirect resellers", PATH)
        .faulty(faults)
        .show(&widgets::form(screen, "request-form", "/resellers/request", &inner))
}

fn letter_fields(fields: &Fields, faults: &Faults) -> Markup {
    html! {
        fieldset {
            legend { "E-mail" }
            (Input::email("recipient", "To").required().hint("The reseller's e-mail address.").draw(fields, faults))
            (Input::text("subject", "Subject").required().draw(fields, faults))
            (Input::text("text", "Text").required()
                .hint(format!("{LINK_PLACEHOLDER} must stay: the personalised link goes there."))
                .draw_lines(12, fields, faults))
        }
    }
}

fn read_letter(fields: &Fields) -> Result<InvitationDraft, Faults> {
    let mut faults = Faults::default();
    let recipient = fields.required::<EmailAddress>(&mut faults, "recipient");
    let subject = fields.required::<SubjectLine>(&mut faults, "subject");
    let text = fields.required::<LetterText>(&mut faults, "text");
    faults.unless_any(|| {
        Some(InvitationDraft { recipient: recipient?, subject: subject?, text: text? })
    })
}

async fn request(form: Submitted) -> Result<Response, PageError> {
    let screen = &form.screen;
    screen.allow(Permission::PartnershipsRequest).await?;
    let draft = match read_letter(&form.fields) {
        Ok(draft) => draft,
        Err(faults) => return Ok(request_page(screen, &form.fields, &faults)),
    };
    let (call, own) = (form.call(b""), screen.visitor.partner);
    let requested = screen.app.request_partnership(&call, own, draft, LINK_DAYS_DEFAULT).await;
    match mendable(requested, form.catalogue())? {
        Ok((id, _)) => {
            let path = format!("/resellers/requests/{id}");
            Ok(form.done(&path, layout::done("The partnership is requested. Now send the e-mail.")))
        }
        Err(faults) => Ok(request_page(screen, &form.fields, &faults)),
    }
}

async fn show_letter(
    Path(partnership): Path<String>,
    screen: Screen,
) -> Result<Response, PageError> {
    let partnership = id::<PartnershipId>(&partnership)?;
    screen.allow(Permission::PartnershipsRequest).await?;
    let row = own_request(&screen, partnership)?;
    let draft = readable(&screen, row).await?;
    let fields = Fields::default()
        .with("recipient", &draft.recipient)
        .with("subject", &draft.subject)
        .with("text", &draft.text);
    letter_page(&screen, row, &draft, &fields, &Faults::default())
}

fn own_request(screen: &Screen, id: PartnershipId) -> Result<&PartnershipRow, PageError> {
    let row = screen.model.resellers().get(id);
    let row = row.filter(|row| row.provider == screen.visitor.partner);
    row.ok_or_else(|| PageError::not_found("there is no such request"))
}

async fn readable(screen: &Screen, row: &PartnershipRow) -> Result<InvitationDraft, PageError> {
    let Opened::Readable(draft) = draft(screen, row).await? else {
        return Err(PageError::not_found("the e-mail of this request cannot be read any more"));
    };
    Ok(draft)
}

/// The e-mail with its personalised link: the link is derived here and stored nowhere.
fn letter_page(
    screen: &Screen,
    row: &PartnershipRow,
    draft: &InvitationDraft,
    fields: &Fields,
    faults: &Faults,
) -> Result<Response, PageError> {
    let written = (screen.at < row.expires_at)
        .then(|| screen.app.letter(row, draft, &screen.visitor.own_address))
        .flatten();
    let over = || PageError::not_found("the request was answered or withdrawn, or has expired");
    let written = written.ok_or_else(over)?;
    let path = format!("/resellers/requests/{}", row.id);
    let envelope = Envelope {
        recipient: Some(&draft.recipient),
        subject: &draft.subject,
        expires_at: row.expires_at,
        state: row.letter,
    };
    let body = html! {
        (layout::faults(faults))
        (envelope.draw(screen, &written, &format!("{path}/send")))
        (letter::edit_form(screen, &path, row.letter, &letter_fields(fields, faults)))
    };
    Ok(Frame::new(screen, Section::Resellers, "E-mail and link")
        .under("Indirect resellers", PATH)
        .faulty(faults)
        .show(&body))
}

async fn edit(Path(partnership): Path<String>, form: Submitted) -> Result<Response, PageError> {
    let partnership = id::<PartnershipId>(&partnership)?;
    let screen = &form.screen;
    screen.allow(Permission::PartnershipsRequest).await?;
    let row = own_request(screen, partnership)?;
    let faults = match read_letter(&form.fields) {
        Ok(draft) => {
            let command = EditInvitation { provider: screen.visitor.partner, draft };
            let use_case = OnPartnership::new(partnership, command);
            match form.execute(&form.call(b""), &use_case).await? {
                Ok(_) => {
                    let path = format!("/resellers/requests/{partnership}");
                    return Ok(form.done(&path, layout::done("The e-mail is saved.")));
                }
                Err(faults) => faults,
            }
        }
        Err(faults) => faults,
    };
    let known = readable(screen, row).await?;
    letter_page(screen, row, &known, &form.fields, &faults)
}

async fn send(Path(partnership): Path<String>, form: Submitted) -> Result<Response, PageError> {
    let partnership = id::<PartnershipId>(&partnership)?;
    let command = SendInvitation { provider: form.screen.visitor.partner };
    let path = format!("/resellers/requests/{partnership}");
    let use_case = OnPartnership::new(partnership, command);
    match form.execute(&form.call(b""), &use_case).await? {
        Ok(_) => Ok(form.done(&path, layout::done("The e-mail is being sent."))),
        Err(faults) => Ok(form.refused(&path, &faults)),
    }
}

async fn withdraw(
    Path(partnership): Path<String>,
    mut form: Submitted,
) -> Result<Response, PageError> {
    let partnership = id::<PartnershipId>(&partnership)?;
    let command = WithdrawPartnership { provider: form.screen.visitor.partner };
    let done = "The request was withdrawn; its link does not work any more.";
    carry_out(&mut form, &OnPartnership::new(partnership, command), done).await
}
