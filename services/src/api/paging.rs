//! Lists in parts: how large a part is, and the opaque token that says where the next one begins.
//!
//! A token carries the parameters of the list and a place in its order, so that a client repeats
//! nothing but the token. It is bound to the list and to who reads it, and proves by a
//! keyed tag that it was made here.

use axum::http::HeaderMap;
use data_encoding::BASE64URL_NOPAD;
use events::Timestamp;
use percent_encoding::utf8_percent_encode;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::{
    query::Query,
    shapes::{Link, Page, PageLinks},
    words::Words,
};
use crate::http::{ApiError, AppState, PARAMETER};

/// The largest part a client may ask for, in items.
pub(super) const PAGE_ITEMS_MAX: usize = 1_000;
/// The header in which a client hands a token back.
const TOKEN_HEADER: &str = "MS-ContinuationToken";
/// The parameter that does the same.
const TOKEN_PARAMETER: &str = "continuationToken";
const OPERATION_PARAMETER: &str = "seekOperation";
/// The number of a part, counted from nought, where one is asked for.
const INDEX_PARAMETER: &str = "pageIndex";
/// What of a request belongs to a part of a list and not to the list.
const PART_PARAMETERS: [&str; 3] = [OPERATION_PARAMETER, TOKEN_PARAMETER, INDEX_PARAMETER];
/// How long a token is good, in hours.
const TOKEN_HOURS: i64 = 24;
const TAG_BYTES: usize = 16;

/// A list as a token is bound to it: its path, and who reads it.
#[derive(Clone)]
pub(super) struct ListName {
    /// The path, with the version.
    pub(super) path: String,
    /// Who reads it: a partner, or nil for who works for the installation.
    pub(super) reader: Uuid,
}

/// What a token carries: the list, and where the part that came with it begins and ends.
#[derive(Serialize, Deserialize)]
struct Continuation {
    query: Query,
    /// The last place of the part.
    after: Value,
    /// The first place of the part; none of a list that goes forward only.
    before: Option<Value>,
    /// Until when it is good.
    until: Timestamp,
}

impl Continuation {
    fn is_good_at(&self, now: Timestamp) -> bool {
        now <= self.until
    }
}

/// The contract's ways through a list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Operation {
    Next,
    Previous,
    First,
    Last,
    PageIndex,
}

const OPERATIONS: Words<Operation> = Words {
    field: OPERATION_PARAMETER,
    all: &[
        ("next", Operation::Next),
        ("previous", Operation::Previous),
        ("first", Operation::First),
        ("last", Operation::Last),
        ("page_index", Operation::PageIndex),
    ],
};

/// Which part of a list is asked for.
#[derive(Clone, PartialEq, Debug)]
enum Step {
    First,
    After(Value),
    Before(Value),
    Last,
    /// The part with this number, from nought.
    At(usize),
}

/// A list that is being read: its parameters, and where to go on.
#[derive(Clone)]
pub(super) struct Seek {
    /// The parameters of the list, from the first request for it.
    pub(super) query: Query,
    name: ListName,
    step: Step,
}

/// A part of a list that can be read from either end.
pub(super) struct Part<T, K> {
    /// What is in it.
    pub(super) rows: Vec<T>,
    /// How it goes on.
    pub(super) ways: Ways<K>,
}

impl<T, K> Part<T, K> {
    /// The same part of something else.
    pub(super) fn map<U>(self, change: impl FnMut(T) -> U) -> Part<U, K> {
        Part { rows: self.rows.into_iter().map(change).collect(), ways: self.ways }
    }
}

/// Where a part begins and ends, and whether there is more on either side.
pub(super) struct Ways<K> {
    first: Option<K>,
    last: Option<K>,
    has_previous: bool,
    has_next: bool,
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
        let token = token.filter(|token| !token.is_empty());
        let continuation = token.map(|token| read_token(app, &name, token).ok_or_else(bad_token));
        let continuation = continuation.transpose()?;
        let asked =
            query.text(OPERATION_PARAMETER).map(|word| OPERATIONS.read(word)).transpose()?;
        let goes_on = if continuation.is_some() { Operation::Next } else { Operation::First };
        let operation = asked.unwrap_or(goes_on);
        let step = step(operation, &query, continuation.as_ref())?;
        let query = continuation.map_or(query, |continuation| continuation.query);
        Ok(Self { query, name, step })
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
    /// When the token names a place of another kind, or another way is asked for: lists that ask
    /// this go forward only.
    pub(super) fn after<A: DeserializeOwned>(&self) -> Result<Option<A>, ApiError> {
        match &self.step {
            Step::First => Ok(None),
            Step::After(place) => read_place(place).map(Some),
            Step::Before(_) | Step::Last | Step::At(_) => Err(forward_only()),
        }
    }

