//! What may happen to the users of partners and customers, their roles and their tokens.

use events::{
    AccessTokenIssued, AccessTokenRevoked, ApplicationName, ApplicationRegistered,
    ApplicationRevoked, ApplicationSecretAdded, ApplicationSecretId, ApplicationSecretRemoved,
    CorrelationId, CustomerUserSignedIn, CustomerUserSignedOut, DirectoryRole,
    DirectoryRoleGranted, DirectoryRoleRevoked, PartnerUserDeleted, PartnerUserPasswordChanged,
    PartnerUserPurged, PartnerUserRestored, PartnerUserSignedIn, Role, RoleAssigned, RoleReplaced,
    RoleRevoked, WebhookAddress, WebhookChanged, WebhookDelivered, WebhookDeliveryFailed,
    WebhookEventName, WebhookFailure, WebhookId, WebhookRegistered, WebhookRemoved,
    WebhookSecretId, WebhookTested,
};

use crate::testing::{
    History, application, credential, customer, partner, partner_user, partner_user_edited, token,
    user,
};

pub(super) fn change_employee(history: &mut History, company: u128, number: u128, choice: u8) {
    let (stream, number) = (partner(company), company * 10 + number);
    let user_id = partner_user(number);
    let Some(row) = history.model.partner_users().get(stream, user_id) else {
        history.employee(company, number);
        return;
    };
    let roles: Vec<Role> = row.roles.iter().collect();
    let role = Role::ALL[usize::from(choice) % Role::ALL.len()];
    let held = row.roles.in_category(role.category());
    if !row.state.is_active() && choice.is_multiple_of(4) {
        history.then(stream, PartnerUserPurged { user_id });
    } else if !row.state.is_active() {
        let roles = vec![Role::DefaultAccess];
        history.then(stream, PartnerUserRestored { user_id, roles, withheld: Vec::new() });
    } else if choice.is_multiple_of(16) {
        let restorable_until = history.now.plus_hours(720);
        history.then(stream, PartnerUserDeleted { user_id, roles, restorable_until });
    } else if choice.is_multiple_of(9) {
        history.then(stream, partner_user_edited(number));
    } else {
        match held {
            None => history.then(stream, RoleAssigned { user_id, role }),
            Some(old) if old == role => history.then(stream, RoleRevoked { user_id, role }),
            Some(old) => {
                let category = role.category();
                history.then(stream, RoleReplaced { user_id, category, old, new: role })
            }
        };
    }
}

pub(super) fn change_token(history: &mut History, number: u128, company: u128, employee: u128) {
    let (stream, user_id) = (partner(company), partner_user(company * 10 + employee));
    let working =
        history.model.tokens().of(user_id).find(|row| row.revoked_at.is_none()).map(|row| row.id);
    match working {
        Some(token_id) => {
            history.then(stream, AccessTokenRevoked { token_id, user_id });
        }
        None if history.model.partner_users().get(stream, user_id).is_some() => {
            let expires_at = history.now.plus_hours(1);
            let token_id = token(number);
            history.then(stream, AccessTokenIssued { token_id, user_id, expires_at });
        }
        None => {}
    }
}

/// An application is registered, gets a secret, acts for somebody, is revoked.
pub(super) fn change_application(history: &mut History, number: u128, company: u128, choice: u8) {
    let (stream, application_id) = (partner(company), application(company * 10 + 5));
    let Some(row) = history.model.applications().get(stream, application_id) else {
        let name = ApplicationName::new("Nightly import").unwrap();
        history.then(stream, ApplicationRegistered { application_id, name });
        return;
    };
    let first = row.secrets.first().map(|secret| secret.id);
    let expires_at = history.now.plus_hours(24);
    match (choice % 4, first, row.revoked_at) {
        (_, _, Some(_)) => {}
        (0, Some(secret_id), None) => {
            history.then(stream, ApplicationSecretRemoved { application_id, secret_id });
        }
        (1, _, None) if choice > 200 => {
            history.then(stream, ApplicationRevoked { application_id });
        }
        (_, _, None) => {
            let secret_id = ApplicationSecretId::from_uuid(token(number).as_uuid());
            let others_until = choice.is_multiple_of(3).then_some(history.now.plus_hours(1));
            let added =
                ApplicationSecretAdded { application_id, secret_id, expires_at, others_until };
            history.then(stream, added);
        }
    }
}

