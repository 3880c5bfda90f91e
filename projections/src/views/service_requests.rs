//! Who asked for what, what was answered, and what still waits for an answer?

use std::sync::Arc;

use events::{
    Actor, CustomerId, Event, GlobalAdminAbsence, PartnerId, PartnerUserId, Personal, Position,
    RecordedEvent, RequestSeverity, RequestStatus, RequestTopic, ServiceRequestEvent,
    ServiceRequestId, ServiceRequestKind, ServiceRequestLogged, ServiceRequestNote, Timestamp,
};
use imbl::{OrdMap, OrdSet, Vector};

use crate::{
    personal_handle::{PersonalField, PersonalHandle},
    view::{Contradiction, View},
};

/// A service request with everything that was said about it.
#[derive(Clone, PartialEq, Debug)]
pub struct ServiceRequestRow {
    /// The request.
    pub id: ServiceRequestId,
    /// The partner that asks.
    pub partner: PartnerId,
    /// Who of the partner asks.
    pub logged_by: PartnerUserId,
    /// What is asked for.
    pub kind: ServiceRequestKind,
    /// What it is about.
    pub topic: RequestTopic,
    /// How bad it is.
    pub severity: RequestSeverity,
    /// Where it stands.
    pub status: RequestStatus,
    /// What it says.
    pub text: PersonalHandle,
    /// What both sides added, oldest first.
    pub notes: Vector<ServiceRequestNoteRow>,
    /// What an operator verified, where it asks for elevation.
    pub verified: Option<GlobalAdminAbsence>,
    /// Whether an operator refused what is asked for.
    pub declined: bool,
    /// When it was logged.
    pub logged_at: Timestamp,
    /// When it changed last.
    pub changed_at: Timestamp,
    /// Who changed it last.
    pub changed_by: Actor,
    /// When it was resolved or closed last.
    pub closed_at: Option<Timestamp>,
}

/// Something added to a request.
#[derive(Clone, PartialEq, Debug)]
pub struct ServiceRequestNoteRow {
    /// What it is.
    pub sort: NoteSort,
    /// Who added it.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// What it says.
    pub text: PersonalHandle,
}

/// What a note is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NoteSort {
    /// Something one side says.
    Note,
    /// How an operator verified who asks for elevation: for operators only.
    Verification,
    /// Why an operator declined.
    Decline,
}

/// All service requests of the installation.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct ServiceRequests {
    rows: OrdMap<ServiceRequestId, Arc<ServiceRequestRow>>,
    /// In the order in which they were logged.
    by_partner: OrdSet<(PartnerId, Position, ServiceRequestId)>,
    by_customer: OrdSet<(CustomerId, Position, ServiceRequestId)>,
    logged: OrdSet<(Position, ServiceRequestId)>,
}

impl ServiceRequests {
    /// The request with this number.
    #[must_use]
    pub fn get(&self, id: ServiceRequestId) -> Option<&ServiceRequestRow> {
        self.rows.get(&id).map(|row| &**row)
    }

    /// What a partner asked for, for itself and for its customers, newest first.
    pub fn of(&self, partner: PartnerId) -> impl Iterator<Item = &ServiceRequestRow> {
        let (first, last) = (ServiceRequestId::MIN, ServiceRequestId::MAX);
        self.by_partner
            .range((partner, Position::START, first)..=(partner, Position::new(u64::MAX), last))
            .rev()
            .filter_map(|(.., id)| self.get(*id))
    }

    /// What was asked for on behalf of a customer, by whichever partner, newest first.
    pub fn for_customer(&self, customer: CustomerId) -> impl Iterator<Item = &ServiceRequestRow> {
        let (first, last) = (ServiceRequestId::MIN, ServiceRequestId::MAX);
        self.by_customer
            .range((customer, Position::START, first)..=(customer, Position::new(u64::MAX), last))
            .rev()
            .filter_map(|(.., id)| self.get(*id))
    }

    /// Every request of the installation, newest first.
    pub fn iter(&self) -> impl Iterator<Item = &ServiceRequestRow> {
        self.logged.iter().rev().filter_map(|(_, id)| self.get(*id))
    }

    fn log(
        &mut self,
        recorded: &RecordedEvent,
        event: &ServiceRequestLogged,
    ) -> Result<(), Contradiction> {
        let (id, at) = (event.request_id, recorded.metadata.occurred_at);
        let row = ServiceRequestRow {
            id,
            partner: event.partner_id,
            logged_by: event.logged_by,
            kind: event.kind.clone(),
            topic: event.topic,
            severity: event.severity,
            status: RequestStatus::Open,
            text: PersonalHandle::new(recorded, PersonalField::ServiceRequestText, &event.text),
            notes: Vector::new(),
            verified: None,
            declined: false,
            logged_at: at,
            changed_at: at,
            changed_by: recorded.metadata.actor,
            closed_at: None,
        };
        if self.rows.insert(id, Arc::new(row)).is_some() {
            return Err(Contradiction::Duplicate { kind: "service request", id: id.as_uuid() });
        }
        self.by_partner.insert((event.partner_id, recorded.position, id));
        self.logged.insert((recorded.position, id));
        if let Some(customer) = event.kind.customer() {
            self.by_customer.insert((customer, recorded.position, id));
        }
        Ok(())
    }

