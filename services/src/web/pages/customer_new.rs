//! `/customers/new`: opens a customer's account. First its details; what it buys and the review are
//! the next pages. Nothing is recorded before the last: what was typed travels in the forms.

use axum::{
    Router,
    response::{IntoResponse, Response},
    routing::get,
};
use commands::{NameKind, Permission, Rejection};
use events::{
    AddressLine, CompanyName, ContactDetails, CountryCode, CustomerId, DomainName, EmailAddress,
    Locale, PartnerId, PersonName, PhoneNumber, PostalAddress, PostalCode,
};
use maud::{Markup, html};

use super::{
    credentials::{self, Notice},
    order_lines,
};
use crate::{
    application::{CustomerToCreate, Issued, first_user},
    http::AppState,
    web::{
        error::PageError,
        forms::{Faults, Fields},
        layout::{self, Frame, Section},
        screen::Screen,
        submitted::Submitted,
        widgets::{self, Input},
    },
};

/// The steps of adding a customer.
pub(super) const STEPS: [&str; 3] = ["Customer", "Subscriptions", "Review"];
/// The fields of this page.
const FIELDS: [&str; 15] = [
    "company_name",
    "domain",
    "culture",
    "language",
    "reseller",
    "first_name",
    "last_name",
    "email",
    "phone_number",
    "line1",
    "line2",
    "postal_code",
    "city",
    "state",
    "country",
];

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/customers/new", get(show).post(back))
        .route("/customers/new/domain", get(domain))
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

/// Back to the details, with everything that was typed.
async fn back(form: Submitted) -> Result<Response, PageError> {
    form.screen.allow(Permission::CustomersCreate).await?;
    Ok(page(&form.screen, &form.fields, &Faults::default()))
}

/// The page that says that a customer was created, with its first user's password once; and how
/// many subscriptions it bought.
pub(super) fn added(
    frame: Frame<'_>,
    company: &str,
    user_name: String,
    created: &Issued<CustomerId>,
    bought: usize,
) -> Response {
    let path = format!("/customers/{}", created.id);
    let ordered = match bought {
        0 => String::new(),
        _ => format!(" Ordered: {}.", widgets::count(bought, "subscription", "subscriptions")),
    };
    let to_subscriptions = if bought == 0 { "Order subscriptions" } else { "To the subscriptions" };
    let notice = Notice {
        done: format!(
            "{company} is a customer now. Its first user is global admin of the company.{ordered}"
        ),
        user_name,
        password: created.password.as_ref(),
        links: vec![
            (format!("{path}/subscriptions"), to_subscriptions.to_owned()),
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

/// Whether a field belongs to this page.
pub(super) fn is_field(name: &str) -> bool {
    FIELDS.contains(&name)
}

/// The fields of other pages, carried unseen.
pub(super) fn carried(fields: &Fields, is_carried: impl Fn(&str) -> bool) -> Markup {
    html! {
        @for (name, value) in fields.except(&[]).filter(|(name, _)| is_carried(name)) {
            input type="hidden" name=(name) value=(value);
        }
    }
}

pub(super) fn page(screen: &Screen, fields: &Fields, faults: &Faults) -> Response {
    let inner = html! {
        (customer_fields(&resellers(screen), fields, faults))
        (carried(fields, order_lines::is_field))
        div.buttons {
            button.primary type="submit" { "Continue" }
            a.button href="/customers" { "Cancel" }
        }
    };
    let body = html! {
        (widgets::steps(&STEPS, 0))
        (widgets::form(screen, "new-customer", "/customers/new/subscriptions", &inner))
    };
    frame(screen).faulty(faults).show(&body)
}

/// The frame of all steps.
pub(super) fn frame(screen: &Screen) -> Frame<'_> {
    Frame::new(screen, Section::Customers, "Add customer").under("Customers", "/customers")
}

/// Reads the details, and finds fault with what can be seen to be refused later: a domain that is
/// taken, a reseller that is none.
pub(super) fn read_new(screen: &Screen, fields: &Fields) -> Result<CustomerToCreate, Faults> {
    let wanted = read(fields)?;
    let mut faults = Faults::default();
    if screen.model.customers().by_domain(&wanted.domain).is_some() {
        let taken = Rejection::NameTaken { kind: NameKind::Domain };
        faults = Faults::refusal(&taken, screen.app.catalogue());
    }
    let reseller = wanted.reseller.map(|reseller| reseller.to_string());
    if reseller.is_some_and(|id| !resellers(screen).iter().any(|(choice, _)| *choice == id)) {
        faults.add("reseller", "must be one of the choices");
    }
    faults.unless_any(|| Some(wanted))
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
