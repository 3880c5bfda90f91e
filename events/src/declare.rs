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

/// Declares the closed set of an aggregate's events.
macro_rules! aggregate_events {
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
            /// Every event type of the aggregate with its name and current version.
            pub const TYPES: &'static [(
                $crate::event::EventTypeId,
                &'static str,
                $crate::event::SchemaVersion,
            )] = &[$((
                <$event as $crate::codec::StoredEvent>::TYPE_ID,
                <$event as $crate::codec::StoredEvent>::NAME,
                <$event as $crate::codec::StoredEvent>::VERSION,
            )),+];

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
