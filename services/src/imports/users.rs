//! From a good file to accounts: do its rows suit this customer, and if so, create them as one.

mod repeat;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use commands::{
    Catalogue, CreateCustomerUsers, Customer, CustomerState, NewCustomerUser, NewUserFault,
    Permission, Rejection, new_user_faults,
};
use events::{CountryCode, CustomerId, CustomerUserId, CustomerUserProfile, Position, SkuId};

use self::repeat::repeated;
use super::{RowFault, RowProblem, UserFile, UserRow};
use crate::{
    application::{Application, Call, CommandError, OnCustomer},
    auth::{TemporaryPassword, new_temporary_password},
    ids,
    keys::KeyError,
};

/// How a file is imported.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ImportOptions {
    /// Good rows are created although others are faulty.
    pub skip_faulty: bool,
    /// Where users use services whose row does not say.
    pub usage_location: Option<CountryCode>,
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Rows are faulty; all of them are listed.
    #[error("nothing was imported: {} are faulty", faulty_of(.faults, *.rows))]
    Faulty {
        /// Everything that is wrong, by line.
        faults: Vec<RowFault>,
        /// How many rows the file has.
        rows: usize,
        /// The seats that its rows want.
        seats: Vec<SeatsNeeded>,
    },
    /// The file has no rows, or none that is good.
    #[error("nothing was imported: there is no row to import")]
    NoRows {
        /// Everything that is wrong with the rows that were skipped, by line.
        faults: Vec<RowFault>,
    },
    /// The command was refused or could not be carried out.
    #[error(transparent)]
    Command(#[from] CommandError),
}

/// The seats of a product that the rows of a file want together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SeatsNeeded {
    /// The product's short name.
    pub product: String,
    /// How many are wanted.
    pub needed: u32,
    /// How many are free.
    pub free: u32,
}

/// A user that was created from a row.
pub struct ImportedUser {
    /// The line of the file on which its row begins.
    pub line: usize,
    /// The user.
    pub id: CustomerUserId,
    /// Who the user is.
    pub profile: CustomerUserProfile,
    /// The short names of the products it has a seat of.
    pub products: Vec<String>,
    /// Its password, to be shown once; `None` for a repeated request: it was shown before.
    pub password: Option<TemporaryPassword>,
}

/// What an import led to.
pub struct UsersImported {
    /// The new users, in the order of their rows.
    pub users: Vec<ImportedUser>,
    /// What is wrong with the rows that were skipped, by line.
    pub skipped: Vec<RowFault>,
    /// The seats that went to the new users: what was free before. Not told again to a repeat.
    pub seats: Vec<SeatsNeeded>,
    /// A reader that has come this far has seen the users.
    pub position: Position,
}

/// Checks a whole file against a customer, then creates its users, all in one commit or none.
///
/// The same call again changes nothing and lists the same users, without their passwords.
///
/// # Errors
/// When rows are faulty and are not to be skipped, none is good, or the caller may not do this.
pub async fn import_users(
    app: &Application,
    call: &Call,
    customer: CustomerId,
    file: UserFile,
    options: &ImportOptions,
) -> Result<UsersImported, ImportError> {
    app.allow_customer(call.principal, customer, Permission::CustomerUsersManage).await?;
    if let Some(first) = app.first_outcome(call).await? {
        return Ok(repeated(app, &file, &first));
    }
    let imported = import_anew(app, call, customer, &file, options).await;
    match &imported {
        // What is in the way may be what the same request, sent twice at once, has done.
        Err(ImportError::Faulty { .. } | ImportError::NoRows { .. }) => {
            let first = app.first_outcome(call).await?;
            first.map_or(imported, |first| Ok(repeated(app, &file, &first)))
        }
        Ok(_) | Err(ImportError::Command(_)) => imported,
    }
}

