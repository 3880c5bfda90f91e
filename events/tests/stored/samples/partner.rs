//! Samples of what happens to a partner, its users and their roles.

use events::{
    AccessTokenIssued, AccessTokenRevoked, CredentialId, PartnerEvent, PartnerId, PartnerKind,
    PartnerRegistered, PartnerUserAdded, PartnerUserDeleted, PartnerUserEdited, PartnerUserId,
    PartnerUserPasswordReset, PartnerUserProfile, PartnerUserPurged, PartnerUserRestored, Personal,
    Role, RoleAssigned, RoleCategory, RoleReplaced, RoleRevoked, SubjectId, TokenId, WithheldRole,
};

use crate::draw::Draw;

fn partner_profile(draw: &mut Draw) -> PartnerUserProfile {
    PartnerUserProfile {
        full_name: draw.text("Ana Lima"),
        email: draw.text("ana@provider.example"),
    }
}

pub(super) fn partner(draw: &mut Draw) -> Vec<PartnerEvent> {
    let user_id = id!(draw, PartnerUserId);
    let token_id = id!(draw, TokenId);
    let subject = SubjectId::from(user_id);
    let role = |draw: &mut Draw| draw.pick_or(&Role::ALL, Role::ReferralAdmin);
    vec![
        PartnerRegistered {
            partner_id: id!(draw, PartnerId),
            kind: draw.pick(&PartnerKind::ALL),
            name: draw.text("Provider"),
            country: draw.text("DE"),
            mpn_id: draw.text("1001"),
        }
        .into(),
        PartnerUserAdded {
            user_id,
            sign_in_name: draw.hash(),
            credential_id: id!(draw, CredentialId),
            password_expires_at: draw.moment(),
            profile: Personal::open(subject, partner_profile(draw)),
        }
        .into(),
        PartnerUserEdited {
            user_id,
            sign_in_name: draw.hash(),
            profile: Personal::open(subject, partner_profile(draw)),
        }
        .into(),
        PartnerUserPasswordReset {
            user_id,
            credential_id: id!(draw, CredentialId),
            password_expires_at: draw.moment(),
        }
        .into(),
        PartnerUserDeleted { user_id, roles: draw.several(role), restorable_until: draw.moment() }
            .into(),
        PartnerUserRestored {
            user_id,
            roles: draw.several(role),
            withheld: draw.several(|draw| WithheldRole {
                role: role(draw),
                rule: "global_admin_only".into(),
            }),
        }
        .into(),
        PartnerUserPurged { user_id }.into(),
        RoleAssigned { user_id, role: role(draw) }.into(),
        RoleReplaced {
            user_id,
            category: draw.pick_or(&RoleCategory::ALL, RoleCategory::ReferralAndMarketing),
            old: role(draw),
            new: role(draw),
        }
        .into(),
        RoleRevoked { user_id, role: role(draw) }.into(),
        AccessTokenIssued { token_id, user_id, expires_at: draw.moment() }.into(),
        AccessTokenRevoked { token_id, user_id }.into(),
    ]
}
