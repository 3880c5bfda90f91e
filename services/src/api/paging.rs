//! Lists in parts: how large a part is, and the opaque token that says where the next one begins.
//!
//! A token carries the parameters of the list and a place in its order, so that a client repeats
//! nothing but the token. It is bound to the list and to who reads it, and proves by a
//! keyed tag that it was made here.

use axum::http::HeaderMap;
use data_encoding::BASE64URL_NOPAD;
use percent_encoding::utf8_percent_encode;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::{
    query::Query,
    shapes::{Link, Page},
    words::same_word,
};
use crate::http::{ApiError, AppState, PARAMETER};

/// The largest part a client may ask for, in items.
pub(super) const PAGE_ITEMS_MAX: usize = 1_000;
/// The header in which a client hands a token back.
const TOKEN_HEADER: &str = "MS-ContinuationToken";
/// The parameter that does the same.
const TOKEN_PARAMETER: &str = "continuationToken";
const OPERATION_PARAMETER: &str = "seekOperation";
const TAG_BYTES: usize = 16;

/// A list as a token is bound to it: its path, and who reads it.
#[derive(Clone)]
pub(super) struct ListName {
    /// The path, with the version.
    pub(super) path: String,
    /// Who reads it: a partner, or nil for who works for the installation.
    pub(super) reader: Uuid,
}

/// What a token carries.
#[derive(Serialize, Deserialize)]
struct Continuation {
    query: Query,
    after: Value,
}

/// A list that is being read: its parameters, and where to go on.
#[derive(Clone)]
pub(super) struct Seek {
    /// The parameters of the list, from the first request for it.
    pub(super) query: Query,
    name: ListName,
    after: Option<Value>,
}

impl Seek {
    /// Finds out whether a request begins a list or goes on with one.
    ///
    /// # Errors
    /// When the token was not made here for this list, or the operation is none of ours.
    pub(super) fn of(
        app: &AppState,
        name: ListName,
        query: Query,
        headers: &HeaderMap,
    ) -> Result<Self, ApiError> {
        let in_header = headers.get(TOKEN_HEADER).and_then(|value| value.to_str().ok());
        let token = in_header.or_else(|| query.text(TOKEN_PARAMETER)).map(str::trim);
        let goes_on = match query.text(OPERATION_PARAMETER) {
            None => token.is_some(),
            Some(operation) if same_word(operation, "next") => true,
            Some(operation) if same_word(operation, "first") => false,
            Some(_) => return Err(ApiError::invalid(OPERATION_PARAMETER, "must be Next or First")),
        };
        if !goes_on {
            return Ok(Self { query, name, after: None });
        }
        let token = token.filter(|token| !token.is_empty());
        let token = token.ok_or_else(|| ApiError::invalid(TOKEN_HEADER, "is required to go on"))?;
        let continuation = read_token(app, &name, token).ok_or_else(bad_token)?;
        Ok(Self { query: continuation.query, name, after: Some(continuation.after) })
    }

    /// How many items a part has; `None` when the client did not say.
    ///
    /// # Errors
    /// When the number is none, or too large.
    pub(super) fn size(&self) -> Result<Option<usize>, ApiError> {
        let size = self.query.optional::<usize>("size")?.filter(|size| *size > 0);
        if size.is_some_and(|size| size > PAGE_ITEMS_MAX) {
            return Err(ApiError::invalid("size", format!("must be at most {PAGE_ITEMS_MAX}")));
        }
        Ok(size)
    }

    /// How many items a part has: all where the client did not say.
    ///
    /// # Errors
    /// When the number is none, or too large.
    pub(super) fn limit(&self) -> Result<usize, ApiError> {
        Ok(self.size()?.unwrap_or(usize::MAX))
    }

    /// The place behind which to go on; `None` at the beginning.
    ///
    /// # Errors
    /// When the token names a place of another kind.
    pub(super) fn after<A: DeserializeOwned>(&self) -> Result<Option<A>, ApiError> {
        let place = self.after.clone().map(serde_json::from_value);
        place.transpose().map_err(|_| bad_token())
    }

    /// A part of the list, with the way to the next one.
    pub(super) fn page<T, A: Serialize>(
        &self,
        app: &AppState,
        items: impl IntoIterator<Item = T>,
        total: Option<usize>,
        next: Option<A>,
    ) -> Page<T> {
        let place = next.and_then(|place| serde_json::to_value(place).ok());
        let token = place.and_then(|after| {
            let query = self.query.without_named(&[OPERATION_PARAMETER, TOKEN_PARAMETER]);
            write_token(app, &self.name, &Continuation { query, after })
        });
        let next = token.map(|token| {
            let link = Link::to(self.uri(Some("Next"))).with_header(TOKEN_HEADER, token.clone());
            (token, link)
        });
        Page::of(items, total, Link::to(self.uri(None)), next)
    }

    /// The list's own address, without the version, as links spell it.
    fn uri(&self, operation: Option<&str>) -> String {
        let path = self.name.path.strip_prefix("/v1").unwrap_or(&self.name.path);
        let own = self.query.pairs_without(&[OPERATION_PARAMETER, TOKEN_PARAMETER]);
        let all = own.chain(operation.map(|operation| (OPERATION_PARAMETER, operation)));
        let pairs: Vec<String> = all
            .map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, PARAMETER)))
            .collect();
        if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
    }
}

/// The first items of what is left of a list, and whether others follow.
pub(super) fn part<T>(rest: impl IntoIterator<Item = T>, limit: usize) -> (Vec<T>, bool) {
    let mut rest = rest.into_iter();
    let part: Vec<T> = rest.by_ref().take(limit).collect();
    let more = rest.next().is_some();
    (part, more)
}

fn bad_token() -> ApiError {
    ApiError::invalid(TOKEN_HEADER, "was not made here for this list; begin the list again")
}

fn write_token(app: &AppState, name: &ListName, continuation: &Continuation) -> Option<String> {
    let mut bytes = serde_json::to_vec(continuation).ok()?;
    bytes.extend_from_slice(&tag(app, name, &bytes));
    Some(BASE64URL_NOPAD.encode(&bytes))
}

fn read_token(app: &AppState, name: &ListName, token: &str) -> Option<Continuation> {
    let bytes = BASE64URL_NOPAD.decode(token.as_bytes()).ok()?;
    let (content, shown) = bytes.split_at_checked(bytes.len().checked_sub(TAG_BYTES)?)?;
    let is_ours = bool::from(tag(app, name, content).ct_eq(shown));
    is_ours.then(|| serde_json::from_slice(content).ok()).flatten()
}

fn tag(app: &AppState, name: &ListName, content: &[u8]) -> [u8; TAG_BYTES] {
    app.keys().page_tag(&[name.path.as_bytes(), name.reader.as_bytes(), content])
}
