use std::collections::{BTreeMap, BTreeSet};

use commands::{
    AssociateReseller, ChangeSubscription, CreateCustomerUsers, Customer, CustomerCommand,
    CustomerState, DeleteCustomerUsers, EditCustomerUser, EndRelationship, GrantDirectoryRole,
    NewCustomerUser, PurgeCustomerUser, RESTORE_WINDOW_HOURS, RemoveReseller, RestoreCustomerUser,
    RevokeDirectoryRole, SubmitOrder, Subscription, SubscriptionStatus, UpdateLicenses,
    UpgradeSubscription,
};
use events::{
    Actor, CustomerEvent, CustomerUserEvent, CustomerUserId, DirectoryRole, LicenseEvent,
    LicenseFate, OrderLine, SkuId, SubscriptionEvent, SubscriptionId, Timestamp,
};
use proptest::{collection::vec, option, prelude::*, sample::select};

use super::{Run, Step};
use crate::samples::{
    MAIL, MAIL_OFFER, PROVIDER, PURGE, RESELLER, STRANGER, SUITE, SUITE_OFFER, VOICE, VOICE_OFFER,
    create_contoso, customer_user, hash, line, new_user, order, order_id, partnership, profile,
    quantity, somebody_of, subscription,
};

const NAMES: [&str; 7] = ["root", "ida", "jan", "kim", "lea", "max", "noa"];

/// Root is number 0.
fn user() -> impl Strategy<Value = CustomerUserId> {
    (0_u128..9).prop_map(customer_user)
}

fn users() -> impl Strategy<Value = Vec<CustomerUserId>> {
    vec(user(), 1..4)
}

fn name() -> impl Strategy<Value = &'static str> {
    select(NAMES.as_slice())
}

fn sku() -> impl Strategy<Value = SkuId> {
    select([MAIL, VOICE, SUITE].as_slice())
}

fn directory_role() -> impl Strategy<Value = DirectoryRole> {
    prop_oneof![2 => Just(DirectoryRole::GlobalAdmin), 1 => select(DirectoryRole::ALL.as_slice())]
}

fn bought() -> impl Strategy<Value = SubscriptionId> {
    (1_u128..7).prop_map(subscription)
}

fn actor() -> impl Strategy<Value = Actor> {
    prop_oneof![
        12 => Just(somebody_of(PROVIDER)),
        2 => Just(somebody_of(RESELLER)),
        1 => Just(somebody_of(STRANGER)),
        3 => Just(Actor::Operator),
        1 => Just(PURGE),
    ]
}

fn buying() -> impl Strategy<Value = CustomerCommand> {
    prop_oneof![
        4 => (1_u128..9, bought(), any::<bool>(), 1_u32..7).prop_map(
            |(id, subscription_id, mail, n)| {
                let offer = if mail { MAIL_OFFER } else { VOICE_OFFER };
                let line = OrderLine { subscription_id, ..line(0, offer, n) };
                SubmitOrder { order_id: order_id(id), ..order(vec![line]) }.into()
            }
        ),
        2 => (bought(), select([SUITE_OFFER, VOICE_OFFER].as_slice())).prop_map(
            |(subscription_id, offer_id)| UpgradeSubscription { subscription_id, offer_id }.into()
        ),
        6 => (bought(), option::of(1_u32..8), option::of(0_u8..9)).prop_map(
            |(subscription_id, number, status)| {
                let status = status.map(|status| match status {
                    0..4 => SubscriptionStatus::Active,
                    4..8 => SubscriptionStatus::Suspended,
                    _ => SubscriptionStatus::Cancelled,
                });
                let quantity = number.map(quantity);
                ChangeSubscription { subscription_id, quantity, status, friendly_name: None }.into()
            }
        ),
    ]
}

fn new_users() -> impl Strategy<Value = CustomerCommand> {
    let user = (1_u128..9, name(), vec(sku(), 0..2), vec(directory_role(), 0..2)).prop_map(
        |(number, name, licenses, directory_roles)| NewCustomerUser {
            licenses,
            directory_roles,
            ..new_user(number, name)
        },
    );
    vec(user, 1..3).prop_map(|users| CreateCustomerUsers { users }.into())
}

fn using() -> impl Strategy<Value = CustomerCommand> {
    prop_oneof![
        2 => new_users(),
        1 => (user(), name(), any::<bool>()).prop_map(|(user_id, name, placed)| {
            let mut profile = profile(name);
            profile.usage_location = profile.usage_location.filter(|_| placed);
            EditCustomerUser { user_id, user_name: hash(name), profile }.into()
        }),
        3 => users().prop_map(|user_ids| DeleteCustomerUsers { user_ids }.into()),
        4 => user().prop_map(|user_id| RestoreCustomerUser { user_id, renamed: None }.into()),
        1 => user().prop_map(|user_id| PurgeCustomerUser { user_id }.into()),
        5 => (users(), vec(sku(), 0..3), vec(sku(), 0..2)).prop_map(
            |(user_ids, assign, remove)| UpdateLicenses { user_ids, assign, remove }.into()
        ),
        2 => (user(), directory_role())
            .prop_map(|(user_id, role)| GrantDirectoryRole { user_id, role }.into()),
        2 => (user(), directory_role())
            .prop_map(|(user_id, role)| RevokeDirectoryRole { user_id, role }.into()),
    ]
}

