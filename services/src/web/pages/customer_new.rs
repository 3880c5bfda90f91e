//! `/customers/new`: opens a customer's account.

use axum::{
    Router,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use commands::Permission;
use events::{
    AddressLine, CompanyName, ContactDetails, CountryCode, CustomerId, DomainName, EmailAddress,
    Locale, PartnerId, PersonName, PhoneNumber, PostalAddress, PostalCode,
};
use maud::{Markup, html};

use super::credentials::{self, Notice};
use crate::{
    application::{CustomerToCreate, Issued, first_user},
    http::AppState,
    web::{
        error::PageError,
        forms::{Faults, Fields, mendable},
        layout::{self, Frame, Section},
        screen::Screen,
        submitted::Submitted,
        widgets::{self, Input},
    },
};

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/customers/new", get(show))
        .route("/customers/new/domain", get(domain))
        .route("/customers", post(create))
}

async fn show(screen: Screen) -> Result<Response, PageError> {
    screen.allow(Permission::CustomersCreate).await?;
    let fields = Fields::default()
        .with("country", own_country(&screen))
        .with("culture", "en-US")
        .with("language", "en")
        .with("reseller", screen.query.text("reseller"));
    Ok(page(&screen, &fields, &Faults::default()))
}

/// Says in words whether a domain, or the prefix of one, is free.
async fn domain(screen: Screen) -> Result<Response, PageError> {
    screen.allow(Permission::CustomersCreate).await?;
    let text = screen.query.text("domain");
    let words = match screen.model.customers().is_domain_free(text) {
        Ok(true) => format!("{text} is free."),
        Ok(false) => format!("{text} is taken."),
        Err(_) => String::new(),
    };
    Ok(words.into_response())
}

fn own_country(screen: &Screen) -> String {
    let own = screen.model.partners().get(screen.visitor.partner);
    own.map_or_else(String::new, |partner| partner.country.to_string())
}

async fn create(form: Submitted) -> Result<Response, PageError> {
    let screen = &form.screen;
    screen.allow(Permission::CustomersCreate).await?;
    let wanted = match read(&form.fields) {
        Ok(wanted) => wanted,
        Err(faults) => return Ok(page(screen, &form.fields, &faults)),
    };
    let user_name = wanted.first_user.user_name.to_string();
    let company = wanted.company_name.to_string();
    let created = screen.app.create_customer(&form.call(b""), screen.visitor.partner, wanted).await;
    let created = match mendable(created, form.catalogue())? {
        Ok(created) => created,
        Err(faults) => return Ok(page(screen, &form.fields, &faults)),
    };
    let frame =
        Frame::new(screen, Section::Customers, "Customer added").under("Customers", "/customers");
    Ok(added(frame, &company, user_name, &created))
}

/// The page that says that a customer was created, with its first user's password once.
pub(super) fn added(
    frame: Frame<'_>,
    company: &str,
    user_name: String,
    created: &Issued<CustomerId>,
) -> Response {
    let path = format!("/customers/{}", created.id);
    let notice = Notice {
        done: format!(
            "{company} is a customer now. Its first user is global admin of the company."
        ),
        user_name,
        password: created.password.as_ref(),
        links: vec![
            (format!("{path}/subscriptions"), "Order subscriptions".to_owned()),
            (path, "Go to the customer".to_owned()),
        ],
    };
    credentials::show(frame, &notice)
}

/// Reads the form.
pub(super) fn read(fields: &Fields) -> Result<CustomerToCreate, Faults> {
    let mut faults = Faults::default();
    let company_name = fields.required::<CompanyName>(&mut faults, "company_name");
    let domain = fields.required::<DomainName>(&mut faults, "domain");
    let country = fields.required::<CountryCode>(&mut faults, "country");
    let culture = fields.required::<Locale>(&mut faults, "culture");
    let language = fields.required::<Locale>(&mut faults, "language");
    let contact = read_contact(fields, &mut faults);
    let reseller = fields.optional::<PartnerId>(&mut faults, "reseller");
    faults.unless_any(|| {
        let (domain, country, contact) = (domain?, country?, contact?);
        let first_user = first_user(&domain, &country, &contact).ok()?;
        Some(CustomerToCreate {
            company_name: company_name?,
            domain,
            country,
            culture: culture?,
            language: language?,
            contact,
            delegated_admin: true,
            reseller: reseller?,
            first_user,
        })
    })
}

