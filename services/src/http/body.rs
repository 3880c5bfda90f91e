//! Request bodies: JSON as the contract's clients write it.
//!
//! Names match in any case, unknown members are ignored, of members that differ only in case the
//! last wins, exact duplicates are refused, a byte-order mark is tolerated.

use std::{fmt, str::FromStr};

use axum::{
    body::Bytes,
    extract::{FromRequest, Request, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, header},
};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Number, Value};

use super::{
    ApiError, BodyProblem,
    value_fault::{ValueFault, wrong_type},
};

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A JSON object, with the bytes it was read from. `Debug` shows neither: both can hold names and
/// passwords.
#[derive(Clone, Default)]
pub(crate) struct JsonBody {
    /// The body as it came, for the digest of an idempotent request.
    pub(crate) bytes: Bytes,
    fields: Map<String, Value>,
    path: String,
}

impl JsonBody {
    /// Reads a body.
    ///
    /// # Errors
    /// When it is not one JSON object without duplicate names.
    pub(crate) fn parse(bytes: Bytes) -> Result<Self, ApiError> {
        let text = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&bytes);
        let value: LowerCased = serde_json::from_slice(text).map_err(|error| {
            ApiError::malformed(format!("the body is not acceptable JSON: {error}"))
        })?;
        match value.0 {
            Value::Object(fields) => Ok(Self { bytes, fields, path: String::new() }),
            _ => Err(ApiError::malformed("the body must be a JSON object")),
        }
    }

    /// The member `name`; absent and null are alike.
    fn get(&self, name: &str) -> Option<&Value> {
        self.fields.get(&name.to_ascii_lowercase()).filter(|value| !value.is_null())
    }

    fn path_of(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    /// Whether there is such a member that is not null.
    #[must_use]
    pub(crate) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// A text, number or other plain member, if it is there.
    ///
    /// # Errors
    /// When it is of another type.
    pub(crate) fn plain<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, ApiError> {
        self.get(name)
            .map(|value| T::deserialize(value))
            .transpose()
            .map_err(|error| ApiError::invalid(&self.path_of(name), wrong_type(&error)))
    }

    /// A text that must become a valid value, if it is there and not empty.
    ///
    /// # Errors
    /// When it is no text, or not acceptable.
    pub(crate) fn optional<T>(&self, name: &str) -> Result<Option<T>, ApiError>
    where
        T: FromStr<Err: ValueFault>,
    {
        let text: Option<String> = self.plain(name)?;
        text.filter(|text| !text.trim().is_empty())
            .map(|text| text.parse())
            .transpose()
            .map_err(|error: T::Err| ApiError::invalid(&self.path_of(name), error.predicate()))
    }

    /// A text that must be there and become a valid value.
    ///
    /// # Errors
    /// When it is missing, no text, or not acceptable.
    pub(crate) fn required<T>(&self, name: &str) -> Result<T, ApiError>
    where
        T: FromStr<Err: ValueFault>,
    {
        self.optional(name)?.ok_or_else(|| self.missing(name))
    }

    /// A member that is an object, if it is there.
    ///
    /// # Errors
    /// When it is something else.
    pub(crate) fn object(&self, name: &str) -> Result<Option<Self>, ApiError> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::Object(fields)) => Ok(Some(self.nested(fields, self.path_of(name)))),
            Some(_) => Err(ApiError::invalid(&self.path_of(name), "must be an object")),
        }
    }

    /// A member that must be an object.
    ///
    /// # Errors
    /// When it is missing or something else.
    pub(crate) fn required_object(&self, name: &str) -> Result<Self, ApiError> {
        self.object(name)?.ok_or_else(|| self.missing(name))
    }

    /// The objects of a list; none where it is missing.
    ///
    /// # Errors
    /// When it is not a list of objects.
    pub(crate) fn objects(&self, name: &str) -> Result<Vec<Self>, ApiError> {
        let path = self.path_of(name);
        let items = match self.get(name) {
            None => return Ok(Vec::new()),
            Some(Value::Array(items)) => items,
            Some(_) => return Err(ApiError::invalid(&path, "must be a list")),
        };
        let objects = items.iter().enumerate().map(|(index, item)| match item {
            Value::Object(fields) => Ok(self.nested(fields, format!("{path}[{index}]"))),
            _ => Err(ApiError::invalid(&format!("{path}[{index}]"), "must be an object")),
        });
        objects.collect()
    }

    /// The texts of a list, each of which must become a valid value; none where it is missing.
    ///
    /// # Errors
    /// When it is not a list of acceptable texts.
    pub(crate) fn texts<T>(&self, name: &str) -> Result<Vec<T>, ApiError>
    where
        T: FromStr<Err: ValueFault>,
    {
        let path = self.path_of(name);
        let items = match self.get(name) {
            None => return Ok(Vec::new()),
            Some(Value::Array(items)) => items,
            Some(_) => return Err(ApiError::invalid(&path, "must be a list")),
        };
        let texts = items.iter().enumerate().map(|(index, item)| {
            let path = format!("{path}[{index}]");
            let text = item.as_str().ok_or_else(|| ApiError::invalid(&path, "must be a text"))?;
            text.parse().map_err(|error: T::Err| ApiError::invalid(&path, error.predicate()))
        });
        texts.collect()
    }

    /// The error for a member that must be there.
    #[must_use]
    pub(crate) fn missing(&self, name: &str) -> ApiError {
        ApiError::field(&self.path_of(name), &BodyProblem::Missing)
    }

    /// The error for a member that is wrong for this reason, which completes "*member* ...".
    #[must_use]
    pub(crate) fn wrong(&self, name: &str, reason: impl Into<String>) -> ApiError {
        ApiError::invalid(&self.path_of(name), reason)
    }

    fn nested(&self, fields: &Map<String, Value>, path: String) -> Self {
        Self { bytes: self.bytes.clone(), fields: fields.clone(), path }
    }
}

