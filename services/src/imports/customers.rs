//! From a good file to customers: are the domains free, and if so, create all of them as one.

use std::collections::BTreeSet;

use async_trait::async_trait;
use commands::{CreateCustomer, Customer, NewCustomerAdmin, Permission};
use events::{
    ClaimKind, CompanyName, CustomerAccountEvent, CustomerEvent, CustomerId, CustomerUserId, Event,
    Holder, PartnerId, StreamId, UserName,
};

use super::{CustomerFile, CustomerFileRow, CustomerRowFault, CustomerRowProblem};
use crate::{
    application::{Application, Call, CommandError, Transaction, UseCase},
    auth::{TemporaryPassword, new_temporary_password},
    ids,
    keys::{Credential, KeyError},
};

/// How a file of customers is imported.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct CustomerImportOptions {
    /// Good rows are created although others are faulty.
    pub skip_faulty: bool,
    /// The companies have granted the partner delegated admin privileges.
    pub delegated_admin: bool,
}

/// Why no customer was imported.
#[derive(Debug, thiserror::Error)]
pub enum CustomerImportError {
    /// Rows are faulty, and are not to be skipped, or none is good.
    #[error("nothing was imported: {} of {rows} rows are faulty", lines_of(.faults))]
    Faulty {
        /// Everything that is wrong, by line.
        faults: Vec<CustomerRowFault>,
        /// How many rows the file has.
        rows: usize,
    },
    /// The file has no rows.
    #[error("nothing was imported: there is no row to import")]
    NoRows,
    /// The command was refused or could not be carried out.
    #[error(transparent)]
    Command(#[from] CommandError),
}

/// A customer that was created from a row.
pub struct ImportedCustomer {
    /// The line of the file on which its row begins.
    pub line: usize,
    /// The customer.
    pub id: CustomerId,
    /// The company's name.
    pub company_name: CompanyName,
    /// The name of its first user.
    pub user_name: UserName,
    /// That user's password, to be shown once; `None` where it was shown before.
    pub password: Option<TemporaryPassword>,
}

/// What an import of customers led to.
pub struct CustomersImported {
    /// The new customers, in the order of their rows.
    pub customers: Vec<ImportedCustomer>,
    /// What is wrong with the rows that were skipped, by line.
    pub skipped: Vec<CustomerRowFault>,
}

/// Checks a whole file, then creates its customers, all in one commit or none.
///
/// # Errors
/// When rows are faulty and are not to be skipped, none is good, or the caller may not do this.
pub async fn import_customers(
    app: &Application,
    call: &Call,
    partner: PartnerId,
    file: CustomerFile,
    options: CustomerImportOptions,
) -> Result<CustomersImported, CustomerImportError> {
    app.allow(call.principal, Permission::CustomersCreate).await?;
    let CustomerFile { rows, mut faults } = file;
    let count = rows.len() + lines_of(&faults);
    let good = if is_repeat(app, call).await? { rows } else { free(app, rows, &mut faults) };
    faults.sort_by_key(|fault| fault.line);
    if count == 0 {
        return Err(CustomerImportError::NoRows);
    }
    if good.is_empty() || !(faults.is_empty() || options.skip_faulty) {
        return Err(CustomerImportError::Faulty { faults, rows: count });
    }
    let candidates = good.into_iter().map(|row| Candidate::new(app, row, partner, options));
    let candidates = candidates.collect::<Result<Vec<_>, _>>().map_err(CommandError::from)?;
    let use_case = ImportCustomers::of(partner, &candidates).map_err(CommandError::from)?;
    let outcome = app.execute(call, &use_case).await?;
    // Of a repeat the ids are those of the first import, and the passwords were shown.
    let created = outcome.events.iter().filter_map(|event| match event {
        Event::Customer(CustomerEvent::Account(CustomerAccountEvent::CustomerCreated(event))) => {
            Some(event.customer_id)
        }
        _ => None,
    });
    let customers = candidates.into_iter().zip(created).map(|(candidate, id)| ImportedCustomer {
        line: candidate.line,
        id,
        company_name: candidate.command.company_name,
        user_name: candidate.command.admin.profile.user_name,
        password: (!outcome.replayed).then_some(candidate.password),
    });
    Ok(CustomersImported { customers: customers.collect(), skipped: faults })
}

/// Whether the call was carried out before: then every domain is taken, by itself.
async fn is_repeat(app: &Application, call: &Call) -> Result<bool, CommandError> {
    let Some(idempotency) = call.idempotency else { return Ok(false) };
    Ok(app.store().find_commit(idempotency.commit_id).await?.is_some())
}

/// The rows whose domain is nobody's.
fn free(
    app: &Application,
    rows: Vec<CustomerFileRow>,
    faults: &mut Vec<CustomerRowFault>,
) -> Vec<CustomerFileRow> {
    let model = app.models().current();
    let (free, taken): (Vec<_>, Vec<_>) = rows
        .into_iter()
        .partition(|row| model.customers().by_domain(&row.customer.domain).is_none());
    let problem = CustomerRowProblem::DomainTaken;
    faults.extend(
        taken.iter().map(|row| CustomerRowFault { line: row.line, problem: problem.clone() }),
    );
    free
}

/// A row that may become a customer.
struct Candidate {
    line: usize,
    command: CreateCustomer,
    password: TemporaryPassword,
}

impl Candidate {
    fn new(
        app: &Application,
        row: CustomerFileRow,
        partner: PartnerId,
        options: CustomerImportOptions,
    ) -> Result<Self, KeyError> {
        let now = app.now();
        let password = new_temporary_password(now)?;
        let profile = row.customer.first_user.clone();
        let admin = NewCustomerAdmin {
            user_id: ids::fresh(now, CustomerUserId::from_uuid),
            user_name: app.keys().user_name_hash(&profile.user_name),
            credential_id: password.id,
            profile,
        };
        let id = ids::fresh(now, CustomerId::from_uuid);
        let mut command = row.customer.command(id, partner, admin);
        command.delegated_admin = options.delegated_admin;
        Ok(Self { line: row.line, command, password })
    }
}

/// Creates customers of a partner, all of them or none.
pub(crate) struct ImportCustomers {
    /// The partner.
    pub(crate) partner: PartnerId,
    /// The customers.
    pub(crate) commands: Vec<CreateCustomer>,
    /// The passwords of their first users.
    pub(crate) credentials: Vec<Credential>,
}

impl ImportCustomers {
    fn of(partner: PartnerId, candidates: &[Candidate]) -> Result<Self, KeyError> {
        let credentials = candidates.iter().map(|candidate| candidate.password.credential());
        Ok(Self {
            partner,
            commands: candidates.iter().map(|candidate| candidate.command.clone()).collect(),
            credentials: credentials.collect::<Result<_, _>>()?,
        })
    }
}

#[async_trait]
impl UseCase for ImportCustomers {
    fn name(&self) -> &'static str {
        "ImportCustomers"
    }

    fn primary(&self) -> StreamId {
        self.partner.into()
    }

    async fn decide(&self, transaction: &mut Transaction<'_>) -> Result<(), CommandError> {
        transaction.authorise(Permission::CustomersCreate).await?;
        transaction.keep_credentials(&self.credentials);
        for command in &self.commands {
            let customer = command.customer_id;
            transaction.about(customer.into());
            transaction.decide::<Customer>(customer, &command.clone().into()).await?;
            let domain = command.domain.as_str();
            let name = transaction.application.keys.name_hash(ClaimKind::Domain, domain);
            transaction.claim(name, ClaimKind::Domain, Holder(customer.as_uuid())).await?;
        }
        Ok(())
    }
}

fn lines_of(faults: &[CustomerRowFault]) -> usize {
    faults.iter().map(|fault| fault.line).collect::<BTreeSet<_>>().len()
}
