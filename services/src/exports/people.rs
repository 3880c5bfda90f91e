//! What was a partner user called at a certain moment?

use std::collections::HashMap;

use events::{
    Event, Opened, PartnerEvent, PartnerId, PartnerUserEvent, PartnerUserId, PartnerUserProfile,
    Position, RecordedEvent, StreamVersion,
};
use projections::{PersonalField, PersonalHandle};
use store::{EventStore, ReadError};

use super::csv_file::shown;
use crate::vault::Vault;

/// Records read at once.
const PAGE_RECORDS: usize = 512;

/// A partner user.
pub type Person = (PartnerId, PartnerUserId);

/// Finds the names of partner users at the time of an event. Reads a partner's stream as far as it
/// is asked; what it remembers grows with the partner users, not with the events.
pub struct People<'a> {
    store: &'a dyn EventStore,
    vault: &'a Vault,
    partners: HashMap<PartnerId, Staff>,
}

/// What is known of one partner's users.
struct Staff {
    next: StreamVersion,
    /// Everything in the stream before this position has been read.
    read_to: Position,
    profiles: HashMap<PartnerUserId, Vec<Position>>,
}

impl<'a> People<'a> {
    /// Knows nobody yet.
    #[must_use]
    pub fn new(store: &'a dyn EventStore, vault: &'a Vault) -> Self {
        Self { store, vault, partners: HashMap::new() }
    }

    /// The user's profile at the event at `position`; `None` for a user who did not exist.
    ///
    /// # Errors
    /// When the log cannot be read so far.
    pub async fn profile(
        &mut self,
        (partner, user): Person,
        position: Position,
    ) -> Result<Option<Opened<PartnerUserProfile>>, ReadError> {
        let staff = self.partners.entry(partner).or_insert_with(Staff::new);
        staff.read(self.store, partner, position).await?;
        let profiles = staff.profiles.get(&user).map_or(&[][..], Vec::as_slice);
        let before = profiles.partition_point(|at| *at <= position);
        let Some(position) = before.checked_sub(1).and_then(|last| profiles.get(last)) else {
            return Ok(None);
        };
        let field = PersonalField::PartnerUserProfile;
        let handle = PersonalHandle { subject: user.into(), position: *position, field };
        self.vault.open(&handle).await.map(Some)
    }

    /// The user's full name at the event at `position`, or why they cannot be shown.
    ///
    /// # Errors
    /// When the log cannot be read so far.
    pub async fn name(&mut self, person: Person, position: Position) -> Result<String, ReadError> {
        let named = |profile: PartnerUserProfile| profile.full_name.to_string();
        let profile = self.profile(person, position).await?;
        Ok(profile.map_or_else(String::new, |opened| shown(opened, named)))
    }
}

impl Staff {
    fn new() -> Self {
        Self {
            next: StreamVersion::NONE.next(),
            read_to: Position::START,
            profiles: HashMap::default(),
        }
    }

    /// Reads the partner's stream at least to `position`.
    async fn read(
        &mut self,
        store: &dyn EventStore,
        partner: PartnerId,
        position: Position,
    ) -> Result<(), ReadError> {
        while self.read_to <= position {
            let records = store.read_stream(partner.into(), self.next, PAGE_RECORDS).await?;
            for record in &records {
                match record.decode() {
                    Ok(event) => self.note(&event),
                    // Whoever reads so far meets it; the names before it are good.
                    Err(_) if record.position() > position => {
                        self.read_to = record.position();
                        return Ok(());
                    }
                    Err(error) => return Err(error),
                }
            }
            if records.len() < PAGE_RECORDS {
                self.read_to = self.read_to.max(position.next());
            }
        }
        Ok(())
    }

    fn note(&mut self, recorded: &RecordedEvent) {
        self.next = recorded.stream_version.next();
        self.read_to = recorded.position.next();
        let user = match &recorded.event {
            Event::Partner(PartnerEvent::User(PartnerUserEvent::PartnerUserAdded(event))) => {
                event.user_id
            }
            Event::Partner(PartnerEvent::User(PartnerUserEvent::PartnerUserEdited(event))) => {
                event.user_id
            }
            _ => return,
        };
        self.profiles.entry(user).or_default().push(recorded.position);
    }
}