impl fmt::Debug for JsonBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JsonBody").field("path", &self.path).finish_non_exhaustive()
    }
}

/// A request without a body counts as one with an empty object: what is missing is then named.
impl<S: Send + Sync> FromRequest<S> for JsonBody {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let is_json = is_json(request.headers());
        let bytes = read_bytes(request, state).await?;
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Ok(Self { bytes, fields: Map::new(), path: String::new() });
        }
        if !is_json {
            let reason = "must be application/json, in UTF-8: nothing else is read here";
            return Err(ApiError::invalid("Content-Type", reason));
        }
        Self::parse(bytes)
    }
}

/// Whether a body is announced as JSON. The kind that curl and others announce where they are not
/// told passes for it, as does none.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(announced) = headers.get(header::CONTENT_TYPE) else { return true };
    let announced = announced.to_str().unwrap_or_default().to_ascii_lowercase();
    let mut parts = announced.split(';').map(str::trim);
    let kind = parts.next().unwrap_or_default();
    let is_utf8 = parts.all(|part| {
        let charset = part.strip_prefix("charset=").map(|name| name.trim_matches('"'));
        charset.is_none_or(|name| matches!(name, "utf-8" | "utf8" | "us-ascii"))
    });
    let known = ["application/json", "text/json", "application/x-www-form-urlencoded"];
    is_utf8 && (known.contains(&kind) || kind.ends_with("+json"))
}

/// A body as it came, within the limit: a file.
pub(crate) struct RawBody(pub(crate) Bytes);

impl<S: Send + Sync> FromRequest<S> for RawBody {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        read_bytes(request, state).await.map(Self)
    }
}

/// Reads a body within the limit.
async fn read_bytes<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, ApiError> {
    Bytes::from_request(request, state).await.map_err(|rejection| match rejection {
        BytesRejection::FailedToBufferBody(problem)
            if problem.status() == StatusCode::PAYLOAD_TOO_LARGE =>
        {
            ApiError::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                2000,
                format!("the body is longer than {} bytes", super::server::BODY_BYTES_MAX),
            )
        }
        _ => ApiError::malformed("the body could not be read"),
    })
}

/// A JSON value whose objects have lower-case names.
struct LowerCased(Value);

impl<'de> Deserialize<'de> for LowerCased {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LowerCasedVisitor)
    }
}

struct LowerCasedVisitor;

impl<'de> Visitor<'de> for LowerCasedVisitor {
    type Value = LowerCased;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<LowerCased, E> {
        Ok(LowerCased(Value::Null))
    }

    fn visit_bool<E>(self, value: bool) -> Result<LowerCased, E> {
        Ok(LowerCased(Value::Bool(value)))
    }

    fn visit_i64<E>(self, value: i64) -> Result<LowerCased, E> {
        Ok(LowerCased(Value::Number(value.into())))
    }

    fn visit_u64<E>(self, value: u64) -> Result<LowerCased, E> {
        Ok(LowerCased(Value::Number(value.into())))
    }

