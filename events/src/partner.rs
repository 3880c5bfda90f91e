//! What happens to a partner: its account, its users and their roles, its profiles, its applications
//! and its webhook. Each concept has a module that holds its events.

mod account;
mod applications;
mod elevation;
mod network;
mod profiles;
mod public_profile;
mod roles;
mod sign_in;
mod users;
mod webhooks;

pub use self::{
    account::{PartnerAccountEvent, PartnerRegistered},
    applications::{
        ApplicationEvent, ApplicationGrantBegun, ApplicationGrantEnded, ApplicationGrantRenewed,
        ApplicationRegistered, ApplicationRevoked, ApplicationSecretAdded,
        ApplicationSecretRemoved, ApplicationSignInFailed, GrantEnd,
    },
    elevation::{ElevationEvent, UserElevated},
    network::{
        BenefitActivated, BenefitDeactivated, BenefitGranted, BenefitWithdrawn, CompetencyAttained,
        CompetencyChanged, CompetencyLevel, CompetencyWithdrawn, NetworkEvent,
        PartnerUserSkillsEdited, SkillKind, UserSkill, UserSkills,
    },
    profiles::{
        PartnerProfile, PartnerProfileEdited, PartnerProfileEvent, ProfileContact, ProfileKind,
    },
    public_profile::{ProfileLocation, PublicProfile, PublicProfileChanged, PublicProfileEvent},
    roles::{RoleAssigned, RoleEvent, RoleReplaced, RoleRevoked},
    sign_in::{
        AccessTokenIssued, AccessTokenRevoked, PartnerSignInEvent, PartnerUserPasswordChanged,
        PartnerUserSignInFailed, PartnerUserSignedIn, PartnerUserSignedOut,
    },
    users::{
        PartnerUserAdded, PartnerUserDeleted, PartnerUserEdited, PartnerUserEvent,
        PartnerUserPasswordReset, PartnerUserProfile, PartnerUserPurged, PartnerUserRestored,
        WithheldRole,
    },
    webhooks::{
        WebhookChanged, WebhookDelivered, WebhookDeliveryFailed, WebhookEvent, WebhookFailure,
        WebhookRegistered, WebhookRemoved, WebhookTested,
    },
};

event_concepts! {
    /// What happens to a partner.
    PartnerEvent {
        /// To the account itself.
        Account(PartnerAccountEvent),
        /// To a user account.
        User(PartnerUserEvent),
        /// To the roles of a user.
        Role(RoleEvent),
        /// To what users sign in with.
        SignIn(PartnerSignInEvent),
        /// To a user who is to be the global admin that was missing.
        Elevation(ElevationEvent),
        /// To what it says of itself to those it deals with.
        Profile(PartnerProfileEvent),
        /// To what it shows of itself to everybody.
        PublicProfile(PublicProfileEvent),
        /// To a program that acts for it.
        Application(ApplicationEvent),
        /// To what it has in the partner network.
        Network(NetworkEvent),
        /// To where it is told of what happens.
        Webhook(WebhookEvent),
    }
}
