//! `/requests/new`: asking for support, for elevation, or for another public profile.

use axum::{Router, response::Response, routing::get};
use commands::Permission;
use events::{
    CompanyName, CountryCode, CustomerId, LetterText, PartnerKind, ProfileLocation, PublicProfile,
    RequestSeverity, RequestTopic, ServiceRequestKind, ServiceRequestText, SubjectLine,
    SubscriptionId, WebAddress,
};
use maud::{Markup, html};
use projections::CustomerFilter;

use super::{
    requests::{PATH, may_log},
    sees_subscriptions_of,
};
use crate::{
    application::NewServiceRequest,
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

const NEW: &str = "/requests/new";
/// How many customers are offered; others are found through the API.
const CUSTOMERS_SHOWN_MAX: usize = 1_000;

pub(super) fn router() -> Router<AppState> {
    Router::new().route(NEW, get(show).post(log))
}

/// What the form is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Support,
    Customer(CustomerId),
    Elevation,
    PublicProfile,
}

impl Form {
    const CUSTOMER_TITLE: &'static str = "Request support for a customer";

    /// Reads the form that the address or the form itself names.
    fn of(fields: &Fields) -> Option<Self> {
        match fields.text("kind") {
            "support" => Some(Self::Support),
            "customer" => fields.text("customer").parse().ok().map(Self::Customer),
            "elevation" => Some(Self::Elevation),
            "public-profile" => Some(Self::PublicProfile),
            _ => None,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Support => "support",
            Self::Customer(_) => "customer",
            Self::Elevation => "elevation",
            Self::PublicProfile => "public-profile",
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::Support => "Ask for support",
            Self::Customer(_) => Self::CUSTOMER_TITLE,
            Self::Elevation => "Ask to become global admin",
            Self::PublicProfile => "Change the public profile",
        }
    }
}

async fn show(screen: Screen) -> Result<Response, PageError> {
    screen.allow(Permission::OwnProfile).await?;
    let Some(form) = Form::of(&screen.query) else { return Ok(choice(&screen)) };
    let current = screen.model.public_profiles().get(screen.visitor.partner);
    let fields = match (form, current) {
        (Form::PublicProfile, Some(row)) => known(&row.profile),
        _ => Fields::default(),
    };
    let fields = fields.with("severity", RequestSeverity::Moderate.name());
    Ok(page(&screen, form, &fields, &Faults::default()))
}

fn known(profile: &PublicProfile) -> Fields {
    let lines = profile.locations.iter().map(|it| format!("{} {}", it.country, it.target));
    let logo = profile.logo.as_ref().map(ToString::to_string).unwrap_or_default();
    Fields::default()
        .with("name", &profile.name)
        .with("logo", logo)
        .with("locations", lines.collect::<Vec<_>>().join("\n"))
}

/// The kinds of request that the visitor may log.
fn choice(screen: &Screen) -> Response {
    let own = screen.visitor.user;
    let is_provider = screen.model.partners().get(screen.visitor.partner);
    let is_provider = is_provider.is_some_and(|row| row.kind == PartnerKind::IndirectProvider);
    let elevation = own.map(|user_id| ServiceRequestKind::Elevation { user_id });
    let is_admin = screen.visitor.roles.contains(&events::Role::GlobalAdmin);
    let offered = [
        (Form::Support, may_log(screen, &ServiceRequestKind::PartnerSupport)),
        (Form::PublicProfile, is_provider && may_log(screen, &ServiceRequestKind::PartnerSupport)),
        (Form::Elevation, !is_admin && elevation.is_some_and(|kind| may_log(screen, &kind))),
    ];
    let customers = customers(screen);
    let body = html! {
        ul.choices {
            @for (form, _) in offered.iter().filter(|(_, offered)| *offered) {
                li { a.button href={ (NEW) "?kind=" (form.name()) } { (form.title()) } }
            }
        }
        @if !customers.is_empty() {
            form #for-customer method="get" action=(NEW) {
                input type="hidden" name="kind" value="customer";
                (Input::text("customer", "Customer").required()
                    .draw_choice(&customers, &Fields::default(), &Faults::default()))
                button type="submit" { (Form::CUSTOMER_TITLE) }
            }
        }
    };
    Frame::new(screen, Section::Requests, "New request").under("Service requests", PATH).show(&body)
}

