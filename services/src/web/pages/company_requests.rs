//! `/company/requests/{request}`: a company answers the request of a partner, which the page names by
//! the token of its link or, where it addresses the company, by its id.

use axum::{
    Router,
    extract::Path,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use commands::CompanyPermission;
use events::InvitationId;
use maud::{Markup, html};
use projections::{RelationshipRequestRow, RelationshipRequestState};

use super::company;
use crate::{
    application::{AnswerRelationship, RequestAnswer},
    http::AppState,
    web::{
        error::PageError,
        forms::Faults,
        layout,
        own_company::{CompanyForm, HOME, OwnCompany},
        widgets::{self, Tone, badge},
    },
};

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/company/requests/{request}", get(show).post(answer))
}

/// Where the company answers the request whose link has this token.
pub(super) fn path(token: &str) -> String {
    format!("{HOME}/requests/{token}")
}

/// The request that a link leads to, or that has this id; one that addresses another company is
/// nobody's business here.
fn find<'a>(
    company: &'a OwnCompany,
    request: &str,
) -> Result<&'a RelationshipRequestRow, PageError> {
    let there_is_none = || PageError::not_found("there is no such request to your company");
    let addressed = |row: &&RelationshipRequestRow| row.addressed_to == Some(company.customer);
    if let Ok(id) = request.parse::<InvitationId>() {
        let row = company.model.relationship_requests().get(id);
        return row.filter(addressed).ok_or_else(there_is_none);
    }
    let row = company.app().asked(&company.model, request);
    let row = row.map_err(|error| PageError::not_found(error.to_string()))?;
    let row = row.filter(|row| row.addressed_to.is_none() || addressed(row));
    row.ok_or_else(there_is_none)
}

async fn show(Path(request): Path<String>, company: OwnCompany) -> Result<Response, PageError> {
    company.allow(CompanyPermission::RelationshipsAnswer).await?;
    page(&company, &request, &Faults::default())
}

fn page(company: &OwnCompany, request: &str, faults: &Faults) -> Result<Response, PageError> {
    let row = find(company, request)?;
    let body = html! {
        (layout::faults(faults))
        (card(company, row, request))
    };
    let frame = company.inner_frame("A partner asks for a relationship").faulty(faults);
    Ok(frame.show(&body))
}

/// The requests that wait for the company's answer.
pub(super) fn pending(company: &OwnCompany) -> Markup {
    let now = company.app().now();
    let requests = company.model.relationship_requests().addressed_to(company.customer);
    let open: Vec<_> = requests.filter(|row| row.is_open(now)).collect();
    html! {
        @if !open.is_empty() {
            h2 { "Requests of partners" }
            @for row in open { (card(company, row, &row.invitation.to_string())) }
        }
    }
}

/// A request with the form that answers it.
fn card(company: &OwnCompany, row: &RelationshipRequestRow, request: &str) -> Markup {
    let form = html! {
        (widgets::hidden_of(company.app(), &company.somebody.session))
        div.buttons {
            button.primary type="submit" name="answer" value="accept" { "Accept" }
            button type="submit" name="answer" value="decline" { "Decline" }
        }
    };
    html! {
        section.card data-request=(row.invitation) {
            (asked(company.app(), company.model.partners().get(row.partner).map(|it| it.name.as_str()), row))
            @if row.is_open(company.app().now()) {
                form method="post" action=(path(request)) { (form) }
            }
        }
    }
}

/// What a partner asks for, what that means, and how far it has come.
pub(super) fn asked(app: &AppState, partner: Option<&str>, row: &RelationshipRequestRow) -> Markup {
    let partner = partner.unwrap_or("A partner");
    let now = app.now();
    html! {
        p { strong { (partner) } " would like to serve your company: to sell to it, and to see what it \
            bought there." }
        @if row.delegated_admin {
            p.privileges { (partner) " asks for " strong { "delegated admin privileges" } " as well: it \
                could then create, change and delete your users, reset their passwords and assign \
                licences, on your behalf. You can end the privileges at any time." }
        } @else {
            p.privileges { (partner) " does not ask for delegated admin privileges: it could not \
                administer your users." }
        }
        p {
            (badge(if row.is_open(now) { Tone::Good } else { Tone::Plain }, row.status(now))) " "
            (standing(row, row.is_open(now)))
        }
    }
}

/// How far a request has come, in words.
fn standing(row: &RelationshipRequestRow, is_open: bool) -> Markup {
    match row.state {
        RelationshipRequestState::Requested if is_open => html! {
            "It can be answered once, until " (widgets::time(row.expires_at)) "."
        },
        RelationshipRequestState::Requested | RelationshipRequestState::Expired { .. } => html! {
            "Nobody answered until " (widgets::time(row.expires_at))
            "; the partner can ask anew."
        },
        RelationshipRequestState::Accepted { at, .. } => html! {
            "It was accepted at " (widgets::time(at)) "; a link works once."
        },
        RelationshipRequestState::Declined { at, .. } => html! {
            "It was declined at " (widgets::time(at)) "; a link works once."
        },
        RelationshipRequestState::Withdrawn { at } => html! {
            "The partner took it back at " (widgets::time(at)) "."
        },
    }
}

async fn answer(Path(request): Path<String>, form: CompanyForm) -> Result<Response, PageError> {
    let company = &form.company;
    company.allow(CompanyPermission::RelationshipsAnswer).await?;
    let row = find(company, &request)?;
    let (answer, done) = match form.fields.text("answer") {
        "accept" => (RequestAnswer::Accept, "The relationship is accepted."),
        "decline" => (RequestAnswer::Decline, "The request is declined."),
        _ => return Err(PageError::malformed("the answer must be accept or decline")),
    };
    let use_case = AnswerRelationship::to(row, company.customer, answer);
    match form.execute(&use_case).await? {
        Ok(_) => Ok(form.done(done)),
        Err(faults) if request.parse::<InvitationId>().is_ok() => {
            company::start(company, &faults).await
        }
        Err(faults) => page(company, &request, &faults),
    }
}

/// Goes on to where a signed-in user of a customer answers.
pub(super) fn to_answer(token: &str) -> Response {
    Redirect::to(&path(token)).into_response()
}
