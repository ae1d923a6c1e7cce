//! Named strings that have a type: open enums, and segments of a path.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::document::spec::{Spec, array, schema_name, text};

/// A string schema with `x-extensible-enum`.
#[derive(Debug)]
pub struct OpenEnum {
    /// The name of the schema and of the type.
    pub name: String,
    /// What the schema says of itself.
    pub description: String,
    /// The known values, each with its description.
    pub values: Vec<(String, String)>,
}

/// A string schema of a path parameter.
#[derive(Debug)]
pub struct Segment {
    /// The name of the schema and of the type.
    pub name: String,
    /// What the schema says of itself.
    pub description: String,
    /// The least number of characters.
    pub min: u64,
    /// The largest number of characters, where there is one.
    pub max: Option<u64>,
}

impl OpenEnum {
    /// The enum that a named schema describes, if it is one.
    pub fn new((name, schema): (&String, &Value)) -> Option<Self> {
        // A closed enum is of a request: its values are checked, and its type is like the others.
        let closed = array(&schema["enum"]).filter(|_| schema["type"] == "string");
        let values = array(&schema["x-extensible-enum"]).chain(closed);
        let values = values.filter_map(Value::as_str).map(|value| {
            let said = schema["x-enum-descriptions"][value].as_str();
            let said = said.map_or_else(|| format!("`{value}`."), str::to_owned);
            (value.to_owned(), said)
        });
        let values: Vec<_> = values.collect();
        (!values.is_empty()).then(|| Self {
            name: name.clone(),
            description: text(&schema["description"]),
            values,
        })
    }
}

/// The named strings that stand for one segment of a path, by name.
pub fn segments(spec: &Spec) -> BTreeMap<&str, Segment> {
    let mut segments = BTreeMap::new();
    for operation in spec.operations() {
        for (_, parameter) in spec.parameters(&operation) {
            let schema = spec.target(&parameter["schema"]);
            let is_enum = schema["x-extensible-enum"].is_array() || schema["enum"].is_array();
            if let Some(name) = schema_name(&parameter["schema"])
                && parameter["in"] == "path"
                && schema["type"] == "string"
                && !is_enum
            {
                segments.entry(name).or_insert_with(|| Segment {
                    name: name.to_owned(),
                    description: text(&schema["description"]),
                    min: schema["minLength"].as_u64().unwrap_or(1).max(1),
                    max: schema["maxLength"].as_u64(),
                });
            }
        }
    }
    segments
}
