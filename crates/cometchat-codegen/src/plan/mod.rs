//! What the extensions of a spec ask for, gathered before progenitor runs, which reads none of them.

mod checks;
mod named;
mod operation;
mod pagination;

use std::collections::BTreeMap;

use serde_json::Value;

pub use checks::Check;
pub use operation::{Joined, Operation, Parameter, Place};
pub use pagination::Pagination;

use crate::document::spec::{RUNTIME_TYPES, Spec, array, schema_name};

/// What is to be generated beside what progenitor generates.
#[derive(Debug)]
pub struct Plan<'a> {
    /// The spec, in plain form.
    pub spec: &'a Spec,
    pub enums: Vec<OpenEnum>,
    /// Strings that stand for one segment of a path.
    pub segments: Vec<Segment>,
    pub operations: Vec<Operation>,
}

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

impl<'a> Plan<'a> {
    /// Gathers what the extensions of a spec ask for. The spec has been held to the conventions (`lint`).
    pub fn new(spec: &'a Spec) -> Self {
        let enums = spec.schemas().filter_map(OpenEnum::new);
        let mut enums: Vec<_> = enums.collect();
        let segments: Vec<_> = segments(spec).into_values().collect();
        let operations = spec.operations();
        let mut operations: Vec<_> = operations
            .map(|operation| Operation::new(spec, &operation, &segments))
            .collect();
        // The order of a document's maps says nothing: moving a schema or a path changes no line of the code.
        enums.sort_by(|a, b| a.name.cmp(&b.name));
        operations.sort_by(|a, b| a.id.cmp(&b.id));
        Self {
            spec,
            enums,
            segments,
            operations,
        }
    }

    /// Returns the types that replace what progenitor would make of a schema, by the schema's name.
    pub fn replacements(&self) -> BTreeMap<String, String> {
        let enums = self.enums.iter().map(|item| item.name.as_str());
        let segments = self.segments.iter().map(|item| item.name.as_str());
        let named = enums.chain(segments).chain(RUNTIME_TYPES);
        let named = named.map(|name| (name.to_owned(), format!("crate::types::{name}")));
        let operations = self.operations.iter();
        let parameters = operations.flat_map(|operation| &operation.parameters);
        let lists = parameters.filter_map(|parameter| self.comma_list(parameter));
        named.chain(lists).collect()
    }
}

impl OpenEnum {
    /// The enum that a named schema describes, if it is one.
    fn new((name, schema): (&String, &Value)) -> Option<Self> {
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
fn segments(spec: &Spec) -> BTreeMap<&str, Segment> {
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

/// A text, or an empty one.
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
