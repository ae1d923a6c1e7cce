//! What each of a table of edits means: the spec of this workspace before and after it.

use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::{Value, json};

use super::signatures::signatures;
use super::{Level, Side, changelog, compare, diff, things, type_names, verdict};
use crate::compare::facts::facts;
use crate::spec::{Spec, read};

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
    let mut failed = Vec::new();
    let mut made = BTreeMap::new();
    for row in table() {
        let mut specs = [
            edited(&[&row["base"]]),
            edited(&[&row["base"], &row["edits"]]),
        ];
        if row["reverse"] == true {
            specs.reverse();
        }
        let sides = specs.each_ref().map(|spec| {
            let made = made.entry(spec.sha256().to_owned());
            Rc::clone(made.or_insert_with(|| {
                let side = Side::new(spec).unwrap();
                Rc::new((signatures(&side.code), side.code, side.things))
            }))
        });
        let [old, new] = &sides;
        let side = |index: usize| {
            let (_, code, things) = &*sides[index];
            Side {
                spec: &specs[index],
                code: code.clone(),
                things: things.clone(),
            }
        };
        let changes = side(0).changes_to(&side(1));
        let rows: Vec<_> = changes
            .iter()
            .map(|change| format!("{} {}", change.level, change.item))
            .collect();
        if json!(rows) != row["changes"] {
            failed.push(format!(
                "{}: {rows:#?} and not {}",
                row["name"], row["changes"]
            ));
        }
        // An independent judge: what breaks a signature is major, and what changes one is no patch.
        let level = verdict(&changes);
        let lost: Vec<_> = old.0.difference(&new.0).collect();
        if !lost.is_empty() && level != Some(Level::Major) {
            failed.push(format!("{}: lost {lost:#?}", row["name"]));
        }
        if old.0 != new.0 && level < Some(Level::Minor) {
            failed.push(format!("{}: another signature", row["name"]));
        }
    }
    assert_eq!(failed, Vec::<String>::new(), "{}", failed.join("\n"));
}

/// The client itself needs an address and a header, so no code is generated without them; other generators may.
#[test]
fn the_signature_of_the_address_and_the_headers_are_public() {
    let types = type_names(&Side::new(&edited(&[])).unwrap().code);
    let things = |spec: &Spec| things(&facts(spec.root()), &types);
    let rows = |edits: Value| -> Vec<String> {
        let changes = compare(&things(&edited(&[])), &things(&edited(&[&edits])));
        changes
            .iter()
            .map(|change| format!("{} {}", change.level, change.item))
            .collect()
    };
    let domain = json!({"default": "cometchat.io", "description": "Where."});
    let more = json!([{"op": "add", "path": "/servers/0/variables/domain", "value": domain},
        {"op": "replace", "path": "/servers/0/url", "value": "https://{appId}.api-{region}.{domain}/v3"}]);
    assert_eq!(rows(more), ["patch server::URL", "major server::url"]);
    let gone = json!([{"op": "remove", "path": "/components/securitySchemes/onBehalfOf"}]);
    assert_eq!(rows(gone), ["major server::ON_BEHALF_OF_HEADER"]);
}

#[test]
fn a_spec_does_not_differ_from_itself() {
    let spec = edited(&[]);
    assert_eq!(diff(&spec, &spec), Ok(vec![]));
    assert_eq!(verdict(&[]), None);
}

#[test]
fn the_changelog_puts_what_breaks_first_and_words_last() {
    let edits = json!([
        {"op": "remove", "path": "/components/schemas/GroupMember/properties/link"},
        {"op": "replace", "path": "/components/schemas/Guid/maxLength", "value": 128},
        {"op": "replace", "path": "/components/schemas/GroupMember/properties/blockedByMe/type", "value": "string"},
        {"op": "replace", "path": "/components/schemas/GroupMember/description", "value": "Somebody."},
        {"op": "add", "path": "/servers/0/variables/region/enum/-", "value": "au"},
    ]);
    let changes = diff(&edited(&[]), &edited(&[&edits])).unwrap();
    assert_eq!(verdict(&changes), Some(Level::Major));
    assert_eq!(
        changelog("0.2.0", &changes),
        "## [0.2.0] - unreleased\n\n\
         ### Added\n\n\
         - `server::Region::Au`: a new variant.\n\n\
         ### Changed\n\n\
         - **Breaking:** `types::GroupMember::blocked_by_me`: is `string` now, and was `boolean`.\n\
         - `types::Guid`: maxLength is `128` now, and was `100`.\n\
         - Documentation of `types::GroupMember`.\n\n\
         ### Removed\n\n\
         - **Breaking:** `types::GroupMember::link`: the field is gone.\n"
    );
}
