//! What a schema says, however it says it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::spec::array;

/// What is not stated.
static NOTHING: Value = Value::Null;

/// How many references in a row are followed before they are taken for a circle.
const MOST_HOPS: usize = 16;
/// How many schemas are read for one thing before it is taken for too large, or for a circle.
const MOST_SCHEMAS: usize = 200;

/// The limits that a schema may set.
pub(super) const LIMITS: [&str; 11] = [
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "uniqueItems",
    "multipleOf",
    "pattern",
];

/// What a schema says of a value itself, its own parts and those that it is put together of.
#[derive(Default)]
pub(super) struct Facts<'a> {
    /// The types that a value may have; empty where none is stated.
    pub(super) types: BTreeSet<&'a str>,
    /// The types of the items of an array.
    pub(super) items: BTreeSet<&'a str>,
    /// The values that are listed, of a value or of its items.
    pub(super) values: Vec<String>,
    /// The default.
    pub(super) default: Option<&'a Value>,
    /// The limits by their keys.
    pub(super) limits: BTreeMap<&'static str, &'a Value>,
}

impl<'a> Facts<'a> {
    /// Reads a schema of a document.
    pub(super) fn of(root: &'a Value, schema: &'a Value) -> Self {
        let mut facts = Self::default();
        for part in parts(root, schema) {
            facts.types.extend(types(part));
            if !part["default"].is_null() {
                facts.default.get_or_insert(&part["default"]);
            }
            for key in LIMITS {
                if !part[key].is_null() {
                    facts.limits.entry(key).or_insert(&part[key]);
                }
            }
            facts.add_values(part);
            for part in parts(root, &part["items"]) {
                facts.items.extend(types(part));
                facts.add_values(part);
            }
        }
        facts
    }

    fn add_values(&mut self, schema: &Value) {
        // A closed list that narrows an open one counts, not what it narrows.
        if !self.values.is_empty() {
            return;
        }
        self.values = ["enum", "x-extensible-enum", "const"]
            .into_iter()
            .map(|key| values(&schema[key]))
            .find(|values| !values.is_empty())
            .unwrap_or_default();
    }

    /// The type in words; nothing where none is stated.
    pub(super) fn type_name(&self) -> Option<String> {
        if self.types.is_empty() {
            return None;
        }
        let name = joined(&self.types);
        Some(
            match (self.types.contains("array"), self.items.is_empty()) {
                (false, _) => name,
                (true, true) => format!("{name} of anything"),
                (true, false) => format!("{name} of {}", joined(&self.items)),
            },
        )
    }
}

/// Names in a row.
pub(super) fn joined(names: &BTreeSet<&str>) -> String {
    let names: Vec<_> = names.iter().copied().collect();
    names.join(" or ")
}

/// The schema, and the ones that it is put together of, each once; references are followed.
pub(super) fn parts<'a>(root: &'a Value, schema: &'a Value) -> Vec<&'a Value> {
    let mut open = vec![schema];
    let mut found: Vec<&Value> = Vec::new();
    while let Some(schema) = open.pop() {
        let schema = resolve(root, schema);
        let known = found.iter().any(|other| std::ptr::eq(*other, schema));
        if known || !schema.is_object() || found.len() == MOST_SCHEMAS {
            continue;
        }
        found.push(schema);
        for key in ["oneOf", "anyOf", "allOf"] {
            open.extend(array(&schema[key]).take(MOST_SCHEMAS));
        }
    }
    found
}

/// The value, or what its `$ref` leads to; nothing where that is nowhere, or a circle.
pub(super) fn resolve<'a>(root: &'a Value, value: &'a Value) -> &'a Value {
    let mut value = value;
    for _ in 0..MOST_HOPS {
        let Some(reference) = value["$ref"].as_str() else {
            return value;
        };
        value = reference
            .strip_prefix('#')
            .and_then(|pointer| root.pointer(pointer))
            .unwrap_or(&NOTHING);
    }
    &NOTHING
}

/// The types that a schema states, or gives away by what it describes; 3.1 may list them.
fn types(schema: &Value) -> Vec<&str> {
    let stated: Vec<_> = match &schema["type"] {
        Value::String(name) => vec![name.as_str()],
        other => array(other).filter_map(Value::as_str).collect(),
    };
    if !stated.is_empty() {
        // That a value may be null is no type of its own.
        return stated.into_iter().filter(|name| *name != "null").collect();
    }
    if schema["properties"].is_object() {
        vec!["object"]
    } else if schema["items"].is_object() {
        vec!["array"]
    } else {
        Vec::new()
    }
}

/// The type of a value.
pub(super) fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// The values in a list, or the one value; text without its quotes.
pub(super) fn values(list: &Value) -> Vec<String> {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    match list {
        Value::Null => Vec::new(),
        Value::Array(list) => {
            let mut found = Vec::new();
            for value in list.iter().map(text) {
                if !found.contains(&value) {
                    found.push(value);
                }
            }
            found
        }
        one => vec![text(one)],
    }
}
