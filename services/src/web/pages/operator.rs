//! What the pages of support operators share: who may see them, how they look, what a form does.

use axum::response::{IntoResponse, Redirect, Response};
use maud::Markup;

use crate::{
    application::UseCase,
    http::AppState,
    web::{
        error::PageError,
        forms::{Faults, mendable},
        layout,
        own_frame::OwnFrame,
        signed_in::Somebody,
        submitted::OwnForm,
    },
};

/// Where operators start.
pub(super) const HOME: &str = "/operator";
/// How that page is called.
pub(super) const HOME_TITLE: &str = "Support operator";
/// For whom operators work.
pub(super) const COMPANY: &str = "The installation";

/// Demands a support operator who may act now.
pub(super) async fn operator(app: &AppState, somebody: Somebody) -> Result<Somebody, PageError> {
    let somebody = somebody.settled()?;
    app.allow_operator(somebody.authenticated.principal).await?;
    Ok(somebody)
}

/// A page below the operators' start.
pub(super) fn page(somebody: &Somebody, title: &str, body: &Markup) -> Response {
    OwnFrame::new(somebody, title, COMPANY).under(HOME_TITLE, HOME).show(body)
}

/// Carries out what a form asks for and goes back to a page, which says that it was done or why
/// nothing was.
pub(super) async fn carried_out(
    app: &AppState,
    form: OwnForm,
    use_case: Result<impl UseCase, Faults>,
    done: &str,
    back: &str,
) -> Result<Response, PageError> {
    let call = form.call();
    let somebody = operator(app, form.somebody).await?;
    let outcome = match use_case {
        Ok(use_case) => mendable(app.execute(&call, &use_case).await, app.catalogue())?.map(|_| ()),
        Err(faults) => Err(faults),
    };
    let note = match outcome {
        Ok(()) => layout::done(done),
        Err(faults) => layout::faults(&faults),
    };
    app.sessions().leave_note(&somebody.key, note.into_string());
    Ok(Redirect::to(back).into_response())
}
