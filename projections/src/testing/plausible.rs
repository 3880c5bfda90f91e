//! Random histories that could have happened: a few companies and people to whom much happens.

mod sales;

use events::{
    AccessTokenIssued, AccessTokenRevoked, CustomerUserPurged, CustomerUserSignedIn,
    CustomerUserSignedOut, DelegatedAdminEnded, DelegatedAdminGranted, Device, DeviceBatchCreated,
    DeviceProfileApplied, DeviceProfileCreated, DeviceProfileWithdrawn, DeviceRemoved,
    DeviceSetting, DirectoryRole, DirectoryRoleGranted, DirectoryRoleRevoked, FriendlyName,
    InvitationExpired, InvitationSendFailed, InvitationSendRequested, InvitationSent, LeadAccepted,
    LeadConverted, LeadDeclined, LeadWithdrawn, LicenseFate, LicenseRevoked, MailFailure,
    MailRoute, OwnPurchasesForbidden, OwnPurchasesPermitted, PartnerId, PartnerUserDeleted,
    PartnerUserPasswordChanged, PartnerUserPurged, PartnerUserRestored, PartnerUserSignedIn,
    PartnershipAccepted, PartnershipId, RelationshipEnded, RelationshipEstablished,
    RelationshipRequestAccepted, RelationshipRequestDeclined, RelationshipRequestExpired,
    RelationshipRequestWithdrawn, RequestStatus, ResellerAssociated, ResellerRemoved, Role,
    RoleAssigned, RoleReplaced, RoleRevoked, SerialNumber, ServiceRequestKind,
    ServiceRequestStatusChanged, StreamId, SubscriptionQuantityChanged, SubscriptionReactivated,
    SubscriptionSuspended,
};
use proptest::prelude::*;

use crate::views::relationship_requests::RelationshipRequestState;

use crate::views::leads::LeadProgress;

use super::{
    History, access_refused, agreement_confirmed, batch, credential, customer, customer_created,
    customer_edited, damage_healed, device, device_profile, lead, lead_referred, order_submitted,
    partner, partner_user, partner_user_edited, partnership, partnership_requested, quantity,
    relationship_draft_edited, relationship_requested,
    requests::{declined, logged, noted, profile_changed, request, support_profile},
    sku, subscription, token, user, user_edited,
};
use crate::views::letter_state::LetterState;

/// What may happen next: what, and three numbers that say to whom.
pub(crate) type Step = (u8, u8, u8, u8);

/// Any sequence of steps.
pub(crate) fn steps() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(any::<Step>(), 0..250)
}

/// The history that steps make; a step that cannot happen where it stands is left out.
pub(crate) fn history(steps: &[Step]) -> History {
    let mut history = History::new();
    for (number, step) in steps.iter().enumerate() {
        take(&mut history, number as u128, *step);
    }
    history
}

/// Users and subscriptions get numbers of their own at each customer.
fn at(customer: u128, number: u8) -> u128 {
    customer * 10 + u128::from(number % 3)
}

fn take(history: &mut History, number: u128, (what, a, b, c): Step) {
    let company = u128::from(a % 3);
    let user = at(company, b);
    let provider = u128::from(a % 2);
    match what % 27 {
        0 => create_or_edit_customer(history, company, b),
        1 => create_or_edit_user(history, company, user),
        2 => delete_user(history, company, user, c),
        3 | 4 => restore_or_purge_user(history, company, user, c),
        5..=7 => move_license(history, company, user, u128::from(c % 2)),
        8 => change_subscription(history, company, user, c),
        9 => change_relationship(history, company, u128::from(b % 2)),
        10 => change_partnership(history, number, provider, 2 + u128::from(b % 2), company),
        11..=13 => change_employee(history, provider, u128::from(b % 2), c),
        16 => change_relationship_request(history, number, company, (b, c)),
        17 => change_privileges(history, company, u128::from(b % 2), c),
        19 => change_service_request(history, u64::from(b % 4), u128::from(a % 2), c),
        14 if c.is_multiple_of(2) => change_token(history, number, provider, u128::from(b % 2)),
        14 if c % 4 == 1 => sign_in_employee(history, number, provider, u128::from(b % 2)),
        14 => sign_in_user(history, number, company, user),
        15 => change_directory_role(history, company, user, c),
        18 => change_lead(history, provider, 2 + u128::from(b % 2), c),
        20 => change_devices(history, number, company, c),
        23 | 24 => sales::change(history, company, user, c),
        25 => sales::draft(history, company, user, c),
        _ => notice(history, number, provider, c),
    }
}

