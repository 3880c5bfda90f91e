//! Laws: what holds after any sequence of commands, whether they were accepted or refused.
//!
//! Random sequences run through the real command handler over a log in memory and a clock that
//! jumps, also to the edge of the restore window. The laws:
//!
//! - the live read model equals a rebuild from the log, and every past model equals what was live;
//! - users, deleted users and roles are those of a plain model a page long;
//! - no seat is given twice, no role category holds two roles, the last global admin stays;
//! - a refused command records nothing, and a repeated one changes nothing.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it is surprised")]

mod commands_of;
mod invariants;
mod moves;
mod plain;
mod play;
mod sample;
mod world;

use std::{cell::RefCell, collections::BTreeMap};

use proptest::{
    collection::vec,
    test_runner::{Config, TestRunner},
};

use self::{moves::a_move, play::Play, world::World};

/// Sequences tried.
const SEQUENCES: u32 = 100;
/// The longest sequence, in commands and jumps of the clock.
const MOVES_MAX: usize = 110;

#[test]
fn whatever_is_asked_in_whatever_order_the_laws_hold() {
    let tally = RefCell::new(BTreeMap::<&'static str, usize>::new());
    let config = Config {
        cases: SEQUENCES,
        failure_persistence: None,
        max_shrink_iters: 400,
        ..Config::default()
    };
    let sequence = (vec(a_move(), MOVES_MAX / 2..=MOVES_MAX), vec(0.0..1.0_f64, 4));
    let outcome = TestRunner::new(config).run(&sequence, |(moves, moments)| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut play = Play::new(World::open().await).await?;
            for a_move in moves {
                play.make(a_move).await?;
            }
            play.look_back(&moments).await?;
            for event in play.events() {
                *tally.borrow_mut().entry(event).or_default() += 1;
            }
            Ok(())
        })
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
    // Laws about things that never happen would hold for nothing.
    let tally = tally.into_inner();
    for event in [
        "CustomerUserCreated",
        "CustomerUserDeleted",
        "CustomerUserRestored",
        "CustomerUserPurged",
        "LicenseAssigned",
        "LicenseRevoked",
        "RoleAssigned",
        "RoleReplaced",
        "RoleRevoked",
        "PartnerUserDeleted",
        "PartnerUserRestored",
        "SubscriptionSuspended",
        "PartnershipEnded",
    ] {
        assert!(tally.get(event).is_some_and(|count| *count > 0), "no {event} in {tally:?}");
    }
}
