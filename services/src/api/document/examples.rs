//! What does a body look like? An example of every request and answer, put together from the members'.

use serde_json::{Map, Value, json};

use super::lists::TITLES;

/// How deep shapes may lie in each other; deeper, one that holds itself is cut off.
const DEPTH_MAX: usize = 12;

/// Members that mean the same wherever they stand.
const KNOWN: &[(&str, &str)] = &[
    ("addressLine1", "1 Main Street"),
    ("addressLine2", "Floor 2"),
    ("city", "Seattle"),
    ("companyName", "Relecloud"),
    ("country", "US"),
    ("culture", "en-US"),
    ("currency", "USD"),
    ("displayName", "Nora Berg"),
    ("domain", "relecloud.example"),
    ("email", "nora@relecloud.example"),
    ("etag", "eyJpZCI6IjNmYTg1ZjY0IiwidmVyc2lvbiI6MX0="),
    ("firstName", "Nora"),
    ("language", "en"),
    ("lastName", "Berg"),
    ("locale", "en-US"),
    ("mpnId", "1234567"),
    ("phoneNumber", "+1 206 555 0100"),
    ("postalCode", "98101"),
    ("region", "WA"),
    ("state", "WA"),
    ("usageLocation", "US"),
    ("userPrincipalName", "nora@relecloud.example"),
    ("website", "https://relecloud.example"),
];

/// Shapes of resources that go by another name than their shape.
const CALLED: &[(&str, &str)] = &[
    ("CompanySupportContact", "SupportContact"),
    ("CostLine", "InvoiceLineItem"),
    ("CustomerReportItem", "SalesReportItem"),
    ("DirectoryRoleMember", "UserMember"),
    ("NewSession", "Session"),
    ("PartnerRoleMember", "UserMember"),
    ("PermittedRoles", "Permission"),
    ("ProductReportItem", "SalesReportItem"),
    ("RequestToCompany", "RelationshipRequestDetails"),
    ("RoleChangeTold", "RoleChange"),
    ("SkillsOfUser", "UserSkills"),
    ("UserImport", "Collection"),
    ("UserOutcomes", "Collection"),
];

/// Adds an example to every body that has none.
pub(super) fn add(document: &mut Value) {
    let shapes = document["components"]["schemas"].clone();
    let Some(paths) = document["paths"].as_object_mut() else { return };
    let operations = paths.values_mut().filter_map(Value::as_object_mut).flat_map(Map::values_mut);
    for operation in operations {
        if let Some(content) = operation.pointer_mut("/requestBody/content") {
            complete(content, &shapes);
        }
        let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else {
            continue;
        };
        for response in responses.values_mut() {
            if let Some(content) = response.get_mut("content") {
                complete(content, &shapes);
            }
        }
    }
}

fn complete(content: &mut Value, shapes: &Value) {
    let Some(body) = content.get_mut("application/json").and_then(Value::as_object_mut) else {
        return;
    };
    if body.contains_key("example") || body.contains_key("examples") {
        return;
    }
    let example = body.get("schema").and_then(|schema| of(schema, "", shapes, 0));
    body.insert("example".to_owned(), example.unwrap_or_default());
}

/// An example of a shape that stands under a name.
fn of(schema: &Value, name: &str, shapes: &Value, depth: usize) -> Option<Value> {
    if depth > DEPTH_MAX {
        return None;
    }
    if let Some(own) = schema.get("example").or_else(|| schema.get("default")) {
        return Some(own.clone());
    }
    if let Some(own) = schema.get("examples").or_else(|| schema.get("enum")) {
        return own.get(0).cloned();
    }
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let title = reference.rsplit('/').next()?;
        let example = of(shapes.get(title)?, name, shapes, depth + 1)?;
        return Some(with_kind(example, title));
    }
    if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
        return Some(all_of(parts, name, shapes, depth));
    }
    let choices = schema.get("oneOf").or_else(|| schema.get("anyOf")).and_then(Value::as_array);
    if let Some(choices) = choices {
        let choice = choices.iter().find(|choice| choice["type"] != "null")?;
        return of(choice, name, shapes, depth + 1);
    }
    match kind(schema) {
        "object" => Some(object(schema, shapes, depth)),
        "array" => Some(of(&schema["items"], name, shapes, depth + 1).into_iter().collect()),
        "boolean" => Some(json!(true)),
        "integer" => Some(json!(schema["minimum"].as_u64().unwrap_or_default().max(1))),
        "number" => Some(json!(1.0)),
        "string" => Some(text(schema, name)),
        _ => None,
    }
}

