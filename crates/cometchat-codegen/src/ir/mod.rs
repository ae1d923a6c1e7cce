//! What the extensions of a spec ask for, gathered before progenitor runs, which reads none of them.

mod bodies;
mod checks;
mod operation;
mod prepared;
mod rust_type;

use std::collections::BTreeMap;

use serde_json::Value;

pub use bodies::{CheckedField, Nested, nested};
pub use checks::Check;
pub use operation::{Body, Content, Joined, Operation, Parameter, Place, Success};
pub use rust_type::optional;

use crate::spec::{Spec, array, schema_name};

/// The schemas that the runtime has a type of its own for.
pub const RUNTIME_TYPES: [&str; 2] = ["Metadata", "UnixTime"];

/// What is to be generated beside what progenitor generates.
#[derive(Debug)]
pub struct Plan<'a> {
    /// The spec, in plain form.
    pub spec: &'a Spec,
    /// The open enums, by name.
    pub enums: Vec<OpenEnum>,
    /// Strings that stand for one segment of a path.
    pub segments: Vec<Segment>,
    /// The operations, by id.
    pub operations: Vec<Operation>,
    /// The types of request bodies that are checked before they are sent.
    pub checked: BTreeMap<String, Vec<CheckedField>>,
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

/// An operation's `x-pagination`.
#[derive(Debug)]
pub struct Pagination {
    /// The query parameter that asks for a page.
    pub page: String,
    /// The query parameter that says how many rows a page has.
    pub size: String,
    /// The property of the response that holds the rows.
    pub items: String,
    /// The path to the `Pagination` object in the response.
    pub meta: Vec<String>,
    /// The paths at which a `Cursor` may be.
    pub cursors: Vec<Vec<String>>,
    /// The property that tells rows apart.
    pub key: String,
    /// The type of a row.
    pub item_type: String,
    /// The type of the response, where it has a name.
    pub page_type: Option<String>,
    /// The number of rows over which a page is refused.
    pub max_rows: u64,
}

impl<'a> Plan<'a> {
    /// Gathers what the extensions of a spec ask for. The spec has been held to the conventions (`lint`).
    pub fn new(spec: &'a Spec) -> Self {
        let mut plan = Self {
            spec,
            enums: Vec::new(),
            segments: Vec::new(),
            operations: Vec::new(),
            checked: BTreeMap::new(),
        };
        for (name, schema) in spec.schemas() {
            // A closed enum is of a request: its values are checked, and its type is like the others.
            let is_text = schema["type"] == "string";
            let closed = array(&schema["enum"]).filter(|_| is_text);
            let values = array(&schema["x-extensible-enum"]).chain(closed);
            let values = values.filter_map(Value::as_str);
            let values: Vec<_> = values
                .map(|value| {
                    let said = &schema["x-enum-descriptions"][value];
                    let said = said
                        .as_str()
                        .map_or_else(|| format!("`{value}`."), str::to_owned);
                    (value.to_owned(), said)
                })
                .collect();
            if !values.is_empty() {
                plan.enums.push(OpenEnum {
                    name: name.clone(),
                    description: text(&schema["description"]),
                    values,
                });
            }
        }
        plan.note_segments(spec);
        for operation in spec.operations() {
            let operation = Operation::new(spec, &operation, &plan.segments);
            plan.operations.push(operation);
        }
        plan.checked = bodies::checked(spec, &plan.operations);
        // The order of a document's maps says nothing: moving a schema or a path changes no line of the code.
        plan.enums.sort_by(|a, b| a.name.cmp(&b.name));
        plan.segments.sort_by(|a, b| a.name.cmp(&b.name));
        plan.operations.sort_by(|a, b| a.id.cmp(&b.id));
        plan
    }

    /// Notes the named strings that stand for one segment of a path.
    fn note_segments(&mut self, spec: &Spec) {
        for operation in spec.operations() {
            for (_, parameter) in spec.parameters(&operation) {
                let Some(name) = schema_name(&parameter["schema"]) else {
                    continue;
                };
                let schema = spec.target(&parameter["schema"]);
                let open = schema["x-extensible-enum"].is_array() || schema["enum"].is_array();
                let known = self.segments.iter().any(|segment| segment.name == name);
                if parameter["in"] == "path" && schema["type"] == "string" && !open && !known {
                    self.segments.push(Segment {
                        name: name.to_owned(),
                        description: text(&schema["description"]),
                        min: schema["minLength"].as_u64().unwrap_or(1).max(1),
                        max: schema["maxLength"].as_u64(),
                    });
                }
            }
        }
    }

    /// The types that stand in for what progenitor would make of a schema.
    pub fn replacements(&self) -> impl Iterator<Item = (&str, String)> {
        let types = |name: &str| format!("crate::types::{name}");
        let enums = self.enums.iter().map(move |item| item.name.as_str());
        let segments = self.segments.iter().map(|item| item.name.as_str());
        enums
            .chain(segments)
            .chain(RUNTIME_TYPES)
            .map(move |name| (name, types(name)))
    }
}

/// The number of rows over which a page is refused, where the spec says nothing of how many can be asked for.
const MAX_ROWS: u64 = 100_000;

/// A text, or an empty one.
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

impl Pagination {
    /// Reads an operation's `x-pagination`, if it has one.
    fn new(spec: &Spec, operation: &crate::spec::Operation<'_>) -> Option<Self> {
        let said = operation.value.get("x-pagination")?;
        let get = |key: &str| said[key].as_str().map(str::to_owned);
        let path = |path: &str| path.split('.').map(str::to_owned).collect::<Vec<_>>();
        let items = get("items")?;
        let (_, success) = Success::new(spec, operation);
        let rows = spec
            .target(&spec.target(&success.schema)["properties"][&items])
            .clone();
        let cursors = match &said["cursor"] {
            Value::Array(paths) => paths.iter().filter_map(Value::as_str).map(path).collect(),
            Value::String(one) => vec![path(one)],
            _ => Vec::new(),
        };
        let size = get("size")?;
        let largest = spec
            .parameters(operation)
            .into_iter()
            .find(|(_, parameter)| parameter["name"] == *size)
            .map(|(_, parameter)| spec.target(&parameter["schema"]))
            .and_then(|schema| schema["maximum"].as_u64());
        Some(Self {
            max_rows: largest.map_or(MAX_ROWS, |rows| rows.max(1000).saturating_mul(2)),
            page_type: schema_name(&success.schema).map(str::to_owned),
            page: get("page")?,
            size,
            meta: path(&get("meta")?),
            key: get("key").unwrap_or_else(|| "uid".to_owned()),
            item_type: schema_name(&rows["items"])?.to_owned(),
            cursors,
            items,
        })
    }
}
