//! What service requests bring about in a partner: a user elevated to global admin, another public
//! profile.

use events::{
    Actor, PartnerEvent, PartnerUserId, PublicProfileChanged, Role, RoleAssigned, RoleReplaced,
    ServiceRequestId, ServiceRequestKind, UserElevated,
};

use super::{PartnerCommand, state::PartnerState};
use crate::{
    access::is_operator,
    command::{Requires, command_enum},
    context::Context,
    permissions::Permission,
    rejection::Rejection,
    service_request::{Request, ServiceRequestRefusal, ready},
};

/// Do what a service request asks for, in the commit that resolves it. Only an operator does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CarryOutRequest {
    /// The request.
    pub request_id: ServiceRequestId,
}

command_enum! {
    /// What service requests ask of the partner.
    PartnerRequestCommand in PartnerCommand {
        /// Do what one asks for.
        CarryOut(CarryOutRequest),
    }
}

impl Requires for PartnerRequestCommand {
    /// An operator does it.
    fn permission(&self, _actor: &Actor) -> Option<Permission> {
        None
    }
}

pub(super) fn decide(
    state: &PartnerState,
    command: &PartnerRequestCommand,
    context: &Context<'_>,
) -> Result<Vec<PartnerEvent>, Rejection> {
    match command {
        PartnerRequestCommand::CarryOut(command) => carry_out(state, *command, context),
    }
}

/// Only the request itself says what happens: whom an operator verified, or which profile was asked
/// for.
fn carry_out(
    state: &PartnerState,
    command: CarryOutRequest,
    context: &Context<'_>,
) -> Result<Vec<PartnerEvent>, Rejection> {
    if !is_operator(&context.actor) {
        return Err(Rejection::ActorNotAllowed);
    }
    let partner = state.account().ok_or(Rejection::PartnerNotFound)?.partner_id;
    let of_partner = |request: &&Request| request.partner_id == partner;
    let request = context.facts.service_request(command.request_id).filter(of_partner);
    let request = request.ok_or(ServiceRequestRefusal::NotFound)?;
    ready(request)?;
    let request_id = command.request_id;
    match &request.kind {
        ServiceRequestKind::Elevation { user_id } => elevate(state, command, *user_id),
        ServiceRequestKind::PublicProfileChange { profile } => {
            Ok(vec![PublicProfileChanged { request_id, profile: profile.clone() }.into()])
        }
        ServiceRequestKind::PartnerSupport | ServiceRequestKind::CustomerSupport { .. } => {
            Ok(Vec::new())
        }
    }
}

fn elevate(
    state: &PartnerState,
    command: CarryOutRequest,
    user_id: PartnerUserId,
) -> Result<Vec<PartnerEvent>, Rejection> {
    state.may_be_elevated(user_id)?;
    let role = Role::GlobalAdmin;
    let held = state.user(user_id).and_then(|user| user.role_in(role.category()));
    let role_change: PartnerEvent = match held {
        Some(old) => RoleReplaced { user_id, category: role.category(), old, new: role }.into(),
        None => RoleAssigned { user_id, role }.into(),
    };
    Ok(vec![UserElevated { user_id, request_id: command.request_id }.into(), role_change])
}

impl PartnerState {
    /// Refuses a user who is no active user of the partner, or global admin already.
    ///
    /// # Errors
    /// With the reason.
    pub fn may_be_elevated(&self, user_id: PartnerUserId) -> Result<(), Rejection> {
        if self.changeable_user(user_id)?.is_global_admin() {
            Err(ServiceRequestRefusal::AlreadyGlobalAdmin.into())
        } else {
            Ok(())
        }
    }
}
