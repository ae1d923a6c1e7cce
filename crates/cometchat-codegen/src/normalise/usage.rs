//! Use of schemas: in requests, in responses, in the rows of lists.
//!
//! A schema that requests and responses share follows the rules of responses: its type must take whatever comes.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::document::location::{Location, Part};
use crate::document::spec::{SCHEMAS, Spec, array, entries, rows_of, schema_name};

/// The named schemas by their use.
pub(super) struct Usage {
    requests: BTreeSet<String>,
    responses: BTreeSet<String>,
    /// Those of rows, and those in a row.
    rows: BTreeSet<String>,
    /// The key of each row type.
    keys: BTreeMap<String, String>,
    /// The document.
    pub(super) spec: Spec,
}

impl Usage {
    pub(super) fn of(document: &Value) -> Self {
        let spec = Spec::of(document);
        let (mut responses, mut requests, mut rows) = (Vec::new(), Vec::new(), Vec::new());
        let mut keys = BTreeMap::new();
        for operation in spec.operations() {
            requests.extend([
                &operation.item["parameters"],
                &operation.value["parameters"],
            ]);
            requests.push(&operation.value["requestBody"]);
            responses.push(&operation.value["responses"]);
            let pagination = &operation.value["x-pagination"];
            if let Some(items) = pagination["items"].as_str() {
                let row = &rows_of(&spec, &operation, items)["items"];
                let key = pagination["key"].as_str().unwrap_or("uid");
                keys.extend(schema_name(row).map(|name| (name.to_owned(), key.to_owned())));
                rows.push(row);
            }
        }
        Self {
            requests: reached(&spec, requests),
            responses: reached(&spec, responses),
            rows: reached(&spec, rows),
            keys,
            spec,
        }
    }

    /// Tells whether responses have the schema at a location, or nothing does yet.
    pub(super) fn is_in_response(&self, at: &Location<'_>) -> bool {
        match at.component() {
            Some(name) => self.responses.contains(name) || !self.requests.contains(name),
            None => !self.is_in_request(at),
        }
    }

    /// Tells whether requests have the schema at a location.
    pub(super) fn is_in_request(&self, at: &Location<'_>) -> bool {
        match at.component() {
            Some(name) => self.requests.contains(name),
            None => at.is_within(Part::Parameter) || at.is_within(Part::RequestBody),
        }
    }

    /// Tells whether a location is in a schema of a row, or in one that a row holds.
    pub(super) fn is_in_row(&self, at: &Location<'_>) -> bool {
        at.component().is_some_and(|name| self.rows.contains(name))
    }

    /// Returns the key of the row whose schema is at a location.
    pub(super) fn key(&self, at: &Location<'_>) -> Option<&str> {
        let key = self.keys.get(at.named_schema()?)?;
        Some(key)
    }
}

/// The named schemas that some values lead to, by way of any component.
fn reached<'a>(spec: &'a Spec, mut open: Vec<&'a Value>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    while let Some(value) = open.pop() {
        if let Some(target) = value["$ref"].as_str() {
            if found.insert(target)
                && let Some(component) = target
                    .strip_prefix('#')
                    .and_then(|at| spec.root().pointer(at))
            {
                open.push(component);
            }
            continue;
        }
        open.extend(array(value));
        open.extend(
            entries(value)
                .filter(|(key, _)| {
                    !matches!(key.as_str(), "example" | "examples" | "default" | "enum")
                })
                .map(|(_, value)| value),
        );
    }
    let names = found
        .into_iter()
        .filter_map(|target| target.strip_prefix(SCHEMAS));
    names.map(str::to_owned).collect()
}