fn notice(history: &mut History, number: u128, provider: u128, choice: u8) {
    if choice.is_multiple_of(2) {
        history.then(StreamId::INSTALLATION, damage_healed(number));
    } else {
        history.then(StreamId::INSTALLATION, access_refused(provider, u128::from(choice % 3)));
    }
}

fn create_or_edit_customer(history: &mut History, number: u128, choice: u8) {
    let (stream, seller) = (customer(number), u128::from(choice % 2));
    if history.model.customers().get(stream).is_none() {
        let bond = RelationshipEstablished { partner_id: partner(seller), delegated_admin: true };
        history.then(stream, customer_created(number, "Contoso", seller)).then(stream, bond);
    } else {
        history.then(stream, customer_edited(number, &format!("Company {choice}")));
    }
}

fn create_or_edit_user(history: &mut History, company: u128, number: u128) {
    if history.model.customer_users().get(customer(company), user(number)).is_none() {
        history.user(company, number);
    } else {
        history.then(customer(company), user_edited(number));
    }
}

fn delete_user(history: &mut History, company: u128, number: u128, choice: u8) {
    let row = history.model.customer_users().get(customer(company), user(number));
    let Some(row) = row.filter(|row| row.state.is_active() && choice.is_multiple_of(2)) else {
        return;
    };
    let licenses: Vec<u128> = row.licenses.iter().map(|sku| sku.as_uuid().as_u128()).collect();
    history.delete(company, number, &licenses);
}

fn restore_or_purge_user(history: &mut History, company: u128, number: u128, choice: u8) {
    let Some(row) = history.model.deleted_users().get(customer(company), user(number)) else {
        return;
    };
    if choice.is_multiple_of(4) {
        history.then(customer(company), CustomerUserPurged { user_id: user(number) });
        return;
    }
    let fate = if choice.is_multiple_of(2) { LicenseFate::Restored } else { LicenseFate::NoSeat };
    let licenses: Vec<_> =
        row.licenses_before.iter().map(|sku| (sku.as_uuid().as_u128(), fate)).collect();
    history.restore(company, number, &licenses);
}

fn move_license(history: &mut History, company: u128, number: u128, product: u128) {
    let Some(row) = history.model.customer_users().get(customer(company), user(number)) else {
        return;
    };
    if !row.state.is_active() {
        return;
    }
    if row.licenses.contains(&sku(product)) {
        let revoked = LicenseRevoked { user_id: user(number), sku_id: sku(product) };
        history.then(customer(company), revoked);
    } else if history.model.licenses().get(customer(company), sku(product)).is_some() {
        history.assign(company, number, product);
    }
}

fn change_subscription(history: &mut History, company: u128, number: u128, choice: u8) {
    let stream = customer(company);
    let subscription_id = subscription(number);
    let Some(row) = history.model.subscriptions().get(stream, subscription_id) else {
        let product = u128::from(choice % 2);
        history.then(stream, order_submitted(number, product, 0));
        history.subscribe(company, number, product, u32::from(choice) + 1, 0);
        return;
    };
    if row.state.is_cancelled() {
        return;
    }
    let (old, active) = (row.quantity, row.state.is_active());
    if choice.is_multiple_of(2) {
        let new = quantity(u32::from(choice) + 1);
        history.then(stream, SubscriptionQuantityChanged { subscription_id, old, new });
    } else if active {
        history.then(stream, SubscriptionSuspended { subscription_id });
    } else {
        history.then(stream, SubscriptionReactivated { subscription_id });
    }
}

fn change_relationship(history: &mut History, company: u128, with: u128) {
    let partner_id = partner(with);
    let Some(row) = history.model.customers().get(customer(company)) else {
        return;
    };
    if row.relationship(partner_id).is_some_and(|bond| bond.active) {
        history.then(customer(company), RelationshipEnded { partner_id });
    } else {
        let bond = RelationshipEstablished { partner_id, delegated_admin: false };
        history.then(customer(company), bond);
    }
}

