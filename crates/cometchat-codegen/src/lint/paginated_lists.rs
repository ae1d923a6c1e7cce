//! `paginated-lists`: `x-pagination` names parameters and properties that are there, and of the type that paging needs.
//!
//! The generator writes an `impl` from it that sets the page and its size and takes the rows out of the body; a name
//! that leads nowhere would be an error in code that nobody wrote. (`x-dropshot-pagination`, which progenitor knows,
//! needs other names and is passed over in silence where it doesn't fit.)

use std::collections::BTreeMap;

use serde_json::Value;

use super::document::Document;
use super::{Findings, Rule};
use crate::spec::{Operation, array, entries, schema_name};

pub(super) const RULE: Rule = Rule {
    name: "paginated-lists",
    why: "the code that pages through a list is written from the names in `x-pagination`",
    check,
};

const EXTENSION: &str = "x-pagination";
const KEYS: [&str; 6] = ["page", "size", "items", "meta", "cursor", "key"];

/// What an operation says of its pages.
pub(super) struct Pagination<'a> {
    page: Option<&'a str>,
    size: Option<&'a str>,
    /// The property of the body that holds the rows, as in `data`.
    pub(super) items: Option<&'a str>,
    /// The property that tells rows apart.
    pub(super) key: &'a str,
}

impl<'a> Pagination<'a> {
    /// Reads the extension; all is absent where there is none.
    pub(super) fn of(operation: &Operation<'a>) -> Self {
        let said = &operation.value[EXTENSION];
        Self {
            page: said["page"].as_str(),
            size: said["size"].as_str(),
            items: said["items"].as_str(),
            key: said["key"].as_str().unwrap_or("uid"),
        }
    }

    /// The name of the schema of a row.
    pub(super) fn row(
        &self,
        document: &Document<'a>,
        operation: &Operation<'a>,
    ) -> Option<&'a str> {
        schema_name(&self.rows(document, operation)?["items"])
    }

    /// The array of the rows.
    fn rows(&self, document: &Document<'a>, operation: &Operation<'a>) -> Option<&'a Value> {
        let page = document.success_schema(operation)?;
        let rows = document.spec.schema(page)?["properties"].get(self.items?)?;
        Some(document.spec.resolve(rows))
    }
}

fn check(document: &Document<'_>, findings: &mut Findings) {
    let mut told_apart = BTreeMap::new();
    for operation in document.spec.operations() {
        let Some(said) = operation.value.get(EXTENSION) else {
            continue;
        };
        let place = format!("{}.{EXTENSION}", operation.place());
        keys(&place, said, findings);
        if operation.method != "get" {
            findings.add(
                &place,
                "pages of what is not a `get`: reading a list must change nothing",
                "leave it out",
            );
        }
        if operation.value["responses"]["200"].is_null() {
            findings.add(
                &place,
                "the pages of a list whose success is not `200`",
                "describe the success as `200`, which is what a list is answered with",
            );
        }
        let pagination = Pagination::of(&operation);
        counts(document, &operation, &pagination, &place, findings);
        rows(document, &operation, &pagination, &place, findings);
        if let Some(row) = pagination.row(document, &operation)
            && *told_apart.entry(row).or_insert(pagination.key) != pagination.key
        {
            findings.add(
                format!("{place}.key"),
                format!("the rows are of the type `{row}`, which another list tells apart by another key"),
                "name the same key for both, or give the rows a schema of their own",
            );
        }
        leads_to(document, &operation, &place, "meta", "Pagination", findings);
        leads_to(document, &operation, &place, "cursor", "Cursor", findings);
    }
}

fn keys(place: &str, said: &Value, findings: &mut Findings) {
    for (key, value) in entries(said) {
        let here = format!("{place}.{key}");
        if !KEYS.contains(&key.as_str()) {
            findings.add(
                here,
                format!("`{key}` means nothing here"),
                format!("leave it out; the keys are {}", KEYS.join(", ")),
            );
        } else if !(value.is_string() || key == "cursor" && value.is_array()) {
            findings.add(
                here,
                format!("{value} is not a name"),
                "write one name as text",
            );
        }
    }
    for key in &KEYS[..4] {
        if said[key].is_null() {
            findings.add(
                place,
                format!("`{key}` is missing, so the pages can't be read"),
                "write `{page: page, size: perPage, items: data, meta: meta.pagination}` with this operation's names",
            );
        }
    }
}

/// The parameters of the page and its size.
fn counts<'a>(
    document: &Document<'a>,
    operation: &Operation<'a>,
    pagination: &Pagination<'_>,
    place: &str,
    findings: &mut Findings,
) {
    let parameters = document.spec.parameters(operation);
    for (key, name) in [("page", pagination.page), ("size", pagination.size)] {
        let Some(name) = name else {
            continue;
        };
        let found = parameters.iter().any(|(_, parameter)| {
            parameter["name"] == name
                && parameter["in"] == "query"
                && parameter["required"] != true
                && parameter["schema"]["type"] == "integer"
        });
        if !found {
            findings.add(
                format!("{place}.{key}"),
                format!(
                    "`{name}` is not an optional integer parameter in the query of this operation"
                ),
                "name one that is, or add it to the parameters",
            );
        }
    }
}

/// The rows, and the property that tells them apart.
fn rows<'a>(
    document: &Document<'a>,
    operation: &Operation<'a>,
    pagination: &Pagination<'a>,
    place: &str,
    findings: &mut Findings,
) {
    let Some(items) = pagination.items else {
        return;
    };
    let rows = pagination.rows(document, operation);
    if rows.is_none_or(|rows| rows["type"] != "array") {
        findings.add(
            format!("{place}.items"),
            format!("`{items}` is not an array property of the success schema"),
            "name the property that holds the rows",
        );
        return;
    }
    let Some((name, row)) = pagination
        .row(document, operation)
        .and_then(|name| Some((name, document.spec.schema(name)?)))
        .filter(|(_, row)| row["properties"].is_object())
    else {
        findings.add(
            format!("{place}.items"),
            format!("the rows in `{items}` are not named objects"),
            "give the row a schema in `components.schemas`, and refer to it by `$ref`",
        );
        return;
    };
    let key = pagination.key;
    let property = &row["properties"][key];
    let required = array(&row["required"]).any(|name| name == key);
    if property["type"] != "string" || !required {
        findings.add(
            format!("components.schemas.{name}"),
            format!("`{key}` tells the rows of a list apart, but is no required string of them"),
            format!(
                "require `{key}` and make it a string, or name another with `key:` in `{EXTENSION}`"
            ),
        );
    }
}

/// Each path under `key` leads from the body to the named schema.
fn leads_to<'a>(
    document: &Document<'a>,
    operation: &Operation<'a>,
    place: &str,
    key: &str,
    target: &str,
    findings: &mut Findings,
) {
    let Some(page) = document.success_schema(operation) else {
        return;
    };
    let said = &operation.value[EXTENSION][key];
    let paths = said
        .as_str()
        .into_iter()
        .chain(array(said).filter_map(Value::as_str));
    for path in paths {
        if follow(document, page, path) != Some(target) {
            findings.add(
                format!("{place}.{key}"),
                format!("`{path}` does not lead from the body to a `{target}`"),
                format!("name the properties on the way to it, as in `meta.{key}`"),
            );
        }
    }
}

/// The named schema to which a path of property names leads.
fn follow<'a>(document: &Document<'a>, from: &'a str, path: &str) -> Option<&'a str> {
    path.split('.')
        .filter(|property| !property.is_empty())
        .try_fold(from, |schema, property| {
            document.property_schema(schema, property)
        })
}
