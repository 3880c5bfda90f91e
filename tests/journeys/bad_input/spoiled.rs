//! Good requests, spoiled in every member: each spoiled one is refused, names the member and changes
//! nothing; the good one then works, so that nothing else was wrong with it.

use serde_json::{Value, json};
use tests::{Answer, Api, ApiDocument, RunningServer};

use super::case::NOBODY;

/// Longer than any text, in characters.
const LONG: usize = 70_000;

/// What every change may carry: told once, as parameters.
const OF_EVERY_CHANGE: [&str; 3] = ["reason", "ticket", "approvedBy"];

const OF_NOBODY: &str = "of nobody";

/// The member that is spoiled, how, and the body with it.
type Spoiled = (String, &'static str, Value);

/// A request that works.
pub(super) struct Good {
    api: Api,
    method: &'static str,
    path: String,
    body: Value,
    required: &'static [&'static str],
    one_by_one: bool,
}

impl Good {
    pub(super) fn new(
        api: &Api,
        method: &'static str,
        path: impl Into<String>,
        body: Value,
        required: &'static [&'static str],
    ) -> Self {
        Self { api: api.clone(), method, path: path.into(), body, required, one_by_one: false }
    }

    /// It tells of each thing it names whether it was done: one that is not there is no refusal.
    pub(super) fn one_by_one(self) -> Self {
        Self { one_by_one: true, ..self }
    }

    fn send(&self, body: &Value) -> Answer {
        self.api.request(self.method, &self.path).json(body).send()
    }

    /// What is wrong with the answers to it, spoiled and whole.
    pub(super) fn faults(&self, server: &RunningServer, document: &ApiDocument) -> Vec<String> {
        let before = server.position();
        let (mut spoiled, untold) = self.described(document);
        spoiled.extend(self.spoiled());
        let mut faults: Vec<String> = spoiled
            .iter()
            .filter_map(|(member, what, body)| {
                let answer = self.send(body);
                let why = wrong(&answer, member)?;
                Some(format!("{} {} with {member} {what}: {why}: {answer}", self.method, self.path))
            })
            .chain(untold)
            .collect();
        if server.position() != before {
            faults.push(format!("{} {}: a spoiled one was recorded", self.method, self.path));
        }
        let good = self.send(&self.body);
        if !(200..300).contains(&good.status) {
            faults.push(format!("{} {}: good, and refused: {good}", self.method, self.path));
        }
        faults
    }

    /// The members that the document tells of and the body lacks, each as something that it cannot be:
    /// one that is not refused is never read. And what the document does not tell of the body.
    fn described(&self, document: &ApiDocument) -> (Vec<Spoiled>, Vec<String>) {
        let (mut spoiled, mut untold) = (Vec::new(), Vec::new());
        let operation = document.operation(self.method, &self.path);
        let told = |what: &str| format!("{} {}: {what}", self.method, self.path);
        let Some(shape) = operation.and_then(|operation| document.body(operation)) else {
            let is_empty = self.body.as_object().is_some_and(serde_json::Map::is_empty);
            return (spoiled, if is_empty { untold } else { vec![told("no body is told of")] });
        };
        let mut open = vec![(String::new(), shape)];
        while let Some((at, shape)) = open.pop() {
            let members = document.members(shape);
            match self.body.pointer(&at) {
                Some(Value::Object(body)) => {
                    for name in body.keys() {
                        let known = members.iter().any(|member| member.name == name);
                        if !known && !OF_EVERY_CHANGE.contains(&name.as_str()) {
                            untold.push(told(&format!("{at}/{name} is not told of")));
                        }
                    }
                    for member in members {
                        let pointer = format!("{at}/{}", member.name);
                        let demanded = self.required.contains(&pointer.as_str());
                        if demanded && !member.required {
                            untold.push(told(&format!("{pointer} is told to be optional")));
                        }
                        if body.contains_key(member.name) {
                            open.push((pointer, member.shape));
                        } else {
                            spoiled.push(self.with(
                                &at,
                                member.name,
                                document.resolved(member.shape),
                            ));
                        }
                    }
                }
                Some(Value::Array(items)) => {
                    let item = &document.resolved(shape)["items"];
                    open.extend((0..items.len()).map(|index| (format!("{at}/{index}"), item)));
                }
                _ => {}
            }
        }
        (spoiled, untold)
    }

    /// The body with a member more, of a kind that it cannot be.
    fn with(&self, at: &str, name: &str, shape: &Value) -> Spoiled {
        let kinds = shape["type"].to_string();
        let wrong = if kinds.contains("string") { json!({ "a": 1 }) } else { json!("perhaps") };
        let mut body = self.body.clone();
        let object = body.pointer_mut(at).and_then(Value::as_object_mut).unwrap();
        object.insert(name.to_owned(), wrong);
        (format!("{at}/{name}"), "of another kind", body)
    }

    /// The member that is spoiled, how, and the body with it.
    fn spoiled(&self) -> Vec<Spoiled> {
        let mut members = Vec::new();
        pointers(&self.body, "", &mut members);
        let mut bodies = Vec::new();
        for member in members {
            let value = self.body.pointer(&member).unwrap();
            for (what, worse) in worse(value) {
                if self.one_by_one && what == OF_NOBODY {
                    continue;
                }
                let mut body = self.body.clone();
                *body.pointer_mut(&member).unwrap() = worse;
                bodies.push((member.clone(), what, body));
            }
            if self.required.contains(&member.as_str()) {
                bodies.extend(self.without(&member));
            }
        }
        bodies
    }

    /// The body without a member that must be there, in every way that it can be missing.
    fn without(&self, member: &str) -> Vec<Spoiled> {
        let (outer, name) = member.rsplit_once('/').unwrap();
        let is_text = self.body.pointer(member).is_some_and(Value::is_string);
        let mut missing = vec![("null", Some(Value::Null)), ("missing", None)];
        if is_text {
            missing.extend([("empty", Some(json!(""))), ("blank", Some(json!("  ")))]);
        }
        let spoil = |(what, instead): (&'static str, Option<Value>)| {
            let mut body = self.body.clone();
            let object = body.pointer_mut(outer).unwrap().as_object_mut().unwrap();
            match instead {
                Some(value) => drop(object.insert(name.to_owned(), value)),
                None => drop(object.remove(name)),
            }
            (member.to_owned(), what, body)
        };
        missing.into_iter().map(spoil).collect()
    }
}

