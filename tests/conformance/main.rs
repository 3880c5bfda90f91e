//! Does partnerlog speak the contract? The real server, asked by a client that was written for
//! Partner Center and by tables that were written from the contract, not from the code.

#![expect(
    clippy::expect_used,
    reason = "what goes wrong in a helper fails the test that called it"
)]

mod clients;
mod dialect;
mod document;
mod fuzz;
mod kinds;
mod market;
mod pattern;
mod python;
mod run;
mod table;
mod tables;
mod walk;

/// The program that these tests belong to.
const PROGRAM: &str = env!("CARGO_BIN_EXE_partnerlog");
