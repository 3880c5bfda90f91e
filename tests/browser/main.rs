//! The pages, as somebody at a screen sees them: a real Chromium against the real server.
//!
//! Where no Chromium is installed the tests say so and pass; CI installs one.

#![expect(
    clippy::unwrap_used,
    reason = "what goes wrong in a helper fails the test that called it"
)]

mod api_browser;
mod company;
mod elevation;
mod foreign_site;
mod forgery;
mod invoices;
mod markup;
mod new_customer;
mod orders;
mod partnership;
mod past;
mod roles;
mod sign_in;
mod user_story;
mod window;

/// The program that these tests belong to.
const PROGRAM: &str = env!("CARGO_BIN_EXE_partnerlog");

/// Opens a browser window on a server, or says that there is no browser and returns.
macro_rules! window_or_return {
    ($server:expr) => {
        match $crate::window::Window::open($server.url()).await {
            Some(window) => window,
            None => return,
        }
    };
}
pub(crate) use window_or_return;