    fn follow(
        &mut self,
        recorded: &RecordedEvent,
        event: &ServiceRequestEvent,
    ) -> Result<(), Contradiction> {
        let stream = recorded.stream.id();
        let row = ServiceRequestId::from_uuid(stream).and_then(|id| self.rows.get_mut(&id));
        let row = row.ok_or(Contradiction::Unknown { kind: "service request", id: stream })?;
        Arc::make_mut(row).follow(recorded, event);
        Ok(())
    }
}

impl ServiceRequestRow {
    fn follow(&mut self, recorded: &RecordedEvent, event: &ServiceRequestEvent) {
        self.changed_at = recorded.metadata.occurred_at;
        self.changed_by = recorded.metadata.actor;
        match event {
            ServiceRequestEvent::ServiceRequestLogged(_) => {}
            ServiceRequestEvent::ServiceRequestNoted(event) => {
                self.add(recorded, NoteSort::Note, &event.note);
            }
            ServiceRequestEvent::ServiceRequestStatusChanged(event) => self.stands(event.new),
            ServiceRequestEvent::ServiceRequestSeverityChanged(event) => self.severity = event.new,
            ServiceRequestEvent::ServiceRequestDeclined(event) => {
                self.add(recorded, NoteSort::Decline, &event.note);
                self.declined = true;
                self.stands(RequestStatus::Closed);
            }
            ServiceRequestEvent::ElevationVerified(event) => {
                self.add(recorded, NoteSort::Verification, &event.note);
                self.verified = Some(event.absence);
            }
        }
    }

    fn stands(&mut self, status: RequestStatus) {
        self.status = status;
        if status.is_open() {
            self.declined = false;
        } else {
            self.closed_at = Some(self.changed_at);
        }
    }

    fn add(
        &mut self,
        recorded: &RecordedEvent,
        sort: NoteSort,
        note: &Personal<ServiceRequestNote>,
    ) {
        self.notes.push_back(ServiceRequestNoteRow {
            sort,
            by: recorded.metadata.actor,
            at: recorded.metadata.occurred_at,
            text: PersonalHandle::new(recorded, PersonalField::ServiceRequestNote, note),
        });
    }
}

impl View for ServiceRequests {
    const NAME: &'static str = "service_requests";

    fn apply(&mut self, recorded: &RecordedEvent) -> Result<(), Contradiction> {
        match &recorded.event {
            Event::ServiceRequest(ServiceRequestEvent::ServiceRequestLogged(event)) => {
                self.log(recorded, event)
            }
            Event::ServiceRequest(event) => self.follow(recorded, event),
            Event::Partner(_)
            | Event::Partnership(_)
            | Event::Customer(_)
            | Event::NameClaim(_)
            | Event::Installation(_)
            | Event::Lead(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use events::{RequestStatus, ServiceRequestStatusChanged};

    use super::*;
    use crate::testing::{
        History, customer, partner,
        requests::{declined, logged, noted, request},
    };

    fn changed(old: RequestStatus, new: RequestStatus) -> ServiceRequestStatusChanged {
        ServiceRequestStatusChanged { partner_id: partner(1), old, new }
    }

    fn support_for(number: u128) -> ServiceRequestKind {
        ServiceRequestKind::CustomerSupport {
            customer_id: customer(number),
            subscription_id: None,
            office365: false,
        }
    }

    #[test]
    fn a_partner_sees_its_requests_newest_first_and_those_for_a_customer_apart() {
        let mut history = History::new();
        history.then(request(9), logged(9, 1, ServiceRequestKind::PartnerSupport));
        history.then(request(3), logged(3, 1, support_for(5)));
        history.then(request(4), logged(4, 2, support_for(5)));
        let requests = history.model.service_requests();
        let ids = |rows: Vec<&ServiceRequestRow>| rows.iter().map(|row| row.id).collect::<Vec<_>>();
        assert_eq!(ids(requests.of(partner(1)).collect()), [request(3), request(9)]);
        assert_eq!(ids(requests.for_customer(customer(5)).collect()), [request(4), request(3)]);
        assert_eq!(ids(requests.iter().collect()), [request(4), request(3), request(9)]);
        assert!(requests.for_customer(customer(6)).next().is_none());
    }

    #[test]
    fn a_request_holds_its_notes_and_tells_when_it_was_closed() {
        let mut history = History::new();
        history.then(request(1), logged(1, 1, ServiceRequestKind::PartnerSupport));
        history.then(request(1), noted(1, 1));
        history.then(request(1), changed(RequestStatus::Open, RequestStatus::Resolved));
        let row = history.model.service_requests().get(request(1)).unwrap();
        assert_eq!((row.notes.len(), row.closed_at), (1, Some(history.now)));
        assert_eq!(row.notes[0].text.subject, request(1).into());
        history.then(request(1), changed(RequestStatus::Resolved, RequestStatus::Open));
        history.then(request(1), declined(1, 1));
        let row = history.model.service_requests().get(request(1)).unwrap();
        assert_eq!((row.status, row.declined), (RequestStatus::Closed, true));
        assert_eq!(row.notes.last().unwrap().sort, NoteSort::Decline);
    }

    #[test]
    fn an_answer_to_what_nobody_asked_makes_no_sense() {
        let mut history = History::new();
        assert!(history.refused(request(1), noted(1, 1)).is_err());
        let mut history = History::new();
        let support = || logged(1, 1, ServiceRequestKind::PartnerSupport);
        history.then(request(1), support());
        assert!(history.refused(request(1), support()).is_err());
    }
}
