//! An operation's `x-pagination`, which names parameters and properties that are there, and of the type that paging needs.

use serde_json::Value;

use crate::error::Finding;

use crate::document::spec::{Operation, Spec, array, entries, page_of, rows_of, schema_name};

/// How an operation pages.
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

/// Its keys; the first four must be there.
const KEYS: [&str; 6] = ["page", "size", "items", "meta", "cursor", "key"];

/// The number of rows over which a page is refused, where the spec says nothing of how many can be asked for.
const MAX_ROWS: u64 = 100_000;

impl Pagination {
    /// Reads an operation's `x-pagination`, if it has one.
    ///
    /// # Errors
    ///
    /// Each of its names that leads nowhere.
    pub fn new(spec: &Spec, operation: &Operation<'_>) -> Result<Option<Self>, Vec<Finding>> {
        let Some(said) = operation.value.get("x-pagination") else {
            return Ok(None);
        };
        let mut list = List {
            spec,
            said,
            location: format!("{}.x-pagination", operation.location()),
            findings: Vec::new(),
        };
        list.keys(operation.method);
        if !list.findings.is_empty() {
            return Err(list.findings);
        }
        list.count("page", operation);
        let most = list.count("size", operation)["maximum"].as_u64();
        let page = page_of(spec, operation);
        let rows = rows_of(spec, operation, list.name("items"));
        let Some(item_type) = list.item_type(rows) else {
            return Err(list.findings);
        };
        let meta = list.leads_to(page, "meta", "Pagination").concat();
        let cursors = list.leads_to(page, "cursor", "Cursor");
        let pagination = Self {
            page: list.name("page").to_owned(),
            size: list.name("size").to_owned(),
            items: list.name("items").to_owned(),
            meta,
            cursors,
            key: list.key().to_owned(),
            item_type: item_type.to_owned(),
            page_type: schema_name(page).map(str::to_owned),
            max_rows: most.map_or(MAX_ROWS, |rows| rows.max(1000).saturating_mul(2)),
        };
        if list.findings.is_empty() {
            Ok(Some(pagination))
        } else {
            Err(list.findings)
        }
    }
}

/// An `x-pagination` while it is read.
struct List<'a> {
    spec: &'a Spec,
    said: &'a Value,
    location: String,
    findings: Vec<Finding>,
}

impl<'a> List<'a> {
    fn error(&mut self, key: &str, problem: String, help: &str) {
        let location = match key {
            "" => self.location.clone(),
            key => format!("{}.{key}", self.location),
        };
        self.findings
            .push(Finding::error("pagination", location, problem, help));
    }

    fn name(&self, key: &str) -> &'a str {
        self.said[key].as_str().unwrap_or_default()
    }

    /// The property that tells rows apart.
    fn key(&self) -> &'a str {
        self.said["key"].as_str().unwrap_or("uid")
    }

    /// Whether the keys that are needed are there, each with a name.
    fn keys(&mut self, method: &str) {
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
        if method != "get" {
            self.error(
                "",
                format!("`{method}` does not list: reading a list must change nothing"),
                "leave it out, or describe the list as a `get`",
            );
        }
    }

    /// The schema of the parameter for the page or its size.
    fn count(&mut self, key: &str, operation: &Operation<'a>) -> &'a Value {
        let (spec, name) = (self.spec, self.name(key));
        let found = spec
            .parameters(operation)
            .into_iter()
            .filter(|(_, parameter)| parameter["name"] == name && parameter["in"] == "query")
            .filter(|(_, parameter)| parameter["required"] != true)
            .map(|(_, parameter)| spec.target(&parameter["schema"]))
            .find(|schema| schema["type"] == "integer");
        if found.is_none() {
            self.error(
                key,
                format!("`{name}` is not an optional integer in the query of this operation"),
                "name a parameter that is, or add it",
            );
        }
        found.unwrap_or(&Value::Null)
    }

    /// The name of the rows' type.
    fn item_type(&mut self, rows: &'a Value) -> Option<&'a str> {
        let (spec, items, key) = (self.spec, self.name("items"), self.key());
        let row = schema_name(&rows["items"])
            .filter(|_| rows["type"] == "array")
            .filter(|row| {
                spec.schema(row)
                    .is_some_and(|row| row["properties"].is_object())
            });
        let Some(row) = row else {
            self.error(
                "items",
                format!("`{items}` is not a property of the response that holds a list of objects"),
                "name the property that holds the rows",
            );
            return None;
        };
        if spec.target(&spec.target(&rows["items"])["properties"][key])["type"] != "string" {
            self.error(
                "key",
                format!("`{key}`, by which rows are told apart, is no text of `{row}`"),
                "name a property that is a text in every row, as in `key: id`",
            );
        }
        Some(row)
    }

    /// The paths under `key`, each of which leads from the page to the named schema.
    fn leads_to(&mut self, page: &Value, key: &str, target: &str) -> Vec<Vec<String>> {
        let said = &self.said[key];
        let paths = said.as_str().into_iter();
        let paths = paths.chain(array(said).filter_map(Value::as_str));
        let mut found = Vec::new();
        for path in paths {
            let end = path.split('.').fold(page, |at, property| {
                &self.spec.target(at)["properties"][property]
            });
            if schema_name(end) != Some(target) {
                self.error(
                    key,
                    format!("`{path}` does not lead from the body to the schema `{target}`"),
                    "let the last property refer to that schema, and name the properties on the way to it, as in `meta.pagination`",
                );
            }
            found.push(path.split('.').map(str::to_owned).collect());
        }
        found
    }
}
