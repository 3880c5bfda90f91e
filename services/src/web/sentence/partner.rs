//! What was done to a partner and its users, in words.

use events::{BenefitId, CompetencyId, PartnerEvent, Role};
use maud::{Markup, html};

use super::{Cast, locked};
use crate::web::widgets;

#[expect(clippy::too_many_lines, reason = "it is a table: a line or two for each type of event")]
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
        PartnerEvent::AccessTokenRevoked(it) => html! { "revoked a token of " (user(it.user_id)) },
        PartnerEvent::PartnerUserSignedIn(_) => html! { "signed in" },
        PartnerEvent::PartnerUserSignedOut(_) => html! { "signed out" },
        PartnerEvent::PartnerUserSignInFailed(event) => html! {
            "gave a wrong password for " (user(event.user_id))
            (locked(event.failures, event.locked_until))
        },
        PartnerEvent::PartnerUserPasswordChanged(_) => html! { "chose a new password" },
        PartnerEvent::ApplicationRegistered(_)
        | PartnerEvent::ApplicationSecretAdded(_)
        | PartnerEvent::ApplicationSecretRemoved(_)
        | PartnerEvent::ApplicationRevoked(_)
        | PartnerEvent::ApplicationSignInFailed(_)
        | PartnerEvent::ApplicationGrantBegun(_)
        | PartnerEvent::ApplicationGrantRenewed(_)
        | PartnerEvent::ApplicationGrantEnded(_) => to_application(cast, event),
        PartnerEvent::WebhookRegistered(_)
        | PartnerEvent::WebhookChanged(_)
        | PartnerEvent::WebhookRemoved(_)
        | PartnerEvent::WebhookTested(_)
        | PartnerEvent::WebhookDelivered(_)
        | PartnerEvent::WebhookDeliveryFailed(_) => to_webhook(event),
        PartnerEvent::UserElevated(event) => html! {
            "elevated " (user(event.user_id)) " to global admin, as service request "
            (event.request_id) " asked"
        },
        PartnerEvent::PartnerProfileEdited(event) => {
            html! { "edited the " (event.kind.title().to_lowercase()) }
        }
        PartnerEvent::CompetencyAttained(_)
        | PartnerEvent::CompetencyChanged(_)
        | PartnerEvent::CompetencyWithdrawn(_)
        | PartnerEvent::BenefitGranted(_)
        | PartnerEvent::BenefitActivated(_)
        | PartnerEvent::BenefitDeactivated(_)
        | PartnerEvent::BenefitWithdrawn(_)
        | PartnerEvent::PartnerUserSkillsEdited(_) => in_network(cast, event),
        PartnerEvent::PublicProfileChanged(event) => html! {
            "changed the public profile to " strong { (event.profile.name) } ", as service request "
            (event.request_id) " asked"
        },
    }
}

