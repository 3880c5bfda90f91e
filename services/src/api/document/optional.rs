//! What may be absent of a shape that several shapes make up together?

use serde_json::{Value, json};

/// Says of parts that may be absent that they may be, instead of that they are null: an answer holds
/// their members or none of them.
pub(super) fn settle(value: &mut Value) {
    match value {
        Value::Object(members) => {
            if let Some(parts) = members.get_mut("allOf").and_then(Value::as_array_mut) {
                parts.iter_mut().for_each(settle_part);
            }
            members.values_mut().for_each(settle);
        }
        Value::Array(items) => items.iter_mut().for_each(settle),
        _ => {}
    }
}

fn settle_part(part: &mut Value) {
    let Some(forms) = part.get("oneOf").and_then(Value::as_array) else { return };
    let null = json!({ "type": "null" });
    if forms.contains(&null) {
        let present = forms.iter().filter(|form| **form != null).cloned();
        let forms: Vec<Value> = present.chain([json!({ "type": "object" })]).collect();
        *part = json!({ "anyOf": forms });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_that_may_be_absent_is_no_null() {
        let letter = json!({ "$ref": "#/components/schemas/Letter" });
        let nothing = json!({ "type": "null" });
        let choice = json!({ "oneOf": [letter, nothing] });
        let mut shape = json!({ "allOf": [
            choice, { "type": "object", "properties": { "a": choice } }
        ] });
        settle(&mut shape);
        assert_eq!(shape["allOf"][0], json!({ "anyOf": [letter, { "type": "object" }] }));
        assert_eq!(shape["allOf"][1]["properties"]["a"], choice);
    }
}
