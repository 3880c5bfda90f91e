//! `/customers/{id}/account`: who the customer is and who serves it; editing, resellers, the end.

use axum::{
    Router,
    extract::Path,
    response::Response,
    routing::{get, post},
};
use commands::{
    AssociateReseller, CustomerAccess, EditCustomerDetails, EndRelationship, ForbidOwnPurchases,
    Permission, PermitOwnPurchases, RemoveReseller,
};
use events::{
    AddressLine, CompanyName, ContactDetails, CountryCode, CustomerId, Locale, Opened, PartnerId,
    PhoneNumber, PostalCode,
};
use maud::{Markup, html};
use projections::CustomerRow;

use super::{
    customer_new::{contact_fields, locale_fields, read_contact, resellers},
    id,
};
use crate::{
    application::OnCustomer,
    http::AppState,
    web::{
        customer_frame::{self, Tab},
        error::PageError,
        forms::{Faults, Fields},
        layout, names,
        screen::Screen,
        submitted::Submitted,
        widgets::{self, Input, Tone, badge},
    },
};

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/customers/{customer}/account", get(show))
        .route("/customers/{customer}/account/edit", get(show_edit).post(edit))
        .route("/customers/{customer}/account/resellers", post(change_reseller))
        .route("/customers/{customer}/account/own-purchases", post(change_own_purchases))
        .route("/customers/{customer}/account/end", post(end))
}

async fn show(Path(customer): Path<String>, screen: Screen) -> Result<Response, PageError> {
    let customer = id::<CustomerId>(&customer)?;
    page(&screen, customer, &Faults::default()).await
}

async fn page(
    screen: &Screen,
    customer: CustomerId,
    faults: &Faults,
) -> Result<Response, PageError> {
    let access = screen.allow_customer(customer, Permission::CustomersView).await?;
    let customer = screen.customer(customer)?;
    let contact = screen.app.vault().open::<ContactDetails>(&customer.contact).await?;
    let holds = access == CustomerAccess::Holder;
    let path = format!("{}/account", customer_frame::path(customer));
    let body = html! {
        (layout::faults(faults))
        div.columns { (company(customer)) (contact_card(&contact)) }
        (served_by(screen, customer))
        (super::service_health::of_customer(screen, customer))
        @if holds { (privileges(screen, customer)) (own_purchases(screen, customer, &path)) }
        @if holds && screen.can(Permission::ResellersAssociate) { (associate(screen, &path)) }
        @if holds && screen.can(Permission::RelationshipsEnd) { (ending(screen, &path)) }
    };
    let actions = html! {
        @if screen.can(Permission::CustomersEdit) {
            a.button #edit-customer href={ (path) "/edit" } { "Edit details" }
        }
    };
    Ok(customer_frame::frame(screen, customer, Tab::Account)
        .actions(actions)
        .faulty(faults)
        .show(&body))
}

fn company(customer: &CustomerRow) -> Markup {
    html! {
        section.card {
            h2 { "Company" }
            dl.pairs {
                div { dt { "Name" } dd { (customer.company_name) } }
                div { dt { "Domain" } dd { (domains(customer)) } }
                @if let Some(kind) = customer.qualification() {
                    div { dt { "Qualification" } dd { (kind.title()) } }
                }
                div { dt { "Country" } dd { (customer.country) } }
                div { dt { "Culture, language" } dd { (customer.culture) ", " (customer.language) } }
                div { dt { "Created" } dd { (widgets::time(customer.created_at)) } }
                div { dt { "Id" } dd { code { (customer.id) } } }
            }
        }
    }
}

/// Every domain, the first one first.
fn domains(customer: &CustomerRow) -> String {
    let all: Vec<&str> = customer.domains().map(events::DomainName::as_str).collect();
    all.join(", ")
}

