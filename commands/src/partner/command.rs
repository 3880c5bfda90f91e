//! What can be asked of a partner, concept by concept.

use super::{
    account::PartnerAccountCommand, applications::ApplicationCommand, network::NetworkCommand,
    profiles::PartnerProfileCommand, requests::PartnerRequestCommand, roles::RoleCommand,
    sign_in::PartnerSignInCommand, users::PartnerUserCommand, webhooks::WebhookCommand,
};
use crate::command::command_concepts;

command_concepts! {
    /// What can be asked of a partner.
    PartnerCommand {
        /// About the account itself.
        Account(PartnerAccountCommand),
        /// About user accounts.
        User(PartnerUserCommand),
        /// About the roles of a user.
        Role(RoleCommand),
        /// About what users sign in with.
        SignIn(PartnerSignInCommand),
        /// About what service requests ask for.
        Request(PartnerRequestCommand),
        /// About what it says of itself to those it deals with.
        Profile(PartnerProfileCommand),
        /// About a program that acts for it.
        Application(ApplicationCommand),
        /// About what it has in the partner network.
        Network(NetworkCommand),
        /// About where it is told of what happens.
        Webhook(WebhookCommand),
    }
}
