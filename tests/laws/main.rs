//! Laws: what holds after any sequence of commands, whether they were accepted or refused.
//!
//! Random sequences of every command there is, given by everybody there is, run through the real
//! command handler over a log in memory and a clock that jumps, also to the edges of restore windows,
//! links, carts and locks. The laws:
//!
//! - what a plain model of the domain (`model`) expects to be accepted is accepted, what it expects to
//!   be refused is refused, for a reason that it knows, and views show what it knows;
//! - the live read model equals a rebuild from the log, and every past model equals what was live;
//! - no seat is given twice, no role category holds two roles, the last global admin stays;
//! - a refused command records nothing, and a repeated one changes nothing.
//!
//! By default the same sequences run every time. `LAWS_SEQUENCES` says how many, and with it
//! `LAWS_SEED` which ones, a number; without a seed a fresh one is drawn, and told where it fails:
//! `LAWS_SEQUENCES=2000 cargo test -p services --test laws -- --nocapture whatever`.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it is surprised")]

mod completeness;
mod dice;
mod found;
mod invariants;
mod model;
mod moves;
mod opening;
mod play;
mod sample;
mod scene;
mod task;
mod world;

use std::cell::RefCell;

use proptest::{
    collection::vec,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

use self::{
    moves::a_move,
    play::{Play, Tally},
    world::World,
};

/// Sequences tried unless it is said otherwise.
const SEQUENCES: u32 = 100;
/// The longest sequence, in commands and jumps of the clock.
const MOVES_MAX: usize = 300;

/// A number from the environment.
fn asked_for(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().expect(name))
}

/// How many sequences, and which.
fn scale() -> (u32, u64) {
    let Some(sequences) = asked_for("LAWS_SEQUENCES") else { return (SEQUENCES, 1) };
    let drawn =
        || u64::from(uuid::Uuid::now_v7().as_fields().1) << 32 | u64::from(std::process::id());
    (u32::try_from(sequences).unwrap(), asked_for("LAWS_SEED").unwrap_or_else(drawn))
}

#[test]
fn whatever_is_asked_in_whatever_order_the_laws_hold() {
    let tally = RefCell::new(Tally::default());
    let (cases, seed) = scale();
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let sequence = (vec(a_move(), MOVES_MAX / 2..=MOVES_MAX), vec(0.0..1.0_f64, 4));
    let outcome = TestRunner::new_with_rng(config, rng).run(&sequence, |(moves, moments)| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut play = Play::new(World::open().await);
            play.open().await?;
            for a_move in &moves {
                play.make(a_move).await?;
            }
            play.look_back(&moments).await?;
            tally.borrow_mut().add(&play.tally);
            Ok(())
        })
    });
    if let Err(failure) = outcome {
        panic!("seed {seed}: {failure}");
    }
    let tally = tally.into_inner();
    eprintln!("{tally:#?}");
    // Laws about things that never happen would hold for nothing.
    if cases >= SEQUENCES {
        completeness::check(&tally);
    }
}
