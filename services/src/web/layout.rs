//! The frame around every page: navigation, breadcrumb, heading, moment, notes.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use commands::Permission;
use events::PartnerKind;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{
    assets, forms::Faults, moment, own_frame::OwnFrame, screen::Screen, signed_in::Somebody,
    widgets,
};

/// The part of the program a page belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    Customers,
    Resellers,
    Leads,
    Prices,
    Incentives,
    Reports,
    Invoices,
    Health,
    Users,
    Roles,
    Requests,
    Profiles,
    Activity,
    Account,
}

/// Section, the permissions any of which opens it, its address and its name.
const NAVIGATION: &[(Section, &[Permission], &str, &str)] = &[
    (
        Section::Customers,
        &[Permission::CustomersView, Permission::CustomerUsersView],
        "/customers",
        "Customers",
    ),
    (Section::Resellers, &[Permission::PartnershipsView], "/resellers", "Indirect resellers"),
    (Section::Leads, &[Permission::LeadsView], "/leads", "Leads"),
    (Section::Prices, &[Permission::PriceListsView], "/prices", "Price list"),
    (Section::Incentives, &[Permission::IncentivesView], "/incentives", "Incentives"),
    (Section::Reports, &[Permission::ReportsView], "/reports", "Reports"),
    (Section::Invoices, &[Permission::BillingView], "/invoices", "Invoices"),
    (Section::Health, &[Permission::ServiceHealthView], "/service-health", "Service health"),
    (Section::Users, &[Permission::PartnerUsersView], "/users", "Users"),
    (Section::Roles, &[Permission::RolesView], "/roles", "Roles"),
    (Section::Requests, &[Permission::OwnProfile], "/requests", "Service requests"),
    (Section::Profiles, &[Permission::OwnProfile], "/profiles", "Profiles"),
    (Section::Activity, &[Permission::ActivityLogView], "/audit", "Activity log"),
    (Section::Account, &[Permission::OwnProfile], "/account", "My account"),
];

/// A page in the making.
pub(super) struct Frame<'a> {
    screen: &'a Screen,
    section: Section,
    title: String,
    crumbs: Vec<(String, String)>,
    has_moment: bool,
    status: StatusCode,
    subtitle: Markup,
    actions: Markup,
    tabs: Markup,
}

impl<'a> Frame<'a> {
    /// A page with this heading.
    pub(super) fn new(screen: &'a Screen, section: Section, title: impl Into<String>) -> Self {
        Self {
            screen,
            section,
            title: title.into(),
            crumbs: Vec::new(),
            has_moment: false,
            status: StatusCode::OK,
            subtitle: PreEscaped(String::new()),
            actions: PreEscaped(String::new()),
            tabs: PreEscaped(String::new()),
        }
    }

    /// Adds a page above it to the breadcrumb.
    pub(super) fn under(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.crumbs.push((label.into(), href.into()));
        self
    }

    /// Offers other moments: for pages that only show.
    pub(super) const fn readable(mut self) -> Self {
        self.has_moment = true;
        self
    }

    /// A line below the heading.
    pub(super) fn subtitle(mut self, subtitle: Markup) -> Self {
        self.subtitle = subtitle;
        self
    }

    /// Links and buttons beside the heading.
    pub(super) fn actions(mut self, actions: Markup) -> Self {
        self.actions = actions;
        self
    }

    /// Tabs below the heading.
    pub(super) fn tabs(mut self, tabs: Markup) -> Self {
        self.tabs = tabs;
        self
    }

    /// Answers with another status where something is wrong.
    pub(super) fn faulty(mut self, faults: &Faults) -> Self {
        if !faults.is_empty() {
            self.status = StatusCode::UNPROCESSABLE_ENTITY;
        }
        self
    }

