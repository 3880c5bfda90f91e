//! What was done to the installation and its people, in words.

use events::{AuditScope, InstallationAccount, InstallationEvent};
use maud::{Markup, html};

use super::{Cast, locked};
use crate::web::widgets;

pub(super) fn to_installation(cast: &Cast<'_>, event: &InstallationEvent) -> Markup {
    match event {
        InstallationEvent::DamageHealed(event) => html! {
            "healed " strong { (event.part.title()) }
            @if let Some(range) = event.positions {
                " at positions " (range.from) " to before " (range.until)
            }
            ": " (event.finding)
        },
        InstallationEvent::AccessRefused(event) => html! {
            "refused " strong { (event.request) } " to " (cast.actor(&event.caller)) ": "
            (event.code.as_str().replace('_', " "))
            @if let Some(permission) = &event.permission { ", needs " code { (permission) } }
            @if event.suppressed > 0 { "; " (event.suppressed) " more since the last one recorded" }
        },
        InstallationEvent::IncidentOpened(event) => html! {
            "told of an incident of " strong { (event.service) } ": " (event.title)
        },
        InstallationEvent::IncidentUpdated(event) => {
            html! { "told more of an incident: " (event.note) }
        }
        InstallationEvent::IncidentResolved(event) => {
            html! { "told that an incident is resolved: " (event.note) }
        }
        InstallationEvent::OperatorAdded(_)
        | InstallationEvent::OperatorRemoved(_)
        | InstallationEvent::AuditorAdmitted(_)
        | InstallationEvent::AuditorDismissed(_)
        | InstallationEvent::AccountPasswordReset(_)
        | InstallationEvent::AccountSignedIn(_)
        | InstallationEvent::AccountSignedOut(_)
        | InstallationEvent::AccountSignInFailed(_)
        | InstallationEvent::AccountPasswordChanged(_)
        | InstallationEvent::AccountTokenIssued(_)
        | InstallationEvent::AccountTokenRevoked(_) => to_person(cast, event),
    }
}

fn to_person(cast: &Cast<'_>, event: &InstallationEvent) -> Markup {
    let who = |account: InstallationAccount| match account {
        InstallationAccount::Operator(_) => "a support operator",
        InstallationAccount::Auditor(_) => "an auditor",
    };
    match event {
        InstallationEvent::OperatorAdded(_) => html! { "added a support operator" },
        InstallationEvent::OperatorRemoved(_) => html! { "removed a support operator" },
        InstallationEvent::AuditorAdmitted(event) => html! {
            "admitted an auditor of "
            @match event.scope {
                AuditScope::Installation => { "the installation" }
                AuditScope::Partner(partner) => { (cast.partner(partner)) }
            }
            " until " (widgets::minute(event.until))
        },
        InstallationEvent::AuditorDismissed(_) => html! { "dismissed an auditor" },
        InstallationEvent::AccountPasswordReset(event) => {
            html! { "reset the password of " (who(event.account)) }
        }
        InstallationEvent::AccountSignedIn(_) => html! { "signed in" },
        InstallationEvent::AccountSignedOut(_) => html! { "signed out" },
        InstallationEvent::AccountSignInFailed(event) => html! {
            "gave a wrong password for " (who(event.account))
            (locked(event.failures, event.locked_until))
        },
        InstallationEvent::AccountPasswordChanged(_) => html! { "chose a new password" },
        InstallationEvent::AccountTokenIssued(event) => html! {
            "made a token for " (who(event.account)) ", valid until " (widgets::minute(event.expires_at))
        },
        InstallationEvent::AccountTokenRevoked(event) => {
            html! { "revoked a token of " (who(event.account)) }
        }
        InstallationEvent::DamageHealed(_)
        | InstallationEvent::AccessRefused(_)
        | InstallationEvent::IncidentOpened(_)
        | InstallationEvent::IncidentUpdated(_)
        | InstallationEvent::IncidentResolved(_) => html! {},
    }
}