    /// The place that the token names, whichever way the list goes on from there.
    ///
    /// # Errors
    /// When the token names a place of another kind.
    pub(super) fn place<K: DeserializeOwned>(&self) -> Result<Option<K>, ApiError> {
        match &self.step {
            Step::After(place) | Step::Before(place) => read_place(place).map(Some),
            Step::First | Step::Last | Step::At(_) => Ok(None),
        }
    }

    /// The part that is asked for of a list that can be read from either end.
    ///
    /// `between` gives the rows behind the one place and before the other, in the list's order;
    /// `place` the place of a row. A numbered part, and the first one where the client names an
    /// `offset`, cost a walk over the rows before it.
    ///
    /// # Errors
    /// When the size is none, is missing where a part is numbered, or the token names a place of
    /// another kind.
    pub(super) fn part<T, K, I>(
        &self,
        between: impl Fn(Option<&K>, Option<&K>) -> I,
        place: impl Fn(&T) -> K,
    ) -> Result<Part<T, K>, ApiError>
    where
        K: Serialize + DeserializeOwned,
        I: DoubleEndedIterator<Item = T>,
    {
        let limit = self.limit()?;
        let (rows, goes_on) = match &self.step {
            Step::First => {
                let offset = self.query.optional("offset")?.unwrap_or(0);
                part(between(None, None).skip(offset), limit)
            }
            Step::After(after) => part(between(Some(&read_place(after)?), None), limit),
            Step::Before(before) => backwards(between(None, Some(&read_place(before)?)), limit),
            Step::Last => backwards(between(None, None), limit),
            Step::At(number) => {
                self.size()?.ok_or_else(|| ApiError::missing("size"))?;
                part(between(None, None).skip(limit.saturating_mul(*number)), limit)
            }
        };
        let (first, last) = (rows.first().map(&place), rows.last().map(&place));
        // How it goes on is known on the side to which it was read.
        let (has_previous, has_next) = if matches!(self.step, Step::Before(_) | Step::Last) {
            let next = last.as_ref().and_then(|last| between(Some(last), None).next());
            (goes_on, next.is_some())
        } else {
            let previous = first.as_ref().and_then(|first| between(None, Some(first)).next_back());
            (previous.is_some(), goes_on)
        };
        Ok(Part { rows, ways: Ways { first, last, has_previous, has_next } })
    }

