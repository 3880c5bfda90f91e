//! Requests for a relationship and the e-mail that carries their link: the same for every way in.

use async_trait::async_trait;
use commands::{
    AcceptRelationshipRequest, CompanyPermission, Customer, CustomerCommand,
    DeclineRelationshipRequest, EnterRelationship, LINK_PLACEHOLDER, NewCustomerAdmin, Rejection,
    RequestRelationship, SignUp,
};
use events::{
    ClaimKind, CustomerEvent, CustomerId, CustomerUserId, Event, Holder, InvalidValue,
    InvitationId, LetterText, PartnerId, RelationshipDraft, RelationshipRequestEvent, StreamId,
    SubjectLine, Timestamp,
};
use projections::{ReadModel, RelationshipRequestRow};

use super::{
    Application, Call, CommandError, CustomerToCreate, Issued, Letter, OnCustomer, Outcome,
    Principal, Transaction, UseCase,
    links::{InvitationLink, LinkError, LinkKind},
};
use crate::{
    auth::{TemporaryPassword, new_temporary_password},
    ids,
    keys::{Credential, KeyError},
};

/// What a partner asks of a company.
pub(crate) struct WantedRelationship {
    /// The partner who asks.
    pub(crate) partner: PartnerId,
    /// The customer it addresses; `None` lets any company answer.
    pub(crate) addressed_to: Option<CustomerId>,
    /// Whether it asks to administer on the company's behalf.
    pub(crate) delegated_admin: bool,
    /// The e-mail.
    pub(crate) draft: RelationshipDraft,
    /// How long the link works, in days.
    pub(crate) days: i64,
}

/// The subject that is proposed for the e-mail of a partner; one with a long name is not named.
///
/// # Errors
/// Never: there is always one that is short enough.
pub(crate) fn relationship_subject(partner: &str) -> Result<SubjectLine, InvalidValue> {
    SubjectLine::new(&format!("{partner} asks for a relationship with your company"))
        .or_else(|_| SubjectLine::new("A request for a relationship with your company"))
}

/// The text that is proposed for it.
///
/// # Errors
/// Never: names are short beside what a text may hold.
pub(crate) fn relationship_text(
    partner: &str,
    delegated_admin: bool,
    days: i64,
) -> Result<LetterText, InvalidValue> {
    let privileges = if delegated_admin {
        " and asks for delegated admin privileges: it could then administer the users of your \
         company on your behalf"
    } else {
        ""
    };
    LetterText::new(&format!(
        "Hello,\n\n{partner} would like to serve your company{privileges}. To accept or decline, \
         open this link as a global admin of your company:\n\n{LINK_PLACEHOLDER}\n\nThe link works \
         for {days} days and once.\n\nBest regards\n{partner}"
    ))
}

/// The request that was recorded.
pub(crate) fn requested(outcome: &Outcome) -> Option<InvitationId> {
    outcome.find(|event| match event {
        Event::Customer(CustomerEvent::Request(
            RelationshipRequestEvent::RelationshipRequested(event),
        )) => Some(event.invitation_id),
        _ => None,
    })
}

impl WantedRelationship {
    /// The command that asks, and the stream in which the request is to stand.
    pub(super) fn asked(self, now: Timestamp) -> (CustomerId, RequestRelationship) {
        let fresh = || ids::fresh(now, CustomerId::from_uuid);
        let stream = self.addressed_to.unwrap_or_else(fresh);
        let command = RequestRelationship {
            invitation_id: ids::fresh(now, InvitationId::from_uuid),
            partner_id: self.partner,
            addressed_to: self.addressed_to,
            delegated_admin: self.delegated_admin,
            expires_at: now.plus_hours(self.days.saturating_mul(24)),
            draft: self.draft,
        };
        (stream, command)
    }
}

impl Application {
    /// Asks a company for a relationship; the link in the letter works for so many days.
    ///
    /// # Errors
    /// When a rule says no, or something cannot be read or written.
    pub(crate) async fn request_relationship(
        &self,
        call: &Call,
        wanted: WantedRelationship,
    ) -> Result<(InvitationId, Outcome), CommandError> {
        let (stream, command) = wanted.asked(self.now());
        let invitation_id = command.invitation_id;
        let outcome = self.execute(call, &OnCustomer::new(stream, command)).await?;
        Ok((requested(&outcome).unwrap_or(invitation_id), outcome))
    }

    /// The link of a request, where this program is reached at `own_address`.
    pub(crate) fn relationship_link(
        &self,
        row: &RelationshipRequestRow,
        own_address: &str,
    ) -> String {
        let link = InvitationLink { invitation: row.invitation, expires_at: row.expires_at };
        let token = self.token_of(LinkKind::Relationship, link);
        format!("{own_address}/relationships/{token}")
    }

    /// The letter of a request, as long as it can be answered.
    pub(crate) fn relationship_letter(
        &self,
        row: &RelationshipRequestRow,
        draft: &RelationshipDraft,
        own_address: &str,
    ) -> Option<Letter> {
        if !row.is_open(self.now()) {
            return None;
        }
        let recipient = draft.recipient.as_ref().map_or("", |address| address.as_str());
        let link = self.relationship_link(row, own_address);
        Some(Letter::new(link, recipient, draft.subject.as_str(), &draft.text))
    }

    /// The request that a link answers; `link` is the whole of it or its last part, the token.
    ///
    /// # Errors
    /// When the link was not made here, or not completely copied.
    pub(crate) fn asked<'a>(
        &self,
        model: &'a ReadModel,
        link: &str,
    ) -> Result<Option<&'a RelationshipRequestRow>, LinkError> {
        let token = link.trim().rsplit('/').next().unwrap_or_default();
        let link = self.read_token_of(LinkKind::Relationship, token)?;
        let row = model.relationship_requests().get(link.invitation);
        Ok(row.filter(|row| row.expires_at == link.expires_at))
    }
}