    /// The whole page.
    pub(super) fn show(self, body: &Markup) -> Response {
        let screen = self.screen;
        let note = screen.app.sessions().take_note(&screen.visitor.key);
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                (head(&self.title))
                body {
                    a.skip href="#main" { "Skip to the content" }
                    div.shell {
                        (self.side())
                        main #main {
                            (self.breadcrumb())
                            (moment::banner(screen))
                            header.heading {
                                div { h1 { (self.title) } (self.subtitle) }
                                div.actions { (self.actions) }
                            }
                            @if self.has_moment { (moment::control(screen)) }
                            (self.tabs)
                            @if let Some(note) = note { (PreEscaped(note)) }
                            (body)
                        }
                    }
                }
            }
        };
        (self.status, page).into_response()
    }

    fn breadcrumb(&self) -> Markup {
        html! {
            nav.breadcrumb aria-label="Breadcrumb" {
                ol {
                    @for (label, href) in &self.crumbs {
                        li { a href=(self.screen.link(href)) { (label) } }
                    }
                    li { span aria-current="page" { (self.title) } }
                }
            }
        }
    }

    fn side(&self) -> Markup {
        let screen = self.screen;
        let visitor = &screen.visitor;
        let partner = screen.app.models().current();
        let partner = partner.partners().get(visitor.partner).cloned();
        let is_reseller =
            partner.as_ref().is_some_and(|row| row.kind == PartnerKind::IndirectReseller);
        let seen = NAVIGATION.iter().filter(|(_, opened_by, ..)| {
            opened_by.iter().any(|permission| visitor.may(*permission))
        });
        html! {
            div.side {
                a.brand href="/" { img src=(*assets::ICON_PATH) alt="" width="20" height="20"; "partnerlog" }
                @if let Some(partner) = &partner { p.partner #partner { (partner.name) } }
                nav aria-label="Main" {
                    ul {
                        @for (section, _, href, label) in seen {
                            li {
                                a href=(screen.link(href))
                                    aria-current=[(*section == self.section).then_some("page")] {
                                    @if *section == Section::Resellers && is_reseller { "Providers" }
                                    @else { (label) }
                                }
                            }
                        }
                    }
                }
                form.sign-out #sign-out method="post" action="/sign-out" {
                    (widgets::hidden(screen))
                    button.quiet type="submit" { "Sign out" }
                }
            }
        }
    }
}

/// A page of those who are signed in and on no partner's side: the start of that side.
pub(super) fn own_side(
    title: &str,
    company: &str,
    somebody: &Somebody,
    note: Option<String>,
    body: &Markup,
) -> Markup {
    OwnFrame::new(somebody, title, company).drawn(note, body)
}

/// A page without navigation, for those who are not signed in and for errors.
pub(super) fn bare(title: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            (head(title))
            body.bare {
                main #main {
                    a.brand href="/" { img src=(*assets::ICON_PATH) alt="" width="20" height="20"; "partnerlog" }
                    (body)
                }
            }
        }
    }
}

pub(super) fn head(title: &str) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            title { (title) " · partnerlog" }
            link rel="icon" href=(*assets::ICON_PATH);
            link rel="stylesheet" href=(*assets::STYLE_PATH);
            script src=(*assets::SCRIPT_PATH) defer {}
        }
    }
}

/// A row of tabs: label, count where there is one, address, whether it is the one shown.
pub(super) fn tabs(label: &str, tabs: &[(&str, Option<usize>, String, bool)]) -> Markup {
    html! {
        nav.tabs aria-label=(label) {
            ul {
                @for (label, count, href, is_current) in tabs {
                    li {
                        a href=(href) aria-current=[is_current.then_some("page")] {
                            (label) @if let Some(count) = count { " (" (count) ")" }
                        }
                    }
                }
            }
        }
    }
}

/// The note that something was done.
pub(super) fn done(text: &str) -> Markup {
    html! { div.note.good #note role="status" { p { (text) } } }
}

/// Everything that is wrong, at the top of a form.
pub(super) fn faults(faults: &Faults) -> Markup {
    html! {
        @if !faults.is_empty() {
            div.note.bad #faults role="alert" tabindex="-1" {
                p { strong { "Nothing was changed." } }
                ul {
                    @for fault in faults.iter() {
                        li {
                            @match &fault.field {
                                Some(field) => {
                                    a href={ "#" (field) } { (capitalised(&fault.label.clone().unwrap_or_else(|| words(field)))) }
                                    ": " (fault.reason)
                                }
                                None => { (sentence_case(&fault.reason)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The name of a field in words.
fn words(field: &str) -> String {
    match field {
        "sku_id" => "product".to_owned(),
        "email" => "e-mail address".to_owned(),
        "line1" => "street and number".to_owned(),
        "line2" => "address line 2".to_owned(),
        "lines" | "cart_id" => "order".to_owned(),
        other => other.trim_end_matches("_id").replace('_', " "),
    }
}

/// A fragment as a sentence: first letter in upper case, full stop at the end.
pub(super) fn sentence_case(fragment: &str) -> String {
    let stop = if fragment.is_empty() || fragment.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{}{stop}", capitalised(fragment))
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_uppercase().collect::<String>());
    format!("{}{}", first.unwrap_or_default(), characters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fragment_becomes_a_sentence() {
        assert_eq!(sentence_case("the domain is taken"), "The domain is taken.");
        assert_eq!(sentence_case("Done."), "Done.");
        assert_eq!(sentence_case(""), "");
    }

    #[test]
    fn faults_link_to_their_fields_and_are_escaped() {
        let mut found = Faults::default();
        found.add("domain", "<b> is taken");
        let shown = faults(&found).into_string();
        assert!(shown.contains("href=\"#domain\"") && shown.contains("&lt;b&gt;"), "{shown}");
    }

    #[test]
    fn a_fault_names_its_field_as_the_form_does() {
        let mut found = Faults::default();
        found.add("line1", "must not be empty");
        let shown = faults(&found).into_string();
        assert!(shown.contains("Street and number"), "{shown}");
    }
}
