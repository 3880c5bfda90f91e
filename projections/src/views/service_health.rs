//! Do the services that are sold work, and when did they not?

use std::sync::Arc;

use events::{
    Event, FriendlyName, IncidentEvent, IncidentId, IncidentNote, IncidentOpened, IncidentSeverity,
    InstallationEvent, RecordedEvent, SkuId, Timestamp,
};
use imbl::{OrdMap, Vector};

use crate::view::{Contradiction, View};

/// An incident, and what was told of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct IncidentRow {
    /// The incident.
    pub id: IncidentId,
    /// The product whose service it is.
    pub sku: SkuId,
    /// The product's name when it was opened.
    pub service: FriendlyName,
    /// What it is, in a line.
    pub title: FriendlyName,
    /// How bad it is, or was at the end.
    pub severity: IncidentSeverity,
    /// Since when.
    pub started_at: Timestamp,
    /// Until when; `None` while it goes on.
    pub resolved_at: Option<Timestamp>,
    /// What was told, oldest first.
    pub notes: Vector<IncidentNoteRow>,
}

/// What was told of an incident at one moment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct IncidentNoteRow {
    /// When.
    pub at: Timestamp,
    /// How bad it was then.
    pub severity: IncidentSeverity,
    /// What.
    pub note: IncidentNote,
}

/// All incidents.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct ServiceHealth {
    rows: OrdMap<IncidentId, Arc<IncidentRow>>,
}

impl ServiceHealth {
    /// One incident.
    #[must_use]
    pub fn get(&self, id: IncidentId) -> Option<&IncidentRow> {
        self.rows.get(&id).map(|row| &**row)
    }

    /// All incidents, those that go on first, of each sort the one that began last first.
    #[must_use]
    pub fn newest_first(&self) -> Vec<&IncidentRow> {
        let mut rows: Vec<_> = self.rows.values().map(|row| &**row).collect();
        rows.sort_by_key(|row| (row.resolved_at.is_some(), std::cmp::Reverse(row.started_at)));
        rows
    }

    fn open(
        &mut self,
        recorded: &RecordedEvent,
        event: &IncidentOpened,
    ) -> Result<(), Contradiction> {
        let note = IncidentNoteRow {
            at: recorded.metadata.occurred_at,
            severity: event.severity,
            note: event.note.clone(),
        };
        let row = IncidentRow {
            id: event.incident_id,
            sku: event.sku_id,
            service: event.service.clone(),
            title: event.title.clone(),
            severity: event.severity,
            started_at: event.started_at,
            resolved_at: None,
            notes: Vector::unit(note),
        };
        match self.rows.insert(event.incident_id, Arc::new(row)) {
            None => Ok(()),
            Some(row) => Err(Contradiction::duplicate(row.id)),
        }
    }

    fn tell(
        &mut self,
        id: IncidentId,
        at: Timestamp,
        severity: Option<IncidentSeverity>,
        note: &IncidentNote,
    ) -> Result<&mut IncidentRow, Contradiction> {
        let row = self.rows.get_mut(&id).map(Arc::make_mut);
        let row = row.ok_or_else(|| Contradiction::unknown(id))?;
        if row.resolved_at.is_some() {
            return Err(Contradiction::wrong_state(id, "is resolved"));
        }
        row.severity = severity.unwrap_or(row.severity);
        let note = IncidentNoteRow { at, severity: row.severity, note: note.clone() };
        row.notes.push_back(note);
        Ok(row)
    }
}

impl View for ServiceHealth {
    const NAME: &'static str = "service_health";

    fn apply(&mut self, recorded: &RecordedEvent) -> Result<(), Contradiction> {
        let Event::Installation(InstallationEvent::Incident(event)) = &recorded.event else {
            return Ok(());
        };
        let at = recorded.metadata.occurred_at;
        match event {
            IncidentEvent::IncidentOpened(event) => self.open(recorded, event),
            IncidentEvent::IncidentUpdated(event) => {
                self.tell(event.incident_id, at, Some(event.severity), &event.note).map(|_| ())
            }
            IncidentEvent::IncidentResolved(event) => {
                self.tell(event.incident_id, at, None, &event.note)?.resolved_at = Some(at);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use events::StreamId;

    use super::*;
    use crate::testing::{
        History,
        network::{incident, incident_opened, incident_resolved, incident_updated},
    };

    #[test]
    fn an_incident_goes_on_until_it_is_resolved_and_those_that_go_on_come_first() {
        let mut history = History::new();
        let stream = StreamId::INSTALLATION;
        history.then(stream, incident_opened(1)).then(stream, incident_opened(2));
        history.then(stream, incident_updated(2, IncidentSeverity::Interrupted));
        history.then(stream, incident_resolved(2));
        let health = history.model.service_health();
        let ids: Vec<_> = health.newest_first().into_iter().map(|row| row.id).collect();
        assert_eq!(ids, [incident(1), incident(2)]);
        let row = health.get(incident(2)).unwrap();
        assert_eq!(row.severity, IncidentSeverity::Interrupted);
        assert_eq!((row.notes.len(), row.resolved_at), (3, Some(history.now)));
        assert_eq!(health.get(incident(1)).unwrap().resolved_at, None);
    }
}
