//! Sample data: a catalogue, and the generated life of a reseller.
//!
//! A [`Plan`] tells, step by step, what a provider, its resellers and their customers do in the
//! course of a year; an [`Enactment`] carries the steps out as real commands while a
//! [`HistoryClock`] moves with them. Equal [`Spec`]s give equal plans, and a plan that broke off is
//! resumed where the log ends. What a plan remembers grows with what is alive, never with what
//! happened, so that it can run to millions of events.

mod calendar;
mod catalogue;
mod customer;
mod dice;
mod enact;
mod history_clock;
mod opening;
mod plan;
mod regions;
mod scale;
mod scenes;
mod secrets;
mod staff;
mod step;
#[cfg(test)]
mod tests;
mod world;

pub use self::{
    catalogue::sample_catalogue,
    enact::{EnactError, Enactment, steps_recorded},
    history_clock::HistoryClock,
    plan::Plan,
    scale::{Scale, Spec},
    step::{Names, Step, Why},
};
