//! Customers: listed, shown, created, and left.

use axum::extract::State;
use commands::{CustomerAccess, EndRelationship, Permission};
use events::{CustomerId, DomainName, UserName};
use projections::{CustomerCursor, CustomerRow};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    customer_details::{Details, DetailsChange, Missing, NewCustomer},
    customer_filter::WantedCustomers,
    customer_shape::{Account, Customer, Standing, UserCredentials, summary},
    reading::{CustomerView, Reader},
    shapes::Page,
    wire::Answer,
    words::Words,
    writing::Writer,
};
use crate::{
    application::{CustomerToCreate, FIRST_USER_NAME, Issued, OnCustomer, Outcome, first_user},
    http::{ApiError, AppState, BodyProblem, JsonBody},
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(one, leave, delete))
        .routes(routes!(leave_partner))
        .routes(routes!(leave_reseller))
}

/// A place in the list of customers, as tokens carry it.
#[derive(Serialize, Deserialize)]
struct Place(String, CustomerId);

impl Place {
    fn of(row: &CustomerRow) -> Self {
        let cursor = row.cursor();
        Self(cursor.company, cursor.customer)
    }

    fn cursor(&self) -> CustomerCursor {
        CustomerCursor { company: self.0.clone(), customer: self.1 }
    }
}

/// Lists the customers that the caller's partner serves, in the order of their names.
#[utoipa::path(
    get,
    path = "/v1/customers",
    tag = "Customers",
    params((
        "filter" = Option<String>, Query,
        description = "JSON: `CompanyName`, `Domain`, `IndirectReseller` with an operator and a value.",
        example = json!("{\"Field\":\"CompanyName\",\"Value\":\"Rele\",\"Operator\":\"starts_with\"}")
    )),
    responses((status = OK, description = "A part of the list.", body = Page<Customer<'_>>))
)]
async fn list(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::CustomersView).await?;
    let wanted = WantedCustomers::of(reader.query())?;
    if wanted.by_partner {
        app.demand_user(reader.caller.principal())?;
    }
    let customers = view.model.customers();
    let admits = |row: &&CustomerRow| wanted.admits(view.partner, row);
    let between = |after: Option<&Place>, before: Option<&Place>| {
        let (after, before) = (after.map(Place::cursor), before.map(Place::cursor));
        let (after, before) = (after.as_ref(), before.as_ref());
        customers.between(view.partner, &wanted.filter, after, before).filter(admits)
    };
    let page = reader.seek.part(between, |row| Place::of(row))?;
    let total = if wanted.rest.is_empty() {
        customers.total(view.partner, &wanted.filter)
    } else {
        between(None, None).count()
    };
    let items = page.rows.into_iter().map(summary);
    let body = reader.seek.both_ways(&app, items, Some(total), page.ways);
    Ok(Answer::ok(view.position(), body))
}

/// Tells everything about a customer.
#[utoipa::path(
    get,
    path = "/v1/customers/{customer}",
    tag = "Customers",
    responses((status = OK, description = "The customer.", body = Customer<'_>))
)]
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

/// Creates a customer with its first user, whose password is shown this once.
#[utoipa::path(
    post,
    path = "/v1/customers",
    tag = "Customers",
    request_body = NewCustomer,
    responses((status = CREATED, description = "The customer.", body = Customer<'_>))
)]
async fn create(State(app): State<AppState>, writer: Writer) -> Result<Answer, ApiError> {
    let wanted = new_customer(&writer.body)?;
    let announcement = Announcement::of(&wanted);
    let created = app.create_customer(&writer.call(&app)?, writer.partner(), wanted).await?;
    Ok(announcement.answer(&created))
}

/// What is answered once a customer is created. Of a repeat everything is as the first request has
/// it, but for the ids.
pub(super) struct Announcement {
    domain: DomainName,
    details: Details,
    standing: Standing,
    user_name: UserName,
}

impl Announcement {
    pub(super) fn of(wanted: &CustomerToCreate) -> Self {
        Self {
            domain: wanted.domain.clone(),
            details: Details {
                company_name: wanted.company_name.clone(),
                country: wanted.country.clone(),
                culture: wanted.culture.clone(),
                language: wanted.language.clone(),
                contact: wanted.contact.clone(),
            },
            standing: Standing {
                active: true,
                delegated_admin: wanted.delegated_admin,
                reseller: wanted.reseller,
            },
            user_name: wanted.first_user.user_name.clone(),
        }
    }

