//! `security`: every operation says that it takes an API key in a header.
//!
//! progenitor ignores `securitySchemes`: the client's hook sets the key's header for every operation, and nothing else.
//! A spec that says otherwise describes another client.

use serde_json::Value;

use super::document::{Document, Kind};
use super::{Findings, Rule};
use crate::spec::{array, entries};

pub(super) const RULE: Rule = Rule {
    name: "security",
    why: "the client sends an API key in a header with every request, and knows no other way",
    check,
};

fn check(document: &Document<'_>, findings: &mut Findings) {
    for node in document.of(Kind::SecurityScheme) {
        if node.value["type"] != "apiKey" || node.value["in"] != "header" {
            findings.add(
                &node.place,
                "not an API key in a header, which is all that the client can send",
                "describe it as `type: apiKey`, `in: header`, or leave it out",
            );
        }
    }
    let root = document.spec.root();
    let shared = &root["security"];
    requirements(document, "security", shared, findings);
    for operation in document.spec.operations() {
        let own = &operation.value["security"];
        let place = format!("{}.security", operation.place());
        requirements(document, &place, own, findings);
        let asked = if own.is_null() { shared } else { own };
        let mut alternatives = array(asked).peekable();
        let all_ask = alternatives.peek().is_some()
            && alternatives.all(|alternative| entries(alternative).next().is_some());
        if !all_ask {
            findings.add(
                operation.place(),
                "the operation asks for no key, and the client would send it all the same",
                "add `security:` with the scheme of the key, here or for the whole document",
            );
        }
    }
}

/// Each scheme that is asked for is described.
fn requirements(document: &Document<'_>, place: &str, asked: &Value, findings: &mut Findings) {
    let schemes = &document.spec.root()["components"]["securitySchemes"];
    for (index, alternative) in array(asked).enumerate() {
        for (name, _) in entries(alternative) {
            if schemes[name].is_null() {
                findings.add(
                    format!("{place}[{index}].{name}"),
                    format!("`{name}` is not in `components.securitySchemes`"),
                    "describe it there, as `type: apiKey`, `in: header`",
                );
            }
        }
    }
}
