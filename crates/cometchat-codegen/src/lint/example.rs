//! Whether an example could have been sent: the keys that are required are there, and values have the types they should.
//!
//! As lenient as the client is: unknown keys are welcome, null stands for absent, and a value that is marked
//! `x-lenient` may be of another type.

use serde_json::Value;

use crate::spec::{Spec, array, entries};

/// How many references may be followed without taking a step into the value, before they are taken for a circle.
const MOST_HOPS: usize = 16;

/// What doesn't fit: the path within the example, and what is wrong there; nothing where the example fits.
pub(super) fn mismatches(spec: &Spec, schema: &Value, example: &Value) -> Vec<(String, String)> {
    let mut found = Vec::new();
    visit(spec, schema, example, "", MOST_HOPS, &mut found);
    found
}

fn visit(
    spec: &Spec,
    schema: &Value,
    value: &Value,
    path: &str,
    hops: usize,
    found: &mut Vec<(String, String)>,
) {
    let schema = spec.resolve(schema);
    if hops > 0 {
        for member in array(&schema["allOf"]) {
            visit(spec, member, value, path, hops - 1, found);
        }
    }
    let expected = schema["type"].as_str();
    if expected.is_some_and(|expected| !is_of(value, expected)) {
        if schema["x-lenient"] != true {
            let expected = expected.unwrap_or_default();
            found.push((
                path.to_owned(),
                format!("{} is not {expected}", shown(value)),
            ));
        }
        return;
    }
    if schema["enum"]
        .as_array()
        .is_some_and(|values| !values.contains(value))
    {
        found.push((
            path.to_owned(),
            format!("{} is not in `enum`", shown(value)),
        ));
    }
    match value {
        Value::Object(map) => {
            for key in array(&schema["required"]).filter_map(Value::as_str) {
                if !map.contains_key(key) {
                    found.push((path.to_owned(), format!("`{key}` is required, and missing")));
                }
            }
            for (key, property) in entries(&schema["properties"]) {
                // Null stands for absent.
                if let Some(value) = map.get(key).filter(|value| !value.is_null()) {
                    let path = format!("{path}.{key}");
                    visit(spec, property, value, &path, MOST_HOPS, found);
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                let path = format!("{path}[{index}]");
                visit(spec, &schema["items"], item, &path, MOST_HOPS, found);
            }
        }
        _ => {}
    }
}

fn is_of(value: &Value, expected: &str) -> bool {
    match expected {
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => true,
    }
}

/// The value as JSON, its beginning only where it is long.
fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
