//! Shapes that resources share: links, attributes, collections, money, refusals.

use std::fmt::{self, Display};

use events::Money;
use serde::{Serialize, Serializer};
use utoipa::ToSchema;
use uuid::Uuid;

/// Where a resource is: relative, without the version. Put together only when it is written.
#[derive(Clone)]
pub(super) enum Address {
    /// In words.
    Whole(String),
    /// In a collection, by its id.
    In(&'static str, Uuid),
}

impl Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(address) => f.write_str(address),
            Self::In(collection, id) => {
                f.write_str(collection)?;
                f.write_str("/")?;
                id.as_hyphenated().fmt(f)
            }
        }
    }
}

impl Serialize for Address {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl From<String> for Address {
    fn from(address: String) -> Self {
        Self::Whole(address)
    }
}

impl From<&str> for Address {
    fn from(address: &str) -> Self {
        Self::Whole(address.to_owned())
    }
}

/// A link to another resource.
#[derive(Clone, Serialize, ToSchema)]
pub(super) struct Link {
    /// Relative, without the version.
    #[schema(value_type = String, example = "/customers/3fa85f64-5717-4562-b3fc-2c963f66afa6")]
    uri: Address,
    #[schema(example = "GET")]
    method: &'static str,
    #[schema(example = json!([]))]
    headers: Vec<LinkHeader>,
}

/// A header that goes with the request of a link.
#[derive(Clone, Serialize, ToSchema)]
pub(super) struct LinkHeader {
    #[schema(example = "MS-ContinuationToken")]
    key: &'static str,
    #[schema(example = "AbCdEf")]
    value: String,
}

impl Link {
    /// Another resource; `uri` is relative, without the version.
    pub(super) fn to(uri: impl Into<Address>) -> Self {
        Self { uri: uri.into(), method: "GET", headers: Vec::new() }
    }

    /// Another request to a resource than a GET.
    pub(super) fn with_method(self, method: &'static str) -> Self {
        Self { method, ..self }
    }

    /// The same, with a header that the request must carry.
    pub(super) fn with_header(mut self, key: &'static str, value: impl Into<String>) -> Self {
        self.headers.push(LinkHeader { key, value: value.into() });
        self
    }
}

/// The links of a resource that links to itself only.
#[derive(Clone, Serialize, ToSchema)]
pub(super) struct SelfLinks {
    /// The resource itself.
    #[serde(rename = "self")]
    own: Link,
}

impl SelfLinks {
    /// The links of the resource at this address.
    pub(super) fn to(uri: impl Into<Address>) -> Self {
        Self { own: Link::to(uri) }
    }
}

/// What kind of resource it is.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Attributes {
    /// The kind.
    #[schema(value_type = String)]
    object_type: &'static str,
}

impl Attributes {
    /// Those of a resource that has no versions.
    pub(super) const fn of(object_type: &'static str) -> Self {
        Self { object_type }
    }

    /// Those of a resource whose changes are guarded by a tag.
    pub(super) const fn tagged(object_type: &'static str, etag: String) -> TaggedAttributes {
        TaggedAttributes { object_type, etag }
    }
}

/// What kind of resource it is, and its version.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct TaggedAttributes {
    /// The kind.
    #[schema(value_type = String)]
    object_type: &'static str,
    /// The version: sent back as `If-Match` or within the body, the change is made to no other.
    etag: String,
}

/// A whole list.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Collection<T> {
    /// How many there are.
    total_count: usize,
    /// The items.
    items: Vec<T>,
    links: SelfLinks,
    attributes: Attributes,
}

impl<T> Collection<T> {
    /// All that there is at this address.
    pub(super) fn of(items: impl IntoIterator<Item = T>, uri: impl Into<Address>) -> Self {
        let items: Vec<T> = items.into_iter().collect();
        Self {
            total_count: items.len(),
            items,
            links: SelfLinks::to(uri),
            attributes: Attributes::of("Collection"),
        }
    }
}

/// A part of a list.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Page<T> {
    /// How many the whole list has; of lists of what happened, how many this part has.
    total_count: usize,
    /// The items of this part.
    items: Vec<T>,
    /// Where the next part begins; absent in the last.
    #[schema(example = "AbCdEf")]
    continuation_token: Option<String>,
    links: PageLinks,
    attributes: Attributes,
}

/// The links of a part of a list.
#[derive(Serialize, ToSchema)]
pub(super) struct PageLinks {
    /// The list from its beginning.
    #[serde(rename = "self")]
    pub(super) own: Link,
    /// The next part; absent in the last.
    pub(super) next: Option<Link>,
    /// The part before; absent in the first, and where a list goes forward only.
    pub(super) previous: Option<Link>,
}

impl<T> Page<T> {
    /// A part of a list with these links; clients count on a number even where the whole is not known.
    pub(super) fn of(
        items: impl IntoIterator<Item = T>,
        total_count: Option<usize>,
        links: PageLinks,
        continuation_token: Option<String>,
    ) -> Self {
        let items: Vec<T> = items.into_iter().collect();
        Self {
            total_count: total_count.unwrap_or(items.len()),
            items,
            continuation_token,
            links,
            attributes: Attributes::of("Collection"),
        }
    }
}

/// An amount of money.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Amount {
    /// ISO 4217.
    #[schema(example = "USD")]
    currency: String,
    /// Whole minor units.
    #[schema(example = 1250)]
    minor_units: u64,
    /// As people read it.
    #[schema(example = "12.50 USD")]
    text: String,
}

impl From<&Money> for Amount {
    fn from(money: &Money) -> Self {
        Self {
            currency: money.currency.to_string(),
            minor_units: money.minor_units,
            text: money.to_string(),
        }
    }
}

/// Why a request was refused.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the document's view of what http/error.rs writes")]
pub(super) struct Refusal {
    /// The contract's number for it.
    code: u32,
    /// For people.
    description: String,
    /// For programs: the name of the refusal, and the member it is about.
    data: Vec<String>,
    /// Which part of the service refused.
    source: String,
}

/// That an account sends too many requests.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of what http/error.rs writes")]
pub(super) struct TooMany {
    status_code: u16,
    message: String,
}
