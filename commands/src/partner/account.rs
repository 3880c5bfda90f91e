//! A partner's account: opened with its first user.

use events::{
    Actor, CompanyName, CountryCode, MpnId, PartnerEvent, PartnerId, PartnerKind, PartnerRegistered,
};

use super::{NewPartnerUser, PartnerCommand, state::PartnerState, users};
use crate::{
    command::{Requires, command_enum},
    context::Context,
    permissions::Permission,
    rejection::Rejection,
};

/// Open a partner's account, with its first user. Only the operator does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RegisterPartner {
    /// The new partner.
    pub partner_id: PartnerId,
    /// What kind of partner it is.
    pub kind: PartnerKind,
    /// The company's name.
    pub name: CompanyName,
    /// Where it sells.
    pub country: CountryCode,
    /// Its id in the partner network; its uniqueness is a name claim in the same commit.
    pub mpn_id: MpnId,
    /// Its first user, who becomes global admin.
    pub admin: NewPartnerUser,
}

command_enum! {
    /// What can be asked about the account itself.
    PartnerAccountCommand in PartnerCommand {
        /// Open the account.
        Register(RegisterPartner),
    }
}

impl Requires for PartnerAccountCommand {
    /// The operator does it.
    fn permission(&self, _actor: &Actor) -> Option<Permission> {
        None
    }
}

pub(super) fn decide(
    state: &PartnerState,
    command: &PartnerAccountCommand,
    context: &Context<'_>,
) -> Result<Vec<PartnerEvent>, Rejection> {
    match command {
        PartnerAccountCommand::Register(command) => register(state, command, context),
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
