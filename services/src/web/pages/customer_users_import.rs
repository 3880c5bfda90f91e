//! `/customers/{id}/users/import`: the users of a customer from a CSV file.

use axum::{Router, extract::Path, response::Response, routing::get};
use commands::{BULK_USERS_MAX, Permission};
use events::{CountryCode, CustomerId};
use maud::{Markup, html};
use projections::CustomerRow;

use super::{
    credentials::{self, List},
    id,
};
use crate::{
    http::AppState,
    imports::{
        ImportError, ImportOptions, ImportedUser, RowFault, RowLimit, SeatsNeeded, UserFile,
        UsersImported, faulty_lines, import_users,
    },
    web::{
        customer_frame,
        error::PageError,
        forms::{Faults, Fields, mendable},
        layout, names,
        screen::Screen,
        submitted::Submitted,
        widgets::{self, Input, tick},
    },
};

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/customers/{customer}/users/import", get(show).post(import))
}

/// What such a file looks like.
const EXAMPLE: &str = "First name,Last name,Display name,Email,Licenses,Usage location";

async fn show(Path(customer): Path<String>, screen: Screen) -> Result<Response, PageError> {
    let customer = id::<CustomerId>(&customer)?;
    screen.allow_customer(customer, Permission::CustomerUsersManage).await?;
    let customer = screen.customer(customer)?;
    let fields = Fields::default().with("usage_location", &customer.country);
    Ok(page(&screen, customer, &fields, &Faults::default(), &html! {}))
}

async fn import(Path(customer): Path<String>, form: Submitted) -> Result<Response, PageError> {
    let customer = id::<CustomerId>(&customer)?;
    let screen = &form.screen;
    screen.allow_customer(customer, Permission::CustomerUsersManage).await?;
    let customer = screen.customer(customer)?;
    let again = |faults: &Faults| Ok(page(screen, customer, &form.fields, faults, &html! {}));
    let (file, options) = match read(&form) {
        Ok(read) => read,
        Err(faults) => return again(&faults),
    };
    let call = form.call(b"");
    match import_users(&screen.app, &call, customer.id, file, &options).await {
        Ok(imported) => Ok(listed(screen, customer, &imported)),
        Err(ImportError::Command(error)) => match mendable::<()>(Err(error), form.catalogue())? {
            Ok(()) => Err(PageError::malformed("nothing was imported")),
            Err(faults) => again(&faults),
        },
        Err(error) => {
            let said = Faults::general(error.to_string());
            let (ImportError::Faulty { faults, .. } | ImportError::NoRows { faults }) = error
            else {
                return again(&said);
            };
            Ok(page(screen, customer, &form.fields, &said, &faulty_rows(&faults)))
        }
    }
}

fn read(form: &Submitted) -> Result<(UserFile, ImportOptions), Faults> {
    let fields = &form.fields;
    let mut faults = Faults::default();
    let usage_location = fields.optional::<CountryCode>(&mut faults, "usage_location");
    let rows_max = fields.optional::<RowLimit>(&mut faults, "rows_max");
    if form.file.is_empty() {
        faults.add("file", "choose a file that is not empty");
    }
    let (usage_location, rows_max) = faults.unless_any(|| usage_location.zip(rows_max))?;
    let file = UserFile::read(&form.file, rows_max.unwrap_or_default()).map_err(|fault| {
        let mut faults = Faults::default();
        faults.add("file", fault.to_string());
        faults
    })?;
    let skip_faulty = fields.has("skip_faulty", "true");
    Ok((file, ImportOptions { skip_faulty, usage_location }))
}

fn page(
    screen: &Screen,
    customer: &CustomerRow,
    fields: &Fields,
    faults: &Faults,
    rows: &Markup,
) -> Response {
    let path = customer_frame::path(customer);
    let location = Input::text("usage_location", "Usage location").short();
    let location = location.hint("Of rows that name none, such as US. Licences need it.");
    let body = html! {
        (layout::faults(faults))
        (rows)
        form #import-users method="post" action={ (path) "/users/import" }
            enctype="multipart/form-data" {
            (widgets::hidden(screen))
            fieldset {
                legend { "File" }
                div.field.wide.faulty[faults.about("file").is_some()] {
                    label for="file" { "CSV file" }
                    input #file type="file" name="file" accept=".csv,text/csv" required;
                    p.hint { "As Excel saves it as CSV UTF-8. The first line names the columns: "
                        code { (EXAMPLE) } ". Display name and Email are required; the address "
                        "must end in " (names::endings(customer)) ". Several licences are separated by |." }
                }
                (location.draw(fields, faults))
            }
            fieldset {
                legend { "Rows" }
                (tick("skip_faulty", "true",
                    &html! { "Skip faulty rows and create the others" },
                    fields.has("skip_faulty", "true")))
                (tick("rows_max", &BULK_USERS_MAX.to_string(),
                    &html! { "The file may have up to " (BULK_USERS_MAX) " rows instead of "
                        (RowLimit::default()) },
                    !fields.text("rows_max").is_empty()))
            }
            div.buttons {
                button.primary type="submit" { "Import users" }
                a.button href=(path) { "Cancel" }
            }
        }
    };
    customer_frame::inner_frame(screen, customer, "Import users").faulty(faults).show(&body)
}

fn faulty_rows(faults: &[RowFault]) -> Markup {
    let rows = html! {
        @for RowFault { line, problem } in faults {
            tr {
                th scope="row" data-label="Line" { (line) }
                td data-label="What is wrong" { (layout::sentence_case(&problem.to_string())) }
            }
        }
    };
    html! {
        @if !faults.is_empty() {
            (widgets::table("faulty-rows", "Faulty rows", &["Line", "What is wrong"], &rows))
        }
    }
}

fn listed(screen: &Screen, customer: &CustomerRow, imported: &UsersImported) -> Response {
    let skipped = match faulty_lines(&imported.skipped) {
        0 => String::new(),
        count => {
            format!(" {} skipped.", widgets::count(count, "faulty row was", "faulty rows were"))
        }
    };
    let created = widgets::count(imported.users.len(), "user was", "users were");
    let list = List {
        done: format!("{created} created.{skipped}"),
        rows: imported.users.iter().map(ImportedUser::credential_cells).collect(),
        more: html! {
            @for SeatsNeeded { product, needed, free } in &imported.seats {
                p { (widgets::count(*needed as usize, "licence", "licences")) " of " (product)
                    " of " (free) " that were free." }
            }
            (faulty_rows(&imported.skipped))
        },
        links: vec![(customer_frame::path(customer), "Back to the users".to_owned())],
    };
    credentials::show_list(customer_frame::inner_frame(screen, customer, "Users imported"), &list)
}
