//! Customers: listed, shown, created, and left.

use axum::{Router, extract::State, routing::get};
use commands::{CreateCustomer, CustomerAccess, EndRelationship, NewCustomerAdmin, Permission};
use events::{
    CustomerEvent, CustomerId, CustomerUserId, CustomerUserProfile, DomainName, Event, PartnerId,
    PersonName,
};
use projections::{CustomerCursor, CustomerFilter, CustomerRow};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    customer_shape::{Account, Details, DetailsChange, Missing, Standing, summary},
    filter::{Filter, Operator},
    passwords::password,
    reading::{CustomerView, Reader},
    wire::{Answer, attributes, extended},
    words::Words,
    writing::Writer,
};
use crate::{
    application::{OnCustomer, Outcome},
    auth::TemporaryPassword,
    http::{ApiError, AppState, BodyProblem},
    ids::fresh,
};

/// The local part of the name of a customer's first user.
const ADMIN_NAME: &str = "admin";

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/v1/customers", get(list).post(create))
        .route("/v1/customers/{customer}", get(one).patch(leave))
}

/// A place in the list of customers, as tokens carry it.
#[derive(Serialize, Deserialize)]
struct Place(String, CustomerId);

async fn list(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::CustomersView).await?;
    let filter = wanted(&reader)?;
    let after = reader.seek.after::<Place>()?;
    let after = after.map(|Place(company, customer)| CustomerCursor { company, customer });
    let limit = reader.seek.size()?.unwrap_or(usize::MAX);
    let page = view.model.customers().list(view.partner, &filter, after.as_ref(), limit);
    let items = page.rows.into_iter().map(summary);
    let next = page.next.map(|cursor| Place(cursor.company, cursor.customer));
    let body = reader.seek.collection(&app, items, Some(page.total), next);
    Ok(Answer::ok(view.position(), body))
}

/// Which customers the filter of a list asks for.
fn wanted(reader: &Reader) -> Result<CustomerFilter, ApiError> {
    let mut wanted = CustomerFilter::default();
    let Some(filter) = Filter::of(reader.query())? else { return Ok(wanted) };
    let is = |field| filter.is(field, Operator::StartsWith);
    if is("CompanyName") {
        wanted.company_prefix = Some(filter.value);
    } else if is("Domain") {
        wanted.domain_prefix = Some(filter.value);
    } else if is("IndirectReseller") || is("IndirectCloudSolutionProvider") {
        let partner = filter.value.parse::<PartnerId>();
        let partner = partner.map_err(|error| ApiError::invalid("filter", error.to_string()))?;
        wanted.indirect_partner = Some(partner);
    } else {
        return Err(Filter::unknown(
            "CompanyName, Domain, IndirectReseller, IndirectCloudSolutionProvider, each starts_with",
        ));
    }
    Ok(wanted)
}

async fn one(
    State(app): State<AppState>,
    reader: Reader<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let (customer,) = reader.ids;
    let view = reader.customer_view(&app, customer, Permission::CustomersView).await?;
    let row = view.row()?;
    let account = Account::of(&app, row).await?;
    Ok(Answer::ok(view.view.position(), account.shown(&standing(&view, row))))
}

fn standing(view: &CustomerView, row: &CustomerRow) -> Standing {
    let own = view.view.partner;
    let holder = match view.access {
        CustomerAccess::Holder => own,
        CustomerAccess::Reseller { provider } => provider,
    };
    let bond = row.relationship(holder);
    Standing {
        active: bond.is_some_and(|bond| bond.active),
        delegated_admin: bond.is_some_and(|bond| bond.delegated_admin),
        reseller: match view.access {
            CustomerAccess::Holder => {
                let own_resellers = row.resellers.iter().filter(|bond| bond.provider == own);
                own_resellers.map(|bond| bond.reseller).next()
            }
            CustomerAccess::Reseller { .. } => Some(own),
        },
    }
}

