//! Operators and auditors: admitted and dismissed by who runs the installation; how they sign in; what
//! they may do.

mod sign_in;

use events::{
    AccountPasswordChanged, AccountPasswordReset, AccountSignInFailed, AccountSignedIn,
    AccountSignedOut, AccountTokenIssued, AccountTokenRevoked, Actor, AuditScope, AuditorAdmitted,
    AuditorDismissed, AuditorId, CredentialId, InstallationAccount, InstallationEvent, NameHash,
    OperatorAdded, OperatorId, OperatorRemoved, PersonProfile, Personal, RuleCode, Timestamp,
};
use imbl::OrdMap;

pub(super) use self::sign_in::decide as decide_sign_in;
pub use self::sign_in::{
    AccountSignInCommand, ChangeAccountPassword, IssueAccountToken, RevokeAccountToken,
    SignInAccount, SignOutAccount,
};
use super::{InstallationCommand, InstallationState};
use crate::{
    command::{Requires, command_enum},
    context::Context,
    permissions::Permission,
    rejection::Rejection,
    sign_in::SignIn,
};

/// How long an auditor may be admitted at most, in days.
pub const AUDIT_DAYS_MAX: i64 = 400;

/// What an auditor sees of a partner in its scope: who did what when, who holds which role, since
/// when and from whom. It changes nothing.
pub const AUDITOR_PERMISSIONS: &[Permission] =
    &[Permission::PartnerUsersView, Permission::RolesView, Permission::ActivityLogView];

/// An operator or auditor to be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewPerson {
    /// The keyed hash of the e-mail address, which is the sign-in name. Its uniqueness in the
    /// installation is a name claim in the same commit.
    pub sign_in_name: NameHash,
    /// Where the hash of the temporary password is kept.
    pub credential_id: CredentialId,
    /// When the temporary password stops working.
    pub password_expires_at: Timestamp,
    /// Who the person is.
    pub profile: PersonProfile,
}

/// Let somebody decide support requests.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AddOperator {
    /// The new operator.
    pub operator_id: OperatorId,
    /// Who it is.
    pub person: NewPerson,
}

/// Take that from somebody.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RemoveOperator {
    /// The operator.
    pub operator_id: OperatorId,
}

/// Let somebody read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AdmitAuditor {
    /// The new auditor.
    pub auditor_id: AuditorId,
    /// What it reads. That a partner named exists is for who gives the command to see to.
    pub scope: AuditScope,
    /// Reading is allowed strictly before this moment.
    pub until: Timestamp,
    /// Who it is.
    pub person: NewPerson,
}

/// Take that from somebody.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DismissAuditor {
    /// The auditor.
    pub auditor_id: AuditorId,
}

/// Give an operator or auditor a new temporary password.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ResetAccountPassword {
    /// Whose.
    pub account: InstallationAccount,
    /// Where the hash of the temporary password is kept.
    pub credential_id: CredentialId,
    /// When the temporary password stops working.
    pub password_expires_at: Timestamp,
}

command_enum! {
    /// What can be asked about operators and auditors.
    PersonCommand in InstallationCommand {
        /// Let somebody decide support requests.
        AddOperator(AddOperator),
        /// Take that from somebody.
        RemoveOperator(RemoveOperator),
        /// Let somebody read.
        AdmitAuditor(AdmitAuditor),
        /// Take that from somebody.
        DismissAuditor(DismissAuditor),
        /// Give an operator or auditor a new temporary password.
        ResetPassword(ResetAccountPassword),
    }
}

impl Requires for PersonCommand {
    fn permission(&self, _actor: &Actor) -> Option<Permission> {
        None
    }
}

/// The operators and auditors of the installation.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct People {
    known: OrdMap<InstallationAccount, Person>,
}

/// An operator or auditor. None of it is personal: the name is a keyed hash.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Person {
    /// The keyed hash of the sign-in name.
    pub sign_in_name: NameHash,
    /// Where the hash of its password is kept.
    pub credential_id: CredentialId,
    /// What it reads and until when, where it is an auditor.
    pub audit: Option<(AuditScope, Timestamp)>,
    /// How it signs in, and its bearer tokens.
    pub sign_in: SignIn,
}

