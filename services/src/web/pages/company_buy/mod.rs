//! `/company/buy/{partner}`: a company buys for itself where a partner permits it: it chooses, looks at
//! the prices, and submits. The page has no rules of its own; those of every order decide.

mod wanted;

use axum::{
    Router,
    extract::{Path, Query},
    response::Response,
    routing::get,
};
use commands::{CompanyPermission, Offer};
use events::{BillingCycle, Money, PartnerId};
use maud::{Markup, html};

use self::wanted::{CYCLES, Wanted, cycle_named};
use super::id;
use crate::{
    application::OnCustomer,
    http::AppState,
    web::{
        error::PageError,
        forms::{Faults, Fields, mendable},
        layout,
        own_company::{CompanyForm, HOME, OwnCompany},
        submitted::{FORM_KEY, SUBMISSION},
        widgets,
    },
};

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/company/buy/{partner}", get(show).post(buy))
}

/// Where the company buys from this partner.
pub(super) fn path(partner: PartnerId) -> String {
    format!("{HOME}/buy/{partner}")
}

/// Whether the company buys from this partner for itself, and this user may.
pub(super) fn is_offered(company: &OwnCompany, partner: PartnerId) -> bool {
    let permitted = company.row().ok().and_then(|row| row.own_purchases_from(partner));
    permitted.is_some() && company.may(CompanyPermission::Buy)
}

async fn show(
    Path(partner): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
    company: OwnCompany,
) -> Result<Response, PageError> {
    let partner = id::<PartnerId>(&partner)?;
    company.allow(CompanyPermission::Buy).await?;
    let query = Fields::checked(query).unwrap_or_default();
    let cycle = cycle_named(query.text("billing")).or_else(|| sold_in(&company).first().copied());
    let fields = Fields::default();
    choose(&company, partner, cycle.unwrap_or(BillingCycle::Monthly), (&fields, &Faults::default()))
}

/// The billing cycles in which anything is sold.
fn sold_in(company: &OwnCompany) -> Vec<BillingCycle> {
    let catalogue = company.app().catalogue();
    let sold = |cycle: &BillingCycle| {
        catalogue.offers().iter().any(|offer| wanted::price(offer, *cycle).is_some())
    };
    CYCLES.iter().map(|(_, _, cycle)| *cycle).filter(sold).collect()
}

/// The offers of the partner's catalogue, to choose from.
fn choose(
    company: &OwnCompany,
    partner: PartnerId,
    cycle: BillingCycle,
    (fields, faults): (&Fields, &Faults),
) -> Result<Response, PageError> {
    let seller = company.model.partners().get(partner).filter(|_| is_offered(company, partner));
    let seller = seller.ok_or_else(|| {
        PageError::not_found("this partner does not permit your company to buy for itself")
    })?;
    let offers = company.app().catalogue().offers().iter();
    let priced = offers.filter_map(|offer| Some((offer, wanted::price(offer, cycle)?)));
    let rows = html! {
        @for (offer, price) in priced { (offer_row(company, partner, (offer, price), fields)) }
    };
    let headers = ["Offer", "What it is", "Price of a licence", "Comes in", "Licences"];
    let body = html! {
        (layout::faults(faults))
        p { "From " strong { (seller.name) } ", which permits your company to buy for itself." }
        (cycle_tabs(company, partner, cycle))
        form #buy-form method="post" action=(path(partner)) {
            (widgets::form_key(&company.somebody.session))
            input type="hidden" name="billing_cycle" value=(wanted::word(cycle));
            // What is wrong with a quantity leads here.
            div #quantity { (widgets::table("licences", "Offers", &headers, &rows)) }
            div.buttons {
                button.primary type="submit" name="step" value="review" { "Review the order" }
                a.button href=(HOME) { "Cancel" }
            }
        }
    };
    Ok(company.inner_frame("Buy").faulty(faults).show(&body))
}

fn cycle_tabs(company: &OwnCompany, partner: PartnerId, shown: BillingCycle) -> Markup {
    let sold = sold_in(company);
    let tabs: Vec<_> = CYCLES
        .iter()
        .filter(|(_, _, cycle)| sold.contains(cycle))
        .map(|(word, title, cycle)| {
            (*title, None, format!("{}?billing={word}", path(partner)), *cycle == shown)
        })
        .collect();
    layout::tabs("Billing", &tabs)
}

