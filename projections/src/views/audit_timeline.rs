//! What happened that a partner may see, newest first? Positions and types only: the events are
//! read from the log.
//!
//! The timeline of the whole installation needs no list: it is the log.

use std::collections::BTreeSet;

use events::{Category, CustomerId, EventTypeId, PartnerId, Position, RecordedEvent};
use imbl::{OrdMap, Vector};

use crate::keys::customer_of;

/// The most entries one page looks at: under a filter that admits few, a page may come back short
/// and name where to go on.
pub const TIMELINE_SCAN_ENTRIES_MAX: usize = 100_000;

/// An event's place in the log and its type, packed: 48 bits of position, 16 of type.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Packed(u64);

impl std::fmt::Debug for Packed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.entry().fmt(f)
    }
}

impl Packed {
    const fn new(position: Position, type_id: EventTypeId) -> Self {
        Self(position.get() << 16 | type_id.0 as u64)
    }

    const fn position(self) -> Position {
        Position::new(self.0 >> 16)
    }

    const fn entry(self) -> TimelineEntry {
        TimelineEntry {
            position: self.position(),
            #[expect(clippy::cast_possible_truncation, reason = "the low 16 bits are the type")]
            type_id: EventTypeId(self.0 as u16),
        }
    }
}

/// One event of a timeline.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TimelineEntry {
    /// Where it stands in the log.
    pub position: Position,
    /// What kind of event it is.
    pub type_id: EventTypeId,
}

/// Whose timeline.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TimelineScope {
    /// What a partner may see: its own stream, its partnerships, and its customers' streams while
    /// it has a relationship with them or sells to them as an associated reseller. Of another
    /// partner's relationships, orders and subscriptions it sees nothing.
    Partner(PartnerId),
    /// Of those, the events of one customer's stream.
    PartnerAtCustomer(PartnerId, CustomerId),
    /// Everything that happened to a customer, whichever partner it concerns.
    Customer(CustomerId),
    /// What happened to the installation as a whole.
    Installation,
}

/// Which events of a timeline are wanted. The default wants all.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct TimelineFilter {
    /// Only these types; empty means every type.
    pub types: BTreeSet<u16>,
    /// Only events of streams of this category.
    pub category: Option<Category>,
    /// Only events at or after this position.
    pub from: Position,
}

impl TimelineFilter {
    fn admits(&self, entry: TimelineEntry) -> bool {
        (self.types.is_empty() || self.types.contains(&entry.type_id.0))
            && self.category.is_none_or(|category| entry.type_id.category() == Some(category))
    }
}

/// A part of a timeline, newest first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TimelinePage {
    /// The events.
    pub entries: Vec<TimelineEntry>,
    /// Pass it as `before` to get older events; `None` when there are none.
    pub next: Option<Position>,
}

/// A part of a timeline, oldest first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TimelinePart {
    /// The events.
    pub entries: Vec<TimelineEntry>,
    /// Pass it as [`TimelineFilter::from`] to get what follows.
    pub next: Position,
    /// Whether nothing followed when it was read.
    pub is_last: bool,
}

/// A timeline, and which of its events one may see where that is not all of them.
type Shown<'a> = (&'a Vector<Packed>, Option<&'a Vector<Packed>>);

/// The timelines of every partner and customer, and of the installation. Grows only.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct AuditTimeline {
    by_partner: OrdMap<PartnerId, Vector<Packed>>,
    by_customer: OrdMap<CustomerId, Vector<Packed>>,
    of_installation: Vector<Packed>,
}

impl AuditTimeline {
    /// A page of a timeline, newest first, of events before the position `before` (or the newest).
    #[must_use]
    pub fn page(
        &self,
        scope: TimelineScope,
        filter: &TimelineFilter,
        before: Option<Position>,
        limit: usize,
    ) -> TimelinePage {
        let Some((list, visible)) = self.shown(scope) else {
            return TimelinePage { entries: Vec::new(), next: None };
        };
        scan(list, filter, before, limit.max(1), |packed| is_in(visible, packed))
    }