/// What a customer says to a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RequestAnswer {
    /// Yes.
    Accept,
    /// No.
    Decline,
}

/// A customer's answer to a request that addresses it, or that any company may answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AnswerRelationship {
    /// The request.
    pub invitation: InvitationId,
    /// The stream in which it stands.
    pub stream: CustomerId,
    /// The customer that answers.
    pub customer: CustomerId,
    /// What it says.
    pub answer: RequestAnswer,
}

impl AnswerRelationship {
    /// The answer of a customer to the request in this row.
    pub(crate) const fn to(
        row: &RelationshipRequestRow,
        customer: CustomerId,
        answer: RequestAnswer,
    ) -> Self {
        Self { invitation: row.invitation, stream: row.stream, customer, answer }
    }

    /// What follows in the customer's own stream, where the request stands in another.
    async fn entered(
        &self,
        transaction: &Transaction<'_>,
    ) -> Result<Option<EnterRelationship>, CommandError> {
        if self.stream == self.customer || self.answer == RequestAnswer::Decline {
            return Ok(None);
        }
        let state = transaction.read::<Customer>(self.stream).await?.state;
        let request = state.requests().get(self.invitation).filter(|asked| !asked.is_addressed);
        Ok(request.map(|asked| EnterRelationship {
            partner_id: asked.partner_id,
            delegated_admin: asked.delegated_admin,
        }))
    }
}

#[async_trait]
impl UseCase for AnswerRelationship {
    fn name(&self) -> &'static str {
        match self.answer {
            RequestAnswer::Accept => "AcceptRelationshipRequest",
            RequestAnswer::Decline => "DeclineRelationshipRequest",
        }
    }

    fn primary(&self) -> StreamId {
        self.stream.into()
    }

    async fn decide(&self, transaction: &mut Transaction<'_>) -> Result<(), CommandError> {
        let permission = CompanyPermission::RelationshipsAnswer;
        transaction.authorise_in_company(self.customer, permission).await?;
        let entered = self.entered(transaction).await?;
        if self.stream != self.customer {
            transaction.learn_answering(self.customer).await?;
        }
        let (invitation_id, customer_id) = (self.invitation, self.customer);
        let command: CustomerCommand = match self.answer {
            RequestAnswer::Accept => {
                AcceptRelationshipRequest { invitation_id, customer_id }.into()
            }
            RequestAnswer::Decline => {
                DeclineRelationshipRequest { invitation_id, customer_id }.into()
            }
        };
        transaction.about(self.customer.into());
        transaction.decide::<Customer>(self.stream, &command).await?;
        if let Some(entered) = entered {
            transaction.decide::<Customer>(self.customer, &entered.into()).await?;
        }
        Ok(())
    }
}

/// A company without an account opens one through the link of a request; its first user calls.
pub struct SigningUp {
    /// What the company says of itself.
    pub(crate) command: SignUp,
    /// The password of its first user.
    pub(crate) credential: Credential,
}

impl SigningUp {
    /// The account as the company wants it, with its first user's temporary password.
    ///
    /// # Errors
    /// When the operating system gives no randomness.
    pub fn new(command: SignUp, password: &TemporaryPassword) -> Result<Self, KeyError> {
        Ok(Self { command, credential: password.credential()? })
    }
}

#[async_trait]
impl UseCase for SigningUp {
    fn name(&self) -> &'static str {
        "SignUp"
    }

    fn primary(&self) -> StreamId {
        self.command.account.customer_id.into()
    }

    async fn decide(&self, transaction: &mut Transaction<'_>) -> Result<(), CommandError> {
        let account = &self.command.account;
        transaction.authorise_by_link("sign_up");
        transaction.about(account.admin.user_id.into());
        transaction.keep_credentials(std::slice::from_ref(&self.credential));
        let customer = account.customer_id;
        transaction.decide::<Customer>(customer, &self.command.clone().into()).await?;
        let name =
            transaction.application.keys.name_hash(ClaimKind::Domain, account.domain.as_str());
        transaction.claim(name, ClaimKind::Domain, Holder(customer.as_uuid())).await
    }
}

impl Application {
    /// Opens an account for the company that holds the link of a request which addresses nobody;
    /// `call` says from where. What the company writes about partner and privileges does not count:
    /// both are the request's.
    ///
    /// # Errors
    /// When a rule says no, or something cannot be read or written.
    pub(crate) async fn sign_up(
        &self,
        call: &Call,
        row: &RelationshipRequestRow,
        wanted: CustomerToCreate,
    ) -> Result<Issued<CustomerId>, CommandError> {
        if row.addressed_to.is_some() {
            return Err(Rejection::InvitationNotFound.into());
        }
        let password = new_temporary_password(self.now())?;
        let user_id = ids::fresh(self.now(), CustomerUserId::from_uuid);
        let admin = NewCustomerAdmin {
            user_id,
            user_name: self.keys.user_name_hash(&wanted.first_user.user_name),
            credential_id: password.id,
            profile: wanted.first_user.clone(),
        };
        let mut account = wanted.command(row.stream, row.partner, admin);
        account.delegated_admin = row.delegated_admin;
        account.reseller = None;
        let command = SignUp { invitation_id: row.invitation, account };
        let use_case = SigningUp::new(command, &password)?;
        let mut call = call.clone();
        call.principal = Principal::CustomerUser { customer: row.stream, user: user_id };
        let outcome = self.execute(&call, &use_case).await?;
        Ok(Issued { id: row.stream, password: Some(password), outcome })
    }
}
