//! The generated life of a reseller is a history like any other: the rules accept all of it.

use std::{collections::BTreeSet, sync::Arc};

use events::{Event, Position, Role, Timestamp};
use projections::rebuild;
use services::{
    application::Application,
    sample::{Enactment, HistoryClock, Plan, Scale, Spec, steps_recorded},
};

use crate::world::{application, keys};

const SEEDS: u64 = 3;
const SCALE: Scale =
    Scale { customers: 12, users: 150, resellers: 2, days: 200, changes_per_user: 4 };

fn plan(seed: u64) -> Plan {
    let end = Timestamp::EPOCH.plus_hours(24 * 365 * 55);
    Plan::new(Spec { seed, scale: SCALE, end }, keys()).unwrap()
}

/// Carries out so many steps, or all that are left.
async fn enact(app: &Application, clock: &HistoryClock, seed: u64, steps: usize) -> u64 {
    let mut history = Enactment::resume(app, clock, plan(seed)).await.unwrap();
    for _ in 0..steps {
        if history.step().await.unwrap().is_none() {
            break;
        }
    }
    history.steps()
}

#[tokio::test]
async fn no_step_of_a_sample_history_is_refused_whatever_its_seed() {
    for seed in 0..SEEDS {
        let clock = Arc::new(HistoryClock::present());
        let (app, stop) = application(Arc::<HistoryClock>::clone(&clock)).await;
        let steps = enact(&app, &clock, seed, usize::MAX).await;
        assert_eq!(steps, plan(seed).count() as u64);

        let model = app.models().current();
        let rebuilt = rebuild(&**app.store(), None).await.unwrap();
        assert_eq!(model.differences(&rebuilt), Vec::<&str>::new());
        assert!(model.customers().len() > SCALE.customers);
        let history = plan(seed);
        for (role, user) in history.provider_users() {
            let row = model.partner_users().get(history.provider(), user).unwrap();
            assert!(row.roles.has(role) && row.roles.has(Role::DefaultAccess), "{role}");
        }
        stop.cancel();
    }
}

/// What no history holds, and why.
const NOT_IN_A_HISTORY: [(&str, &str); 7] = [
    ("DamageHealed", "the files of a history are whole"),
    ("AccessRefused", "no step of a history is refused"),
    ("ApplicationSignInFailed", "no application of a history runs"),
    ("ApplicationGrantRenewed", "no application of a history runs"),
    ("ApplicationGrantEnded", "no application of a history runs"),
    ("WebhookDelivered", "nobody receives anything in a history"),
    ("WebhookDeliveryFailed", "nobody receives anything in a history"),
];

#[tokio::test]
async fn every_type_of_event_occurs_in_a_sample_history_or_has_a_reason_not_to() {
    let clock = Arc::new(HistoryClock::present());
    let (app, stop) = application(Arc::<HistoryClock>::clone(&clock)).await;
    enact(&app, &clock, 0, usize::MAX).await;
    let records = app.store().read_log(Position::default(), usize::MAX).await.unwrap();
    let occurred: BTreeSet<_> =
        records.iter().map(|record| record.decode().unwrap().event.name()).collect();
    let missing: BTreeSet<_> =
        Event::types().map(|(_, name, _)| name).filter(|name| !occurred.contains(name)).collect();
    assert_eq!(missing, NOT_IN_A_HISTORY.map(|(name, _)| name).into());
    stop.cancel();
}

#[tokio::test]
async fn a_sample_history_that_broke_off_goes_on_where_the_log_ends() {
    let clock = Arc::new(HistoryClock::present());
    let (app, stop) = application(Arc::<HistoryClock>::clone(&clock)).await;
    assert_eq!(enact(&app, &clock, 1, 100).await, 100);
    assert_eq!(steps_recorded(&**app.store()).await.unwrap(), 100);
    let all = plan(1).count() as u64;
    assert_eq!(enact(&app, &clock, 1, usize::MAX).await, all);
    assert_eq!(enact(&app, &clock, 1, usize::MAX).await, all, "a third start has nothing to do");
    stop.cancel();
}
