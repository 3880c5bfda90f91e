//! Which secrets do the commands of a history name? Nobody learns them: they are made here, stored,
//! and forgotten.

use commands::{
    AccountSignInCommand, ApplicationCommand, CustomerAccountCommand, CustomerCommand,
    CustomerSignInCommand, CustomerUserCommand, InstallationCommand, PartnerAccountCommand,
    PartnerCommand, PartnerSignInCommand, PartnerUserCommand, PersonCommand,
    RelationshipRequestCommand,
};
use events::{CredentialId, Timestamp, TokenId};

use crate::{
    auth::{TEMPORARY_PASSWORD_HOURS, new_client_secret, new_temporary_password, new_token},
    keys::{Credential, KeyError},
};

pub(super) fn of_customer(
    command: &CustomerCommand,
    at: Timestamp,
) -> Result<Vec<Credential>, KeyError> {
    match command {
        CustomerCommand::Account(CustomerAccountCommand::Create(command)) => {
            one(password(command.admin.credential_id, at))
        }
        CustomerCommand::Request(RelationshipRequestCommand::SignUp(command)) => {
            one(password(command.account.admin.credential_id, at))
        }
        CustomerCommand::User(CustomerUserCommand::Create(command)) => {
            command.users.iter().map(|user| password(user.credential_id, at)).collect()
        }
        CustomerCommand::User(CustomerUserCommand::ResetPassword(command)) => {
            one(password(command.credential_id, at))
        }
        CustomerCommand::SignIn(CustomerSignInCommand::ChangePassword(command)) => {
            one(password(command.chosen.credential_id, at))
        }
        CustomerCommand::SignIn(CustomerSignInCommand::IssueToken(command)) => {
            one(token(command.token_id))
        }
        CustomerCommand::Account(
            CustomerAccountCommand::EditDetails(_)
            | CustomerAccountCommand::AddDomain(_)
            | CustomerAccountCommand::Qualify(_),
        )
        | CustomerCommand::Request(
            RelationshipRequestCommand::Request(_)
            | RelationshipRequestCommand::EditDraft(_)
            | RelationshipRequestCommand::SendLetter(_)
            | RelationshipRequestCommand::RecordSending(_)
            | RelationshipRequestCommand::Withdraw(_)
            | RelationshipRequestCommand::Accept(_)
            | RelationshipRequestCommand::Decline(_)
            | RelationshipRequestCommand::Expire(_)
            | RelationshipRequestCommand::Enter(_),
        )
        | CustomerCommand::User(
            CustomerUserCommand::Edit(_)
            | CustomerUserCommand::Delete(_)
            | CustomerUserCommand::Restore(_)
            | CustomerUserCommand::Purge(_),
        )
        | CustomerCommand::SignIn(
            CustomerSignInCommand::SignIn(_)
            | CustomerSignInCommand::SignOut(_)
            | CustomerSignInCommand::RevokeToken(_),
        )
        | CustomerCommand::Relationship(_)
        | CustomerCommand::Cart(_)
        | CustomerCommand::Order(_)
        | CustomerCommand::Subscription(_)
        | CustomerCommand::SupportContact(_)
        | CustomerCommand::License(_)
        | CustomerCommand::DirectoryRole(_)
        | CustomerCommand::Device(_)
        | CustomerCommand::Agreement(_) => Ok(Vec::new()),
    }
}

pub(super) fn of_partner(
    command: &PartnerCommand,
    at: Timestamp,
) -> Result<Vec<Credential>, KeyError> {
    match command {
        PartnerCommand::Account(PartnerAccountCommand::Register(command)) => {
            one(password(command.admin.credential_id, at))
        }
        PartnerCommand::User(PartnerUserCommand::Add(command)) => {
            one(password(command.user.credential_id, at))
        }
        PartnerCommand::User(PartnerUserCommand::ResetPassword(command)) => {
            one(password(command.credential_id, at))
        }
        PartnerCommand::SignIn(PartnerSignInCommand::ChangePassword(command)) => {
            one(password(command.chosen.credential_id, at))
        }
        PartnerCommand::SignIn(PartnerSignInCommand::IssueToken(command)) => {
            one(token(command.token_id))
        }
        PartnerCommand::Application(ApplicationCommand::AddSecret(command)) => {
            one(new_client_secret(command.secret_id).map(|(_, credential)| credential))
        }
        PartnerCommand::User(
            PartnerUserCommand::Edit(_)
            | PartnerUserCommand::Delete(_)
            | PartnerUserCommand::Restore(_)
            | PartnerUserCommand::Purge(_),
        )
        | PartnerCommand::SignIn(
            PartnerSignInCommand::SignIn(_)
            | PartnerSignInCommand::SignOut(_)
            | PartnerSignInCommand::RevokeToken(_),
        )
        | PartnerCommand::Application(
            ApplicationCommand::Register(_)
            | ApplicationCommand::RemoveSecret(_)
            | ApplicationCommand::Revoke(_)
            | ApplicationCommand::SignIn(_)
            | ApplicationCommand::BeginGrant(_)
            | ApplicationCommand::RenewGrant(_),
        )
        | PartnerCommand::Role(_)
        | PartnerCommand::Request(_)
        | PartnerCommand::Profile(_)
        | PartnerCommand::Network(_)
        | PartnerCommand::Webhook(_) => Ok(Vec::new()),
    }
}

pub(super) fn of_installation(
    command: &InstallationCommand,
    at: Timestamp,
) -> Result<Vec<Credential>, KeyError> {
    match command {
        InstallationCommand::Person(PersonCommand::AddOperator(command)) => {
            one(password(command.person.credential_id, at))
        }
        InstallationCommand::Person(PersonCommand::AdmitAuditor(command)) => {
            one(password(command.person.credential_id, at))
        }
        InstallationCommand::Person(PersonCommand::ResetPassword(command)) => {
            one(password(command.credential_id, at))
        }
        InstallationCommand::SignIn(AccountSignInCommand::ChangePassword(command)) => {
            one(password(command.chosen.credential_id, at))
        }
        InstallationCommand::SignIn(AccountSignInCommand::IssueToken(command)) => {
            one(token(command.token_id))
        }
        InstallationCommand::Person(
            PersonCommand::RemoveOperator(_) | PersonCommand::DismissAuditor(_),
        )
        | InstallationCommand::SignIn(
            AccountSignInCommand::SignIn(_)
            | AccountSignInCommand::SignOut(_)
            | AccountSignInCommand::RevokeToken(_),
        )
        | InstallationCommand::Watch(_)
        | InstallationCommand::Incident(_) => Ok(Vec::new()),
    }
}

/// What is kept of a password with this id.
pub(super) fn password(id: CredentialId, at: Timestamp) -> Result<Credential, KeyError> {
    let mut password = new_temporary_password(at)?;
    password.id = id;
    password.expires_at = at.plus_hours(TEMPORARY_PASSWORD_HOURS);
    password.credential()
}

/// What is kept of a token with this id.
pub(super) fn token(id: TokenId) -> Result<Credential, KeyError> {
    Ok(new_token(id)?.1)
}

fn one(credential: Result<Credential, KeyError>) -> Result<Vec<Credential>, KeyError> {
    Ok(vec![credential?])
}
