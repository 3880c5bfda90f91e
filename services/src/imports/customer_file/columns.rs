//! Which column of a file of customers means what?

use std::fmt;

use super::CustomerFileFault;
use crate::imports::table::Row;

macro_rules! columns {
    ($($(#[$doc:meta])* $name:ident = $title:literal: $($spelling:literal)|+;)+) => {
        /// What a column of a file of customers holds.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum CustomerColumn {
            $($(#[$doc])* $name,)+
        }

        impl CustomerColumn {
            /// The column that a name stands for; case, blanks and underscores do not matter.
            fn named(name: &str) -> Option<Self> {
                let letters = name.chars().filter(|c| !c.is_whitespace() && !"_-".contains(*c));
                match letters.collect::<String>().to_lowercase().as_str() {
                    $($($spelling)|+ => Some(Self::$name),)+
                    _ => None,
                }
            }
        }

        impl fmt::Display for CustomerColumn {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $(Self::$name => $title,)+ })
            }
        }
    };
}

columns! {
    /// The company's name.
    CompanyName = "Company name": "companyname" | "company";
    /// Its domain.
    Domain = "Domain": "domain" | "domainname";
    /// The contact's first name.
    FirstName = "First name": "firstname";
    /// The contact's last name.
    LastName = "Last name": "lastname";
    /// The contact's e-mail address.
    Email = "Email": "email" | "emailaddress";
    /// The contact's telephone number.
    PhoneNumber = "Phone number": "phonenumber" | "phone";
    /// Street and number.
    Address = "Address": "address" | "addressline1";
    /// More of the address.
    AddressLine2 = "Address line 2": "addressline2";
    /// The city.
    City = "City": "city";
    /// State, province or region.
    State = "State": "state";
    /// The postal code.
    PostalCode = "Postal code": "postalcode" | "zip";
    /// The country, in two letters.
    Country = "Country": "country";
    /// The culture, such as `en-US`.
    Culture = "Culture": "culture";
    /// The language, such as `en`.
    Language = "Language": "language";
}

/// The columns that every file must have, filled in every row.
pub(super) const REQUIRED: [CustomerColumn; 8] = [
    CustomerColumn::CompanyName,
    CustomerColumn::Domain,
    CustomerColumn::FirstName,
    CustomerColumn::LastName,
    CustomerColumn::Email,
    CustomerColumn::Country,
    CustomerColumn::Address,
    CustomerColumn::City,
];

/// The first line of a file.
pub(super) struct Columns(Vec<CustomerColumn>);

impl Columns {
    pub(super) fn read(row: &Row) -> Result<Self, CustomerFileFault> {
        // Spreadsheets leave separators behind the last column.
        let used = row.cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
        let cells = row.cells.get(..used).unwrap_or_default();
        let mut columns = Vec::with_capacity(cells.len());
        let mut names = Vec::new();
        for cell in cells {
            match CustomerColumn::named(cell) {
                Some(column) if columns.contains(&column) => {
                    return Err(CustomerFileFault::DuplicateColumn { column });
                }
                Some(column) => columns.push(column),
                None => names.push(format!("{cell:?}")),
            }
        }
        if !names.is_empty() {
            return Err(CustomerFileFault::UnknownColumns { names });
        }
        for column in REQUIRED {
            if !columns.contains(&column) {
                return Err(CustomerFileFault::MissingColumn { column });
            }
        }
        Ok(Self(columns))
    }

    /// How many columns are named.
    pub(super) const fn len(&self) -> usize {
        self.0.len()
    }

    /// The cell of a column; empty where the file has no such column.
    pub(super) fn cell<'a>(&self, row: &'a Row, column: CustomerColumn) -> &'a str {
        let index = self.0.iter().position(|found| *found == column);
        index.and_then(|index| row.cells.get(index)).map_or("", String::as_str)
    }
}
