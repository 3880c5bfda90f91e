//! The frame around the pages of those who are signed in and on no partner's side: a customer's
//! users, support operators, auditors.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{assets, forms::Faults, layout, signed_in::Somebody, widgets};

/// A page in the making.
pub(super) struct OwnFrame<'a> {
    somebody: &'a Somebody,
    title: &'a str,
    company: &'a str,
    home: &'a str,
    above: Option<(&'a str, &'a str)>,
    status: StatusCode,
}

impl<'a> OwnFrame<'a> {
    /// A page with this heading, for somebody who works for this company.
    pub(super) const fn new(somebody: &'a Somebody, title: &'a str, company: &'a str) -> Self {
        Self { somebody, title, company, home: title, above: None, status: StatusCode::OK }
    }

    /// Puts it below the start of that side, which has this name and address.
    pub(super) const fn under(mut self, label: &'a str, href: &'a str) -> Self {
        self.above = Some((label, href));
        self.home = label;
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
        let note = self.somebody.app.sessions().take_note(&self.somebody.key);
        (self.status, self.drawn(note, body)).into_response()
    }

    /// The whole page with this note.
    pub(super) fn drawn(&self, note: Option<String>, body: &Markup) -> Markup {
        html! {
            (DOCTYPE)
            html lang="en" {
                (layout::head(self.title))
                body {
                    a.skip href="#main" { "Skip to the content" }
                    div.shell {
                        (self.side())
                        main #main {
                            @if let Some((label, href)) = self.above { (self.breadcrumb(label, href)) }
                            header.heading { div { h1 { (self.title) } } }
                            @if let Some(note) = note { (PreEscaped(note)) }
                            (body)
                        }
                    }
                }
            }
        }
    }

    fn side(&self) -> Markup {
        let is_start = self.above.is_none();
        html! {
            div.side {
                a.brand href="/" { img src=(*assets::ICON_PATH) alt="" width="20" height="20"; "partnerlog" }
                p.partner #company { (self.company) }
                nav aria-label="Main" {
                    ul {
                        li { a href="/" aria-current=[is_start.then_some("page")] { (self.home) } }
                        li { a href="/password" { "Password" } }
                        li { a #sessions href="/sessions" { "Sessions" } }
                    }
                }
                form.sign-out #sign-out method="post" action="/sign-out" {
                    (widgets::form_key(&self.somebody.session))
                    button.quiet type="submit" { "Sign out" }
                }
            }
        }
    }

    fn breadcrumb(&self, label: &str, href: &str) -> Markup {
        html! {
            nav.breadcrumb aria-label="Breadcrumb" {
                ol {
                    li { a href=(href) { (label) } }
                    li { span aria-current="page" { (self.title) } }
                }
            }
        }
    }
}
