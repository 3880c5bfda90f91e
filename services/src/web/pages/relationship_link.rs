//! `/relationships/{token}`: where the personalised link of a request for a relationship leads. It
//! is open to everybody who holds the link: the company it went to may have no account yet.

use axum::{
    Form, Router,
    extract::{Path, State, rejection::FormRejection},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::get,
};
use events::Client;
use maud::{Markup, html};
use projections::{ReadModel, RelationshipRequestRow};

use super::customer_new::{contact_fields, locale_fields, read};
use crate::{
    application::{Call, Principal},
    auth::TemporaryPassword,
    http::{AppState, RequestContext},
    web::{
        error::PageError,
        forms::{Faults, Fields, mendable},
        layout, security,
        widgets::{self, Input, Tone, badge},
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

async fn show(
    State(app): State<AppState>,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    let model = app.models().current();
    let row = find(&app, &model, &token)?;
    let fields = Fields::default().with("culture", "en-US").with("language", "en");
    Ok(page(&app, &model, row, &token, (&fields, &Faults::default())))
}

fn page(
    app: &AppState,
    model: &ReadModel,
    row: &RelationshipRequestRow,
    token: &str,
    (fields, faults): (&Fields, &Faults),
) -> Response {
    let partner = model.partners().get(row.partner);
    let partner = partner.map_or("A partner", |partner| partner.name.as_str());
    let is_open = row.is_open(app.now());
    let body = html! {
        h1 { "A partner asks for a relationship" }
        (layout::faults(faults))
        section.card #request {
            p {
                strong { (partner) } " would like to serve your company: to sell to it and to see what \
                it bought there"
                @if row.delegated_admin {
                    ", and to administer its users on your behalf (" strong { "delegated admin privileges" } ")"
                }
                "."
            }
            p {
                "The link works once, until " (widgets::time(row.expires_at)) " "
                (badge(if is_open { Tone::Good } else { Tone::Plain }, row.status(app.now())))
            }
        }
        @if is_open {
            @if row.addressed_to.is_none() { (opening(token, partner, fields, faults)) }
        }
    };
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    (status, layout::bare("A partner asks for a relationship", &body)).into_response()
}

/// The form in which a company opens an account and accepts.
fn opening(token: &str, partner: &str, fields: &Fields, faults: &Faults) -> Markup {
    html! {
        section.card {
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
    let wanted = match read(&fields) {
        Ok(wanted) => wanted,
        Err(faults) => return Ok(page(&app, &model, row, &token, (&fields, &faults))),
    };
    let user_name = wanted.first_user.user_name.to_string();
    // Who acts is made with the account; until then nobody does.
    let mut call = Call::new(Principal::Operator, Client::Page, context.correlation_id);
    call.origin = context.origin;
    match mendable(app.sign_up(&call, row, wanted).await, app.catalogue())? {
        Ok(opened) => Ok(opened_page(&user_name, opened.password.as_ref())),
        Err(faults) => Ok(page(&app, &model, row, &token, (&fields, &faults))),
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
