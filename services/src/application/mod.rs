//! The application: everything partnerlog can be asked to do, wired to one log, one read model and
//! one key directory. No rule of the business lives here.

mod accounts;
mod aggregates;
mod call;
mod cart_lines;
#[cfg(test)]
mod chaos;
mod client_applications;
mod directory_roles;
mod disclosure;
mod error;
mod event_people;
mod execute;
mod invitations;
mod links;
mod on_customer;
mod on_installation;
mod on_lead;
mod on_partner;
mod on_partnership;
mod open;
mod queries;
mod reading;
mod refusals;
mod rehearsal;
mod relationship_letters;
mod relationship_links;
mod relationships;
mod renewals;
mod role_transition;
mod service_requests;
mod sign_in;
mod support;
mod tokens;
mod transaction;
mod watch;

use std::sync::Arc;

use commands::Catalogue;
use events::{ClaimKind, InstallationId, NameHash, PartnerId, Timestamp};
use projections::ReadModels;
use store::{Clock, EventStore};

pub use self::{
    accounts::{CustomerToCreate, FIRST_USER_NAME, Issued, UserToCreate, first_user},
    call::{Call, Idempotency, Principal},
    client_applications::{
        IssuedSecret, OVERLAP_HOURS_DEFAULT, OVERLAP_HOURS_MAX, SECRET_DAYS_DEFAULT,
    },
    error::{CommandError, FixedPart},
    execute::{Outcome, UseCase},
    links::{InvitationLink, LinkError},
    on_customer::OnCustomer,
    on_installation::OnInstallation,
    on_lead::{OnLead, TurnLead},
    on_partner::OnPartner,
    on_partnership::OnPartnership,
    open::{DataDirectory, OpenError, Running},
    queries::{AsOf, NoMoment},
    reading::Reading,
    relationships::{AnswerRelationship, RequestAnswer, SigningUp},
    service_requests::OnServiceRequest,
    sign_in::{SignInAttempt, SignInError, SignedIn},
    tokens::{IssuedToken, TOKEN_DAYS_DEFAULT, TOKEN_DAYS_MAX},
    transaction::Transaction,
};
use self::{aggregates::Aggregates, refusals::Refusals};
pub(crate) use self::{
    call::Account,
    cart_lines::{ChangeCartLines, going_on},
    directory_roles::ChooseDirectoryRoles,
    disclosure::{Disclosure, WITHHELD, parties, permissions_with},
    event_people::people,
    invitations::{LINK_DAYS_DEFAULT, LINK_DAYS_MAX, Letter, proposed_subject, proposed_text},
    relationship_letters::SendRelationship,
    relationship_links::{LinkForAnybody, open_to_anybody},
    relationships::{WantedRelationship, relationship_subject, relationship_text, requested},
    renewals::Renewal,
    role_transition::{RoleTransition, TransitionKind},
    service_requests::{NewServiceRequest, request_number},
    support::SupportDetails,
};
use crate::{
    auth::{Access, Sessions},
    keys::KeyDirectory,
    process_managers::ProcessBoard,
    vault::{SubjectKeys, Vault},
    webhooks::WebhookPolicy,
};

/// One running installation.
pub struct Application {
    pub(crate) store: Arc<dyn EventStore>,
    pub(crate) keys: Arc<KeyDirectory>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) models: ReadModels,
    pub(crate) vault: Vault,
    pub(crate) sessions: Sessions,
    pub(crate) catalogue: Catalogue,
    pub(crate) access: Access,
    pub(crate) webhooks: WebhookPolicy,
    installation: InstallationId,
    pub(crate) aggregates: Aggregates,
    pub(crate) processes: ProcessBoard,
    subjects: SubjectKeys,
    pub(crate) refusals: Refusals,
}

impl Application {
    /// Wires an application over a log whose read model is being kept.
    #[must_use]
    pub fn new(
        store: Arc<dyn EventStore>,
        keys: Arc<KeyDirectory>,
        clock: Arc<dyn Clock>,
        models: ReadModels,
        catalogue: Catalogue,
        installation: InstallationId,
    ) -> Self {
        Self {
            vault: Vault::new(Arc::clone(&store), Arc::clone(&keys), installation),
            aggregates: Aggregates::new(Arc::clone(&store)),
            sessions: Sessions::default(),
            access: Access::default(),
            webhooks: WebhookPolicy::default(),
            processes: ProcessBoard::default(),
            subjects: SubjectKeys::default(),
            refusals: Refusals::default(),
            store,
            keys,
            clock,
            models,
            catalogue,
            installation,
        }
    }

    /// The time by this installation's clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The log.
    #[must_use]
    pub fn store(&self) -> &Arc<dyn EventStore> {
        &self.store
    }

    /// The key directory.
    #[must_use]
    pub fn keys(&self) -> &KeyDirectory {
        &self.keys
    }

    /// The read model, now and as of earlier moments.
    #[must_use]
    pub const fn models(&self) -> &ReadModels {
        &self.models
    }

    /// Opens personal data.
    #[must_use]
    pub const fn vault(&self) -> &Vault {
        &self.vault
    }

    /// The signed-in browsers.
    #[must_use]
    pub const fn sessions(&self) -> &Sessions {
        &self.sessions
    }

    /// What can be bought.
    #[must_use]
    pub const fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// The name under which the partnership of two companies is claimed.
    pub(crate) fn pair_claim(&self, provider: PartnerId, reseller: PartnerId) -> NameHash {
        self.keys.name_hash(ClaimKind::PartnershipPair, &format!("{provider}/{reseller}"))
    }
}
