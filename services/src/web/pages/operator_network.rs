//! `/operator/partners`: competencies and benefits of each partner, granted by a support operator.

use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::{get, post},
};
use commands::{
    ChangeCompetency, GrantBenefit, PartnerCommand, RecordCompetency, WithdrawBenefit,
    WithdrawCompetency,
};
use events::{
    BenefitId, CompetencyId, CompetencyLevel, FriendlyName, PartnerId, Quantity, Timestamp,
};
use maud::{Markup, html};
use projections::{BenefitRow, CompetencyRow};

use super::{
    id,
    operator::{carried_out, operator, page},
};
use crate::{
    api::day_or_moment,
    application::OnPartner,
    http::AppState,
    ids,
    web::{
        error::PageError,
        forms::{Faults, Fields},
        signed_in::Somebody,
        submitted::OwnForm,
        widgets::{self, Input},
    },
};

pub(super) const PATH: &str = "/operator/partners";

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route(PATH, get(list))
        .route("/operator/partners/{partner}", get(show))
        .route("/operator/partners/{partner}/competencies", post(record))
        .route("/operator/partners/{partner}/competencies/{competency}", post(change))
        .route("/operator/partners/{partner}/benefits", post(grant))
        .route("/operator/partners/{partner}/benefits/{benefit}", post(withdraw))
}

async fn list(State(app): State<AppState>, somebody: Somebody) -> Result<Response, PageError> {
    let somebody = operator(&app, somebody).await?;
    let model = app.models().current();
    let rows = html! {
        @for partner in model.partners().iter() {
            tr data-partner=(partner.id) {
                th scope="row" data-label="Partner" {
                    a href={ (PATH) "/" (partner.id) } { (partner.name) }
                }
                td data-label="MPN id" { (partner.mpn_id) }
            }
        }
    };
    let body = widgets::table("partners", "Partners", &["Partner", "MPN id"], &rows);
    Ok(page(&somebody, "Partners", &body))
}

async fn show(
    State(app): State<AppState>,
    Path(partner): Path<String>,
    somebody: Somebody,
) -> Result<Response, PageError> {
    let somebody = operator(&app, somebody).await?;
    let partner = id::<PartnerId>(&partner)?;
    let model = app.models().current();
    let row = model.partners().get(partner);
    let row = row.ok_or_else(|| PageError::not_found("there is no such partner"))?;
    let path = format!("{PATH}/{partner}");
    let body = html! {
        h2 { "Competencies" }
        @for row in model.network().competencies(partner) { (competency(&somebody, &path, row)) }
        (new_competency(&somebody, &path))
        h2 { "Benefits" }
        @for row in model.network().benefits(partner) { (benefit(&somebody, &path, row)) }
        (new_benefit(&somebody, &path))
        p { a href=(PATH) { "All partners" } }
    };
    Ok(page(&somebody, row.name.as_str(), &body))
}

/// A form of an operator's page.
fn form(somebody: &Somebody, name: &str, action: &str, inner: &Markup) -> Markup {
    html! {
        form id=(name) method="post" action=(action) {
            (widgets::form_key(&somebody.session)) (inner)
        }
    }
}

fn levels() -> Vec<(String, String)> {
    CompetencyLevel::ALL.map(|it| (it.name().to_owned(), it.title().to_owned())).into()
}

fn competency(somebody: &Somebody, path: &str, row: &CompetencyRow) -> Markup {
    let (faults, name) = (Faults::default(), format!("competency-{}", row.id));
    let fields = Fields::default().with("level", row.level.name());
    let inner = html! {
        (Input::text("level", "Level").required().short().draw_choice(&levels(), &fields, &faults))
        (Input::text("expires", "Expires").required().short().draw(&fields, &faults))
        div.buttons {
            button type="submit" name="action" value="change" { "Renew" }
            button.danger type="submit" name="action" value="withdraw" { "Withdraw" }
        }
    };
    html! {
        section.card data-competency=(row.id) {
            p { strong { (row.name) } ", " (row.level.title()) ", until " (widgets::time(row.expires_at)) }
            (form(somebody, &name, &format!("{path}/competencies/{}", row.id), &inner))
        }
    }
}

fn new_competency(somebody: &Somebody, path: &str) -> Markup {
    let (fields, faults) = (Fields::default(), Faults::default());
    let inner = html! {
        fieldset {
            legend { "Record a competency" }
            (Input::text("name", "Competency").required().draw(&fields, &faults))
            (Input::text("level", "Level").required().short().draw_choice(&levels(), &fields, &faults))
            (Input::text("attained", "Attained").required().short()
                .hint("A date such as 2026-11-20.").draw(&fields, &faults))
            (Input::text("expires", "Expires").required().short().draw(&fields, &faults))
        }
        div.buttons { button.primary type="submit" { "Record" } }
    };
    form(somebody, "new-competency", &format!("{path}/competencies"), &inner)
}