    /// A part of a timeline, oldest first: of events at or after `filter.from` and before `until`.
    /// Read on from where a part ends, also in a later version of the view, and nothing is missed
    /// or told twice: what was added is added behind it.
    #[must_use]
    pub fn part(
        &self,
        scope: TimelineScope,
        filter: &TimelineFilter,
        until: Position,
        limit: usize,
    ) -> TimelinePart {
        let Some((list, visible)) = self.shown(scope) else {
            return TimelinePart {
                entries: Vec::new(),
                next: until.max(filter.from),
                is_last: true,
            };
        };
        follow(list, filter, until, limit.max(1), |packed| is_in(visible, packed))
    }

    fn shown(&self, scope: TimelineScope) -> Option<Shown<'_>> {
        Some(match scope {
            TimelineScope::Partner(partner) => (self.by_partner.get(&partner)?, None),
            TimelineScope::Customer(customer) => (self.by_customer.get(&customer)?, None),
            TimelineScope::Installation => (&self.of_installation, None),
            TimelineScope::PartnerAtCustomer(partner, customer) => {
                (self.by_customer.get(&customer)?, Some(self.by_partner.get(&partner)?))
            }
        })
    }

    /// How many events a partner's timeline holds.
    #[must_use]
    pub fn partner_len(&self, partner: PartnerId) -> usize {
        self.by_partner.get(&partner).map_or(0, Vector::len)
    }

    /// How many events a customer's timeline holds.
    #[must_use]
    pub fn customer_len(&self, customer: CustomerId) -> usize {
        self.by_customer.get(&customer).map_or(0, Vector::len)
    }

    /// How many events the installation's own timeline holds.
    #[must_use]
    pub fn installation_len(&self) -> usize {
        self.of_installation.len()
    }

    /// Takes the next event in, visible to these partners.
    pub(crate) fn record(&mut self, recorded: &RecordedEvent, audience: &[PartnerId]) {
        let packed = Packed::new(recorded.position, recorded.event.type_id());
        for partner in audience {
            self.by_partner.entry(*partner).or_default().push_back(packed);
        }
        match recorded.stream.category() {
            Category::Customer => {
                self.by_customer.entry(customer_of(recorded)).or_default().push_back(packed);
            }
            Category::Installation => self.of_installation.push_back(packed),
            Category::Partner
            | Category::Partnership
            | Category::NameClaim
            | Category::Lead
            | Category::ServiceRequest => {}
        }
    }
}

fn index_of(list: &Vector<Packed>, position: Position) -> Result<usize, usize> {
    list.binary_search_by_key(&position, |packed| packed.position())
}

fn is_in(visible: Option<&Vector<Packed>>, packed: Packed) -> bool {
    visible.is_none_or(|list| index_of(list, packed.position()).is_ok())
}

fn follow(
    list: &Vector<Packed>,
    filter: &TimelineFilter,
    until: Position,
    limit: usize,
    is_visible: impl Fn(Packed) -> bool,
) -> TimelinePart {
    let at = |position| index_of(list, position).unwrap_or_else(|index| index);
    let start = at(filter.from);
    let end = at(until).max(start);
    let oldest_first = list.focus().narrow(start..end).into_iter().copied();
    let mut entries = Vec::new();
    for (looked_at, packed) in oldest_first.enumerate() {
        if entries.len() == limit || looked_at == TIMELINE_SCAN_ENTRIES_MAX {
            return TimelinePart { entries, next: packed.position(), is_last: false };
        }
        if filter.admits(packed.entry()) && is_visible(packed) {
            entries.push(packed.entry());
        }
    }
    TimelinePart { entries, next: until.max(filter.from), is_last: true }
}

fn scan(
    list: &Vector<Packed>,
    filter: &TimelineFilter,
    before: Option<Position>,
    limit: usize,
    is_visible: impl Fn(Packed) -> bool,
) -> TimelinePage {
    let at = |position| index_of(list, position).unwrap_or_else(|index| index);
    let end = before.map_or(list.len(), at);
    let start = at(filter.from).min(end);
    let newest_first = list.focus().narrow(start..end).into_iter().copied().rev();
    let mut entries = Vec::new();
    for (looked_at, packed) in newest_first.enumerate() {
        if entries.len() == limit || looked_at == TIMELINE_SCAN_ENTRIES_MAX {
            return TimelinePage { entries, next: Some(packed.position().next()) };
        }
        if filter.admits(packed.entry()) && is_visible(packed) {
            entries.push(packed.entry());
        }
    }
    TimelinePage { entries, next: None }
}

#[cfg(test)]
mod tests {
    use events::{Event, RelationshipEnded, StreamId};

