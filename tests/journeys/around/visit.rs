//! Somebody at the pages, without a browser: a session, forms read from the page and sent back.

use tests::{Answer, Api, RunningServer};

/// A signed-in visit.
pub(crate) struct Visit {
    pages: Api,
    url: String,
    cookie: String,
}

impl Visit {
    /// Signs in with a token.
    pub(crate) fn begin(server: &RunningServer, token: &str) -> Self {
        let url = server.url().to_owned();
        let visit = Self { pages: server.anonymous(), url, cookie: String::new() };
        let answer = visit.post("/sign-in", &[("token", token)]).expect(303);
        let cookie = answer.header("Set-Cookie").unwrap_or_default();
        let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        Self { cookie, ..visit }
    }

    /// Opens a page.
    pub(crate) fn get(&self, path: &str) -> Answer {
        self.pages.request("GET", path).header("Cookie", &self.cookie).send()
    }

    /// Fills in the form of a page and sends it to `action`.
    #[track_caller]
    pub(crate) fn submit(&self, page: &str, action: &str, fields: &[(&str, &str)]) -> Answer {
        let shown = self.get(page).expect(200);
        let hidden = |name: &str| {
            let (_, rest) = shown.text.split_once(&format!("name=\"{name}\" value=\""))?;
            rest.split('"').next().map(str::to_owned)
        };
        let key = hidden("form_key").expect("a form");
        let mut all = fields.to_vec();
        all.push(("form_key", &key));
        let revision =
            hidden("revision").filter(|_| fields.iter().all(|(name, _)| *name != "revision"));
        all.extend(revision.iter().map(|revision| ("revision", revision.as_str())));
        self.post(action, &all)
    }

    fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let encoded = |text: &str| {
            let bytes = text.bytes().map(|byte| format!("%{byte:02X}"));
            bytes.collect::<String>()
        };
        let pairs: Vec<String> =
            fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        self.pages
            .request("POST", path)
            .header("Cookie", &self.cookie)
            .header("Origin", &self.url)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .raw(pairs.join("&"))
            .send()
    }
}
