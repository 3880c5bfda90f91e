//! The macros that declare events. They make *clear or personal* a duty of every field.

/// Declares the event structs of an aggregate.
///
/// `clear` fields must implement [`Clear`](crate::Clear); `personal` fields become
/// [`Personal`](crate::Personal). A field with neither word does not compile. Older versions are
/// listed as `from { 1 => EventV1 }` once there are any; each converts with `Into`.
macro_rules! events {
    ($(
        $(#[$doc:meta])*
        $name:ident = $type_id:literal v $version:literal
        $(from { $($old_version:literal => $old:ty),+ $(,)? })?
        { $( $(#[$field_doc:meta])* $kind:ident $field:ident: $type:ty, )* }
    )+) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Debug, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all(serialize = "camelCase"))]
        pub struct $name {
            $( $(#[$field_doc])* pub $field: field_type!($kind $type), )*
        }

        const _: fn() = || {
            $( assert_declared!($kind $type); )*
        };

        impl $crate::codec::StoredEvent for $name {
            const TYPE_ID: $crate::event::EventTypeId = $crate::event::EventTypeId($type_id);
            const VERSION: $crate::event::SchemaVersion = $crate::event::SchemaVersion($version);
            const NAME: &'static str = stringify!($name);

            fn decode(
                version: $crate::event::SchemaVersion,
                body: &[u8],
            ) -> Result<Self, $crate::codec::DecodeError> {
                match version.0 {
                    $version => $crate::codec::from_bytes(body),
                    $($($old_version => {
                        $crate::codec::from_bytes::<$old>(body).map(Into::into)
                    })+)?
                    _ => Err($crate::codec::DecodeError::UnknownVersion {
                        type_id: Self::TYPE_ID,
                        version,
                    }),
                }
            }
        }

        impl $name {
            /// Seals every personal field.
            ///
            /// # Errors
            /// When the sealer has no key.
            #[allow(unused_variables, clippy::allow_attributes, clippy::missing_const_for_fn,
                reason = "not every event has personal fields")]
            pub fn seal<S: $crate::personal::Sealer>(
                &mut self,
                sealer: &mut S,
            ) -> Result<(), S::Error> {
                $( seal_field!($kind self.$field, sealer); )*
                Ok(())
            }

            /// Shows every personal field to a visitor, under its name in JSON.
            #[allow(unused_variables, clippy::allow_attributes, clippy::missing_const_for_fn,
                reason = "not every event has personal fields")]
            pub fn visit_personal<V: $crate::personal::PersonalVisitor>(&self, visitor: &mut V) {
                $( visit_field!($kind self.$field, stringify!($field), visitor); )*
            }
        }
    )+};
}

macro_rules! field_type {
    (clear $type:ty) => { $type };
    (personal $type:ty) => { $crate::personal::Personal<$type> };
}

macro_rules! assert_declared {
    (clear $type:ty) => {{
        const fn may_stand_clear<T: $crate::personal::Clear>() {}
        may_stand_clear::<$type>();
    }};
    (personal $type:ty) => {{
        const fn is_personal<T: $crate::personal::PersonalData>() {}
        is_personal::<$type>();
    }};
}

macro_rules! seal_field {
    (clear $field:expr, $sealer:expr) => {};
    (personal $field:expr, $sealer:expr) => {
        $field.seal($sealer)?
    };
}

macro_rules! visit_field {
    (clear $field:expr, $name:expr, $visitor:expr) => {};
    (personal $field:expr, $name:expr, $visitor:expr) => {
        $visitor.visit($name, &$field)
    };
}

