//! Do the examples of the document look like what the server answers? Each resource in one is called what
//! it is called in an answer.

use serde_json::Value;
use tests::{Api, Sample};

use crate::{PROGRAM, walk};

/// What the identifiers in paths stand for.
struct Known(Vec<(&'static str, String)>);

impl Known {
    /// A customer with what it has.
    fn of(admin: &Api) -> Self {
        let customer = walk::customer(admin);
        let path = format!("/v1/customers/{customer}");
        let lists = [
            ("{user}", format!("{path}/users")),
            ("{subscription}", format!("{path}/subscriptions")),
            ("{order}", format!("{path}/orders")),
            ("{offer}", "/v1/offers".to_owned()),
            ("{record}", "/v1/auditrecords?size=1".to_owned()),
            ("{role}", "/v1/roles".to_owned()),
        ];
        let first = lists.into_iter().filter_map(|(name, list)| {
            let items = admin.items(&list);
            Some((name, items.first()?["id"].as_str()?.to_owned()))
        });
        Self(first.chain([("{customer}", customer)]).collect())
    }

    /// A path with all its identifiers, where they are known.
    fn fill(&self, path: &str) -> Option<String> {
        let fill = |path: String, (name, id): &(&str, String)| path.replace(name, id);
        let filled = self.0.iter().fold(path.to_owned(), fill);
        (!filled.contains('{')).then_some(filled)
    }
}

/// What the resource is called, and the first item of a list.
fn kinds(body: &Value) -> [Option<&str>; 2] {
    let kind = |pointer| body.pointer(pointer).and_then(Value::as_str);
    [kind("/attributes/objectType"), kind("/items/0/attributes/objectType")]
}

#[test]
fn examples_call_resources_what_answers_call_them() {
    let sample = Sample::open(PROGRAM);
    let admin = sample.acting_as("global_admin");
    let known = Known::of(&admin);
    let document = admin.get("/openapi.json").expect(200).json().clone();
    let (mut compared, mut faults) = (0, Vec::new());
    for (path, operations) in document["paths"].as_object().expect("paths") {
        let example =
            &operations["get"]["responses"]["200"]["content"]["application/json"]["example"];
        let Some(address) = known.fill(path).filter(|_| example.is_object()) else { continue };
        let answer = admin.get(&address);
        if answer.status != 200 {
            continue;
        }
        let pairs = kinds(example).into_iter().zip(kinds(answer.json()));
        for (shown, told) in pairs.filter_map(|(shown, told)| Some((shown, told?))) {
            compared += 1;
            if shown != Some(told) {
                faults.push(format!("{path}: {shown:?} instead of {told}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(compared > 80, "only {compared} were compared");
}
