//! A partner, its users, their roles and tokens.

mod account;
mod applications;
mod authority;
mod command;
mod evolve;
mod network;
mod profiles;
mod requests;
mod roles;
mod sign_in;
mod state;
mod users;
mod webhooks;

use events::PartnerEvent;

pub use self::{
    account::{PartnerAccountCommand, RegisterPartner},
    applications::{
        APPLICATIONS_MAX, AddApplicationSecret, ApplicationCommand, ApplicationRefusal,
        Applications, BeginApplicationGrant, ClientApplication, GRANT_DAYS, GRANTS_OF_USER_MAX,
        Grant, RegisterApplication, RemoveApplicationSecret, RenewApplicationGrant,
        RevokeApplication, SECRET_DAYS_MAX, SECRETS_OF_APPLICATION_MAX, SignInApplication,
    },
    command::PartnerCommand,
    network::{
        ActivateBenefit, ChangeCompetency, DeactivateBenefit, EditSkills, GrantBenefit,
        NetworkCommand, RecordCompetency, SKILLS_MAX, WithdrawBenefit, WithdrawCompetency,
    },
    profiles::{
        EditPartnerProfile, PartnerProfileCommand, permission_to_edit_profile,
        permission_to_view_profile,
    },
    requests::{CarryOutRequest, PartnerRequestCommand},
    roles::{AssignRole, RevokeRole, RoleCommand},
    sign_in::{
        ChangePartnerUserPassword, IssueToken, PartnerSignInCommand, RevokeToken,
        SignInPartnerUser, SignOutPartnerUser,
    },
    state::{PartnerAccount, PartnerState, PartnerUser, PartnerUserStatus, TokenState},
    users::{
        AddPartnerUser, DeletePartnerUser, EditPartnerUser, NewPartnerUser, PartnerUserCommand,
        PurgePartnerUser, RenamedPartnerUser, ResetPartnerUserPassword, RestorePartnerUser,
    },
    webhooks::{
        ChangeWebhook, DELIVERY_ATTEMPTS_MAX, DELIVERY_HOURS_MAX, DeliveryOutcome, OFFERED_EVENTS,
        OfferedEvent, RecordWebhookDelivery, RegisterWebhook, RemoveWebhook, TEST_EVENT,
        TESTS_OF_MINUTE_MAX, TestWebhook, Webhook, WebhookCommand, WebhookRefusal,
    },
};
use crate::{context::Context, decider::Decider, rejection::Rejection};

/// The rules of a partner.
#[derive(Clone, Copy, Debug)]
pub struct Partner;

impl Decider for Partner {
    type State = PartnerState;
    type Command = PartnerCommand;
    type Event = PartnerEvent;

    fn decide(
        state: &PartnerState,
        command: &PartnerCommand,
        context: &Context<'_>,
    ) -> Result<Vec<PartnerEvent>, Rejection> {
        match command {
            PartnerCommand::Account(command) => account::decide(state, command, context),
            PartnerCommand::User(command) => users::decide(state, command, context),
            PartnerCommand::Role(command) => roles::decide(state, command, context),
            PartnerCommand::SignIn(command) => sign_in::decide(state, command, context),
            PartnerCommand::Request(command) => requests::decide(state, command, context),
            PartnerCommand::Profile(command) => profiles::decide(state, command, context),
            PartnerCommand::Application(command) => applications::decide(state, command, context),
            PartnerCommand::Network(command) => network::decide(state, command, context),
            PartnerCommand::Webhook(command) => webhooks::decide(state, command, context),
        }
    }

    fn evolve(mut state: PartnerState, event: &PartnerEvent) -> PartnerState {
        evolve::evolve(&mut state, event);
        state
    }

    fn own(event: &events::Event) -> Option<&PartnerEvent> {
        match event {
            events::Event::Partner(event) => Some(event),
            events::Event::Partnership(_)
            | events::Event::Customer(_)
            | events::Event::NameClaim(_)
            | events::Event::Installation(_)
            | events::Event::Lead(_)
            | events::Event::ServiceRequest(_) => None,
        }
    }
}
