//! `lenient-responses`: nothing is demanded of what the service sends but the key of a row and the rows of a page.
//!
//! One value that breaks a constraint fails the whole page: typify turns `required`, `pattern`, `minimum`, `maxLength`
//! and their like into code that refuses to decode. Null is read as absent by the generated code, so `nullable` would
//! only change a field's type; a `default` would make a value look sent that was not.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::document::Document;
use super::paginated_lists::Pagination;
use super::{Findings, Rule};
use crate::spec::array;

pub(super) const RULE: Rule = Rule {
    name: "lenient-responses",
    why: "one value that breaks a constraint fails a whole page",
    check,
};

/// What makes typify refuse a value that is of the right type.
const CONSTRAINTS: [&str; 14] = [
    "pattern",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "not",
];

fn check(document: &Document<'_>, findings: &mut Findings) {
    let needed = needed(document);
    for (_, node) in document.sent_schemas() {
        let (place, schema) = (&node.place, node.value);
        for key in CONSTRAINTS {
            if !matches!(schema[key], Value::Null | Value::Bool(false)) {
                findings.add(
                    format!("{place}.{key}"),
                    "a constraint on what the service sends: a value that breaks it fails the whole page",
                    "leave it out, or give what clients send a schema of its own",
                );
            }
        }
        if let Some(format) = schema["format"]
            .as_str()
            .filter(|format| narrows(schema, format))
        {
            findings.add(
                format!("{place}.format"),
                format!(
                    "`{format}` is a format that a value may not fit, which fails the whole page"
                ),
                "leave it out, or use `int64` for an integer",
            );
        }
        if schema["nullable"] == true {
            findings.add(
                format!("{place}.nullable"),
                "null is read as absent already; this would change the type of the field",
                "leave it out",
            );
        }
        if !schema["default"].is_null() {
            findings.add(
                format!("{place}.default"),
                "a default makes a value look sent that was not",
                "leave it out",
            );
        }
        let name = place
            .strip_prefix("components.schemas.")
            .unwrap_or_default();
        for (index, key) in array(&schema["required"]).enumerate() {
            let key = key.as_str().unwrap_or_default();
            if !needed.get(name).is_some_and(|keys| keys.contains(key)) {
                findings.add(
                    format!("{place}.required[{index}]"),
                    format!("`{key}` is required of the service: where it is missing the whole page fails"),
                    "require only the key of a row and the rows of a page",
                );
            }
        }
    }
}

/// Whether a format has typify parse the value, or keep it in less than 64 bits.
fn narrows(schema: &Value, format: &str) -> bool {
    match schema["type"].as_str() {
        Some("integer") => format != "int64",
        Some("string") => matches!(
            format,
            "date" | "date-time" | "uuid" | "ip" | "ipv4" | "ipv6"
        ),
        _ => false,
    }
}

/// The properties without which a list can't be read, by the name of their schema.
fn needed<'a>(document: &Document<'a>) -> BTreeMap<&'a str, BTreeSet<&'a str>> {
    let mut needed: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for operation in document.spec.operations() {
        let pagination = Pagination::of(&operation);
        if let (Some(page), Some(items)) = (document.success_schema(&operation), pagination.items) {
            needed.entry(page).or_default().insert(items);
        }
        if let Some(row) = pagination.row(document, &operation) {
            needed.entry(row).or_default().insert(pagination.key);
        }
    }
    needed
}
