//! Named schemas: which have a type, and which only stand for a scalar or a list.

use serde_json::{Value, json};

use crate::document::spec::{RUNTIME_TYPES, schema_name};
use crate::plan::{Joined, Parameter, Plan};

/// Maximum depth of lists and maps within each other.
const MAX_NESTING: usize = 8;

impl Plan<'_> {
    /// Returns the schema that a name stands for, if that is a plain string, number or boolean, or a list.
    pub fn stands_for(&self, name: &str, schema: &Value) -> Option<Value> {
        let is_segment = self.segments.iter().any(|segment| segment.name == name);
        if self.has_own_type(name) && !is_segment {
            return None;
        }
        match (schema["type"].as_str()?, &schema["format"]) {
            (kind @ ("integer" | "number"), Value::String(format)) => {
                Some(json!({"type": kind, "format": format}))
            }
            (kind @ ("string" | "integer" | "number" | "boolean"), _) => {
                Some(json!({"type": kind}))
            }
            ("array", _) => {
                // A list that holds itself, by lists and maps alone, keeps its name.
                let mut inner = &schema["items"];
                for _ in 0..MAX_NESTING {
                    let whole = self.spec.target(inner);
                    inner = match whole["type"].as_str() {
                        Some("array") => &whole["items"],
                        Some("object") if !whole["properties"].is_object() => {
                            &whole["additionalProperties"]
                        }
                        _ => return Some(json!({"type": "array", "items": schema["items"]})),
                    };
                }
                None
            }
            _ => None,
        }
    }

    /// Whether a schema has a type that is not made by typify.
    pub fn has_own_type(&self, name: &str) -> bool {
        self.enums.iter().any(|item| item.name == name)
            || self.segments.iter().any(|item| item.name == name)
            || RUNTIME_TYPES.contains(&name)
    }

    /// Returns the schema that stands in for a comma-joined list, and the Rust type that replaces it.
    pub fn comma_list(&self, parameter: &Parameter) -> Option<(String, String)> {
        if parameter.list != Some(Joined::Commas) {
            return None;
        }
        let item = &self.spec.target(&parameter.source)["items"];
        let (word, item) = match schema_name(item) {
            Some(name) if self.has_own_type(name) => (name, format!("crate::types::{name}")),
            _ => {
                let name = scalar_type(self.spec.target(item));
                (name, name.to_owned())
            }
        };
        let mut name = format!("CommaListOf{word}");
        while self.spec.schema(&name).is_some() {
            name.push('X');
        }
        Some((name, format!("crate::values::CommaList<{item}>")))
    }
}

/// Returns the Rust type of a number or a boolean; `String` for anything else.
fn scalar_type(schema: &Value) -> &'static str {
    match (schema["type"].as_str(), schema["format"].as_str()) {
        (Some("integer"), Some("int8")) => "i8",
        (Some("integer"), Some("int16")) => "i16",
        (Some("integer"), Some("int32")) => "i32",
        (Some("integer"), Some("uint8")) => "u8",
        (Some("integer"), Some("uint16")) => "u16",
        (Some("integer"), Some("uint32")) => "u32",
        (Some("integer"), Some("uint64")) => "u64",
        (Some("integer"), _) => "i64",
        (Some("number"), Some("float")) => "f32",
        (Some("number"), _) => "f64",
        (Some("boolean"), _) => "bool",
        _ => "String",
    }
}
