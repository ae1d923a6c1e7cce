//! Each reference to a schema leads to a named one that is more than a reference itself, and has nothing beside it.
//!
//! What stands beside a `$ref` goes with it into `{…, allOf: [{$ref}]}`; a schema that a pointer finds elsewhere gets a
//! name from its path; a named schema that is only a `$ref` is replaced by what it refers to. References to other parts
//! than components, and path items, are written out.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::context::Context;
use super::inline::{Names, word};
use crate::document::location::Part;
use crate::document::spec::{RUNTIME_TYPES, SCHEMAS, entries, schema_name};
use crate::document::walk::{each_object, each_part, each_schema, redirect, schemas_mut};

/// Schemas that the client reads by name: what they refer to is copied.
const KEPT: [&str; 3] = ["Cursor", "ErrorCode", "Pagination"];

pub(super) fn apply(document: &mut Value, _: &mut Context) {
    written_out(document);
    named(document);
    each_object(document, &mut |_, schema| {
        if schema.len() > 1
            && let Some(target) = schema.remove("$ref")
        {
            // What is more than words about it is merged with it by a later step.
            let mut all = vec![json!({"$ref": target})];
            if let Some(Value::Array(members)) = schema.remove("allOf") {
                all.extend(members);
            }
            schema.insert("allOf".to_owned(), Value::Array(all));
        }
    });
    aliases(document);
}

/// Path items by reference, and references to parts that are no components.
fn written_out(document: &mut Value) {
    let before = document.clone();
    each_part(document, &mut |at, value| {
        if at.part() == Part::Schema {
            return;
        }
        // Circles are refused before, so that each step leads on.
        while let Some(pointer) = value["$ref"]
            .as_str()
            .filter(|target| at.part() == Part::PathItem || !target.starts_with("#/components/"))
            .and_then(|target| target.strip_prefix('#'))
        {
            let mut target = before.pointer(pointer).cloned().unwrap_or_default();
            if let (Some(target), Value::Object(own)) = (target.as_object_mut(), &*value) {
                let own = own.iter().filter(|(key, _)| *key != "$ref");
                target.extend(own.map(|(key, value)| (key.clone(), value.clone())));
            }
            *value = target;
        }
    });
}

/// Gives a name to each schema that a reference finds by a longer pointer.
fn named(document: &mut Value) {
    let mut pointers = BTreeMap::new();
    each_schema(document, &mut |_, schema| {
        if let Some(target) = schema["$ref"].as_str()
            && target
                .strip_prefix(SCHEMAS)
                .is_none_or(|name| name.contains('/'))
        {
            pointers.insert(target.to_owned(), String::new());
        }
    });
    if pointers.is_empty() {
        return;
    }
    let mut names = Names::of(document);
    for (pointer, name) in &mut pointers {
        let path = pointer.trim_start_matches(SCHEMAS).trim_start_matches("#/");
        let is_name = |part: &&str| {
            let keyword = matches!(
                *part,
                "$defs" | "properties" | "allOf" | "anyOf" | "oneOf" | "schema" | "content"
            );
            !(keyword || part.bytes().all(|byte| byte.is_ascii_digit()))
        };
        let words = path.split('/').filter(is_name);
        let words: Vec<_> = words.map(|part| word(&unescaped(part))).collect();
        *name = names.fresh(&words);
    }
    redirect(document, |target| pointers.get(target).cloned());
    // The longer ones first: one may lead into what another leads to.
    for (pointer, name) in pointers.iter().rev() {
        let Some(place) = document.pointer_mut(&pointer[1..]) else {
            continue;
        };
        let schema = std::mem::replace(place, json!({"$ref": format!("{SCHEMAS}{name}")}));
        document["components"]["schemas"][name] = schema;
    }
}

