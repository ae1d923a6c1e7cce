//! `described`: every operation, parameter, body, response, schema and property says what it is.
//!
//! Descriptions become the documentation of methods, setters, types and fields; where there is none, the generated item
//! has no documentation at all, which `missing_docs` refuses in a crate of ours.

use super::document::{Document, Kind, Role};
use super::{Findings, Rule};

pub(super) const RULE: Rule = Rule {
    name: "described",
    why: "a description is the documentation of what is generated; without one there is none",
    check,
};

fn check(document: &Document<'_>, findings: &mut Findings) {
    for node in document.nodes() {
        let what = match node.kind {
            Kind::Operation => "operation",
            Kind::Parameter => "parameter",
            Kind::RequestBody => "body",
            Kind::Response => "response",
            Kind::Schema(Role::Component) => "schema",
            Kind::Schema(Role::Property) => "property",
            Kind::Schema(Role::Items) => "schema of the items",
            _ => continue,
        };
        // What is referred to is described where it stands.
        if !node.value["$ref"].is_null() {
            continue;
        }
        let described = node.value["description"]
            .as_str()
            .is_some_and(|description| !description.trim().is_empty());
        if !described {
            findings.add(
                &node.place,
                format!("the {what} has no description, so its Rust item has no documentation"),
                "add `description:` with a sentence for users",
            );
        }
    }
}