    use super::*;
    use crate::testing::{History, access_refused, customer, damage_healed, partner};

    fn positions(history: &History, scope: TimelineScope, filter: &TimelineFilter) -> Vec<u64> {
        let page = history.model.audit_timeline().page(scope, filter, None, 100);
        assert_eq!(page.next, None);
        page.entries.iter().map(|entry| entry.position.get()).collect()
    }

    fn of_partner(history: &History, number: u128) -> Vec<u64> {
        positions(history, TimelineScope::Partner(partner(number)), &TimelineFilter::default())
    }

    #[test]
    fn a_partner_sees_its_own_stream_its_partnerships_and_its_customers() {
        let mut history = History::new();
        history.employee(1, 1).employee(2, 2); // 0, 1
        history.partnership(1, 1, 2); // 2 (request), 3
        history.customer(1, "Contoso", 1); // 4, 5
        history.associate(1, 1, 2).user(1, 1); // 6, 7
        history.customer(2, "Foreign", 3); // 8, 9
        assert_eq!(of_partner(&history, 1), [7, 6, 5, 4, 3, 2, 0]);
        assert_eq!(of_partner(&history, 2), [7, 6, 3, 1]);
        assert_eq!(of_partner(&history, 3), [9, 8]);
    }

    #[test]
    fn after_the_end_of_a_relationship_nothing_is_added_and_nothing_is_taken_away() {
        let mut history = History::new();
        history.customer(1, "Contoso", 1).user(1, 1); // 0, 1, 2
        history.then(customer(1), RelationshipEnded { partner_id: partner(1) }); // 3
        history.user(1, 2);
        assert_eq!(of_partner(&history, 1), [3, 2, 1, 0]);
        let scope = TimelineScope::Customer(customer(1));
        assert_eq!(positions(&history, scope, &TimelineFilter::default()), [4, 3, 2, 1, 0]);
    }

    #[test]
    fn another_partners_subscriptions_at_the_same_customer_are_not_shown() {
        let mut history = History::new();
        history.customer(1, "Contoso", 1); // 0, 1
        let second =
            events::RelationshipEstablished { partner_id: partner(2), delegated_admin: false };
        history.then(customer(1), second); // 2
        history.subscribe(1, 1, 5, 10, 1); // 3
        let suspended =
            events::SubscriptionSuspended { subscription_id: crate::testing::subscription(1) };
        history.then(customer(1), suspended).user(1, 1); // 4, 5
        assert_eq!(of_partner(&history, 1), [5, 4, 3, 1, 0]);
        assert_eq!(of_partner(&history, 2), [5, 2]);
        let scope = TimelineScope::PartnerAtCustomer(partner(2), customer(1));
        assert_eq!(positions(&history, scope, &TimelineFilter::default()), [5, 2]);
    }

    #[test]
    fn a_refusal_is_shown_to_the_company_of_who_was_refused_and_a_healing_to_the_installation() {
        let mut history = History::new();
        history.employee(1, 1).employee(2, 2); // 0, 1
        history.then(StreamId::INSTALLATION, access_refused(1, 1)); // 2
        history.then(StreamId::INSTALLATION, damage_healed(1)); // 3
        assert_eq!(of_partner(&history, 1), [2, 0]);
        assert_eq!(of_partner(&history, 2), [1]);
        let scope = TimelineScope::Installation;
        assert_eq!(positions(&history, scope, &TimelineFilter::default()), [3, 2]);
    }

    #[test]
    fn filters_narrow_by_type_category_position_and_customer() {
        let mut history = History::new();
        history.employee(1, 1).customer(1, "Contoso", 1).user(1, 1); // 0, 1 2, 3
        history.customer(2, "Fabrikam", 1).user(2, 2); // 4 5, 6
        let scope = TimelineScope::Partner(partner(1));
        let created = Event::types().find(|kind| kind.1 == "CustomerUserCreated");
        let types = BTreeSet::from([created.unwrap().0.0]);
        let filter = TimelineFilter { types, ..TimelineFilter::default() };
        assert_eq!(positions(&history, scope, &filter), [6, 3]);
        let category = Some(Category::Partner);
        let filter = TimelineFilter { category, ..TimelineFilter::default() };
        assert_eq!(positions(&history, scope, &filter), [0]);
        let filter = TimelineFilter { from: Position::new(4), ..TimelineFilter::default() };
        assert_eq!(positions(&history, scope, &filter), [6, 5, 4]);
        let scope = TimelineScope::PartnerAtCustomer(partner(1), customer(1));
        assert_eq!(positions(&history, scope, &TimelineFilter::default()), [3, 2, 1]);
    }

