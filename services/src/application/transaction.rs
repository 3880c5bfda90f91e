//! One attempt to carry a command out: what was read, what was decided, under which rule.

mod models;

use std::{
    any::Any,
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use commands::{
    ActivePartnership, CompanyPermission, Context, CustomerAccess, Facts, Installation, LeadFacts,
    PartnerFacts, PartnershipStatus, Permission, Rejection, Request, Requires,
    authorise_application, authorise_customer_user, authorise_partner_user, customer_access,
    eligible_support_contacts, is_reseller_of_record, operator_rule, system_rule,
};
use events::{
    ClaimKind, CustomerId, Event, LeadId, NameHash, PartnerId, PartnershipId, Position, RuleCode,
    StreamId, StreamVersion, SubjectId, SubscriptionId, Tenant, Timestamp,
};

use crate::keys::Credential;

use super::{
    Application, Call, CommandError, Principal,
    aggregates::{Aggregate, Aggregates, Folded, Recorded},
};

/// A stream that was folded.
struct Looked {
    stream: StreamId,
    seen_at: Position,
    folded: Arc<dyn Any + Send + Sync>,
}

/// What was decided about one stream.
pub(super) struct Decided {
    pub(super) stream: StreamId,
    /// The version the decision rests on.
    pub(super) version: StreamVersion,
    pub(super) events: Vec<Event>,
    /// Brings the aggregate at hand up to what was recorded of it.
    pub(super) advance: fn(&Aggregates, &Recorded<'_>),
}

/// What one attempt to carry a command out has read and decided.
pub struct Transaction<'a> {
    pub(crate) application: &'a Application,
    pub(crate) call: &'a Call,
    pub(crate) now: Timestamp,
    partners: Vec<PartnerFacts>,
    service_requests: Vec<Request>,
    active_partnerships: Vec<ActivePartnership>,
    answering: Option<CustomerId>,
    lead: Option<LeadFacts>,
    /// What was folded: a stream that is looked at twice is the same both times.
    folded: Mutex<Vec<Looked>>,
    /// Streams in the order of their first write.
    pub(super) writes: Vec<Decided>,
    /// Streams that were read and must not have moved.
    pub(super) checks: BTreeMap<StreamId, StreamVersion>,
    /// Hashes that must be durable before the events that name them.
    pub(super) credentials: Vec<Credential>,
    pub(super) rule: Option<RuleCode>,
    pub(super) on_behalf_of: Option<Tenant>,
    pub(super) target: Option<SubjectId>,
}

impl<'a> Transaction<'a> {
    pub(super) fn new(application: &'a Application, call: &'a Call) -> Self {
        Self {
            application,
            call,
            now: application.now(),
            partners: Vec::new(),
            service_requests: Vec::new(),
            active_partnerships: Vec::new(),
            answering: None,
            lead: None,
            folded: Mutex::default(),
            writes: Vec::new(),
            checks: BTreeMap::new(),
            credentials: Vec::new(),
            rule: None,
            on_behalf_of: None,
            target: None,
        }
    }

    /// Folds a stream without binding the command to its version. Looked at again, it is as it was
    /// the first time.
    pub(crate) async fn read<A: Aggregate>(
        &self,
        stream: impl Into<StreamId>,
    ) -> Result<Folded<A::State>, CommandError> {
        let stream = stream.into();
        if let Some(folded) = self.read_before::<A>(stream) {
            return Ok(folded);
        }
        let folded = self.application.aggregates.load::<A>(stream).await?;
        let looked = Looked { stream, seen_at: folded.seen_at, folded: Arc::new(folded.clone()) };
        self.folded().push(looked);
        Ok(folded)
    }

    fn read_before<A: Aggregate>(&self, stream: StreamId) -> Option<Folded<A::State>> {
        let folded = self.folded();
        let looked = folded.iter().find(|looked| looked.stream == stream)?;
        looked.folded.downcast_ref::<Folded<A::State>>().cloned()
    }

    /// A reader of the log that has come this far has seen everything the attempt rests on. Reads
    /// may lag behind it: what was recorded here is known here at once.
    pub(super) fn seen_at(&self) -> Position {
        self.folded().iter().map(|looked| looked.seen_at).max().unwrap_or(Position::START)
    }

    fn folded(&self) -> MutexGuard<'_, Vec<Looked>> {
        self.folded.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Folds a stream on whose state the decision rests: if it moves before the command is
    /// recorded, the command is decided again.
    pub(crate) async fn check<A: Aggregate>(
        &mut self,
        stream: impl Into<StreamId>,
    ) -> Result<Arc<A::State>, CommandError> {
        let stream = stream.into();
        let folded = self.read::<A>(stream).await?;
        self.checks.insert(stream, folded.version);
        Ok(folded.state)
    }

    /// Who says about whom `reason` tells: it is sealed under that person.
    pub(crate) const fn about(&mut self, target: SubjectId) {
        self.target = Some(target);
    }

    /// Demands that the caller holds a permission, by its roles at this moment.
    pub(crate) async fn authorise(
        &mut self,
        permission: Permission,
    ) -> Result<RuleCode, CommandError> {
        let rule = match self.call.principal {
            Principal::PartnerUser { partner, user } => {
                let state = self.read::<commands::Partner>(partner).await?.state;
                authorise_partner_user(&state, user, permission)?
            }
            Principal::Application { partner, application } => {
                let state = self.read::<commands::Partner>(partner).await?.state;
                authorise_application(&state, application, permission)?
            }
            Principal::Operator => operator_rule(),
            Principal::Auditor { auditor } => {
                let state = self.read::<Installation>(StreamId::INSTALLATION).await?.state;
                state.people().authorise_auditor(auditor, permission, self.now)?
            }
            Principal::CustomerUser { .. }
            | Principal::SupportOperator { .. }
            | Principal::System(_)
            | Principal::Visitor => return Err(Rejection::ActorNotAllowed.into()),
        };
        self.rule = Some(rule.clone());
        Ok(rule)
    }

    /// Demands that the caller is a user of this customer whose directory roles allow something, at
    /// this moment.
    pub(crate) async fn authorise_in_company(
        &mut self,
        customer: CustomerId,
        permission: CompanyPermission,
    ) -> Result<RuleCode, CommandError> {
        let rule = match self.call.principal {
            Principal::CustomerUser { customer: own, user } if own == customer => {
                let state = self.read::<commands::Customer>(customer).await?.state;
                authorise_customer_user(&state, user, permission)?
            }
            Principal::CustomerUser { .. } => return Err(Rejection::NotYourCompany.into()),
            Principal::Operator => operator_rule(),
            Principal::PartnerUser { .. }
            | Principal::SupportOperator { .. }
            | Principal::Auditor { .. }
            | Principal::System(_)
            | Principal::Application { .. }
            | Principal::Visitor => return Err(Rejection::ActorNotAllowed.into()),
        };
        self.rule = Some(rule.clone());
        Ok(rule)
    }

    /// Lets who proved otherwise who it is act: the decision says whether it may.
    pub(crate) fn authorise_as(&mut self, rule: RuleCode) {
        self.rule = Some(rule);
    }

    /// Lets who holds a valid link act: the decision binds it to what the link is for.
    pub(crate) fn authorise_by_link(&mut self, deed: &str) {
        self.rule = Some(RuleCode::new(&format!("link:{deed}")));
    }

    /// Demands that who is said to have approved works for the caller's company: the log keeps the
    /// name as a fact.
    pub(super) async fn refuse_unknown_approver(&self) -> Result<(), CommandError> {
        let Some(approver) = self.call.approved_by else { return Ok(()) };
        let Some(partner) = self.call.principal.partner() else { return Ok(()) };
        let state = self.read::<commands::Partner>(partner).await?.state;
        state.active_user(approver).map(|_| ()).ok_or(CommandError::UnknownApprover)
    }

    /// Demands that the caller is a support operator that was not removed, or runs the installation.
    pub(crate) async fn authorise_operator(&mut self) -> Result<RuleCode, CommandError> {
        let rule = match self.call.principal {
            Principal::SupportOperator { operator } => {
                let state = self.read::<Installation>(StreamId::INSTALLATION).await?.state;
                state.people().authorise_operator(operator)?
            }
            Principal::Operator => operator_rule(),
            Principal::PartnerUser { .. }
            | Principal::CustomerUser { .. }
            | Principal::Auditor { .. }
            | Principal::System(_)
            | Principal::Application { .. }
            | Principal::Visitor => return Err(Rejection::ActorNotAllowed.into()),
        };
        self.rule = Some(rule.clone());
        Ok(rule)
    }

    /// Demands what a command requires; what requires no permission is for the operator and for the
    /// timers alone, as the deciders say. An auditor changes nothing but its own account.
    pub(crate) async fn authorise_command(
        &mut self,
        command: &impl Requires,
    ) -> Result<(), CommandError> {
        let permission = command.permission(&self.call.principal.actor());
        let rule = match self.call.principal {
            Principal::PartnerUser { .. } | Principal::Application { .. } => {
                self.authorise(permission.ok_or(Rejection::ActorNotAllowed)?).await?
            }
            Principal::Operator => operator_rule(),
            Principal::System(process) if permission.is_none() => system_rule(process),
            Principal::SupportOperator { .. } if command.is_for_support_operators() => {
                self.authorise_operator().await?
            }
            Principal::SupportOperator { .. } | Principal::Auditor { .. }
                if command.is_own_account() =>
            {
                RuleCode::new("own_account")
            }
            Principal::Auditor { .. } => return Err(Rejection::AuditorChangesNothing.into()),
            Principal::CustomerUser { .. }
            | Principal::SupportOperator { .. }
            | Principal::System(_)
            | Principal::Visitor => return Err(Rejection::ActorNotAllowed.into()),
        };
        self.rule = Some(rule);
        Ok(())
    }

    /// Demands a permission and the way to one customer; tells how the caller reaches it.
    pub(crate) async fn authorise_for_customer(
        &mut self,
        customer: CustomerId,
        permission: Permission,
    ) -> Result<CustomerAccess, CommandError> {
        self.authorise(permission).await?;
        let partner = match self.call.principal {
            Principal::PartnerUser { partner, .. } | Principal::Application { partner, .. } => {
                partner
            }
            Principal::Operator => return Ok(CustomerAccess::Holder),
            Principal::CustomerUser { .. }
            | Principal::SupportOperator { .. }
            | Principal::Auditor { .. }
            | Principal::System(_)
            | Principal::Visitor => return Err(Rejection::ActorNotAllowed.into()),
        };
        let state = self.read::<commands::Customer>(customer).await?.state;
        for (provider, reseller) in state.resellers() {
            if reseller == partner {
                self.learn_partnership(provider, reseller).await?;
            }
        }
        let access = customer_access(&state, partner, &self.active_partnerships)?;
        if let CustomerAccess::Reseller { provider } = access {
            self.on_behalf_of = Some(Tenant::Partner(provider));
        }
        Ok(access)
    }

    /// Demands a permission and the way to one subscription: that to its customer, or being the
    /// reseller on record for it.
    pub(crate) async fn authorise_for_subscription(
        &mut self,
        customer: CustomerId,
        subscription: SubscriptionId,
        permission: Permission,
    ) -> Result<(), CommandError> {
        let reached = match self.authorise_for_customer(customer, permission).await {
            Err(CommandError::Rejected(Rejection::NotYourCustomer)) => false,
            outcome => outcome.map(|_| true)?,
        };
        let state = self.read::<commands::Customer>(customer).await?.state;
        let held = self.call.principal.partner().zip(state.subscription(subscription));
        let Some((partner, held)) = held.filter(|(partner, held)| *partner != held.partner_id)
        else {
            return if reached { Ok(()) } else { Err(Rejection::NotYourCustomer.into()) };
        };
        // Who has a relationship of its own may be on record for what another partner sold.
        self.learn_partnership(held.partner_id, partner).await?;
        if is_reseller_of_record(&state, held, partner, &self.active_partnerships) {
            self.on_behalf_of = Some(Tenant::Partner(held.partner_id));
        } else if !reached {
            return Err(Rejection::NotYourCustomer.into());
        }
        Ok(())
    }

    /// The partners that can be the support contact of a subscription, the seller first; for who
    /// holds the relationship through which it was sold.
    pub(crate) async fn eligible_support_contacts(
        &mut self,
        customer: CustomerId,
        subscription_id: SubscriptionId,
    ) -> Result<Vec<PartnerId>, CommandError> {
        self.authorise_for_customer(customer, Permission::SupportContactsManage).await?;
        let state = self.read::<commands::Customer>(customer).await?.state;
        let own = self.call.principal.partner();
        let held = state.subscription(subscription_id);
        let held = held.filter(|held| own.is_none_or(|own| own == held.partner_id));
        let held = held.ok_or(Rejection::SubscriptionNotFound { subscription_id })?;
        for (provider, reseller) in state.resellers() {
            if provider == held.partner_id {
                self.learn_partnership(provider, reseller).await?;
            }
        }
        Ok(eligible_support_contacts(&state, held.partner_id, &self.active_partnerships))
    }

    /// Makes a partner's kind and MPN id a fact for the decision.
    pub(crate) async fn learn_partner(&mut self, partner: PartnerId) -> Result<(), CommandError> {
        if self.partners.iter().any(|facts| facts.id == partner) {
            return Ok(());
        }
        let state = self.read::<commands::Partner>(partner).await?.state;
        if let Some(facts) = state.facts() {
            self.partners.push(facts);
        }
        Ok(())
    }

    /// Makes an active partnership of the two a fact for the decision, which is bound to it.
    pub(crate) async fn learn_partnership(
        &mut self,
        provider: PartnerId,
        reseller: PartnerId,
    ) -> Result<(), CommandError> {
        let pair = self.application.pair_claim(provider, reseller);
        let Some(holder) = self.check::<commands::NameClaim>(pair).await?.holder() else {
            return Ok(());
        };
        let partnership = PartnershipId::from_uuid(holder.0);
        let state = self.check::<commands::Partnership>(partnership).await?;
        self.learn_partner(reseller).await?;
        let facts = self.partners.iter().find(|facts| facts.id == reseller);
        if let (true, Some(facts)) =
            (state.bond().is_some_and(|bond| bond.status == PartnershipStatus::Active), facts)
        {
            let reseller_mpn_id = facts.mpn_id.clone();
            let active = ActivePartnership { provider, reseller, reseller_mpn_id };
            if !self.active_partnerships.contains(&active) {
                self.active_partnerships.push(active);
            }
        }
        Ok(())
    }

    /// Makes a lead, if it is accepted, and the partnership of its two partners facts for the
    /// decision, which is bound to both.
    pub(crate) async fn learn_lead(&mut self, lead: LeadId) -> Result<(), CommandError> {
        let state = self.check::<commands::Lead>(lead).await?;
        if let Some(referral) = state.referral() {
            self.learn_partnership(referral.provider, referral.reseller).await?;
        }
        self.lead = state.accepted();
        Ok(())
    }

    /// Makes it a fact for the decision that the caller, a user of this customer, is its global admin
    /// now: the decision is bound to it.
    pub(crate) async fn learn_answering(
        &mut self,
        customer: CustomerId,
    ) -> Result<(), CommandError> {
        let Principal::CustomerUser { customer: own, user } = self.call.principal else {
            return Ok(());
        };
        let state = self.check::<commands::Customer>(customer).await?;
        self.answering = Some(customer).filter(|_| own == customer && state.is_global_admin(user));
        Ok(())
    }

    /// Makes a service request a fact for the decision.
    pub(crate) fn learn_service_request(&mut self, request: Request) {
        self.service_requests.push(request);
    }

    /// The active partnerships that are facts for the decision.
    pub(crate) fn active_partnerships(&self) -> &[ActivePartnership] {
        &self.active_partnerships
    }

    /// Keeps the hash of a secret that the decided events name.
    pub(crate) fn keep_credentials(&mut self, credentials: &[Credential]) {
        self.credentials.extend_from_slice(credentials);
    }

    /// Decides a command on one aggregate and keeps its events for the commit.
    pub(crate) async fn decide<A: Aggregate>(
        &mut self,
        stream: impl Into<StreamId>,
        command: &A::Command,
    ) -> Result<(), CommandError> {
        let stream = stream.into();
        let mut folded = self.read::<A>(stream).await?;
        // A second command on the same aggregate sees what the first decided.
        let earlier = self.writes.iter().position(|written| written.stream == stream);
        if let Some(index) = earlier {
            let decided = self.writes[index].events.iter().filter_map(A::own);
            let state = Arc::unwrap_or_clone(folded.state);
            folded.state = Arc::new(decided.fold(state, A::evolve));
        }
        let decided = A::decide(&folded.state, command, &self.context())?;
        let events = decided.into_iter().map(Into::into);
        match earlier {
            Some(index) => self.writes[index].events.extend(events),
            None => self.writes.push(Decided {
                stream,
                version: folded.version,
                events: events.collect(),
                advance: Aggregates::advance::<A>,
            }),
        }
        Ok(())
    }

    /// Claims a unique name for `holder`, or refuses because another has it.
    pub(crate) async fn claim(
        &mut self,
        name: NameHash,
        kind: ClaimKind,
        holder: events::Holder,
    ) -> Result<(), CommandError> {
        let command = commands::NameClaimCommand::Claim { kind, holder };
        self.decide::<commands::NameClaim>(name, &command).await
    }

    /// Gives a unique name back.
    pub(crate) async fn release(
        &mut self,
        name: NameHash,
        kind: ClaimKind,
        holder: events::Holder,
    ) -> Result<(), CommandError> {
        let command = commands::NameClaimCommand::Release { kind, holder };
        self.decide::<commands::NameClaim>(name, &command).await
    }

    fn context(&self) -> Context<'_> {
        Context {
            now: self.now,
            actor: self.call.principal.actor(),
            facts: Facts {
                partners: self.partners.clone(),
                active_partnerships: self.active_partnerships.clone(),
                answering: self.answering,
                lead: self.lead,
                service_requests: self.service_requests.clone(),
                catalogue: &self.application.catalogue,
            },
        }
    }
}
