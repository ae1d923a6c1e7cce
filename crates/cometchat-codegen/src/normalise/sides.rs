//! Who writes the values of a schema: the service, or a client.
//!
//! A schema that both write is held to the rules of what the service sends: its type must take whatever comes.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::spec::{METHODS, array, entries, schema_name};

const SCHEMAS: &str = "components.schemas.";

/// The named schemas by who writes them.
pub(super) struct Sides {
    /// Those that are only written by a client.
    requests: BTreeSet<String>,
    /// Those of a list's rows and of what is in a row.
    rows: BTreeSet<String>,
    /// The key of each row type.
    keys: Vec<(String, String)>,
}

impl Sides {
    pub(super) fn of(document: &Value) -> Self {
        let (mut sent, mut taken, mut rows) = (Vec::new(), Vec::new(), Vec::new());
        let mut keys = Vec::new();
        for (_, item) in entries(&document["paths"]) {
            taken.push(&item["parameters"]);
            for (_, operation) in
                entries(item).filter(|(method, _)| METHODS.contains(&method.as_str()))
            {
                taken.extend([&operation["parameters"], &operation["requestBody"]]);
                sent.push(&operation["responses"]);
                if let Some((row, key)) = row(document, operation) {
                    rows.push(row);
                    keys.extend(schema_name(row).map(|name| (name.to_owned(), key.to_owned())));
                }
            }
        }
        let sent = reached(document, sent);
        let taken = reached(document, taken);
        Self {
            requests: taken.difference(&sent).cloned().collect(),
            rows: reached(document, rows),
            keys,
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
        let name = at.strip_prefix(SCHEMAS)?;
        let (_, key) = self.keys.iter().find(|(row, _)| row == name)?;
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

/// The schema of the rows of an operation that pages, and the property that tells them apart.
fn row<'a>(document: &'a Value, operation: &'a Value) -> Option<(&'a Value, &'a str)> {
    let said = operation.get("x-pagination")?;
    let resolve = |value: &'a Value| {
        let mut value = value;
        while let Some(target) = value["$ref"].as_str() {
            value = document.pointer(target.strip_prefix('#')?)?;
        }
        Some(value)
    };
    let (_, response) =
        entries(&operation["responses"]).find(|(status, _)| status.starts_with('2'))?;
    let page = &resolve(response)?["content"]["application/json"]["schema"];
    let rows = resolve(&resolve(page)?["properties"][said["items"].as_str()?])?;
    Some((&rows["items"], said["key"].as_str().unwrap_or("uid")))
}

/// The named schemas that some values lead to, by way of any component.
fn reached<'a>(document: &'a Value, mut open: Vec<&'a Value>) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    while let Some(value) = open.pop() {
        if let Some(target) = value["$ref"].as_str() {
            if seen.insert(target)
                && let Some(found) = target
                    .strip_prefix('#')
                    .and_then(|pointer| document.pointer(pointer))
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
        .filter_map(|target| target.strip_prefix("#/components/schemas/"));
    names.map(str::to_owned).collect()
}