    fn visit_f64<E>(self, value: f64) -> Result<LowerCased, E> {
        Ok(LowerCased(Number::from_f64(value).map_or(Value::Null, Value::Number)))
    }

    fn visit_str<E>(self, value: &str) -> Result<LowerCased, E> {
        Ok(LowerCased(Value::String(value.to_owned())))
    }

    fn visit_string<E>(self, value: String) -> Result<LowerCased, E> {
        Ok(LowerCased(Value::String(value)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<LowerCased, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element::<LowerCased>()? {
            list.push(item.0);
        }
        Ok(LowerCased(Value::Array(list)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<LowerCased, A::Error> {
        let mut seen = std::collections::HashSet::new();
        let mut object = Map::new();
        while let Some((name, value)) = members.next_entry::<String, LowerCased>()? {
            object.insert(name.to_ascii_lowercase(), value.0);
            if !seen.insert(name.clone()) {
                return Err(serde::de::Error::custom(format_args!("{name} stands there twice")));
            }
        }
        Ok(LowerCased(Value::Object(object)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(text: &'static str) -> Result<JsonBody, ApiError> {
        JsonBody::parse(Bytes::from_static(text.as_bytes()))
    }

    #[test]
    fn only_json_in_utf_8_is_read_under_whatever_name_clients_give_it() {
        let announced = |kind: &'static str| {
            let value = header::HeaderValue::from_static(kind);
            is_json(&HeaderMap::from_iter([(header::CONTENT_TYPE, value)]))
        };
        assert!(is_json(&HeaderMap::new()));
        for kind in [
            "application/json",
            "Application/JSON; charset=\"UTF-8\"",
            "application/merge-patch+json",
        ] {
            assert!(announced(kind), "{kind}");
        }
        for kind in
            ["text/xml", "multipart/form-data; boundary=x", "application/json; charset=utf-16"]
        {
            assert!(!announced(kind), "{kind}");
        }
    }

    #[test]
    fn names_match_in_any_case_and_the_last_of_two_spellings_wins() {
        let body = body("\u{feff}{\"Quantity\":1,\"quantity\":2,\"unknown\":{}}").unwrap();
        assert_eq!(body.plain::<u32>("QUANTITY").unwrap(), Some(2));
    }

    #[test]
    fn an_exact_duplicate_is_refused_by_name() {
        let error = body("{\"a\":{\"b\":1,\"b\":2}}").unwrap_err();
        assert!(error.description.contains("b stands there twice"), "{}", error.description);
    }

    #[test]
    fn what_is_in_a_body_is_not_shown_for_debugging() {
        let body = body("{\"passwordProfile\":{\"password\":\"Winter2026!\"}}").unwrap();
        assert!(!format!("{body:?}").contains("inter2026"));
        let profile = body.required_object("passwordProfile").unwrap();
        assert!(!format!("{profile:?}").contains("inter2026"));
    }

    #[test]
    fn a_missing_field_and_a_wrong_one_are_named_with_their_path() {
        let body = body("{\"companyProfile\":{\"domain\":\"nodots\"}}").unwrap();
        let profile = body.required_object("companyProfile").unwrap();
        let error = profile.required::<events::DomainName>("domain").unwrap_err();
        assert_eq!(error.data[1], "companyProfile.domain");
        let error = body.required::<events::DomainName>("other").unwrap_err();
        assert_eq!((error.code, error.data[1].as_str()), (2001, "other"));
    }
    #[test]
    fn what_is_wrong_with_a_field_reads_as_a_sentence_about_it() {
        let text =
            "{\"name\":\"\",\"domain\":\"nodots\",\"id\":\"x\",\"quantity\":-1,\"ids\":[\"x\"]}";
        let body = body(text).unwrap();
        let begins = |error: ApiError, sentence: &str| {
            assert!(error.description.starts_with(sentence), "{}", error.description);
        };
        begins(body.required::<events::DomainName>("domain").unwrap_err(), "domain must be ");
        begins(body.required::<events::SkuId>("id").unwrap_err(), "id is not a valid SKU id: ");
        begins(body.texts::<events::SkuId>("ids").unwrap_err(), "ids[0] is not a valid SKU id: ");
        let error = body.plain::<u32>("quantity").unwrap_err();
        assert!(error.description.ends_with("expected a whole number of 0 or more"), "{error:?}");
        begins(error, "quantity is wrong: ");
    }
}
