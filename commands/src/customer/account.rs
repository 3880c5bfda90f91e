//! The customer's account: created with its relationship and its first user, edited, given another
//! domain, declared to be of a kind.

use events::{
    Actor, CompanyName, ContactDetails, CountryCode, CredentialId, CustomerCreated,
    CustomerDetailsEdited, CustomerDomainAdded, CustomerEvent, CustomerId, CustomerQualified,
    CustomerUserId, CustomerUserProfile, DirectoryRole, DirectoryRoleGranted, DomainName, Locale,
    NameHash, PartnerId, Personal, Qualification, RelationshipEstablished, ResellerAssociated,
};

use super::{CustomerCommand, reach, state::CustomerState, users};
use crate::{
    access::{speaks_for, speaks_for_known},
    command::{Requires, command_enum},
    context::Context,
    permissions::Permission,
    rejection::{NameKind, Rejection},
};

/// Open a customer's account, with its relationship and its first user.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CreateCustomer {
    /// The new customer.
    pub customer_id: CustomerId,
    /// The partner that holds the relationship.
    pub partner_id: PartnerId,
    /// The company's name.
    pub company_name: CompanyName,
    /// Its domain; its uniqueness in the installation is a name claim in the same commit.
    pub domain: DomainName,
    /// Where it is.
    pub country: CountryCode,
    /// Its culture.
    pub culture: Locale,
    /// Its language.
    pub language: Locale,
    /// Whom to reach.
    pub contact: ContactDetails,
    /// Whether the partner may administer on the customer's behalf.
    pub delegated_admin: bool,
    /// The indirect reseller to associate with it.
    pub reseller: Option<PartnerId>,
    /// Its first user, who becomes global admin of the company.
    pub admin: NewCustomerAdmin,
}

/// The first user of a customer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewCustomerAdmin {
    /// The new user.
    pub user_id: CustomerUserId,
    /// The keyed hash of the user name.
    pub user_name: NameHash,
    /// Where the hash of the temporary password is kept.
    pub credential_id: CredentialId,
    /// Who the user is.
    pub profile: CustomerUserProfile,
}

/// Change a customer's name, place or contact.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EditCustomerDetails {
    /// The company's name from now on.
    pub company_name: CompanyName,
    /// Where it is.
    pub country: CountryCode,
    /// Its culture.
    pub culture: Locale,
    /// Its language.
    pub language: Locale,
    /// Whom to reach from now on.
    pub contact: ContactDetails,
}

/// Give a customer one more domain, in which its user names may be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AddCustomerDomain {
    /// The domain; its uniqueness in the installation is a name claim in the same commit.
    pub domain: DomainName,
}

/// Declare what kind of organisation a customer is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct QualifyCustomer {
    /// The kind.
    pub qualification: Qualification,
}

command_enum! {
    /// What can be asked about the account itself.
    CustomerAccountCommand in CustomerCommand {
        /// Open the account.
        Create(Box<CreateCustomer>),
        /// Change name, place or contact.
        EditDetails(Box<EditCustomerDetails>),
        /// Give it one more domain.
        AddDomain(AddCustomerDomain),
        /// Declare what kind of organisation it is.
        Qualify(QualifyCustomer),
    }
}

impl Requires for CustomerAccountCommand {
    fn permission(&self, _actor: &Actor) -> Option<Permission> {
        match self {
            Self::Create(_) => Some(Permission::CustomersCreate),
            Self::EditDetails(_) | Self::AddDomain(_) | Self::Qualify(_) => {
                Some(Permission::CustomersEdit)
            }
        }
    }
}

pub(super) fn decide(
    state: &CustomerState,
    command: &CustomerAccountCommand,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    match command {
        CustomerAccountCommand::Create(command) => create(state, command, context),
        CustomerAccountCommand::EditDetails(command) => edit(state, command, context),
        CustomerAccountCommand::AddDomain(command) => add_domain(state, command, context),
        CustomerAccountCommand::Qualify(command) => qualify(state, *command, context),
    }
}

fn create(
    state: &CustomerState,
    command: &CreateCustomer,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    let CreateCustomer { partner_id, reseller, admin, .. } = command;
    may_create(command, context)?;
    if state.account().is_some() {
        return Err(Rejection::AlreadyExists { what: "customer" });
    }
    users::in_domain(&admin.profile, &command.domain)?;
    let relationship = RelationshipEstablished {
        partner_id: *partner_id,
        delegated_admin: command.delegated_admin,
    };
    let mut events = vec![created(command), relationship.into()];
    if let Some(reseller) = *reseller {
        if context.facts.partnership(*partner_id, reseller).is_none() {
            return Err(Rejection::NoActivePartnership { reseller });
        }
        events.push(ResellerAssociated { provider: *partner_id, reseller }.into());
    }
    events.extend(first_user(admin));
    Ok(events)
}

/// The first user, who becomes global admin of the company.
pub(super) fn first_user(admin: &NewCustomerAdmin) -> [CustomerEvent; 2] {
    let user_id = admin.user_id;
    [
        users::created(user_id, admin.user_name, admin.credential_id, &admin.profile),
        DirectoryRoleGranted { user_id, role: DirectoryRole::GlobalAdmin }.into(),
    ]
}

/// A partner creates its own customers. A reseller also creates the customer that an accepted lead
/// becomes: the provider who referred it holds the relationship.
fn may_create(command: &CreateCustomer, context: &Context<'_>) -> Result<(), Rejection> {
    let spoken = speaks_for_known(context, command.partner_id);
    let referred = context.facts.lead.is_some_and(|lead| {
        lead.provider == command.partner_id
            && Some(lead.reseller) == command.reseller
            && speaks_for(&context.actor, lead.reseller).is_ok()
    });
    if referred { Ok(()) } else { spoken }
}

fn edit(
    state: &CustomerState,
    command: &EditCustomerDetails,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    reach::any(state, context)?;
    let account = state.account().ok_or(Rejection::CustomerNotFound)?;
    Ok(vec![
        CustomerDetailsEdited {
            company_name: command.company_name.clone(),
            country: command.country.clone(),
            culture: command.culture.clone(),
            language: command.language.clone(),
            contact: Personal::open(account.customer_id.into(), command.contact.clone()),
        }
        .into(),
    ])
}

/// The partner vouches that the domain is the customer's.
fn add_domain(
    state: &CustomerState,
    command: &AddCustomerDomain,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    reach::administrator(state, context)?;
    let account = state.account().ok_or(Rejection::CustomerNotFound)?;
    if account.has_domain(&command.domain) {
        return Err(Rejection::NameTaken { kind: NameKind::Domain });
    }
    Ok(vec![CustomerDomainAdded { domain: command.domain.clone() }.into()])
}

/// Nobody vets it: it holds on the word of who declares it, and a newer one takes its place.
fn qualify(
    state: &CustomerState,
    command: QualifyCustomer,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    reach::any(state, context)?;
    Ok(vec![CustomerQualified { qualification: command.qualification }.into()])
}

pub(super) fn created(command: &CreateCustomer) -> CustomerEvent {
    CustomerCreated {
        customer_id: command.customer_id,
        partner_id: command.partner_id,
        company_name: command.company_name.clone(),
        domain: command.domain.clone(),
        country: command.country.clone(),
        culture: command.culture.clone(),
        language: command.language.clone(),
        contact: Personal::open(command.customer_id.into(), command.contact.clone()),
    }
    .into()
}
