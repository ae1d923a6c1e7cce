//! `closed-enum`: no `enum` in what the service sends.
//!
//! An `enum` becomes a closed Rust enum, and one value that it doesn't know fails the whole page. The ways around it
//! that OpenAPI has (`anyOf` with a string, `oneOf` with titles) make progenitor write broken or oddly named types.

use super::document::Document;
use super::{Findings, Rule};

pub(super) const RULE: Rule = Rule {
    name: "closed-enum",
    why: "a value that a closed enum doesn't know fails a whole page",
    check,
};

fn check(document: &Document<'_>, findings: &mut Findings) {
    for (_, node) in document.sent_schemas() {
        if !node.value["enum"].is_null() {
            findings.add(
                format!("{}.enum", node.place),
                "a closed enum in what the service sends: a new value fails the whole page",
                "list the values under `x-extensible-enum` in its place",
            );
        }
    }
}
