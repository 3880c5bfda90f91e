//! The customers a partner has already, out of a CSV file [our own style].

use axum::{Router, body::Bytes, extract::State, http::Uri, routing::post};
use serde_json::{Value, json};

use super::{
    query::Query,
    wire::{Answer, attributes},
};
use crate::{
    auth::TemporaryPassword,
    http::{ApiError, AppState, Caller},
    imports::{
        CustomerFile, CustomerImportError, CustomerImportOptions, CustomerRowFault,
        CustomersImported, import_customers,
    },
};

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/v1/customers/import", post(import))
}

/// The body is the file; the answer lists the credentials of the new accounts once.
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

fn shown(imported: &CustomersImported) -> Value {
    let customers = imported.customers.iter().map(|customer| {
        let state = customer.password.is_none().then_some("already_shown");
        json!({
            "line": customer.line,
            "id": customer.id,
            "companyName": customer.company_name,
            "userCredentials": {
                "userPrincipalName": customer.user_name,
                "password": customer.password.as_ref().map(TemporaryPassword::reveal),
                "passwordState": state,
            },
        })
    });
    let skipped = imported.skipped.iter();
    let skipped = skipped.map(
        |CustomerRowFault { line, problem }| json!({ "line": line, "reason": problem.to_string() }),
    );
    json!({
        "customers": customers.collect::<Vec<_>>(),
        "skipped": skipped.collect::<Vec<_>>(),
        "attributes": attributes("CustomerImport"),
    })
}
