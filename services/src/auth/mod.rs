//! Who is calling? Bearer tokens, passwords and page sessions.

mod access;
mod application_sign_in;
mod bearer;
mod client_secret;
mod key_source;
mod outside;
mod own_password;
mod password;
mod sessions;
mod settings;
mod slow_hash;
mod token;

pub(crate) use self::{
    access::{ACCESS_TOKEN_SECONDS, Access, AccessRules, Bearer, Endpoint, NewAccess},
    application_sign_in::{ApplicationSignInError, Granted, RefreshToken},
    client_secret::{new_client_secret, prove_client_secret},
    own_password::{own_password, pretend, prove},
    settings::TokenSettings,
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
