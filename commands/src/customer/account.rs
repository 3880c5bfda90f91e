//! The customer's account: created with its relationship and its first user, edited, given another
//! domain, declared to be of a kind.

use events::{
    CustomerCreated, CustomerDetailsEdited, CustomerDomainAdded, CustomerEvent, CustomerQualified,
    DirectoryRole, DirectoryRoleGranted, Personal, RelationshipEstablished, ResellerAssociated,
};

use super::{
    command::{
        AddCustomerDomain, CreateCustomer, EditCustomerDetails, NewCustomerAdmin, QualifyCustomer,
    },
    reach,
    state::CustomerState,
    users,
};
use crate::{
    access::{speaks_for, speaks_for_known},
    context::Context,
    rejection::{NameKind, Rejection},
};

pub(super) fn create(
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

pub(super) fn edit(
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
pub(super) fn add_domain(
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
pub(super) fn qualify(
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
