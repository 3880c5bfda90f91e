//! HTTP: one server for the API, the web pages, health and metrics.

mod app_only;
mod body;
mod caller;
mod connections;
mod context;
mod error;
mod forwarded;
mod health;
mod limits;
mod locale;
mod path;
mod server;
mod streams;
mod tls;
mod unread;
mod value_fault;

use std::sync::Arc;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC};

pub(crate) use self::{
    app_only::takes_no_user,
    body::{JsonBody, RawBody},
    caller::{Asking, Caller, SignedIn},
    context::RequestContext,
    error::{ApiError, BodyProblem},
    forwarded::{hosts, is_through_tls, own_address},
    limits::{Limits, Rates, TooManyRequests},
    path::is_of_contract,
    server::{ServeError, Server},
    streams::{StreamPlace, Streams},
    tls::{Tls, TlsError, TlsSettings},
    value_fault::ValueFault,
};
use crate::application::Application;

/// What may stand as it is in a parameter of an address.
pub(crate) const PARAMETER: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// What every handler can reach.
pub(crate) type AppState = Arc<Application>;