fn serving() -> impl Strategy<Value = CustomerCommand> {
    prop_oneof![
        3 => Just(AssociateReseller { provider: PROVIDER, reseller: RESELLER }.into()),
        2 => Just(RemoveReseller { provider: PROVIDER, reseller: RESELLER }.into()),
        1 => Just(EndRelationship { partner_id: PROVIDER }.into()),
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step<CustomerCommand>>> {
    let command = prop_oneof![16 => buying(), 48 => using(), 1 => serving()];
    let hours = prop_oneof![15 => 0..12_i64, 1 => 600..800_i64];
    let step = (hours, actor(), command).prop_map(|(hours, actor, command)| Step {
        hours,
        actor,
        command,
    });
    vec(step, 1..120)
}

/// Contoso is created, buys a little and has some users, so that what follows finds something.
fn opening() -> Vec<Step<CustomerCommand>> {
    let users = (1..5).map(|number| new_user(number, &format!("user{number}"))).collect();
    let lines = vec![line(0, MAIL_OFFER, 3), line(1, VOICE_OFFER, 5)];
    let commands: [CustomerCommand; 3] =
        [create_contoso().into(), order(lines).into(), CreateCustomerUsers { users }.into()];
    let step = |command| Step { hours: 0, actor: somebody_of(PROVIDER), command };
    commands.into_iter().map(step).collect()
}

/// Seats are counted user by user; they are all bought, and all active unless some are suspended.
fn assert_seats_are_sound(state: &CustomerState) {
    for sku in [MAIL, VOICE, SUITE] {
        let in_use = state.users().filter(|(_, user)| user.licenses.contains(&sku)).count();
        let in_use = u32::try_from(in_use).unwrap();
        assert_eq!(in_use, state.consumed(sku));
        let alive = |held: &Subscription| held.status != SubscriptionStatus::Cancelled;
        let held =
            || state.subscriptions().filter(move |(_, held)| held.sku_id == sku && alive(held));
        let all: u32 = held().map(|(_, held)| held.quantity.get()).sum();
        assert!(in_use <= all, "{in_use} of {all} seats in use");
        let pool = state.pool(sku).unwrap_or_default();
        let suspended = held().any(|(_, held)| held.status == SubscriptionStatus::Suspended);
        assert!(in_use <= pool || suspended, "{in_use} of {pool} seats in use, none suspended");
        assert_eq!(state.available(sku), pool.saturating_sub(in_use));
    }
}

fn assert_users_are_sound(state: &CustomerState) {
    let mut names = BTreeSet::new();
    for (id, user) in state.users() {
        if user.is_active() {
            assert!(names.insert(user.user_name), "active names are unique");
            assert_eq!(state.user_named(user.user_name), Some(id));
            assert!(user.has_usage_location || user.licenses.is_empty());
        } else {
            assert!(user.licenses.is_empty(), "a deleted user has no seat");
        }
    }
    assert!(state.holders_of(DirectoryRole::GlobalAdmin).next().is_some(), "an admin is left");
}

/// Seats are given only where they are, and users restored only within the window.
fn assert_events_are_entitled(
    events: &[CustomerEvent],
    state: &CustomerState,
    deleted_at: &BTreeMap<CustomerUserId, Timestamp>,
    now: Timestamp,
) {
    for event in events {
        let gained = match event {
            CustomerEvent::License(LicenseEvent::LicenseAssigned(event)) => vec![event.sku_id],
            CustomerEvent::User(CustomerUserEvent::CustomerUserRestored(event)) => {
                let end = deleted_at[&event.user_id].plus_hours(RESTORE_WINDOW_HOURS);
                assert!(now < end, "restored at {now}, after {end}");
                let back = event.licenses.iter().filter(|it| it.fate == LicenseFate::Restored);
                back.map(|outcome| outcome.sku_id).collect()
            }
            CustomerEvent::User(CustomerUserEvent::CustomerUserPurged(event)) => {
                assert!(now >= deleted_at[&event.user_id].plus_hours(RESTORE_WINDOW_HOURS));
                Vec::new()
            }
            CustomerEvent::Subscription(SubscriptionEvent::SubscriptionUpgraded(event))
                if !event.moved.is_empty() =>
            {
                vec![event.new_sku_id]
            }
            _ => Vec::new(),
        };
        for sku in gained {
            let pool = state.pool(sku).unwrap_or_default();
            assert!(state.consumed(sku) <= pool, "a seat was given that was not there");
        }
    }
}

proptest! {
    #[test]
    fn seats_names_and_admins_stay_sound_whatever_is_asked_of_a_customer(steps in steps()) {
        let mut run = Run::<Customer>::new(vec![partnership()]);
        let mut deleted_at = BTreeMap::new();
        for step in opening().iter().chain(&steps) {
            let before = run.state.clone();
            let Ok(events) = run.step(step) else {
                prop_assert_eq!(&run.state, &before);
                continue;
            };
            assert_events_are_entitled(&events, &run.state, &deleted_at, run.now);
            for event in &events {
                if let CustomerEvent::User(CustomerUserEvent::CustomerUserDeleted(event)) = event {
                    deleted_at.insert(event.user_id, run.now);
                }
            }
            assert_seats_are_sound(&run.state);
            assert_users_are_sound(&run.state);
        }
        run.assert_state_is_the_fold();
    }

    #[test]
    fn a_partner_without_access_changes_nothing(steps in steps()) {
        let mut run = Run::<Customer>::new(vec![partnership()]);
        for step in opening() {
            run.step(&step).unwrap();
        }
        for step in steps {
            let stranger = Step { actor: somebody_of(STRANGER), ..step };
            prop_assert!(run.step(&stranger).is_err());
        }
    }
}
