//! `/company/partners/{partner}/privileges`: the partners that serve a company, and ending the
//! privileges it granted one.

use axum::{Router, extract::Path, response::Response, routing::get};
use commands::{CompanyPermission, EndDelegatedAdmin};
use events::PartnerId;
use maud::{Markup, html};
use projections::{PartnerRow, Relationship};

use super::{company_buy, id};
use crate::{
    application::OnCustomer,
    http::AppState,
    web::{
        error::PageError,
        forms::Faults,
        layout,
        own_company::{CompanyForm, HOME, OwnCompany},
        widgets,
    },
};

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/company/partners/{partner}/privileges", get(show).post(end))
}

/// The partners that serve the company, with what it can do about each.
pub(super) fn table(company: &OwnCompany) -> Result<Markup, PageError> {
    let row = company.row()?;
    let serving = row.relationships.iter().filter(|bond| bond.active);
    let serving: Vec<_> = serving
        .filter_map(|bond| Some((company.model.partners().get(bond.partner)?, bond)))
        .collect();
    let rows = html! { @for (partner, bond) in &serving { (partner_row(company, partner, bond)) } };
    let headers = [
        "Partner",
        "Since",
        "Administers on our behalf",
        r#"<span class="hidden">What can be done</span>"#,
    ];
    Ok(if serving.is_empty() {
        widgets::empty("No partner serves your company.")
    } else {
        widgets::table("partners", "Partners", &headers, &rows)
    })
}

fn partner_row(company: &OwnCompany, partner: &PartnerRow, bond: &Relationship) -> Markup {
    let ends = bond.delegated_admin && company.may(CompanyPermission::RelationshipsAnswer);
    html! {
        tr data-partner=(partner.id) {
            th scope="row" data-label="Partner" { (partner.name) }
            td data-label="Since" { (widgets::time(bond.since)) }
            td data-label="Administers" { @if bond.delegated_admin { "Yes" } @else { "No" } }
            td {
                div.row-actions {
                    @if company_buy::is_offered(company, partner.id) {
                        a.button.small href=(company_buy::path(partner.id)) { "Buy" }
                    }
                    @if ends { a.button.small href=(path(partner.id)) { "End privileges" } }
                }
            }
        }
    }
}

fn path(partner: PartnerId) -> String {
    format!("{HOME}/partners/{partner}/privileges")
}

/// A partner that holds privileges now.
fn privileged(company: &OwnCompany, partner: PartnerId) -> Result<&PartnerRow, PageError> {
    let bond = company.row()?.relationship(partner).filter(|bond| bond.delegated_admin);
    let row = bond.and_then(|bond| company.model.partners().get(bond.partner));
    row.ok_or_else(|| {
        PageError::not_found("this partner has no delegated admin privileges in your company")
    })
}

async fn show(Path(partner): Path<String>, company: OwnCompany) -> Result<Response, PageError> {
    let partner = id::<PartnerId>(&partner)?;
    company.allow(CompanyPermission::RelationshipsAnswer).await?;
    page(&company, partner, &Faults::default())
}

/// What ends is said before it does.
fn page(company: &OwnCompany, id: PartnerId, faults: &Faults) -> Result<Response, PageError> {
    let partner = privileged(company, id)?;
    let falling_back = contacts_that_end(company, id);
    let body = html! {
        (layout::faults(faults))
        section.card {
            p { strong { (partner.name) } " administers your users on your behalf. When you end that, it \
                can no longer create, change or delete them, reset passwords or assign licences. It \
                goes on to sell to you; your subscriptions stay." }
            @if !falling_back.is_empty() {
                p #falling-back { "The support contact of these subscriptions is a reseller of "
                    (partner.name) "; it becomes " (partner.name) " itself: "
                    strong { (falling_back.join(", ")) } "." }
            }
            p { "To get the privileges back, the partner has to ask you again." }
            form #end-privileges method="post" action=(path(id)) {
                (widgets::hidden_of(company.app(), &company.somebody.session))
                div.buttons {
                    button.danger type="submit" { "End the privileges" }
                    a.button href=(HOME) { "Keep them" }
                }
            }
        }
    };
    Ok(company.inner_frame("End delegated admin privileges").faulty(faults).show(&body))
}

/// The subscriptions whose contact is a reseller that reaches the company through these privileges.
fn contacts_that_end(company: &OwnCompany, seller: PartnerId) -> Vec<String> {
    let subscriptions = company.model.subscriptions().of(company.customer);
    let sold = subscriptions.filter(|row| row.partner == seller && !row.state.is_cancelled());
    let assigned = sold.filter(|row| {
        let contact = company.model.support_contact(company.customer, row.id);
        contact.is_some_and(|contact| contact != seller)
    });
    assigned.map(|row| row.friendly_name.to_string()).collect()
}

async fn end(Path(partner): Path<String>, form: CompanyForm) -> Result<Response, PageError> {
    let partner_id = id::<PartnerId>(&partner)?;
    let company = &form.company;
    let use_case = OnCustomer::new(company.customer, EndDelegatedAdmin { partner_id });
    match form.execute(&use_case).await? {
        Ok(_) => {
            Ok(form.done("The delegated admin privileges have ended; the relationship stays."))
        }
        Err(faults) => Ok(form.home(layout::faults(&faults))),
    }
}
