//! Each schema says one type that OpenAPI 3.0 has, and only what belongs to that type.
//!
//! A type that isn't given is taken from what stands beside; where nothing tells it, the schema is any JSON. Keys of the
//! wrong shape are passed over with a warning.

use serde_json::{Map, Value, json};

use super::context::Context;
use crate::document::location::Location;
use crate::document::spec::{array, strings_once};
use crate::document::walk::each_schema;

/// The shape that a key must have.
pub(super) type Shape = fn(&Value) -> bool;

/// What any schema may say.
pub(super) const WORDS: [(&str, Shape); 12] = [
    ("$ref", Value::is_string),
    ("allOf", Value::is_array),
    ("default", |_| true),
    ("deprecated", Value::is_boolean),
    ("description", Value::is_string),
    ("example", |_| true),
    ("externalDocs", |value| value["url"].is_string()),
    ("nullable", Value::is_boolean),
    ("readOnly", Value::is_boolean),
    ("title", Value::is_string),
    ("writeOnly", Value::is_boolean),
    ("enum", Value::is_array),
];

/// What the schemas of each type may say beside.
const TYPES: [(&str, &[(&str, Shape)]); 6] = [
    (
        "string",
        &[
            ("format", Value::is_string),
            ("maxLength", Value::is_u64),
            ("minLength", Value::is_u64),
            ("pattern", Value::is_string),
        ],
    ),
    ("integer", NUMBER),
    ("number", NUMBER),
    ("boolean", &[]),
    (
        "array",
        &[
            ("items", Value::is_object),
            ("maxItems", Value::is_u64),
            ("minItems", Value::is_u64),
            ("uniqueItems", Value::is_boolean),
        ],
    ),
    (
        "object",
        &[
            ("additionalProperties", |value| {
                value.is_object() || value.is_boolean()
            }),
            ("maxProperties", Value::is_u64),
            ("minProperties", Value::is_u64),
            ("properties", Value::is_object),
            ("required", Value::is_array),
        ],
    ),
];

const NUMBER: &[(&str, Shape)] = &[
    ("exclusiveMaximum", Value::is_boolean),
    ("exclusiveMinimum", Value::is_boolean),
    ("format", Value::is_string),
    ("maximum", Value::is_number),
    ("minimum", Value::is_number),
    ("multipleOf", Value::is_number),
];

pub(super) fn apply(document: &mut Value, context: &mut Context) {
    each_schema(document, &mut |at, schema| {
        let Value::Object(object) = schema else {
            if !schema.is_boolean() {
                warn(context, at, "it is no schema");
            }
            *schema = json!({});
            return;
        };
        if object.contains_key("$ref") {
            return;
        }
        if !object.contains_key("allOf") {
            typed(at, object, context);
        }
        let ty = object.get("type").and_then(Value::as_str);
        let own = TYPES
            .iter()
            .find(|(name, _)| Some(*name) == ty)
            .map_or(&[][..], |(_, own)| own);
        object.retain(|key, value| {
            if key == "type" || key.starts_with("x-") {
                return true;
            }
            let shape = WORDS.iter().chain(own).find(|(known, _)| known == key);
            let fits = shape.is_some_and(|(_, fits)| fits(value));
            if shape.is_some() && !fits {
                warn(
                    context,
                    format!("{at}.{key}"),
                    "the value is of the wrong type",
                );
            }
            fits
        });
        shape(object);
    });
}

fn warn(context: &mut Context, at: impl Into<String>, problem: &str) {
    context.warn(
        "schema",
        at,
        format!("{problem}, so it is passed over"),
        "write what OpenAPI 3.0 says that stands there",
    );
}

