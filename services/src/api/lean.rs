//! How is JSON written without the members that are null? In one go, from the shapes themselves.
//!
//! A member's name is held back until its value begins; where that is null, name and value are left
//! out. Nulls in lists stay.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CharEscape, CompactFormatter, Formatter, Serializer};

/// How much is made room for at first, in bytes: most answers need no more.
const ROOM_BYTES: usize = 1_024;

/// Writes a value without the members that are null, at every depth.
///
/// # Errors
/// When it is nothing that JSON can say.
pub(super) fn to_json(value: &impl Serialize) -> serde_json::Result<Vec<u8>> {
    let mut text = Vec::with_capacity(ROOM_BYTES);
    value.serialize(&mut Serializer::with_formatter(&mut text, Lean::default()))?;
    Ok(text)
}

/// Writes compact JSON, and holds names back.
#[derive(Default)]
struct Lean {
    /// The name of the member that comes next, as it is written.
    name: Vec<u8>,
    place: Place,
    /// For each object that is open, whether a member of it was written.
    begun: Vec<bool>,
}

/// Where the writer is.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Place {
    #[default]
    Elsewhere,
    InName,
    BeforeMember,
}

impl Lean {
    /// Writes the name that was held back: its value is something.
    fn settle<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        if self.place != Place::BeforeMember {
            return Ok(());
        }
        self.place = Place::Elsewhere;
        if let Some(begun) = self.begun.last_mut() {
            if *begun {
                writer.write_all(b",")?;
            }
            *begun = true;
        }
        writer.write_all(&self.name)?;
        writer.write_all(b":")
    }

    /// Writes a part of a text, which may be a name.
    fn part<W: ?Sized + Write>(&mut self, writer: &mut W, part: &[u8]) -> io::Result<()> {
        if self.place == Place::InName {
            self.name.extend_from_slice(part);
            return Ok(());
        }
        writer.write_all(part)
    }
}

/// Values that are written as they are, after their name.
macro_rules! plain {
    ($($method:ident($value:ty);)+) => {
        $(fn $method<W: ?Sized + Write>(&mut self, writer: &mut W, value: $value) -> io::Result<()> {
            self.settle(writer)?;
            if self.place == Place::InName {
                return CompactFormatter.$method(&mut self.name, value);
            }
            CompactFormatter.$method(writer, value)
        })+
    };
}

impl Formatter for Lean {
    plain! {
        write_bool(bool);
        write_i8(i8);
        write_i16(i16);
        write_i32(i32);
        write_i64(i64);
        write_i128(i128);
        write_u8(u8);
        write_u16(u16);
        write_u32(u32);
        write_u64(u64);
        write_u128(u128);
        write_f32(f32);
        write_f64(f64);
        write_number_str(&str);
        write_raw_fragment(&str);
    }

    fn write_null<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        if self.place == Place::BeforeMember {
            self.place = Place::Elsewhere;
            return Ok(());
        }
        writer.write_all(b"null")
    }

    fn begin_string<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.settle(writer)?;
        self.part(writer, b"\"")
    }

    fn end_string<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.part(writer, b"\"")
    }

    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        self.part(writer, fragment.as_bytes())
    }

    fn write_char_escape<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        escape: CharEscape,
    ) -> io::Result<()> {
        if self.place == Place::InName {
            return CompactFormatter.write_char_escape(&mut self.name, escape);
        }
        CompactFormatter.write_char_escape(writer, escape)
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.settle(writer)?;
        writer.write_all(b"[")
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.settle(writer)?;
        self.begun.push(false);
        writer.write_all(b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.begun.pop();
        writer.write_all(b"}")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, _: &mut W, _: bool) -> io::Result<()> {
        self.place = Place::InName;
        self.name.clear();
        Ok(())
    }

    fn end_object_key<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.place = Place::BeforeMember;
        Ok(())
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::{Value, json};

    use super::*;

    fn written(value: &impl Serialize) -> String {
        String::from_utf8(to_json(value).unwrap()).unwrap()
    }

    #[test]
    fn null_members_are_left_out_at_every_depth_and_nulls_in_lists_stay() {
        let value = json!({
            "a": null, "b": { "c": null, "d": 1 }, "e": [null, { "f": null }], "g": {}, "h": [],
            "i": "", "j": false, "k": "a \"quoted\"\nline \u{1} ö", "l": [[1.5], -2], "m": { "n": {} },
        });
        let text = written(&value);
        let expected = json!({
            "b": { "d": 1 }, "e": [null, {}], "g": {}, "h": [],
            "i": "", "j": false, "k": "a \"quoted\"\nline \u{1} ö", "l": [[1.5], -2], "m": { "n": {} },
        });
        assert_eq!(text, expected.to_string());
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), expected);
    }

    #[test]
    fn names_may_be_numbers_and_need_escapes() {
        let numbers: BTreeMap<u8, Option<&str>> = [(1, None), (2, Some("two"))].into();
        assert_eq!(written(&numbers), r#"{"2":"two"}"#);
        assert_eq!(written(&json!({ "a \"b\"": 1, "c": null })), r#"{"a \"b\"":1}"#);
    }

    #[test]
    fn a_value_by_itself_is_written_as_it_is() {
        for value in [json!(null), json!(true), json!("text"), json!(12), json!([])] {
            assert_eq!(written(&value), value.to_string());
        }
    }
}