async fn create(State(app): State<AppState>, writer: Writer) -> Result<Answer, ApiError> {
    let now = app.now();
    let password = password(None, now).await?;
    let customer_id = fresh(now, CustomerId::from_uuid);
    let command = new_customer(&app, &writer, customer_id, &password)?;
    let (domain, delegated_admin, reseller) =
        (command.domain.clone(), command.delegated_admin, command.reseller);
    let details = Details {
        company_name: command.company_name.clone(),
        country: command.country.clone(),
        culture: command.culture.clone(),
        language: command.language.clone(),
        contact: command.contact.clone(),
    };
    let user_name = command.admin.profile.user_name.clone();
    let use_case = OnCustomer::with_passwords(customer_id, command, [&password])?;
    let outcome = writer.execute(&app, &use_case).await?;
    // Of a repeat everything is as the first request has it, but for the ids.
    let account = Account::new(created(&outcome)?, domain, details);
    let shown = account.shown(&Standing { active: true, delegated_admin, reseller });
    let credentials = if outcome.replayed {
        json!({ "userName": ADMIN_NAME, "userPrincipalName": user_name, "passwordState": "already_shown" })
    } else {
        json!({
            "userName": ADMIN_NAME,
            "userPrincipalName": user_name,
            "password": password.reveal(),
        })
    };
    let body = extended(shown, json!({ "userCredentials": credentials }));
    let body = if outcome.replayed {
        extended(body, json!({ "passwordState": "already_shown" }))
    } else {
        body
    };
    Ok(Answer::created(outcome.position, body))
}

fn new_customer(
    app: &AppState,
    writer: &Writer,
    customer_id: CustomerId,
    password: &TemporaryPassword,
) -> Result<CreateCustomer, ApiError> {
    let body = &writer.body;
    let domain: DomainName = body.required_object("companyProfile")?.required("domain")?;
    let details = DetailsChange::read(&body.required_object("billingProfile")?)?;
    let details = details.onto(None).map_err(|Missing(member)| {
        ApiError::field(&format!("billingProfile.{member}"), &BodyProblem::Missing)
    })?;
    let profile = first_user(&domain, &details)?;
    Ok(CreateCustomer {
        customer_id,
        partner_id: writer.partner(),
        admin: NewCustomerAdmin {
            user_id: fresh(app.now(), CustomerUserId::from_uuid),
            user_name: app.keys().user_name_hash(&profile.user_name),
            credential_id: password.id,
            profile,
        },
        domain,
        company_name: details.company_name,
        country: details.country,
        culture: details.culture,
        language: details.language,
        contact: details.contact,
        delegated_admin: body.plain("allowDelegatedAccess")?.unwrap_or(true),
        reseller: body.optional("associatedPartnerId")?,
    })
}

/// The user that comes with a customer: its contact, under a name of its own.
fn first_user(domain: &DomainName, details: &Details) -> Result<CustomerUserProfile, ApiError> {
    let contact = &details.contact;
    let names = format!("{} {}", contact.first_name, contact.last_name);
    Ok(CustomerUserProfile {
        user_name: domain
            .user(ADMIN_NAME)
            .map_err(|error| ApiError::invalid("companyProfile.domain", error.to_string()))?,
        display_name: PersonName::new(&names).unwrap_or_else(|_| contact.last_name.clone()),
        first_name: Some(contact.first_name.clone()),
        last_name: Some(contact.last_name.clone()),
        usage_location: Some(details.country.clone()),
        phone_number: None,
    })
}

/// The customer that was created: on a repeat, the one the first request created.
fn created(outcome: &Outcome) -> Result<CustomerId, ApiError> {
    let found = outcome.find(|event| match event {
        Event::Customer(CustomerEvent::CustomerCreated(event)) => Some(event.customer_id),
        _ => None,
    });
    found.ok_or_else(ApiError::internal)
}

/// The states a relationship can be put into.
const RELATIONSHIPS: Words<bool> = Words {
    field: "relationshipToPartner",
    all: &[
        ("unknown", false),
        ("reseller", false),
        ("advisor", false),
        ("syndication", false),
        ("microsoft_support", false),
        ("none", true),
    ],
};

async fn leave(
    State(app): State<AppState>,
    writer: Writer<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let (customer,) = writer.ids;
    if RELATIONSHIPS.read_member(&writer.body)? != Some(true) {
        let reason = "must be none: nothing else of a customer is changed here";
        return Err(ApiError::invalid(RELATIONSHIPS.field, reason));
    }
    let command = EndRelationship { partner_id: writer.partner() };
    let outcome = writer.execute(&app, &OnCustomer::new(customer, command)).await?;
    let body = json!({ "relationshipToPartner": "none", "attributes": attributes("Customer") });
    Ok(Answer::ok(outcome.position, body))
}
