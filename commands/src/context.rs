//! What a decision may depend on beside its own state and command.

use events::{Actor, CustomerId, MpnId, PartnerId, PartnerKind, ServiceRequestId, Timestamp};

use crate::{catalogue::Catalogue, service_request::Request};

/// Everything from outside that a decision may depend on.
#[derive(Clone, Debug)]
pub struct Context<'a> {
    /// The command's clock.
    pub now: Timestamp,
    /// Who asks.
    pub actor: Actor,
    /// What is known from other streams.
    pub facts: Facts<'a>,
}

/// Facts from elsewhere. Whoever gathers them has the commit check that their streams did not move.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// The partners the command is about.
    pub partners: Vec<PartnerFacts>,
    /// The active partnerships the command is about.
    pub active_partnerships: Vec<ActivePartnership>,
    /// The customer whose global admin the actor is now, where it answers what any company may
    /// answer.
    pub answering: Option<CustomerId>,
    /// The accepted lead that the command turns into a customer.
    pub lead: Option<LeadFacts>,
    /// The service requests the command carries out.
    pub service_requests: Vec<Request>,
    /// What can be bought.
    pub catalogue: &'a Catalogue,
}

impl<'a> Facts<'a> {
    /// Nothing known but the catalogue.
    #[must_use]
    pub const fn new(catalogue: &'a Catalogue) -> Self {
        Self {
            partners: Vec::new(),
            active_partnerships: Vec::new(),
            answering: None,
            lead: None,
            service_requests: Vec::new(),
            catalogue,
        }
    }

    /// What is known about a partner.
    #[must_use]
    pub fn partner(&self, id: PartnerId) -> Option<&PartnerFacts> {
        self.partners.iter().find(|partner| partner.id == id)
    }

    /// What is known about a service request.
    #[must_use]
    pub fn service_request(&self, id: ServiceRequestId) -> Option<&Request> {
        self.service_requests.iter().find(|request| request.id == id)
    }

    /// The active partnership of these two.
    #[must_use]
    pub fn partnership(
        &self,
        provider: PartnerId,
        reseller: PartnerId,
    ) -> Option<&ActivePartnership> {
        self.active_partnerships
            .iter()
            .find(|bond| bond.provider == provider && bond.reseller == reseller)
    }
}

/// What other aggregates may know about a partner.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PartnerFacts {
    /// The partner.
    pub id: PartnerId,
    /// What kind of partner it is.
    pub kind: PartnerKind,
    /// Its id in the partner network.
    pub mpn_id: MpnId,
}

/// A partnership that is active now.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ActivePartnership {
    /// The indirect provider.
    pub provider: PartnerId,
    /// The indirect reseller.
    pub reseller: PartnerId,
    /// The reseller's id in the partner network.
    pub reseller_mpn_id: MpnId,
}

/// A lead that its reseller accepted and has not turned into a customer yet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LeadFacts {
    /// The provider who referred it, which will hold the relationship.
    pub provider: PartnerId,
    /// The reseller who accepted it.
    pub reseller: PartnerId,
}