impl People {
    /// An operator that was not removed, or an auditor that was not dismissed.
    #[must_use]
    pub fn get(&self, account: InstallationAccount) -> Option<&Person> {
        self.known.get(&account)
    }

    fn named(&self, account: InstallationAccount) -> Result<&Person, Rejection> {
        self.get(account).ok_or(Rejection::InstallationAccountNotFound { account })
    }

    /// Decides whether an operator may decide on support requests.
    ///
    /// # Errors
    /// [`Rejection::ActorNotActive`] when it is unknown or was removed.
    pub fn authorise_operator(&self, operator: OperatorId) -> Result<RuleCode, Rejection> {
        self.get(InstallationAccount::Operator(operator)).ok_or(Rejection::ActorNotActive)?;
        Ok(RuleCode::new("support_operator"))
    }

    /// Decides whether an auditor reads at this moment, and what.
    ///
    /// # Errors
    /// [`Rejection::ActorNotActive`] when it is unknown, was dismissed or its time is over.
    pub fn audit_scope(&self, auditor: AuditorId, now: Timestamp) -> Result<AuditScope, Rejection> {
        let person = self.get(InstallationAccount::Auditor(auditor));
        let audit = person.and_then(|person| person.audit).filter(|(_, until)| now < *until);
        audit.map(|(scope, _)| scope).ok_or(Rejection::ActorNotActive)
    }

    /// Decides whether an auditor may see something, in its scope.
    ///
    /// # Errors
    /// As [`Self::audit_scope`], and [`Rejection::Forbidden`] when auditors do not see it.
    pub fn authorise_auditor(
        &self,
        auditor: AuditorId,
        permission: Permission,
        now: Timestamp,
    ) -> Result<RuleCode, Rejection> {
        self.audit_scope(auditor, now)?;
        if AUDITOR_PERMISSIONS.contains(&permission) {
            Ok(RuleCode::new(&format!("auditor:{permission}")))
        } else {
            Err(Rejection::Forbidden { permission })
        }
    }
}

pub(super) fn decide(
    state: &InstallationState,
    command: &PersonCommand,
    context: &Context<'_>,
) -> Result<Vec<InstallationEvent>, Rejection> {
    by_the_operator(context.actor)?;
    let people = &state.people;
    let event = match command {
        PersonCommand::AddOperator(command) => add_operator(people, command),
        PersonCommand::RemoveOperator(command) => remove_operator(people, *command),
        PersonCommand::AdmitAuditor(command) => admit_auditor(people, command, context.now),
        PersonCommand::DismissAuditor(command) => dismiss_auditor(people, *command),
        PersonCommand::ResetPassword(command) => reset_password(people, *command),
    };
    event.map(|event| vec![event])
}

fn add_operator(people: &People, command: &AddOperator) -> Result<InstallationEvent, Rejection> {
    let AddOperator { operator_id, ref person } = *command;
    is_new(people, InstallationAccount::Operator(operator_id))?;
    let profile = Personal::open(operator_id.into(), person.profile.clone());
    Ok(OperatorAdded {
        operator_id,
        sign_in_name: person.sign_in_name,
        credential_id: person.credential_id,
        password_expires_at: person.password_expires_at,
        profile,
    }
    .into())
}

fn remove_operator(
    people: &People,
    command: RemoveOperator,
) -> Result<InstallationEvent, Rejection> {
    people.named(InstallationAccount::Operator(command.operator_id))?;
    Ok(OperatorRemoved { operator_id: command.operator_id }.into())
}

fn admit_auditor(
    people: &People,
    command: &AdmitAuditor,
    now: Timestamp,
) -> Result<InstallationEvent, Rejection> {
    let AdmitAuditor { auditor_id, scope, until, ref person } = *command;
    is_new(people, InstallationAccount::Auditor(auditor_id))?;
    if until <= now {
        return Err(Rejection::ExpiryInThePast);
    }
    if until > now.plus_hours(AUDIT_DAYS_MAX * 24) {
        return Err(Rejection::AuditTooLong { days_max: AUDIT_DAYS_MAX });
    }
    Ok(AuditorAdmitted {
        auditor_id,
        sign_in_name: person.sign_in_name,
        credential_id: person.credential_id,
        password_expires_at: person.password_expires_at,
        scope,
        until,
        profile: Personal::open(auditor_id.into(), person.profile.clone()),
    }
    .into())
}

