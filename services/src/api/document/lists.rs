//! Lists refer to the shape of their items instead of repeating it.

use serde_json::{Value, json};

/// How the titles of lists begin; the title of their items follows.
pub(super) const TITLES: [&str; 2] = ["Collection_", "Page_"];

/// Gives the items of every list a shape of their own, where they have none yet.
pub(super) fn refer(document: &mut Value) {
    let Some(shapes) = document["components"]["schemas"].as_object_mut() else { return };
    let titles: Vec<String> = shapes.keys().cloned().collect();
    for title in titles {
        let item = TITLES.iter().find_map(|list| title.strip_prefix(list));
        let items =
            shapes.get_mut(&title).and_then(|list| list.pointer_mut("/properties/items/items"));
        let (Some(item), Some(items)) = (item, items) else { continue };
        if items.get("$ref").is_none() {
            let shape =
                std::mem::replace(items, json!({ "$ref": format!("#/components/schemas/{item}") }));
            shapes.entry(item.to_owned()).or_insert(shape);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_items_of_a_list_have_a_shape_of_their_own() {
        let mut document = json!({ "components": { "schemas": {
            "Page_User": { "properties": { "items": { "type": "array", "items": { "type": "object" } } } },
        } } });
        refer(&mut document);
        let shapes = &document["components"]["schemas"];
        assert_eq!(shapes["User"], json!({ "type": "object" }));
        let items = &shapes["Page_User"]["properties"]["items"]["items"];
        assert_eq!(items, &json!({ "$ref": "#/components/schemas/User" }));
    }
}
