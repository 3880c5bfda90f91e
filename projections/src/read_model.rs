//! Everything that is derived from the log, at one position.

use events::{CustomerId, PartnerId, Position, RecordedEvent, SubscriptionId, Timestamp};

use crate::{
    audience::audience,
    view::{ApplyError, Contradiction, View},
    views::{
        agreements::Agreements,
        applications::Applications,
        audit_timeline::AuditTimeline,
        carts::Carts,
        changes::{Changes, Rows},
        credits::Credits,
        customer_users::CustomerUsers,
        customers::Customers,
        deleted_users::DeletedUsers,
        devices::Devices,
        due::Deadlines,
        invoices::Invoices,
        leads::Leads,
        licenses::Licenses,
        network::Network,
        orders::Orders,
        partner_profiles::PartnerProfiles,
        partner_users::PartnerUsers,
        partners::Partners,
        people::People,
        public_profiles::PublicProfiles,
        relationship_requests::RelationshipRequests,
        resellers::Resellers,
        role_history::RoleHistory,
        role_matrix::RoleMatrix,
        service_health::ServiceHealth,
        service_requests::ServiceRequests,
        sold_offers::SoldOffers,
        subject_keys::SubjectKeys,
        subscriptions::Subscriptions,
        support_contacts::SupportContacts,
        tokens::Tokens,
        webhooks::Webhooks,
    },
};

/// All views together, at one position of the log.
///
/// A clone is cheap and shares its maps with the original; whoever holds one sees one consistent
/// moment for as long as it likes. Two models are equal when every row of every view is.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct ReadModel {
    position: Position,
    recorded_at: Option<Timestamp>,
    partners: Partners,
    partner_users: PartnerUsers,
    tokens: Tokens,
    applications: Applications,
    webhooks: Webhooks,
    people: People,
    role_history: RoleHistory,
    resellers: Resellers,
    customers: Customers,
    relationship_requests: RelationshipRequests,
    customer_users: CustomerUsers,
    deleted_users: DeletedUsers,
    licenses: Licenses,
    subscriptions: Subscriptions,
    orders: Orders,
    leads: Leads,
    service_requests: ServiceRequests,
    public_profiles: PublicProfiles,
    partner_profiles: PartnerProfiles,
    devices: Devices,
    network: Network,
    service_health: ServiceHealth,
    agreements: Agreements,
    carts: Carts,
    credits: Credits,
    invoices: Invoices,
    sold_offers: SoldOffers,
    support_contacts: SupportContacts,
    subject_keys: SubjectKeys,
    deadlines: Deadlines,
    changes: Changes,
    audit_timeline: AuditTimeline,
}

impl ReadModel {
    /// The model of an empty log.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many events are in the model; equal to the log's head when nothing is missing.
    #[must_use]
    pub const fn position(&self) -> Position {
        self.position
    }

    /// When the last event in the model was recorded; `None` for an empty log.
    #[must_use]
    pub const fn recorded_at(&self) -> Option<Timestamp> {
        self.recorded_at
    }