    pub(super) fn answer(self, created: &Issued<CustomerId>) -> Answer {
        let account = Account::new(created.id, self.domain, self.details);
        let mut shown = account.shown(&self.standing);
        let state = created.password.is_none().then_some("already_shown");
        let credentials = UserCredentials {
            user_name: Some(FIRST_USER_NAME),
            user_principal_name: self.user_name.to_string(),
            password: created.password.as_ref().map(|it| it.reveal().to_owned()),
            password_state: state,
        };
        shown.user_credentials = Some(credentials);
        shown.password_state = state;
        Answer::created(created.outcome.position, shown)
    }
}

pub(super) fn new_customer(body: &JsonBody) -> Result<CustomerToCreate, ApiError> {
    let company = body.required_object("companyProfile")?;
    let domain: DomainName = company.required("domain")?;
    let details = DetailsChange::read(&body.required_object("billingProfile")?)?;
    let details = details.of_somebody_new()?;
    // Some clients name the company in its own profile only.
    let details = details.or_called(company.optional("companyName")?);
    let details = details.onto(None).map_err(|Missing(member)| {
        ApiError::field(&format!("billingProfile.{member}"), &BodyProblem::Missing)
    })?;
    let first_user = first_user(&domain, &details.country, &details.contact)
        .map_err(|error| ApiError::invalid("companyProfile.domain", error.to_string()))?;
    Ok(CustomerToCreate {
        domain,
        company_name: details.company_name,
        country: details.country,
        culture: details.culture,
        language: details.language,
        contact: details.contact,
        delegated_admin: body.plain("allowDelegatedAccess")?.unwrap_or(true),
        reseller: body.optional("associatedPartnerId")?,
        first_user,
    })
}

/// What becomes of the relationship.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct RelationshipChange {
    /// `none`: it ends.
    #[schema(example = "none")]
    relationship_to_partner: String,
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

/// Ends the relationship with a customer.
///
/// Its active subscriptions must be suspended before. Nothing else of a customer is changed here.
#[utoipa::path(
    patch,
    path = "/v1/customers/{customer}",
    tag = "Customers",
    request_body = RelationshipChange,
    responses((status = OK, description = "The relationship, and nothing else.", body = Customer<'_>))
)]
async fn leave(
    State(app): State<AppState>,
    writer: Writer<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    if RELATIONSHIPS.read_member(&writer.body)? != Some(true) {
        let reason = "must be none: nothing else of a customer is changed here";
        return Err(ApiError::invalid(RELATIONSHIPS.field, reason));
    }
    let outcome = end(&app, &writer).await?;
    Ok(Answer::ok(outcome.position, Customer::left()))
}

/// Deletes an account of a sandbox with all that is in it.
///
/// No account here is one of a sandbox: it is refused, once it is clear that the caller serves the
/// customer and might. A relationship is ended instead.
#[utoipa::path(
    delete,
    path = "/v1/customers/{customer}",
    tag = "Customers",
    responses((status = NO_CONTENT, description = "It is deleted: never, as there is no sandbox."))
)]
async fn delete(
    State(app): State<AppState>,
    writer: Writer<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let (principal, permission) = (writer.caller.principal(), Permission::CustomersCreate);
    app.allow_customer(principal, writer.ids.0, permission).await?;
    let description = "only accounts of a sandbox can be deleted: end the relationship instead";
    Err(ApiError::malformed(description)
        .with_data(["not_in_sandbox".to_owned(), "customerId".to_owned()]))
}

/// Ends the relationship with a customer, as older clients do.
#[utoipa::path(
    delete,
    path = "/v1/customers/{customer}/relationships/partner",
    tag = "Customers",
    responses((status = NO_CONTENT, description = "It is ended."))
)]
async fn leave_partner(
    State(app): State<AppState>,
    writer: Writer<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    Ok(Answer::done(end(&app, &writer).await?.position))
}

/// Ends the relationship with a customer, as older clients do.
#[utoipa::path(
    delete,
    path = "/v1/customers/{customer}/customerpartnerrelationships/reseller",
    tag = "Customers",
    responses((status = NO_CONTENT, description = "It is ended."))
)]
async fn leave_reseller(
    State(app): State<AppState>,
    writer: Writer<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    Ok(Answer::done(end(&app, &writer).await?.position))
}

async fn end(app: &AppState, writer: &Writer<(CustomerId,)>) -> Result<Outcome, ApiError> {
    let command = EndRelationship { partner_id: writer.partner() };
    writer.execute(app, &OnCustomer::new(writer.ids.0, command)).await
}
