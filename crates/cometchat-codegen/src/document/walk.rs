//! What stands where in a document.
//!
//! The same key means different things in different places: `properties` may hold a property called `items`, an example
//! a key called `$ref`. So the document is walked by what OpenAPI says stands where.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::document::spec::{METHODS, SCHEMAS, array};

/// What a part of a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    PathItem,
    Operation,
    Parameter,
    RequestBody,
    Response,
    Header,
    Schema,
    /// An example by name, or a security scheme: what may be a reference, and isn't walked further.
    Other,
}

/// Visits every part of the document with its location, an outer one before those in it. What a visit leaves in the
/// part is walked in turn; a reference is visited, not followed.
pub(crate) fn each_part(document: &mut Value, visit: &mut impl FnMut(&str, Part, &mut Value)) {
    for (path, item) in members_of(document, "paths") {
        path_item(&format!("paths.{path}"), item, visit);
    }
    for (section, named) in members_of(document, "components") {
        for (name, value) in members(named) {
            let at = format!("components.{section}.{name}");
            match section.as_str() {
                "schemas" => schema(&at, value, visit),
                "parameters" => parameter(&at, Part::Parameter, value, visit),
                "headers" => parameter(&at, Part::Header, value, visit),
                "requestBodies" => body(&at, value, visit),
                "responses" => response(&at, value, visit),
                "pathItems" => path_item(&at, value, visit),
                _ => visit(&at, Part::Other, value),
            }
        }
    }
}

/// Visits every schema of the document with its location, an outer one before those in it.
pub(crate) fn each_schema(document: &mut Value, visit: &mut impl FnMut(&str, &mut Value)) {
    each_part(document, &mut |at, part, value| {
        if part == Part::Schema {
            visit(at, value);
        }
    });
}

/// Visits every schema that is an object, as [`each_schema`] does.
pub(crate) fn each_object(
    document: &mut Value,
    visit: &mut impl FnMut(&str, &mut Map<String, Value>),
) {
    each_schema(document, &mut |at, schema| {
        if let Some(schema) = schema.as_object_mut() {
            visit(at, schema);
        }
    });
}

/// Gives the references to schemas the names for which the function knows another, found by the whole `$ref`.
pub(crate) fn redirect(document: &mut Value, name: impl Fn(&str) -> Option<String>) {
    each_schema(document, &mut |_, schema| {
        if let Some(name) = schema["$ref"].as_str().and_then(&name) {
            schema["$ref"] = Value::from(format!("{SCHEMAS}{name}"));
        }
    });
}

/// The named schemas of a document, if it has any.
pub(crate) fn schemas_mut(document: &mut Value) -> Option<&mut Map<String, Value>> {
    document.pointer_mut("/components/schemas")?.as_object_mut()
}

fn path_item(at: &str, item: &mut Value, visit: &mut impl FnMut(&str, Part, &mut Value)) {
    visit(at, Part::PathItem, item);
    parameters(at, item, visit);
    for (method, operation) in members(item) {
        if METHODS.contains(&method.as_str()) {
            let at = format!("{at}.{method}");
            visit(&at, Part::Operation, operation);
            parameters(&at, operation, visit);
            if let Some(value) = operation.get_mut("requestBody") {
                body(&format!("{at}.requestBody"), value, visit);
            }
            for (status, value) in members_of(operation, "responses") {
                response(&format!("{at}.responses.{status}"), value, visit);
            }
        }
    }
}

fn parameters(at: &str, owner: &mut Value, visit: &mut impl FnMut(&str, Part, &mut Value)) {
    let list = owner.get_mut("parameters").and_then(Value::as_array_mut);
    for (index, value) in list.into_iter().flatten().enumerate() {
        let at = format!("{at}.parameters[{index}]");
        parameter(&at, Part::Parameter, value, visit);
    }
}

fn parameter(
    at: &str,
    part: Part,
    value: &mut Value,
    visit: &mut impl FnMut(&str, Part, &mut Value),
) {
    visit(at, part, value);
    if let Some(value) = value.get_mut("schema") {
        schema(&format!("{at}.schema"), value, visit);
    }
    content(at, value, visit);
}

fn body(at: &str, value: &mut Value, visit: &mut impl FnMut(&str, Part, &mut Value)) {
    visit(at, Part::RequestBody, value);
    content(at, value, visit);
}

fn response(at: &str, value: &mut Value, visit: &mut impl FnMut(&str, Part, &mut Value)) {
    visit(at, Part::Response, value);
    content(at, value, visit);
    for (name, header) in members_of(value, "headers") {
        parameter(&format!("{at}.headers.{name}"), Part::Header, header, visit);
    }
}

fn content(at: &str, owner: &mut Value, visit: &mut impl FnMut(&str, Part, &mut Value)) {
    for (name, media) in members_of(owner, "content") {
        let at = format!("{at}.content.{name}");
        if let Some(value) = media.get_mut("schema") {
            schema(&format!("{at}.schema"), value, visit);
        }
        for (name, example) in members_of(media, "examples") {
            visit(&format!("{at}.examples.{name}"), Part::Other, example);
        }
    }
}

pub(crate) fn schema(at: &str, value: &mut Value, visit: &mut impl FnMut(&str, Part, &mut Value)) {
    visit(at, Part::Schema, value);
    let Some(object) = value.as_object_mut() else {
        return;
    };
    for (key, value) in object {
        let at = format!("{at}.{key}");
        match key.as_str() {
            "properties" => {
                for (name, property) in members(value) {
                    schema(&format!("{at}.{name}"), property, visit);
                }
            }
            "items" | "not" => schema(&at, value, visit),
            "additionalProperties" if value.is_object() => schema(&at, value, visit),
            "allOf" | "anyOf" | "oneOf" => {
                for (index, member) in value.as_array_mut().into_iter().flatten().enumerate() {
                    schema(&format!("{at}[{index}]"), member, visit);
                }
            }
            _ => {}
        }
    }
}

/// The entries of an object, to be changed; none where it is not an object.
pub(crate) fn members(value: &mut Value) -> impl Iterator<Item = (&String, &mut Value)> {
    value.as_object_mut().into_iter().flatten()
}

/// The entries of the object under a key, to be changed; none where there is none.
pub(crate) fn members_of<'a>(
    value: &'a mut Value,
    key: &str,
) -> impl Iterator<Item = (&'a String, &'a mut Value)> {
    value.get_mut(key).into_iter().flat_map(members)
}

/// The texts of a list, each once.
pub(crate) fn texts_once(list: &Value) -> Value {
    let mut seen = HashSet::new();
    let texts = array(list).filter(|value| value.as_str().is_some_and(|text| seen.insert(text)));
    Value::Array(texts.cloned().collect())
}
