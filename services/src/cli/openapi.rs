//! `partnerlog openapi`: the document of the API, without a server.

use clap::Args;

use super::{CliError, output};
use crate::api;

/// Print the OpenAPI document of the API.
///
/// The same that a server answers at /openapi.json; the copy in docs/openapi.json is made with it.
#[derive(Args)]
pub(super) struct Openapi {}

impl Openapi {
    pub(super) fn run(self) -> Result<(), CliError> {
        let Self {} = self;
        output::line(format_args!("{:#}", api::openapi()))
    }
}