/// Replaces named schemas that are only a reference by what they refer to.
fn aliases(document: &mut Value) {
    let schemas = &document["components"]["schemas"];
    let is_alias = |schema: &Value| {
        schema_name(schema).is_some()
            && entries(schema).all(|(key, _)| {
                matches!(
                    key.as_str(),
                    "$ref" | "allOf" | "description" | "title" | "example"
                )
            })
    };
    let mut aliases: BTreeMap<String, String> = BTreeMap::new();
    let mut copies = Vec::new();
    for (name, schema) in entries(schemas).filter(|(_, schema)| is_alias(schema)) {
        // Each link of a chain is followed once.
        let mut chain = vec![name];
        let mut target = schema_name(schema).unwrap_or_default();
        while !aliases.contains_key(target)
            && let Some((name, next)) = schemas
                .as_object()
                .and_then(|schemas| schemas.get_key_value(target))
                .filter(|(_, schema)| is_alias(schema))
        {
            chain.push(name);
            target = schema_name(next).unwrap_or_default();
        }
        let target = aliases
            .get(target)
            .map_or(target, String::as_str)
            .to_owned();
        aliases.extend(chain.into_iter().map(|name| (name.clone(), target.clone())));
    }
    for name in KEPT.iter().chain(&RUNTIME_TYPES) {
        if let Some(target) = aliases.remove(*name) {
            copies.push(((*name).to_owned(), schemas[target].clone()));
        }
    }
    if let Some(schemas) = schemas_mut(document) {
        schemas.retain(|name, _| !aliases.contains_key(name));
        schemas.extend(copies);
    }
    redirect(document, |target| {
        aliases.get(target.strip_prefix(SCHEMAS)?).cloned()
    });
}

/// A part of a JSON pointer as the key that it stands for.
fn unescaped(part: &str) -> String {
    part.replace("~1", "/").replace("~0", "~")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::apply;
    use crate::normalise::run;

    #[test]
    fn references_lead_to_named_schemas_alone() {
        for (before, after) in [
            (
                "{A: {properties: {b: {$ref: '#/components/schemas/B', description: D}}}, B: {type: string}}",
                "{A: {properties: {b: {description: D, allOf: [{$ref: '#/components/schemas/B'}]}}}, B: {type: string}}",
            ),
            (
                "{A: {$ref: '#/components/schemas/B'}, B: {allOf: [{$ref: '#/components/schemas/C'}], description: D}, C: {items: {$ref: '#/components/schemas/A'}}}",
                "{C: {items: {$ref: '#/components/schemas/C'}}}",
            ),
            (
                "{Cursor: {$ref: '#/components/schemas/B'}, B: {type: object}}",
                "{Cursor: {type: object}, B: {type: object}}",
            ),
            (
                "{A: {properties: {b_c: {type: object, properties: {d: {}}}}}, E: {items: {$ref: '#/components/schemas/A/properties/b_c'}}, F: {items: {$ref: '#/components/schemas/A/properties/b_c/properties/d'}}}",
                "{A: {properties: {b_c: {$ref: '#/components/schemas/Abc'}}}, E: {items: {$ref: '#/components/schemas/Abc'}}, F: {items: {$ref: '#/components/schemas/Abcd'}}, Abc: {type: object, properties: {d: {$ref: '#/components/schemas/Abcd'}}}, Abcd: {}}",
            ),
        ] {
            let (found, findings) = run(apply, &format!("{{components: {{schemas: {before}}}}}"));
            let expected: Value = serde_saphyr::from_str(after).unwrap();
            assert_eq!(found["components"]["schemas"], expected, "{before}");
            assert_eq!(findings, []);
        }
    }

    #[test]
    fn other_references_are_written_out() {
        let (found, _) = run(
            apply,
            "{paths: {/a: {$ref: '#/paths/~1b', summary: S}, /b: {get: {parameters: [{name: c}]}}, /c: {get: {parameters: [{$ref: '#/paths/~1b/get/parameters/0'}, {$ref: '#/components/parameters/P'}]}}}}",
        );
        assert_eq!(
            found["paths"],
            json!({
                "/a": {"summary": "S", "get": {"parameters": [{"name": "c"}]}},
                "/b": {"get": {"parameters": [{"name": "c"}]}},
                "/c": {"get": {"parameters": [{"name": "c"}, {"$ref": "#/components/parameters/P"}]}},
            })
        );
    }
}
