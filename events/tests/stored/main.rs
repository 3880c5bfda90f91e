//! What is stored stays readable: golden bytes of every version, random events, damaged bytes.

#![expect(clippy::unwrap_used, reason = "the helpers of tests may unwrap, as the tests do")]

mod application_samples;
mod codec;
mod draw;
mod golden;
mod personal;
mod samples;
mod service_requests;
mod sign_in_samples;
