//! `allOf` is merged into one schema; what is left is a named schema with words about it: `{description, allOf: [{$ref}]}`.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::context::Context;
use super::types::WORDS;
use crate::document::spec::{Spec, array, entries, schema_name};
use crate::document::walk::each_schema;

/// The most steps to a schema with `allOf`: one that is merged into itself would go on without end.
const MOST_NESTED: usize = 100;

/// Keys about the variants of a schema.
const UNION: [&str; 3] = ["anyOf", "discriminator", "oneOf"];

/// The most entries that are copied in one document: merging may square its size.
const MOST_COPIED: usize = 200_000;

pub(super) fn apply(document: &mut Value, context: &mut Context) {
    let before = Spec::of(document);
    let mut merger = Merger {
        spec: &before,
        merged: HashMap::new(),
        copied: 0,
    };
    each_schema(document, &mut |at, schema| {
        if schema["allOf"].is_null() {
            return;
        }
        let nested = at.outward().count();
        if merger.copied > MOST_COPIED || nested > MOST_NESTED {
            context.refuse(
                "all-of",
                at,
                "the schemas that are merged by `allOf` are too large",
                "write the properties out where they are needed",
            );
            *schema = Value::Object(Map::new());
            return;
        }
        if let Some(plain) = plain(schema) {
            *schema = plain;
        } else {
            *schema = merger.merged(schema);
        }
    });
}

/// One named schema with words about it, where that is what the members come to.
fn plain(schema: &Value) -> Option<Value> {
    // What may stand beside the one `$ref`: words, and values to narrow an enum to.
    let is_word = |key: &str| {
        let is_own = matches!(key, "$ref" | "allOf");
        let known = WORDS.iter().any(|(word, _)| *word == key);
        known && !is_own || key == "xml" || key.starts_with("x-")
    };
    let mut plain = schema.as_object()?.clone();
    let mut target = None;
    for member in array(&schema["allOf"]) {
        if member["$ref"].is_string() && target.is_none() {
            target = Some(member.clone());
        } else if entries(member).all(|(key, _)| is_word(key)) && member.is_object() {
            for (key, value) in entries(member) {
                plain.entry(key.clone()).or_insert_with(|| value.clone());
            }
        } else {
            return None;
        }
    }
    let target = target?;
    plain.remove("allOf");
    if !plain.keys().all(|key| is_word(key)) {
        return None;
    }
    if plain.is_empty() {
        return Some(target);
    }
    plain.insert("allOf".to_owned(), Value::Array(vec![target]));
    Some(Value::Object(plain))
}

/// Merges schemas, each named one once.
struct Merger<'a> {
    spec: &'a Spec,
    merged: HashMap<String, Value>,
    copied: usize,
}

impl Merger<'_> {
    /// The schema with its members merged into it. Circles of `allOf` are refused before.
    fn merged(&mut self, schema: &Value) -> Value {
        let Some(object) = schema.as_object() else {
            return Value::Object(Map::new());
        };
        let mut merged = object.clone();
        merged.remove("$ref");
        merged.remove("allOf");
        let nullable = merged.get("nullable").cloned();
        let own = schema.get("$ref").is_some().then_some(schema);
        for member in own.into_iter().chain(array(&schema["allOf"])) {
            if self.copied > MOST_COPIED {
                break;
            }
            let part = match schema_name(member) {
                Some(name) if member["$ref"].is_string() => {
                    if !self.merged.contains_key(name) {
                        let target = self.spec.schema(name).cloned().unwrap_or_default();
                        let mut target =
                            match target["$ref"].is_string() || target["allOf"].is_array() {
                                true => self.merged(&target),
                                false => target,
                            };
                        // A base lists its subtypes; a subtype does not.
                        if let Some(target) = target.as_object_mut() {
                            target.retain(|key, _| !UNION.contains(&key.as_str()));
                        }
                        self.merged.insert(name.to_owned(), target);
                    }
                    self.merged[name].clone()
                }
                _ => self.merged(member),
            };
            self.copied += 1 + entries(&part["properties"]).count();
            for (key, value) in entries(&part) {
                combine(&mut merged, key, value);
            }
        }
        // Every part must accept null; `nullable` on the whole decides.
        merged.remove("nullable");
        merged.extend(nullable.map(|value| ("nullable".to_owned(), value)));
        Value::Object(merged)
    }
}

