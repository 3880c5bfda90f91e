//! A browser without a screen: it keeps its cookie and sends forms as the pages drew them.

use crate::{Answer, Api, RunningServer};

/// Somebody signed in to the pages.
#[derive(Clone, Debug)]
pub struct PageSession {
    api: Api,
    cookie: String,
}

impl PageSession {
    /// Signs in with name and password.
    #[track_caller]
    pub fn by_password(server: &RunningServer, name: &str, password: &str) -> Self {
        Self::begin(server, &[("user_name", name), ("password", password)])
    }

    /// Signs in with a token.
    #[track_caller]
    pub fn by_token(server: &RunningServer, token: &str) -> Self {
        Self::begin(server, &[("token", token)])
    }

    #[track_caller]
    fn begin(server: &RunningServer, fields: &[(&str, &str)]) -> Self {
        let api = server.anonymous();
        let signed_in = post(&api, "/sign-in", None, fields).expect(303);
        let cookie = signed_in.header("Set-Cookie").expect("signing in sets a cookie");
        let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        Self { api, cookie }
    }

    /// Opens a page.
    #[track_caller]
    pub fn open(&self, path: &str) -> Answer {
        self.api.request("GET", path).header("Cookie", &self.cookie).send()
    }

    /// Fills in the form of a page that leads to `action`, with what it carries unseen, and sends it.
    ///
    /// # Panics
    /// When the page has no such form.
    #[track_caller]
    pub fn send(&self, page: &Answer, action: &str, fields: &[(&str, &str)]) -> Answer {
        let mut all = hidden(&page.text, action);
        all.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let all: Vec<_> = all.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        post(&self.api, action, Some(&self.cookie), &all)
    }

    /// Sends the form of a page that leads to `action` with a file.
    ///
    /// # Panics
    /// When the page has no such form.
    #[track_caller]
    pub fn upload(
        &self,
        page: &Answer,
        action: &str,
        fields: &[(&str, &str)],
        file: &[u8],
    ) -> Answer {
        const BOUNDARY: &str = "partnerlog-test-boundary";
        let mut body = Vec::new();
        let mut all = hidden(&page.text, action);
        all.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        for (name, value) in all {
            let part = format!("Content-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}");
            body.extend_from_slice(format!("--{BOUNDARY}\r\n{part}\r\n").as_bytes());
        }
        let head = "Content-Disposition: form-data; name=\"file\"; filename=\"file.csv\"\r\n\
                    Content-Type: text/csv\r\n\r\n";
        body.extend_from_slice(format!("--{BOUNDARY}\r\n{head}").as_bytes());
        body.extend_from_slice(file);
        body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        let request = self.api.request("POST", action).header("Cookie", &self.cookie);
        request.header("Content-Type", &kind).raw(body).send()
    }

    /// Sends a form, and opens the page it leads to.
    #[track_caller]
    pub fn follow(&self, page: &Answer, action: &str, fields: &[(&str, &str)]) -> Answer {
        let sent = self.send(page, action, fields).expect(303);
        self.open(sent.header("Location").expect("it leads somewhere")).expect(200)
    }
}

fn post(api: &Api, path: &str, cookie: Option<&str>, fields: &[(&str, &str)]) -> Answer {
    let pairs: Vec<_> =
        fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    let request = api.request("POST", path);
    let request = request.header("Content-Type", "application/x-www-form-urlencoded");
    let request = match cookie {
        Some(cookie) => request.header("Cookie", cookie),
        None => request,
    };
    request.raw(pairs.join("&")).send()
}

fn encoded(value: &str) -> String {
    let encoded = value.bytes().map(|byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    });
    encoded.collect()
}

/// The names and values that the form leading to `action` carries unseen.
#[track_caller]
fn hidden(page: &str, action: &str) -> Vec<(String, String)> {
    let form = page.split_once(&format!("action=\"{action}\""));
    let (_, form) = form.unwrap_or_else(|| panic!("no form leads to {action}: {page}"));
    let form = form.split("</form>").next().unwrap_or_default();
    form.split("<input type=\"hidden\"").skip(1).map(named).collect()
}

fn named(input: &str) -> (String, String) {
    let tag = input.split('>').next().unwrap_or_default();
    let part = |name: &str| {
        let (_, rest) = tag.split_once(&format!("{name}=\"")).unwrap_or_default();
        rest.split('"').next().unwrap_or_default().replace("&amp;", "&")
    };
    (part(" name"), part(" value"))
}