/// Where each member of a body stands.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    let mut within = |name: String, value: &Value| {
        let pointer = format!("{at}/{name}");
        found.push(pointer.clone());
        pointers(value, &pointer, found);
    };
    match value {
        Value::Object(members) => members.iter().for_each(|(name, it)| within(name.clone(), it)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, it)| within(at.to_string(), it));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Values that are good in no place where this one is.
fn worse(value: &Value) -> Vec<(&'static str, Value)> {
    match value {
        Value::String(text) => {
            let mut worse = vec![
                ("an object", json!({ "a": 1 })),
                ("a list", json!([1])),
                ("too long", json!("x".repeat(LONG))),
                ("a truth", json!(true)),
            ];
            if is_id(text) {
                worse.extend([(OF_NOBODY, json!(NOBODY)), ("no id", json!("42"))]);
            }
            if text.contains('@') {
                worse.push(("no address", json!("nobody")));
            }
            worse
        }
        Value::Number(_) => vec![
            ("a word", json!("many")),
            ("below nothing", json!(-1)),
            ("beyond everything", json!(1e300)),
            ("beyond what is counted", json!(u64::MAX)),
            ("a fraction", json!(1.5)),
            ("an object", json!({})),
            ("a list", json!([1])),
        ],
        Value::Bool(_) => {
            vec![("a word", json!("perhaps")), ("an object", json!({})), ("a number", json!(7))]
        }
        Value::Array(_) => {
            vec![("a word", json!("all")), ("an object", json!({})), ("a number", json!(7))]
        }
        Value::Object(_) => {
            vec![("a word", json!("all")), ("a list", json!([[]])), ("a number", json!(7))]
        }
        Value::Null => Vec::new(),
    }
}

fn is_id(text: &str) -> bool {
    text.len() == NOBODY.len() && text.split('-').map(str::len).eq([8, 4, 4, 4, 12])
}

/// What is wrong with the refusal of a spoiled request, if anything is.
fn wrong(answer: &Answer, member: &str) -> Option<&'static str> {
    if !(400..500).contains(&answer.status) {
        return Some("not refused");
    }
    let error = answer.json();
    if !(error["code"].is_u64() && error["data"].is_array() && error["source"].is_string()) {
        return Some("not the shape of an error");
    }
    // What is there but not to be seen is refused without saying so.
    let name = member.rsplit('/').find(|name| name.parse::<usize>().is_err()).unwrap();
    let named = answer.text.to_lowercase().contains(&name.to_lowercase());
    (answer.status == 400 && !named).then_some("the member is not named")
}
