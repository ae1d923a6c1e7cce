//! `unknown-extension`: an `x-` key is one that the generator reads, where it reads it, with a value that it knows.
//!
//! A misspelt extension would be passed over in silence, and the code would be of another shape than the spec means.

use serde_json::Value;

use super::document::{Document, Kind, is_extension};
use super::{Findings, Rule};
use crate::spec::entries;

pub(super) const RULE: Rule = Rule {
    name: "unknown-extension",
    why: "an extension that the generator doesn't read would be passed over in silence",
    check,
};

const ON_OPERATIONS: &str = "x-pagination and x-retry on an operation";
const ON_SCHEMAS: &str = "x-extensible-enum, x-enum-descriptions and x-lenient on a schema";

fn check(document: &Document<'_>, findings: &mut Findings) {
    for node in document.nodes() {
        for (key, value) in entries(node.value).filter(|(key, _)| is_extension(key)) {
            let place = format!("{}.{key}", node.place);
            let place = place.trim_start_matches('.');
            let (known, expected) = match (node.kind, key.as_str()) {
                (Kind::Operation, "x-pagination") => (value.is_object(), "an object"),
                (Kind::Schema(_), "x-extensible-enum") => (value.is_array(), "a list"),
                (Kind::Schema(_), "x-enum-descriptions") => (value.is_object(), "an object"),
                (Kind::Operation, "x-retry") | (Kind::Schema(_), "x-lenient") => {
                    (*value == Value::Bool(true), "`true`")
                }
                _ => {
                    findings.add(
                        place,
                        format!("`{key}` is not an extension that is read here"),
                        format!("leave it out; there are {ON_OPERATIONS}, {ON_SCHEMAS}"),
                    );
                    continue;
                }
            };
            if !known {
                findings.add(
                    place,
                    format!("`{key}` can't be {value}"),
                    format!("write {expected}, or leave it out"),
                );
            }
        }
    }
}