/// Declares a closed set of events: those of an aggregate or, with `in`, those of one concept of an
/// aggregate that has too many for one list.
macro_rules! aggregate_events {
    ($(#[$doc:meta])* $name:ident in $aggregate:ident { $($event:ident),+ $(,)? }) => {
        aggregate_events! { $(#[$doc])* $name { $($event),+ } }

        impl $name {
            /// Whether events of this type are of this concept.
            pub(crate) const fn has(type_id: $crate::event::EventTypeId) -> bool {
                matches!(type_id, $(<$event as $crate::codec::StoredEvent>::TYPE_ID)|+)
            }
        }

        $(impl From<$event> for $aggregate {
            fn from(event: $event) -> Self {
                Self::from($name::$event(event))
            }
        })+
    };
    ($(#[$doc:meta])* $name:ident { $($event:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Debug)]
        pub enum $name {
            $(
                #[doc = concat!("See [`", stringify!($event), "`].")]
                $event($event),
            )+
        }

        impl $name {
            /// Every event type of the set: number, name, current version.
            pub(crate) fn types() -> impl Iterator<Item = $crate::event::EventType> {
                [$((
                    <$event as $crate::codec::StoredEvent>::TYPE_ID,
                    <$event as $crate::codec::StoredEvent>::NAME,
                    <$event as $crate::codec::StoredEvent>::VERSION,
                )),+]
                .into_iter()
            }

            pub(crate) fn type_id(&self) -> $crate::event::EventTypeId {
                match self {
                    $(Self::$event(_) => <$event as $crate::codec::StoredEvent>::TYPE_ID,)+
                }
            }

            pub(crate) fn schema_version(&self) -> $crate::event::SchemaVersion {
                match self {
                    $(Self::$event(_) => <$event as $crate::codec::StoredEvent>::VERSION,)+
                }
            }

            /// The name of the event.
            #[must_use]
            pub fn name(&self) -> &'static str {
                match self {
                    $(Self::$event(_) => <$event as $crate::codec::StoredEvent>::NAME,)+
                }
            }

            pub(crate) fn encode_body(&self) -> Result<Vec<u8>, $crate::codec::EncodeError> {
                match self {
                    $(Self::$event(event) => $crate::codec::to_bytes(event),)+
                }
            }

            pub(crate) fn decode(
                type_id: $crate::event::EventTypeId,
                version: $crate::event::SchemaVersion,
                body: &[u8],
            ) -> Result<Self, $crate::codec::DecodeError> {
                match type_id {
                    $(<$event as $crate::codec::StoredEvent>::TYPE_ID => {
                        <$event as $crate::codec::StoredEvent>::decode(version, body)
                            .map(Self::$event)
                    })+
                    _ => Err($crate::codec::DecodeError::UnknownType(type_id)),
                }
            }

            /// Seals every personal field.
            ///
            /// # Errors
            /// When the sealer has no key.
            pub fn seal<S: $crate::personal::Sealer>(
                &mut self,
                sealer: &mut S,
            ) -> Result<(), S::Error> {
                match self {
                    $(Self::$event(event) => event.seal(sealer),)+
                }
            }

            /// Shows every personal field to a visitor.
            pub fn visit_personal<V: $crate::personal::PersonalVisitor>(&self, visitor: &mut V) {
                match self {
                    $(Self::$event(event) => event.visit_personal(visitor),)+
                }
            }
        }

        /// The event's own fields, for people: events are stored by their type's codec.
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    $(Self::$event(event) => event.serialize(serializer),)+
                }
            }
        }

        $(impl From<$event> for $name {
            fn from(event: $event) -> Self {
                Self::$event(event)
            }
        })+

        $(impl From<$event> for $crate::event::Event {
            fn from(event: $event) -> Self {
                $crate::event::Event::from($name::$event(event))
            }
        })+
    };
}

/// Declares an aggregate's events concept by concept: who matches on them names the events of the
/// concepts it cares for, and every other concept in one line.
macro_rules! event_concepts {
    ($(#[$doc:meta])* $name:ident {
        $( $(#[$concept_doc:meta])* $concept:ident($events:ident), )+
    }) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Debug)]
        pub enum $name {
            $( $(#[$concept_doc])* $concept($events), )+
        }

        impl $name {
            /// Every event type of every concept: number, name, current version.
            pub(crate) fn types() -> impl Iterator<Item = $crate::event::EventType> {
                std::iter::empty()$(.chain($events::types()))+
            }

            pub(crate) fn type_id(&self) -> $crate::event::EventTypeId {
                match self {
                    $(Self::$concept(event) => event.type_id(),)+
                }
            }

            pub(crate) fn schema_version(&self) -> $crate::event::SchemaVersion {
                match self {
                    $(Self::$concept(event) => event.schema_version(),)+
                }
            }

            /// The name of the event.
            #[must_use]
            pub fn name(&self) -> &'static str {
                match self {
                    $(Self::$concept(event) => event.name(),)+
                }
            }

            pub(crate) fn encode_body(&self) -> Result<Vec<u8>, $crate::codec::EncodeError> {
                match self {
                    $(Self::$concept(event) => event.encode_body(),)+
                }
            }

            pub(crate) fn decode(
                type_id: $crate::event::EventTypeId,
                version: $crate::event::SchemaVersion,
                body: &[u8],
            ) -> Result<Self, $crate::codec::DecodeError> {
                $(if $events::has(type_id) {
                    return $events::decode(type_id, version, body).map(Self::$concept);
                })+
                Err($crate::codec::DecodeError::UnknownType(type_id))
            }

            /// Seals every personal field.
            ///
            /// # Errors
            /// When the sealer has no key.
            pub fn seal<S: $crate::personal::Sealer>(
                &mut self,
                sealer: &mut S,
            ) -> Result<(), S::Error> {
                match self {
                    $(Self::$concept(event) => event.seal(sealer),)+
                }
            }

            /// Shows every personal field to a visitor.
            pub fn visit_personal<V: $crate::personal::PersonalVisitor>(&self, visitor: &mut V) {
                match self {
                    $(Self::$concept(event) => event.visit_personal(visitor),)+
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    $(Self::$concept(event) => event.serialize(serializer),)+
                }
            }
        }

        $(impl From<$events> for $name {
            fn from(event: $events) -> Self {
                Self::$concept(event)
            }
        })+

        $(impl From<$events> for $crate::event::Event {
            fn from(event: $events) -> Self {
                Self::from($name::$concept(event))
            }
        })+
    };
}

