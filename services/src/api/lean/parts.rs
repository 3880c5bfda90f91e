//! Lists and objects, while their items and members are written.

use serde::{Serialize, ser};

use super::{Ahead, Lean, is_plain};

/// How much is made room for at once when a list is written, in bytes.
const ROOM_BYTES_MAX: usize = 64 << 10;

/// A list that is being written.
pub(super) struct List<'a> {
    lean: &'a mut Lean,
    /// Where its first item begins.
    begin: usize,
    /// How many items it will have, nought where that is unknown.
    items: usize,
    is_begun: bool,
    end: &'static str,
}

impl<'a> List<'a> {
    /// Begins a list of so many items, if that is known; `end` closes it.
    pub(super) fn begin(lean: &'a mut Lean, items: Option<usize>, end: &'static str) -> Self {
        lean.begin();
        lean.plain("[");
        Self { begin: lean.text.len(), items: items.unwrap_or(0), lean, is_begun: false, end }
    }

    fn item<T: Serialize + ?Sized>(&mut self, item: &T) -> serde_json::Result<()> {
        if self.is_begun {
            self.lean.plain(",");
            return item.serialize(&mut *self.lean);
        }
        self.is_begun = true;
        item.serialize(&mut *self.lean)?;
        // The others will be about as long as the first: their text need not move as it grows.
        let one = self.lean.text.len() - self.begin + 1;
        let others = self.items.saturating_sub(1).saturating_mul(one + one / 8);
        self.lean.text.reserve(others.min(ROOM_BYTES_MAX));
        Ok(())
    }

    fn close(self) {
        self.lean.plain(self.end);
    }
}

/// An object that is being written.
pub(super) struct Object<'a> {
    lean: &'a mut Lean,
    is_begun: bool,
    /// Where the member begins whose name was just written.
    before: usize,
    end: &'static str,
}

impl<'a> Object<'a> {
    /// Begins an object; `end` closes it.
    pub(super) fn begin(lean: &'a mut Lean, end: &'static str) -> Self {
        lean.begin();
        lean.plain("{");
        Self { lean, is_begun: false, before: 0, end }
    }

    /// Writes a member whose name stands in the code: such names need no escapes.
    pub(super) fn member<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> serde_json::Result<()> {
        debug_assert!(is_plain(name.as_bytes()), "{name} needs escapes");
        self.lean.ahead = Some(Ahead { name, follows: self.is_begun });
        value.serialize(&mut *self.lean)?;
        self.is_begun |= self.lean.ahead.take().is_none();
        Ok(())
    }

    /// Writes a name that comes from elsewhere. What is no text becomes one, as far as JSON can say it
    /// without members or items.
    fn name<T: Serialize + ?Sized>(&mut self, name: &T) -> serde_json::Result<()> {
        self.before = self.lean.text.len();
        if self.is_begun {
            self.lean.plain(",");
        }
        let begin = self.lean.text.len();
        name.serialize(&mut *self.lean)?;
        match self.lean.text.get(begin) {
            Some(b'"') => {}
            Some(b'-' | b'0'..=b'9' | b't' | b'f') => {
                self.lean.text.insert(begin, b'"');
                self.lean.plain("\"");
            }
            _ => return Err(ser::Error::custom("a name must be a text")),
        }
        self.lean.plain(":");
        Ok(())
    }

    /// Writes the value behind such a name, or takes the name back.
    fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> serde_json::Result<()> {
        let begin = self.lean.text.len();
        value.serialize(&mut *self.lean)?;
        // A text that says so stands between quotes.
        if self.lean.text.get(begin..).is_some_and(|written| written == b"null") {
            self.lean.text.truncate(self.before);
        } else {
            self.is_begun = true;
        }
        Ok(())
    }

    pub(super) fn close(self) {
        self.lean.plain(self.end);
    }
}

/// The kinds of lists that there are: all are written alike.
macro_rules! lists {
    ($($kind:ident::$method:ident),+) => {
        $(impl ser::$kind for List<'_> {
            type Ok = ();
            type Error = serde_json::Error;

            fn $method<T: Serialize + ?Sized>(&mut self, item: &T) -> serde_json::Result<()> {
                self.item(item)
            }

            fn end(self) -> serde_json::Result<()> {
                self.close();
                Ok(())
            }
        })+
    };
}

lists! {
    SerializeSeq::serialize_element,
    SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field,
    SerializeTupleVariant::serialize_field
}

/// The kinds of objects whose names stand in the code.
macro_rules! objects {
    ($($kind:ident),+) => {
        $(impl ser::$kind for Object<'_> {
            type Ok = ();
            type Error = serde_json::Error;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> serde_json::Result<()> {
                self.member(name, value)
            }

            fn end(self) -> serde_json::Result<()> {
                self.close();
                Ok(())
            }
        })+
    };
}

objects! { SerializeStruct, SerializeStructVariant }

impl ser::SerializeMap for Object<'_> {
    type Ok = ();
    type Error = serde_json::Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, name: &T) -> serde_json::Result<()> {
        self.name(name)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> serde_json::Result<()> {
        self.value(value)
    }

    fn end(self) -> serde_json::Result<()> {
        self.close();
        Ok(())
    }
}
