//! The profiles of a partner: each is entered and changed as a whole.

use events::{
    Actor, CompanyName, CountryCode, PartnerEvent, PartnerId, PartnerProfile, PartnerProfileEdited,
    Personal, ProfileKind,
};

use super::{PartnerCommand, authority, state::PartnerState};
use crate::{
    command::{Requires, command_enum},
    context::Context,
    permissions::Permission,
    rejection::Rejection,
};

/// Enter or change one of the partner's profiles.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EditPartnerProfile {
    /// The company's name in it.
    pub company_name: CompanyName,
    /// Its country.
    pub country: CountryCode,
    /// What it says, which tells which profile it is.
    pub profile: PartnerProfile,
}

command_enum! {
    /// What can be asked about the partner's profiles.
    PartnerProfileCommand in PartnerCommand {
        /// Enter or change one.
        Edit(Box<EditPartnerProfile>),
    }
}

impl Requires for PartnerProfileCommand {
    fn permission(&self, _actor: &Actor) -> Option<Permission> {
        match self {
            Self::Edit(command) => Some(permission_to_edit_profile(command.profile.kind())),
        }
    }
}

pub(super) fn decide(
    state: &PartnerState,
    command: &PartnerProfileCommand,
    context: &Context<'_>,
) -> Result<Vec<PartnerEvent>, Rejection> {
    authority::of(state, &context.actor, command.permission(&context.actor))?;
    let account = state.account().ok_or(Rejection::PartnerNotFound)?;
    match command {
        PartnerProfileCommand::Edit(command) => Ok(edit(account.partner_id, command)),
    }
}

/// That a profile is complete is in its type.
fn edit(partner: PartnerId, command: &EditPartnerProfile) -> Vec<PartnerEvent> {
    vec![
        PartnerProfileEdited {
            kind: command.profile.kind(),
            company_name: command.company_name.clone(),
            country: command.country.clone(),
            profile: Personal::open(partner.into(), command.profile.clone()),
        }
        .into(),
    ]
}

/// What it takes to see a profile.
#[must_use]
pub const fn permission_to_view_profile(kind: ProfileKind) -> Permission {
    match kind {
        ProfileKind::Business => Permission::BusinessProfileView,
        ProfileKind::LegalBusiness
        | ProfileKind::Organization
        | ProfileKind::Support
        | ProfileKind::Billing => Permission::PartnerProfilesView,
    }
}

/// What it takes to enter or change a profile.
#[must_use]
pub const fn permission_to_edit_profile(kind: ProfileKind) -> Permission {
    match kind {
        ProfileKind::Business => Permission::BusinessProfileManage,
        ProfileKind::LegalBusiness
        | ProfileKind::Organization
        | ProfileKind::Support
        | ProfileKind::Billing => Permission::PartnerProfilesManage,
    }
}
