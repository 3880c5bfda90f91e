//! `/resellers`: the partnerships of a provider or a reseller, its open requests and earlier ones.

use axum::{
    Router,
    extract::Path,
    response::Response,
    routing::{get, post},
};
use commands::{EndPartnership, Permission};
use events::{InvitationDraft, Opened, PartnerId, PartnerKind, PartnershipId, Timestamp};
use maud::{Markup, html};
use projections::{CustomerFilter, PartnershipRow, PartnershipState};

use super::id;
use crate::{
    application::OnPartnership,
    http::AppState,
    web::{
        error::PageError,
        forms::Faults,
        layout::{self, Frame, Section},
        letter, names,
        screen::Screen,
        submitted::Submitted,
        widgets::{self, Tone, badge},
    },
};

pub(super) const PATH: &str = "/resellers";

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route(PATH, get(show))
        .route("/resellers/partnerships/{partnership}/end", post(end))
}

fn own_kind(screen: &Screen) -> Option<PartnerKind> {
    screen.model.partners().get(screen.visitor.partner).map(|partner| partner.kind)
}

async fn show(screen: Screen) -> Result<Response, PageError> {
    screen.allow(Permission::PartnershipsView).await?;
    page(&screen, &Faults::default()).await
}

async fn page(screen: &Screen, faults: &Faults) -> Result<Response, PageError> {
    let kind = own_kind(screen);
    let is_provider = kind == Some(PartnerKind::IndirectProvider);
    let own = screen.visitor.partner;
    let resellers = screen.model.resellers();
    let active: Vec<_> = if kind == Some(PartnerKind::IndirectReseller) {
        resellers.providers_of(own).collect()
    } else {
        resellers.resellers_of(own).collect()
    };
    let title = if kind == Some(PartnerKind::IndirectReseller) {
        "Providers"
    } else {
        "Indirect resellers"
    };
    let requests = html! {
        @if is_provider { (requests(screen).await?) (asked_earlier(screen).await?) }
        @else { (answered_earlier(screen)) }
    };
    let body = html! {
        (layout::faults(faults))
        @if active.is_empty() {
            (widgets::empty("No partnership is active."))
        } @else { (partnerships(screen, title, &active)) }
        (requests)
    };
    let actions = html! {
        @if is_provider && screen.can(Permission::PartnershipsRequest) {
            a.button.primary #request-partnership href="/resellers/request" { "Request a partnership" }
        }
    };
    Ok(Frame::new(screen, Section::Resellers, title)
        .readable()
        .actions(actions)
        .faulty(faults)
        .show(&body))
}

fn partnerships(screen: &Screen, title: &str, active: &[&PartnershipRow]) -> Markup {
    let headers = [
        "Company",
        "MPN id",
        "Country",
        "Customers",
        "Partners since",
        r#"<span class="hidden">More</span>"#,
    ];
    let rows = html! { @for row in active { (partnership(screen, row)) } };
    widgets::table("partnerships", title, &headers, &rows)
}

fn partnership(screen: &Screen, row: &PartnershipRow) -> Markup {
    let own = screen.visitor.partner;
    let other = if row.provider == own { row.reseller } else { Some(row.provider) };
    let partner = other.and_then(|id| screen.model.partners().get(id));
    let filter = CustomerFilter { indirect_partner: other, ..CustomerFilter::default() };
    let customers = screen.model.customers().list(own, &filter, None, 1).total;
    let other = other.map(|id| id.to_string()).unwrap_or_default();
    html! {
        tr data-partnership=(row.id) {
            th scope="row" data-label="Company" { @if let Some(partner) = partner { (partner.name) } }
            td data-label="MPN id" { @if let Some(partner) = partner { (partner.mpn_id) } }
            td data-label="Country" { @if let Some(partner) = partner { (partner.country) } }
            td.number data-label="Customers" {
                a href=(screen.link_with("/customers", &[("reseller", &other)])) { (customers) }
            }
            td data-label="Partners since" {
                @if let PartnershipState::Active { since } = row.state { (widgets::time(since)) }
            }
            td {
                div.row-actions {
                    @if row.provider == own && screen.can(Permission::CustomersCreate) {
                        a.small href={ "/customers/new?reseller=" (other) } { "Add customer" }
                    }
                    @if screen.can(Permission::PartnershipsRequest) {
                        (widgets::button(screen, &format!("end-{}", row.id),
                            &format!("/resellers/partnerships/{}/end", row.id), "End partnership"))
                    }
                }
            }
        }
    }
}

