//! The table against the real server: each row in its order, in every dialect.

use std::collections::BTreeMap;

use serde_json::json;
use tests::{Answer, Api, fresh_guid};

use crate::{
    dialect::Dialect,
    market::{Market, RESELLER_MPN_ID},
    pattern,
    table::{self, Case, Expected, Row},
};

/// A table that is being run.
struct Run {
    market: Market,
    dialect: Dialect,
    /// What names in braces stand for.
    names: BTreeMap<String, String>,
    faults: Vec<String>,
}

/// Runs a table in every dialect; the rows' first cases of `U` also by an application by itself.
///
/// # Panics
/// When the server does not do what the table says: everything that differs.
pub(crate) fn run(name: &str, text: &str) {
    let rows = table::read(name, text);
    complete(&rows);
    for dialect in [Dialect::Plain, Dialect::Old] {
        let mut run = Run::new(dialect);
        for row in &rows {
            run.row(row);
        }
        assert!(run.faults.is_empty(), "{dialect:?}:\n{}", run.faults.join("\n"));
    }
}

/// Every row has a case that succeeds, and one that is refused.
fn complete(rows: &[Row]) {
    for row in rows.iter().filter(|row| row.title.contains('|')) {
        let has = |success: bool| row.cases.iter().any(|case| case.succeeds() == success);
        assert!(has(true), "{}: no case succeeds", row.title);
        assert!(has(false) || row.users_only, "{}: no case is refused", row.title);
        let program = row.cases.iter().any(|case| case.caller == "program");
        assert!(row.users_only || program, "{}: no case of a program", row.title);
    }
}

impl Run {
    fn new(dialect: Dialect) -> Self {
        let market = Market::open();
        let provider = &market.installation.provider;
        let names = [
            ("provider", provider.partner.as_str()),
            ("admin", &provider.admin),
            ("colleague", &market.colleague),
            ("reseller", &market.reseller.partner),
            ("reseller_mpn", RESELLER_MPN_ID),
            ("nobody", "11111111-2222-4333-8444-555555555555"),
            ("premium", tests::OFFER_PREMIUM),
            ("premium_sku", tests::SKU_PREMIUM),
            ("essentials", tests::OFFER_ESSENTIALS),
            ("essentials_sku", tests::SKU_ESSENTIALS),
            ("e3", tests::OFFER_E3),
        ];
        let names = names.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        Self { market, dialect, names, faults: Vec::new() }
    }

    fn api(&self, caller: &str) -> Api {
        let server = &self.market.server;
        match caller {
            "person" => self.market.provider(),
            "program" => server.api(&self.market.program),
            "reseller" => server.api(&self.market.reseller.token),
            "nobody" => server.anonymous(),
            _ => panic!("nobody is called {caller}"),
        }
    }

    fn row(&mut self, row: &Row) {
        if row.users_only
            && let Some(case) = row.cases.first()
        {
            let answer = self.send("program", case);
            if (answer.status, answer.error_code()) != (403, Some(900_150)) {
                self.faults.push(format!("{}: users only, but a program: {answer}", case.place));
            }
        }
        for case in &row.cases {
            let before = self.faults.len();
            let answer = self.send(&case.caller, case);
            self.compare(&case.place, &case.expected, &answer);
            if self.faults.len() > before {
                continue;
            }
            for (name, pointer) in &case.kept {
                let value = answer.json().pointer(pointer).cloned().unwrap_or_default();
                let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                self.names.insert(name.clone(), value);
            }
            for (request, expected) in &case.effects {
                let (method, path) = request.split_once(' ').expect("method and path");
                let path = encoded(&self.filled(path));
                let shown = self.api(&case.caller).request(method, &path).send();
                self.compare(&format!("{} (effect)", case.place), expected, &shown);
            }
        }
    }

    fn send(&self, caller: &str, case: &Case) -> Answer {
        let path = self.filled(&case.path);
        let path = if case.exact { path } else { self.dialect.path(&path) };
        let mut request = self.api(caller).request(&case.method, &encoded(&path));
        for (name, value) in &case.headers {
            request = request.header(name, &self.filled(value));
        }
        for (name, value) in self.dialect.headers() {
            request = request.header(name, value);
        }
        if let Some(body) = &case.body {
            let body = self.filled(body);
            let bytes = if case.exact {
                body.replace("\\u{feff}", "\u{feff}").into_bytes()
            } else {
                self.dialect.body(&table::json(&body, &case.place))
            };
            request = request.raw(bytes);
            if !case.headers.iter().any(|(name, _)| name == "Content-Type") {
                request = request.header("Content-Type", "application/json; charset=utf-8");
            }
        }
        request.send()
    }

    /// A text with what its names stand for; `{new}` is a GUID of its own.
    fn filled(&self, text: &str) -> String {
        let mut filled = text.replace("{new}", &fresh_guid());
        for (name, value) in &self.names {
            filled = filled.replace(&format!("{{{name}}}"), value);
        }
        filled
    }

    fn compare(&mut self, place: &str, expected: &Expected, answer: &Answer) {
        let fault = self.differs(place, expected, answer);
        self.faults.extend(fault.map(|why| format!("{place}: {why}: {answer}")));
    }

    fn differs(&self, place: &str, expected: &Expected, answer: &Answer) -> Option<String> {
        if !expected.statuses.contains(&answer.status) {
            return Some(format!("not {:?}", expected.statuses));
        }
        if answer.status >= 400 && !answer.text.is_empty() {
            let error = json!({
                "code": "<int>", "description": "<text>", "data": "<list>", "source": "<text>",
            });
            let described = pattern::mismatch(&error, answer.json());
            if described.is_some() && answer.status != 429 {
                return described;
            }
        }
        if expected.code.is_some() && answer.error_code() != expected.code {
            return Some(format!("not code {:?}", expected.code));
        }
        for (name, beginning) in &expected.headers {
            let beginning = self.filled(beginning);
            if !answer.header(name).is_some_and(|value| value.starts_with(&beginning)) {
                return Some(format!("{name} is {:?}", answer.header(name)));
            }
        }
        let pattern = expected.pattern.as_ref()?;
        let pattern = self.filled(pattern);
        if pattern == "empty" {
            return (!answer.text.is_empty()).then(|| "not empty".to_owned());
        }
        pattern::mismatch(&table::json(&pattern, place), answer.json())
    }
}

/// An address as clients send it: what cannot stand in one is encoded.
fn encoded(path: &str) -> String {
    let plain = |it: char| !matches!(it, ' ' | '"' | '<' | '>' | '{' | '}' | '|' | '^' | '`');
    path.chars()
        .map(|it| if plain(it) { it.to_string() } else { format!("%{:02X}", u32::from(it)) })
        .collect()
}