fn dismiss_auditor(
    people: &People,
    command: DismissAuditor,
) -> Result<InstallationEvent, Rejection> {
    people.named(InstallationAccount::Auditor(command.auditor_id))?;
    Ok(AuditorDismissed { auditor_id: command.auditor_id }.into())
}

fn reset_password(
    people: &People,
    command: ResetAccountPassword,
) -> Result<InstallationEvent, Rejection> {
    let ResetAccountPassword { account, credential_id, password_expires_at } = command;
    people.named(account)?;
    Ok(AccountPasswordReset { account, credential_id, password_expires_at }.into())
}

/// How events change what is known.
impl People {
    pub(super) fn operator_added(&mut self, event: &OperatorAdded) {
        let account = InstallationAccount::Operator(event.operator_id);
        self.admit(account, event.sign_in_name, event.credential_id, None);
    }

    pub(super) fn auditor_admitted(&mut self, event: &AuditorAdmitted) {
        let account = InstallationAccount::Auditor(event.auditor_id);
        let audit = Some((event.scope, event.until));
        self.admit(account, event.sign_in_name, event.credential_id, audit);
    }

    pub(super) fn gone(&mut self, account: InstallationAccount) {
        self.known.remove(&account);
    }

    pub(super) fn password_reset(&mut self, event: &AccountPasswordReset) {
        self.change(event.account, |person| {
            person.credential_id = event.credential_id;
            person.sign_in.password_reset();
        });
    }

    pub(super) fn signed_in(&mut self, event: &AccountSignedIn) {
        self.change(event.account, |person| {
            person.sign_in.signed_in(event.session_id, event.expires_at);
        });
    }

    pub(super) fn signed_out(&mut self, event: &AccountSignedOut) {
        self.change(event.account, |person| person.sign_in.signed_out(event.session_id));
    }

    pub(super) fn sign_in_failed(&mut self, event: &AccountSignInFailed) {
        self.change(event.account, |person| {
            person.sign_in.failed(event.failures, event.counted_until, event.locked_until);
        });
    }

    pub(super) fn password_changed(&mut self, event: &AccountPasswordChanged) {
        self.change(event.account, |person| {
            person.credential_id = event.credential_id;
            person.sign_in.password_changed(event.session_id);
        });
    }

    pub(super) fn token_issued(&mut self, event: &AccountTokenIssued) {
        self.change(event.account, |person| {
            person.sign_in.token_issued(event.token_id, event.expires_at);
        });
    }

    pub(super) fn token_revoked(&mut self, event: &AccountTokenRevoked) {
        self.change(event.account, |person| person.sign_in.token_revoked(event.token_id));
    }

    fn admit(
        &mut self,
        account: InstallationAccount,
        sign_in_name: NameHash,
        credential_id: CredentialId,
        audit: Option<(AuditScope, Timestamp)>,
    ) {
        let person = Person { sign_in_name, credential_id, audit, sign_in: SignIn::default() };
        self.known.insert(account, person);
    }

    fn change(&mut self, account: InstallationAccount, change: impl FnOnce(&mut Person)) {
        if let Some(person) = self.known.get_mut(&account) {
            change(person);
        }
    }
}

fn is_new(people: &People, account: InstallationAccount) -> Result<(), Rejection> {
    match people.get(account) {
        None => Ok(()),
        Some(_) => Err(Rejection::AlreadyExists { what: "account" }),
    }
}

/// Who works for the installation is decided at its command line.
fn by_the_operator(actor: Actor) -> Result<(), Rejection> {
    if actor == Actor::Operator { Ok(()) } else { Err(Rejection::ActorNotAllowed) }
}