/// Adds what a part says under a key to what is said already.
fn combine(merged: &mut Map<String, Value>, key: &str, value: &Value) {
    let Some(own) = merged.get_mut(key) else {
        merged.insert(key.to_owned(), value.clone());
        return;
    };
    match (key, own, value) {
        ("properties", Value::Object(own), Value::Object(others)) => {
            for (name, other) in others {
                match own.get_mut(name) {
                    None => drop(own.insert(name.clone(), other.clone())),
                    Some(own) => narrow(own, other),
                }
            }
        }
        ("items" | "additionalProperties", own, other) => narrow(own, other),
        ("required", Value::Array(own), Value::Array(others)) => {
            for other in others {
                if !own.contains(other) {
                    own.push(other.clone());
                }
            }
        }
        ("enum", Value::Array(own), Value::Array(others)) => {
            own.retain(|value| others.contains(value));
        }
        _ => {}
    }
}

/// Narrows a schema: of two that are written out, the details of both; a reference wins over what it is narrowed to.
fn narrow(own: &mut Value, other: &Value) {
    match own {
        Value::Object(own) if schema_name(other).is_none() => {
            for (key, value) in entries(other) {
                combine(own, key, value);
            }
        }
        own if schema_name(own).is_none() => *own = other.clone(),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::apply;
    use crate::normalise::run;

    #[test]
    fn members_become_one_schema() {
        for (before, after) in [
            (
                "{allOf: [{$ref: '#/components/schemas/B'}]}",
                "{$ref: '#/components/schemas/B'}",
            ),
            (
                "{description: D, allOf: [{$ref: '#/components/schemas/B'}, {nullable: true}]}",
                "{description: D, nullable: true, allOf: [{$ref: '#/components/schemas/B'}]}",
            ),
            (
                "{allOf: [{$ref: '#/components/schemas/B'}, {type: object, required: [c], properties: {c: {type: string}}}]}",
                "{type: object, required: [b, c], properties: {b: {type: integer}, c: {type: string}}}",
            ),
            (
                "{allOf: [{$ref: '#/components/schemas/C'}, {properties: {b: {description: D}}}]}",
                "{type: object, required: [b], properties: {b: {type: integer, description: D}, d: {}}}",
            ),
            (
                "{type: string, allOf: [{maxLength: 3}, {enum: [a, b]}, {enum: [b]}]}",
                "{type: string, maxLength: 3, enum: [b]}",
            ),
            (
                "{allOf: [{properties: {e: {type: array, items: {type: object}}}}, {properties: {e: {type: array, items: {$ref: '#/components/schemas/B'}}}}]}",
                "{properties: {e: {type: array, items: {$ref: '#/components/schemas/B'}}}}",
            ),
            ("{allOf: [1, {type: string}]}", "{type: string}"),
            ("{allOf: []}", "{}"),
        ] {
            let document = |schema: &str| {
                format!(
                    "{{components: {{schemas: {{A: {schema}, B: {{type: object, required: [b], properties: {{b: {{type: integer}}}}}}, \
                     C: {{allOf: [{{$ref: '#/components/schemas/B'}}, {{properties: {{d: {{}}}}}}]}}}}}}}}"
                )
            };
            let (found, findings) = run(apply, &document(before));
            let expected: Value = serde_saphyr::from_str(after).unwrap();
            assert_eq!(found["components"]["schemas"]["A"], expected, "{before}");
            assert_eq!(findings, []);
        }
    }

    #[test]
    fn schemas_that_double_are_merged_once() {
        let schemas = (1..60).map(|n| {
            format!("S{n}: {{allOf: [{{$ref: '#/components/schemas/S{0}'}}, {{$ref: '#/components/schemas/S{0}'}}]}}", n - 1)
        });
        let schemas = schemas.collect::<Vec<_>>().join(", ");
        let (found, _) = run(
            apply,
            &format!("{{components: {{schemas: {{S0: {{type: string}}, {schemas}}}}}}}"),
        );
        assert_eq!(found["components"]["schemas"]["S59"]["type"], "string");
    }
    #[test]
    fn a_schema_merged_into_itself_is_refused() {
        let member = "{properties: {b: {type: string}}}";
        let document = format!(
            "{{components: {{schemas: {{A: {{type: object, properties: {{a: {{allOf: [{{$ref: '#/components/schemas/A'}}, {member}]}}}}}}}}}}}}"
        );
        let (_, findings) = run(apply, &document);
        assert!(findings[0].problem.contains("too large"), "{findings:?}");
        assert_eq!(findings.len(), 1);
    }
}
