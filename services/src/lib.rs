//! The one program `partnerlog`: it wires log, deciders and read model to HTTP, web pages and the
//! command line.
//!
//! This crate answers *how does a person or a program use partnerlog*.
//!
//! **Architecture invariant.** No rule of the business lives here: what may happen is decided in
//! `commands`, what is shown is folded in `projections`. This is the only crate that asks the time,
//! makes random bytes, holds keys, or speaks HTTP.

mod api;
pub mod application;
pub mod auth;
pub mod catalogue;
mod cli;
mod clock;
mod correlation;
mod countries;
pub mod exports;
mod http;
mod ids;
pub mod imports;
mod jwt;
mod keys;
mod mail;
mod months;
mod oauth;
mod process_managers;
mod reports;
pub mod sample;
mod telemetry;
mod vault;
mod web;
mod webhooks;

pub use self::{
    cli::run,
    clock::SystemClock,
    ids::fresh,
    keys::{
        KeyDirectory, KeyError, KeyFileError, KeyProblem, check_key_directory, copy_key_directory,
    },
    vault::{ShownEvent, Vault},
};
