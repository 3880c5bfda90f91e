//! The document of the API: served, printed, kept in docs, and whole.

use std::{fs, path::Path};

use serde_json::Value;
use tests::{ApiDocument, Installation, Program};

use crate::PROGRAM;

fn printed() -> String {
    Program::new(PROGRAM).run(["openapi"]).exited(0).stdout
}

#[test]
fn the_copy_in_the_docs_is_what_the_program_tells() {
    let copy = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/openapi.json");
    let copy = fs::read_to_string(copy).unwrap();
    assert!(copy == printed(), "make it anew: partnerlog openapi > docs/openapi.json");
}

#[test]
fn a_server_tells_everybody_the_same_and_has_a_page_to_read_it() {
    let installation = Installation::begin(PROGRAM);
    let server = installation.serve();
    let nobody = server.anonymous();
    assert_eq!(nobody.get("/openapi.json").expect(200).text, printed());
    let page = nobody.get("/swagger-ui/index.html").expect(200);
    assert!(page.text.contains("swagger-ui-bundle.js"), "{page}");
    nobody.get("/swagger-ui/swagger-ui-bundle.js").expect(200);
    let settings = nobody.get("/swagger-ui/swagger-initializer.js").expect(200);
    assert!(settings.text.contains("/openapi.json"), "{settings}");
    assert_eq!(nobody.get("/swagger-ui/nothing.js").status, 404);
}

#[test]
fn every_operation_says_what_it_does_takes_and_answers_with_examples() {
    let document = ApiDocument::printed(&Program::new(PROGRAM));
    assert_eq!(document.value()["openapi"], "3.1.0");
    let count = document.operations().count();
    assert!(count > 200, "only {count} operations are described");
    let mut missing = Vec::new();
    for (path, method, operation) in document.operations() {
        let mut demand = |holds: bool, what: &str| {
            if !holds {
                missing.push(format!("{method} {path}: {what}"));
            }
        };
        demand(operation["summary"].as_str().is_some_and(|it| it.ends_with('.')), "a summary");
        demand(operation["tags"].as_array().is_some_and(|it| it.len() == 1), "one tag");
        let content = &operation["requestBody"]["content"];
        demand(content.is_null() || has_examples(content), "an example of its body");
        let responses = operation["responses"].as_object().unwrap();
        let good: Vec<_> = responses.iter().filter(|(status, _)| status.starts_with('2')).collect();
        demand(!good.is_empty(), "an answer when all is well");
        for (status, response) in good {
            let content = &response["content"];
            demand(content.is_null() || has_examples(content), &format!("an example of {status}"));
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

/// Whether each body of JSON has an example that is not empty.
fn has_examples(content: &Value) -> bool {
    content.as_object().unwrap().iter().all(|(kind, body)| {
        kind != "application/json" || body.get("example").is_some_and(|it| !it.is_null())
    })
}
