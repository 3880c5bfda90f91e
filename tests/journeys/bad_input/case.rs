//! A bad request: what is sent, and what must come back.

use serde_json::Value;
use tests::{Answer, Api, NewCustomer, NewUser, RunningServer};

/// What stands for nobody: a well-formed id that nothing has.
pub(super) const NOBODY: &str = "0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b";

/// What the requests are about.
pub(super) struct Ground {
    pub(super) customer: NewCustomer,
    pub(super) user: NewUser,
    pub(super) subscription: String,
}

/// A bad request and the answer it must get: status, code of the contract, and what the text of the
/// answer must name, a field mostly.
pub(super) struct Case {
    name: &'static str,
    method: &'static str,
    path: String,
    body: Vec<u8>,
    header: Option<(&'static str, String)>,
    status: u16,
    code: u64,
    names: &'static str,
}

impl Case {
    pub(super) fn new(name: &'static str, method: &'static str, path: impl Into<String>) -> Self {
        let path = path.into();
        Self { name, method, path, body: vec![], header: None, status: 400, code: 2000, names: "" }
    }

    pub(super) fn get(name: &'static str, path: impl Into<String>) -> Self {
        Self::new(name, "GET", path)
    }

    pub(super) fn post(name: &'static str, path: impl Into<String>, body: &Value) -> Self {
        Self::new(name, "POST", path).json(body)
    }

    pub(super) fn json(self, body: &Value) -> Self {
        self.raw(body.to_string())
    }

    pub(super) fn raw(self, body: impl Into<Vec<u8>>) -> Self {
        Self { body: body.into(), ..self }
    }

    pub(super) fn header(self, name: &'static str, value: &str) -> Self {
        Self { header: Some((name, value.to_owned())), ..self }
    }

    /// Says what must come back.
    pub(super) const fn is(mut self, status: u16, code: u64, names: &'static str) -> Self {
        self.status = status;
        self.code = code;
        self.names = names;
        self
    }

    fn send(&self, api: &Api) -> Answer {
        let mut request = api.request(self.method, &self.path);
        if let Some((name, value)) = &self.header {
            request = request.header(name, value);
        }
        if !self.body.is_empty() {
            let announced = self.header.iter().any(|(name, _)| *name == "Content-Type");
            if !announced {
                request = request.header("Content-Type", "application/json");
            }
            request = request.raw(self.body.clone());
        }
        request.send()
    }

    /// What is wrong with the answer, if anything is.
    pub(super) fn fault(&self, api: &Api, server: &RunningServer) -> Option<String> {
        let position = server.position();
        let answer = self.send(api);
        let names = answer.text.to_lowercase().contains(&self.names.to_lowercase());
        let shaped = answer.json()["source"].is_string() && answer.json()["data"].is_array();
        let expected = [
            ("status", answer.status == self.status),
            ("code", answer.error_code() == Some(self.code)),
            (self.names, names),
            ("the shape of an error", shaped && !answer.description().is_empty()),
            ("no change", server.position() == position),
        ];
        let missing: Vec<_> =
            expected.iter().filter(|(_, holds)| !holds).map(|(what, _)| *what).collect();
        let Self { name, status, code, .. } = self;
        (!missing.is_empty()).then(|| format!("{name}: {missing:?} of {status}/{code} in {answer}"))
    }
}