/// A resource names its own kind: the title of its shape, or what it is called instead; every list is
/// a collection.
fn with_kind(mut example: Value, title: &str) -> Value {
    if let Some(kind) = example.pointer_mut("/attributes/objectType") {
        let is_list = TITLES.iter().any(|list| title.starts_with(list));
        let called = CALLED.iter().find(|(shape, _)| *shape == title).map(|(_, called)| *called);
        *kind = json!(if is_list { "Collection" } else { called.unwrap_or(title) });
    }
    example
}

/// What kind of value a shape is; of several, the first that is something.
fn kind(schema: &Value) -> &str {
    match &schema["type"] {
        Value::String(kind) => kind,
        Value::Array(kinds) => {
            kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null").unwrap_or_default()
        }
        _ => "",
    }
}

fn all_of(parts: &[Value], name: &str, shapes: &Value, depth: usize) -> Value {
    let parts = parts.iter().filter_map(|part| of(part, name, shapes, depth + 1));
    let members = parts.filter_map(|part| match part {
        Value::Object(members) => Some(members),
        _ => None,
    });
    Value::Object(members.flatten().collect())
}

fn object(schema: &Value, shapes: &Value, depth: usize) -> Value {
    let Some(members) = schema["properties"].as_object() else { return json!({}) };
    let shown = members
        .iter()
        .filter_map(|(name, schema)| Some((name.clone(), of(schema, name, shapes, depth + 1)?)));
    Value::Object(shown.collect())
}

fn text(schema: &Value, name: &str) -> Value {
    match schema["format"].as_str() {
        Some("uuid") => json!("3fa85f64-5717-4562-b3fc-2c963f66afa6"),
        Some("date-time") => json!("2026-11-20T09:30:00Z"),
        Some("date") => json!("2026-11-20"),
        Some("uri") => json!("https://relecloud.example"),
        _ => {
            let known = KNOWN.iter().find(|(member, _)| *member == name);
            known.map_or_else(|| json!(name), |(_, example)| json!(example))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_example_is_put_together_from_what_the_shape_says_of_its_members() {
        let shapes = json!({
            "User": { "type": "object", "properties": {
                "id": { "type": "string", "format": "uuid" },
                "displayName": { "type": ["string", "null"] },
                "state": { "$ref": "#/State" },
                "seats": { "type": "integer", "minimum": 0 },
                "tags": { "type": "array", "items": { "type": "string", "example": "vip" } },
            } },
            "State": { "type": "string", "enum": ["active", "inactive"] },
        });
        let example = of(&json!({ "$ref": "#/components/schemas/User" }), "", &shapes, 0).unwrap();
        let id = "3fa85f64-5717-4562-b3fc-2c963f66afa6";
        let wanted = json!({
            "id": id, "displayName": "Nora Berg", "state": "active", "seats": 1, "tags": ["vip"],
        });
        assert_eq!(example, wanted);
    }

    #[test]
    fn a_shape_that_holds_itself_is_cut_off() {
        let shapes = json!({ "Line": { "type": "object", "properties": {
            "addons": { "type": "array", "items": { "$ref": "#/Line" } },
        } } });
        assert!(of(&json!({ "$ref": "#/Line" }), "", &shapes, 0).is_some());
    }
}
