//! What may happen between companies: relationships, partnerships, and the requests for both.

use events::{
    CustomerId, DelegatedAdminEnded, DelegatedAdminGranted, InvitationExpired, InvitationId,
    InvitationSendFailed, InvitationSendRequested, InvitationSent, MailFailure, MailRoute,
    OwnPurchasesForbidden, OwnPurchasesPermitted, PartnerId, PartnershipAccepted, PartnershipId,
    RelationshipEnded, RelationshipEstablished, RelationshipLetterSendFailed,
    RelationshipLetterSendRequested, RelationshipLetterSent, RelationshipRequestAccepted,
    RelationshipRequestDeclined, RelationshipRequestExpired, RelationshipRequestWithdrawn,
    ResellerAssociated, ResellerRemoved,
};

use crate::testing::{
    History, customer, partner, partnership, partnership_requested, relationship_draft_edited,
    relationship_requested,
};
use crate::views::{letter_state::LetterState, relationship_requests::RelationshipRequestState};

pub(super) fn change_relationship(history: &mut History, company: u128, with: u128) {
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

pub(super) fn change_relationship_request(
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
    if choice.is_multiple_of(7) {
        let row = history.model.relationship_requests().get(invitation_id);
        let letter = row.map(|row| row.letter).unwrap_or_default();
        return change_letter(history, stream, (invitation_id, partner_id), (letter, choice));
    }
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

/// The next thing that may happen to the e-mail of an open request for a relationship.
fn change_letter(
    history: &mut History,
    stream: CustomerId,
    (invitation_id, partner_id): (InvitationId, PartnerId),
    (letter, choice): (LetterState, u8),
) {
    let (reason, route) = (MailFailure::Deferred, MailRoute::File);
    match (letter, choice % 3) {
        (LetterState::Draft | LetterState::GivenUp { .. }, _) => {
            history.then(stream, RelationshipLetterSendRequested { invitation_id, partner_id });
        }
        (LetterState::UnderWay { .. }, 0) => {
            let attempt = 1;
            let sent = RelationshipLetterSent { invitation_id, partner_id, attempt, route };
            history.then(stream, sent);
        }
        (LetterState::UnderWay { .. }, fate) => {
            let (attempt, retry_at) =
                if fate == 1 { (1, Some(history.now.plus_hours(1))) } else { (5, None) };
            let failed = RelationshipLetterSendFailed {
                invitation_id,
                partner_id,
                attempt,
                reason,
                retry_at,
            };
            history.then(stream, failed);
        }
        (LetterState::Sent { .. }, _) => {}
    }
}

pub(super) fn change_privileges(history: &mut History, company: u128, with: u128, choice: u8) {
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

pub(super) fn change_partnership(
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
