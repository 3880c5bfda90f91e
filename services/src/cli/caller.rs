//! Who acts at the command line: the operator, or a partner user in whose name the operator acts.

use events::{Client, CorrelationId, EmailAddress};
use projections::{PartnerUserRow, ReadModel};

use super::CliError;
use crate::{
    KeyDirectory,
    application::{Application, Call, Principal},
    ids,
};

/// A call without idempotency key or reason.
pub(super) fn call(app: &Application, principal: Principal, client: Client) -> Call {
    Call::new(principal, client, ids::fresh(app.now(), CorrelationId::from_uuid))
}

/// A call of the operator.
pub(super) fn operator_call(app: &Application) -> Call {
    call(app, Principal::Operator, Client::CommandLine)
}

/// The partner user with this e-mail address, or the operator.
pub(super) fn principal(
    app: &Application,
    option: &'static str,
    email: Option<&str>,
) -> Result<Principal, CliError> {
    let Some(email) = email else { return Ok(Principal::Operator) };
    let model = app.models().current();
    let user = find_user(&model, app.keys(), option, email)?;
    Ok(Principal::PartnerUser { partner: user.partner, user: user.id })
}

/// The partner user who signs in under this e-mail address.
pub(super) fn find_user<'a>(
    model: &'a ReadModel,
    keys: &KeyDirectory,
    option: &'static str,
    text: &str,
) -> Result<&'a PartnerUserRow, CliError> {
    let email = EmailAddress::new(text).map_err(CliError::value(option))?;
    model
        .partner_users()
        .by_sign_in_name(keys.sign_in_name_hash(&email))
        .ok_or_else(|| CliError::Usage(format!("--{option}: nobody signs in as {text}")))
}
