//! The people of the installation: operators who decide support requests, auditors who read.

use commands::{
    AddOperator, AdmitAuditor, DismissAuditor, NewPerson, RemoveOperator, ResetAccountPassword,
};
use events::{
    AuditScope, AuditorId, CredentialId, EmailAddress, InstallationAccount, InvalidValue,
    OperatorId, PersonName, PersonProfile,
};
use uuid::Uuid;

use super::{super::step::Step, accounts::Account, script::Script};
use crate::{application::Principal, auth::TEMPORARY_PASSWORD_HOURS};

/// The operator who is there from the first day on.
pub(in super::super) const OPERATOR: OperatorId =
    OperatorId::from_uuid(Uuid::from_u128(0x5a3e_0001_7000_8000_0000_0000_0001));
/// The same as a principal: decides, asks back, tells of incidents.
pub(super) const SUPPORT: Principal = Principal::SupportOperator { operator: OPERATOR };
/// The auditor who may still read when the history ends.
pub(in super::super) const AUDITOR: AuditorId =
    AuditorId::from_uuid(Uuid::from_u128(0x5a3e_0001_7000_8000_0000_0000_0002));
/// For how long auditors are admitted, in hours.
const AUDIT_HOURS: i64 = 200 * 24;

pub(super) fn scene(mut script: Script<'_>) -> Result<Vec<Step>, InvalidValue> {
    let by = Principal::Operator;
    script.at(1);
    let person = person("Olga Novak", "olga.novak@operations.example", &mut script)?;
    let mut olga = Account { who: SUPPORT, credential: person.credential_id };
    script.on_installation(by, AddOperator { operator_id: OPERATOR, person });
    let session = olga.sign_in(&mut script);
    olga.choose_password(session, &mut script);
    script.after_minutes(240);
    olga.sign_out(session, &mut script);
    short_stay(&mut script)?;
    auditors(&mut script)?;
    script.before_the_end(4);
    olga.sign_in(&mut script);
    Ok(script.steps())
}

/// A second operator, who forgets the password and does not stay.
fn short_stay(script: &mut Script<'_>) -> Result<(), InvalidValue> {
    let by = Principal::Operator;
    script.at(40);
    let operator_id = script.id(OperatorId::from_uuid);
    let person = person("Piet Jansen", "piet.jansen@operations.example", script)?;
    let who = Principal::SupportOperator { operator: operator_id };
    let piet = Account { who, credential: person.credential_id };
    script.on_installation(by, AddOperator { operator_id, person });
    piet.lock_out(script);
    let account = InstallationAccount::Operator(operator_id);
    let credential_id = script.id(CredentialId::from_uuid);
    let password_expires_at = script.now().plus_hours(TEMPORARY_PASSWORD_HOURS);
    let reset = ResetAccountPassword { account, credential_id, password_expires_at };
    script.on_installation(by, reset);
    Account { credential: credential_id, ..piet }.use_token(script);
    script.at(640);
    script.on_installation(by, RemoveOperator { operator_id });
    Ok(())
}

/// One reads of the provider for some weeks, one of everything and still.
fn auditors(script: &mut Script<'_>) -> Result<(), InvalidValue> {
    let by = Principal::Operator;
    let provider = script.world.provider.id;
    script.at(150);
    let auditor_id = script.id(AuditorId::from_uuid);
    let scope = AuditScope::Partner(provider);
    let person_of = person("Bruno Keller", "bruno.keller@auditors.example", script)?;
    let until = script.now().plus_hours(AUDIT_HOURS);
    script.on_installation(by, AdmitAuditor { auditor_id, scope, until, person: person_of });
    script.after_days(20);
    script.on_installation(by, DismissAuditor { auditor_id });
    script.at(920);
    let person = person("Ada Lindqvist", "ada.lindqvist@auditors.example", script)?;
    let until = script.now().plus_hours(AUDIT_HOURS);
    let scope = AuditScope::Installation;
    script.on_installation(by, AdmitAuditor { auditor_id: AUDITOR, scope, until, person });
    Ok(())
}

fn person(name: &str, email: &str, script: &mut Script<'_>) -> Result<NewPerson, InvalidValue> {
    let email = EmailAddress::new(email)?;
    Ok(NewPerson {
        sign_in_name: script.world.names.sign_in_name(&email),
        credential_id: script.id(CredentialId::from_uuid),
        password_expires_at: script.now().plus_hours(TEMPORARY_PASSWORD_HOURS),
        profile: PersonProfile { full_name: PersonName::new(name)?, email },
    })
}
