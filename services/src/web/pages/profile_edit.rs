//! `/profiles/{kind}`: entering and changing one of the partner's profiles.

use axum::{Router, extract::Path, response::Response, routing::get};
use commands::{EditPartnerProfile, permission_to_edit_profile};
use events::{
    AddressLine, BillingNumber, CompanyName, CountryCode, EmailAddress, LetterText, Opened,
    PartnerProfile, PersonName, PhoneNumber, PostalAddress, PostalCode, ProfileContact,
    ProfileKind, WebAddress,
};
use maud::{Markup, html};

use super::profiles::PATH;
use crate::{
    application::OnPartner,
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

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/profiles/{kind}", get(show).post(edit))
}

fn kind_of(name: &str) -> Result<ProfileKind, PageError> {
    ProfileKind::from_name(name).ok_or_else(|| PageError::not_found("there is no such profile"))
}

async fn show(Path(kind): Path<String>, screen: Screen) -> Result<Response, PageError> {
    let kind = kind_of(&kind)?;
    screen.allow(permission_to_edit_profile(kind)).await?;
    let own = screen.visitor.partner;
    let account = screen.model.partners().get(own);
    let account = account.ok_or_else(|| PageError::not_found("there was no such partner"))?;
    let row = screen.model.partner_profiles().get(own, kind);
    let fields = match row {
        None => {
            Fields::default().with("company_name", &account.name).with("country", &account.country)
        }
        Some(row) => {
            let about = Fields::default()
                .with("company_name", &row.company_name)
                .with("country", &row.country);
            match screen.app.vault().open::<PartnerProfile>(&row.profile).await? {
                Opened::Readable(profile) => filled(about, &profile),
                Opened::Erased(_) | Opened::KeyUnavailable => about,
            }
        }
    };
    Ok(page(&screen, kind, &fields, &Faults::default()))
}

fn filled(fields: Fields, profile: &PartnerProfile) -> Fields {
    let text = |value: Option<&WebAddress>| value.map(ToString::to_string).unwrap_or_default();
    match profile {
        PartnerProfile::Business { about, website, contact } => with_contact(fields, contact)
            .with("about", about)
            .with("website", text(website.as_ref())),
        PartnerProfile::LegalBusiness { address, contact }
        | PartnerProfile::Organization { address, contact } => {
            with_address(with_contact(fields, contact), address)
        }
        PartnerProfile::Billing { address, contact, purchase_order, tax_id } => {
            let text = |number: &Option<BillingNumber>| {
                number.as_ref().map(ToString::to_string).unwrap_or_default()
            };
            with_address(with_contact(fields, contact), address)
                .with("purchase_order", text(purchase_order))
                .with("tax_id", text(tax_id))
        }
        PartnerProfile::Support { website, email, phone_number } => fields
            .with("website", text(website.as_ref()))
            .with("email", email)
            .with("phone_number", phone_number),
    }
}

fn with_contact(fields: Fields, contact: &ProfileContact) -> Fields {
    let phone = contact.phone_number.as_ref().map(ToString::to_string).unwrap_or_default();
    fields
        .with("first_name", &contact.first_name)
        .with("last_name", &contact.last_name)
        .with("email", &contact.email)
        .with("phone_number", phone)
}

fn with_address(fields: Fields, address: &PostalAddress) -> Fields {
    let line = |value: Option<&AddressLine>| value.map(ToString::to_string).unwrap_or_default();
    let code = address.postal_code.as_ref().map(ToString::to_string).unwrap_or_default();
    fields
        .with("line1", &address.line1)
        .with("line2", line(address.line2.as_ref()))
        .with("city", &address.city)
        .with("state", line(address.state.as_ref()))
        .with("postal_code", code)
}

fn page(screen: &Screen, kind: ProfileKind, fields: &Fields, faults: &Faults) -> Response {
    let has_address = matches!(
        kind,
        ProfileKind::LegalBusiness | ProfileKind::Organization | ProfileKind::Billing
    );
    let has_website = matches!(kind, ProfileKind::Business | ProfileKind::Support);
    let is_support = kind == ProfileKind::Support;
    let text = |input: Input| input.draw(fields, faults);
    let phone = Input::text("phone_number", "Telephone number");
    let inner = html! {
        (layout::faults(faults))
        fieldset {
            legend { "Company" }
            (text(Input::text("company_name", "Company name").required()))
            (text(Input::text("country", "Country").required().short().hint("Two letters, such as US.")))
            @if kind == ProfileKind::Business {
                (Input::text("about", "What the company does").required().draw_lines(6, fields, faults))
            }
            @if has_website { (text(Input::text("website", "Web site").hint("Begins with https://"))) }
            @if kind == ProfileKind::Billing {
                (text(Input::text("purchase_order", "Purchase order").short()))
                (text(Input::text("tax_id", "Tax number").short()))
            }
        }
        @if has_address { (address(fields, faults)) }
        fieldset {
            legend { @if is_support { "Help" } @else { "Contact" } }
            @if !is_support {
                (text(Input::text("first_name", "First name").required()))
                (text(Input::text("last_name", "Last name").required()))
            }
            (text(Input::email("email", "E-mail address").required()))
            @if is_support { (text(phone.required())) } @else { (text(phone)) }
        }
        div.buttons {
            button.primary type="submit" { "Save profile" }
            a.button href=(PATH) { "Cancel" }
        }
    };
    let action = format!("{PATH}/{}", kind.name());
    Frame::new(screen, Section::Profiles, kind.title())
        .under("Profiles", PATH)
        .faulty(faults)
        .show(&widgets::form(screen, "profile-form", &action, &inner))
}

