//! What OpenAPI 3.1 spells in another way than 3.0: `type: [string, "null"]`, `const`, `examples`, `null` in an `anyOf`,
//! exclusive bounds as numbers.
//!
//! After it the document says that it is OpenAPI 3.0. What else 3.1 can say of a schema is passed over, with a warning.

use serde_json::{Map, Value, json};

use super::context::Context;
use crate::document::walk::each_schema;

/// What is passed over: 3.0 can't say it, and neither can a Rust type.
const PASSED_OVER: [&str; 8] = [
    "$dynamicRef",
    "contains",
    "dependentSchemas",
    "if",
    "patternProperties",
    "prefixItems",
    "propertyNames",
    "unevaluatedProperties",
];

pub(super) fn apply(document: &mut Value, context: &mut Context) {
    if !document["openapi"]
        .as_str()
        .is_some_and(|version| version.starts_with("3.1"))
    {
        return;
    }
    document["openapi"] = json!("3.0.3");
    each_schema(document, &mut |at, schema| match schema {
        // `true` takes any value, `false` none, which nobody means.
        Value::Bool(_) => *schema = json!({}),
        Value::Object(schema) => {
            for key in PASSED_OVER {
                if schema.remove(key).is_some() {
                    context.warn(
                        "openapi-3.1",
                        format!("{at}.{key}"),
                        format!("`{key}` of OpenAPI 3.1 is passed over"),
                        "describe the values with what OpenAPI 3.0 has, or leave it out",
                    );
                }
            }
            plain(schema);
        }
        _ => {}
    });
}

fn plain(schema: &mut Map<String, Value>) {
    types(schema);
    if let Some(value) = schema.remove("const") {
        schema.entry("enum").or_insert_with(|| json!([value]));
    }
    if let Some(Value::Array(examples)) = schema.get_mut("examples") {
        let first = (!examples.is_empty()).then(|| examples.swap_remove(0));
        schema.remove("examples");
        if let Some(first) = first {
            schema.entry("example").or_insert(first);
        }
    }
    exclusive(schema, "exclusiveMinimum", "minimum", |a, b| a > b);
    exclusive(schema, "exclusiveMaximum", "maximum", |a, b| a < b);
    let mut nullable = false;
    for key in ["anyOf", "oneOf"] {
        if let Some(Value::Array(members)) = schema.get_mut(key) {
            let before = members.len();
            members.retain(|member| member["type"] != "null");
            nullable |= members.len() < before;
        }
    }
    if nullable {
        schema.insert("nullable".to_owned(), json!(true));
    }
}

/// An exclusive bound as a number, which may stand beside an inclusive one: the stricter of the two.
fn exclusive(
    schema: &mut Map<String, Value>,
    exclusive: &str,
    inclusive: &str,
    is_stricter: fn(f64, f64) -> bool,
) {
    let number = |schema: &Map<String, Value>, key| schema.get(key).and_then(Value::as_f64);
    let Some(bound) = number(schema, exclusive) else {
        return;
    };
    match (number(schema, inclusive), schema.remove(exclusive)) {
        (Some(other), _) if is_stricter(other, bound) => {}
        (_, Some(bound)) => {
            schema.insert(inclusive.to_owned(), bound);
            schema.insert(exclusive.to_owned(), json!(true));
        }
        _ => {}
    }
}

/// `type` as a list of one type, and `null` perhaps; of several types, any value.
fn types(schema: &mut Map<String, Value>) {
    let Some(Value::Array(types)) = schema.get_mut("type") else {
        if schema.get("type") == Some(&json!("null")) {
            schema.remove("type");
            schema.insert("nullable".to_owned(), json!(true));
        }
        return;
    };
    let before = types.len();
    types.retain(|name| name != "null");
    let nullable = types.len() < before;
    match types.as_slice() {
        [one] => {
            let one = one.clone();
            schema.insert("type".to_owned(), one);
        }
        several => {
            let variants: Vec<_> = several.iter().map(|name| json!({"type": name})).collect();
            schema.remove("type");
            if !variants.is_empty() {
                schema
                    .entry("oneOf")
                    .or_insert_with(|| Value::Array(variants));
            }
        }
    }
    if nullable {
        schema.insert("nullable".to_owned(), json!(true));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::apply;
    use crate::normalise::run;

    #[test]
    fn each_spelling_of_3_1_becomes_that_of_3_0() {
        for (before, after) in [
            ("{type: [string, 'null']}", "{type: string, nullable: true}"),
            ("{type: [string]}", "{type: string}"),
            ("{type: 'null'}", "{nullable: true}"),
            (
                "{type: [string, integer]}",
                "{oneOf: [{type: string}, {type: integer}]}",
            ),
            ("{const: a}", "{enum: [a]}"),
            (
                "{type: string, examples: [a, b]}",
                "{type: string, example: a}",
            ),
            (
                "{exclusiveMinimum: 0}",
                "{exclusiveMinimum: true, minimum: 0}",
            ),
            (
                "{exclusiveMaximum: 10, maximum: 10, minimum: 5, exclusiveMinimum: 2}",
                "{exclusiveMaximum: true, maximum: 10, minimum: 5}",
            ),
            (
                "{exclusiveMaximum: true, maximum: 10, minimum: 1, exclusiveMinimum: 2.5}",
                "{exclusiveMaximum: true, maximum: 10, minimum: 2.5, exclusiveMinimum: true}",
            ),
            (
                "{anyOf: [{$ref: '#/components/schemas/B'}, {type: 'null'}]}",
                "{anyOf: [{$ref: '#/components/schemas/B'}], nullable: true}",
            ),
            (
                "{type: object, properties: {type: {type: [integer, 'null']}, examples: true}}",
                "{type: object, properties: {type: {type: integer, nullable: true}, examples: {}}}",
            ),
        ] {
            let document = |version, schema| {
                format!(
                    "{{openapi: {version}, components: {{schemas: {{A: {schema}, B: {{}}}}}}, paths: {{}}}}"
                )
            };
            let (found, findings) = run(apply, &document("3.1.0", before));
            let expected: Value = serde_saphyr::from_str(&document("3.0.3", after)).unwrap();
            assert_eq!(found, expected, "{before}");
            assert_eq!(findings, []);
        }
    }

    #[test]
    fn what_is_passed_over_is_a_warning() {
        let (_, findings) = run(
            apply,
            "{openapi: 3.1.0, components: {schemas: {A: {if: {type: string}}}}}",
        );
        assert_eq!(findings[0].location, "components.schemas.A.if");
    }
}
