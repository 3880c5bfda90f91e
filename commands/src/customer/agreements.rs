//! The agreement that the customer accepted: somebody of a partner confirms it.
//!
//! Orders do not wait for it: nothing in the domain makes a confirmed agreement a condition of
//! selling, so its absence refuses nothing.

use events::{
    Actor, AgreementContact, AgreementId, AgreementKind, CustomerAgreementConfirmed, CustomerEvent,
    PartnerId, Personal, Timestamp,
};

use super::{CustomerCommand, reach, state::CustomerState};
use crate::{
    command::{Requires, command_enum},
    context::Context,
    permissions::Permission,
    rejection::Rejection,
};

/// Confirm that the customer accepted an agreement.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConfirmAgreement {
    /// The new confirmation.
    pub agreement_id: AgreementId,
    /// The partner that holds the relationship and confirms.
    pub partner_id: PartnerId,
    /// Which agreement.
    pub kind: AgreementKind,
    /// When the customer accepted it; not ahead of the clock.
    pub agreed_at: Timestamp,
    /// Who accepted for the customer.
    pub contact: AgreementContact,
}

command_enum! {
    /// What can be asked about the customer's agreements.
    AgreementCommand in CustomerCommand {
        /// Confirm that it accepted one.
        Confirm(ConfirmAgreement),
    }
}

impl Requires for AgreementCommand {
    fn permission(&self, _actor: &Actor) -> Option<Permission> {
        match self {
            Self::Confirm(_) => Some(Permission::CustomersCreate),
        }
    }
}

pub(super) fn decide(
    state: &CustomerState,
    command: &AgreementCommand,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    match command {
        AgreementCommand::Confirm(command) => confirm(state, command, context),
    }
}

/// A newer confirmation of the same agreement stands beside the earlier one: each is a fact.
fn confirm(
    state: &CustomerState,
    command: &ConfirmAgreement,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    reach::holder(state, command.partner_id, context)?;
    if command.agreed_at > context.now {
        return Err(Rejection::AgreedAhead);
    }
    let ConfirmAgreement { agreement_id, partner_id, kind, agreed_at, contact } = command.clone();
    let contact = Personal::open(agreement_id.into(), contact);
    let event = CustomerAgreementConfirmed { agreement_id, partner_id, kind, agreed_at, contact };
    Ok(vec![event.into()])
}
