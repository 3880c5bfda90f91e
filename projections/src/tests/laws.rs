//! Laws that hold for every history that could have happened.

use events::{Position, Process, RecordedEvent};
use proptest::prelude::*;
use store::EventStore as _;

use crate::{
    read_model::ReadModel,
    rebuild::rebuild,
    testing::{
        customer, partner,
        plausible::{history, steps},
        recording::Recording,
    },
    views::{
        customer_user_row::CustomerUserFilter, customers::CustomerFilter, due::Due,
        letter_state::LetterState, relationship_requests::RelationshipRequestState,
        resellers::PartnershipState,
    },
};

const PARTNERS: std::ops::Range<u128> = 0..4;
const CUSTOMERS: std::ops::Range<u128> = 0..4;

/// Cuts a history into commits: at the given places, and wherever a stream comes up again.
fn commits(events: &[RecordedEvent], cuts: &[prop::sample::Index]) -> Vec<Vec<RecordedEvent>> {
    let cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(events.len().max(1))).collect();
    let mut commits: Vec<Vec<RecordedEvent>> = Vec::new();
    for (index, event) in events.iter().enumerate() {
        let joins = commits.last().is_some_and(|commit| {
            let same = commit.last().is_some_and(|last| last.stream == event.stream);
            same || commit.iter().all(|other| other.stream != event.stream)
        });
        if joins && !cuts.contains(&index) {
            commits.last_mut().unwrap().push(event.clone());
        } else {
            commits.push(vec![event.clone()]);
        }
    }
    commits
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn however_versions_are_cut_the_same_events_make_the_same_model(
        steps in steps(),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..10),
    ) {
        let history = history(&steps);
        let mut versions = Vec::new();
        let mut model = ReadModel::new();
        for commit in commits(&history.events, &cuts) {
            versions.push(model.clone());
            for event in &commit {
                model.apply(event).unwrap();
            }
        }
        prop_assert_eq!(model.differences(&history.model), Vec::<&str>::new());
        prop_assert_eq!(&model, &history.model);
        for version in versions {
            let mut again = ReadModel::new();
            let end = usize::try_from(version.position().get()).unwrap();
            for event in &history.events[..end] {
                again.apply(event).unwrap();
            }
            prop_assert_eq!(version, again, "a kept version never changes");
        }
    }

    #[test]
    fn runner_rebuild_and_as_of_equal_the_plain_fold(
        steps in steps(),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..10),
        split in any::<prop::sample::Index>(),
        asked in prop::collection::vec(any::<prop::sample::Index>(), 1..6),
    ) {
        let history = history(&steps);
        let commits = commits(&history.events, &cuts);
        runtime().block_on(async {
            let recording = Recording::new();
            let split = split.index(commits.len() + 1);
            for commit in &commits[..split] {
                recording.append(commit).await;
            }
            let running = recording.follow();
            for commit in &commits[split..] {
                recording.append(commit).await;
            }
            let live = running.at(recording.store.head()).await;
            assert_eq!(live.differences(&history.model), Vec::<&str>::new());
            assert_eq!(rebuild(&recording.store, None).await.unwrap(), *live);
            for asked in asked {
                let position = Position::new(asked.index(history.events.len() + 1) as u64);
                let then = running.models.as_of_position(position).await.unwrap();
                assert_eq!(*then, rebuild(&recording.store, Some(position)).await.unwrap());
                if let Some(recorded_at) = then.recorded_at() {
                    assert_eq!(*running.models.as_of_time(recorded_at).await.unwrap(), *then);
                }
            }
        });
    }

    #[test]
    fn the_views_agree_with_each_other(steps in steps()) {
        let history = history(&steps);
        let model = &history.model;
        lists_hold_exactly_the_customers_a_partner_sees(model);
        for number in CUSTOMERS {
            seats_in_use_are_those_of_the_users(model, number);
            counts_are_those_of_the_rows(model, number);
        }
        let later = history.now.plus_hours(10_000);
        for process in [Process::Purge, Process::Mail, Process::Expiry, Process::SupportContacts, Process::Webhooks, Process::Terms] {
            let due = model.deadlines().due(process, later, None, 1_000);
            prop_assert_eq!(due.len(), model.deadlines().waiting(process));
            for deadline in due {
                prop_assert!(is_still_to_be_done(model, deadline.due), "{:?}", deadline);
            }
        }
    }
}

