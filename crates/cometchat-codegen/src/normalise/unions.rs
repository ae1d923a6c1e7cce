//! `oneOf` and `anyOf` become any JSON, with the variants in the docs; but for those that are one plain type after all:
//! of one variant, of texts with known values, or an object whose variants differ in what they require.

use serde_json::{Map, Value, json};

use super::context::Context;
use super::docs;
use crate::document::spec::{Spec, array, entries, schema_name};
use crate::document::walk::each_object;

pub(super) fn apply(document: &mut Value, context: &mut Context) {
    let before = Spec::of(document);
    let (mut first, mut count) = (None, 0);
    each_object(document, &mut |at, schema| {
        schema.remove("not");
        schema.remove("discriminator");
        let mut variants = Vec::new();
        for key in ["oneOf", "anyOf"] {
            if let Some(Value::Array(members)) = schema.remove(key) {
                variants.extend(members.into_iter().filter(Value::is_object));
            }
        }
        if !variants.is_empty() && !union(schema, &variants, &before) {
            count += 1;
            first.get_or_insert_with(|| context.at(at));
        }
    });
    if let Some(first) = first {
        context.warn(
            "union",
            first,
            match count {
                1 => "its variants become any JSON".to_owned(),
                _ => format!("the variants of this and {} other schemas become any JSON", count - 1),
            },
            "read the JSON by `serde_json::from_value` into the type of the variant; each variant with a name has one",
        );
    }
}

/// Makes one plain type of the variants, and tells whether there is one.
fn union(schema: &mut Map<String, Value>, variants: &[Value], spec: &Spec) -> bool {
    let resolved: Vec<_> = variants
        .iter()
        .map(|variant| spec.target(variant))
        .collect();
    let all = |ty: &[&str]| {
        resolved.iter().all(|variant| {
            let is_union = !variant["oneOf"].is_null() || !variant["anyOf"].is_null();
            ty.iter().any(|ty| variant["type"] == *ty) && !is_union
        })
    };
    if schema.contains_key("properties") {
        docs::append(schema, &named(variants));
    } else if let [variant] = variants {
        match variant["$ref"].is_string() && schema.is_empty() {
            true => drop(schema.insert("$ref".to_owned(), variant["$ref"].clone())),
            false if variant["$ref"].is_string() => {
                schema.insert("allOf".to_owned(), json!([variant]));
            }
            false => {
                for (key, value) in entries(variant) {
                    schema.entry(key.clone()).or_insert_with(|| value.clone());
                }
            }
        }
    } else if resolved.iter().all(|variant| is_text(variant)) {
        schema.insert("type".to_owned(), json!("string"));
        let mut values = Vec::new();
        let mut descriptions = Map::new();
        for variant in &resolved {
            let known = match &variant["enum"] {
                Value::Null => &variant["x-extensible-enum"],
                known => known,
            };
            let known: Vec<_> = array(known).filter_map(Value::as_str).collect();
            let words = [&variant["description"], &variant["title"]];
            if let ([value], Some(words)) =
                (&known[..], words.iter().find_map(|words| words.as_str()))
            {
                descriptions.insert((*value).to_owned(), Value::from(words));
            }
            values.extend(known);
        }
        if !values.is_empty() {
            schema.insert("x-extensible-enum".to_owned(), json!(values));
        }
        if !descriptions.is_empty() {
            schema
                .entry("x-enum-descriptions")
                .or_insert(Value::Object(descriptions));
        }
    } else if all(&["integer"]) {
        schema.insert("type".to_owned(), json!("integer"));
    } else if all(&["integer", "number"]) {
        schema.insert("type".to_owned(), json!("number"));
    } else {
        schema.remove("type");
        docs::append(schema, &named(variants));
        return false;
    }
    true
}

/// Whether a variant is a text, with known values or without.
fn is_text(variant: &Value) -> bool {
    let mut values = array(&variant["enum"]);
    let untyped = variant["type"].is_null() && variant["enum"].is_array();
    (variant["type"] == "string" || untyped) && values.all(Value::is_string)
}

/// The variants in words.
fn named(variants: &[Value]) -> String {
    let words = variants.iter().map(|variant| {
        let required: Vec<_> = array(&variant["required"])
            .filter_map(Value::as_str)
            .collect();
        let name = schema_name(variant).or_else(|| variant["title"].as_str());
        match (name, variant["type"].as_str()) {
            (Some(name), _) => format!("`{name}`"),
            (None, Some(ty)) => ty.to_owned(),
            (None, None) if !required.is_empty() => format!("with `{}`", required.join("`, `")),
            (None, None) => "other JSON".to_owned(),
        }
    });
    format!("One of: {}.", words.collect::<Vec<_>>().join("; "))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::apply;
    use crate::normalise::run;

    #[test]
    fn variants_become_docs_or_one_type() {
        for (before, after) in [
            (
                "{oneOf: [{$ref: '#/components/schemas/B'}]}",
                "{$ref: '#/components/schemas/B'}",
            ),
            (
                "{description: D, anyOf: [{$ref: '#/components/schemas/B'}]}",
                "{description: D, allOf: [{$ref: '#/components/schemas/B'}]}",
            ),
            (
                "{nullable: true, anyOf: [{type: string, maxLength: 1}]}",
                "{nullable: true, type: string, maxLength: 1}",
            ),
            (
                "{oneOf: [{$ref: '#/components/schemas/B'}, {type: integer}, {title: T}], discriminator: {propertyName: p}}",
                "{description: 'One of: `B`; integer; `T`.'}",
            ),
            (
                "{anyOf: [{type: string, enum: [a, b]}, {type: string}]}",
                "{type: string, x-extensible-enum: [a, b]}",
            ),
            (
                "{oneOf: [{enum: [a], title: First}, {enum: [b], description: Second.}]}",
                "{type: string, x-extensible-enum: [a, b], x-enum-descriptions: {a: First, b: Second.}}",
            ),
            (
                "{oneOf: [{type: integer}, {type: number}]}",
                "{type: number}",
            ),
            (
                "{properties: {a: {}, b: {}}, anyOf: [{required: [a]}, {required: [b]}]}",
                "{properties: {a: {}, b: {}}, description: 'One of: with `a`; with `b`.'}",
            ),
            ("{not: {type: string}, oneOf: []}", "{}"),
        ] {
            let (found, findings) = run(
                apply,
                &format!("{{components: {{schemas: {{A: {before}, B: {{type: object}}}}}}}}"),
            );
            let expected: Value = serde_saphyr::from_str(after).unwrap();
            assert_eq!(found["components"]["schemas"]["A"], expected, "{before}");
            let is_any = after.starts_with("{description: 'One of");
            assert_eq!(findings.len(), usize::from(is_any), "{before}");
        }
    }
}
