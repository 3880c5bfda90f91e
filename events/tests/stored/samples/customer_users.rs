//! Samples of what happens to the users of a customer.

use events::{
    CredentialId, CustomerEvent, CustomerUserCreated, CustomerUserDeleted, CustomerUserEdited,
    CustomerUserId, CustomerUserPasswordReset, CustomerUserProfile, CustomerUserPurged,
    CustomerUserRestored, DirectoryRole, DirectoryRoleGranted, DirectoryRoleRevoked,
    LicenseAssigned, LicenseFate, LicenseOutcome, LicenseRevoked, Personal, SkuId,
};

use crate::draw::Draw;

fn profile(draw: &mut Draw) -> CustomerUserProfile {
    CustomerUserProfile {
        user_name: draw.text("ida@contoso.example"),
        first_name: draw.option(|draw| draw.text("Ida")),
        last_name: draw.option(|draw| draw.text("Jensen")),
        display_name: draw.text("Ida Jensen"),
        usage_location: draw.option(|draw| draw.text("DE")),
        phone_number: draw.option(|draw| draw.text("+49 30 7654321")),
    }
}

pub(super) fn users(draw: &mut Draw) -> Vec<CustomerEvent> {
    let user_id = id!(draw, CustomerUserId);
    let sku_id = id!(draw, SkuId);
    let fates = [LicenseFate::Restored, LicenseFate::NoSeat, LicenseFate::SubscriptionGone];
    vec![
        CustomerUserCreated {
            user_id,
            user_name: draw.hash(),
            domain: draw.text("contoso.example"),
            has_usage_location: draw.bool(),
            credential_id: id!(draw, CredentialId),
            profile: Personal::open(user_id.into(), profile(draw)),
        }
        .into(),
        CustomerUserEdited {
            user_id,
            user_name: draw.hash(),
            domain: draw.text("contoso.example"),
            has_usage_location: draw.bool(),
            profile: Personal::open(user_id.into(), profile(draw)),
        }
        .into(),
        CustomerUserPasswordReset { user_id, credential_id: id!(draw, CredentialId) }.into(),
        CustomerUserDeleted {
            user_id,
            licenses_returned: draw.several(|draw| id!(draw, SkuId)),
            restorable_until: draw.moment(),
        }
        .into(),
        CustomerUserRestored {
            user_id,
            licenses: draw.several(|draw| LicenseOutcome {
                sku_id: id!(draw, SkuId),
                fate: draw.pick(&fates),
            }),
        }
        .into(),
        CustomerUserPurged { user_id }.into(),
        LicenseAssigned { user_id, sku_id }.into(),
        LicenseRevoked { user_id, sku_id }.into(),
        DirectoryRoleGranted { user_id, role: draw.pick(&DirectoryRole::ALL) }.into(),
        DirectoryRoleRevoked { user_id, role: draw.pick(&DirectoryRole::ALL) }.into(),
    ]
}
