//! `named-components`: whatever becomes a Rust type has a name in `components.schemas`.
//!
//! typify gives an inline object, enum or constrained string a name made of where it stands
//! (`ListGroupMembersResponseDataItem`), which changes when something is put before it; the same enum inline twice
//! becomes two types; a constrained string inline in a path becomes one type for each operation.

use super::document::{Document, Kind, Role};
use super::{Findings, Rule};
use crate::spec::schema_name;

pub(super) const RULE: Rule = Rule {
    name: "named-components",
    why: "what stands inline gets a positional name, and a type of its own wherever it stands",
    check,
};

const NAME_IT: &str = "move it to `components.schemas` under a name, and refer to it by `$ref`";

fn check(document: &Document<'_>, findings: &mut Findings) {
    for (role, node) in document.schemas() {
        let schema = node.value;
        if role == Role::Component || schema_name(schema).is_some() {
            continue;
        }
        let has = |key: &str| !schema[key].is_null();
        let problem = if role == Role::Body {
            "the schema of a body stands inline, so its type would be named by position"
        } else if schema["type"] == "object" || has("properties") || has("additionalProperties") {
            "an object stands inline, so its type would be named by position"
        } else if has("enum") || has("x-extensible-enum") {
            "an enum stands inline, so each place would get a type of its own"
        } else if schema["type"] == "string"
            && (has("pattern") || has("minLength") || has("maxLength"))
        {
            "a constrained string stands inline, so each place would get a type of its own"
        } else {
            continue;
        };
        findings.add(&node.place, problem, NAME_IT);
    }
    for node in document.of(Kind::MediaType) {
        if node.value["schema"].is_null() {
            findings.add(
                &node.place,
                "the body has no schema, at which the generator stops",
                "add `schema:` with a `$ref` to a named schema",
            );
        }
    }
}