    /// Takes the next event in: all views advance together.
    ///
    /// # Errors
    /// When the event is not the next one or makes no sense after what came before. The model is
    /// then of no further use; a clone made before stays good.
    pub fn apply(&mut self, recorded: &RecordedEvent) -> Result<(), ApplyError> {
        self.check(recorded).map_err(|reason| ApplyError::new(recorded, "read_model", reason))?;
        let rows = Rows {
            customers: &self.customers,
            customer_users: &self.customer_users,
            partner_users: &self.partner_users,
            subscriptions: &self.subscriptions,
        };
        self.changes.record(recorded, &rows);
        advance(&mut self.partners, recorded)?;
        advance(&mut self.partner_users, recorded)?;
        advance(&mut self.tokens, recorded)?;
        advance(&mut self.applications, recorded)?;
        advance(&mut self.webhooks, recorded)?;
        advance(&mut self.people, recorded)?;
        advance(&mut self.role_history, recorded)?;
        advance(&mut self.resellers, recorded)?;
        advance(&mut self.customers, recorded)?;
        advance(&mut self.relationship_requests, recorded)?;
        advance(&mut self.customer_users, recorded)?;
        advance(&mut self.deleted_users, recorded)?;
        advance(&mut self.licenses, recorded)?;
        advance(&mut self.subscriptions, recorded)?;
        advance(&mut self.orders, recorded)?;
        advance(&mut self.leads, recorded)?;
        advance(&mut self.service_requests, recorded)?;
        advance(&mut self.public_profiles, recorded)?;
        advance(&mut self.partner_profiles, recorded)?;
        advance(&mut self.devices, recorded)?;
        advance(&mut self.network, recorded)?;
        advance(&mut self.service_health, recorded)?;
        advance(&mut self.agreements, recorded)?;
        advance(&mut self.carts, recorded)?;
        advance(&mut self.credits, recorded)?;
        advance(&mut self.invoices, recorded)?;
        advance(&mut self.sold_offers, recorded)?;
        advance(&mut self.support_contacts, recorded)?;
        advance(&mut self.subject_keys, recorded)?;
        advance(&mut self.deadlines, recorded)?;
        let audience = audience(recorded, &self.customers, &self.subscriptions, &self.carts);
        self.audit_timeline.record(recorded, &audience);
        self.position = recorded.position.next();
        self.recorded_at = Some(recorded.recorded_at);
        Ok(())
    }

    fn check(&self, recorded: &RecordedEvent) -> Result<(), Contradiction> {
        let category = recorded.stream.category();
        if recorded.position != self.position {
            Err(Contradiction::OutOfOrder { expected: self.position })
        } else if self.recorded_at.is_some_and(|last| recorded.recorded_at < last) {
            Err(Contradiction::TimeWentBack)
        } else if recorded.event.type_id().category() == Some(category) {
            Ok(())
        } else {
            Err(Contradiction::ForeignStream { found: category.name() })
        }
    }

    /// The partners.
    #[must_use]
    pub const fn partners(&self) -> &Partners {
        &self.partners
    }

    /// The partners' users.
    #[must_use]
    pub const fn partner_users(&self) -> &PartnerUsers {
        &self.partner_users
    }

    /// The operators and auditors of the installation.
    #[must_use]
    pub const fn people(&self) -> &People {
        &self.people
    }

    /// The bearer tokens and sessions.
    #[must_use]
    pub const fn tokens(&self) -> &Tokens {
        &self.tokens
    }

    /// The applications that act for partners.
    #[must_use]
    pub const fn applications(&self) -> &Applications {
        &self.applications
    }

    /// Where partners are told of what happens.
    #[must_use]
    pub const fn webhooks(&self) -> &Webhooks {
        &self.webhooks
    }

