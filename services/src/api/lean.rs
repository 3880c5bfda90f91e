//! How is JSON written without the members that are null? In one go, from the shapes themselves.
//!
//! A member's name is written as soon as its value begins: that of a null never does. Names that come
//! from elsewhere than the code are written at once, and taken back. Nulls in lists stay.
//!
//! Most of what a list costs is spent here: names are copied as they stand in the code, texts looked
//! through eight bytes at a time, room is made once a list.

mod parts;

use std::fmt::{self, Display, Write};

use serde::{
    Serialize,
    ser::{self, Serializer},
};

use self::parts::{List, Object};

/// How much is made room for at first, in bytes: most answers need no more.
const ROOM_BYTES: usize = 1_024;

/// Writes a value without the members that are null, at every depth.
///
/// # Errors
/// When it is nothing that JSON can say.
pub(super) fn to_json(value: &impl Serialize) -> serde_json::Result<Vec<u8>> {
    let mut lean = Lean { text: Vec::with_capacity(ROOM_BYTES), ahead: None };
    value.serialize(&mut lean)?;
    Ok(lean.text)
}

/// Writes compact JSON.
struct Lean {
    text: Vec<u8>,
    /// The member whose value comes next.
    ahead: Option<Ahead>,
}

/// A member that will be written if its value is something.
struct Ahead {
    /// Its name, which stands in the code.
    name: &'static str,
    /// Whether another one of the object was written.
    follows: bool,
}

impl Write for Lean {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.plain(text);
        Ok(())
    }
}

impl Lean {
    /// Writes what needs no look at its characters.
    #[inline]
    fn plain(&mut self, text: &str) {
        self.text.extend_from_slice(text.as_bytes());
    }

    /// Begins a value, which is something: writes the name it has as a member.
    #[inline]
    fn begin(&mut self) {
        let Some(Ahead { name, follows }) = self.ahead.take() else { return };
        if follows {
            self.plain(",");
        }
        self.plain("\"");
        self.name(name.as_bytes());
        self.plain("\":");
    }

    /// Writes a name. Most are short enough for two words, which may overlap: that takes less time than
    /// to call for a copy.
    #[inline]
    fn name(&mut self, name: &[u8]) {
        match (name.first_chunk::<8>(), name.last_chunk::<8>()) {
            (Some(first), Some(last)) if name.len() <= 16 => {
                let end = self.text.len() + name.len();
                self.text.extend_from_slice(first);
                self.text.truncate(end - last.len());
                self.text.extend_from_slice(last);
            }
            _ => self.text.extend_from_slice(name),
        }
    }

    /// Writes what is written rarely, or needs more than copying.
    fn other(&mut self, value: &(impl Serialize + ?Sized)) -> serde_json::Result<()> {
        self.begin();
        serde_json::to_writer(&mut self.text, value)
    }

    /// Begins an object whose one member has this name.
    fn variant(&mut self, name: &'static str) {
        self.begin();
        self.plain("{");
        self.ahead = Some(Ahead { name, follows: false });
    }
}

/// Whether a text may stand between quotes as it is: it has no quote, backslash or control character.
fn is_plain(text: &[u8]) -> bool {
    /// One in every byte.
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    /// The highest bit of every byte.
    const TOPS: u64 = u64::from_ne_bytes([0x80; 8]);
    // For each byte the highest bit, where it is smaller than a limit up to 0x80; bits above the first
    // hit may be wrong, which is why only their being there counts.
    let below = |word: u64, limit: u8| word.wrapping_sub(ONES * u64::from(limit)) & !word & TOPS;
    let is = |word: u64, byte: u8| below(word ^ (ONES * u64::from(byte)), 1);
    let special = |word: &[u8; 8]| {
        let word = u64::from_ne_bytes(*word);
        below(word, 0x20) | is(word, b'"') | is(word, b'\\')
    };
    let Some(last) = text.last_chunk() else {
        return text.iter().all(|byte| *byte >= 0x20 && *byte != b'"' && *byte != b'\\');
    };
    // The last eight bytes may overlap those before.
    let (words, _) = text.as_chunks();
    words.iter().fold(special(last), |found, word| found | special(word)) == 0
}

/// Values that are written the same everywhere.
macro_rules! same {
    ($($method:ident($value:ty);)+) => {
        $(fn $method(self, value: $value) -> serde_json::Result<()> {
            self.other(&value)
        })+
    };
}

impl<'a> Serializer for &'a mut Lean {
    type Ok = ();
    type Error = serde_json::Error;
    type SerializeSeq = List<'a>;
    type SerializeTuple = List<'a>;
    type SerializeTupleStruct = List<'a>;
    type SerializeTupleVariant = List<'a>;
    type SerializeMap = Object<'a>;
    type SerializeStruct = Object<'a>;
    type SerializeStructVariant = Object<'a>;

    same! {
        serialize_bool(bool);
        serialize_i8(i8);
        serialize_i16(i16);
        serialize_i32(i32);
        serialize_i64(i64);
        serialize_i128(i128);
        serialize_u8(u8);
        serialize_u16(u16);
        serialize_u32(u32);
        serialize_u64(u64);
        serialize_u128(u128);
        serialize_char(char);
        serialize_bytes(&[u8]);
    }

