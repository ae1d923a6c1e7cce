//! What stands where in a document.
//!
//! The same key means different things in different places: `properties` may hold a property called `items`, an example
//! a key called `$ref`. So the document is walked by what OpenAPI says stands where.

use serde_json::{Map, Value};

use crate::document::location::{Location, Part, Step};
use crate::document::spec::{METHODS, SCHEMAS};

/// Visits every part of the document with its location, an outer one before those in it. The walk goes on with the part as the
/// visit leaves it. A reference is visited, not followed.
pub(crate) fn each_part(document: &mut Value, visit: &mut impl FnMut(&Location<'_>, &mut Value)) {
    for (path, item) in members_of(document, "paths") {
        path_item(&Location::root(Step::Path(path)), item, visit);
    }
    for (section, named) in members_of(document, "components") {
        for (name, value) in members(named) {
            let at = Location::root(Step::Component(section, name));
            match at.part() {
                Part::Schema => schema(&at, value, visit),
                Part::Parameter | Part::Header => parameter(&at, value, visit),
                Part::RequestBody => body(&at, value, visit),
                Part::Response => response(&at, value, visit),
                Part::PathItem => path_item(&at, value, visit),
                Part::Operation | Part::Other => visit(&at, value),
            }
        }
    }
}

/// Visits every schema of the document with its location, an outer one before those in it.
pub(crate) fn each_schema(document: &mut Value, visit: &mut impl FnMut(&Location<'_>, &mut Value)) {
    each_part(document, &mut |at, value| {
        if at.part() == Part::Schema {
            visit(at, value);
        }
    });
}

/// Visits every schema that is an object, as [`each_schema`] does.
pub(crate) fn each_object(
    document: &mut Value,
    visit: &mut impl FnMut(&Location<'_>, &mut Map<String, Value>),
) {
    each_schema(document, &mut |at, schema| {
        if let Some(schema) = schema.as_object_mut() {
            visit(at, schema);
        }
    });
}

/// Visits a schema and those in it.
pub(crate) fn schemas_in(value: &mut Value, visit: &mut impl FnMut(&mut Value)) {
    schema(&Location::root(Step::Schema), value, &mut |_, schema| {
        visit(schema);
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

fn path_item(
    at: &Location<'_>,
    item: &mut Value,
    visit: &mut impl FnMut(&Location<'_>, &mut Value),
) {
    visit(at, item);
    parameters(at, item, visit);
    for (method, operation) in members(item) {
        if METHODS.contains(&method.as_str()) {
            let at = at.then(Step::Operation(method));
            visit(&at, operation);
            parameters(&at, operation, visit);
            if let Some(value) = operation.get_mut("requestBody") {
                body(&at.then(Step::Body), value, visit);
            }
            for (status, value) in members_of(operation, "responses") {
                response(&at.then(Step::Response(status)), value, visit);
            }
        }
    }
}

fn parameters(
    at: &Location<'_>,
    owner: &mut Value,
    visit: &mut impl FnMut(&Location<'_>, &mut Value),
) {
    let list = owner.get_mut("parameters").and_then(Value::as_array_mut);
    for (index, value) in list.into_iter().flatten().enumerate() {
        parameter(&at.then(Step::Parameter(index)), value, visit);
    }
}

fn parameter(
    at: &Location<'_>,
    value: &mut Value,
    visit: &mut impl FnMut(&Location<'_>, &mut Value),
) {
    visit(at, value);
    if let Some(value) = value.get_mut("schema") {
        schema(&at.then(Step::Schema), value, visit);
    }
    content(at, value, visit);
}

fn body(at: &Location<'_>, value: &mut Value, visit: &mut impl FnMut(&Location<'_>, &mut Value)) {
    visit(at, value);
    content(at, value, visit);
}

fn response(
    at: &Location<'_>,
    value: &mut Value,
    visit: &mut impl FnMut(&Location<'_>, &mut Value),
) {
    visit(at, value);
    content(at, value, visit);
    for (name, header) in members_of(value, "headers") {
        parameter(&at.then(Step::Header(name)), header, visit);
    }
}

fn content(
    at: &Location<'_>,
    owner: &mut Value,
    visit: &mut impl FnMut(&Location<'_>, &mut Value),
) {
    for (name, media) in members_of(owner, "content") {
        if let Some(value) = media.get_mut("schema") {
            schema(&at.then(Step::Content(name)), value, visit);
        }
        for (example, value) in members_of(media, "examples") {
            visit(&at.then(Step::Example(name, example)), value);
        }
    }
}

fn schema(at: &Location<'_>, value: &mut Value, visit: &mut impl FnMut(&Location<'_>, &mut Value)) {
    visit(at, value);
    for (key, value) in members(value) {
        match key.as_str() {
            "properties" => {
                for (name, property) in members(value) {
                    schema(&at.then(Step::Property(name)), property, visit);
                }
            }
            "$defs" => {
                for (name, definition) in members(value) {
                    schema(&at.then(Step::Definition(name)), definition, visit);
                }
            }
            "items" => schema(&at.then(Step::Items), value, visit),
            "not" => schema(&at.then(Step::Not), value, visit),
            "additionalProperties" if value.is_object() => {
                schema(&at.then(Step::AdditionalProperties), value, visit);
            }
            "allOf" | "anyOf" | "oneOf" => {
                for (index, member) in value.as_array_mut().into_iter().flatten().enumerate() {
                    schema(&at.then(Step::Member(key, index)), member, visit);
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
