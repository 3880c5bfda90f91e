//! `/password`: everybody with an account chooses the own password; with a temporary one it is the
//! only page.

use axum::{
    Router,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use maud::{Markup, html};
use secrecy::SecretString;

use crate::{
    application::CommandError,
    http::AppState,
    web::{
        error::PageError,
        forms::{Faults, mendable},
        layout,
        signed_in::Somebody,
        submitted::OwnForm,
        widgets,
    },
};

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/password", get(show).post(change))
}

async fn show(somebody: Somebody) -> Result<Response, PageError> {
    page(&somebody, &Faults::default()).await
}

async fn change(form: OwnForm) -> Result<Response, PageError> {
    let secret = |name| SecretString::from(form.fields.all(name).next().unwrap_or_default());
    let [old, new, again] = ["old_password", "new_password", "again"].map(secret);
    let somebody = &form.somebody;
    let mut faults = Faults::default();
    for name in ["old_password", "new_password"] {
        if form.fields.all(name).next().unwrap_or_default().is_empty() {
            faults.add(name, "must not be empty");
        }
    }
    if !same(&new, &again) {
        faults.add("again", "must be the same password once more");
    }
    if !faults.is_empty() {
        return page(somebody, &faults).await;
    }
    let session = Some(somebody.authenticated.token).filter(|_| somebody.authenticated.is_session);
    let app = &somebody.app;
    let changed = app.change_own_password(&form.call(), session, &old, &new).await;
    match mendable(changed, app.catalogue()) {
        Ok(Ok(Some(_))) => {
            let note = layout::done("Your password was changed. Your other sessions have ended.");
            app.sessions().leave_note(&somebody.key, note.into_string());
            Ok(Redirect::to("/").into_response())
        }
        Ok(Ok(None)) => {
            faults.add("old_password", "is wrong");
            page(somebody, &faults).await
        }
        Ok(Err(faults)) => page(somebody, &faults).await,
        Err(CommandError::Rejected(rejection)) => Err((&rejection).into()),
        Err(error) => Err(error.into()),
    }
}

fn same(one: &SecretString, other: &SecretString) -> bool {
    use secrecy::ExposeSecret;
    one.expose_secret() == other.expose_secret()
}

async fn page(somebody: &Somebody, faults: &Faults) -> Result<Response, PageError> {
    let name = somebody.app.own_name(somebody.authenticated.principal).await?;
    let must = somebody.authenticated.must_change_password;
    let body = html! {
        h1 { "Choose a password" }
        @if must {
            p #must-change { "You signed in with a temporary password. Choose one of your own before anything else." }
        }
        (layout::faults(faults))
        form #password-change method="post" action="/password" {
            (widgets::form_key(&somebody.session))
            input type="hidden" name="user_name" autocomplete="username" value=(name);
            (field("old_password", "Password until now", "current-password", faults))
            (field("new_password", "New password, at least 12 characters", "new-password", faults))
            (field("again", "New password once more", "new-password", faults))
            button.primary type="submit" { "Change password" }
        }
        form method="post" action="/sign-out" #sign-out {
            (widgets::form_key(&somebody.session))
            button.quiet type="submit" { "Sign out" }
        }
    };
    Ok(layout::bare("Choose a password", &body).into_response())
}

fn field(name: &str, label: &str, kind: &str, faults: &Faults) -> Markup {
    let fault = faults.about(name);
    html! {
        div.field.wide {
            label for=(name) { (label) }
            input id=(name) name=(name) type="password" required autocomplete=(kind)
                aria-invalid=[fault.map(|_| "true")];
            @if let Some(fault) = fault { p.fault { (fault) } }
        }
    }
}
