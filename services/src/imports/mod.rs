//! Files that people bring: which rows are good, and what is wrong with the others.
//!
//! Reading a file ([`UserFile::read`]) is pure. Whether its rows suit a customer is checked, and
//! they are carried out, by [`import_users`].

mod credentials;
mod customer_file;
mod customers;
mod encoding;
mod sheet;
mod table;
#[cfg(test)]
pub(crate) mod testing;
mod user_file;
mod users;

pub use self::{
    credentials::{CREDENTIAL_COLUMNS, write_credentials},
    customer_file::{
        CUSTOMER_ROWS_MAX, CustomerColumn, CustomerFile, CustomerFileFault, CustomerFileRow,
        CustomerRowFault, CustomerRowProblem,
    },
    customers::{
        CustomerImportError, CustomerImportOptions, CustomersImported, ImportedCustomer,
        import_customers,
    },
    encoding::EncodingFault,
    sheet::SheetFault,
    table::TableFault,
    user_file::{
        CELL_CHARACTERS_MAX, Column, FileFault, InvalidRowLimit, RowFault, RowLimit, RowProblem,
        UserFile, UserRow,
    },
    users::{ImportError, ImportOptions, ImportedUser, SeatsNeeded, UsersImported, import_users},
};
pub(crate) use self::{customers::ImportCustomers, users::faulty_lines};
