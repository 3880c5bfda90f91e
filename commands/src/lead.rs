//! A lead: a company that a provider refers to one of its resellers, until it is a customer.
//!
//! The provider speaks first: only it refers, and only to a reseller in an active partnership. The
//! reseller answers. A lead it turns into a customer becomes the provider's customer, with the
//! reseller associated: in the indirect model the provider holds the relationship and orders, the
//! reseller sees and administers. The referral is the provider's word that the reseller may open
//! that account; it counts once.

use std::fmt;

use events::{
    CompanyName, CountryCode, CustomerId, LeadAccepted, LeadContact, LeadConverted, LeadDeclined,
    LeadEvent, LeadId, LeadReferred, LeadWithdrawn, PartnerId, Personal,
};

use crate::{
    access::speaks_for,
    command::{Requires, command_enum},
    context::{Context, LeadFacts},
    decider::Decider,
    permissions::Permission,
    rejection::Rejection,
};

/// Refer a company to a reseller.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReferLead {
    /// The new lead.
    pub lead_id: LeadId,
    /// The provider who refers.
    pub provider: PartnerId,
    /// The reseller it refers to.
    pub reseller: PartnerId,
    /// The company.
    pub company_name: CompanyName,
    /// Where it is, where that is known.
    pub country: Option<CountryCode>,
    /// Whom to talk to.
    pub contact: LeadContact,
}

/// Take a lead on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AcceptLead {
    /// The reseller who does.
    pub reseller: PartnerId,
}

/// Not follow a lead, or not any more.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DeclineLead {
    /// The reseller who does not.
    pub reseller: PartnerId,
}

/// Take an unanswered referral back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct WithdrawLead {
    /// The provider who referred.
    pub provider: PartnerId,
}

/// Mark a lead as the customer it became; given in one commit with the creation of the customer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ConvertLead {
    /// The reseller who won the customer.
    pub reseller: PartnerId,
    /// The customer.
    pub customer_id: CustomerId,
}

command_enum! {
    /// What can be asked of a lead.
    LeadCommand {
        /// Refer a company.
        Refer(ReferLead),
        /// Take a lead on.
        Accept(AcceptLead),
        /// Not follow a lead.
        Decline(DeclineLead),
        /// Take a referral back.
        Withdraw(WithdrawLead),
        /// Mark a lead as the customer it became.
        Convert(ConvertLead),
    }
}

impl Requires for LeadCommand {
    fn permission(&self, _actor: &events::Actor) -> Option<Permission> {
        Some(Permission::LeadsManage)
    }
}

/// How far a lead has come.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum LeadStatus {
    /// The reseller has not answered.
    Referred,
    /// The reseller follows it.
    Accepted,
    /// The reseller does not follow it.
    Declined,
    /// The provider took it back.
    Withdrawn,
    /// It became a customer.
    Converted,
}

impl LeadStatus {
    /// The status as answers spell it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Referred => "referred",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Withdrawn => "withdrawn",
            Self::Converted => "converted",
        }
    }
}

impl fmt::Display for LeadStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A referred lead, and what became of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Referral {
    /// The provider who referred.
    pub provider: PartnerId,
    /// The reseller it was referred to.
    pub reseller: PartnerId,
    /// How far it has come.
    pub status: LeadStatus,
}

/// What is known about a lead; nothing before it was referred.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct LeadState {
    referral: Option<Referral>,
}

impl LeadState {
    /// The lead; `None` before it was referred.
    #[must_use]
    pub const fn referral(&self) -> Option<&Referral> {
        self.referral.as_ref()
    }

    /// The lead as a fact for the creation of its customer, if it is accepted.
    #[must_use]
    pub fn accepted(&self) -> Option<LeadFacts> {
        let referral = self.referral.filter(|lead| lead.status == LeadStatus::Accepted)?;
        Some(LeadFacts { provider: referral.provider, reseller: referral.reseller })
    }
}

/// The rules of a lead.
#[derive(Clone, Copy, Debug)]
pub struct Lead;

impl Decider for Lead {
    type State = LeadState;
    type Command = LeadCommand;
    type Event = LeadEvent;

    fn decide(
        state: &LeadState,
        command: &LeadCommand,
        context: &Context<'_>,
    ) -> Result<Vec<LeadEvent>, Rejection> {
        let event = match command {
            LeadCommand::Refer(command) => refer(state, command, context)?,
            LeadCommand::Accept(command) => accept(state, *command, context)?,
            LeadCommand::Decline(command) => decline(state, *command, context)?,
            LeadCommand::Withdraw(command) => withdraw(state, *command, context)?,
            LeadCommand::Convert(command) => convert(state, *command, context)?,
        };
        Ok(vec![event])
    }