async fn import_anew(
    app: &Application,
    call: &Call,
    customer: CustomerId,
    file: &UserFile,
    options: &ImportOptions,
) -> Result<UsersImported, ImportError> {
    let folded = app.aggregates.load::<Customer>(customer.into()).await;
    let state = folded.map_err(CommandError::from)?.state;
    state.account().ok_or_else(|| CommandError::from(Rejection::CustomerNotFound))?;

    let UserFile { rows, mut faults } = file.clone();
    let row_count = rows.len() + faulty_lines(&faults);
    let mut candidates = Candidates::new(app, rows, options, &mut faults)?;
    let seats = candidates.seats_needed(&state, &app.catalogue);
    candidates.suit(&state, &app.catalogue, options.skip_faulty, &mut faults);
    faults_by_line(&mut faults);
    if !(faults.is_empty() || options.skip_faulty) {
        return Err(ImportError::Faulty { faults, rows: row_count, seats });
    }
    if candidates.0.is_empty() {
        return Err(ImportError::NoRows { faults });
    }
    let seats = candidates.seats_needed(&state, &app.catalogue);
    let outcome = app.execute(call, &candidates.command(customer)?).await?;
    if outcome.replayed {
        return Ok(repeated(app, file, &outcome));
    }
    let users = candidates.imported(&app.catalogue);
    Ok(UsersImported { users, skipped: faults, seats, position: outcome.position })
}

/// A row that may become a user.
struct Candidate {
    line: usize,
    user: NewCustomerUser,
    password: TemporaryPassword,
}

struct Candidates(Vec<Candidate>);

impl Candidates {
    /// Takes the rows whose products the catalogue knows.
    fn new(
        app: &Application,
        rows: Vec<UserRow>,
        options: &ImportOptions,
        faults: &mut Vec<RowFault>,
    ) -> Result<Self, CommandError> {
        let mut candidates = Vec::with_capacity(rows.len());
        for row in rows {
            let line = row.line;
            let mut licenses = Vec::new();
            let mut unknown = Vec::new();
            for product in &row.products {
                match product_named(&app.catalogue, product) {
                    Some(sku_id) => licenses.push(sku_id),
                    None => unknown.push(RowProblem::unknown_product(product)),
                }
            }
            if unknown.is_empty() {
                candidates.push(Candidate::new(app, row, licenses, options)?);
            }
            faults.extend(unknown.into_iter().map(|problem| RowFault { line, problem }));
        }
        Ok(Self(candidates))
    }

    fn users(&self) -> Vec<NewCustomerUser> {
        self.0.iter().map(|candidate| candidate.user.clone()).collect()
    }

    /// Notes every candidate that the customer cannot have. When faulty rows are skipped, they make
    /// room: the seats they wanted are there for the others.
    fn suit(
        &mut self,
        state: &CustomerState,
        catalogue: &Catalogue,
        skip: bool,
        faults: &mut Vec<RowFault>,
    ) {
        let mut noted = |candidate: &Candidate, fault: NewUserFault| {
            let problem = problem(fault.rejection, catalogue);
            faults.push(RowFault { line: candidate.line, problem });
        };
        self.0.retain(|candidate| {
            let alone = new_user_faults(state, std::slice::from_ref(&candidate.user));
            let mut good = true;
            for fault in alone.into_iter().filter(|fault| !is_about_seats(fault)) {
                noted(candidate, fault);
                good = false;
            }
            good || !skip
        });
        loop {
            let mut found = new_user_faults(state, &self.users());
            found.retain(is_about_seats);
            let without_seat: Vec<usize> = found.iter().map(|fault| fault.index).collect();
            for fault in found {
                if let Some(candidate) = self.0.get(fault.index) {
                    noted(candidate, fault);
                }
            }
            if without_seat.is_empty() || !skip {
                return;
            }
            let mut index = 0..;
            self.0.retain(|_| index.next().is_some_and(|index| !without_seat.contains(&index)));
        }
    }