/// Reads the contact person and the address.
pub(super) fn read_contact(fields: &Fields, faults: &mut Faults) -> Option<ContactDetails> {
    let email = fields.required::<EmailAddress>(faults, "email");
    let first_name = fields.required::<PersonName>(faults, "first_name");
    let last_name = fields.required::<PersonName>(faults, "last_name");
    let phone_number = fields.optional::<PhoneNumber>(faults, "phone_number");
    let line1 = fields.required::<AddressLine>(faults, "line1");
    let line2 = fields.optional::<AddressLine>(faults, "line2");
    let city = fields.required::<AddressLine>(faults, "city");
    let state = fields.optional::<AddressLine>(faults, "state");
    let postal_code = fields.optional::<PostalCode>(faults, "postal_code");
    Some(ContactDetails {
        email: email?,
        first_name: first_name?,
        last_name: last_name?,
        phone_number: phone_number?,
        address: PostalAddress {
            line1: line1?,
            line2: line2?,
            city: city?,
            state: state?,
            postal_code: postal_code?,
        },
    })
}

/// The fields of the contact person and the address.
pub(super) fn contact_fields(fields: &Fields, faults: &Faults) -> Markup {
    html! {
        fieldset {
            legend { "Contact" }
            (Input::text("first_name", "First name").required().draw(fields, faults))
            (Input::text("last_name", "Last name").required().draw(fields, faults))
            (Input::email("email", "E-mail address").required().draw(fields, faults))
            (Input::text("phone_number", "Phone number").draw(fields, faults))
        }
        fieldset {
            legend { "Address" }
            (Input::text("line1", "Street and number").required().draw(fields, faults))
            (Input::text("line2", "Address line 2").draw(fields, faults))
            (Input::text("postal_code", "Postal code").short().draw(fields, faults))
            (Input::text("city", "City").required().draw(fields, faults))
            (Input::text("state", "State or province").draw(fields, faults))
            (Input::text("country", "Country").required().short()
                .hint("Two letters, such as US.").draw(fields, faults))
        }
    }
}

/// The fields of culture and language.
pub(super) fn locale_fields(fields: &Fields, faults: &Faults) -> Markup {
    html! {
        (Input::text("culture", "Culture").required().short().hint("Such as en-US.").draw(fields, faults))
        (Input::text("language", "Language").required().short().hint("Such as en.").draw(fields, faults))
    }
}

/// The fields of company, contact and address; a choice of resellers where there is one.
pub(super) fn customer_fields(
    resellers: &[(String, String)],
    fields: &Fields,
    faults: &Faults,
) -> Markup {
    html! {
        (layout::faults(faults))
        fieldset {
            legend { "Company" }
            (Input::text("company_name", "Company name").required().draw(fields, faults))
            (Input::text("domain", "Domain").required()
                .hint("The full domain, such as contoso.example. User names will end in it.")
                .draw(fields, faults))
            (locale_fields(fields, faults))
            @if resellers.len() > 1 {
                (Input::text("reseller", "Indirect reseller")
                    .hint("It will see and administer this customer.")
                    .draw_choice(resellers, fields, faults))
            }
        }
        (contact_fields(fields, faults))
    }
}

fn page(screen: &Screen, fields: &Fields, faults: &Faults) -> Response {
    let inner = html! {
        (customer_fields(&resellers(screen), fields, faults))
        div.buttons {
            button.primary type="submit" { "Add customer" }
            a.button href="/customers" { "Cancel" }
        }
    };
    Frame::new(screen, Section::Customers, "Add customer")
        .under("Customers", "/customers")
        .faulty(faults)
        .show(&widgets::form(screen, "new-customer", "/customers", &inner))
}

/// The resellers with an active partnership, after the choice of none.
pub(super) fn resellers(screen: &Screen) -> Vec<(String, String)> {
    let bonds = screen.model.resellers().resellers_of(screen.visitor.partner);
    let partners = bonds.filter_map(|bond| screen.model.partners().get(bond.reseller?));
    let mut choices: Vec<_> =
        partners.map(|partner| (partner.id.to_string(), partner.name.to_string())).collect();
    choices.sort_by(|one, other| one.1.cmp(&other.1));
    choices.insert(0, (String::new(), "None".to_owned()));
    choices
}
