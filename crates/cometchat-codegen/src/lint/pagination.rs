//! `x-pagination` names parameters and properties that are there, and of the type that paging needs: the code that pages
//! through a list is written from it.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::error::Finding;
use crate::spec::{Operation, Spec, array, entries, schema_name};

/// Its keys; the first four must be there.
const KEYS: [&str; 6] = ["page", "size", "items", "meta", "cursor", "key"];

pub(super) fn check(spec: &Spec, findings: &mut Vec<Finding>) {
    let mut keys_of_rows = BTreeMap::new();
    for operation in spec.operations() {
        let Some(said) = operation.value.get("x-pagination") else {
            continue;
        };
        let mut list = List {
            spec,
            said,
            operation: &operation,
            location: format!("{}.x-pagination", operation.location()),
            findings,
        };
        if !list.keys() {
            continue;
        }
        list.counts();
        let Some((row, key)) = list.rows() else {
            continue;
        };
        if *keys_of_rows.entry(row).or_insert(key) != key {
            list.error(
                "key",
                format!("another list with rows of type `{row}` has another key"),
                "name the same key for both, or give the rows a schema of their own",
            );
        }
        list.leads_to("meta", "Pagination");
        list.leads_to("cursor", "Cursor");
    }
}

/// An operation that pages.
struct List<'a, 'f> {
    spec: &'a Spec,
    said: &'a Value,
    operation: &'f Operation<'a>,
    location: String,
    findings: &'f mut Vec<Finding>,
}

impl<'a> List<'a, '_> {
    fn error(&mut self, key: &str, problem: String, help: &str) {
        let location = match key {
            "" => self.location.clone(),
            key => format!("{}.{key}", self.location),
        };
        self.findings
            .push(Finding::error("pagination", location, problem, help));
    }

    /// Whether the keys that are needed are there, each with a name.
    fn keys(&mut self) -> bool {
        let before = self.findings.len();
        for (key, value) in entries(self.said) {
            let names = value.is_string() || key == "cursor" && value.is_array();
            if !KEYS.contains(&key.as_str()) || !names {
                self.error(
                    key,
                    format!("`{key}: {value}` is not one of its keys with a name as text"),
                    "write `{page: page, size: perPage, items: data, meta: meta.pagination, cursor: cursor, key: uid}`, the last two where they are needed",
                );
            }
        }
        for key in &KEYS[..4] {
            if self.said[key].is_null() {
                self.error(
                    "",
                    format!("`{key}` is missing, so the pages can't be read"),
                    "write `{page: page, size: perPage, items: data, meta: meta.pagination}` with this operation's names",
                );
            }
        }
        if self.operation.method != "get" {
            self.error(
                "",
                format!(
                    "`{}` does not list: reading a list must change nothing",
                    self.operation.method
                ),
                "leave it out, or describe the list as a `get`",
            );
        }
        self.findings.len() == before
    }

    /// The parameters of the page and its size.
    fn counts(&mut self) {
        let parameters = self.spec.parameters(self.operation);
        for key in ["page", "size"] {
            let name = self.said[key].as_str().unwrap_or_default();
            let found = parameters.iter().any(|(_, parameter)| {
                parameter["name"] == name
                    && parameter["in"] == "query"
                    && parameter["required"] != true
                    && self.spec.resolve(&parameter["schema"])["type"] == "integer"
            });
            if !found {
                self.error(
                    key,
                    format!("`{name}` is not an optional integer in the query of this operation"),
                    "name a parameter that is, or add it",
                );
            }
        }
    }

    /// The schema of the success, where it is JSON.
    fn page(&self) -> &'a Value {
        let responses = &self.operation.value["responses"];
        let success = entries(responses).find(|(status, _)| status.starts_with('2'));
        success.map_or(&Value::Null, |(_, response)| {
            &self.spec.resolve(response)["content"]["application/json"]["schema"]
        })
    }

    /// The name of the rows' type, and the property that tells them apart.
    fn rows(&mut self) -> Option<(&'a str, &'a str)> {
        let items = self.said["items"].as_str()?;
        let rows = self
            .spec
            .resolve(&self.spec.resolve(self.page())["properties"][items]);
        let row = schema_name(&rows["items"]).filter(|_| rows["type"] == "array");
        let schema = row.and_then(|name| self.spec.schema(name));
        let Some((row, schema)) = row.zip(schema.filter(|schema| schema["properties"].is_object()))
        else {
            self.error(
                "items",
                format!("`{items}` is not a property of the response that holds a list of objects"),
                "name the property that holds the rows",
            );
            return None;
        };
        let key = self.said["key"].as_str().unwrap_or("uid");
        if self.spec.resolve(&schema["properties"][key])["type"] != "string" {
            self.error(
                "key",
                format!("`{key}`, by which rows are told apart, is no text of `{row}`"),
                "name a property that is a text in every row, as in `key: id`",
            );
        }
        Some((row, key))
    }

    /// Each path under `key` leads from the body to the named schema.
    fn leads_to(&mut self, key: &str, target: &str) {
        let said = &self.said[key];
        let paths = said.as_str().into_iter();
        for path in paths.chain(array(said).filter_map(Value::as_str)) {
            let mut at = self.page();
            for property in path.split('.').filter(|property| !property.is_empty()) {
                at = &self.spec.resolve(at)["properties"][property];
            }
            if schema_name(at) != Some(target) {
                self.error(
                    key,
                    format!("`{path}` does not lead from the body to the schema `{target}`"),
                    "name the properties on the way to it, as in `meta.pagination`",
                );
            }
        }
    }
}
