//! Words: descriptions, examples, and what a document says of itself.

use serde_json::Value;

use super::Level::Patch;
use super::types::documented;
use super::{Change, Changes, Kind};
use crate::spec::Spec;

/// Compares the words about one thing.
pub(super) fn words(item: &str, old: &Value, new: &Value, changes: &mut Changes) {
    if old["description"] != new["description"] {
        changes.push(documented(item, "description"));
    }
    if old["example"] != new["example"] || old["examples"] != new["examples"] {
        changes.push(documented(item, "example"));
    }
    let deprecated = |value: &Value| value["deprecated"] == true;
    if !deprecated(old) && deprecated(new) {
        changes.push(Change::new(
            Patch,
            Kind::Deprecated,
            item,
            "is deprecated",
            "the generated code doesn't warn of it",
        ));
    }
}

/// Compares what two documents say of themselves, and sees to it that no difference goes unsaid.
pub(super) fn compare(from: &Spec, to: &Spec, changes: &mut Changes) {
    let (old, new) = (&from.root()["info"], &to.root()["info"]);
    for key in ["version", "title", "description"] {
        if old[key] != new[key] {
            changes.push(documented("Client", &format!("{key} of the API")));
        }
    }
    if changes.is_empty() && from.root() != to.root() {
        changes.push(Change::new(
            Patch,
            Kind::Changed,
            "openapi.yaml",
            "something that no code is made of",
            "the generated code is the same but for the hash of the spec",
        ));
    }
}