/// Gives a schema a type, or none for any JSON.
fn typed(at: &Location<'_>, schema: &mut Map<String, Value>, context: &mut Context) {
    match schema.get("type") {
        Some(Value::String(name)) if TYPES.iter().any(|(known, _)| known == name) => return,
        Some(Value::String(name)) if name == "file" => {
            schema.insert("type".to_owned(), json!("string"));
            return;
        }
        Some(given) => {
            let given = given.to_string();
            warn(
                context,
                format!("{at}.type"),
                &format!("{given} is no type"),
            );
            schema.remove("type");
        }
        None => {}
    }
    let all = |is: fn(&Value) -> bool| {
        let mut values = array(schema.get("enum").unwrap_or(&Value::Null))
            .filter(|v| !v.is_null())
            .peekable();
        values.peek().is_some() && values.all(is)
    };
    let has = |key: &str| schema.contains_key(key);
    let found = if has("properties") || has("additionalProperties") {
        "object"
    } else if has("items") {
        "array"
    } else if all(Value::is_string)
        || has("x-extensible-enum")
        || has("pattern")
        || has("maxLength")
    {
        "string"
    } else if all(|value| value.is_i64() || value.is_u64()) {
        "integer"
    } else if has("minimum") || has("maximum") || all(Value::is_number) {
        "number"
    } else {
        return;
    };
    schema.insert("type".to_owned(), json!(found));
}

/// Brings what is left of a schema into the form in which it is read.
fn shape(schema: &mut Map<String, Value>) {
    if schema.get("type") == Some(&json!("array")) {
        schema.entry("items").or_insert_with(|| json!({}));
    }
    let properties = schema.get("properties").cloned().unwrap_or_default();
    if let Some(Value::Array(required)) = schema.get("required").map(strings_once) {
        let there = |name: &Value| {
            name.as_str()
                .is_some_and(|name| !properties[name].is_null())
        };
        let required: Vec<_> = required.into_iter().filter(there).collect();
        if required.is_empty() {
            schema.remove("required");
        } else {
            schema.insert("required".to_owned(), json!(required));
        }
    }
    let scalar = ["array", "object"]
        .iter()
        .all(|ty| schema.get("type") != Some(&json!(ty)));
    let typed = schema.contains_key("type") || schema.contains_key("allOf");
    if let Some(Value::Array(values)) = schema.get_mut("enum") {
        let nullable = values.contains(&Value::Null);
        values.retain(|value| !value.is_null());
        if !scalar || !typed || values.is_empty() {
            schema.remove("enum");
        }
        if nullable {
            schema.insert("nullable".to_owned(), json!(true));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::apply;
    use crate::normalise::run;

    #[test]
    fn each_schema_has_one_type() {
        for (before, after, warnings) in [
            (
                "{properties: {a: {}}}",
                "{properties: {a: {}}, type: object}",
                0,
            ),
            (
                "{items: {enum: [1]}}",
                "{items: {enum: [1], type: integer}, type: array}",
                0,
            ),
            ("{type: array}", "{type: array, items: {}}", 0),
            ("{type: array, items: [{}]}", "{type: array, items: {}}", 1),
            (
                "{enum: [a, null]}",
                "{enum: [a], type: string, nullable: true}",
                0,
            ),
            ("{enum: [a, 1]}", "{}", 0),
            ("{enum: []}", "{}", 0),
            ("{type: any, minimum: 1}", "{type: number, minimum: 1}", 1),
            ("{type: file}", "{type: string}", 0),
            (
                "{type: string, properties: {a: {}}, maxLength: 3}",
                "{type: string, maxLength: 3}",
                0,
            ),
            (
                "{type: string, maxLength: '3', description: [D]}",
                "{type: string}",
                2,
            ),
            (
                "{type: object, required: [a, a, b, 1], properties: {a: true}}",
                "{type: object, required: [a], properties: {a: {}}}",
                0,
            ),
            ("{type: object, required: [b]}", "{type: object}", 0),
            ("5", "{}", 1),
            ("{minLength: 1, x-a: 1, format: date}", "{x-a: 1}", 0),
        ] {
            let (found, findings) = run(
                apply,
                &format!("{{components: {{schemas: {{A: {before}}}}}}}"),
            );
            let expected: Value = serde_saphyr::from_str(after).unwrap();
            assert_eq!(found["components"]["schemas"]["A"], expected, "{before}");
            assert_eq!(findings.len(), warnings, "{before}: {findings:?}");
        }
    }
}
