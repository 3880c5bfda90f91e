//! What may be asked: one move after the other, each made of small numbers.

#![expect(
    clippy::unnecessary_wraps,
    reason = "all makers have one signature, and some always find something"
)]

mod accounts;
mod applications;
mod bonds;
mod customers;
mod devices;
mod leads;
mod network;
pub(crate) mod partners;
mod relationships;
pub(crate) mod sales;
mod service_requests;
pub(crate) mod staff;
pub(crate) mod users;
pub(crate) mod values;
mod webhooks;

use std::{collections::BTreeSet, fmt};

use proptest::prelude::*;
use services::application::Principal;

use crate::{
    dice::Dice,
    play::Tally,
    scene::{By, Scene},
    task::Task,
};

/// How many numbers a move is made of.
const NUMBERS: usize = 24;

/// Something that is asked, or a jump of the clock.
#[derive(Clone)]
pub(crate) struct Move {
    /// What, and how everything about it comes out.
    numbers: Vec<u16>,
    /// Whether the same request is sent again.
    pub(crate) twice: bool,
}

/// On one line.
impl fmt::Debug for Move {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let twice = if self.twice { " twice" } else { "" };
        write!(f, "Move {:?}{twice}", format_args!("{:?}", self.numbers).to_string())
    }
}

/// What a move comes down to.
pub(crate) enum Made {
    /// The clock goes on by so many seconds.
    Wait(i64),
    /// The clock goes to where something ends next, and so many seconds beyond.
    WaitForEdge(i64),
    /// Somebody asks for something.
    Ask(Principal, Box<Task>),
    /// There is nothing that could be meant.
    Nothing,
}

/// How a move about something is made.
type Make = fn(&mut Scene<'_>) -> Option<(By, Task)>;

/// What moves are about, and how often: those that lead somewhere more often.
const CHANCES: &[(usize, Make)] = &[
    (16, partners::any),
    (12, accounts::any),
    (5, applications::any),
    (5, staff::any),
    (8, network::any),
    (7, webhooks::any),
    (13, bonds::any),
    (9, customers::any),
    (11, relationships::any),
    (20, sales::any),
    (30, users::any),
    (6, devices::any),
    (8, leads::any),
    (10, service_requests::any),
];
/// The clock jumps once in so many moves.
const CLOCK_ONE_IN: usize = 20;

/// Any move.
pub(crate) fn a_move() -> impl Strategy<Value = Move> {
    (prop::collection::vec(any::<u16>(), NUMBERS), prop::bool::weighted(0.15))
        .prop_map(|(numbers, twice)| Move { numbers, twice })
}

impl Move {
    /// The dice of the move.
    pub(crate) fn dice(&self) -> Dice {
        Dice::new(self.numbers.clone())
    }
}

/// How many moves are thought of to find one that should be accepted.
const TRIES_MAX: usize = 12;
/// How many to find the rarest.
const RARE_TRIES_MAX: usize = 40;

/// Makes a move of what is there: any at all, or one that should be accepted, or that of several which
/// leads to what the history has had least, be it a command or the reason for a refusal.
pub(crate) fn made(scene: &mut Scene<'_>, had: &Tally) -> Made {
    if scene.dice.one_in(CLOCK_ONE_IN) {
        return jump(scene);
    }
    match scene.dice.below(10) {
        0..2 => anything(scene),
        2..6 => {
            for _ in 1..TRIES_MAX {
                match anything(scene) {
                    Made::Ask(by, task) if !refused(scene, by, &task).is_empty() => {}
                    Made::Nothing => {}
                    found => return found,
                }
            }
            anything(scene)
        }
        kind => rarest(scene, had, kind < 8),
    }
}

fn refused(scene: &Scene<'_>, by: Principal, task: &Task) -> BTreeSet<&'static str> {
    scene.plain.verdict(by, task, scene.now).expected().clone()
}

fn rarest(scene: &mut Scene<'_>, had: &Tally, accepted: bool) -> Made {
    let mut rarest = None::<(usize, Principal, Box<Task>)>;
    for _ in 0..RARE_TRIES_MAX {
        let Made::Ask(by, task) = anything(scene) else { continue };
        let codes = refused(scene, by, &task);
        if codes.is_empty() != accepted {
            continue;
        }
        let count = if accepted {
            let counts = task.commands().into_iter();
            counts.map(|name| had.accepted.get(name).copied().unwrap_or(0)).min()
        } else {
            codes.iter().map(|code| had.refused.get(code).copied().unwrap_or(0)).min()
        };
        let count = count.unwrap_or(0);
        if rarest.as_ref().is_none_or(|(other, ..)| count < *other) {
            rarest = Some((count, by, task));
            if count == 0 {
                break;
            }
        }
    }
    rarest.map_or(Made::Nothing, |(_, by, task)| Made::Ask(by, task))
}

fn anything(scene: &mut Scene<'_>) -> Made {
    let all: usize = CHANCES.iter().map(|(chance, _)| chance).sum();
    let mut number = scene.dice.below(all);
    for (chance, make) in CHANCES {
        if number < *chance {
            return match make(scene) {
                Some((by, task)) => Made::Ask(scene.caller(by), Box::new(task)),
                None => Made::Nothing,
            };
        }
        number -= chance;
    }
    Made::Nothing
}

fn jump(scene: &mut Scene<'_>) -> Made {
    match scene.dice.below(8) {
        0..=2 => Made::WaitForEdge(i64::try_from(scene.dice.below(3)).unwrap_or(0) - 1),
        3..=5 => Made::Wait(60 * (1 + i64::try_from(scene.dice.below(20)).unwrap_or(0))),
        6 => Made::Wait(3_600 * (1 + i64::try_from(scene.dice.below(200)).unwrap_or(0))),
        _ => Made::Wait(3_600 * (690 + i64::try_from(scene.dice.below(31)).unwrap_or(0))),
    }
}