fn contact_card(contact: &Opened<ContactDetails>) -> Markup {
    let shown = |text: fn(&ContactDetails) -> String| names::shown(contact, text);
    html! {
        section.card {
            h2 { "Contact" }
            dl.pairs {
                div { dt { "Name" } dd { (shown(|it| format!("{} {}", it.first_name, it.last_name))) } }
                div { dt { "E-mail address" } dd { (shown(|it| it.email.to_string())) } }
                div { dt { "Phone number" } dd {
                    (shown(|it| it.phone_number.as_ref().map_or_else(|| "–".to_owned(), ToString::to_string)))
                } }
                div { dt { "Address" } dd { (shown(address)) } }
            }
        }
    }
}

fn address(contact: &ContactDetails) -> String {
    let address = &contact.address;
    let line2 = address.line2.as_ref().map(AddressLine::as_str);
    let postal_code = address.postal_code.as_ref().map(PostalCode::as_str);
    let state = address.state.as_ref().map(AddressLine::as_str);
    let parts =
        [Some(address.line1.as_str()), line2, postal_code, Some(address.city.as_str()), state];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The relationship of the visitor's side and the resellers through it; those of others stay theirs.
fn served_by(screen: &Screen, customer: &CustomerRow) -> Markup {
    let own = screen.visitor.partner;
    let name = |id| screen.model.partners().get(id).map(|partner| partner.name.to_string());
    let mine = customer.relationships.iter().filter(|bond| bond.partner == own);
    let resellers: Vec<_> = customer
        .resellers
        .iter()
        .filter(|bond| bond.provider == own || bond.reseller == own)
        .collect();
    let edits = screen.can(Permission::ResellersAssociate);
    let path = format!("{}/account/resellers", customer_frame::path(customer));
    let rows = html! {
        @for bond in mine {
            tr {
                th scope="row" data-label="Partner" { (name(bond.partner).unwrap_or_default()) }
                td data-label="As" {
                    "relationship" @if bond.delegated_admin { ", delegated admin privileges" }
                }
                td data-label="State" {
                    @if bond.active { (badge(Tone::Good, "active")) } @else { (badge(Tone::Bad, "ended")) }
                }
                td data-label="Since" { (widgets::time(bond.since)) }
                td {}
            }
        }
        @for bond in &resellers {
            tr {
                th scope="row" data-label="Partner" { (name(bond.reseller).unwrap_or_default()) }
                td data-label="As" { "reseller through " (name(bond.provider).unwrap_or_default()) }
                td data-label="State" {
                    @if screen.model.resellers().between(bond.provider, bond.reseller).is_some() {
                        (badge(Tone::Good, "active"))
                    } @else { (badge(Tone::Warning, "partnership ended")) }
                }
                td data-label="Since" { (widgets::time(bond.since)) }
                td {
                    @if edits && bond.provider == own {
                        (widgets::form(screen, &format!("remove-{}", bond.reseller), &path, &html! {
                            input type="hidden" name="reseller" value=(bond.reseller);
                            button.small type="submit" name="action" value="remove" { "Remove" }
                        }))
                    }
                }
            }
        }
    };
    let headers = ["Partner", "As", "State", "Since", r#"<span class="hidden">More</span>"#];
    html! { h2 { "Served by" } (widgets::table("served-by", "Who serves the customer", &headers, &rows)) }
}

fn associate(screen: &Screen, path: &str) -> Markup {
    let choices = resellers(screen);
    html! {
        @if choices.len() > 1 {
            section.card {
                h2 { "Associate an indirect reseller" }
                p.hint { "It will see and administer this customer and its subscriptions." }
                (widgets::form(screen, "associate-reseller", &format!("{path}/resellers"), &html! {
                    span.inline {
                        label.hidden for="reseller" { "Reseller" }
                        select #reseller name="reseller" required {
                            @for (value, text) in choices.iter().skip(1) { option value=(value) { (text) } }
                        }
                        button type="submit" name="action" value="associate" { "Associate" }
                    }
                }))
            }
        }
    }
}

/// Asking for delegated admin privileges where the partner has none.
fn privileges(screen: &Screen, customer: &CustomerRow) -> Markup {
    let bond = customer.relationship(screen.visitor.partner);
    let is_missing = bond.is_some_and(|bond| bond.active && !bond.delegated_admin);
    html! {
        @if is_missing && screen.can(Permission::DelegatedAdminRequest) {
            section.card {
                h2 { "Delegated admin privileges" }
                p { "The customer has not granted them: its users can be seen, and are administered by the \
                     customer itself." }
                p { a.button #request-privileges
                    href={ "/customers/requests/new?privileges=yes&domain=" (customer.domain) } {
                    "Ask for delegated admin privileges"
                } }
            }
        }
    }
}

/// The permission of the customer to buy for itself from the visitor's partner.
fn own_purchases(screen: &Screen, customer: &CustomerRow, path: &str) -> Markup {
    let permitted = customer.own_purchases_from(screen.visitor.partner);
    html! {
        @if screen.sees(Permission::OwnPurchasesView) {
            section.card #own-purchases {
                h2 { "Buying for itself" }
                @match permitted {
                    Some(permitted) => {
                        p { "The customer may buy for itself, since " (widgets::time(permitted.since)) "." }
                    }
                    None => {
                        p { "The customer may not buy for itself. It takes a subscription from you." }
                    }
                }
                @if screen.can(Permission::OwnPurchasesManage) {
                    (widgets::form(screen, "own-purchases-form", &format!("{path}/own-purchases"), &html! {
                        @if permitted.is_some() {
                            button type="submit" name="action" value="forbid" { "Take the permission back" }
                        } @else {
                            button type="submit" name="action" value="permit" { "Permit the customer to buy" }
                        }
                    }))
                }
            }
        }
    }
}

