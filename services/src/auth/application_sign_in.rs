//! Applications that come for tokens: their secrets, their refresh tokens, the users that let them act.

use std::time::Duration;

use async_trait::async_trait;
use commands::{
    BeginApplicationGrant, Partner, PartnerCommand, Rejection, RenewApplicationGrant,
    SignInApplication,
};
use data_encoding::BASE64URL_NOPAD;
use events::{
    ApplicationEvent, ApplicationId, Event, PartnerEvent, PartnerId, PartnerUserId, RuleCode,
    StreamId, TokenId,
};
use secrecy::{ExposeSecret, SecretString, zeroize::Zeroize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use tokio::{sync::Semaphore, time::Instant};
use uuid::Uuid;

use super::{password::fill, prove_client_secret};
use crate::{
    application::{Application, Call, CommandError, Outcome, Principal, Transaction, UseCase},
    ids,
    keys::{Credential, CredentialKey, KeyError},
};

/// A refusal goes out no sooner than this, in milliseconds: it takes as long for an application that
/// is not there as for a wrong secret, and for one that is locked.
const REFUSAL_MILLISECONDS: u64 = 500;
/// How many applications may be coming in at once.
const SIGN_INS_MAX: usize = 256;
const REFRESH_PREFIX: &str = "plogr_";
const ID_BYTES: usize = 16;
const SECRET_BYTES: usize = 32;

static SIGN_INS: Semaphore = Semaphore::const_new(SIGN_INS_MAX);

/// Why an application was not let in.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApplicationSignInError {
    /// It is unknown, revoked or locked, or its secret is wrong: these are not told apart.
    #[error("the application is not known or its secret is wrong")]
    Refused,
    /// Too many are coming in at this moment.
    #[error("too many are signing in at this moment; try again")]
    Busy,
    /// It could not be found out.
    #[error(transparent)]
    Failed(#[from] CommandError),
}

/// A refresh token on its way to a client, or back. Not for `Debug`.
pub(crate) struct RefreshToken {
    partner: PartnerId,
    grant: TokenId,
    id: TokenId,
    secret: [u8; SECRET_BYTES],
}

impl Drop for RefreshToken {
    fn drop(&mut self) {
        self.secret.zeroize();
    }
}

impl RefreshToken {
    fn new(partner: PartnerId, grant: TokenId, id: TokenId) -> Result<Self, KeyError> {
        let mut secret = [0; SECRET_BYTES];
        fill(&mut secret)?;
        Ok(Self { partner, grant, id, secret })
    }

    /// Reads the text of one; `None` for what has not its form.
    pub(crate) fn read(text: &SecretString) -> Option<Self> {
        let text = text.expose_secret().trim().strip_prefix(REFRESH_PREFIX)?;
        let bytes = zeroize::Zeroizing::new(BASE64URL_NOPAD.decode(text.as_bytes()).ok()?);
        let (ids, secret) = bytes.split_at_checked(3 * ID_BYTES)?;
        let mut ids = ids.chunks_exact(ID_BYTES).filter_map(|id| Uuid::from_slice(id).ok());
        let (partner, grant, id) = (ids.next()?, ids.next()?, ids.next()?);
        Some(Self {
            partner: PartnerId::from_uuid(partner),
            grant: TokenId::from_uuid(grant),
            id: TokenId::from_uuid(id),
            secret: secret.try_into().ok()?,
        })
    }

    /// The text that is given out.
    fn text(&self) -> SecretString {
        let bytes = zeroize::Zeroizing::new(self.bytes());
        format!("{REFRESH_PREFIX}{}", BASE64URL_NOPAD.encode(&bytes)).into()
    }

    fn bytes(&self) -> Vec<u8> {
        let ids = [self.partner.as_uuid(), self.grant.as_uuid(), self.id.as_uuid()];
        let mut bytes: Vec<u8> = ids.iter().flat_map(|id| *id.as_bytes()).collect();
        bytes.extend_from_slice(&self.secret);
        bytes
    }

    /// Over all of it: nothing in it can be exchanged.
    fn hash(&self) -> [u8; 32] {
        Sha256::digest(zeroize::Zeroizing::new(self.bytes())).into()
    }

    fn credential(&self) -> Credential {
        Credential::Token { id: self.id, hash: self.hash() }
    }
}

/// That an application acts for a user, as a client is told.
pub(crate) struct Granted {
    /// The user.
    pub(crate) user: PartnerUserId,
    /// The grant.
    pub(crate) grant: TokenId,
    /// What renews it the next time.
    pub(crate) refresh_token: SecretString,
}

impl Application {
    /// Lets an application in that knows its secret.
    ///
    /// # Errors
    /// When it does not, or that cannot be found out.
    pub(crate) async fn sign_in_application(
        &self,
        call: &Call,
        partner: Option<PartnerId>,
        application_id: Option<ApplicationId>,
        secret: &SecretString,
    ) -> Result<(), ApplicationSignInError> {
        let Ok(turn) = SIGN_INS.try_acquire() else { return Err(ApplicationSignInError::Busy) };
        let began = Instant::now();
        let outcome = match (partner, application_id) {
            (Some(partner), Some(application_id)) => {
                self.try_application(call, partner, application_id, secret).await
            }
            _ => Err(ApplicationSignInError::Refused),
        };
        drop(turn);
        if let Err(ApplicationSignInError::Refused) = outcome {
            metrics::counter!("partnerlog_sign_ins_refused_total").increment(1);
            tokio::time::sleep_until(began + Duration::from_millis(REFUSAL_MILLISECONDS)).await;
        }
        outcome
    }

    async fn try_application(
        &self,
        call: &Call,
        partner: PartnerId,
        application_id: ApplicationId,
        secret: &SecretString,
    ) -> Result<(), ApplicationSignInError> {
        let state = self.aggregates.load::<Partner>(partner.into()).await;
        let state = state.map_err(CommandError::from)?.state;
        let Some(known) = state.applications().get(application_id) else {
            return Err(ApplicationSignInError::Refused);
        };
        let secrets = known.secrets_at(self.now());
        let proved = prove_client_secret(&self.keys.credentials, secrets, secret);
        let command = SignInApplication { application_id, proved }.into();
        let attempt = OfApplication { partner, command, credential: None };
        let call = Call { principal: Principal::Visitor, idempotency: None, ..call.clone() };
        match self.execute(&call, &attempt).await {
            Ok(outcome) if proved.is_some() && outcome.events.is_empty() => Ok(()),
            Ok(_) | Err(CommandError::Rejected(_)) => Err(ApplicationSignInError::Refused),
            Err(error) => Err(error.into()),
        }
    }

    /// Lets an application, which was let in, act for a user who has just signed in.
    ///
    /// # Errors
    /// When a rule says no, or something cannot be read or written.
    pub(crate) async fn begin_grant(
        &self,
        call: &Call,
        partner: PartnerId,
        application_id: ApplicationId,
        user_id: PartnerUserId,
    ) -> Result<Granted, CommandError> {
        let fresh = || ids::fresh(self.now(), TokenId::from_uuid);
        let (grant_id, refresh_id) = (fresh(), fresh());
        let token = RefreshToken::new(partner, grant_id, refresh_id)?;
        let begin = BeginApplicationGrant { application_id, user_id, grant_id, refresh_id };
        let command = begin.into();
        let use_case = OfApplication { partner, command, credential: Some(token.credential()) };
        let principal = Principal::PartnerUser { partner, user: user_id };
        let call = Call { principal, idempotency: None, ..call.clone() };
        self.execute(&call, &use_case).await?;
        Ok(Granted { user: user_id, grant: grant_id, refresh_token: token.text() })
    }

    /// Exchanges the refresh token of an application, which was let in, for another. `None` where it
    /// is good for nothing: unknown, of another application, over, or presented before, which ends
    /// what was granted.
    ///
    /// # Errors
    /// When something cannot be read or written.
    pub(crate) async fn renew_grant(
        &self,
        call: &Call,
        partner: PartnerId,
        application_id: ApplicationId,
        presented: &RefreshToken,
    ) -> Result<Option<Granted>, CommandError> {
        let stored = self.keys.credentials.get(CredentialKey::Token(presented.id));
        let Some(Credential::Token { hash, .. }) = stored else { return Ok(None) };
        if presented.partner != partner || !bool::from(hash.ct_eq(&presented.hash())) {
            return Ok(None);
        }
        let next = ids::fresh(self.now(), TokenId::from_uuid);
        let token = RefreshToken::new(partner, presented.grant, next)?;
        let renew = RenewApplicationGrant {
            application_id,
            grant_id: presented.grant,
            presented: presented.id,
            next,
        };
        let command = renew.into();
        let use_case = OfApplication { partner, command, credential: Some(token.credential()) };
        let principal = Principal::Application { partner, application: application_id };
        let call = Call { principal, idempotency: None, ..call.clone() };
        let outcome = match self.execute(&call, &use_case).await {
            Ok(outcome) => outcome,
            Err(CommandError::Rejected(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        if !was_renewed(&outcome) {
            tracing::warn!(%application_id, "a refresh token came twice: what it stood for ended");
            return Ok(None);
        }
        let state = self.aggregates.load::<Partner>(partner.into()).await?.state;
        let application = state.applications().get(application_id);
        let grant = application.and_then(|it| it.grant(presented.grant));
        Ok(grant.map(|grant| Granted {
            user: grant.user_id,
            grant: presented.grant,
            refresh_token: token.text(),
        }))
    }
}

fn was_renewed(outcome: &Outcome) -> bool {
    let renewed = |event: &Event| {
        matches!(
            event,
            Event::Partner(PartnerEvent::Application(ApplicationEvent::ApplicationGrantRenewed(_)))
        )
        .then_some(())
    };
    outcome.find(renewed).is_some()
}

/// What an application asks for itself, having proved who it is, or what is recorded because it
/// could not.
struct OfApplication {
    partner: PartnerId,
    command: PartnerCommand,
    credential: Option<Credential>,
}

#[async_trait]
impl UseCase for OfApplication {
    fn name(&self) -> &'static str {
        self.command.name()
    }

    fn primary(&self) -> StreamId {
        self.partner.into()
    }

    async fn decide(&self, transaction: &mut Transaction<'_>) -> Result<(), CommandError> {
        transaction.authorise_as(RuleCode::new("application:sign_in"));
        transaction.about(self.partner.into());
        transaction.keep_credentials(self.credential.as_slice());
        let decided = transaction.decide::<Partner>(self.partner, &self.command).await;
        match decided {
            Err(CommandError::Rejected(Rejection::PartnerNotFound)) => {
                Err(Rejection::SignInRefused.into())
            }
            decided => decided,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> RefreshToken {
        let id = |number| Uuid::from_u128(number);
        let (grant, id_of) = (TokenId::from_uuid(id(2)), TokenId::from_uuid(id(3)));
        RefreshToken::new(PartnerId::from_uuid(id(1)), grant, id_of).unwrap()
    }

    #[test]
    fn a_refresh_token_is_read_back_and_nothing_in_it_can_be_exchanged() {
        let token = token();
        let read = RefreshToken::read(&token.text()).unwrap();
        assert!((read.partner, read.grant, read.id) == (token.partner, token.grant, token.id));
        assert_eq!(read.hash(), token.hash());
        let mut moved = RefreshToken::read(&token.text()).unwrap();
        moved.grant = TokenId::from_uuid(Uuid::from_u128(9));
        assert_ne!(moved.hash(), token.hash());
    }

    #[test]
    fn what_is_no_refresh_token_is_not_read() {
        let text = token().text();
        let text = text.expose_secret();
        for wrong in ["", "plogr_", "plog_AAAA", &text[..40], &format!("{text}AAAA"), &text[1..]] {
            assert!(RefreshToken::read(&SecretString::from(wrong)).is_none(), "{wrong}");
        }
    }
}
