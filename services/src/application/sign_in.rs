//! Signing in with name and password, choosing another password, signing out: for everybody who has
//! an account. What follows from a right or wrong password, the rules decide.

use std::time::Duration;

use async_trait::async_trait;
use commands::{
    ChangeAccountPassword, ChangeCustomerUserPassword, ChangePartnerUserPassword, Customer,
    Installation, InstallationCommand, Partner, PasswordProof, Rejection, SignIn, SignInAccount,
    SignInCustomerUser, SignInPartnerUser, SignOutAccount, SignOutCustomerUser, SignOutPartnerUser,
};
use events::{
    AccountSignInEvent, CredentialId, CustomerEvent, CustomerSignInEvent, CustomerUserProfile,
    EmailAddress, Event, InstallationEvent, NameHash, Opened, PartnerEvent, PartnerSignInEvent,
    PartnerUserProfile, PersonProfile, RuleCode, StreamId, Timestamp, TokenId, UserName,
};
use projections::ReadModel;
use secrecy::SecretString;
use tokio::{sync::Semaphore, time::Instant};

use super::{
    Account, Application, Call, CommandError, OnCustomer, OnInstallation, OnPartner, Principal,
};
use super::{Outcome, Transaction, UseCase};
use crate::{
    auth::{new_token, own_password, pretend, prove},
    ids,
    keys::{Credential, KeyError},
};

/// A refusal goes out no sooner than this, in milliseconds: it takes as long for a name that nobody
/// has as for a wrong password, and for a locked account.
const REFUSAL_MILLISECONDS: u64 = 500;
/// How many may be signing in at once; each takes a slow hash.
const SIGN_INS_MAX: usize = 32;

static SIGN_INS: Semaphore = Semaphore::const_new(SIGN_INS_MAX);

/// Somebody who signed in.
pub struct SignedIn {
    /// Who it is.
    pub principal: Principal,
    /// The session.
    pub session_id: TokenId,
    /// The token of the session, for callers of the API.
    pub text: SecretString,
    /// When the session ends at the latest.
    pub expires_at: Timestamp,
    /// Whether another password must be chosen before anything else.
    pub must_change_password: bool,
    /// What was recorded.
    pub outcome: Outcome,
}

/// Why somebody was not signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The name is unknown, the password wrong, or the account locked: the three are not told apart.
    #[error(
        "the sign-in name or the password is wrong; after several wrong passwords an account is locked for some minutes"
    )]
    Refused,
    /// The user has neither a role nor the default level.
    #[error("the user has neither a role nor the default level")]
    NoRole,
    /// Too many are signing in at this moment.
    #[error("too many are signing in at this moment; try again")]
    Busy,
    /// It could not be done.
    #[error(transparent)]
    Failed(#[from] CommandError),
}

/// What is known about how an account signs in now.
struct Known {
    credential_id: CredentialId,
    sign_in: SignIn,
}

impl Application {
    /// Signs in who has this name and this password.
    ///
    /// # Errors
    /// When nobody has, the account is locked, or something cannot be read or written.
    pub async fn sign_in(
        &self,
        call: &Call,
        name: &str,
        password: &SecretString,
    ) -> Result<SignedIn, SignInError> {
        let Ok(_turn) = SIGN_INS.try_acquire() else { return Err(SignInError::Busy) };
        let began = Instant::now();
        let outcome = self.try_sign_in(call, name, password).await;
        if let Err(SignInError::Refused) = outcome {
            metrics::counter!("partnerlog_sign_ins_refused_total").increment(1);
            tokio::time::sleep_until(began + Duration::from_millis(REFUSAL_MILLISECONDS)).await;
        }
        outcome
    }

    async fn try_sign_in(
        &self,
        call: &Call,
        name: &str,
        password: &SecretString,
    ) -> Result<SignedIn, SignInError> {
        // Attempts under one name queue: none of them slips by before the others are counted.
        let _queue = match name.parse::<EmailAddress>() {
            Ok(email) => {
                let name: NameHash = self.keys.sign_in_name_hash(&email);
                Some(self.aggregates.lock(StreamId::from(name)).await)
            }
            Err(_) => None,
        };
        let accounts = self.accounts_named(name).await?;
        if accounts.is_empty() {
            pretend().await.map_err(CommandError::from)?;
        }
        for account in accounts {
            let Some(known) = self.known(account).await? else { continue };
            let proof = prove(&self.keys.credentials, known.credential_id, password, self.now());
            let proof = proof.await.map_err(CommandError::from)?;
            let session_id = ids::fresh(self.now(), TokenId::from_uuid);
            let attempt = SignInAttempt::new(account, session_id, proof);
            let (text, attempt) = attempt.map_err(CommandError::from)?;
            let by = if proof.matches { account } else { Principal::Visitor };
            let call = Call { principal: by, idempotency: None, ..call.clone() };
            let outcome = match self.execute(&call, &attempt).await {
                Ok(outcome) => outcome,
                Err(CommandError::Rejected(Rejection::NoRole)) => return Err(SignInError::NoRole),
                Err(CommandError::Rejected(_)) => continue,
                Err(error) => return Err(error.into()),
            };
            let Some(expires_at) = outcome.find(session_until) else { continue };
            let must_change_password = known.sign_in.must_change_password();
            return Ok(SignedIn {
                principal: account,
                session_id,
                text,
                expires_at,
                must_change_password,
                outcome,
            });
        }
        Err(SignInError::Refused)
    }

