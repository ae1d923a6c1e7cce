//! `operation-id`: each operation has an id, in snake case, of its own.
//!
//! The id is the name of the client's method, and of the builder. Without one progenitor leaves the operation out or
//! stops; two of the same give two methods of one name; any other case is rewritten, so that the method is not called
//! what the spec says.

use std::collections::BTreeMap;

use super::document::Document;
use super::{Findings, Rule};

pub(super) const RULE: Rule = Rule {
    name: "operation-id",
    why: "the id is the name of the client's method: there, snake case, and no other operation's",
    check,
};

fn check(document: &Document<'_>, findings: &mut Findings) {
    let mut seen = BTreeMap::new();
    for operation in document.spec.operations() {
        let (id, place) = (operation.id(), operation.place());
        if id.is_empty() {
            findings.add(
                place,
                "the operation has no `operationId`, so its method would have no name",
                "add `operationId: verb_noun`, such as `list_group_members`",
            );
            continue;
        }
        if !is_snake_case(id) {
            findings.add(
                format!("{place}.operationId"),
                format!(
                    "`{id}` is not in snake case, so the method would be called something else"
                ),
                "write lower-case words joined by `_`, such as `list_group_members`",
            );
        }
        if let Some(first) = seen.insert(id, place.clone()) {
            findings.add(
                format!("{place}.operationId"),
                format!("`{id}` is the id of {first} too, and two methods can't have one name"),
                "give one of them another id",
            );
        }
    }
}

fn is_snake_case(id: &str) -> bool {
    id.starts_with(|c: char| c.is_ascii_lowercase())
        && id.split('_').all(|word| {
            !word.is_empty()
                && word
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        })
}
