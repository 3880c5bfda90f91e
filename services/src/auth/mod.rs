//! Who is calling? Bearer tokens, passwords and page sessions.

mod client_secret;
mod own_password;
mod password;
mod sessions;
mod slow_hash;
mod token;

pub(crate) use self::{
    client_secret::new_client_secret,
    own_password::{own_password, pretend, prove},
    token::new_token,
};
pub use self::{
    password::{
        ChosenPasswordError, TEMPORARY_PASSWORD_HOURS, TemporaryPassword, UnacceptablePassword,
        chosen_password, new_temporary_password,
    },
    sessions::{InSeries, SERIES_MAX, SESSION_HOURS, Session, SessionKey, Sessions},
    token::{AuthError, Authenticated, BearerToken},
};
