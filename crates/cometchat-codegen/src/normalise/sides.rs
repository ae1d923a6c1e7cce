//! Who writes the values of a schema: the service, or a client.
//!
//! A schema that both write is held to the rules of what the service sends: its type must take whatever comes.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::document::spec::{self, Spec, array, entries, rows_of, schema_name};

const SCHEMAS: &str = "components.schemas.";

/// The named schemas by who writes them.
pub(super) struct Sides {
    /// Those that are only written by a client.
    requests: BTreeSet<String>,
    /// Those of a list's rows and of what is in a row.
    rows: BTreeSet<String>,
    /// The key of each row type.
    keys: BTreeMap<String, String>,
    /// The document.
    pub(super) spec: Spec,
}

impl Sides {
    pub(super) fn of(document: &Value) -> Self {
        let spec = Spec::of(document);
        let (mut sent, mut taken, mut rows) = (Vec::new(), Vec::new(), Vec::new());
        let mut keys = BTreeMap::new();
        for operation in spec.operations() {
            taken.extend([
                &operation.item["parameters"],
                &operation.value["parameters"],
            ]);
            taken.push(&operation.value["requestBody"]);
            sent.push(&operation.value["responses"]);
            let said = &operation.value["x-pagination"];
            if let Some(items) = said["items"].as_str() {
                let row = &rows_of(&spec, &operation, items)["items"];
                let key = said["key"].as_str().unwrap_or("uid");
                keys.extend(schema_name(row).map(|name| (name.to_owned(), key.to_owned())));
                rows.push(row);
            }
        }
        let sent = reached(&spec, sent);
        let taken = reached(&spec, taken);
        Self {
            requests: taken.difference(&sent).cloned().collect(),
            rows: reached(&spec, rows),
            keys,
            spec,
        }
    }

    /// Whether the service writes the values of the schema at a location, or nobody does as yet.
    pub(super) fn is_sent(&self, at: &str) -> bool {
        match component(at) {
            Some(name) => !self.requests.contains(name),
            None => !(at.contains(".parameters") || at.contains(".requestBod")),
        }
    }

    /// Whether the schema at a location is that of a row, or of something in a row.
    pub(super) fn is_in_row(&self, at: &str) -> bool {
        component(at).is_some_and(|name| self.rows.contains(name))
    }

    /// The key of a row whose schema is at a location.
    pub(super) fn key(&self, at: &str) -> Option<&str> {
        let key = self.keys.get(at.strip_prefix(SCHEMAS)?)?;
        Some(key)
    }
}

/// The named schema that holds a location.
fn component(at: &str) -> Option<&str> {
    let rest = at.strip_prefix(SCHEMAS)?;
    let ends = [".properties.", ".items", ".additionalProperties", ".allOf["];
    let end = ends.iter().filter_map(|end| rest.find(end)).min();
    Some(&rest[..end.unwrap_or(rest.len())])
}

/// The named schemas that some values lead to, by way of any component.
fn reached<'a>(spec: &'a Spec, mut open: Vec<&'a Value>) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    while let Some(value) = open.pop() {
        if let Some(target) = value["$ref"].as_str() {
            if seen.insert(target)
                && let Some(found) = target
                    .strip_prefix('#')
                    .and_then(|at| spec.root().pointer(at))
            {
                open.push(found);
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
    let names = seen
        .into_iter()
        .filter_map(|target| target.strip_prefix(spec::SCHEMAS));
    names.map(str::to_owned).collect()
}