fn is_still_to_be_done(model: &ReadModel, due: Due) -> bool {
    match due {
        Due::PurgeCustomerUser { customer, user } => {
            !model.customer_users().get(customer, user).unwrap().state.is_active()
        }
        Due::PurgePartnerUser { partner, user } => {
            !model.partner_users().get(partner, user).unwrap().state.is_active()
        }
        Due::ExpireInvitation { partnership } => {
            model.resellers().get(partnership).unwrap().state == PartnershipState::Requested
        }
        Due::ExpireRelationshipRequest { stream, invitation } => {
            let row = model.relationship_requests().get(invitation).unwrap();
            row.stream == stream && row.state == RelationshipRequestState::Requested
        }
        Due::ExpireCart { customer, cart } => {
            model.carts().get(customer, cart).unwrap().is_open(events::Timestamp::EPOCH)
        }
        Due::EndSubscription { customer, subscription } => {
            let row = model.subscriptions().get(customer, subscription).unwrap();
            row.ends_at.is_some() && !row.state.is_cancelled()
        }
        Due::FallBackSupportContacts { customer, provider, reseller } => {
            let mut contacts = model.support_contacts().of_contact(provider, reseller);
            let associated = model.customers().get(customer).is_some_and(|row| {
                let mut resellers = row.resellers.iter();
                resellers.any(|it| (it.provider, it.reseller) == (provider, reseller))
            });
            associated || contacts.any(|(of, _)| of == customer)
        }
        Due::SendRelationshipLetter { stream, invitation } => {
            let row = model.relationship_requests().get(invitation).unwrap();
            let is_under_way = matches!(row.letter, LetterState::UnderWay { .. });
            row.stream == stream && is_under_way && row.state == RelationshipRequestState::Requested
        }
        Due::SendInvitation { partnership } => {
            let row = model.resellers().get(partnership).unwrap();
            let is_under_way = matches!(row.letter, LetterState::UnderWay { .. });
            is_under_way && row.state == PartnershipState::Requested
        }
    }
}

fn lists_hold_exactly_the_customers_a_partner_sees(model: &ReadModel) {
    for number in PARTNERS {
        let viewer = partner(number);
        let page = model.customers().list(viewer, &CustomerFilter::default(), None, 100);
        let mut listed: Vec<_> = page.rows.iter().map(|row| row.id).collect();
        assert_eq!(page.total, listed.len());
        listed.sort_unstable();
        let holds = |row: &crate::CustomerRow, partner| {
            row.relationship(partner).is_some_and(|bond| bond.active)
        };
        let sees = |row: &&crate::CustomerRow| {
            holds(row, viewer)
                || row.resellers.iter().any(|bond| {
                    bond.reseller == viewer
                        && holds(row, bond.provider)
                        && model.resellers().between(bond.provider, viewer).is_some()
                })
        };
        let expected: Vec<_> = model.customers().iter().filter(sees).map(|row| row.id).collect();
        assert_eq!(listed, expected);
    }
}

fn seats_in_use_are_those_of_the_users(model: &ReadModel, number: u128) {
    for (sku, seats) in model.licenses().of(customer(number)) {
        let users = model.customer_users().active(customer(number));
        let holders = users.filter(|row| row.licenses.contains(&sku)).count();
        assert_eq!(seats.consumed, holders as u64);
        let subscriptions = model.subscriptions().of(customer(number));
        let of_sku = subscriptions.filter(|row| row.sku == sku && !row.state.is_cancelled());
        let total: u64 = of_sku.map(|row| u64::from(row.quantity.get())).sum();
        assert_eq!(seats.total(), total);
    }
}

fn counts_are_those_of_the_rows(model: &ReadModel, number: u128) {
    let (users, customer) = (model.customer_users(), customer(number));
    let counts = users.counts(customer);
    let deleted = CustomerUserFilter { deleted: true, ..CustomerUserFilter::default() };
    assert_eq!(counts.active, users.active(customer).count());
    assert_eq!(counts.deleted, users.matching(customer, &deleted).count());
    let now = model.recorded_at().unwrap_or(events::Timestamp::EPOCH);
    assert_eq!(counts.deleted, model.deleted_users().restorable_count(customer, now));
    for role in events::DirectoryRole::ALL {
        let held = users.active(customer).filter(|row| row.directory_roles.has(role)).count();
        assert_eq!(users.members(customer, role, None).count(), held);
    }
}
