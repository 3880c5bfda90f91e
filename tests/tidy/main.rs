//! Does the repository keep its own rules? What a compiler cannot see is checked here.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "what goes wrong in a helper fails the test that called it"
)]

mod crates;
mod repository;
mod rules;
mod sources;
mod words;
