//! A partner, its users, their roles and tokens.

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
mod tokens;
mod users;
mod webhooks;

use events::{Actor, PartnerEvent, PartnerRegistered};

pub use self::{
    applications::{
        APPLICATIONS_MAX, AddApplicationSecret, ApplicationRefusal, Applications,
        BeginApplicationGrant, ClientApplication, GRANT_DAYS, GRANTS_OF_USER_MAX, Grant,
        RegisterApplication, RemoveApplicationSecret, RenewApplicationGrant, RevokeApplication,
        SECRET_DAYS_MAX, SECRETS_OF_APPLICATION_MAX, SignInApplication,
    },
    command::{
        AddPartnerUser, AssignRole, CarryOutRequest, DeletePartnerUser, EditPartnerProfile,
        EditPartnerUser, IssueToken, NewPartnerUser, PartnerCommand, PurgePartnerUser,
        RegisterPartner, RenamedPartnerUser, ResetPartnerUserPassword, RestorePartnerUser,
        RevokeRole, RevokeToken, permission_to_edit_profile, permission_to_view_profile,
    },
    network::{
        ActivateBenefit, ChangeCompetency, DeactivateBenefit, EditSkills, GrantBenefit,
        NetworkCommand, RecordCompetency, SKILLS_MAX, WithdrawBenefit, WithdrawCompetency,
    },
    sign_in::{ChangePartnerUserPassword, SignInPartnerUser, SignOutPartnerUser},
    state::{PartnerAccount, PartnerState, PartnerUser, PartnerUserStatus, TokenState},
    webhooks::{
        ChangeWebhook, DELIVERY_ATTEMPTS_MAX, DELIVERY_HOURS_MAX, DeliveryOutcome, OFFERED_EVENTS,
        OfferedEvent, RecordWebhookDelivery, RegisterWebhook, RemoveWebhook, TEST_EVENT,
        TESTS_OF_MINUTE_MAX, TestWebhook, Webhook, WebhookCommand, WebhookRefusal,
    },
};
use crate::{command::Requires, context::Context, decider::Decider, rejection::Rejection};

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
        let by = || authority::of(state, &context.actor, command.permission(&context.actor));
        match command {
            PartnerCommand::Register(command) => register(state, command, context),
            PartnerCommand::AddUser(command) => users::add(state, command, by()?),
            PartnerCommand::EditUser(command) => by().and_then(|_| users::edit(state, command)),
            PartnerCommand::ResetPassword(command) => {
                users::reset_password(state, *command, context.now, by()?)
            }
            PartnerCommand::DeleteUser(command) => users::delete(state, *command, context, by()?),
            PartnerCommand::RestoreUser(command) => users::restore(state, command, context, by()?),
            PartnerCommand::PurgeUser(command) => users::purge(state, *command, context),
            PartnerCommand::AssignRole(command) => roles::assign(state, *command, by()?),
            PartnerCommand::RevokeRole(command) => roles::revoke(state, *command, by()?),
            PartnerCommand::IssueToken(command) => {
                tokens::issue(state, *command, context.now, by()?)
            }
            PartnerCommand::RevokeToken(command) => {
                by().and_then(|_| tokens::revoke(state, *command))
            }
            PartnerCommand::EditProfile(command) => {
                by()?;
                let account = state.account().ok_or(Rejection::PartnerNotFound)?;
                Ok(profiles::edit(account.partner_id, command))
            }
            PartnerCommand::Network(command) => {
                if command.is_for_users() {
                    by()?;
                }
                network::decide(state, command, context).map(|event| vec![event])
            }
            PartnerCommand::Webhook(command) => {
                match (command.permission(), context.actor) {
                    (Some(permission), Actor::Application { application, .. }) => {
                        webhooks::by_application(state, context, application, permission)?;
                    }
                    (Some(_), _) => drop(by()?),
                    (None, _) => {}
                }
                webhooks::decide(state, command, context).map(|event| vec![event])
            }
            PartnerCommand::CarryOut(command) => requests::carry_out(state, *command, context),
            PartnerCommand::SignIn(command) => sign_in::sign_in(state, *command, context),
            PartnerCommand::SignOut(command) => sign_in::sign_out(state, *command, context),
            PartnerCommand::ChangePassword(command) => {
                sign_in::change_password(state, command, context)
            }
            PartnerCommand::RegisterApplication(command) => {
                by().and_then(|_| applications::register(state, command))
            }
            PartnerCommand::AddApplicationSecret(command) => {
                by().and_then(|_| applications::add_secret(state, *command, context.now))
            }
            PartnerCommand::RemoveApplicationSecret(command) => {
                by().and_then(|_| applications::remove_secret(state, *command))
            }
            PartnerCommand::RevokeApplication(command) => {
                by().and_then(|_| applications::revoke(state, *command))
            }
            PartnerCommand::SignInApplication(command) => {
                applications::sign_in(state, *command, context)
            }
            PartnerCommand::BeginApplicationGrant(command) => {
                applications::begin_grant(state, *command, context)
            }
            PartnerCommand::RenewApplicationGrant(command) => {
                applications::renew_grant(state, *command, context)
            }
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

/// A partner comes with its first user: the default level and global admin.
fn register(
    state: &PartnerState,
    command: &RegisterPartner,
    context: &Context<'_>,
) -> Result<Vec<PartnerEvent>, Rejection> {
    if context.actor != Actor::Operator {
        return Err(Rejection::ActorNotAllowed);
    }
    if state.account().is_some() {
        return Err(Rejection::AlreadyExists { what: "partner" });
    }
    let registered = PartnerRegistered {
        partner_id: command.partner_id,
        kind: command.kind,
        name: command.name.clone(),
        country: command.country.clone(),
        mpn_id: command.mpn_id.clone(),
    };
    let mut events = vec![registered.into()];
    events.extend(users::first_admin(&command.admin));
    Ok(events)
}
