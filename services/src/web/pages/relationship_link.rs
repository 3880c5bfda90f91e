//! `/relationships/{token}`: where the personalised link of a request for a relationship leads. It
//! is open to everybody who holds the link: the company it went to may have no account yet.

use axum::{
    Form, Router,
    extract::{Path, State, rejection::FormRejection},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::get,
};
use commands::CompanyPermission;
use events::Client;
use maud::{Markup, html};
use projections::{ReadModel, RelationshipRequestRow};

use super::{
    company_requests,
    customer_new::{contact_fields, locale_fields, read},
};
use crate::{
    application::{Call, Principal},
    auth::TemporaryPassword,
    http::{AppState, RequestContext},
    web::{
        error::PageError,
        forms::{Faults, Fields, mendable},
        layout, paths, security,
        signed_in::Somebody,
        widgets::Input,
    },
};

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/relationships/{token}", get(show).post(sign_up))
}

fn find<'a>(
    app: &AppState,
    model: &'a ReadModel,
    token: &str,
) -> Result<&'a RelationshipRequestRow, PageError> {
    let row = app.asked(model, token);
    let row = row.map_err(|error| PageError::not_found(error.to_string()))?;
    row.ok_or_else(|| PageError::not_found("there is no such request"))
}

/// A user of a customer who may answer goes on to where that is done; everybody else reads what to do.
async fn show(
    State(app): State<AppState>,
    Path(token): Path<String>,
    somebody: Result<Somebody, PageError>,
) -> Result<Response, PageError> {
    let reader = match &somebody {
        Ok(somebody) => reader(&app, somebody).await?,
        Err(_) => LinkReader::Anybody,
    };
    if reader == LinkReader::Answers {
        return Ok(company_requests::to_answer(&token));
    }
    let model = app.models().current();
    let row = find(&app, &model, &token)?;
    let fields = Fields::default().with("culture", "en-US").with("language", "en");
    let link = Link { app: &app, model: &model, row, token: &token, reader };
    Ok(link.page(&fields, &Faults::default()))
}

/// Who opened the link.
#[derive(Clone, Copy, PartialEq, Eq)]
enum LinkReader {
    /// A user of a customer whose roles answer requests.
    Answers,
    /// A user of a customer whose roles do not.
    OfCompany,
    /// Somebody else, signed in or not.
    Anybody,
}

async fn reader(app: &AppState, somebody: &Somebody) -> Result<LinkReader, PageError> {
    let principal = somebody.authenticated.principal;
    let Principal::CustomerUser { customer, .. } = principal else {
        return Ok(LinkReader::Anybody);
    };
    let permission = CompanyPermission::RelationshipsAnswer;
    let answers = app.holds_in_company(principal, customer, permission).await?;
    Ok(if answers { LinkReader::Answers } else { LinkReader::OfCompany })
}

/// The page behind a link.
struct Link<'a> {
    app: &'a AppState,
    model: &'a ReadModel,
    row: &'a RelationshipRequestRow,
    token: &'a str,
    reader: LinkReader,
}

impl Link<'_> {
    fn page(&self, fields: &Fields, faults: &Faults) -> Response {
        let partner = self.model.partners().get(self.row.partner).map(|it| it.name.as_str());
        let body = html! {
            h1 { "A partner asks for a relationship" }
            (layout::faults(faults))
            section #request { (company_requests::asked(self.app, partner, self.row)) }
            @if self.row.is_open(self.app.now()) {
                @match self.reader {
                    LinkReader::OfCompany => {
                        p #not-yours { "Your roles in your company do not answer requests of partners. \
                            A global admin of your company does." }
                    }
                    LinkReader::Anybody | LinkReader::Answers => {
                        (answering(self.token))
                        @if self.row.addressed_to.is_none() {
                            (opening(self.token, partner.unwrap_or("The partner"), fields, faults))
                        }
                    }
                }
            }
        };
        let status =
            if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        (status, layout::bare("A partner asks for a relationship", &body)).into_response()
    }
}

/// What the admin of a company that has an account does.
fn answering(token: &str) -> Markup {
    let here = format!("/relationships/{token}");
    let sign_in = paths::with_parameters("/sign-in", &[("next", &here)]);
    html! {
        section #answering {
            h2 { "Your company has an account here" }
            p { "Sign in as a global admin of your company: you come back here, and accept or decline." }
            div.buttons { a.button.primary #sign-in href=(sign_in) { "Sign in and answer" } }
        }
    }
}

/// The form in which a company opens an account and accepts.
fn opening(token: &str, partner: &str, fields: &Fields, faults: &Faults) -> Markup {
    html! {
        section #opening {
            h2 { "Your company has no account yet" }
            p { "Open one. " (partner) " is then accepted as your partner, and you get the user name and a \
                 temporary password of your global admin, once." }
            form #sign-up method="post" action={ "/relationships/" (token) } {
                fieldset {
                    legend { "Company" }
                    (Input::text("company_name", "Company name").required().draw(fields, faults))
                    (Input::text("domain", "Domain").required()
                        .hint("The full domain, such as contoso.example. User names will end in it.")
                        .draw(fields, faults))
                    (locale_fields(fields, faults))
                }
                (contact_fields(fields, faults))
                div.buttons { button.primary type="submit" { "Open the account and accept" } }
            }
        }
    }
}

async fn sign_up(
    State(app): State<AppState>,
    Path(token): Path<String>,
    context: RequestContext,
    headers: HeaderMap,
    form: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Result<Response, PageError> {
    if !security::is_from_here(&headers) {
        return Err(PageError::forbidden("the form came from a page of another site"));
    }
    let fields = form.ok().and_then(|Form(pairs)| Fields::checked(pairs));
    let fields = fields.ok_or_else(|| PageError::malformed("the form is too long or malformed"))?;
    let model = app.models().current();
    let row = find(&app, &model, &token)?;
    let reader = LinkReader::Anybody;
    let link = Link { app: &app, model: &model, row, token: &token, reader };
    let wanted = match read(&fields) {
        Ok(wanted) => wanted,
        Err(faults) => return Ok(link.page(&fields, &faults)),
    };
    let user_name = wanted.first_user.user_name.to_string();
    // Who acts is made with the account; until then nobody does.
    let mut call = Call::new(Principal::Operator, Client::Page, context.correlation_id);
    call.origin = context.origin;
    match mendable(app.sign_up(&call, row, wanted).await, app.catalogue())? {
        Ok(opened) => Ok(opened_page(&user_name, opened.password.as_ref())),
        Err(faults) => Ok(link.page(&fields, &faults)),
    }
}

fn opened_page(user_name: &str, password: Option<&TemporaryPassword>) -> Response {
    let body = html! {
        h1 { "Your company has an account" }
        div.note.good #note role="status" { p { "The relationship is accepted." } }
        @if let Some(password) = password { (super::credentials::secret(user_name, password)) }
        p { a.button href="/sign-in" { "Sign in" } }
    };
    layout::bare("Your company has an account", &body).into_response()
}