/// The customers for which the visitor may request support.
fn customers(screen: &Screen) -> Vec<(String, String)> {
    if !screen.can(Permission::CustomerRequestsManage) {
        return Vec::new();
    }
    let (own, filter) = (screen.visitor.partner, CustomerFilter::default());
    let page = screen.model.customers().list(own, &filter, None, CUSTOMERS_SHOWN_MAX);
    page.rows.iter().map(|row| (row.id.to_string(), row.company_name.to_string())).collect()
}

fn choices<T: Copy>(
    all: &[T],
    name: impl Fn(T) -> &'static str,
    title: impl Fn(T) -> &'static str,
) -> Vec<(String, String)> {
    all.iter().map(|it| (name(*it).to_owned(), title(*it).to_owned())).collect()
}

fn page(screen: &Screen, form: Form, fields: &Fields, faults: &Faults) -> Response {
    let topics = choices(RequestTopic::ALL, RequestTopic::name, RequestTopic::title);
    let severities = choices(RequestSeverity::ALL, RequestSeverity::name, RequestSeverity::title);
    let inner = html! {
        (layout::faults(faults))
        input type="hidden" name="kind" value=(form.name());
        fieldset {
            legend { "Request" }
            (Input::text("title", "Title").required().draw(fields, faults))
            (Input::text("description", "Description").required().draw_lines(6, fields, faults))
            @if matches!(form, Form::Support | Form::Customer(_)) {
                (Input::text("topic", "About").required().short().draw_choice(&topics, fields, faults))
            }
            (Input::text("severity", "Severity").required().short().draw_choice(&severities, fields, faults))
        }
        (special(screen, form, fields, faults))
        div.buttons {
            button.primary type="submit" { "Log request" }
            a.button href=(PATH) { "Cancel" }
        }
    };
    Frame::new(screen, Section::Requests, form.title())
        .under("Service requests", PATH)
        .faulty(faults)
        .show(&widgets::form(screen, "request-form", NEW, &inner))
}

/// What the kind of request asks for beside.
fn special(screen: &Screen, form: Form, fields: &Fields, faults: &Faults) -> Markup {
    match form {
        Form::Support => html! {},
        Form::Customer(customer) => html! {
            input type="hidden" name="customer" value=(customer);
            fieldset {
                legend { "Customer" }
                (Input::text("subscription_id", "Subscription")
                    .hint("A question about a subscription or its bill names it.")
                    .draw_choice(&subscriptions(screen, customer), fields, faults))
            }
        },
        Form::Elevation => html! {
            fieldset {
                legend { "Proof" }
                (Input::text("identity", "Your identity").required()
                    .hint("Your name as in your papers, their number, and a telephone number on which you can be called back.")
                    .draw_lines(4, fields, faults))
                (Input::text("organization", "Your organization").required()
                    .hint("Registered name and address, the number in the register, and who may confirm who you are.")
                    .draw_lines(4, fields, faults))
            }
        },
        Form::PublicProfile => html! {
            fieldset {
                legend { "Public profile" }
                (Input::text("name", "Name").required().draw(fields, faults))
                (Input::text("logo", "Address of the logo").hint("Begins with https://").draw(fields, faults))
                (Input::text("locations", "Locations").required()
                    .hint("One a line: the country and where its visitors are sent, such as US https://www.contoso.com/us")
                    .draw_lines(5, fields, faults))
            }
        },
    }
}

/// The customer's subscriptions that the visitor's partner sees.
fn subscriptions(screen: &Screen, customer: CustomerId) -> Vec<(String, String)> {
    let none = (String::new(), "None in particular".to_owned());
    let rows = screen.model.subscriptions().of(customer);
    let seen = rows.filter(|row| sees_subscriptions_of(screen, customer, row.partner));
    let named = seen.map(|row| (row.id.to_string(), row.friendly_name.to_string()));
    std::iter::once(none).chain(named).collect()
}

