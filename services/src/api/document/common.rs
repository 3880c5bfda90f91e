//! What every operation has: its name, the identifiers in its path, headers, refusals, who may call it.

use axum::http::Method;
use serde_json::{Map, Value, json};

use crate::{
    api::paging::PAGE_ITEMS_MAX,
    http::{is_of_contract, takes_no_user},
};

const METHODS: [&str; 6] = ["get", "head", "post", "put", "patch", "delete"];
/// How the parts of a list are asked for; what answers in parts is called a page.
const PAGE: &str = "#/components/schemas/Page_";
const PAGING: [&str; 4] = ["size", "seekOperation", "pageIndex", "MS-ContinuationToken"];
const READING: [&str; 2] = ["asOf", "X-At-Least-Position"];
const WRITING: [&str; 4] = ["MS-RequestId", "reason", "ticket", "approvedBy"];
/// Refusals by their status; those that only a change meets stand last.
const REFUSALS: [&str; 8] = ["400", "401", "403", "404", "409", "429", "503", "504"];
const REFUSALS_OF_CHANGES: [&str; 1] = ["413"];

/// Adds it to all operations.
pub(super) fn add(document: &mut Value) {
    document["components"]["parameters"] = parameters();
    document["components"]["responses"] = refusals();
    document["components"]["securitySchemes"] = json!({
        "bearer": { "type": "http", "scheme": "bearer", "description": "The token of a session, one that \
            was made for an account, or an access token of an application." }
    });
    let Some(paths) = document["paths"].as_object_mut() else { return };
    for (path, operations) in paths {
        for method in METHODS {
            if let Some(operation) = operations.get_mut(method).and_then(Value::as_object_mut) {
                complete(path, method, operation);
            }
        }
    }
}

fn complete(path: &str, method: &str, operation: &mut Map<String, Value>) {
    operation.insert("operationId".to_owned(), json!(name(path, method)));
    let reads = matches!(method, "get" | "head");
    let mut parameters = taken(operation, "parameters");
    for parameter in path_parameters(path) {
        let declared = parameters.iter().any(|known| known["name"] == parameter["name"]);
        if !declared {
            parameters.push(parameter);
        }
    }
    parameters.iter_mut().for_each(tell_example);
    let in_parts = answers_in_parts(operation);
    let is_resource = is_of_contract(path);
    let shared = [
        (true, &["MS-CorrelationId"][..]),
        (is_resource && reads, &READING[..]),
        (is_resource && !reads, &WRITING[..]),
        (in_parts, &PAGING[..]),
    ];
    let shared = shared.into_iter().filter(|(applies, _)| *applies).flat_map(|(_, names)| names);
    parameters
        .extend(shared.map(|name| json!({ "$ref": format!("#/components/parameters/{name}") })));
    operation.insert("parameters".to_owned(), Value::Array(parameters));
    if let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) {
        let more = REFUSALS_OF_CHANGES.iter().filter(|_| !reads);
        for status in REFUSALS.iter().chain(more) {
            let refusal = json!({ "$ref": format!("#/components/responses/{status}") });
            responses.entry((*status).to_owned()).or_insert(refusal);
        }
    }
    // An operation that needs no token says so itself, with an empty list.
    operation.entry("security").or_insert_with(|| json!([{ "bearer": [] }]));
    let without_user =
        method.to_uppercase().parse::<Method>().is_ok_and(|method| takes_no_user(&method, path));
    operation.insert("x-takes-no-user".to_owned(), json!(without_user));
}

/// Tells the example of a parameter that may be left out in words. Where requests are tried, examples
/// are filled in, and a first try is not to be narrowed to what happened to be a good example.
fn tell_example(parameter: &mut Value) {
    if parameter["required"] == json!(true) {
        return;
    }
    let Some(example) = parameter.as_object_mut().and_then(|it| it.remove("example")) else {
        return;
    };
    let example = example.as_str().map_or_else(|| example.to_string(), str::to_owned);
    let meaning = parameter["description"].as_str().unwrap_or_default();
    parameter["description"] = json!(format!("{meaning} Such as `{example}`."));
}

fn taken(operation: &mut Map<String, Value>, name: &str) -> Vec<Value> {
    match operation.remove(name) {
        Some(Value::Array(items)) => items,
        _ => Vec::new(),
    }
}

/// The operation's name: its method, and its path without what only separates.
fn name(path: &str, method: &str) -> String {
    let path = path.strip_prefix("/v1").unwrap_or(path);
    let segments = path.split('/').map(|segment| segment.trim_matches(['{', '}']));
    let segments = segments.filter(|segment| !segment.is_empty());
    std::iter::once(method).chain(segments).collect::<Vec<_>>().join("_").replace(['-', '.'], "_")
}

