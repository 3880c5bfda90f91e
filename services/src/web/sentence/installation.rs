//! What was done to the installation and its people, in words.

use events::{
    AccountSignInEvent, AuditScope, DamageEvent, IncidentEvent, InstallationAccount,
    InstallationEvent, PersonEvent, RefusalEvent,
};
use maud::{Markup, html};

use super::{Cast, locked};
use crate::web::widgets;

pub(super) fn to_installation(cast: &Cast<'_>, event: &InstallationEvent) -> Markup {
    match event {
        InstallationEvent::Damage(DamageEvent::DamageHealed(event)) => html! {
            "healed " strong { (event.part.title()) }
            @if let Some(range) = event.positions {
                " at positions " (range.from) " to before " (range.until)
            }
            ": " (event.finding)
        },
        InstallationEvent::Refusal(RefusalEvent::AccessRefused(event)) => html! {
            "refused " strong { (event.request) } " to " (cast.actor(&event.caller)) ": "
            (event.code.as_str().replace('_', " "))
            @if let Some(permission) = &event.permission { ", needs " code { (permission) } }
            @if event.suppressed > 0 { "; " (event.suppressed) " more since the last one recorded" }
        },
        InstallationEvent::Incident(event) => match event {
            IncidentEvent::IncidentOpened(event) => html! {
                "told of an incident of " strong { (event.service) } ": " (event.title)
            },
            IncidentEvent::IncidentUpdated(event) => {
                html! { "told more of an incident: " (event.note) }
            }
            IncidentEvent::IncidentResolved(event) => {
                html! { "told that an incident is resolved: " (event.note) }
            }
        },
        InstallationEvent::Person(event) => to_person(cast, event),
        InstallationEvent::SignIn(event) => to_sign_in(event),
    }
}

fn to_person(cast: &Cast<'_>, event: &PersonEvent) -> Markup {
    match event {
        PersonEvent::OperatorAdded(_) => html! { "added a support operator" },
        PersonEvent::OperatorRemoved(_) => html! { "removed a support operator" },
        PersonEvent::AuditorAdmitted(event) => html! {
            "admitted an auditor of "
            @match event.scope {
                AuditScope::Installation => { "the installation" }
                AuditScope::Partner(partner) => { (cast.partner(partner)) }
            }
            " until " (widgets::minute(event.until))
        },
        PersonEvent::AuditorDismissed(_) => html! { "dismissed an auditor" },
        PersonEvent::AccountPasswordReset(event) => {
            html! { "reset the password of " (who(event.account)) }
        }
    }
}

fn to_sign_in(event: &AccountSignInEvent) -> Markup {
    match event {
        AccountSignInEvent::AccountSignedIn(_) => html! { "signed in" },
        AccountSignInEvent::AccountSignedOut(_) => html! { "signed out" },
        AccountSignInEvent::AccountSignInFailed(event) => html! {
            "gave a wrong password for " (who(event.account))
            (locked(event.failures, event.locked_until))
        },
        AccountSignInEvent::AccountPasswordChanged(_) => html! { "chose a new password" },
        AccountSignInEvent::AccountTokenIssued(event) => html! {
            "made a token for " (who(event.account)) ", valid until " (widgets::minute(event.expires_at))
        },
        AccountSignInEvent::AccountTokenRevoked(event) => {
            html! { "revoked a token of " (who(event.account)) }
        }
    }
}

const fn who(account: InstallationAccount) -> &'static str {
    match account {
        InstallationAccount::Operator(_) => "a support operator",
        InstallationAccount::Auditor(_) => "an auditor",
    }
}
