//! What the tests of the whole program share: an installation in a directory of its own, a server
//! to talk to, a client that talks to it, and the steps most stories begin with.
//!
//! **Architecture invariant:** everything here goes through the program's front doors, the command
//! line and HTTP; no crate of the product is linked, so no test can know more than a user does.

#![expect(
    clippy::missing_panics_doc,
    clippy::must_use_candidate,
    clippy::return_self_not_must_use,
    clippy::expect_used,
    reason = "support of tests: what goes wrong fails the test that asked for it"
)]

mod api;
mod api_document;
mod catalogue;
mod installation;
mod keys;
mod mail_server;
mod pages;
mod program;
mod sample;
mod server;
mod steps;
mod waiting;

pub use api::{Answer, Api, Request};
pub use api_document::{ApiDocument, Member};
pub use catalogue::{
    OFFER_E3, OFFER_ESSENTIALS, OFFER_PREMIUM, SKU_E3, SKU_ESSENTIALS, SKU_PREMIUM,
};
pub use installation::{Installation, Registered};
pub use keys::fresh_guid;
pub use mail_server::{MailServer, MailServerOptions};
pub use pages::PageSession;
pub use program::{Finished, Program};
pub use sample::Sample;
pub use server::RunningServer;
pub use steps::{Credentials, NewCustomer, NewUser, user_filter};
pub use waiting::until;