/// The identifiers in a path; most are GUIDs.
fn path_parameters(path: &str) -> impl Iterator<Item = Value> {
    let names = path.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'));
    names.map(|name| {
        let (schema, example) = match name {
            "invoice" => (json!({ "type": "string" }), "3fa85f64-5717-4562-b3fc-2c963f66afa6_2026-10_usd"),
            "policy" | "record" | "offer" => (json!({ "type": "string" }), "3fa85f64-5717-4562-b3fc-2c963f66afa6"),
            "request" => (json!({ "type": "string" }), "161120012345678"),
            "country" => (json!({ "type": "string" }), "US"),
            "domain" => (json!({ "type": "string" }), "relecloud.example"),
            "tenant" => (json!({ "type": "string" }), "1234567"),
            "prefix" => (json!({ "type": "string" }), "relecloud"),
            "role" => (json!({ "type": "string" }), "62e90394-69f5-4237-9190-012177145e10"),
            _ => (json!({ "type": "string", "format": "uuid" }), "3fa85f64-5717-4562-b3fc-2c963f66afa6"),
        };
        json!({ "name": name, "in": "path", "required": true, "schema": schema, "example": example })
    })
}

fn answers_in_parts(operation: &Map<String, Value>) -> bool {
    let schema = operation.get("responses").and_then(|responses| {
        responses["200"]["content"]["application/json"]["schema"]["$ref"].as_str()
    });
    schema.is_some_and(|schema| schema.starts_with(PAGE))
}

/// The parameters that operations share: name, place, meaning, example.
const SHARED: [[&str; 4]; 9] = [
    [
        "asOf",
        "query",
        "A position of the log, or a time: the answer as it was then.",
        "2026-11-01T00:00:00Z",
    ],
    [
        "X-At-Least-Position",
        "header",
        "Waits up to a second until the answer shows this position of the log.",
        "42",
    ],
    [
        "MS-RequestId",
        "header",
        "Sent again, the change is not made again, and is answered the same.",
        "e6a3b6b2-9d1c-4f0e-8a57-3c0a9f2f3f11",
    ],
    [
        "MS-CorrelationId",
        "header",
        "A GUID that groups requests; echoed.",
        "7c9e6679-7425-40de-944b-e07fc1f90ae7",
    ],
    ["reason", "query", "Why; recorded with the change.", "left the company"],
    ["ticket", "query", "Under which ticket; recorded with the change.", "T-1042"],
    [
        "approvedBy",
        "query",
        "Which colleague approved it, by id; recorded with the change.",
        "3fa85f64-5717-4562-b3fc-2c963f66afa6",
    ],
    [
        "seekOperation",
        "query",
        "`Next` and `Previous` go on from the part that the token came with, `First` and `Last` begin at \
         an end, `PageIndex` gives the part with the number `pageIndex`. Some lists go forward only.",
        "First",
    ],
    [
        "MS-ContinuationToken",
        "header",
        "Where to go on, from the answer before; good for a day.",
        "",
    ],
];

fn parameters() -> Value {
    let texts = SHARED.iter().map(|[name, place, meaning, example]| {
        let mut parameter = json!({
            "name": name, "in": place, "required": false, "description": meaning,
            "schema": { "type": "string" },
        });
        if !example.is_empty() {
            parameter["example"] = json!(example);
            tell_example(&mut parameter);
        }
        ((*name).to_owned(), parameter)
    });
    let size = json!({
        "name": "size", "in": "query", "required": false,
        "description": "How many items a part has, such as `40`; 0 or nothing means the whole list.",
        "schema": { "type": "integer", "minimum": 0, "maximum": PAGE_ITEMS_MAX },
    });
    let index = json!({
        "name": "pageIndex", "in": "query", "required": false,
        "description": "The number of the part, from 0; with `seekOperation=PageIndex` and `size`.",
        "schema": { "type": "integer", "minimum": 0 },
    });
    let numbers = [("size".to_owned(), size), ("pageIndex".to_owned(), index)];
    Value::Object(texts.chain(numbers).collect())
}

fn refusals() -> Value {
    let refusal = |description: &str, example: Value| {
        json!({
            "description": description,
            "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/Refusal" }, "example": example,
            } },
        })
    };
    let body = |code: u32, description: &str, data: &[&str]| json!({ "code": code, "description": description, "data": data, "source": "PartnerFD" });
    json!({
        "400": refusal("Malformed, or against a rule; `data` names the refusal and the member.", body(2001, "userPrincipalName is required", &["invalid_field", "userPrincipalName"])),
        "401": refusal("No valid token.", body(400, "the token is not known or has ended", &[])),
        "403": refusal("The caller may not: its role (900150), its programme, or not its customer (20002).", body(900_150, "the caller's role does not include this", &["not_permitted"])),
        "404": refusal("Not there.", body(1000, "no such resource", &[])),
        "409": refusal("Taken, or changed by somebody else meanwhile.", body(2000, "domain is taken", &["domain_taken", "domain"])),
        "413": refusal("The body is too long.", body(2000, "the body is longer than 1048576 bytes", &[])),
        "503": refusal("Not now: repeat with the same MS-RequestId after Retry-After seconds.", body(0, "the server is busy", &[])),
        "504": refusal("It took too long: repeat with the same MS-RequestId.", body(800_003, "the request took too long; repeat it with the same request id", &[])),
        "429": {
            "description": "Too many requests of one account.",
            "headers": { "Retry-After": { "description": "Seconds.", "schema": { "type": "integer" } } },
            "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/TooMany" },
                "example": { "statusCode": 429, "message": "Rate limit is exceeded. Try again in 3 seconds." },
            } },
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_is_named_after_its_method_and_path() {
        assert_eq!(name("/v1/customers/{customer}/users", "get"), "get_customers_customer_users");
        assert_eq!(name("/v1/sign-in", "post"), "post_sign_in");
    }
}
