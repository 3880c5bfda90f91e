//! What can be asked of the installation, concept by concept.

use super::{
    health::IncidentCommand,
    people::{AccountSignInCommand, PersonCommand},
    watch::WatchCommand,
};
use crate::command::command_concepts;

command_concepts! {
    /// What can be asked of the installation.
    InstallationCommand {
        /// About what partnerlog noticed itself.
        Watch(WatchCommand),
        /// About people with an account at the installation.
        Person(PersonCommand),
        /// About what such people sign in with.
        SignIn(AccountSignInCommand),
        /// About incidents of services.
        Incident(IncidentCommand),
    }
}