/// What was done to an application, or by one.
fn to_application(cast: &Cast<'_>, event: &PartnerEvent) -> Markup {
    let application = |id| cast.application(id);
    match event {
        PartnerEvent::ApplicationRegistered(event) => html! {
            "registered the application " strong { (event.name) }
        },
        PartnerEvent::ApplicationSecretAdded(event) => html! {
            "gave the application " (application(event.application_id))
            " a secret, valid until " (widgets::minute(event.expires_at))
            @if let Some(until) = event.others_until {
                "; those until now work until " (widgets::minute(until)) " at the latest"
            }
        },
        PartnerEvent::ApplicationSecretRemoved(event) => html! {
            "removed a secret of the application " (application(event.application_id))
        },
        PartnerEvent::ApplicationRevoked(event) => {
            html! { "revoked the application " (application(event.application_id)) }
        }
        PartnerEvent::ApplicationSignInFailed(event) => html! {
            "gave a wrong secret for the application " (application(event.application_id))
            (locked(event.failures, event.locked_until))
        },
        PartnerEvent::ApplicationGrantBegun(event) => html! {
            "let the application " (application(event.application_id)) " act for "
            (cast.colleague(event.user_id))
        },
        PartnerEvent::ApplicationGrantRenewed(_) => html! { "renewed its right to act for a user" },
        PartnerEvent::ApplicationGrantEnded(event) => html! {
            "used a refresh token twice, which ended what the application "
            (application(event.application_id)) " was allowed for a user"
        },
        PartnerEvent::PartnerRegistered(_)
        | PartnerEvent::WebhookRegistered(_)
        | PartnerEvent::WebhookChanged(_)
        | PartnerEvent::WebhookRemoved(_)
        | PartnerEvent::WebhookTested(_)
        | PartnerEvent::WebhookDelivered(_)
        | PartnerEvent::WebhookDeliveryFailed(_)
        | PartnerEvent::CompetencyAttained(_)
        | PartnerEvent::CompetencyChanged(_)
        | PartnerEvent::CompetencyWithdrawn(_)
        | PartnerEvent::BenefitGranted(_)
        | PartnerEvent::BenefitActivated(_)
        | PartnerEvent::BenefitDeactivated(_)
        | PartnerEvent::BenefitWithdrawn(_)
        | PartnerEvent::PartnerUserSkillsEdited(_)
        | PartnerEvent::PartnerUserAdded(_)
        | PartnerEvent::PartnerUserEdited(_)
        | PartnerEvent::PartnerUserPasswordReset(_)
        | PartnerEvent::PartnerUserDeleted(_)
        | PartnerEvent::PartnerUserRestored(_)
        | PartnerEvent::PartnerUserPurged(_)
        | PartnerEvent::RoleAssigned(_)
        | PartnerEvent::RoleReplaced(_)
        | PartnerEvent::RoleRevoked(_)
        | PartnerEvent::AccessTokenIssued(_)
        | PartnerEvent::AccessTokenRevoked(_)
        | PartnerEvent::PartnerUserSignedIn(_)
        | PartnerEvent::PartnerUserSignedOut(_)
        | PartnerEvent::PartnerUserSignInFailed(_)
        | PartnerEvent::PartnerUserPasswordChanged(_)
        | PartnerEvent::UserElevated(_)
        | PartnerEvent::PartnerProfileEdited(_)
        | PartnerEvent::PublicProfileChanged(_) => html! {},
    }
}

/// What was done to a webhook, or by it.
fn to_webhook(event: &PartnerEvent) -> Markup {
    match event {
        PartnerEvent::WebhookRegistered(event) => html! {
            "registered a webhook for " (event.wanted.len()) " kinds of events"
        },
        PartnerEvent::WebhookChanged(event) => html! {
            "changed the webhook, for " (event.wanted.len()) " kinds of events"
        },
        PartnerEvent::WebhookRemoved(_) => html! { "removed the webhook" },
        PartnerEvent::WebhookTested(_) => html! { "sent a test to the webhook" },
        PartnerEvent::WebhookDelivered(event) => html! {
            "told the webhook of " (event.count) " events, up to position " (event.through)
        },
        PartnerEvent::WebhookDeliveryFailed(event) => html! {
            "could not tell the webhook of position " (event.position)
            " (" (event.reason.name().replace('_', " ")) ", attempt " (event.attempt) ")"
            @match event.retry_at {
                Some(at) => { "; tried again at " (widgets::minute(at)) },
                None => { "; given up" },
            }
        },
        PartnerEvent::PartnerRegistered(_)
        | PartnerEvent::ApplicationRegistered(_)
        | PartnerEvent::ApplicationSecretAdded(_)
        | PartnerEvent::ApplicationSecretRemoved(_)
        | PartnerEvent::ApplicationRevoked(_)
        | PartnerEvent::ApplicationSignInFailed(_)
        | PartnerEvent::ApplicationGrantBegun(_)
        | PartnerEvent::ApplicationGrantRenewed(_)
        | PartnerEvent::ApplicationGrantEnded(_)
        | PartnerEvent::CompetencyAttained(_)
        | PartnerEvent::CompetencyChanged(_)
        | PartnerEvent::CompetencyWithdrawn(_)
        | PartnerEvent::BenefitGranted(_)
        | PartnerEvent::BenefitActivated(_)
        | PartnerEvent::BenefitDeactivated(_)
        | PartnerEvent::BenefitWithdrawn(_)
        | PartnerEvent::PartnerUserSkillsEdited(_)
        | PartnerEvent::PartnerUserAdded(_)
        | PartnerEvent::PartnerUserEdited(_)
        | PartnerEvent::PartnerUserPasswordReset(_)
        | PartnerEvent::PartnerUserDeleted(_)
        | PartnerEvent::PartnerUserRestored(_)
        | PartnerEvent::PartnerUserPurged(_)
        | PartnerEvent::RoleAssigned(_)
        | PartnerEvent::RoleReplaced(_)
        | PartnerEvent::RoleRevoked(_)
        | PartnerEvent::AccessTokenIssued(_)
        | PartnerEvent::AccessTokenRevoked(_)
        | PartnerEvent::PartnerUserSignedIn(_)
        | PartnerEvent::PartnerUserSignedOut(_)
        | PartnerEvent::PartnerUserSignInFailed(_)
        | PartnerEvent::PartnerUserPasswordChanged(_)
        | PartnerEvent::UserElevated(_)
        | PartnerEvent::PartnerProfileEdited(_)
        | PartnerEvent::PublicProfileChanged(_) => html! {},
    }
}

