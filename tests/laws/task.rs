//! What can be asked of the application, as data: use cases are made of it when it is carried out.

use commands::{
    ConvertLead, CreateCustomer, CustomerCommand, InstallationCommand, LeadCommand, PartnerCommand,
    PartnershipCommand, PasswordProof, ServiceRequestCommand, SignUp,
};
use events::{CustomerId, LeadId, PartnerId, PartnershipId, ServiceRequestId, TokenId};
use services::{
    application::{
        AnswerRelationship, Application, Call, CommandError, OnCustomer, OnInstallation, OnLead,
        OnPartner, OnPartnership, OnServiceRequest, Outcome, Principal, RequestAnswer,
        SignInAttempt, SigningUp, TurnLead,
    },
    auth::new_temporary_password,
};

use crate::model::Answer;

/// A command, or commands that are recorded together, and on what.
#[derive(Clone, Debug)]
pub(crate) enum Task {
    Partner(PartnerId, PartnerCommand),
    Partnership(PartnershipId, PartnershipCommand),
    Customer(CustomerId, CustomerCommand),
    Lead(LeadId, LeadCommand),
    TurnLead { lead: LeadId, conversion: ConvertLead, creation: Box<CreateCustomer> },
    Request(ServiceRequestId, ServiceRequestCommand),
    Installation(InstallationCommand),
    Answer(Answer),
    SignUp(Box<SignUp>),
    SignIn { account: Principal, session: TokenId, proof: PasswordProof },
}

impl Task {
    /// The names of the commands in it.
    pub(crate) fn commands(&self) -> Vec<&'static str> {
        match self {
            Self::Partner(_, command) => vec![command.name()],
            Self::Partnership(_, command) => vec![command.name()],
            Self::Customer(_, command) => vec![command.name()],
            Self::Lead(_, command) => vec![command.name()],
            Self::TurnLead { .. } => vec!["ConvertLead", "CreateCustomer"],
            Self::Request(_, ServiceRequestCommand::CarryOut(command)) => {
                vec![ServiceRequestCommand::from(*command).name(), "CarryOutRequest"]
            }
            Self::Request(_, command) => vec![command.name()],
            Self::Installation(command) => vec![command.name()],
            Self::Answer(Answer { accepts: true, .. }) => {
                vec!["AcceptRelationshipRequest", "EnterRelationship"]
            }
            Self::Answer(_) => vec!["DeclineRelationshipRequest"],
            Self::SignUp(_) => vec!["SignUp"],
            Self::SignIn { account, .. } => vec![match account {
                Principal::PartnerUser { .. } => "SignInPartnerUser",
                Principal::CustomerUser { .. } => "SignInCustomerUser",
                _ => "SignInAccount",
            }],
        }
    }

    /// Sends it through the command handler.
    pub(crate) async fn carry_out(
        self,
        app: &Application,
        call: &Call,
    ) -> Result<Outcome, CommandError> {
        match self {
            Self::Partner(id, command) => app.execute(call, &OnPartner::new(id, command)).await,
            Self::Partnership(id, command) => {
                app.execute(call, &OnPartnership::new(id, command)).await
            }
            Self::Customer(id, command) => app.execute(call, &OnCustomer::new(id, command)).await,
            Self::Lead(id, command) => app.execute(call, &OnLead::new(id, command)).await,
            Self::TurnLead { lead, conversion, creation } => {
                let provider = creation.partner_id;
                let creation = OnCustomer::new(creation.customer_id, *creation);
                app.execute(call, &TurnLead { lead, provider, conversion, creation }).await
            }
            Self::Request(id, command) => {
                app.execute(call, &OnServiceRequest::new(id, command)).await
            }
            Self::Installation(command) => app.execute(call, &OnInstallation::new(command)).await,
            Self::Answer(Answer { invitation, stream, customer, accepts }) => {
                let answer = if accepts { RequestAnswer::Accept } else { RequestAnswer::Decline };
                let use_case = AnswerRelationship { invitation, stream, customer, answer };
                app.execute(call, &use_case).await
            }
            Self::SignUp(command) => {
                let password = new_temporary_password(app.now())?;
                app.execute(call, &SigningUp::new(*command, &password)?).await
            }
            Self::SignIn { account, session, proof } => {
                let (_, attempt) = SignInAttempt::new(account, session, proof)?;
                app.execute(call, &attempt).await
            }
        }
    }
}