fn benefit(somebody: &Somebody, path: &str, row: &BenefitRow) -> Markup {
    let inner = html! { div.buttons { button.danger type="submit" { "Withdraw" } } };
    let action = format!("{path}/benefits/{}", row.id);
    html! {
        section.card data-benefit=(row.id) {
            p {
                strong { (row.name) } ", " (row.used) " of " (row.quantity) " used, until "
                (widgets::time(row.expires_at))
            }
            (form(somebody, &format!("benefit-{}", row.id), &action, &inner))
        }
    }
}

fn new_benefit(somebody: &Somebody, path: &str) -> Markup {
    let (fields, faults) = (Fields::default(), Faults::default());
    let inner = html! {
        fieldset {
            legend { "Grant a benefit" }
            (Input::text("name", "Benefit").required().draw(&fields, &faults))
            (Input::text("quantity", "Units").required().short().draw(&fields, &faults))
            (Input::text("expires", "Expires").required().short()
                .hint("A date such as 2027-11-20.").draw(&fields, &faults))
        }
        div.buttons { button.primary type="submit" { "Grant" } }
    };
    form(somebody, "new-benefit", &format!("{path}/benefits"), &inner)
}

/// A date or moment that must be filled in.
fn moment(fields: &Fields, faults: &mut Faults, name: &'static str) -> Option<Timestamp> {
    let read = day_or_moment(fields.text(name));
    if read.is_none() {
        faults.add(name, "must be a date such as 2026-11-20");
    }
    read
}

fn level(fields: &Fields, faults: &mut Faults) -> Option<CompetencyLevel> {
    let level = CompetencyLevel::from_name(fields.text("level"));
    if level.is_none() {
        faults.add("level", "must be one of the list");
    }
    level
}

async fn record(
    State(app): State<AppState>,
    Path(partner): Path<String>,
    form: OwnForm,
) -> Result<Response, PageError> {
    let mut faults = Faults::default();
    let name = form.fields.required::<FriendlyName>(&mut faults, "name");
    let level = level(&form.fields, &mut faults);
    let attained_at = moment(&form.fields, &mut faults, "attained");
    let expires_at = moment(&form.fields, &mut faults, "expires");
    let competency_id = ids::fresh(app.now(), CompetencyId::from_uuid);
    let command = faults.unless_any(|| {
        let (name, level) = (name?, level?);
        let (attained_at, expires_at) = (attained_at?, expires_at?);
        Some(RecordCompetency { competency_id, name, level, attained_at, expires_at }.into())
    });
    changed(&app, &partner, form, command, "The competency was recorded.").await
}

async fn change(
    State(app): State<AppState>,
    Path((partner, competency)): Path<(String, String)>,
    form: OwnForm,
) -> Result<Response, PageError> {
    let competency_id = id::<CompetencyId>(&competency)?;
    if form.fields.text("action") == "withdraw" {
        let command = Ok(WithdrawCompetency { competency_id }.into());
        return changed(&app, &partner, form, command, "The competency was withdrawn.").await;
    }
    let mut faults = Faults::default();
    let level = level(&form.fields, &mut faults);
    let expires_at = moment(&form.fields, &mut faults, "expires");
    let command = faults.unless_any(|| {
        Some(ChangeCompetency { competency_id, level: level?, expires_at: expires_at? }.into())
    });
    changed(&app, &partner, form, command, "The competency was renewed.").await
}

async fn grant(
    State(app): State<AppState>,
    Path(partner): Path<String>,
    form: OwnForm,
) -> Result<Response, PageError> {
    let mut faults = Faults::default();
    let name = form.fields.required::<FriendlyName>(&mut faults, "name");
    let number = form.fields.text("quantity").parse::<u32>().ok();
    let quantity = number.and_then(|number| Quantity::new(number).ok());
    if quantity.is_none() {
        faults.add("quantity", format!("must be 1 to {}", Quantity::MAX));
    }
    let expires_at = moment(&form.fields, &mut faults, "expires");
    let benefit_id = ids::fresh(app.now(), BenefitId::from_uuid);
    let command = faults.unless_any(|| {
        let (name, quantity, expires_at) = (name?, quantity?, expires_at?);
        Some(GrantBenefit { benefit_id, name, quantity, expires_at }.into())
    });
    changed(&app, &partner, form, command, "The benefit was granted.").await
}

async fn withdraw(
    State(app): State<AppState>,
    Path((partner, benefit)): Path<(String, String)>,
    form: OwnForm,
) -> Result<Response, PageError> {
    let benefit_id = id::<BenefitId>(&benefit)?;
    let command = Ok(WithdrawBenefit { benefit_id }.into());
    changed(&app, &partner, form, command, "The benefit was withdrawn.").await
}

/// Changes what a partner has, and goes back to it.
async fn changed(
    app: &AppState,
    partner: &str,
    form: OwnForm,
    command: Result<PartnerCommand, Faults>,
    done: &str,
) -> Result<Response, PageError> {
    let partner = id::<PartnerId>(partner)?;
    let use_case = command.map(|command| OnPartner::new(partner, command));
    carried_out(app, form, use_case, done, &format!("{PATH}/{partner}")).await
}