    /// The part that is asked for of a list that is at hand as a whole, in its order.
    ///
    /// # Errors
    /// As [`Self::part`], or when the place that the token names is not in the list any more.
    pub(super) fn part_of<'a, T, K>(
        &self,
        rows: &'a [T],
        place: impl Fn(&T) -> K,
    ) -> Result<Part<&'a T, K>, ApiError>
    where
        K: PartialEq + Serialize + DeserializeOwned,
    {
        let index = |wanted: &K| rows.iter().position(|row| place(row) == *wanted);
        if self.place::<K>()?.is_some_and(|place| index(&place).is_none()) {
            return Err(bad_token());
        }
        let between = |after: Option<&K>, before: Option<&K>| {
            let start = after.and_then(index).map_or(0, |at| at + 1);
            let end = before.and_then(index).unwrap_or(rows.len());
            rows.get(start..end).unwrap_or_default().iter()
        };
        self.part(between, |row| place(row))
    }

    /// A part of a list that goes forward only, with the way to the next one.
    pub(super) fn page<T, A: Serialize>(
        &self,
        app: &AppState,
        items: impl IntoIterator<Item = T>,
        total: Option<usize>,
        next: Option<A>,
    ) -> Page<T> {
        let has_next = next.is_some();
        let ways = Ways { first: None, last: next, has_previous: false, has_next };
        self.both_ways(app, items, total, ways)
    }

    /// A part of a list, with the ways to the next one and the one before.
    pub(super) fn both_ways<T, K: Serialize>(
        &self,
        app: &AppState,
        items: impl IntoIterator<Item = T>,
        total: Option<usize>,
        ways: Ways<K>,
    ) -> Page<T> {
        let (has_next, has_previous) = (ways.has_next, ways.has_previous);
        // A list that is at its end on both sides needs none.
        let token = (has_next || has_previous).then(|| self.token(app, ways)).flatten();
        let link_to = |operation: &str| {
            let token = token.clone()?;
            Some(Link::to(self.uri(Some(operation))).with_header(TOKEN_HEADER, token))
        };
        let links = PageLinks {
            own: Link::to(self.uri(None)),
            next: has_next.then(|| link_to("Next")).flatten(),
            previous: has_previous.then(|| link_to("Previous")).flatten(),
        };
        Page::of(items, total, links, token.filter(|_| has_next))
    }

    fn token<K: Serialize>(&self, app: &AppState, ways: Ways<K>) -> Option<String> {
        let continuation = Continuation {
            query: self.query.without_named(&PART_PARAMETERS),
            after: serde_json::to_value(ways.last?).ok()?,
            before: ways.first.and_then(|place| serde_json::to_value(place).ok()),
            until: app.now().plus_hours(TOKEN_HOURS),
        };
        write_token(app, &self.name, &continuation)
    }

    /// The list's own address, without the version, as links spell it.
    fn uri(&self, operation: Option<&str>) -> String {
        let path = self.name.path.strip_prefix("/v1").unwrap_or(&self.name.path);
        let own = self.query.pairs_without(&PART_PARAMETERS);
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

/// The last items of a list, in its order, and whether others come before.
fn backwards<T>(rows: impl DoubleEndedIterator<Item = T>, limit: usize) -> (Vec<T>, bool) {
    let (mut last, more) = part(rows.rev(), limit);
    last.reverse();
    (last, more)
}

fn step(
    operation: Operation,
    query: &Query,
    continuation: Option<&Continuation>,
) -> Result<Step, ApiError> {
    let going_on =
        || continuation.ok_or_else(|| ApiError::invalid(TOKEN_HEADER, "is required to go on"));
    match operation {
        Operation::First => Ok(Step::First),
        Operation::Last => Ok(Step::Last),
        Operation::Next => Ok(Step::After(going_on()?.after.clone())),
        Operation::Previous => {
            going_on()?.before.clone().map(Step::Before).ok_or_else(forward_only)
        }
        Operation::PageIndex => {
            let number = query.optional(INDEX_PARAMETER)?;
            number.map(Step::At).ok_or_else(|| ApiError::missing(INDEX_PARAMETER))
        }
    }
}

fn read_place<K: DeserializeOwned>(place: &Value) -> Result<K, ApiError> {
    K::deserialize(place).map_err(|_| bad_token())
}

fn forward_only() -> ApiError {
    let reason = "must be Next or First: this list goes forward only";
    ApiError::invalid(OPERATION_PARAMETER, reason)
}

fn bad_token() -> ApiError {
    let reason = "was not made here for this list, or too long ago; begin the list again";
    ApiError::invalid(TOKEN_HEADER, reason)
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
    let continuation: Continuation = serde_json::from_slice(content).ok().filter(|_| is_ours)?;
    continuation.is_good_at(app.now()).then_some(continuation)
}

fn tag(app: &AppState, name: &ListName, content: &[u8]) -> [u8; TAG_BYTES] {
    app.keys().page_tag(&[name.path.as_bytes(), name.reader.as_bytes(), content])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn continuation(until: Timestamp) -> Continuation {
        let query = Query::of(&"/v1/customers?size=2".parse().unwrap()).unwrap();
        Continuation { query, after: Value::from(7), before: None, until }
    }

    #[test]
    fn a_token_is_good_until_its_time_is_over() {
        let now = Timestamp::EPOCH.plus_hours(1);
        assert!(continuation(now).is_good_at(now));
        assert!(!continuation(now).is_good_at(now.plus_hours(1)));
    }

    #[test]
    fn only_a_list_that_can_goes_back_and_only_with_a_token_does_it_go_on() {
        let query = Query::default();
        let known = continuation(Timestamp::EPOCH);
        let steps = |operation| step(operation, &query, Some(&known));
        assert_eq!(steps(Operation::Next).unwrap(), Step::After(Value::from(7)));
        assert_eq!(steps(Operation::Previous).unwrap_err().data[1], OPERATION_PARAMETER);
        assert_eq!(steps(Operation::PageIndex).unwrap_err().data[1], INDEX_PARAMETER);
        let alone = step(Operation::Next, &query, None).unwrap_err();
        assert_eq!(alone.data[1], TOKEN_HEADER);
        assert_eq!(step(Operation::Last, &query, None).unwrap(), Step::Last);
    }

    #[test]
    fn the_last_rows_keep_their_order() {
        assert_eq!(backwards([1, 2, 3].into_iter(), 2), (vec![2, 3], true));
        assert_eq!(backwards([1].into_iter(), usize::MAX), (vec![1], false));
    }
}