    /// Users against roles, for one partner.
    #[must_use]
    pub fn role_matrix(&self, partner: PartnerId) -> RoleMatrix<'_> {
        RoleMatrix::of(&self.partner_users, partner)
    }

    /// The role changes.
    #[must_use]
    pub const fn role_history(&self) -> &RoleHistory {
        &self.role_history
    }

    /// The partnerships of providers and resellers.
    #[must_use]
    pub const fn resellers(&self) -> &Resellers {
        &self.resellers
    }

    /// The customers.
    #[must_use]
    pub const fn customers(&self) -> &Customers {
        &self.customers
    }

    /// The requests for relationships.
    #[must_use]
    pub const fn relationship_requests(&self) -> &RelationshipRequests {
        &self.relationship_requests
    }

    /// The customers' users.
    #[must_use]
    pub const fn customer_users(&self) -> &CustomerUsers {
        &self.customer_users
    }

    /// The deleted users of customers and partners.
    #[must_use]
    pub const fn deleted_users(&self) -> &DeletedUsers {
        &self.deleted_users
    }

    /// The seats of every product at every customer.
    #[must_use]
    pub const fn licenses(&self) -> &Licenses {
        &self.licenses
    }

    /// The subscriptions.
    #[must_use]
    pub const fn subscriptions(&self) -> &Subscriptions {
        &self.subscriptions
    }

    /// The orders.
    #[must_use]
    pub const fn orders(&self) -> &Orders {
        &self.orders
    }

    /// The leads that providers referred to resellers.
    #[must_use]
    pub const fn leads(&self) -> &Leads {
        &self.leads
    }

    /// The service requests.
    #[must_use]
    pub const fn service_requests(&self) -> &ServiceRequests {
        &self.service_requests
    }

    /// The profiles of partners.
    #[must_use]
    pub const fn partner_profiles(&self) -> &PartnerProfiles {
        &self.partner_profiles
    }

    /// The public profiles of providers.
    #[must_use]
    pub const fn public_profiles(&self) -> &PublicProfiles {
        &self.public_profiles
    }

    /// The devices of customers.
    #[must_use]
    pub const fn devices(&self) -> &Devices {
        &self.devices
    }

    /// What partners have in the partner network.
    #[must_use]
    pub const fn network(&self) -> &Network {
        &self.network
    }

    /// Whether the services that are sold work.
    #[must_use]
    pub const fn service_health(&self) -> &ServiceHealth {
        &self.service_health
    }

    /// The agreements that customers accepted.
    #[must_use]
    pub const fn agreements(&self) -> &Agreements {
        &self.agreements
    }

    /// The orders in the making.
    #[must_use]
    pub const fn carts(&self) -> &Carts {
        &self.carts
    }

    /// What indirect resellers are credited for.
    #[must_use]
    pub const fn credits(&self) -> &Credits {
        &self.credits
    }

    /// What is billed for the subscriptions, month by month.
    #[must_use]
    pub const fn invoices(&self) -> &Invoices {
        &self.invoices
    }

    /// The offers and products that were ever sold.
    #[must_use]
    pub const fn sold_offers(&self) -> &SoldOffers {
        &self.sold_offers
    }

    /// Who was designated as a support contact.
    #[must_use]
    pub const fn support_contacts(&self) -> &SupportContacts {
        &self.support_contacts
    }

    /// The support contact of a subscription at the model's moment: whoever was designated, as long
    /// as it may be, else the seller; nobody once the seller's relationship has ended.
    #[must_use]
    pub fn support_contact(
        &self,
        customer: CustomerId,
        subscription: SubscriptionId,
    ) -> Option<PartnerId> {
        let seller = self.subscriptions.get(customer, subscription)?.partner;
        let row = self.customers.get(customer)?;
        let bond = row.relationship(seller).filter(|bond| bond.active)?;
        let may_serve = |contact: &PartnerId| {
            let mut resellers = self.customers.resellers_through(customer, seller);
            bond.delegated_admin && resellers.any(|reseller| reseller == *contact)
        };
        let designated = self.support_contacts.designated(customer, subscription);
        Some(designated.filter(may_serve).unwrap_or(seller))
    }

    /// The data keys of the people the log tells about.
    #[must_use]
    pub const fn subject_keys(&self) -> &SubjectKeys {
        &self.subject_keys
    }

    /// What processes have still to do.
    #[must_use]
    pub const fn deadlines(&self) -> &Deadlines {
        &self.deadlines
    }

    /// What was the case before each change.
    #[must_use]
    pub const fn changes(&self) -> &Changes {
        &self.changes
    }

    /// The timelines of partners and customers.
    #[must_use]
    pub const fn audit_timeline(&self) -> &AuditTimeline {
        &self.audit_timeline
    }

    /// The names of the views in which two models differ; empty when they are equal.
    #[must_use]
    pub fn differences(&self, other: &Self) -> Vec<&'static str> {
        let views = [
            ("position", self.position == other.position),
            ("recorded_at", self.recorded_at == other.recorded_at),
            (Partners::NAME, self.partners == other.partners),
            (PartnerUsers::NAME, self.partner_users == other.partner_users),
            (Tokens::NAME, self.tokens == other.tokens),
            (Applications::NAME, self.applications == other.applications),
            (Webhooks::NAME, self.webhooks == other.webhooks),
            (People::NAME, self.people == other.people),
            (RoleHistory::NAME, self.role_history == other.role_history),
            (Resellers::NAME, self.resellers == other.resellers),
            (Customers::NAME, self.customers == other.customers),
            (RelationshipRequests::NAME, self.relationship_requests == other.relationship_requests),
            (CustomerUsers::NAME, self.customer_users == other.customer_users),
            (DeletedUsers::NAME, self.deleted_users == other.deleted_users),
            (Licenses::NAME, self.licenses == other.licenses),
            (Subscriptions::NAME, self.subscriptions == other.subscriptions),
            (Orders::NAME, self.orders == other.orders),
            (Leads::NAME, self.leads == other.leads),
            (ServiceRequests::NAME, self.service_requests == other.service_requests),
            (PublicProfiles::NAME, self.public_profiles == other.public_profiles),
            (PartnerProfiles::NAME, self.partner_profiles == other.partner_profiles),
            (Devices::NAME, self.devices == other.devices),
            (Network::NAME, self.network == other.network),
            (ServiceHealth::NAME, self.service_health == other.service_health),
            (Agreements::NAME, self.agreements == other.agreements),
            (Carts::NAME, self.carts == other.carts),
            (Credits::NAME, self.credits == other.credits),
            (Invoices::NAME, self.invoices == other.invoices),
            (SoldOffers::NAME, self.sold_offers == other.sold_offers),
            (SupportContacts::NAME, self.support_contacts == other.support_contacts),
            (SubjectKeys::NAME, self.subject_keys == other.subject_keys),
            (Deadlines::NAME, self.deadlines == other.deadlines),
            ("changes", self.changes == other.changes),
            ("audit_timeline", self.audit_timeline == other.audit_timeline),
        ];
        views.into_iter().filter(|(_, equal)| !equal).map(|(name, _)| name).collect()
    }
}

