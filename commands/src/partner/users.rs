//! The users of a partner: added, edited, deleted, restored, purged.

mod command;

use events::{
    AccessTokenRevoked, NameHash, PartnerEvent, PartnerUserAdded, PartnerUserDeleted,
    PartnerUserEdited, PartnerUserId, PartnerUserPasswordReset, PartnerUserProfile,
    PartnerUserPurged, PartnerUserRestored, Personal, Process, Role, RoleAssigned, Timestamp,
    WithheldRole,
};

pub use self::command::{
    AddPartnerUser, DeletePartnerUser, EditPartnerUser, NewPartnerUser, PartnerUserCommand,
    PurgePartnerUser, RenamedPartnerUser, ResetPartnerUserPassword, RestorePartnerUser,
};
use super::{
    authority::{self, Authority, is_admin_role},
    roles,
    state::PartnerState,
};
use crate::{
    RESTORE_WINDOW_HOURS,
    access::acts_as,
    command::Requires,
    context::Context,
    rejection::{NameKind, Rejection},
};

pub(super) fn decide(
    state: &PartnerState,
    command: &PartnerUserCommand,
    context: &Context<'_>,
) -> Result<Vec<PartnerEvent>, Rejection> {
    let by = || authority::of(state, &context.actor, command.permission(&context.actor));
    match command {
        PartnerUserCommand::Add(command) => add(state, command, by()?),
        PartnerUserCommand::Edit(command) => by().and_then(|_| edit(state, command)),
        PartnerUserCommand::ResetPassword(command) => {
            reset_password(state, *command, context.now, by()?)
        }
        PartnerUserCommand::Delete(command) => delete(state, *command, context, by()?),
        PartnerUserCommand::Restore(command) => restore(state, command, context, by()?),
        PartnerUserCommand::Purge(command) => purge(state, *command, context),
    }
}

/// The first user of a partner.
pub(super) fn first_admin(user: &NewPartnerUser) -> Vec<PartnerEvent> {
    let user_id = user.user_id;
    vec![
        added(user),
        RoleAssigned { user_id, role: Role::DefaultAccess }.into(),
        RoleAssigned { user_id, role: Role::GlobalAdmin }.into(),
    ]
}

fn add(
    state: &PartnerState,
    command: &AddPartnerUser,
    by: Authority,
) -> Result<Vec<PartnerEvent>, Rejection> {
    let AddPartnerUser { user, withhold_default_access, roles } = command;
    if state.knows(user.user_id) {
        return Err(Rejection::AlreadyExists { what: "partner user" });
    }
    name_is_free(state, user.sign_in_name, user.user_id)?;
    let roles = roles::initial(user.user_id, roles, *withhold_default_access, by)?;
    let mut events = vec![added(user)];
    events.extend(roles);
    Ok(events)
}

fn edit(state: &PartnerState, command: &EditPartnerUser) -> Result<Vec<PartnerEvent>, Rejection> {
    state.changeable_user(command.user_id)?;
    name_is_free(state, command.sign_in_name, command.user_id)?;
    Ok(vec![edited(command.user_id, command.sign_in_name, &command.profile)])
}

fn reset_password(
    state: &PartnerState,
    command: ResetPartnerUserPassword,
    now: Timestamp,
    by: Authority,
) -> Result<Vec<PartnerEvent>, Rejection> {
    let user_id = command.user_id;
    by.may_touch(state.changeable_user(user_id)?)?;
    let mut events = revoke_live_tokens(state, user_id, now);
    events.push(
        PartnerUserPasswordReset {
            user_id,
            credential_id: command.credential_id,
            password_expires_at: command.password_expires_at,
        }
        .into(),
    );
    Ok(events)
}

/// Whoever knew the old password may have made tokens with it.
fn revoke_live_tokens(
    state: &PartnerState,
    user_id: PartnerUserId,
    now: Timestamp,
) -> Vec<PartnerEvent> {
    let live = state.tokens_of(user_id).filter(|(_, token)| token.expires_at > now);
    live.map(|(token_id, _)| AccessTokenRevoked { token_id, user_id }.into()).collect()
}

/// The user's sessions and live tokens end with it, so that a restore does not revive them.
fn delete(
    state: &PartnerState,
    command: DeletePartnerUser,
    context: &Context<'_>,
    by: Authority,
) -> Result<Vec<PartnerEvent>, Rejection> {
    let user_id = command.user_id;
    let user = state.changeable_user(user_id)?;
    by.may_touch(user)?;
    roles::keeps_a_global_admin(state, user, Role::GlobalAdmin)?;
    let mut events = revoke_live_tokens(state, user_id, context.now);
    events.push(
        PartnerUserDeleted {
            user_id,
            roles: user.roles().collect(),
            restorable_until: context.now.plus_hours(RESTORE_WINDOW_HOURS),
        }
        .into(),
    );
    Ok(events)
}

/// Roles come back unless a rule forbids that now: those of the admin category come back only where
/// who restores could have granted them.
fn restore(
    state: &PartnerState,
    command: &RestorePartnerUser,
    context: &Context<'_>,
    by: Authority,
) -> Result<Vec<PartnerEvent>, Rejection> {
    let user_id = command.user_id;
    let (user, restorable_until) = state.deleted_user(user_id)?;
    if context.now >= restorable_until {
        return Err(Rejection::RestoreWindowPassed { restorable_until });
    }
    let mut events = Vec::new();
    if let Some(renamed) = &command.renamed {
        name_is_free(state, renamed.sign_in_name, user_id)?;
        events.push(edited(user_id, renamed.sign_in_name, &renamed.profile));
    } else if state.has_active_name(user.sign_in_name, user_id) {
        return Err(Rejection::RestoreNameTaken);
    }
    let (withheld, roles) =
        user.roles().partition::<Vec<_>, _>(|role| is_admin_role(*role) && !by.covers_admins());
    let rule = Rejection::GlobalAdminOnly.code();
    let withheld =
        withheld.into_iter().map(|role| WithheldRole { role, rule: rule.into() }).collect();
    events.push(PartnerUserRestored { user_id, roles, withheld }.into());
    Ok(events)
}

fn purge(
    state: &PartnerState,
    command: PurgePartnerUser,
    context: &Context<'_>,
) -> Result<Vec<PartnerEvent>, Rejection> {
    acts_as(&context.actor, Process::Purge)?;
    let (_, restorable_until) = state.deleted_user(command.user_id)?;
    if context.now < restorable_until {
        return Err(Rejection::RestoreWindowOpen { restorable_until });
    }
    Ok(vec![PartnerUserPurged { user_id: command.user_id }.into()])
}

fn name_is_free(
    state: &PartnerState,
    name: NameHash,
    user_id: PartnerUserId,
) -> Result<(), Rejection> {
    if state.has_active_name(name, user_id) {
        Err(Rejection::NameTaken { kind: NameKind::SignInName })
    } else {
        Ok(())
    }
}

fn added(user: &NewPartnerUser) -> PartnerEvent {
    PartnerUserAdded {
        user_id: user.user_id,
        sign_in_name: user.sign_in_name,
        credential_id: user.credential_id,
        password_expires_at: user.password_expires_at,
        profile: Personal::open(user.user_id.into(), user.profile.clone()),
    }
    .into()
}

fn edited(user_id: PartnerUserId, name: NameHash, profile: &PartnerUserProfile) -> PartnerEvent {
    PartnerUserEdited {
        user_id,
        sign_in_name: name,
        profile: Personal::open(user_id.into(), profile.clone()),
    }
    .into()
}
