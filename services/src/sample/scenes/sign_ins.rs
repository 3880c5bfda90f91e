//! How people of the provider and of a customer sign in: with the first password and their own, with
//! wrong ones, and with tokens.

use commands::{PartnerAccountCommand, PartnerCommand, PartnerUserCommand};
use events::{CredentialId, PartnerUserId, Role, Timestamp};

use super::{
    super::step::{Step, Task},
    Clients,
    accounts::Account,
    script::Script,
};

/// After its account was opened, somebody waits so long with the first sign-in, in hours.
const FIRST_SIGN_IN_HOURS: i64 = 26;

pub(super) fn scene(mut script: Script<'_>, clients: &Clients, opening: &[Step]) -> Vec<Step> {
    script.at(65);
    let admin = Account { who: clients.buyer.principal(), credential: clients.buyer.credential };
    some_days(admin, true, &mut script);
    let provider = &script.world.provider;
    let first_of = |role| provider.cast.iter().find(|employee| employee.role == role);
    for role in [Role::GlobalAdmin, Role::AdminAgent] {
        let Some(employee) = first_of(role) else { continue };
        let Some((opened_at, credential)) = opened(employee.id, opening) else { continue };
        script.at_moment(opened_at.plus_hours(FIRST_SIGN_IN_HOURS));
        let account = Account { who: provider.principal(employee.id), credential };
        some_days(account, role == Role::AdminAgent, &mut script);
    }
    script.steps()
}

/// The first day with an account, a day of forgetfulness, a token, and the last hours.
fn some_days(mut account: Account, is_forgetful: bool, script: &mut Script<'_>) {
    let session = account.sign_in(script);
    account.choose_password(session, script);
    script.after_minutes(300);
    account.sign_out(session, script);
    script.after_days(6);
    if is_forgetful {
        account.lock_out(script);
        script.after_days(1);
    } else {
        account.mistype(script);
    }
    account.sign_in(script);
    account.use_token(script);
    script.before_the_end(3);
    account.sign_in(script);
}

/// When the account of an employee was opened, and its first password.
fn opened(user: PartnerUserId, opening: &[Step]) -> Option<(Timestamp, CredentialId)> {
    opening.iter().find_map(|step| {
        let Task::Partner(_, command) = &step.task else { return None };
        let added = match command {
            PartnerCommand::Account(PartnerAccountCommand::Register(command)) => &command.admin,
            PartnerCommand::User(PartnerUserCommand::Add(command)) => &command.user,
            _ => return None,
        };
        (added.user_id == user).then_some((step.at, added.credential_id))
    })
}
