//! Where the schemas of a document stand.
//!
//! The same key means different things in different places: `properties` may hold a property called `items`, an example
//! a key called `$ref`. So the document is walked by what OpenAPI says stands where.

use serde_json::Value;

use crate::spec::METHODS;

/// Visits every schema of the document with its location, an outer one before those in it. What a visit leaves in the
/// schema is walked in turn.
pub(crate) fn each_schema(document: &mut Value, visit: &mut impl FnMut(&str, &mut Value)) {
    for (path, item) in members(&mut document["paths"]) {
        let at = format!("paths.{path}");
        parameters(&at, item, visit);
        for (method, operation) in members(item) {
            if METHODS.contains(&method.as_str()) {
                let at = format!("{at}.{method}");
                parameters(&at, operation, visit);
                body(
                    &format!("{at}.requestBody"),
                    operation.get_mut("requestBody"),
                    visit,
                );
                responses(
                    &format!("{at}.responses"),
                    operation.get_mut("responses"),
                    visit,
                );
            }
        }
    }
    for (section, named) in members(&mut document["components"]) {
        for (name, value) in members(named) {
            let at = format!("components.{section}.{name}");
            match section.as_str() {
                "schemas" => schema(&at, value, visit),
                "parameters" | "headers" => parameter(&at, value, visit),
                "requestBodies" => body(&at, Some(value), visit),
                "responses" => response(&at, value, visit),
                _ => {}
            }
        }
    }
}

/// Visits a schema and those in it.
pub(crate) fn schema(at: &str, value: &mut Value, visit: &mut impl FnMut(&str, &mut Value)) {
    visit(at, value);
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

fn parameters(at: &str, owner: &mut Value, visit: &mut impl FnMut(&str, &mut Value)) {
    let list = owner.get_mut("parameters").and_then(Value::as_array_mut);
    for (index, value) in list.into_iter().flatten().enumerate() {
        parameter(&format!("{at}.parameters[{index}]"), value, visit);
    }
}

fn parameter(at: &str, value: &mut Value, visit: &mut impl FnMut(&str, &mut Value)) {
    if let Some(value) = value.get_mut("schema") {
        schema(&format!("{at}.schema"), value, visit);
    }
    content(at, value, visit);
}

fn body(at: &str, value: Option<&mut Value>, visit: &mut impl FnMut(&str, &mut Value)) {
    if let Some(value) = value {
        content(at, value, visit);
    }
}

fn responses(at: &str, value: Option<&mut Value>, visit: &mut impl FnMut(&str, &mut Value)) {
    for (status, value) in value.into_iter().flat_map(members) {
        response(&format!("{at}.{status}"), value, visit);
    }
}

fn response(at: &str, value: &mut Value, visit: &mut impl FnMut(&str, &mut Value)) {
    content(at, value, visit);
    if let Some(headers) = value.get_mut("headers") {
        for (name, header) in members(headers) {
            parameter(&format!("{at}.headers.{name}"), header, visit);
        }
    }
}

fn content(at: &str, owner: &mut Value, visit: &mut impl FnMut(&str, &mut Value)) {
    let Some(types) = owner.get_mut("content") else {
        return;
    };
    for (name, media) in members(types) {
        if let Some(value) = media.get_mut("schema") {
            schema(&format!("{at}.content.{name}.schema"), value, visit);
        }
    }
}

/// The entries of an object, to be changed; none where it is not an object.
pub(crate) fn members(value: &mut Value) -> impl Iterator<Item = (&String, &mut Value)> {
    value.as_object_mut().into_iter().flatten()
}
