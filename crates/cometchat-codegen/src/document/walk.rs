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
        part(&Location::root(Step::Path(path)), item, visit);
    }
    for (section, named) in members_of(document, "components") {
        for (name, value) in members(named) {
            part(
                &Location::root(Step::Component(section, name)),
                value,
                visit,
            );
        }
    }
}

fn part(at: &Location<'_>, value: &mut Value, visit: &mut impl FnMut(&Location<'_>, &mut Value)) {
    visit(at, value);
    let kind = at.part();
    for (key, value) in members(value) {
        let step = match (kind, key.as_str()) {
            (Part::PathItem, method) if METHODS.contains(&method) => Step::Operation(method),
            (Part::Operation, "requestBody") => Step::Body,
            (Part::Parameter | Part::Header, "schema") => Step::Schema,
            (Part::Schema, "items") => Step::Items,
            (Part::Schema, "not") => Step::Not,
            (Part::Schema, "additionalProperties") if value.is_object() => {
                Step::AdditionalProperties
            }
            (Part::PathItem | Part::Operation, "parameters")
            | (Part::Schema, "allOf" | "anyOf" | "oneOf") => {
                for (index, value) in value.as_array_mut().into_iter().flatten().enumerate() {
                    let step = match kind {
                        Part::Schema => Step::Member(key, index),
                        _ => Step::Parameter(index),
                    };
                    part(&at.then(step), value, visit);
                }
                continue;
            }
            (Part::Parameter | Part::Header | Part::RequestBody | Part::Response, "content") => {
                for (media_type, media) in members(value) {
                    if let Some(schema) = media.get_mut("schema") {
                        part(&at.then(Step::Content(media_type)), schema, visit);
                    }
                    for (name, example) in members_of(media, "examples") {
                        part(&at.then(Step::Example(media_type, name)), example, visit);
                    }
                }
                continue;
            }
            (Part::Operation, "responses")
            | (Part::Response, "headers")
            | (Part::Schema, "properties" | "$defs") => {
                for (name, value) in members(value) {
                    let step = match key.as_str() {
                        "responses" => Step::Response(name),
                        "headers" => Step::Header(name),
                        "properties" => Step::Property(name),
                        _ => Step::Definition(name),
                    };
                    part(&at.then(step), value, visit);
                }
                continue;
            }
            _ => continue,
        };
        part(&at.then(step), value, visit);
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
    part(&Location::root(Step::Schema), value, &mut |_, schema| {
        visit(schema)
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