fn ending(screen: &Screen, path: &str) -> Markup {
    html! {
        section.card {
            h2 { "End the relationship" }
            p { "All active subscriptions must be suspended first. You will not see this customer any \
                 more; its history stays." }
            (widgets::form(screen, "end-relationship", &format!("{path}/end"), &html! {
                button.danger type="submit" { "End relationship" }
            }))
        }
    }
}

async fn change_reseller(
    Path(customer): Path<String>,
    mut form: Submitted,
) -> Result<Response, PageError> {
    let customer = id::<CustomerId>(&customer)?;
    let path = format!("/customers/{customer}/account");
    form.screen.path.clone_from(&path);
    let mut faults = Faults::default();
    let Some(reseller) = form.fields.required::<PartnerId>(&mut faults, "reseller") else {
        return page(&form.screen, customer, &faults).await;
    };
    let provider = form.screen.visitor.partner;
    let (use_case, note) = if form.fields.text("action") == "remove" {
        let command = RemoveReseller { provider, reseller };
        (OnCustomer::new(customer, command), "The reseller was removed from this customer.")
    } else {
        let command = AssociateReseller { provider, reseller };
        (OnCustomer::new(customer, command), "The reseller is associated with this customer.")
    };
    match form.execute(&form.call(b""), &use_case).await? {
        Ok(_) => Ok(form.done(&path, layout::done(note))),
        Err(faults) => page(&form.screen, customer, &faults).await,
    }
}

async fn change_own_purchases(
    Path(customer): Path<String>,
    mut form: Submitted,
) -> Result<Response, PageError> {
    let customer = id::<CustomerId>(&customer)?;
    let path = format!("/customers/{customer}/account");
    form.screen.path.clone_from(&path);
    let partner_id = form.screen.visitor.partner;
    let (use_case, note) = match form.fields.text("action") {
        "permit" => {
            let command = PermitOwnPurchases { partner_id };
            (OnCustomer::new(customer, command), "The customer may buy for itself now.")
        }
        "forbid" => {
            let command = ForbidOwnPurchases { partner_id };
            (OnCustomer::new(customer, command), "The customer may not buy for itself any more.")
        }
        _ => return Err(PageError::malformed("the action must be permit or forbid")),
    };
    match form.execute(&form.call(b""), &use_case).await? {
        Ok(_) => Ok(form.done(&path, layout::done(note))),
        Err(faults) => page(&form.screen, customer, &faults).await,
    }
}

