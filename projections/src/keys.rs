//! Keys of composite maps: the smallest and largest id of a kind bound the range of an owner.

use std::sync::Arc;

use events::{
    AgreementId, ApplicationId, AuditorId, BenefitId, CartId, CompetencyId, CustomerId,
    CustomerUserId, DeviceBatchId, DeviceId, DeviceProfileId, IncidentId, InvitationId, LeadId,
    OfferId, OperatorId, OrderId, PartnerId, PartnerUserId, PartnershipId, RecordedEvent, SkuId,
    SubscriptionId, TokenId, WebhookId,
};
use imbl::OrdMap;
use uuid::Uuid;

use crate::view::Contradiction;

/// An id that stands in keys of views.
pub(crate) trait Id: Copy + Ord {
    /// The kind, as messages name it.
    const WORDS: &'static str;
    /// The smallest id.
    const MIN: Self;
    /// The largest id.
    const MAX: Self;

    /// The bare UUID.
    fn uuid(self) -> Uuid;
}

macro_rules! ids {
    ($($name:ident = $words:literal),+ $(,)?) => {$(
        impl Id for $name {
            const WORDS: &'static str = $words;
            const MIN: Self = Self::from_uuid(Uuid::nil());
            const MAX: Self = Self::from_uuid(Uuid::max());

            fn uuid(self) -> Uuid {
                self.as_uuid()
            }
        }
    )+};
}

ids! {
    PartnerId = "partner",
    PartnerUserId = "partner user",
    PartnershipId = "partnership",
    CustomerId = "customer",
    CustomerUserId = "customer user",
    SubscriptionId = "subscription",
    OrderId = "order",
    SkuId = "SKU",
    OfferId = "offer",
    CartId = "cart",
    TokenId = "token",
    InvitationId = "invitation",
    LeadId = "lead",
    DeviceBatchId = "device list",
    DeviceId = "device",
    DeviceProfileId = "device profile",
    AgreementId = "agreement",
    CompetencyId = "competency",
    BenefitId = "benefit",
    IncidentId = "incident",
    OperatorId = "operator",
    AuditorId = "auditor",
    ApplicationId = "application",
    WebhookId = "webhook",
}

/// Rows under an owner and an id of their own.
pub(crate) type Owned<O, I, R> = OrdMap<(O, I), Arc<R>>;

/// The rows of one owner, in the order of their ids; beginning after `after` where given.
pub(crate) fn owned_by<O: Id, I: Id, R>(
    rows: &Owned<O, I, R>,
    owner: O,
    after: Option<I>,
) -> impl Iterator<Item = &R> {
    rows.range((owner, after.unwrap_or(I::MIN))..=(owner, I::MAX))
        .filter(move |((_, id), _)| after != Some(*id))
        .map(|(_, row)| &**row)
}

/// The rows of one owner between two ids, from both ends.
pub(crate) fn owned_between<O: Id, I: Id, R>(
    rows: &Owned<O, I, R>,
    owner: O,
    after: Option<I>,
    before: Option<I>,
) -> impl DoubleEndedIterator<Item = &R> {
    let (first, last) = (after.unwrap_or(I::MIN), before.unwrap_or(I::MAX));
    let range = (first <= last).then(|| rows.range((owner, first)..=(owner, last)));
    range
        .into_iter()
        .flatten()
        .filter(move |((_, id), _)| after != Some(*id) && before != Some(*id))
        .map(|(_, row)| &**row)
}

/// A row to be changed in place: copied first if another version of the model shares it.
pub(crate) fn owned_mut<O: Id, I: Id, R: Clone>(
    rows: &mut Owned<O, I, R>,
    owner: O,
    id: I,
) -> Result<&mut R, Contradiction> {
    rows.get_mut(&(owner, id)).map(Arc::make_mut).ok_or_else(|| Contradiction::unknown(id))
}

/// Adds a row that must be new.
pub(crate) fn insert_new<O: Id, I: Id, R>(
    rows: &mut Owned<O, I, R>,
    owner: O,
    id: I,
    row: R,
) -> Result<(), Contradiction> {
    match rows.insert((owner, id), Arc::new(row)) {
        None => Ok(()),
        Some(_) => Err(Contradiction::duplicate(id)),
    }
}

/// The partner whose stream an event stands in.
pub(crate) const fn partner_of(recorded: &RecordedEvent) -> PartnerId {
    PartnerId::from_uuid(recorded.stream.id())
}

/// The customer whose stream an event stands in.
pub(crate) const fn customer_of(recorded: &RecordedEvent) -> CustomerId {
    CustomerId::from_uuid(recorded.stream.id())
}

/// The partnership whose stream an event stands in.
pub(crate) const fn partnership_of(recorded: &RecordedEvent) -> PartnershipId {
    PartnershipId::from_uuid(recorded.stream.id())
}

/// The lead whose stream an event stands in.
pub(crate) const fn lead_of(recorded: &RecordedEvent) -> LeadId {
    LeadId::from_uuid(recorded.stream.id())
}