    // JSON has no infinities.

    fn serialize_f32(self, value: f32) -> serde_json::Result<()> {
        if value.is_finite() { self.other(&value) } else { self.serialize_unit() }
    }

    fn serialize_f64(self, value: f64) -> serde_json::Result<()> {
        if value.is_finite() { self.other(&value) } else { self.serialize_unit() }
    }

    fn serialize_str(self, value: &str) -> serde_json::Result<()> {
        if !is_plain(value.as_bytes()) {
            return self.other(value);
        }
        self.begin();
        self.plain("\"");
        self.plain(value);
        self.plain("\"");
        Ok(())
    }

    fn collect_str<T: Display + ?Sized>(self, value: &T) -> serde_json::Result<()> {
        self.begin();
        self.plain("\"");
        let begin = self.text.len();
        write!(self, "{value}").map_err(ser::Error::custom)?;
        if self.text.get(begin..).is_some_and(is_plain) {
            self.plain("\"");
            return Ok(());
        }
        self.text.truncate(begin - 1);
        self.other(&value.to_string())
    }

    fn serialize_none(self) -> serde_json::Result<()> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> serde_json::Result<()> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> serde_json::Result<()> {
        if self.ahead.is_none() {
            self.plain("null");
        }
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> serde_json::Result<()> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> serde_json::Result<()> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> serde_json::Result<()> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> serde_json::Result<()> {
        let mut object = Object::begin(self, "}");
        object.member(variant, value)?;
        object.close();
        Ok(())
    }

    fn serialize_seq(self, items: Option<usize>) -> serde_json::Result<List<'a>> {
        Ok(List::begin(self, items, "]"))
    }

    fn serialize_tuple(self, items: usize) -> serde_json::Result<List<'a>> {
        Ok(List::begin(self, Some(items), "]"))
    }

    fn serialize_tuple_struct(self, _: &'static str, items: usize) -> serde_json::Result<List<'a>> {
        Ok(List::begin(self, Some(items), "]"))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        items: usize,
    ) -> serde_json::Result<List<'a>> {
        self.variant(variant);
        Ok(List::begin(self, Some(items), "]}"))
    }

    fn serialize_map(self, _: Option<usize>) -> serde_json::Result<Object<'a>> {
        Ok(Object::begin(self, "}"))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> serde_json::Result<Object<'a>> {
        Ok(Object::begin(self, "}"))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> serde_json::Result<Object<'a>> {
        self.variant(variant);
        Ok(Object::begin(self, "}}"))
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
    fn every_character_at_every_place_of_a_text_is_written_as_everywhere() {
        let marks = (0..0x80).filter_map(char::from_u32).chain(['\u{80}', 'ö', '\u{2028}', '😀']);
        for mark in marks {
            for place in 0..18 {
                let text = format!("{}{mark}{}", "a".repeat(place), "é".repeat(17 - place));
                let expected = serde_json::to_string(&text).unwrap();
                assert_eq!(written(&text), expected);
                assert_eq!(written(&Shown(&text)), expected);
            }
        }
    }

    /// Written by way of `Display`.
    struct Shown<'a>(&'a str);

    impl Serialize for Shown<'_> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_str(self.0)
        }
    }

    #[derive(Serialize)]
    enum Kind {
        Unit,
        One(Option<u8>),
        Many(u8, Option<u8>),
        Named { a: Option<u8>, b: char },
    }

    #[test]
    fn variants_tuples_and_numbers_of_every_kind_are_written_as_everywhere() {
        let kinds = (Kind::Unit, Kind::One(Some(1)), Kind::Many(1, None));
        let numbers = (i128::MIN, u128::MAX, 1.5_f32, f64::MAX, -1_i8, 'x', ());
        assert_eq!(written(&kinds), serde_json::to_string(&kinds).unwrap());
        assert_eq!(written(&numbers), serde_json::to_string(&numbers).unwrap());
        let named = [Kind::Named { a: None, b: '"' }, Kind::Named { a: Some(1), b: 'b' }];
        assert_eq!(written(&named), r#"[{"Named":{"b":"\""}},{"Named":{"a":1,"b":"b"}}]"#);
        assert_eq!(written(&[Kind::One(None)]), "[{}]");
        assert_eq!(written(&json!({ "a": null, "b": {} })), r#"{"b":{}}"#);
        let endless = BTreeMap::from([("a", f64::NAN), ("b", 1.0)]);
        assert_eq!(written(&endless), r#"{"b":1.0}"#);
    }

    #[test]
    fn what_cannot_be_a_name_is_refused() {
        let lists: BTreeMap<Vec<u8>, u8> = [(vec![1], 1)].into();
        assert!(to_json(&lists).is_err());
    }

    #[test]
    fn a_long_list_is_written_whole_whatever_its_first_item_is() {
        let texts: Vec<String> = (0..3_000).map(|number| "x".repeat(number % 100)).collect();
        assert_eq!(written(&texts), serde_json::to_string(&texts).unwrap());
    }

    #[test]
    fn a_value_by_itself_is_written_as_it_is() {
        for value in [json!(null), json!(true), json!("text"), json!(12), json!([])] {
            assert_eq!(written(&value), value.to_string());
        }
    }
}
