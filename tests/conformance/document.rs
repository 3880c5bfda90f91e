//! The served OpenAPI document: which operations there are, and an example of what each takes.

use serde_json::Value;
use tests::Api;

/// An operation of the document.
pub(crate) struct Operation {
    /// Its method, in capitals.
    pub(crate) method: String,
    /// Its path, with names in braces.
    pub(crate) path: String,
    /// Under which heading it stands.
    pub(crate) tag: String,
    /// An example of its body.
    pub(crate) body: Option<Value>,
    /// Which content type the body has.
    pub(crate) content_type: Option<String>,
    /// Its identifiers in the path and the parameters it cannot do without, with examples.
    parameters: Vec<Parameter>,
}

struct Parameter {
    name: String,
    in_path: bool,
    example: String,
}

impl Operation {
    /// The operation as people write it.
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// The address, its identifiers taken from `known` where that has them, else from the examples.
    pub(crate) fn address(&self, known: impl Fn(&str) -> Option<String>) -> String {
        let mut address = self.path.clone();
        let mut query = Vec::new();
        for parameter in &self.parameters {
            let value = known(&parameter.name).unwrap_or_else(|| parameter.example.clone());
            if parameter.in_path {
                address = address.replace(&format!("{{{}}}", parameter.name), &value);
            } else {
                query.push(format!("{}={value}", parameter.name));
            }
        }
        if query.is_empty() { address } else { format!("{address}?{}", query.join("&")) }
    }
}

/// Every operation of the document that a server shows.
pub(crate) fn operations(api: &Api) -> Vec<Operation> {
    let document = api.get("/openapi.json").expect(200).json().clone();
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let lists = [&item["parameters"], &operation["parameters"]];
            let parameters = lists.into_iter().filter_map(Value::as_array).flatten();
            let content = operation.pointer("/requestBody/content").and_then(Value::as_object);
            let content = content.and_then(|content| content.iter().next());
            found.push(Operation {
                method: method.to_ascii_uppercase(),
                path: path.clone(),
                tag: operation["tags"][0].as_str().unwrap_or_default().to_owned(),
                body: content.map(|(_, body)| body["example"].clone()),
                content_type: content.map(|(kind, _)| kind.clone()),
                parameters: parameters.filter_map(needed).collect(),
            });
        }
    }
    found
}

fn needed(parameter: &Value) -> Option<Parameter> {
    if parameter["required"] != true {
        return None;
    }
    let examples = [&parameter["example"], &parameter["schema"]["example"]];
    let example = examples.into_iter().find(|example| !example.is_null());
    let example = example.cloned().unwrap_or_default();
    Some(Parameter {
        name: parameter["name"].as_str()?.to_owned(),
        in_path: parameter["in"] == "path",
        example: example.as_str().map_or_else(|| example.to_string(), str::to_owned),
    })
}
