//! The API as its OpenAPI document tells it.

use serde_json::{Map, Value};

use crate::Program;

/// The document.
#[derive(Debug)]
pub struct ApiDocument(Value);

/// A member of a shape.
#[derive(Debug)]
pub struct Member<'a> {
    /// How it is called.
    pub name: &'a str,
    /// What stands there.
    pub shape: &'a Value,
    /// Whether it must be there.
    pub required: bool,
}

impl ApiDocument {
    /// What the program prints.
    pub fn printed(program: &Program) -> Self {
        let printed = program.run(["openapi"]).exited(0).stdout;
        Self(serde_json::from_str(&printed).expect("the document is JSON"))
    }

    /// The whole document.
    pub const fn value(&self) -> &Value {
        &self.0
    }

    /// Every operation with its path and its method in small letters.
    pub fn operations(&self) -> impl Iterator<Item = (&str, &str, &Value)> {
        let paths = self.0["paths"].as_object().into_iter().flatten();
        paths.flat_map(|(path, methods)| {
            let methods = methods.as_object().into_iter().flatten();
            methods.map(move |(method, it)| (path.as_str(), method.as_str(), it))
        })
    }

    /// The operation that a request is one of: of several, that with the most fixed parts.
    pub fn operation(&self, method: &str, path: &str) -> Option<&Value> {
        let path = path.split('?').next().unwrap_or_default();
        let fixed = |template: &str| template.split('/').filter(|it| !it.starts_with('{')).count();
        let matching = self.operations().filter(|(template, known, _)| {
            known.eq_ignore_ascii_case(method) && matches(template, path)
        });
        matching.max_by_key(|(template, ..)| fixed(template)).map(|(.., operation)| operation)
    }

    /// The shape of the body of JSON that an operation takes.
    pub fn body<'a>(&'a self, operation: &'a Value) -> Option<&'a Value> {
        operation.pointer("/requestBody/content/application~1json/schema")
    }

    /// What a shape is, behind references and choices with null.
    pub fn resolved<'a>(&'a self, shape: &'a Value) -> &'a Value {
        if let Some(name) = shape["$ref"].as_str().and_then(|it| it.rsplit('/').next()) {
            return self.resolved(&self.0["components"]["schemas"][name]);
        }
        let choices = shape["oneOf"].as_array().into_iter().flatten();
        let choice = choices.into_iter().find(|choice| choice["type"] != "null");
        choice.map_or(shape, |choice| self.resolved(choice))
    }

    /// The members of an object.
    pub fn members<'a>(&'a self, shape: &'a Value) -> Vec<Member<'a>> {
        let shape = self.resolved(shape);
        let parts = shape["allOf"].as_array().into_iter().flatten();
        let mut members: Vec<Member<'a>> = parts.flat_map(|part| self.members(part)).collect();
        let required = |name: &str| {
            shape["required"].as_array().into_iter().flatten().any(|it| it.as_str() == Some(name))
        };
        let own = shape["properties"].as_object().into_iter().flat_map(Map::iter);
        members.extend(own.map(|(name, shape)| Member { name, shape, required: required(name) }));
        members
    }
}

fn matches(template: &str, path: &str) -> bool {
    let (mut parts, mut given) = (template.split('/'), path.split('/'));
    loop {
        match (parts.next(), given.next()) {
            (None, None) => return true,
            (Some(part), Some(given))
                if part.starts_with('{') || part.eq_ignore_ascii_case(given) => {}
            _ => return false,
        }
    }
}