    fn seats_needed(&self, state: &CustomerState, catalogue: &Catalogue) -> Vec<SeatsNeeded> {
        let mut needed = BTreeMap::<SkuId, u32>::new();
        for candidate in &self.0 {
            for sku_id in &candidate.user.licenses {
                *needed.entry(*sku_id).or_default() += 1;
            }
        }
        let with_free = needed.into_iter().map(|(sku_id, needed)| SeatsNeeded {
            product: product_name(catalogue, sku_id),
            needed,
            free: state.available(sku_id),
        });
        with_free.collect()
    }

    fn command(&self, customer: CustomerId) -> Result<OnCustomer, CommandError> {
        let passwords = self.0.iter().map(|candidate| &candidate.password);
        let command = CreateCustomerUsers { users: self.users() };
        Ok(OnCustomer::with_passwords(customer, command, passwords)?)
    }

    fn imported(self, catalogue: &Catalogue) -> Vec<ImportedUser> {
        let imported = self.0.into_iter().map(|Candidate { line, user, password }| ImportedUser {
            line,
            id: user.user_id,
            profile: user.profile,
            products: user.licenses.iter().map(|id| product_name(catalogue, *id)).collect(),
            password: Some(password),
        });
        imported.collect()
    }
}

impl Candidate {
    fn new(
        app: &Application,
        row: UserRow,
        mut licenses: Vec<SkuId>,
        options: &ImportOptions,
    ) -> Result<Self, KeyError> {
        licenses.sort_unstable();
        licenses.dedup();
        let (line, now) = (row.line, app.now());
        let password = new_temporary_password(now)?;
        let user = NewCustomerUser {
            user_id: ids::fresh(now, CustomerUserId::from_uuid),
            user_name: app.keys().user_name_hash(&row.user_name),
            credential_id: password.id,
            licenses,
            directory_roles: Vec::new(),
            profile: profile(row, options.usage_location.as_ref()),
        };
        Ok(Self { line, user, password })
    }
}

/// Who a row is about.
fn profile(row: UserRow, usage_location: Option<&CountryCode>) -> CustomerUserProfile {
    CustomerUserProfile {
        user_name: row.user_name,
        first_name: row.first_name,
        last_name: row.last_name,
        display_name: row.display_name,
        usage_location: row.usage_location.or_else(|| usage_location.cloned()),
        phone_number: None,
    }
}

/// The product that a cell names by part number, in any case, or by id.
fn product_named(catalogue: &Catalogue, text: &str) -> Option<SkuId> {
    let id = text.parse::<SkuId>().ok();
    let named = catalogue
        .offers()
        .iter()
        .find(|offer| id == Some(offer.sku_id) || offer.sku_part_number.eq_ignore_ascii_case(text));
    named.map(|offer| offer.sku_id)
}

fn product_name(catalogue: &Catalogue, sku_id: SkuId) -> String {
    catalogue.sku(sku_id).map_or_else(|| sku_id.to_string(), |offer| offer.sku_part_number.clone())
}

const fn is_about_seats(fault: &NewUserFault) -> bool {
    matches!(fault.rejection, Rejection::SeatsMissing { .. })
}

/// A refusal in the words of the file: names of products instead of ids.
fn problem(rejection: Rejection, catalogue: &Catalogue) -> RowProblem {
    match rejection {
        Rejection::UsageLocationMissing { .. } => RowProblem::UsageLocationMissing,
        Rejection::NoActiveSubscription { sku_id } => {
            RowProblem::NoSubscription { product: product_name(catalogue, sku_id) }
        }
        Rejection::SeatsMissing { sku_id, missing } => {
            RowProblem::NoSeat { product: product_name(catalogue, sku_id), missing }
        }
        other => RowProblem::Refused(other),
    }
}

fn faults_by_line(faults: &mut [RowFault]) {
    faults.sort_by_key(|fault| fault.line);
}

/// How many rows are faulty.
pub(crate) fn faulty_lines(faults: &[RowFault]) -> usize {
    let lines: std::collections::BTreeSet<_> = faults.iter().map(|fault| fault.line).collect();
    lines.len()
}

fn faulty_of(faults: &[RowFault], rows: usize) -> String {
    format!("{} of {rows} rows", faulty_lines(faults))
}