async fn log(form: Submitted) -> Result<Response, PageError> {
    let screen = &form.screen;
    let kind = Form::of(&form.fields);
    let kind = kind.ok_or_else(|| PageError::malformed("the form names no kind of request"))?;
    let wanted = match read(screen, kind, &form.fields) {
        Ok(wanted) => wanted,
        Err(faults) => return Ok(page(screen, kind, &form.fields, &faults)),
    };
    let (call, own) = (form.call(b""), screen.visitor.partner);
    let logged = screen.app.log_service_request(&call, own, wanted).await;
    match mendable(logged, form.catalogue())? {
        Ok((id, _)) => {
            let note = layout::done(&format!("The request was logged under number {id}."));
            Ok(form.done(&format!("{PATH}/{id}"), note))
        }
        Err(faults) => Ok(page(screen, kind, &form.fields, &faults)),
    }
}

fn read(screen: &Screen, form: Form, fields: &Fields) -> Result<NewServiceRequest, Faults> {
    let mut faults = Faults::default();
    let title = fields.required::<SubjectLine>(&mut faults, "title");
    let description = fields.required::<LetterText>(&mut faults, "description");
    let is_elevation = form == Form::Elevation;
    let mut proof = |name| {
        if is_elevation { fields.required::<LetterText>(&mut faults, name) } else { None }
    };
    let (identity, organization) = (proof("identity"), proof("organization"));
    let kind = kind(screen, form, fields, &mut faults);
    let topic = match form {
        Form::Support | Form::Customer(_) => RequestTopic::from_name(fields.text("topic")),
        Form::Elevation => Some(RequestTopic::Users),
        Form::PublicProfile => Some(RequestTopic::Account),
    };
    if topic.is_none() {
        faults.add("topic", "must be one of the list");
    }
    let severity = RequestSeverity::from_name(fields.text("severity"));
    if severity.is_none() {
        faults.add("severity", "must be one of the list");
    }
    faults.unless_any(|| {
        let (title, description) = (title?, description?);
        let text = ServiceRequestText { title, description, identity, organization };
        Some(NewServiceRequest { kind: kind?, topic: topic?, severity: severity?, text })
    })
}

fn kind(
    screen: &Screen,
    form: Form,
    fields: &Fields,
    faults: &mut Faults,
) -> Option<ServiceRequestKind> {
    match form {
        Form::Support => Some(ServiceRequestKind::PartnerSupport),
        Form::Customer(customer_id) => {
            let subscription_id = fields.optional::<SubscriptionId>(faults, "subscription_id")?;
            Some(ServiceRequestKind::CustomerSupport {
                customer_id,
                subscription_id,
                office365: false,
            })
        }
        Form::Elevation => {
            screen.visitor.user.map(|user_id| ServiceRequestKind::Elevation { user_id })
        }
        Form::PublicProfile => {
            let name = fields.required::<CompanyName>(faults, "name");
            let logo = fields.optional::<WebAddress>(faults, "logo");
            let locations = locations(fields, faults);
            let profile = PublicProfile { name: name?, logo: logo?, locations: locations? };
            Some(ServiceRequestKind::PublicProfileChange { profile })
        }
    }
}

/// One location a line: a country, a blank, an address.
fn locations(fields: &Fields, faults: &mut Faults) -> Option<Vec<ProfileLocation>> {
    let lines = fields.text("locations").lines().map(str::trim).filter(|line| !line.is_empty());
    let read = lines.enumerate().map(|(index, line)| {
        let (country, target) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let country = CountryCode::new(country);
        let target = WebAddress::new(target);
        match (country, target) {
            (Ok(country), Ok(target)) => Ok(ProfileLocation { country, target }),
            (Err(error), _) | (_, Err(error)) => Err(format!("line {}: the {error}", index + 1)),
        }
    });
    let read: Result<Vec<_>, _> = read.collect();
    read.map_err(|reason| faults.add("locations", reason)).ok()
}