    /// Who signs in under a name: one of a partner or of the installation, and one of a customer.
    pub(crate) async fn accounts_named(&self, name: &str) -> Result<Vec<Principal>, CommandError> {
        let model = self.models.current();
        let mut accounts = Vec::new();
        if let Ok(email) = name.parse::<EmailAddress>() {
            let hash = self.keys.sign_in_name_hash(&email);
            accounts.extend(
                model
                    .partner_users()
                    .by_sign_in_name(hash)
                    .map(|row| Principal::PartnerUser { partner: row.partner, user: row.id }),
            );
            accounts.extend(
                model.people().by_sign_in_name(hash).map(|row| Principal::from(row.account)),
            );
        }
        if let Ok(user_name) = name.parse::<UserName>()
            && let Some(row) = model.customers().by_domain(&user_name.domain())
        {
            let state = self.aggregates.load::<Customer>(row.id.into()).await?.state;
            let user = state.user_named(self.keys.user_name_hash(&user_name));
            let customer = row.id;
            accounts.extend(user.map(|user| Principal::CustomerUser { customer, user }));
        }
        Ok(accounts)
    }

    /// How an account signs in, by its own stream at its head.
    async fn known(&self, account: Principal) -> Result<Option<Known>, CommandError> {
        let Some(account) = account.account() else { return Ok(None) };
        Ok(match account {
            Account::Partner { partner, user } => {
                let state = self.aggregates.load::<Partner>(partner.into()).await?.state;
                state.active_user(user).map(|user| Known {
                    credential_id: user.credential_id,
                    sign_in: user.sign_in.clone(),
                })
            }
            Account::Customer { customer, user } => {
                let state = self.aggregates.load::<Customer>(customer.into()).await?.state;
                state.user(user).filter(|user| user.is_active()).map(|user| Known {
                    credential_id: user.credential_id,
                    sign_in: user.sign_in.clone(),
                })
            }
            Account::Installation(account) => {
                let folded = self.aggregates.load::<Installation>(StreamId::INSTALLATION).await?;
                folded.state.people().get(account).map(|person| Known {
                    credential_id: person.credential_id,
                    sign_in: person.sign_in.clone(),
                })
            }
        })
    }

    /// Gives the caller the password it chose, if it knows the one until now. False when it does not.
    ///
    /// # Errors
    /// When a rule says no, or something cannot be read or written.
    pub async fn change_own_password(
        &self,
        call: &Call,
        session_id: Option<TokenId>,
        old: &SecretString,
        new: &SecretString,
    ) -> Result<Option<Outcome>, CommandError> {
        let account = call.principal;
        let known = self.known(account).await?.ok_or(Rejection::ActorNotActive)?;
        let name = self.own_name(account).await?;
        let proof = prove(&self.keys.credentials, known.credential_id, old, self.now()).await?;
        let (chosen, credential) = own_password(new, old, &name, self.now()).await?;
        let outcome = match account.account().ok_or(Rejection::ActorNotAllowed)? {
            Account::Partner { partner, user: user_id } => {
                let command = ChangePartnerUserPassword { user_id, session_id, proof, chosen };
                let use_case = OnPartner::with_credential(partner, command, credential);
                self.execute(call, &use_case).await?
            }
            Account::Customer { customer, user: user_id } => {
                let command = ChangeCustomerUserPassword { user_id, session_id, proof, chosen };
                let use_case = OnCustomer::with_credential(customer, command, credential);
                self.execute(call, &use_case).await?
            }
            Account::Installation(account) => {
                let command = ChangeAccountPassword { account, session_id, proof, chosen };
                self.execute(call, &OnInstallation::with_credential(command, credential)).await?
            }
        };
        let changed = outcome.find(|event| is_password_change(event).then_some(())).is_some();
        Ok(changed.then_some(outcome))
    }

    /// Ends a session of the caller.
    ///
    /// # Errors
    /// When a rule says no, or something cannot be read or written.
    pub async fn sign_out(
        &self,
        call: &Call,
        session_id: TokenId,
    ) -> Result<Outcome, CommandError> {
        match call.principal.account().ok_or(Rejection::ActorNotAllowed)? {
            Account::Partner { partner, user: user_id } => {
                let command = SignOutPartnerUser { user_id, session_id };
                self.execute(call, &OnPartner::new(partner, command)).await
            }
            Account::Customer { customer, user: user_id } => {
                let command = SignOutCustomerUser { user_id, session_id };
                self.execute(call, &OnCustomer::new(customer, command)).await
            }
            Account::Installation(account) => {
                let command = SignOutAccount { account, session_id };
                self.execute(call, &OnInstallation::new(command)).await
            }
        }
    }