fn change_relationship_request(
    history: &mut History,
    number: u128,
    company: u128,
    (who, choice): (u8, u8),
) {
    let asking = u128::from(who % 2);
    let partner_id = partner(asking);
    let model = history.model.clone();
    let mut asked = model.relationship_requests().of_partner(partner_id);
    let open = asked.find(|row| row.state == RelationshipRequestState::Requested);
    let Some((invitation_id, stream)) = open.map(|row| (row.invitation, row.stream)) else {
        let to = history.model.customers().get(customer(company)).map(|_| company);
        let expires_at = history.now.plus_hours(1);
        let stream = to.map_or_else(|| customer(1_000 + number), customer);
        history.then(stream, relationship_requested(number, asking, to, expires_at));
        return;
    };
    let customer_id = customer(company);
    match choice % 5 {
        0 => history
            .then(stream, RelationshipRequestAccepted { invitation_id, partner_id, customer_id }),
        1 => history
            .then(stream, RelationshipRequestDeclined { invitation_id, partner_id, customer_id }),
        2 => history.then(stream, RelationshipRequestWithdrawn { invitation_id, partner_id }),
        3 => history.then(stream, RelationshipRequestExpired { invitation_id, partner_id }),
        _ => history.then(stream, relationship_draft_edited(invitation_id, partner_id)),
    };
}

fn change_privileges(history: &mut History, company: u128, with: u128, choice: u8) {
    let (stream, partner_id) = (customer(company), partner(with));
    let Some(row) = history.model.customers().get(stream) else { return };
    let Some(bond) = row.relationship(partner_id).filter(|bond| bond.active) else { return };
    match (choice.is_multiple_of(2), bond.delegated_admin, row.own_purchases_from(partner_id)) {
        (true, true, _) => history.then(stream, DelegatedAdminEnded { partner_id }),
        (true, false, _) => history.then(stream, DelegatedAdminGranted { partner_id }),
        (false, _, Some(_)) => history.then(stream, OwnPurchasesForbidden { partner_id }),
        (false, _, None) => history.then(stream, OwnPurchasesPermitted { partner_id }),
    };
}

fn change_partnership(
    history: &mut History,
    number: u128,
    provider: u128,
    reseller: u128,
    company: u128,
) {
    let bond = (partner(provider), partner(reseller));
    let Some(active) = history.model.resellers().between(bond.0, bond.1) else {
        let open = history.model.resellers().requested_by(bond.0).next().map(|row| row.id);
        match open {
            Some(request) => change_request(history, request, bond, company),
            None if number.is_multiple_of(2) => {
                let expires_at = history.now.plus_hours(720);
                let request = partnership_requested(number, provider, expires_at);
                history.then(partnership(number), request);
            }
            None => {
                history.partnership(number, provider, reseller);
            }
        }
        return;
    };
    let active = active.id.as_uuid().as_u128();
    let Some(row) = history.model.customers().get(customer(company)) else {
        history.end_partnership(active, provider, reseller);
        return;
    };
    let associated = row.resellers.iter().any(|other| (other.provider, other.reseller) == bond);
    if !associated {
        let event = ResellerAssociated { provider: bond.0, reseller: bond.1 };
        history.then(customer(company), event);
    } else if number.is_multiple_of(2) {
        let event = ResellerRemoved { provider: bond.0, reseller: bond.1 };
        history.then(customer(company), event);
    } else {
        history.end_partnership(active, provider, reseller);
    }
}

/// The next thing that may happen to an open request and its e-mail.
fn change_request(
    history: &mut History,
    request: PartnershipId,
    (provider, reseller): (PartnerId, PartnerId),
    choice: u128,
) {
    let row = history.model.resellers().get(request).unwrap();
    let (invitation_id, expired_at) = (row.invitation, row.expires_at);
    let reason = MailFailure::Unreachable;
    match (row.letter, choice) {
        (LetterState::Draft | LetterState::GivenUp { .. }, 0) => {
            history.then(request, InvitationSendRequested { provider, invitation_id });
        }
        (LetterState::UnderWay { .. }, 0) => {
            let (attempt, retry_at) = (1, Some(history.now.plus_hours(1)));
            let failed =
                InvitationSendFailed { provider, invitation_id, attempt, reason, retry_at };
            history.then(request, failed);
        }
        (LetterState::UnderWay { .. }, 1) => {
            let (attempt, retry_at) = (5, None);
            let failed =
                InvitationSendFailed { provider, invitation_id, attempt, reason, retry_at };
            history.then(request, failed);
        }
        (LetterState::UnderWay { .. }, _) => {
            let (attempt, route) = (1, MailRoute::Smtp);
            history.then(request, InvitationSent { provider, invitation_id, attempt, route });
        }
        (_, 1) => {
            history.then(request, InvitationExpired { provider, invitation_id, expired_at });
        }
        (..) => {
            history.then(request, PartnershipAccepted { provider, reseller });
        }
    }
}