async fn end(Path(customer): Path<String>, mut form: Submitted) -> Result<Response, PageError> {
    let customer = id::<CustomerId>(&customer)?;
    form.screen.path = format!("/customers/{customer}/account");
    let command = EndRelationship { partner_id: form.screen.visitor.partner };
    match form.execute(&form.call(b""), &OnCustomer::new(customer, command)).await? {
        Ok(_) => Ok(form.done("/customers", layout::done("The relationship has ended."))),
        Err(faults) => page(&form.screen, customer, &faults).await,
    }
}

async fn show_edit(Path(customer): Path<String>, screen: Screen) -> Result<Response, PageError> {
    let customer = id::<CustomerId>(&customer)?;
    screen.allow_customer(customer, Permission::CustomersEdit).await?;
    let customer = screen.customer(customer)?;
    let contact = screen.app.vault().open::<ContactDetails>(&customer.contact).await?;
    Ok(edit_page(&screen, customer, &filled(customer, &contact), &Faults::default()))
}

fn filled(customer: &CustomerRow, contact: &Opened<ContactDetails>) -> Fields {
    let fields = Fields::default()
        .with("company_name", &customer.company_name)
        .with("culture", &customer.culture)
        .with("language", &customer.language)
        .with("country", &customer.country);
    let Opened::Readable(contact) = contact else { return fields };
    let address = &contact.address;
    let line =
        |line: &Option<AddressLine>| line.as_ref().map_or("", AddressLine::as_str).to_owned();
    fields
        .with("first_name", &contact.first_name)
        .with("last_name", &contact.last_name)
        .with("email", &contact.email)
        .with("phone_number", contact.phone_number.as_ref().map_or("", PhoneNumber::as_str))
        .with("line1", &address.line1)
        .with("line2", line(&address.line2))
        .with("city", &address.city)
        .with("state", line(&address.state))
        .with("postal_code", address.postal_code.as_ref().map_or("", PostalCode::as_str))
}

fn edit_page(
    screen: &Screen,
    customer: &CustomerRow,
    fields: &Fields,
    faults: &Faults,
) -> Response {
    let path = format!("{}/account", customer_frame::path(customer));
    let inner = html! {
        (layout::faults(faults))
        fieldset {
            legend { "Company" }
            (Input::text("company_name", "Company name").required().draw(fields, faults))
            (locale_fields(fields, faults))
        }
        (contact_fields(fields, faults))
        div.buttons {
            button.primary type="submit" { "Save" }
            a.button href=(path) { "Cancel" }
        }
    };
    customer_frame::inner_frame(screen, customer, "Edit details")
        .faulty(faults)
        .show(&widgets::form(screen, "edit-customer-form", &format!("{path}/edit"), &inner))
}

async fn edit(Path(customer): Path<String>, form: Submitted) -> Result<Response, PageError> {
    let customer = id::<CustomerId>(&customer)?;
    let screen = &form.screen;
    screen.allow_customer(customer, Permission::CustomersEdit).await?;
    let row = screen.customer(customer)?;
    let mut faults = Faults::default();
    let company_name = form.fields.required::<CompanyName>(&mut faults, "company_name");
    let country = form.fields.required::<CountryCode>(&mut faults, "country");
    let culture = form.fields.required::<Locale>(&mut faults, "culture");
    let language = form.fields.required::<Locale>(&mut faults, "language");
    let contact = read_contact(&form.fields, &mut faults);
    let command = faults.unless_any(|| {
        Some(EditCustomerDetails {
            company_name: company_name?,
            country: country?,
            culture: culture?,
            language: language?,
            contact: contact?,
        })
    });
    let command = match command {
        Ok(command) => command,
        Err(faults) => return Ok(edit_page(screen, row, &form.fields, &faults)),
    };
    match form.execute(&form.call(b""), &OnCustomer::new(customer, command)).await? {
        Ok(_) => {
            let path = format!("/customers/{customer}/account");
            Ok(form.done(&path, layout::done("The details were saved.")))
        }
        Err(faults) => Ok(edit_page(screen, row, &form.fields, &faults)),
    }
}
