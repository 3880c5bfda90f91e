//! Opening personal data on demand: views hold handles, the vault reads the record and opens it.

use std::{any::Any, sync::Arc};

use events::{
    Event, InstallationId, Opened, Personal, PersonalData, PersonalVisitor, Position, RecordedEvent,
};
use projections::PersonalHandle;
use quick_cache::sync::Cache;
use serde_json::{Map, Value, json};
use store::{EventStore, ReadError};

use super::{Binding, Plaintexts, open};
use crate::keys::KeyDirectory;

/// Opened values kept at hand; an erasure empties the cache.
const CACHED_VALUES_MAX: usize = 100_000;

/// Opens personal data.
pub struct Vault {
    store: Arc<dyn EventStore>,
    keys: Arc<KeyDirectory>,
    installation: InstallationId,
    cache: Cache<Place, Arc<dyn Any + Send + Sync>>,
}

/// Where a personal field stands: the position of its event, and its name there.
type Place = (Position, &'static str);

impl Vault {
    pub(crate) fn new(
        store: Arc<dyn EventStore>,
        keys: Arc<KeyDirectory>,
        installation: InstallationId,
    ) -> Self {
        Self { store, keys, installation, cache: Cache::new(CACHED_VALUES_MAX) }
    }

    /// Opens the field a handle points at.
    ///
    /// # Errors
    /// When the record cannot be read.
    pub async fn open<T: PersonalData>(
        &self,
        handle: &PersonalHandle,
    ) -> Result<Opened<T>, ReadError> {
        let place = (handle.position, handle.field.name());
        let cached = self.cache.get(&place);
        if let Some(value) = cached.and_then(|any| any.downcast::<T>().ok()) {
            return Ok(Opened::Readable((*value).clone()));
        }
        let records = self.store.read_log(handle.position, 1).await?;
        let record = records.first().ok_or_else(|| ReadError::Damaged {
            position: handle.position,
            reason: "a record the read model knows is missing".to_owned(),
        })?;
        let event = record.decode()?;
        let opened = self.open_field::<T>(&event, handle.field.name());
        if let Opened::Readable(value) = &opened {
            let value: Arc<dyn Any + Send + Sync> = Arc::new(value.clone());
            self.cache.insert(place, value);
        }
        Ok(opened)
    }

    /// Keeps what was sealed and recorded just now at hand: its answer shows it.
    pub(crate) fn remember(&self, position: Position, event: &Event, plaintexts: &Plaintexts) {
        event.visit_personal(&mut Rememberer { vault: self, position, plaintexts });
    }

    /// Opens one personal field of an event at hand.
    #[must_use]
    pub fn open_field<T: PersonalData>(
        &self,
        event: &RecordedEvent,
        field: &'static str,
    ) -> Opened<T> {
        let mut visitor = FieldOpener {
            vault: self,
            binding: self.binding(event),
            wanted: field,
            found: None::<Opened<T>>,
        };
        event.event.visit_personal(&mut visitor);
        event.metadata.visit_personal(&mut visitor);
        visitor.found.unwrap_or(Opened::KeyUnavailable)
    }

    /// The event's data and metadata as JSON, with personal fields opened.
    #[must_use]
    pub fn show(&self, event: &RecordedEvent) -> ShownEvent {
        let mut data = to_object(&event.event);
        let mut metadata = to_object(&event.metadata);
        let binding = self.binding(event);
        event.event.visit_personal(&mut Shower { vault: self, binding, into: &mut data });
        event.metadata.visit_personal(&mut Shower { vault: self, binding, into: &mut metadata });
        metadata.retain(|_, value| !value.is_null());
        ShownEvent { data, metadata }
    }

    fn binding(&self, event: &RecordedEvent) -> Binding {
        Binding {
            installation: self.installation,
            stream: event.stream,
            event_id: event.event_id,
            type_id: event.event.type_id(),
            schema_version: event.schema_version,
        }
    }
}

/// An event as JSON objects, with personal data in the clear: not for `Debug`.
#[derive(Clone)]
pub struct ShownEvent {
    /// The event's own fields.
    pub data: Map<String, Value>,
    /// Who, when, why.
    pub metadata: Map<String, Value>,
}

fn to_object(value: &impl serde::Serialize) -> Map<String, Value> {
    match serde_json::to_value(value) {
        Ok(Value::Object(object)) => object,
        Ok(_) | Err(_) => Map::new(),
    }
}

struct Rememberer<'a> {
    vault: &'a Vault,
    position: Position,
    plaintexts: &'a Plaintexts,
}

impl PersonalVisitor for Rememberer<'_> {
    fn visit<U: PersonalData>(&mut self, name: &'static str, field: &Personal<U>) {
        let plaintext = field.sealed().and_then(|sealed| self.plaintexts.of(sealed));
        let value = plaintext.and_then(|plaintext| Personal::<U>::read_opened(plaintext).ok());
        if let Some(value) = value {
            self.vault.cache.insert((self.position, name), Arc::new(value));
        }
    }
}

struct FieldOpener<'a, T> {
    vault: &'a Vault,
    binding: Binding,
    wanted: &'static str,
    found: Option<Opened<T>>,
}

impl<T: PersonalData> PersonalVisitor for FieldOpener<'_, T> {
    fn visit<U: PersonalData>(&mut self, name: &'static str, field: &Personal<U>) {
        if name != self.wanted {
            return;
        }
        let opened = open(&self.vault.keys.data_keys, field, &self.binding);
        let any: &dyn Any = &opened;
        self.found = any.downcast_ref::<Opened<T>>().cloned();
    }
}

struct Shower<'a> {
    vault: &'a Vault,
    binding: Binding,
    into: &'a mut Map<String, Value>,
}

impl PersonalVisitor for Shower<'_> {
    fn visit<U: PersonalData>(&mut self, name: &'static str, field: &Personal<U>) {
        let shown = match open(&self.vault.keys.data_keys, field, &self.binding) {
            Opened::Readable(value) => serde_json::to_value(value).unwrap_or(Value::Null),
            Opened::Erased(at) => json!({ "$erased": { "at": at } }),
            Opened::KeyUnavailable => json!({ "$unavailable": { "subject": field.subject() } }),
        };
        self.into.insert(name.to_owned(), shown);
    }
}
