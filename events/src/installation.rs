//! What happens to the installation as a whole: there is one, with one stream. Each concept has a
//! module that holds its events.

mod damage;
mod incidents;
mod people;
mod refusals;
mod sign_in;

pub use self::{
    damage::{DamageEvent, DamageHealed, DamagedPart, FoundBy, PositionRange},
    incidents::{
        IncidentEvent, IncidentOpened, IncidentResolved, IncidentSeverity, IncidentUpdated,
    },
    people::{
        AccountPasswordReset, AuditScope, AuditorAdmitted, AuditorDismissed, InstallationAccount,
        OperatorAdded, OperatorRemoved, PersonEvent, PersonProfile,
    },
    refusals::{AccessRefused, RefusalEvent},
    sign_in::{
        AccountPasswordChanged, AccountSignInEvent, AccountSignInFailed, AccountSignedIn,
        AccountSignedOut, AccountTokenIssued, AccountTokenRevoked,
    },
};

event_concepts! {
    /// What happens to the installation.
    InstallationEvent {
        /// To a copy or file that was damaged.
        Damage(DamageEvent),
        /// To somebody who asked for what it may not do.
        Refusal(RefusalEvent),
        /// To a person with an account at the installation.
        Person(PersonEvent),
        /// To what such people sign in with.
        SignIn(AccountSignInEvent),
        /// To an incident of a service.
        Incident(IncidentEvent),
    }
}
