//! One event of every type that tells of signing in.

use events::{
    AccountPasswordChanged, AccountPasswordReset, AccountSignInFailed, AccountSignedIn,
    AccountSignedOut, AccountTokenIssued, AccountTokenRevoked, AuditScope, AuditorAdmitted,
    AuditorDismissed, AuditorId, CredentialId, CustomerEvent, CustomerUserId,
    CustomerUserPasswordChanged, CustomerUserSignInFailed, CustomerUserSignedIn,
    CustomerUserSignedOut, CustomerUserTokenIssued, CustomerUserTokenRevoked, Event,
    InstallationAccount, InstallationEvent, OperatorAdded, OperatorId, OperatorRemoved,
    PartnerEvent, PartnerId, PartnerUserId, PartnerUserPasswordChanged, PartnerUserSignInFailed,
    PartnerUserSignedIn, PartnerUserSignedOut, PersonProfile, Personal, TokenId,
};

use crate::draw::Draw;

/// One event of every type.
pub(crate) fn sign_ins(draw: &mut Draw) -> Vec<Event> {
    let mut events: Vec<Event> = of_partner_users(draw).map(Event::from).into();
    events.extend(of_customer_users(draw).map(Event::from));
    events.extend(of_the_installation(draw).map(Event::from));
    events
}

fn of_partner_users(draw: &mut Draw) -> [PartnerEvent; 4] {
    let user_id = PartnerUserId::from_uuid(draw.uuid());
    let session_id = TokenId::from_uuid(draw.uuid());
    let credential_id = CredentialId::from_uuid(draw.uuid());
    [
        PartnerUserSignedIn { user_id, session_id, expires_at: draw.moment() }.into(),
        PartnerUserSignedOut { user_id, session_id }.into(),
        PartnerUserSignInFailed {
            user_id,
            failures: draw.number(),
            counted_until: draw.moment(),
            locked_until: draw.option(Draw::moment),
        }
        .into(),
        PartnerUserPasswordChanged {
            user_id,
            credential_id,
            session_id: draw.option(|_| session_id),
        }
        .into(),
    ]
}

fn of_customer_users(draw: &mut Draw) -> [CustomerEvent; 6] {
    let user_id = CustomerUserId::from_uuid(draw.uuid());
    let session_id = TokenId::from_uuid(draw.uuid());
    let token_id = TokenId::from_uuid(draw.uuid());
    let credential_id = CredentialId::from_uuid(draw.uuid());
    [
        CustomerUserSignedIn { user_id, session_id, expires_at: draw.moment() }.into(),
        CustomerUserSignedOut { user_id, session_id }.into(),
        CustomerUserSignInFailed {
            user_id,
            failures: draw.number(),
            counted_until: draw.moment(),
            locked_until: draw.option(Draw::moment),
        }
        .into(),
        CustomerUserPasswordChanged {
            user_id,
            credential_id,
            session_id: draw.option(|_| session_id),
        }
        .into(),
        CustomerUserTokenIssued { token_id, user_id, expires_at: draw.moment() }.into(),
        CustomerUserTokenRevoked { token_id, user_id }.into(),
    ]
}

fn of_the_installation(draw: &mut Draw) -> [InstallationEvent; 11] {
    let operator_id = OperatorId::from_uuid(draw.uuid());
    let auditor_id = AuditorId::from_uuid(draw.uuid());
    let accounts =
        [InstallationAccount::Operator(operator_id), InstallationAccount::Auditor(auditor_id)];
    let scopes = [AuditScope::Partner(PartnerId::from_uuid(draw.uuid())), AuditScope::Installation];
    let account = draw.pick(&accounts);
    let token_id = TokenId::from_uuid(draw.uuid());
    let credential_id = CredentialId::from_uuid(draw.uuid());
    let profile = |draw: &mut Draw| PersonProfile {
        full_name: draw.text("Ola Berg"),
        email: draw.text("ola@cloud.example"),
    };
    [
        OperatorAdded {
            operator_id,
            sign_in_name: draw.hash(),
            credential_id,
            password_expires_at: draw.moment(),
            profile: Personal::open(operator_id.into(), profile(draw)),
        }
        .into(),
        OperatorRemoved { operator_id }.into(),
        AuditorAdmitted {
            auditor_id,
            sign_in_name: draw.hash(),
            credential_id,
            password_expires_at: draw.moment(),
            scope: draw.pick(&scopes),
            until: draw.moment(),
            profile: Personal::open(auditor_id.into(), profile(draw)),
        }
        .into(),
        AuditorDismissed { auditor_id }.into(),
        AccountPasswordReset { account, credential_id, password_expires_at: draw.moment() }.into(),
        AccountSignedIn { account, session_id: token_id, expires_at: draw.moment() }.into(),
        AccountSignedOut { account, session_id: token_id }.into(),
        AccountSignInFailed {
            account,
            failures: draw.number(),
            counted_until: draw.moment(),
            locked_until: draw.option(Draw::moment),
        }
        .into(),
        AccountPasswordChanged { account, credential_id, session_id: draw.option(|_| token_id) }
            .into(),
        AccountTokenIssued { token_id, account, expires_at: draw.moment() }.into(),
        AccountTokenRevoked { token_id, account }.into(),
    ]
}