/// What was done about the partner network.
fn in_network(cast: &Cast<'_>, event: &PartnerEvent) -> Markup {
    match event {
        PartnerEvent::CompetencyAttained(event) => html! {
            "recorded the competency " strong { (event.name) } " (" (event.level.title()) ") until "
            (widgets::minute(event.expires_at))
        },
        PartnerEvent::CompetencyChanged(event) => html! {
            "renewed " (competency(cast, event.competency_id)) " as " (event.level.title()) " until "
            (widgets::minute(event.expires_at))
        },
        PartnerEvent::CompetencyWithdrawn(event) => {
            html! { "withdrew " (competency(cast, event.competency_id)) }
        }
        PartnerEvent::BenefitGranted(event) => html! {
            "granted " (event.quantity) " units of " strong { (event.name) } " until "
            (widgets::minute(event.expires_at))
        },
        PartnerEvent::BenefitActivated(event) => html! {
            "put " (event.quantity) " units of " (benefit(cast, event.benefit_id)) " to use"
        },
        PartnerEvent::BenefitDeactivated(event) => html! {
            "gave " (event.quantity) " units of " (benefit(cast, event.benefit_id)) " back"
        },
        PartnerEvent::BenefitWithdrawn(event) => {
            html! { "withdrew " (benefit(cast, event.benefit_id)) }
        }
        PartnerEvent::PartnerUserSkillsEdited(event) => {
            html! { "edited what " (cast.colleague(event.user_id)) " can do" }
        }
        PartnerEvent::PartnerRegistered(_)
        | PartnerEvent::ApplicationRegistered(_)
        | PartnerEvent::ApplicationSecretAdded(_)
        | PartnerEvent::ApplicationSecretRemoved(_)
        | PartnerEvent::ApplicationRevoked(_)
        | PartnerEvent::ApplicationSignInFailed(_)
        | PartnerEvent::ApplicationGrantBegun(_)
        | PartnerEvent::ApplicationGrantRenewed(_)
        | PartnerEvent::ApplicationGrantEnded(_)
        | PartnerEvent::WebhookRegistered(_)
        | PartnerEvent::WebhookChanged(_)
        | PartnerEvent::WebhookRemoved(_)
        | PartnerEvent::WebhookTested(_)
        | PartnerEvent::WebhookDelivered(_)
        | PartnerEvent::WebhookDeliveryFailed(_)
        | PartnerEvent::PartnerUserAdded(_)
        | PartnerEvent::PartnerUserEdited(_)
        | PartnerEvent::PartnerUserPasswordReset(_)
        | PartnerEvent::PartnerUserDeleted(_)
        | PartnerEvent::PartnerUserRestored(_)
        | PartnerEvent::PartnerUserPurged(_)
        | PartnerEvent::RoleAssigned(_)
        | PartnerEvent::RoleReplaced(_)
        | PartnerEvent::RoleRevoked(_)
        | PartnerEvent::AccessTokenIssued(_)
        | PartnerEvent::AccessTokenRevoked(_)
        | PartnerEvent::PartnerUserSignedIn(_)
        | PartnerEvent::PartnerUserSignedOut(_)
        | PartnerEvent::PartnerUserSignInFailed(_)
        | PartnerEvent::PartnerUserPasswordChanged(_)
        | PartnerEvent::UserElevated(_)
        | PartnerEvent::PartnerProfileEdited(_)
        | PartnerEvent::PublicProfileChanged(_) => html! {},
    }
}

fn competency(cast: &Cast<'_>, id: CompetencyId) -> String {
    let row = cast.model.network().competency(cast.own, id);
    row.map_or_else(|| "a competency".to_owned(), |row| format!("the competency {}", row.name))
}

fn benefit(cast: &Cast<'_>, id: BenefitId) -> String {
    let row = cast.model.network().benefit(cast.own, id);
    row.map_or_else(|| "a benefit".to_owned(), |row| row.name.to_string())
}

fn with_roles(roles: &[Role]) -> String {
    let titles: Vec<_> = roles.iter().map(|role| role.title()).collect();
    if titles.is_empty() { String::new() } else { format!(" as {}", titles.join(", ")) }
}