    #[test]
    fn pages_join_without_gap_or_repeat() {
        let mut history = History::new();
        history.customer(1, "Contoso", 1);
        for number in 0..10 {
            history.user(1, number);
        }
        let timeline = history.model.audit_timeline();
        let (mut seen, mut before) = (Vec::new(), None);
        loop {
            let scope = TimelineScope::Partner(partner(1));
            let page = timeline.page(scope, &TimelineFilter::default(), before, 5);
            seen.extend(page.entries.iter().map(|entry| entry.position.get()));
            before = page.next;
            if before.is_none() {
                break;
            }
        }
        assert_eq!(seen, (0..12).rev().collect::<Vec<_>>());
    }

    #[test]
    fn parts_join_without_gap_or_repeat_while_the_timeline_grows() {
        let mut history = History::new();
        history.customer(1, "Contoso", 1).customer(2, "Foreign", 2);
        for number in 0..7 {
            history.user(1, number).user(2, number);
        }
        let scope = TimelineScope::Partner(partner(1));
        let (mut seen, mut filter) = (Vec::new(), TimelineFilter::default());
        for added in 7..12 {
            let model = &history.model;
            let part = model.audit_timeline().part(scope, &filter, model.position(), 3);
            seen.extend(part.entries.iter().map(|entry| entry.position));
            filter.from = part.next;
            history.user(1, added);
        }
        loop {
            let model = &history.model;
            let part = model.audit_timeline().part(scope, &filter, model.position(), 3);
            seen.extend(part.entries.iter().map(|entry| entry.position));
            filter.from = part.next;
            if part.is_last {
                assert_eq!(part.next, model.position());
                break;
            }
        }
        let all = history.model.audit_timeline().page(scope, &TimelineFilter::default(), None, 100);
        let newest_last: Vec<_> = all.entries.iter().rev().map(|entry| entry.position).collect();
        assert_eq!(seen, newest_last);
    }

    #[test]
    fn a_part_ends_where_it_is_told_to_and_one_that_begins_behind_it_is_empty() {
        let mut history = History::new();
        history.customer(1, "Contoso", 1).user(1, 1).user(1, 2); // 0, 1, 2, 3
        let timeline = history.model.audit_timeline();
        let part = |scope, from, until| {
            let filter = TimelineFilter { from: Position::new(from), ..Default::default() };
            let part = timeline.part(scope, &filter, Position::new(until), 10);
            (part.entries.len(), part.next.get(), part.is_last)
        };
        let own = TimelineScope::Partner(partner(1));
        assert_eq!(part(own, 1, 3), (2, 3, true));
        assert_eq!(part(own, 4, 3), (0, 4, true));
        assert_eq!(part(TimelineScope::Partner(partner(9)), 0, 4), (0, 4, true));
        assert_eq!(part(TimelineScope::PartnerAtCustomer(partner(9), customer(1)), 0, 4).0, 0);
        assert_eq!(part(TimelineScope::PartnerAtCustomer(partner(1), customer(1)), 0, 4).0, 4);
    }

    #[test]
    fn a_page_that_looked_at_enough_comes_back_short_and_says_where_to_go_on() {
        let event = History::new().user(1, 1).events.remove(0);
        let mut timeline = AuditTimeline::default();
        let wanted = Event::types().find(|kind| kind.1 == "CustomerCreated").unwrap();
        let created: events::Event = crate::testing::customer_created(1, "Contoso", 1).into();
        let scope = TimelineScope::Customer(customer(1));
        for index in 0..=TIMELINE_SCAN_ENTRIES_MAX as u64 {
            let mut event = event.clone();
            event.position = Position::new(index);
            if index == 0 {
                event.event.clone_from(&created);
            }
            timeline.record(&event, &[]);
        }
        let filter = TimelineFilter { types: BTreeSet::from([wanted.0.0]), ..Default::default() };
        let page = timeline.page(scope, &filter, None, 10);
        assert_eq!((page.entries.len(), page.next), (0, Some(Position::new(1))));
        let page = timeline.page(scope, &filter, page.next, 10);
        assert_eq!((page.entries.len(), page.next), (1, None));
    }
}