    /// The name under which an account signs in; empty where it cannot be shown any more.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn own_name(&self, account: Principal) -> Result<String, CommandError> {
        let model = self.models.current();
        Ok(self.name_in(&model, account).await?.unwrap_or_default())
    }

    /// The name under which an account signed in at a moment, or that of a program; empty where it
    /// cannot be shown any more, `None` where there was no such account.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub(crate) async fn name_in(
        &self,
        model: &ReadModel,
        principal: Principal,
    ) -> Result<Option<String>, CommandError> {
        if let Principal::Application { partner, application } = principal {
            let row = model.applications().get(partner, application);
            return Ok(row.map(|row| row.name.to_string()));
        }
        let Some(account) = principal.account() else { return Ok(None) };
        Ok(match account {
            Account::Partner { partner, user } => {
                let Some(row) = model.partner_users().get(partner, user) else { return Ok(None) };
                let opened = self.vault.open::<PartnerUserProfile>(&row.profile).await?;
                Some(text(opened, |profile| profile.email.to_string()))
            }
            Account::Customer { customer, user } => {
                let Some(row) = model.customer_users().get(customer, user) else { return Ok(None) };
                let opened = self.vault.open::<CustomerUserProfile>(&row.profile).await?;
                Some(text(opened, |profile| profile.user_name.to_string()))
            }
            Account::Installation(account) => {
                let Some(row) = model.people().get(account) else { return Ok(None) };
                let opened = self.vault.open::<PersonProfile>(&row.profile).await?;
                Some(text(opened, |profile| profile.email.to_string()))
            }
        })
    }
}

fn text<T>(opened: Opened<T>, name: impl FnOnce(T) -> String) -> String {
    match opened {
        Opened::Readable(profile) => name(profile),
        Opened::Erased(_) | Opened::KeyUnavailable => String::new(),
    }
}

/// One attempt to sign in to one account. Whose password was right calls as itself, anybody else as a
/// visitor.
pub struct SignInAttempt {
    /// The account.
    pub(crate) account: Principal,
    /// The session that begins where the password is right.
    pub(crate) session_id: TokenId,
    /// Whether it is.
    pub(crate) proof: PasswordProof,
    /// The token of the session.
    pub(crate) credential: Credential,
}

impl SignInAttempt {
    /// An attempt with what the hash of the password says, and the token of the session it leads to.
    ///
    /// # Errors
    /// When the operating system gives no randomness.
    pub fn new(
        account: Principal,
        session_id: TokenId,
        proof: PasswordProof,
    ) -> Result<(SecretString, Self), KeyError> {
        let (text, credential) = new_token(session_id)?;
        Ok((text, Self { account, session_id, proof, credential }))
    }
}

#[async_trait]
impl UseCase for SignInAttempt {
    fn name(&self) -> &'static str {
        "SignIn"
    }

    fn primary(&self) -> StreamId {
        match self.account.account() {
            Some(Account::Partner { partner, .. }) => partner.into(),
            Some(Account::Customer { customer, .. }) => customer.into(),
            Some(Account::Installation(_)) | None => StreamId::INSTALLATION,
        }
    }

    async fn decide(&self, transaction: &mut Transaction<'_>) -> Result<(), CommandError> {
        let Self { account, session_id, proof, ref credential } = *self;
        transaction.rule = Some(RuleCode::new("sign_in"));
        if let Some(subject) = account.subject() {
            transaction.about(subject);
        }
        if proof.matches {
            transaction.keep_credentials(std::slice::from_ref(credential));
        }
        match account.account().ok_or(Rejection::ActorNotAllowed)? {
            Account::Partner { partner, user: user_id } => {
                let command = SignInPartnerUser { user_id, session_id, proof };
                transaction.decide::<Partner>(partner, &command.into()).await
            }
            Account::Customer { customer, user: user_id } => {
                let command = SignInCustomerUser { user_id, session_id, proof };
                transaction.decide::<Customer>(customer, &command.into()).await
            }
            Account::Installation(account) => {
                let command: InstallationCommand =
                    SignInAccount { account, session_id, proof }.into();
                transaction.decide::<Installation>(StreamId::INSTALLATION, &command).await
            }
        }
    }
}

/// When the session ends that an event began.
fn session_until(event: &Event) -> Option<Timestamp> {
    match event {
        Event::Partner(PartnerEvent::SignIn(PartnerSignInEvent::PartnerUserSignedIn(event))) => {
            Some(event.expires_at)
        }
        Event::Customer(CustomerEvent::SignIn(CustomerSignInEvent::CustomerUserSignedIn(
            event,
        ))) => Some(event.expires_at),
        Event::Installation(InstallationEvent::SignIn(AccountSignInEvent::AccountSignedIn(
            event,
        ))) => Some(event.expires_at),
        _ => None,
    }
}

const fn is_password_change(event: &Event) -> bool {
    matches!(
        event,
        Event::Partner(PartnerEvent::SignIn(PartnerSignInEvent::PartnerUserPasswordChanged(_)))
            | Event::Customer(CustomerEvent::SignIn(
                CustomerSignInEvent::CustomerUserPasswordChanged(_)
            ))
            | Event::Installation(InstallationEvent::SignIn(
                AccountSignInEvent::AccountPasswordChanged(_)
            ))
    )
}