async fn requests(screen: &Screen) -> Result<Markup, PageError> {
    let own = screen.visitor.partner;
    let mut rows = Vec::new();
    let open = screen.model.resellers().requested_by(own);
    for row in open.filter(|row| row.state_at(screen.at) == PartnershipState::Requested) {
        rows.push((row, draft(screen, row).await?));
    }
    let headers =
        ["To", "Subject", "E-mail", "Link works until", r#"<span class="hidden">More</span>"#];
    let shown = html! { @for (row, draft) in &rows { (request_row(screen, row, draft)) } };
    Ok(html! {
        h2 { "Requests without an answer" }
        @if rows.is_empty() { (widgets::empty("None.")) }
        @else { (widgets::table("requests", "Requests without an answer", &headers, &shown)) }
    })
}

fn request_row(screen: &Screen, row: &PartnershipRow, draft: &Opened<InvitationDraft>) -> Markup {
    let path = format!("/resellers/requests/{}", row.id);
    html! {
        tr data-partnership=(row.id) {
            th scope="row" data-label="To" { (names::shown(draft, |draft| draft.recipient.to_string())) }
            td data-label="Subject" { (names::shown(draft, |draft| draft.subject.to_string())) }
            td data-label="E-mail" { (letter::state(row.letter)) }
            td data-label="Link works until" {
                (widgets::time(row.expires_at)) " "
                (badge(Tone::Plain, &widgets::left(screen.at, row.expires_at)))
            }
            td {
                div.row-actions {
                    @if screen.can(Permission::PartnershipsRequest) {
                        a.small href=(path) { "E-mail and link" }
                        (widgets::button(screen, &format!("withdraw-{}", row.id),
                            &format!("{path}/withdraw"), "Withdraw"))
                    }
                }
            }
        }
    }
}

/// What became of a request that is over, and when; nothing while it is open or active.
fn outcome(screen: &Screen, row: &PartnershipRow) -> Option<(&'static str, Timestamp)> {
    match row.state_at(screen.at) {
        PartnershipState::Requested | PartnershipState::Active { .. } => None,
        PartnershipState::Declined { at } => Some(("declined", at)),
        PartnershipState::Withdrawn { at } => Some(("withdrawn", at)),
        PartnershipState::Expired { at } => Some(("expired", at)),
        PartnershipState::Ended { at, .. } => Some(("ended", at)),
    }
}

/// What became of a provider's earlier requests, newest first.
async fn asked_earlier(screen: &Screen) -> Result<Markup, PageError> {
    let own = screen.visitor.partner;
    let mut rows = Vec::new();
    for row in screen.model.resellers().of_provider(own) {
        if let Some((state, at)) = outcome(screen, row) {
            rows.push((row, state, at, draft(screen, row).await?));
        }
    }
    let shown = html! {
        @for (row, state, at, draft) in rows.iter().rev() {
            tr {
                th scope="row" data-label="To" { (names::shown(draft, |draft| draft.recipient.to_string())) }
                td data-label="Company" { (company(screen, row.reseller)) }
                td data-label="Outcome" { (badge(Tone::Plain, state)) }
                td data-label="When" { (widgets::time(*at)) }
            }
        }
    };
    Ok(earlier(!rows.is_empty(), &["To", "Company", "Outcome", "When"], &shown))
}

/// What became of the requests that a reseller answered, newest first.
fn answered_earlier(screen: &Screen) -> Markup {
    let answered = screen.model.resellers().of_reseller(screen.visitor.partner);
    let mut rows: Vec<_> = answered.filter_map(|row| Some((row, outcome(screen, row)?))).collect();
    rows.reverse();
    let shown = html! {
        @for (row, (state, at)) in &rows {
            tr {
                th scope="row" data-label="Company" { (company(screen, Some(row.provider))) }
                td data-label="Outcome" { (badge(Tone::Plain, state)) }
                td data-label="When" { (widgets::time(*at)) }
            }
        }
    };
    earlier(!rows.is_empty(), &["Company", "Outcome", "When"], &shown)
}

fn earlier(is_any: bool, headers: &[&str], rows: &Markup) -> Markup {
    html! {
        @if is_any {
            h2 { "Earlier" }
            (widgets::table("earlier", "Earlier requests and partnerships", headers, rows))
        }
    }
}

fn company(screen: &Screen, partner: Option<PartnerId>) -> Markup {
    let row = partner.and_then(|id| screen.model.partners().get(id));
    html! { @match row { Some(row) => (row.name), None => (widgets::dash()) } }
}

pub(super) async fn draft(
    screen: &Screen,
    row: &PartnershipRow,
) -> Result<Opened<InvitationDraft>, PageError> {
    Ok(screen.app.vault().open(&row.draft).await?)
}

async fn end(Path(partnership): Path<String>, mut form: Submitted) -> Result<Response, PageError> {
    let partnership = id::<PartnershipId>(&partnership)?;
    let command = EndPartnership { ended_by: form.screen.visitor.partner };
    let done = "The partnership has ended.";
    carry_out(&mut form, &OnPartnership::new(partnership, command), done).await
}

pub(super) async fn carry_out(
    form: &mut Submitted,
    use_case: &OnPartnership,
    done: &str,
) -> Result<Response, PageError> {
    PATH.clone_into(&mut form.screen.path);
    match form.execute(&form.call(b""), use_case).await? {
        Ok(_) => Ok(form.done(PATH, layout::done(done))),
        Err(faults) => page(&form.screen, &faults).await,
    }
}