#[cfg(test)]
#[expect(unreachable_pub, dead_code, reason = "the macro declares what other crates use")]
mod tests {
    use serde::{Deserialize, Serialize};

    use crate::{
        codec::{self, DecodeError, StoredEvent},
        event::{EventTypeId, SchemaVersion},
        values::Quantity,
    };

    events! {
        /// An event whose third version is written today.
        SeatsCounted = 0x7f01 v 3 from { 1 => SeatsCountedV1, 2 => SeatsCountedV2 } {
            /// The seats in use.
            clear used: u32,
            /// The seats bought; not known before version 2.
            clear bought: Option<Quantity>,
            /// Whether some are suspended; not known before version 3.
            clear some_suspended: bool,
        }
    }

    #[derive(Serialize, Deserialize)]
    struct SeatsCountedV1 {
        used: u32,
    }

    #[derive(Serialize, Deserialize)]
    struct SeatsCountedV2 {
        used: u32,
        bought: Quantity,
    }

    impl From<SeatsCountedV1> for SeatsCounted {
        fn from(old: SeatsCountedV1) -> Self {
            Self { used: old.used, bought: None, some_suspended: false }
        }
    }

    impl From<SeatsCountedV2> for SeatsCounted {
        fn from(old: SeatsCountedV2) -> Self {
            Self { used: old.used, bought: Some(old.bought), some_suspended: false }
        }
    }

    fn counted(bought: Option<u32>, some_suspended: bool) -> SeatsCounted {
        let bought = bought.map(|number| Quantity::new(number).unwrap());
        SeatsCounted { used: 3, bought, some_suspended }
    }

    #[test]
    fn an_event_stored_in_an_older_version_is_read_as_the_current_one() {
        let first = codec::to_bytes(&SeatsCountedV1 { used: 3 }).unwrap();
        let second = SeatsCountedV2 { used: 3, bought: Quantity::new(5).unwrap() };
        let second = codec::to_bytes(&second).unwrap();
        let read = |version, bytes: &[u8]| SeatsCounted::decode(SchemaVersion(version), bytes);
        assert_eq!(read(1, &first), Ok(counted(None, false)));
        assert_eq!(read(2, &second), Ok(counted(Some(5), false)));
        let third = codec::to_bytes(&counted(Some(5), true)).unwrap();
        assert_eq!(read(3, &third), Ok(counted(Some(5), true)));
    }

    #[test]
    fn an_event_stored_in_a_version_from_the_future_is_refused() {
        for version in [0, 4].map(SchemaVersion) {
            let type_id = EventTypeId(0x7f01);
            let unknown = Err(DecodeError::UnknownVersion { type_id, version });
            assert_eq!(SeatsCounted::decode(version, &[3, 0, 0]), unknown);
        }
    }

    #[test]
    fn bytes_of_one_version_are_not_taken_for_another() {
        let first = codec::to_bytes(&SeatsCountedV1 { used: 3 }).unwrap();
        assert!(SeatsCounted::decode(SchemaVersion(2), &first).is_err());
        let third = codec::to_bytes(&counted(Some(5), true)).unwrap();
        assert!(SeatsCounted::decode(SchemaVersion(1), &third).is_err());
    }
}
