//! The small parts pages are made of: fields, badges, times, links to the next rows.

use events::Timestamp;
use maud::{Markup, PreEscaped, html};

use super::{
    forms::{Faults, Fields},
    screen::Screen,
    submitted::{FORM_KEY, SUBMISSION},
};
use crate::{auth::Session, http::AppState, ids};

const HOURS_A_DAY: i64 = 24;
const SECONDS_AN_HOUR: i64 = 3_600;

/// What a form about the own account carries unseen.
pub(super) fn form_key(session: &Session) -> Markup {
    html! { input type="hidden" name=(FORM_KEY) value=(session.form_key); }
}

/// What every form carries unseen.
pub(super) fn hidden(screen: &Screen) -> Markup {
    hidden_of(&screen.app, &screen.visitor.session)
}

/// What a form of somebody on another side than a partner's carries unseen, that counts once.
pub(super) fn hidden_of(app: &AppState, session: &Session) -> Markup {
    let submission = ids::fresh(app.now(), |uuid| uuid.to_string());
    html! {
        (form_key(session))
        input type="hidden" name=(SUBMISSION) value=(submission);
    }
}

/// A form that changes something.
pub(super) fn form(screen: &Screen, id: &str, action: &str, body: &Markup) -> Markup {
    html! { form id=(id) method="post" action=(action) { (hidden(screen)) (body) } }
}

/// A form that is one button.
pub(super) fn button(screen: &Screen, id: &str, action: &str, label: &str) -> Markup {
    form(screen, id, action, &html! { button.small type="submit" { (label) } })
}

/// A field of a form with its label, its hint and what is wrong with it.
pub(super) struct Input {
    name: &'static str,
    label: &'static str,
    kind: &'static str,
    hint: Option<String>,
    required: bool,
    short: bool,
}

impl Input {
    /// A line of text.
    pub(super) const fn text(name: &'static str, label: &'static str) -> Self {
        Self { name, label, kind: "text", hint: None, required: false, short: false }
    }

    /// An e-mail address.
    pub(super) fn email(name: &'static str, label: &'static str) -> Self {
        Self { kind: "email", ..Self::text(name, label) }
    }

    /// A whole number.
    pub(super) fn number(name: &'static str, label: &'static str) -> Self {
        Self { kind: "number", ..Self::text(name, label) }
    }

    /// It must be filled in.
    pub(super) const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Its values are short.
    pub(super) const fn short(mut self) -> Self {
        self.short = true;
        self
    }

    /// Explains what is wanted.
    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The field, filled in with what was typed before.
    pub(super) fn draw(&self, fields: &Fields, faults: &Faults) -> Markup {
        let fault = faults.about(self.name);
        html! {
            div.field.faulty[fault.is_some()].short[self.short] {
                (label(self.name, self.label, self.required))
                input id=(self.name) name=(self.name) type=(self.kind)
                    value=(fields.text(self.name)) required[self.required] autocomplete="off"
                    aria-invalid=[fault.map(|_| "true")]
                    aria-describedby=[described(self.name, self.hint.as_deref(), fault)];
                (below(self.name, self.hint.as_deref(), fault))
            }
        }
    }

    /// Several lines of text.
    pub(super) fn draw_lines(&self, rows: u32, fields: &Fields, faults: &Faults) -> Markup {
        let fault = faults.about(self.name);
        html! {
            div.field.wide.faulty[fault.is_some()] {
                (label(self.name, self.label, self.required))
                // A line end right after the tag is swallowed by browsers, so one is given away.
                textarea id=(self.name) name=(self.name) rows=(rows) required[self.required]
                    aria-invalid=[fault.map(|_| "true")]
                    aria-describedby=[described(self.name, self.hint.as_deref(), fault)] {
                    "\n" (fields.text(self.name))
                }
                (below(self.name, self.hint.as_deref(), fault))
            }
        }
    }

    /// A choice among values, the first of which may stand for none.
    pub(super) fn draw_choice(
        &self,
        choices: &[(String, String)],
        fields: &Fields,
        faults: &Faults,
    ) -> Markup {
        let fault = faults.about(self.name);
        html! {
            div.field.faulty[fault.is_some()].short[self.short] {
                (label(self.name, self.label, self.required))
                select id=(self.name) name=(self.name) required[self.required]
                    aria-invalid=[fault.map(|_| "true")]
                    aria-describedby=[described(self.name, self.hint.as_deref(), fault)] {
                    @for (value, text) in choices {
                        option value=(value) selected[fields.text(self.name) == value] { (text) }
                    }
                }
                (below(self.name, self.hint.as_deref(), fault))
            }
        }
    }
}

fn label(name: &str, text: &str, required: bool) -> Markup {
    html! {
        label for=(name) { (text) @if !required { " " span.optional { "(optional)" } } }
    }
}

fn described(name: &str, hint: Option<&str>, fault: Option<&str>) -> Option<String> {
    (hint.is_some() || fault.is_some()).then(|| format!("{name}-hint"))
}

fn below(name: &str, hint: Option<&str>, fault: Option<&str>) -> Markup {
    html! {
        @if hint.is_some() || fault.is_some() {
            p.hint id={ (name) "-hint" } {
                @if let Some(fault) = fault { strong.fault { (fault) } " " }
                @if let Some(hint) = hint { (hint) }
            }
        }
    }
}

