//! `/invitations/{token}`: where the personalised link leads: the reseller accepts or declines.

use axum::{Router, extract::Path, response::Response, routing::get};
use commands::{AcceptPartnership, DeclinePartnership, Permission};
use maud::html;
use projections::{PartnershipRow, PartnershipState};

use crate::{
    application::OnPartnership,
    http::AppState,
    web::{
        error::PageError,
        forms::Faults,
        layout::{self, Frame, Section},
        screen::Screen,
        submitted::Submitted,
        widgets::{self, Tone, badge},
    },
};

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/invitations/{token}", get(show).post(answer))
}

fn find<'a>(screen: &'a Screen, token: &str) -> Result<&'a PartnershipRow, PageError> {
    let row = screen.app.invited(&screen.model, token);
    let row = row.map_err(|error| PageError::not_found(error.to_string()))?;
    row.ok_or_else(|| PageError::not_found("there is no such invitation"))
}

async fn show(Path(token): Path<String>, screen: Screen) -> Result<Response, PageError> {
    screen.allow(Permission::PartnershipsAnswer).await?;
    page(&screen, &token, &Faults::default())
}

fn page(screen: &Screen, token: &str, faults: &Faults) -> Result<Response, PageError> {
    let row = find(screen, token)?;
    let provider = screen.model.partners().get(row.provider);
    let provider = provider.map_or("A provider", |partner| partner.name.as_str());
    let state_now = row.state_at(screen.app.now());
    let is_open = state_now == PartnershipState::Requested;
    let action = format!("/invitations/{token}");
    let body = html! {
        (layout::faults(faults))
        section.card {
            p { strong { (provider) } " asks your company for a partnership: you would sell as its \
                indirect reseller, and see and administer the customers it associates with you." }
            p { "Invitation works until " (widgets::time(row.expires_at)) " " (state(state_now)) }
            @if is_open {
                (widgets::form(screen, "answer-form", &action, &html! {
                    div.buttons {
                        button.primary type="submit" name="answer" value="accept" { "Accept" }
                        button type="submit" name="answer" value="decline" { "Decline" }
                    }
                }))
            }
        }
    };
    Ok(Frame::new(screen, Section::Resellers, "Invitation to a partnership")
        .under("Partnerships", "/resellers")
        .faulty(faults)
        .show(&body))
}

fn state(state: PartnershipState) -> maud::Markup {
    match state {
        PartnershipState::Requested => badge(Tone::Plain, "open"),
        PartnershipState::Active { .. } => badge(Tone::Good, "accepted"),
        PartnershipState::Declined { .. } => badge(Tone::Plain, "declined"),
        PartnershipState::Withdrawn { .. } => badge(Tone::Plain, "withdrawn"),
        PartnershipState::Ended { .. } => badge(Tone::Plain, "ended"),
        PartnershipState::Expired { .. } => badge(Tone::Bad, "expired"),
    }
}

async fn answer(Path(token): Path<String>, form: Submitted) -> Result<Response, PageError> {
    let screen = &form.screen;
    screen.allow(Permission::PartnershipsAnswer).await?;
    let row = find(screen, &token)?;
    let (invitation_id, reseller) = (row.invitation, screen.visitor.partner);
    let (use_case, done) = match form.fields.text("answer") {
        "accept" => {
            let command = AcceptPartnership { invitation_id, reseller };
            (OnPartnership::new(row.id, command), "The partnership is accepted.")
        }
        "decline" => {
            let command = DeclinePartnership { invitation_id, reseller };
            (OnPartnership::new(row.id, command), "The partnership is declined.")
        }
        _ => return Err(PageError::malformed("the answer must be accept or decline")),
    };
    match form.execute(&form.call(b""), &use_case).await? {
        Ok(_) => Ok(form.done("/resellers", layout::done(done))),
        Err(faults) => page(screen, &token, &faults),
    }
}
