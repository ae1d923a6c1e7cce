//! What each of a table of edits means: the spec of this workspace before and after it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::signatures::signatures;
use super::{Level, changelog, diff, verdict};
use crate::spec::{Spec, read};
use crate::{generate, lint};

/// The spec of this workspace after edits.
fn edited(edits: &[&Value]) -> Spec {
    Spec::parse(&crate::lint::fixture::edited(edits).to_string()).unwrap()
}

/// The table of edits.
fn table() -> Vec<Value> {
    let table = read(include_str!("edits.yaml")).unwrap();
    table["table"].as_array().unwrap().clone()
}

#[test]
fn each_edit_has_its_changes() {
    for row in table() {
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

/// The client itself needs an address and a header, so no code is generated without them; other generators may.
#[test]
fn the_signature_of_the_address_and_the_headers_are_public() {
    let rows = |edits: Value| -> Vec<String> {
        diff(&edited(&[]), &edited(&[&edits]))
            .iter()
            .map(|change| format!("{} {}", change.level, change.item))
            .collect()
    };
    let domain = json!({"default": "cometchat.io", "description": "Where."});
    let more = json!([{"op": "add", "path": "/servers/0/variables/domain", "value": domain}]);
    assert_eq!(rows(more), ["major server::url"]);
    let gone = json!([{"op": "remove", "path": "/components/securitySchemes/onBehalfOf"}]);
    assert_eq!(rows(gone), ["major server::ON_BEHALF_OF_HEADER"]);
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

#[test]
fn what_breaks_a_signature_is_major_and_what_changes_one_is_no_patch() {
    let mut made = BTreeMap::new();
    for row in table() {
        let name = &row["name"];
        let mut sides = [
            edited(&[&row["base"]]),
            edited(&[&row["base"], &row["edits"]]),
        ];
        for spec in &sides {
            assert_eq!(lint(spec), [], "{name}");
            made.entry(spec.sha256().to_owned())
                .or_insert_with(|| signatures(&generate(&spec.root().to_string()).unwrap()));
        }
        if row["reverse"] == true {
            sides.reverse();
        }
        let [from, to] = &sides;
        let (old, new) = (&made[from.sha256()], &made[to.sha256()]);
        let level = verdict(&diff(from, to));
        let lost: Vec<_> = old.difference(new).collect();
        assert!(
            lost.is_empty() || level == Some(Level::Major),
            "{name}: {lost:#?}"
        );
        assert!(old == new || level >= Some(Level::Minor), "{name}");
    }
}
