//! What each of a table of edits means: the spec of this workspace before and after it.

use serde_json::{Value, json};

use super::{Level, changelog, diff, verdict};
use crate::spec::{Spec, read};

const SPEC: &str = include_str!("../../../../openapi.yaml");

/// The spec of this workspace after edits, each list of them in turn.
fn edited(edits: &[&Value]) -> Spec {
    let mut root = read(SPEC).unwrap();
    for edits in edits.iter().filter(|edits| edits.is_array()) {
        let edits: json_patch::Patch = serde_json::from_value((*edits).clone()).unwrap();
        json_patch::patch(&mut root, &edits).unwrap();
    }
    Spec::parse(&root.to_string()).unwrap()
}

#[test]
fn each_edit_has_its_changes() {
    let table: Vec<Value> = serde_saphyr::from_str(include_str!("edits.yaml")).unwrap();
    for row in &table {
        let mut sides = [
            edited(&[&row["base"]]),
            edited(&[&row["base"], &row["edits"]]),
        ];
        if row["reverse"] == true {
            sides.reverse();
        }
        let changes: Vec<String> = diff(&sides[0], &sides[1])
            .iter()
            .map(|change| format!("{} {}", change.level, change.item))
            .collect();
        assert_eq!(json!(changes), row["changes"], "{}", row["name"]);
    }
}

#[test]
fn a_spec_does_not_differ_from_itself() {
    let spec = edited(&[]);
    assert_eq!(diff(&spec, &spec), []);
    assert_eq!(verdict(&[]), None);
}

#[test]
fn the_changelog_puts_what_breaks_first_and_words_last() {
    let edits = json!([
        {"op": "remove", "path": "/components/schemas/GroupMember/properties/link"},
        {"op": "replace", "path": "/components/schemas/Guid/maxLength", "value": 128},
        {"op": "replace", "path": "/components/schemas/GroupMember/properties/role/type", "value": "integer"},
        {"op": "replace", "path": "/components/schemas/GroupMember/description", "value": "Somebody."},
        {"op": "add", "path": "/servers/0/variables/region/enum/-", "value": "au"},
    ]);
    let changes = diff(&edited(&[]), &edited(&[&edits]));
    assert_eq!(verdict(&changes), Some(Level::Major));
    assert_eq!(
        changelog("0.2.0", &changes),
        "## [0.2.0] - unreleased\n\n\
         ### Added\n\n\
         - `server::Region::Au`: a new variant.\n\n\
         ### Changed\n\n\
         - **Breaking:** `types::GroupMember::role`: is `Option<i64>` now, and was `Option<String>`.\n\
         - `types::Guid`: maxLength is 128 now, and was 100.\n\
         - Documentation of `types::GroupMember`.\n\n\
         ### Removed\n\n\
         - **Breaking:** `types::GroupMember::link`: the field is gone.\n"
    );
}
