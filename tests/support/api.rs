//! A client of the API that hides nothing: status, headers and body as they came.

use std::time::Duration;

use serde_json::Value;
use ureq::{Agent, http};

use crate::waiting::DEADLINE_SECONDS;

/// A client of one server, acting with one token or none.
#[derive(Clone, Debug)]
pub struct Api {
    agent: Agent,
    url: String,
    token: Option<String>,
}

/// A request that is being put together.
#[derive(Clone, Debug)]
pub struct Request {
    api: Api,
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body.
    pub text: String,
    what: String,
    headers: http::HeaderMap,
    json: Value,
}

impl Api {
    /// A client of the server at `url`.
    pub fn new(url: &str, token: Option<&str>) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            // A server that refuses a request without reading all of it closes the connection; a
            // connection of its own for each request meets no such end.
            .max_idle_connections(0)
            .max_idle_connections_per_host(0)
            .timeout_global(Some(Duration::from_secs(DEADLINE_SECONDS)))
            .build();
        Self {
            agent: Agent::new_with_config(config),
            url: url.to_owned(),
            token: token.map(str::to_owned),
        }
    }

    /// The same server with another token.
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    /// The same token at another server, such as the one that runs after a restart.
    pub fn at(&self, server: &crate::RunningServer) -> Self {
        Self { url: server.url().to_owned(), ..self.clone() }
    }

    /// Begins a request.
    pub fn request(&self, method: &str, path: &str) -> Request {
        Request {
            api: self.clone(),
            method: method.to_owned(),
            path: path.to_owned(),
            headers: Vec::new(),
            body: None,
        }
    }

    /// Reads.
    #[track_caller]
    pub fn get(&self, path: &str) -> Answer {
        self.request("GET", path).send()
    }

    /// Posts JSON.
    #[track_caller]
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.request("POST", path).json(body).send()
    }

    /// Puts JSON.
    #[track_caller]
    pub fn put(&self, path: &str, body: &Value) -> Answer {
        self.request("PUT", path).json(body).send()
    }

    /// Patches with JSON.
    #[track_caller]
    pub fn patch(&self, path: &str, body: &Value) -> Answer {
        self.request("PATCH", path).json(body).send()
    }

    /// Deletes.
    #[track_caller]
    pub fn delete(&self, path: &str) -> Answer {
        self.request("DELETE", path).send()
    }

    /// All items of a collection, which must be there.
    #[track_caller]
    pub fn items(&self, path: &str) -> Vec<Value> {
        self.get(path).expect(200).items()
    }
}

impl Request {
    /// Adds a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sends an idempotency key.
    pub fn key(self, key: &str) -> Self {
        self.header("MS-RequestId", key)
    }

    /// Sends JSON.
    pub fn json(self, body: &Value) -> Self {
        self.raw(body.to_string()).header("Content-Type", "application/json")
    }

    /// Sends these bytes and says nothing about them.
    pub fn raw(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Sends it; what the network does wrong is an error.
    ///
    /// # Errors
    /// When no answer came.
    pub fn try_send(self) -> Result<Answer, ureq::Error> {
        let what = format!("{} {}", self.method, self.path);
        let mut request = http::Request::builder()
            .method(self.method.as_str())
            .uri(format!("{}{}", self.api.url, self.path));
        if let Some(token) = &self.api.token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let response = match self.body {
            Some(body) => self.api.agent.run(request.body(body)?)?,
            None => self.api.agent.run(request.body(())?)?,
        };
        let (parts, mut body) = response.into_parts();
        let text = body.read_to_string()?;
        let json = serde_json::from_str(&text).unwrap_or(Value::Null);
        Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, text, json, what })
    }

    /// Sends it.
    ///
    /// # Panics
    /// When no answer came.
    #[track_caller]
    pub fn send(self) -> Answer {
        let what = format!("{} {}", self.method, self.path);
        self.try_send().unwrap_or_else(|error| panic!("{what}: {error}"))
    }
}

impl Answer {
    /// The body as JSON; null where it is none.
    pub const fn json(&self) -> &Value {
        &self.json
    }

    /// A header as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The answer, which must have this status.
    ///
    /// # Panics
    /// When it has another.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}: {}", self.what, self.text);
        self
    }

    /// The answer, which must be one of success.
    ///
    /// # Panics
    /// When it is not.
    #[track_caller]
    pub fn expect_success(self) -> Self {
        assert!((200..300).contains(&self.status), "{}: {} {}", self.what, self.status, self.text);
        self
    }

    /// The answer, which must be an error in the contract's shape with this status and number.
    ///
    /// # Panics
    /// When it is not.
    #[track_caller]
    pub fn refused(self, status: u16, code: u64) -> Self {
        assert_eq!((self.status, self.error_code()), (status, Some(code)), "{self}");
        assert!(self.json["description"].as_str().is_some_and(|text| !text.is_empty()), "{self}");
        assert!(self.json["source"].is_string() && self.json["data"].is_array(), "{self}");
        self
    }

    /// The number in an error.
    pub fn error_code(&self) -> Option<u64> {
        self.json["code"].as_u64()
    }

    /// The stable name of the refusal, first of the error's data.
    pub fn reason(&self) -> &str {
        self.json["data"][0].as_str().unwrap_or_default()
    }

    /// The sentence of an error.
    pub fn description(&self) -> &str {
        self.json["description"].as_str().unwrap_or_default()
    }

    /// The items of a collection.
    ///
    /// # Panics
    /// When the answer is no collection.
    #[track_caller]
    pub fn items(&self) -> Vec<Value> {
        let items = self.json["items"].as_array().cloned();
        items.unwrap_or_else(|| panic!("no collection: {self}"))
    }

    /// A text in the answer, by JSON pointer.
    ///
    /// # Panics
    /// When there is none.
    #[track_caller]
    pub fn text_at(&self, pointer: &str) -> String {
        let text = self.json.pointer(pointer).and_then(Value::as_str);
        text.unwrap_or_else(|| panic!("no text at {pointer}: {self}")).to_owned()
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {} {}", self.what, self.status, self.text)
    }
}
