//! `open-rows`: an object that the service sends keeps the properties that the spec doesn't know.
//!
//! typify drops unknown properties with `additionalProperties: true` and without the key, refuses them with `false`, and
//! keeps them in a field `extra` with `{}`: only so does a row that was read hold all that was sent.

use serde_json::json;

use super::document::{Document, Role};
use super::{Findings, Rule};

pub(super) const RULE: Rule = Rule {
    name: "open-rows",
    why: "only `additionalProperties: {}` keeps unknown properties; `true` drops them",
    check,
};

fn check(document: &Document<'_>, findings: &mut Findings) {
    for (role, node) in document.sent_schemas() {
        // An object inline is refused as such.
        if role != Role::Component {
            continue;
        }
        let additional = &node.value["additionalProperties"];
        if !node.value["properties"].is_object() || *additional == json!({}) {
            continue;
        }
        let problem = if additional == false {
            "unknown properties would fail the whole page"
        } else if additional.is_object() {
            "unknown properties of another type would fail the whole page"
        } else {
            "unknown properties would be dropped"
        };
        findings.add(&node.place, problem, "write `additionalProperties: {}`");
    }
}