fn offer_row(
    company: &OwnCompany,
    seller: PartnerId,
    (offer, price): (&Offer, &Money),
    fields: &Fields,
) -> Markup {
    let (quantity, parent) = (format!("quantity_{}", offer.id), format!("parent_{}", offer.id));
    let parents: Vec<_> = wanted::parents(company, seller, offer).collect();
    html! {
        tr data-offer=(offer.id) {
            th scope="row" data-label="Offer" { (offer.name) }
            td data-label="What it is" { span { (offer.description) } }
            td.number data-label="Price" { (price) }
            td data-label="Comes in" { (offer.minimum_quantity) " to " (offer.maximum_quantity) }
            td data-label="Licences" {
                @if offer.is_add_on() && parents.is_empty() {
                    span.none { "comes with a subscription your company does not have" }
                } @else {
                    span.inline {
                        input type="number" name=(quantity) min=(offer.minimum_quantity)
                            max=(offer.maximum_quantity) value=(fields.text(&quantity))
                            aria-label={ "Licences of " (offer.name) };
                        @if !parents.is_empty() {
                            select name=(parent) aria-label={ "Subscription to which " (offer.name) " is added" } {
                                @for held in &parents {
                                    option value=(held.id) selected[fields.has(&parent, &held.id.to_string())] {
                                        "for " (held.friendly_name)
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

async fn buy(Path(partner): Path<String>, form: CompanyForm) -> Result<Response, PageError> {
    let partner = id::<PartnerId>(&partner)?;
    form.company.allow(CompanyPermission::Buy).await?;
    let cycle = cycle_named(form.fields.text("billing_cycle"));
    let cycle = cycle
        .ok_or_else(|| PageError::malformed("the billing cycle must be one of the choices"))?;
    let again = |faults: &Faults| choose(&form.company, partner, cycle, (&form.fields, faults));
    let wanted = match wanted::read(&form, cycle) {
        Ok(wanted) => wanted,
        Err(faults) => return again(&faults),
    };
    match form.fields.text("step") {
        "review" => match rehearsed(&form, partner, &wanted).await? {
            Ok(()) => Ok(review(&form, partner, &wanted, &Faults::default())),
            Err(faults) => again(&faults),
        },
        "submit" => submit(&form, partner, &wanted).await,
        "change" => again(&Faults::default()),
        _ => Err(PageError::malformed("the step must be review, submit or change")),
    }
}

/// Whether the order would be taken as it stands.
async fn rehearsed(
    form: &CompanyForm,
    partner: PartnerId,
    wanted: &Wanted<'_>,
) -> Result<Result<(), Faults>, PageError> {
    let app = form.company.app();
    let use_case = OnCustomer::new(form.company.customer, wanted.order(app.now(), partner));
    let decided = app.rehearse(form.call(), &use_case).await;
    Ok(mendable(decided, app.catalogue())?.map(|_| ()))
}

/// What is bought at which price, before it is.
fn review(
    form: &CompanyForm,
    partner: PartnerId,
    wanted: &Wanted<'_>,
    faults: &Faults,
) -> Response {
    let company = &form.company;
    let seller = company.model.partners().get(partner);
    let rows = html! {
        @for line in &wanted.lines {
            tr data-offer=(line.offer.id) {
                th scope="row" data-label="Offer" { (line.offer.name) }
                td.number data-label="Licences" { (line.quantity) }
                td.number data-label="Price of a licence" { (line.unit_price) }
                td.number data-label="Together" { (line.price) }
            }
        }
    };
    let headers = ["Offer", "Licences", "Price of a licence", "Together"];
    let sent = form.fields.except(&[FORM_KEY, SUBMISSION, "step", "reviewed"]);
    let body = html! {
        (layout::faults(faults))
        p { "From " strong { @if let Some(seller) = seller { (seller.name) } } ", billed "
            (wanted::billed(wanted.cycle)) "." }
        (widgets::table("lines", "The order", &headers, &rows))
        p { "Total " strong #total { (wanted.total) } " " (wanted::billed(wanted.cycle)) "." }
        form #submit-form method="post" action=(path(partner)) {
            (widgets::hidden_of(company.app(), &company.somebody.session))
            @for (name, value) in sent { input type="hidden" name=(name) value=(value); }
            input type="hidden" name="reviewed" value=(wanted.total);
            div.buttons {
                button.primary type="submit" name="step" value="submit" { "Submit the order" }
                button type="submit" name="step" value="change" { "Change it" }
                a.button href=(HOME) { "Cancel" }
            }
        }
    };
    company.inner_frame("Review the order").faulty(faults).show(&body)
}

/// Nothing is bought at another price than the one that was looked at.
async fn submit(
    form: &CompanyForm,
    partner: PartnerId,
    wanted: &Wanted<'_>,
) -> Result<Response, PageError> {
    if form.fields.text("reviewed") != wanted.total {
        let faults = Faults::general("look at the prices: they are not those you have seen");
        return Ok(review(form, partner, wanted, &faults));
    }
    let company = &form.company;
    let order = wanted.order(company.app().now(), partner);
    match form.execute(&OnCustomer::new(company.customer, order)).await? {
        Ok(_) => {
            let ordered = widgets::count(wanted.lines.len(), "subscription", "subscriptions");
            Ok(form.done(&format!("Ordered: {ordered}.")))
        }
        Err(faults) => choose(company, partner, wanted.cycle, (&form.fields, &faults)),
    }
}
