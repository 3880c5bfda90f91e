//! `/customers/import`: the customers a partner has already, out of a CSV file.

use axum::{Router, response::Response, routing::get};
use commands::Permission;
use maud::{Markup, html};

use crate::{
    auth::TemporaryPassword,
    http::AppState,
    imports::{
        CUSTOMER_ROWS_MAX, CustomerFile, CustomerImportError, CustomerImportOptions,
        CustomerRowFault, CustomersImported, import_customers,
    },
    web::{
        error::PageError,
        forms::{Faults, Fields, mendable},
        layout::{self, Frame, Section},
        screen::Screen,
        submitted::Submitted,
        widgets,
    },
};

const PATH: &str = "/customers/import";
/// The columns that must be there.
const EXAMPLE: &str = "Company name,Domain,First name,Last name,Email,Country,Address,City";

pub(super) fn router() -> Router<AppState> {
    Router::new().route(PATH, get(show).post(import))
}

async fn show(screen: Screen) -> Result<Response, PageError> {
    screen.allow(Permission::CustomersCreate).await?;
    Ok(page(&screen, &Fields::default(), &Faults::default(), &[]))
}

fn page(screen: &Screen, fields: &Fields, faults: &Faults, rows: &[CustomerRowFault]) -> Response {
    let inner = html! {
        fieldset {
            legend { "File" }
            div.field.wide.faulty[faults.about("file").is_some()] {
                label for="file" { "CSV file" }
                input #file type="file" name="file" accept=".csv,text/csv" required;
                p.hint { "As Excel saves it as CSV UTF-8, comma or semicolon, at most "
                    (CUSTOMER_ROWS_MAX) " rows. The first line names the columns: " code { (EXAMPLE) }
                    ". Address line 2, State, Postal code, Phone number, Culture and Language may be \
                    there." }
            }
        }
        fieldset {
            legend { "How" }
            (widgets::tick("skip_faulty", "yes", &html! { "Create the good rows although others are faulty" },
                fields.has("skip_faulty", "yes")))
            (widgets::tick("privileges", "yes",
                &html! { "The companies have granted you delegated admin privileges" },
                fields.has("privileges", "yes")))
        }
        div.buttons {
            button.primary type="submit" { "Import customers" }
            a.button href="/customers" { "Cancel" }
        }
    };
    let body = html! {
        (layout::faults(faults))
        (faulty_rows(rows))
        form #import-form method="post" action=(PATH) enctype="multipart/form-data" {
            (widgets::hidden(screen))
            (inner)
        }
    };
    Frame::new(screen, Section::Customers, "Import customers")
        .under("Customers", "/customers")
        .faulty(faults)
        .show(&body)
}

fn faulty_rows(rows: &[CustomerRowFault]) -> Markup {
    let shown = html! {
        @for CustomerRowFault { line, problem } in rows {
            tr {
                th scope="row" data-label="Line" { (line) }
                td data-label="What is wrong" { (problem) }
            }
        }
    };
    html! {
        @if !rows.is_empty() {
            (widgets::table("faulty-rows", "Faulty rows", &["Line", "What is wrong"], &shown))
        }
    }
}

async fn import(form: Submitted) -> Result<Response, PageError> {
    let screen = &form.screen;
    screen.allow(Permission::CustomersCreate).await?;
    let refused = |reason: String, rows: &[CustomerRowFault]| {
        let mut faults = Faults::default();
        faults.add("file", reason);
        Ok(page(screen, &form.fields, &faults, rows))
    };
    if form.file.is_empty() {
        return refused("choose a file that is not empty".to_owned(), &[]);
    }
    let file = match CustomerFile::read(&form.file) {
        Ok(file) => file,
        Err(fault) => return refused(fault.to_string(), &[]),
    };
    let options = CustomerImportOptions {
        skip_faulty: form.fields.has("skip_faulty", "yes"),
        delegated_admin: form.fields.has("privileges", "yes"),
    };
    let own = screen.visitor.partner;
    match import_customers(&screen.app, &form.call(b""), own, file, options).await {
        Ok(imported) => Ok(done(screen, &imported)),
        Err(CustomerImportError::Command(error)) => {
            match mendable::<()>(Err(error), form.catalogue())? {
                Ok(()) => refused("was not imported".to_owned(), &[]),
                Err(faults) => Ok(page(screen, &form.fields, &faults, &[])),
            }
        }
        Err(error @ CustomerImportError::NoRows) => refused(error.to_string(), &[]),
        Err(ref error @ CustomerImportError::Faulty { ref faults, .. }) => {
            refused(error.to_string(), faults)
        }
    }
}

/// The credentials of the new accounts, shown once.
fn done(screen: &Screen, imported: &CustomersImported) -> Response {
    let rows = html! {
        @for customer in &imported.customers {
            tr data-customer=(customer.id) {
                th scope="row" data-label="Company" {
                    a href={ "/customers/" (customer.id) } { (customer.company_name) }
                }
                td data-label="User name" { code { (customer.user_name) } }
                td data-label="Temporary password" {
                    @match customer.password.as_ref().map(TemporaryPassword::reveal) {
                        Some(password) => { code { (password) } }
                        None => { "shown before" }
                    }
                }
            }
        }
    };
    let headers = ["Company", "User name", "Temporary password"];
    let body = html! {
        div.note.good #note role="status" {
            p { (widgets::count(imported.customers.len(), "customer was", "customers were")) " imported." }
        }
        section.card.secret {
            p { strong { "Write the passwords down now." } " They are shown this once and kept nowhere." }
            (widgets::table("credentials", "Credentials", &headers, &rows))
            p { button.only-script type="button" data-print { "Print" } }
        }
        @if !imported.skipped.is_empty() {
            h2 { "Skipped" }
            (faulty_rows(&imported.skipped))
        }
        p.links { a.button href="/customers" { "Go to the customers" } }
    };
    Frame::new(screen, Section::Customers, "Customers imported")
        .under("Customers", "/customers")
        .show(&body)
}
