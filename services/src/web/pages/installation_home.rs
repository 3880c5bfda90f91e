//! `/operator` and `/auditor`: where those start who work for the installation and not for a partner.

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use commands::Rejection;
use events::{AuditScope, PartnerId};
use maud::html;

use super::{
    operator::{self, COMPANY, HOME, HOME_TITLE},
    operator_incidents, operator_network, operator_requests,
};
use crate::{
    application::Principal,
    http::AppState,
    web::{error::PageError, layout, signed_in::Somebody, submitted::OwnForm, widgets},
};

pub(super) fn router() -> Router<AppState> {
    Router::new().route(HOME, get(operator)).route("/auditor", get(auditor).post(choose))
}

async fn operator(State(app): State<AppState>, somebody: Somebody) -> Result<Response, PageError> {
    let somebody = operator::operator(&app, somebody).await?;
    let principal = somebody.authenticated.principal;
    let name = app.own_name(principal).await?;
    let body = html! {
        section.card {
            dl.pairs { div { dt { "Signed in as" } dd #own-name { (name) } } }
        }
        p { a #service-requests href=(operator_requests::PATH) { "Service requests" } }
        p { a #partners href=(operator_network::PATH) { "Competencies and benefits of partners" } }
        p { a #incidents href=(operator_incidents::PATH) { "Service health" } }
    };
    let note = app.sessions().take_note(&somebody.key);
    Ok(layout::own_side(HOME_TITLE, COMPANY, &somebody, note, &body).into_response())
}

/// An auditor of the installation chooses the partner to read of.
async fn auditor(State(app): State<AppState>, somebody: Somebody) -> Result<Response, PageError> {
    let somebody = somebody.settled()?;
    if let AuditScope::Partner(_) = scope(&app, &somebody).await? {
        return Ok(Redirect::to("/audit").into_response());
    }
    let model = app.models().current();
    let body = html! {
        p { "You read what every partner of the installation did, one at a time, and change nothing." }
        @for partner in model.partners().iter() {
            form method="post" action="/auditor" {
                (widgets::form_key(&somebody.session))
                input type="hidden" name="partner" value=(partner.id);
                button type="submit" { (partner.name) }
            }
        }
    };
    let note = app.sessions().take_note(&somebody.key);
    Ok(layout::own_side("Auditor", COMPANY, &somebody, note, &body).into_response())
}

async fn choose(State(app): State<AppState>, form: OwnForm) -> Result<Response, PageError> {
    let OwnForm { somebody, fields, .. } = form;
    let somebody = somebody.settled()?;
    let partner: PartnerId = super::id(fields.text("partner"))?;
    match scope(&app, &somebody).await? {
        AuditScope::Partner(own) if own != partner => {
            return Err((&Rejection::NotYourPartner).into());
        }
        AuditScope::Partner(_) | AuditScope::Installation => {}
    }
    if app.models().current().partners().get(partner).is_none() {
        return Err((&Rejection::PartnerNotFound).into());
    }
    app.sessions().choose_partner(&somebody.key, partner);
    Ok(Redirect::to("/audit").into_response())
}

async fn scope(app: &AppState, somebody: &Somebody) -> Result<AuditScope, PageError> {
    match somebody.authenticated.principal {
        Principal::Auditor { auditor } => Ok(app.audit_scope(auditor).await?),
        Principal::PartnerUser { .. }
        | Principal::CustomerUser { .. }
        | Principal::SupportOperator { .. }
        | Principal::Operator
        | Principal::System(_)
        | Principal::Application { .. }
        | Principal::Visitor => Err((&Rejection::ActorNotAllowed).into()),
    }
}