fn advance<V: View>(view: &mut V, recorded: &RecordedEvent) -> Result<(), ApplyError> {
    view.apply(recorded).map_err(|reason| ApplyError::new(recorded, V::NAME, reason))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{History, customer, partner, user_created};

    fn refusal(change: impl FnOnce(&mut RecordedEvent)) -> Contradiction {
        let mut history = History::new();
        history.customer(1, "Contoso", 9);
        let mut model = history.model.clone();
        history.user(1, 1);
        let mut next = history.events.pop().unwrap();
        change(&mut next);
        let error = model.apply(&next).unwrap_err();
        assert_eq!((error.position, error.view), (next.position, "read_model"));
        error.reason
    }

    #[test]
    fn an_event_that_is_not_the_next_one_is_refused() {
        let expected = Position::new(2);
        for position in [0, 1, 3].map(Position::new) {
            let reason = refusal(|event| event.position = position);
            assert_eq!(reason, Contradiction::OutOfOrder { expected });
        }
    }

    #[test]
    fn an_event_recorded_before_its_predecessor_is_refused() {
        let reason = refusal(|event| event.recorded_at = Timestamp::EPOCH);
        assert_eq!(reason, Contradiction::TimeWentBack);
    }

    #[test]
    fn an_event_in_a_stream_of_another_category_is_refused() {
        let reason = refusal(|event| event.stream = partner(1).into());
        assert_eq!(reason, Contradiction::ForeignStream { found: "partner" });
    }

    #[test]
    fn the_views_in_which_two_models_differ_are_named() {
        let mut history = History::new();
        history.customer(1, "Contoso", 9);
        let before = history.model.clone();
        assert_eq!(before.differences(&history.model), Vec::<&str>::new());
        history.then(customer(1), user_created(1));
        let expected = ["position", "recorded_at", "customer_users", "audit_timeline"];
        assert_eq!(before.differences(&history.model), expected);
        assert_ne!(before, history.model);
    }
}