fn address(fields: &Fields, faults: &Faults) -> Markup {
    let text = |input: Input| input.draw(fields, faults);
    html! {
        fieldset {
            legend { "Address" }
            (text(Input::text("line1", "Street and number").required()))
            (text(Input::text("line2", "Address line 2")))
            (text(Input::text("city", "City").required()))
            (text(Input::text("state", "State").short()))
            (text(Input::text("postal_code", "Postal code").short()))
        }
    }
}

async fn edit(Path(kind): Path<String>, form: Submitted) -> Result<Response, PageError> {
    let kind = kind_of(&kind)?;
    let screen = &form.screen;
    let command = match read(kind, &form.fields) {
        Ok(command) => command,
        Err(faults) => return Ok(page(screen, kind, &form.fields, &faults)),
    };
    let use_case = OnPartner::new(screen.visitor.partner, command);
    match form.execute(&form.call(b""), &use_case).await? {
        Ok(_) => {
            let note = layout::done(&format!("The {} was saved.", kind.title().to_lowercase()));
            Ok(form.done(PATH, note))
        }
        Err(faults) => Ok(page(screen, kind, &form.fields, &faults)),
    }
}

fn read(kind: ProfileKind, fields: &Fields) -> Result<EditPartnerProfile, Faults> {
    let mut faults = Faults::default();
    let company_name = fields.required::<CompanyName>(&mut faults, "company_name");
    let country = fields.required::<CountryCode>(&mut faults, "country");
    let profile = read_profile(kind, fields, &mut faults);
    faults.unless_any(|| {
        Some(EditPartnerProfile {
            company_name: company_name?,
            country: country?,
            profile: profile?,
        })
    })
}

fn read_profile(kind: ProfileKind, fields: &Fields, faults: &mut Faults) -> Option<PartnerProfile> {
    match kind {
        ProfileKind::Business => {
            let about = fields.required::<LetterText>(faults, "about");
            let website = fields.optional::<WebAddress>(faults, "website");
            let contact = read_contact(fields, faults);
            Some(PartnerProfile::Business { about: about?, website: website?, contact: contact? })
        }
        ProfileKind::LegalBusiness => {
            let (address, contact) = (read_address(fields, faults), read_contact(fields, faults));
            Some(PartnerProfile::LegalBusiness { address: address?, contact: contact? })
        }
        ProfileKind::Organization => {
            let (address, contact) = (read_address(fields, faults), read_contact(fields, faults));
            Some(PartnerProfile::Organization { address: address?, contact: contact? })
        }
        ProfileKind::Billing => {
            let (address, contact) = (read_address(fields, faults), read_contact(fields, faults));
            let purchase_order = fields.optional::<BillingNumber>(faults, "purchase_order");
            let tax_id = fields.optional::<BillingNumber>(faults, "tax_id");
            Some(PartnerProfile::Billing {
                address: address?,
                contact: contact?,
                purchase_order: purchase_order?,
                tax_id: tax_id?,
            })
        }
        ProfileKind::Support => {
            let website = fields.optional::<WebAddress>(faults, "website");
            let email = fields.required::<EmailAddress>(faults, "email");
            let phone_number = fields.required::<PhoneNumber>(faults, "phone_number");
            Some(PartnerProfile::Support {
                website: website?,
                email: email?,
                phone_number: phone_number?,
            })
        }
    }
}

fn read_contact(fields: &Fields, faults: &mut Faults) -> Option<ProfileContact> {
    let first_name = fields.required::<PersonName>(faults, "first_name");
    let last_name = fields.required::<PersonName>(faults, "last_name");
    let email = fields.required::<EmailAddress>(faults, "email");
    let phone_number = fields.optional::<PhoneNumber>(faults, "phone_number");
    Some(ProfileContact {
        first_name: first_name?,
        last_name: last_name?,
        email: email?,
        phone_number: phone_number?,
    })
}

fn read_address(fields: &Fields, faults: &mut Faults) -> Option<PostalAddress> {
    let line1 = fields.required::<AddressLine>(faults, "line1");
    let line2 = fields.optional::<AddressLine>(faults, "line2");
    let city = fields.required::<AddressLine>(faults, "city");
    let state = fields.optional::<AddressLine>(faults, "state");
    let postal_code = fields.optional::<PostalCode>(faults, "postal_code");
    Some(PostalAddress {
        line1: line1?,
        line2: line2?,
        city: city?,
        state: state?,
        postal_code: postal_code?,
    })
}
