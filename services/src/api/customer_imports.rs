//! The customers a partner has already, out of a CSV file [our own style].

use axum::{body::Bytes, extract::State, http::Uri};
use events::CustomerId;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    customer_shape::UserCredentials, query::Query, shapes::Attributes, user_import::RowRefused,
    wire::Answer,
};
use crate::{
    http::{ApiError, AppState, Caller},
    imports::{
        CustomerFile, CustomerImportError, CustomerImportOptions, CustomerRowFault,
        CustomersImported, import_customers,
    },
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(import))
}

/// What a file of customers led to.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct CustomerImport {
    /// The new accounts, in the order of their rows.
    customers: Vec<CustomerOfFile>,
    /// The rows that were left out.
    skipped: Vec<RowRefused>,
    attributes: Attributes,
}

/// A customer that a file led to.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct CustomerOfFile {
    /// The line on which its row begins.
    line: usize,
    #[schema(value_type = Uuid)]
    id: CustomerId,
    company_name: String,
    user_credentials: UserCredentials,
}

/// Creates accounts for the customers of a CSV file, all or none (*own*).
///
/// The body is the file; the answer lists the credentials of the new accounts once.
#[utoipa::path(
    post,
    path = "/v1/customers/import",
    tag = "Customers",
    params(
        ("skipFaulty" = Option<bool>, Query, description = "Leaves faulty rows out."),
        (
            "allowDelegatedAccess" = Option<bool>, Query,
            description = "Whether the partner may administer on the customers' behalf."
        )
    ),
    request_body(content = String, content_type = "text/csv", description = "The file."),
    responses((status = CREATED, description = "The customers.", body = CustomerImport))
)]
async fn import(
    State(app): State<AppState>,
    caller: Caller,
    uri: Uri,
    bytes: Bytes,
) -> Result<Answer, ApiError> {
    let query = Query::of(&uri)?;
    let options = CustomerImportOptions {
        skip_faulty: query.optional("skipFaulty")?.unwrap_or_default(),
        delegated_admin: query.optional("allowDelegatedAccess")?.unwrap_or_default(),
    };
    let file = CustomerFile::read(&bytes);
    let file = file.map_err(|fault| {
        ApiError::malformed(fault.to_string())
            .with_data(["invalid_file".to_owned(), "file".to_owned()])
    })?;
    let digested = [uri.query().unwrap_or_default().as_bytes(), b"\n", &bytes].concat();
    let call = caller.call(&app, &digested);
    let imported = import_customers(&app, &call, partner(&caller), file, options).await;
    let imported = imported.map_err(refused)?;
    Ok(Answer::created(app.models().current().position(), shown(&imported)))
}

const fn partner(caller: &Caller) -> events::PartnerId {
    caller.partner
}

fn refused(error: CustomerImportError) -> ApiError {
    match error {
        CustomerImportError::Command(error) => error.into(),
        CustomerImportError::NoRows => ApiError::malformed(error.to_string())
            .with_data(["no_rows".to_owned(), "file".to_owned()]),
        CustomerImportError::Faulty { ref faults, .. } => {
            let lines =
                faults.iter().map(|fault| format!("line {}: {}", fault.line, fault.problem));
            let data = ["faulty_rows".to_owned(), "file".to_owned()].into_iter().chain(lines);
            ApiError::malformed(error.to_string()).with_data(data)
        }
    }
}

fn shown(imported: &CustomersImported) -> CustomerImport {
    let customers = imported.customers.iter().map(|customer| CustomerOfFile {
        line: customer.line,
        id: customer.id,
        company_name: customer.company_name.to_string(),
        user_credentials: UserCredentials {
            user_name: None,
            user_principal_name: customer.user_name.to_string(),
            password: customer.password.as_ref().map(|it| it.reveal().to_owned()),
            password_state: customer.password.is_none().then_some("already_shown"),
        },
    });
    let skipped = imported.skipped.iter().map(|CustomerRowFault { line, problem }| RowRefused {
        line: *line,
        reason: problem.to_string(),
    });
    CustomerImport {
        customers: customers.collect(),
        skipped: skipped.collect(),
        attributes: Attributes::of("CustomerImport"),
    }
}
