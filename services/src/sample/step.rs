//! One step of the history: who does what, when and why.

use commands::{
    ConvertLead, CreateCustomer, CustomerCommand, InstallationCommand, LeadCommand, PartnerCommand,
    PartnershipCommand, PasswordProof, ServiceRequestCommand, SignUp,
};
use events::{
    CorrelationId, CustomerId, EmailAddress, InvalidValue, LeadId, NameHash, PartnerId,
    PartnerUserId, PartnershipId, Reason, ServiceRequestId, Ticket, Timestamp, TokenId, UserName,
};

use super::dice::Dice;
use crate::{
    application::{AnswerRelationship, Principal},
    keys::KeyDirectory,
};

/// A command at its moment, as a person or timer of the history gives it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub principal: Principal,
    /// What belongs together.
    pub correlation_id: CorrelationId,
    /// Why.
    pub why: Why,
    /// What.
    pub(super) task: Task,
}

/// The command of a step, and on what.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Task {
    /// On a partner.
    Partner(PartnerId, PartnerCommand),
    /// On a partnership.
    Partnership(PartnershipId, PartnershipCommand),
    /// On a customer.
    Customer(CustomerId, CustomerCommand),
    /// On a lead.
    Lead(LeadId, LeadCommand),
    /// On a service request.
    Request(ServiceRequestId, ServiceRequestCommand),
    /// On the installation.
    Installation(InstallationCommand),
    /// A customer answers a request for a relationship.
    Answer(AnswerRelationship),
    /// A company opens its account through the link of a request.
    SignUp(Box<SignUp>),
    /// An accepted lead becomes a customer.
    Convert(LeadId, PartnerId, ConvertLead, Box<CreateCustomer>),
    /// Customers known from elsewhere are imported.
    Import(PartnerId, Vec<CreateCustomer>),
    /// Somebody gives the password of an account.
    SignIn(Principal, TokenId, PasswordProof),
}

impl Task {
    /// The name of the command.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Partner(_, command) => command.name(),
            Self::Partnership(_, command) => command.name(),
            Self::Customer(_, command) => command.name(),
            Self::Lead(_, command) => command.name(),
            Self::Request(_, command) => command.name(),
            Self::Installation(command) => command.name(),
            Self::Answer(_) => "AnswerRelationship",
            Self::SignUp(_) => "SignUp",
            Self::Convert(..) => "TurnLeadIntoCustomer",
            Self::Import(..) => "ImportCustomers",
            Self::SignIn(..) => "SignIn",
        }
    }
}

/// The words that accompany a command.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Why {
    /// In free text.
    pub reason: Option<Reason>,
    /// Under which ticket.
    pub ticket: Option<Ticket>,
    /// Who approved it.
    pub approved_by: Option<PartnerUserId>,
}

impl Why {
    /// One of these reasons, under a ticket.
    pub(super) fn drawn(reasons: &[&str], dice: &mut Dice) -> Result<Self, InvalidValue> {
        let reason = dice.pick(reasons).map(|text| Reason::new(text)).transpose()?;
        let ticket = match dice.below(3) {
            0 => Some(Ticket::new(&format!("CHG-{}", dice.between(1_000, 9_999)))?),
            1 => Some(Ticket::new(&format!("INC{:07}", dice.between(1, 99_999)))?),
            _ => None,
        };
        Ok(Self { reason, ticket, approved_by: None })
    }
}

/// Hashes the names that commands carry.
pub trait Names: Send + Sync {
    /// The hash of a customer user's name.
    fn user_name(&self, name: &UserName) -> NameHash;
    /// The hash of the name a partner user signs in with.
    fn sign_in_name(&self, email: &EmailAddress) -> NameHash;
}

impl Names for KeyDirectory {
    fn user_name(&self, name: &UserName) -> NameHash {
        self.user_name_hash(name)
    }

    fn sign_in_name(&self, email: &EmailAddress) -> NameHash {
        self.sign_in_name_hash(email)
    }
}