/// Devices in lists of two, a profile for them, and agreements of the company.
fn change_devices(history: &mut History, number: u128, company: u128, choice: u8) {
    let (stream, profile_id) = (customer(company), device_profile(company * 10 + 1));
    if history.model.customers().get(stream).is_none() {
        return;
    }
    let name = FriendlyName::new("Front desk").unwrap();
    let ids: Vec<_> = history.model.devices().of(stream).map(|row| row.id).collect();
    let has_profile = history.model.devices().profile(stream, profile_id).is_some();
    match (choice % 6, ids.first()) {
        (0, _) => {
            let devices = [1, 2].map(|which| Device {
                device_id: device(number * 10 + which),
                serial_number: SerialNumber::new(&format!("SN-{number}-{which}")).unwrap(),
                product_key: None,
            });
            let devices = devices.to_vec();
            history.then(stream, DeviceBatchCreated { batch_id: batch(number), name, devices });
        }
        (1, _) if !has_profile => {
            let settings = vec![DeviceSetting::SkipEula];
            history.then(stream, DeviceProfileCreated { profile_id, name, settings });
        }
        (2, Some(_)) if has_profile => {
            history.then(stream, DeviceProfileApplied { profile_id, device_ids: ids });
        }
        (3, Some(_)) => {
            history.then(stream, DeviceProfileWithdrawn { device_ids: ids });
        }
        (4, Some(id)) => {
            history.then(stream, DeviceRemoved { device_id: *id });
        }
        (5, _) => {
            history.then(stream, agreement_confirmed(number, u128::from(choice % 2)));
        }
        (_, _) => {}
    }
}

/// A few leads between each two companies.
fn change_lead(history: &mut History, provider: u128, reseller: u128, choice: u8) {
    let number = provider * 1_000 + reseller * 100 + u128::from(choice % 3);
    let (from, to, stream) = (partner(provider), partner(reseller), lead(number));
    let Some(row) = history.model.leads().of_partner(from, stream) else {
        history.then(stream, lead_referred(number, provider, reseller));
        return;
    };
    match (row.progress, choice / 3 % 2) {
        (LeadProgress::Referred, 0) => {
            history.then(stream, LeadAccepted { provider: from, reseller: to });
        }
        (LeadProgress::Referred, _) => {
            history.then(stream, LeadWithdrawn { provider: from, reseller: to });
        }
        (LeadProgress::Accepted { .. }, 0) => {
            let customer_id = customer(u128::from(choice));
            history.then(stream, LeadConverted { provider: from, reseller: to, customer_id });
        }
        (LeadProgress::Accepted { .. }, _) => {
            history.then(stream, LeadDeclined { provider: from, reseller: to });
        }
        (
            LeadProgress::Declined { .. }
            | LeadProgress::Withdrawn { .. }
            | LeadProgress::Converted { .. },
            _,
        ) => {}
    }
}

fn change_employee(history: &mut History, company: u128, number: u128, choice: u8) {
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

fn change_token(history: &mut History, number: u128, company: u128, employee: u128) {
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

fn change_service_request(history: &mut History, number: u64, company: u128, choice: u8) {
    let stream = request(number);
    let Some(row) = history.model.service_requests().get(stream) else {
        let kind = ServiceRequestKind::Elevation { user_id: partner_user(company * 10) };
        history.then(stream, logged(number, company, kind));
        return;
    };
    let (company, old, partner_id) = (row.partner.as_uuid().as_u128(), row.status, row.partner);
    match choice % 4 {
        0 => history.then(stream, noted(number, company)),
        1 => history.then(stream, declined(number, company)),
        2 if old.is_open() => history.then(partner_id, support_profile(company, "Helped")),
        2 => history.then(partner_id, profile_changed(number, "Shown")),
        _ => {
            let new = RequestStatus::ALL[usize::from(choice / 4) % RequestStatus::ALL.len()];
            history.then(stream, ServiceRequestStatusChanged { partner_id, old, new })
        }
    };
}

fn change_directory_role(history: &mut History, company: u128, number: u128, choice: u8) {
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

/// A user of a partner signs in, or chooses a password in its first session, which ends the others.
fn sign_in_employee(history: &mut History, number: u128, company: u128, employee: u128) {
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
fn sign_in_user(history: &mut History, number: u128, company: u128, of: u128) {
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