/// A webhook is registered, told or not, changed, removed.
pub(super) fn change_webhook(history: &mut History, number: u128, company: u128, choice: u8) {
    let stream = partner(company);
    let position = history.model.position();
    let address = WebhookAddress::new("https://hooks.contoso.example/").unwrap();
    let wanted = vec![WebhookEventName::new("test-created").unwrap()];
    let secret_id = WebhookSecretId::from_uuid(token(number).as_uuid());
    let Some(row) = history.model.webhooks().of(stream) else {
        let webhook_id = WebhookId::from_uuid(token(number).as_uuid());
        let registered = WebhookRegistered { webhook_id, secret_id, address, wanted };
        history.then(stream, registered);
        return;
    };
    let (webhook_id, next) = (row.id, row.next);
    let retry_at = choice.is_multiple_of(3).then_some(history.now.plus_hours(1));
    match choice % 8 {
        0 => {
            let changed = WebhookChanged { webhook_id, secret_id, address, wanted };
            history.then(stream, changed)
        }
        1 if choice > 200 => history.then(stream, WebhookRemoved { webhook_id }),
        2 | 3 => {
            let (test_id, counted_until) =
                (CorrelationId::from_uuid(token(number).as_uuid()), history.now);
            history.then(stream, WebhookTested { webhook_id, test_id, counted_until })
        }
        4 | 5 if next < position => history.then(
            stream,
            WebhookDeliveryFailed {
                webhook_id,
                position: next,
                attempt: 1,
                reason: WebhookFailure::Refused,
                status: Some(503),
                retry_at,
            },
        ),
        _ => history.then(stream, WebhookDelivered { webhook_id, through: next, count: 1 }),
    };
}

/// A user of a partner signs in, or chooses a password in its first session, which ends the others.
pub(super) fn sign_in_employee(history: &mut History, number: u128, company: u128, employee: u128) {
    let (stream, user_id) = (partner(company), partner_user(company * 10 + employee));
    let row = history.model.partner_users().get(stream, user_id);
    if !row.is_some_and(|row| row.state.is_active()) {
        return;
    }
    let first = history.model.tokens().sessions_of(user_id).next().map(|row| row.id);
    match first {
        Some(session_id) if number.is_multiple_of(3) => {
            let credential_id = credential(number);
            let session_id = Some(session_id);
            let changed = PartnerUserPasswordChanged { user_id, credential_id, session_id };
            history.then(stream, changed);
        }
        Some(_) | None => {
            let (session_id, expires_at) = (token(number), history.now.plus_hours(8));
            history.then(stream, PartnerUserSignedIn { user_id, session_id, expires_at });
        }
    }
}

/// A user of a customer signs in, or out of its first session.
pub(super) fn sign_in_user(history: &mut History, number: u128, company: u128, of: u128) {
    let (stream, user_id) = (customer(company), user(of));
    let row = history.model.customer_users().get(stream, user_id);
    if !row.is_some_and(|row| row.state.is_active()) {
        return;
    }
    let first = history.model.tokens().sessions_of(user_id).next().map(|row| row.id);
    match first {
        Some(session_id) if number.is_multiple_of(2) => {
            history.then(stream, CustomerUserSignedOut { user_id, session_id });
        }
        Some(_) | None => {
            let (session_id, expires_at) = (token(number), history.now.plus_hours(8));
            history.then(stream, CustomerUserSignedIn { user_id, session_id, expires_at });
        }
    }
}

pub(super) fn change_directory_role(
    history: &mut History,
    company: u128,
    number: u128,
    choice: u8,
) {
    let (stream, user_id) = (customer(company), user(number));
    let role = DirectoryRole::ALL[usize::from(choice) % DirectoryRole::ALL.len()];
    match history.model.customer_users().get(stream, user_id) {
        Some(row) if row.state.is_active() && row.directory_roles.has(role) => {
            history.then(stream, DirectoryRoleRevoked { user_id, role });
        }
        Some(row) if row.state.is_active() => {
            history.then(stream, DirectoryRoleGranted { user_id, role });
        }
        Some(_) | None => {}
    }
}
