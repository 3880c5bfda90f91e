//! What was done to a user of a customer, in words.

use events::{CustomerEvent, DirectoryRole, LicenseFate};
use maud::{Markup, html};

use super::{Cast, locked};
use crate::web::widgets;

pub(super) fn to_customer_user(
    cast: &Cast<'_>,
    customer: &Markup,
    event: &CustomerEvent,
) -> Markup {
    let user = |id| cast.user(id);
    match event {
        CustomerEvent::CustomerUserCreated(event) => {
            html! { "created user " (user(event.user_id)) " of " (customer) }
        }
        CustomerEvent::CustomerUserEdited(event) => {
            html! { "edited the profile of " (user(event.user_id)) " of " (customer) }
        }
        CustomerEvent::CustomerUserPasswordReset(event) => {
            html! { "reset the password of " (user(event.user_id)) " of " (customer) }
        }
        CustomerEvent::CustomerUserDeleted(event) => html! {
            "deleted user " (user(event.user_id)) " of " (customer)
            @if !event.licenses_returned.is_empty() {
                "; " (widgets::count(event.licenses_returned.len(), "licence", "licences")) " returned"
            }
        },
        CustomerEvent::CustomerUserRestored(event) => html! {
            "restored user " (user(event.user_id)) " of " (customer)
            @for license in &event.licenses {
                "; " (cast.product(license.sku_id)) " " (fate(license.fate))
            }
        },
        CustomerEvent::CustomerUserPurged(_) => html! { "purged a deleted user of " (customer) },
        CustomerEvent::LicenseAssigned(event) => html! {
            "assigned " strong { (cast.product(event.sku_id)) } " to " (user(event.user_id)) " of " (customer)
        },
        CustomerEvent::LicenseRevoked(event) => html! {
            "revoked " strong { (cast.product(event.sku_id)) } " from " (user(event.user_id)) " of " (customer)
        },
        CustomerEvent::DirectoryRoleGranted(event) => html! {
            "made " (user(event.user_id)) " " strong { (DirectoryRole::title(event.role)) } " of " (customer)
        },
        CustomerEvent::DirectoryRoleRevoked(event) => html! {
            "took the role " strong { (DirectoryRole::title(event.role)) } " from "
            (user(event.user_id)) " of " (customer)
        },
        CustomerEvent::CustomerUserSignedIn(_) => html! { "signed in to " (customer) },
        CustomerEvent::CustomerUserSignedOut(_) => html! { "signed out of " (customer) },
        CustomerEvent::CustomerUserSignInFailed(event) => html! {
            "gave a wrong password for " (user(event.user_id)) " of " (customer)
            (locked(event.failures, event.locked_until))
        },
        CustomerEvent::CustomerUserPasswordChanged(event) => {
            html! { "chose a new password: " (user(event.user_id)) " of " (customer) }
        }
        CustomerEvent::CustomerUserTokenIssued(event) => html! {
            "made a token for " (user(event.user_id)) " of " (customer)
            ", valid until " (widgets::minute(event.expires_at))
        },
        CustomerEvent::CustomerUserTokenRevoked(event) => {
            html! { "revoked a token of " (user(event.user_id)) " of " (customer) }
        }
        _ => html! { "changed " (customer) },
    }
}

const fn fate(fate: LicenseFate) -> &'static str {
    match fate {
        LicenseFate::Restored => "restored",
        LicenseFate::NoSeat => "not back, no seat free",
        LicenseFate::SubscriptionGone => "not back, subscription gone",
    }
}
