//! The profiles of a partner: each is entered and changed as a whole.

use events::{PartnerEvent, PartnerId, PartnerProfileEdited, Personal};

use super::command::EditPartnerProfile;

/// That a profile is complete is in its type.
pub(super) fn edit(partner: PartnerId, command: &EditPartnerProfile) -> Vec<PartnerEvent> {
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