/// The steps of something that takes several pages; the current one by its number from 0.
pub(super) fn steps(titles: &[&str], current: usize) -> Markup {
    html! {
        ol.steps aria-label="Steps" {
            @for (number, title) in titles.iter().enumerate() {
                li aria-current=[(number == current).then_some("step")] { (title) }
            }
        }
    }
}

/// A box to tick.
pub(super) fn tick(name: &str, value: &str, text: &Markup, ticked: bool) -> Markup {
    html! {
        label.tick {
            input type="checkbox" name=(name) value=(value) checked[ticked];
            span { (text) }
        }
    }
}

/// How a badge is coloured.
#[derive(Clone, Copy)]
pub(super) enum Tone {
    Plain,
    Good,
    Warning,
    Bad,
}

/// A short text in a coloured frame.
pub(super) fn badge(tone: Tone, text: &str) -> Markup {
    let tone = match tone {
        Tone::Plain => "plain",
        Tone::Good => "good",
        Tone::Warning => "warning",
        Tone::Bad => "bad",
    };
    html! { span class={ "badge " (tone) } { (text) } }
}

/// A row of badges, or a dash.
pub(super) fn badges<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Markup {
    let mut texts = texts.into_iter().peekable();
    html! {
        @if texts.peek().is_none() { (dash()) }
        @else { span.badges { @for text in texts { (badge(Tone::Plain, text.as_ref())) " " } } }
    }
}

/// Says that there is nothing.
pub(super) fn dash() -> Markup {
    html! { span.none { "–" } }
}

/// Says that a list is empty.
pub(super) fn empty(text: &str) -> Markup {
    html! { p.empty { (text) } }
}

/// A moment to the minute, in UTC.
pub(super) fn minute(moment: Timestamp) -> String {
    moment.as_jiff().strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// A moment as browsers' date fields take it.
pub(super) fn local_second(moment: Timestamp) -> String {
    moment.as_jiff().strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

/// A moment to the minute; pointing at it shows it whole.
pub(super) fn time(moment: Timestamp) -> Markup {
    html! { time datetime=(moment) title=(moment) { (minute(moment)) } }
}

/// A moment to the second, in UTC.
pub(super) fn exact_time(moment: Timestamp) -> Markup {
    let text = moment.as_jiff().strftime("%Y-%m-%d %H:%M:%S UTC").to_string();
    html! { time datetime=(moment) title=(moment) { (text) } }
}

/// How long it is from one moment to a later one: begun days, or whole hours once it is less than
/// two days.
pub(super) fn left(at: Timestamp, until: Timestamp) -> String {
    let seconds = (until.as_microseconds() - at.as_microseconds()).max(0) / 1_000_000;
    let hours = seconds / SECONDS_AN_HOUR;
    match hours {
        0 => "less than an hour left".to_owned(),
        1 => "1 hour left".to_owned(),
        hours if hours < 2 * HOURS_A_DAY => format!("{hours} hours left"),
        hours => format!("{} days left", hours / HOURS_A_DAY + i64::from(hours % HOURS_A_DAY > 0)),
    }
}

/// A number with its noun.
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {many}") }
}

/// How many rows are shown of how many, and the way to the others.
pub(super) fn pager(
    shown: usize,
    total: Option<usize>,
    first: Option<String>,
    next: Option<String>,
) -> Markup {
    html! {
        nav.pager aria-label="Pages" {
            span {
                @match total {
                    Some(total) => { (shown) " of " (total) }
                    None => { (shown) " shown" }
                }
            }
            @if let Some(first) = first { a.button rel="first" href=(first) { "First page" } }
            @if let Some(next) = next { a.button rel="next" href=(next) { "Next page" } }
        }
    }
}

/// A table that scrolls by itself where it is wider than the page; narrow screens stack its cells.
pub(super) fn table(id: &str, caption: &str, headers: &[&str], rows: &Markup) -> Markup {
    html! {
        div.table {
            table id=(id) {
                caption { (caption) }
                thead { tr { @for header in headers { th scope="col" { (PreEscaped(*header)) } } } }
                tbody { (rows) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_left_is_told_in_begun_days_then_in_hours() {
        let at = Timestamp::EPOCH;
        let left_after = |hours| left(at, at.plus_hours(hours));
        assert_eq!(left_after(30 * 24), "30 days left");
        assert_eq!(left_after(30 * 24 - 1), "30 days left");
        assert_eq!(left_after(48), "2 days left");
        assert_eq!(left_after(47), "47 hours left");
        assert_eq!(left_after(23), "23 hours left");
        assert_eq!(left_after(0), "less than an hour left");
        assert_eq!(left(at.plus_hours(5), at), "less than an hour left");
    }

    #[test]
    fn what_was_typed_is_escaped_and_kept_beside_its_fault() {
        let typed = vec![("domain".to_owned(), "\"><script>".to_owned())];
        let fields = Fields::checked(typed).unwrap();
        let mut faults = Faults::default();
        faults.add("domain", "must be a domain");
        let shown = Input::text("domain", "Domain").required().draw(&fields, &faults).into_string();
        assert!(shown.contains("&quot;&gt;&lt;script&gt;") && !shown.contains("<script>"));
        assert!(shown.contains("must be a domain") && shown.contains("aria-invalid=\"true\""));
    }
}
