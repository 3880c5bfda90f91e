//! What was done to a user of a customer, in words.

use events::{
    CustomerSignInEvent, CustomerUserEvent, DirectoryRole, DirectoryRoleEvent, LicenseEvent,
    LicenseFate,
};
use maud::{Markup, html};

use super::{Cast, locked};
use crate::web::widgets;

pub(super) fn to_user(cast: &Cast<'_>, customer: &Markup, event: &CustomerUserEvent) -> Markup {
    let user = |id| cast.user(id);
    match event {
        CustomerUserEvent::CustomerUserCreated(event) => {
            html! { "created user " (user(event.user_id)) " of " (customer) }
        }
        CustomerUserEvent::CustomerUserEdited(event) => {
            html! { "edited the profile of " (user(event.user_id)) " of " (customer) }
        }
        CustomerUserEvent::CustomerUserPasswordReset(event) => {
            html! { "reset the password of " (user(event.user_id)) " of " (customer) }
        }
        CustomerUserEvent::CustomerUserDeleted(event) => html! {
            "deleted user " (user(event.user_id)) " of " (customer)
            @if !event.licenses_returned.is_empty() {
                "; " (widgets::count(event.licenses_returned.len(), "licence", "licences")) " returned"
            }
        },
        CustomerUserEvent::CustomerUserRestored(event) => html! {
            "restored user " (user(event.user_id)) " of " (customer)
            @for license in &event.licenses {
                "; " (cast.product(license.sku_id)) " " (fate(license.fate))
            }
        },
        CustomerUserEvent::CustomerUserPurged(_) => {
            html! { "purged a deleted user of " (customer) }
        }
    }
}

pub(super) fn to_license(cast: &Cast<'_>, customer: &Markup, event: &LicenseEvent) -> Markup {
    let user = |id| cast.user(id);
    match event {
        LicenseEvent::LicenseAssigned(event) => html! {
            "assigned " strong { (cast.product(event.sku_id)) } " to " (user(event.user_id)) " of " (customer)
        },
        LicenseEvent::LicenseRevoked(event) => html! {
            "revoked " strong { (cast.product(event.sku_id)) } " from " (user(event.user_id)) " of " (customer)
        },
    }
}

pub(super) fn to_directory_role(
    cast: &Cast<'_>,
    customer: &Markup,
    event: &DirectoryRoleEvent,
) -> Markup {
    let user = |id| cast.user(id);
    match event {
        DirectoryRoleEvent::DirectoryRoleGranted(event) => html! {
            "made " (user(event.user_id)) " " strong { (DirectoryRole::title(event.role)) } " of " (customer)
        },
        DirectoryRoleEvent::DirectoryRoleRevoked(event) => html! {
            "took the role " strong { (DirectoryRole::title(event.role)) } " from "
            (user(event.user_id)) " of " (customer)
        },
    }
}

pub(super) fn to_sign_in(
    cast: &Cast<'_>,
    customer: &Markup,
    event: &CustomerSignInEvent,
) -> Markup {
    let user = |id| cast.user(id);
    match event {
        CustomerSignInEvent::CustomerUserSignedIn(_) => html! { "signed in to " (customer) },
        CustomerSignInEvent::CustomerUserSignedOut(_) => html! { "signed out of " (customer) },
        CustomerSignInEvent::CustomerUserSignInFailed(event) => html! {
            "gave a wrong password for " (user(event.user_id)) " of " (customer)
            (locked(event.failures, event.locked_until))
        },
        CustomerSignInEvent::CustomerUserPasswordChanged(event) => {
            html! { "chose a new password: " (user(event.user_id)) " of " (customer) }
        }
        CustomerSignInEvent::CustomerUserTokenIssued(event) => html! {
            "made a token for " (user(event.user_id)) " of " (customer)
            ", valid until " (widgets::minute(event.expires_at))
        },
        CustomerSignInEvent::CustomerUserTokenRevoked(event) => {
            html! { "revoked a token of " (user(event.user_id)) " of " (customer) }
        }
    }
}

const fn fate(fate: LicenseFate) -> &'static str {
    match fate {
        LicenseFate::Restored => "restored",
        LicenseFate::NoSeat => "not back, no seat free",
        LicenseFate::SubscriptionGone => "not back, subscription gone",
    }
}
