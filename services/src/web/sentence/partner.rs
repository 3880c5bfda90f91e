//! What was done to a partner and its users, in words.

use events::{PartnerEvent, Role};
use maud::{Markup, html};

use super::{Cast, locked};
use crate::web::widgets;

pub(super) fn to_partner(cast: &Cast<'_>, event: &PartnerEvent) -> Markup {
    let user = |id| cast.colleague(id);
    match event {
        PartnerEvent::PartnerRegistered(event) => html! {
            "registered " strong { (event.name) } " as " (event.kind.name().replace('_', " "))
        },
        PartnerEvent::PartnerUserAdded(event) => html! { "added user " (user(event.user_id)) },
        PartnerEvent::PartnerUserEdited(event) => {
            html! { "edited the profile of " (user(event.user_id)) }
        }
        PartnerEvent::PartnerUserPasswordReset(event) => {
            html! { "reset the password of " (user(event.user_id)) }
        }
        PartnerEvent::PartnerUserDeleted(event) => html! {
            "deleted user " (user(event.user_id)) ", restorable until "
            (widgets::minute(event.restorable_until))
        },
        PartnerEvent::PartnerUserRestored(event) => html! {
            "restored user " (user(event.user_id)) (with_roles(&event.roles))
            @for withheld in &event.withheld { "; not back: " (withheld.role) }
        },
        PartnerEvent::PartnerUserPurged(_) => html! { "purged a deleted user" },
        PartnerEvent::RoleAssigned(event) => {
            html! { "gave " (user(event.user_id)) " the role " strong { (event.role) } }
        }
        PartnerEvent::RoleReplaced(event) => html! {
            "replaced the role " (event.old) " of " (user(event.user_id)) " by " strong { (event.new) }
        },
        PartnerEvent::RoleRevoked(event) => {
            html! { "took the role " strong { (event.role) } " from " (user(event.user_id)) }
        }
        PartnerEvent::AccessTokenIssued(event) => html! {
            "made a token for " (user(event.user_id)) ", valid until " (widgets::minute(event.expires_at))
        },
        PartnerEvent::AccessTokenRevoked(event) => {
            html! { "revoked a token of " (user(event.user_id)) }
        }
        PartnerEvent::PartnerUserSignedIn(_) => html! { "signed in" },
        PartnerEvent::PartnerUserSignedOut(_) => html! { "signed out" },
        PartnerEvent::PartnerUserSignInFailed(event) => html! {
            "gave a wrong password for " (user(event.user_id))
            (locked(event.failures, event.locked_until))
        },
        PartnerEvent::PartnerUserPasswordChanged(_) => html! { "chose a new password" },
        PartnerEvent::UserElevated(event) => html! {
            "elevated " (user(event.user_id)) " to global admin, as service request "
            (event.request_id) " asked"
        },
        PartnerEvent::PartnerProfileEdited(event) => {
            html! { "edited the " (event.kind.title().to_lowercase()) }
        }
        PartnerEvent::PublicProfileChanged(event) => html! {
            "changed the public profile to " strong { (event.profile.name) } ", as service request "
            (event.request_id) " asked"
        },
    }
}

fn with_roles(roles: &[Role]) -> String {
    let titles: Vec<_> = roles.iter().map(|role| role.title()).collect();
    if titles.is_empty() { String::new() } else { format!(" as {}", titles.join(", ")) }
}