    fn evolve(state: LeadState, event: &LeadEvent) -> LeadState {
        let moved = |status| LeadState {
            referral: state.referral.map(|referral| Referral { status, ..referral }),
        };
        match event {
            LeadEvent::LeadReferred(event) => LeadState {
                referral: Some(Referral {
                    provider: event.provider,
                    reseller: event.reseller,
                    status: LeadStatus::Referred,
                }),
            },
            LeadEvent::LeadAccepted(_) => moved(LeadStatus::Accepted),
            LeadEvent::LeadDeclined(_) => moved(LeadStatus::Declined),
            LeadEvent::LeadWithdrawn(_) => moved(LeadStatus::Withdrawn),
            LeadEvent::LeadConverted(_) => moved(LeadStatus::Converted),
        }
    }

    fn own(event: &events::Event) -> Option<&LeadEvent> {
        match event {
            events::Event::Lead(event) => Some(event),
            events::Event::Partner(_)
            | events::Event::Partnership(_)
            | events::Event::Customer(_)
            | events::Event::NameClaim(_)
            | events::Event::Installation(_)
            | events::Event::ServiceRequest(_) => None,
        }
    }
}

fn refer(
    state: &LeadState,
    command: &ReferLead,
    context: &Context<'_>,
) -> Result<LeadEvent, Rejection> {
    let ReferLead { lead_id, provider, reseller, .. } = *command;
    speaks_for(&context.actor, provider)?;
    if state.referral.is_some() {
        return Err(Rejection::AlreadyExists { what: "lead" });
    }
    partners_work_together(provider, reseller, context)?;
    Ok(LeadReferred {
        lead_id,
        provider,
        reseller,
        company_name: command.company_name.clone(),
        country: command.country.clone(),
        contact: Personal::open(lead_id.into(), command.contact.clone()),
    }
    .into())
}

fn accept(
    state: &LeadState,
    command: AcceptLead,
    context: &Context<'_>,
) -> Result<LeadEvent, Rejection> {
    let lead = received(state, command.reseller, context)?;
    in_state(lead, &[LeadStatus::Referred])?;
    partners_work_together(lead.provider, lead.reseller, context)?;
    Ok(LeadAccepted { provider: lead.provider, reseller: lead.reseller }.into())
}

/// A lead that was accepted and led nowhere is declined as well: nothing else closes it.
fn decline(
    state: &LeadState,
    command: DeclineLead,
    context: &Context<'_>,
) -> Result<LeadEvent, Rejection> {
    let lead = received(state, command.reseller, context)?;
    in_state(lead, &[LeadStatus::Referred, LeadStatus::Accepted])?;
    Ok(LeadDeclined { provider: lead.provider, reseller: lead.reseller }.into())
}

fn withdraw(
    state: &LeadState,
    command: WithdrawLead,
    context: &Context<'_>,
) -> Result<LeadEvent, Rejection> {
    speaks_for(&context.actor, command.provider)?;
    let lead = state.referral().filter(|lead| lead.provider == command.provider);
    let lead = lead.ok_or(Rejection::LeadNotFound)?;
    in_state(lead, &[LeadStatus::Referred])?;
    Ok(LeadWithdrawn { provider: lead.provider, reseller: lead.reseller }.into())
}

fn convert(
    state: &LeadState,
    command: ConvertLead,
    context: &Context<'_>,
) -> Result<LeadEvent, Rejection> {
    let lead = received(state, command.reseller, context)?;
    in_state(lead, &[LeadStatus::Accepted])?;
    partners_work_together(lead.provider, lead.reseller, context)?;
    let customer_id = command.customer_id;
    Ok(LeadConverted { provider: lead.provider, reseller: lead.reseller, customer_id }.into())
}

/// The lead that was referred to this reseller, for which the actor speaks.
fn received<'a>(
    state: &'a LeadState,
    reseller: PartnerId,
    context: &Context<'_>,
) -> Result<&'a Referral, Rejection> {
    speaks_for(&context.actor, reseller)?;
    state.referral().filter(|lead| lead.reseller == reseller).ok_or(Rejection::LeadNotFound)
}

fn in_state(lead: &Referral, wanted: &[LeadStatus]) -> Result<(), Rejection> {
    if wanted.contains(&lead.status) {
        Ok(())
    } else {
        Err(Rejection::LeadInState { status: lead.status })
    }
}

fn partners_work_together(
    provider: PartnerId,
    reseller: PartnerId,
    context: &Context<'_>,
) -> Result<(), Rejection> {
    match context.facts.partnership(provider, reseller) {
        Some(_) => Ok(()),
        None => Err(Rejection::NoActivePartnership { reseller }),
    }
}
