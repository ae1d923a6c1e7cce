//! The changes of each of a table of edits, and of random ones.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Generated, Level, changelog, diff, verdict};
use crate::compare::fixture::{OURS, any_json, mangled};
use crate::document::spec::{Spec, read};
use crate::generate::syntax;

/// The spec of this workspace after edits.
fn edited(edits: &[&Value]) -> Spec {
    Spec::parse(&crate::compare::fixture::edited(edits).to_string()).unwrap()
}

/// The table of edits.
fn table() -> Vec<Value> {
    let table = read(include_str!("edits.yaml")).unwrap();
    table["table"].as_array().unwrap().clone()
}

/// The edits that lead to each side of a row.
fn sides(row: &Value) -> [Vec<&Value>; 2] {
    let mut sides = [vec![&row["base"]], vec![&row["base"], &row["edits"]]];
    if row["reverse"] == true {
        sides.reverse();
    }
    sides
}

/// Most rows have a side in common, and code takes longest to generate: there is one spec for each list of edits.
#[test]
fn each_edit_has_its_changes() {
    let mut failed = Vec::new();
    let (table, mut specs) = (table(), BTreeMap::new());
    for edits in table.iter().flat_map(sides) {
        let spec = specs.entry(json!(edits).to_string());
        spec.or_insert_with(|| edited(&edits));
    }
    let made = specs
        .iter()
        .map(|(edits, spec)| (edits.as_str(), Generated::new(spec).unwrap()));
    let made: BTreeMap<_, _> = made.collect();
    for row in &table {
        let [old, new] = sides(row).map(|edits| &made[json!(edits).to_string().as_str()]);
        let changes = old.changes_to(new);
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
        let lost: Vec<_> = old.signatures.difference(&new.signatures).collect();
        if !lost.is_empty() && level != Some(Level::Major) {
            failed.push(format!("{}: lost {lost:#?}", row["name"]));
        }
        if old.signatures != new.signatures && level < Some(Level::Minor) {
            failed.push(format!("{}: another signature", row["name"]));
        }
    }
    assert_eq!(failed, Vec::<String>::new(), "{}", failed.join("\n"));
}

/// The value with the keys of its objects in another order, but for the properties of types.
fn reordered(value: &Value) -> Value {
    let entries = |map: &serde_json::Map<String, Value>| -> Vec<_> {
        map.iter()
            .map(|(key, value)| (key.clone(), reordered(value)))
            .collect()
    };
    match value {
        Value::Object(map) if map.contains_key("properties") => {
            let properties = map["properties"]
                .as_object()
                .map(entries)
                .unwrap_or_default();
            let mut map: serde_json::Map<_, _> = entries(map).into_iter().rev().collect();
            map["properties"] = Value::Object(properties.into_iter().collect());
            Value::Object(map)
        }
        Value::Object(map) => Value::Object(entries(map).into_iter().rev().collect()),
        Value::Array(items) => items.iter().map(reordered).collect(),
        other => other.clone(),
    }
}

#[test]
fn a_spec_does_not_differ_from_itself_reordered() {
    let spec = edited(&[]);
    let other = Spec::parse(&reordered(&OURS).to_string()).unwrap();
    assert_eq!(diff(&spec, &other), Ok(vec![]));
    assert_eq!(
        Generated::new(&spec).unwrap().code,
        Generated::new(&other).unwrap().code
    );
    assert_eq!(verdict(&[]), None);
}

#[test]
fn another_row_type_of_a_list_is_major() {
    let spec = edited(&[]);
    let (mut file, _) = syntax(&spec).unwrap();
    let old = Generated::of(&spec, &file);
    let builder = file.items.iter_mut().find_map(|item| match item {
        syn::Item::Mod(module) if module.ident == "builder" => module.content.as_mut(),
        _ => None,
    });
    let mut items = builder.unwrap().1.iter_mut();
    let list = items.find_map(|item| match item {
        syn::Item::Macro(list) => Some(&mut list.mac.tokens),
        _ => None,
    });
    let list = list.unwrap();
    let other = list.to_string().replace("BannedUser ,", "GroupMember ,");
    assert_ne!(other, list.to_string());
    *list = other.parse().unwrap();
    let changes = old.changes_to(&Generated::of(&spec, &file));
    let [change] = &changes[..] else {
        panic!("{changes:#?}")
    };
    assert_eq!(
        (change.level, change.item.as_str()),
        (Level::Major, "builder::ListBannedUsers")
    );
}

#[test]
fn the_order_of_fields_is_a_patch() {
    let mut other = OURS.clone();
    let properties = other["components"]["schemas"]["GroupMember"]["properties"]
        .as_object_mut()
        .unwrap();
    properties.sort_keys();
    let changes = diff(&edited(&[]), &Spec::parse(&other.to_string()).unwrap()).unwrap();
    let [change] = &changes[..] else {
        panic!("{changes:#?}")
    };
    assert_eq!(
        (change.level, change.item.as_str()),
        (Level::Patch, "types::GroupMember")
    );
}

#[test]
fn what_gives_no_code_has_no_verdict() {
    let edits = json!([{"op": "replace", "path": "/paths/~1groups~1{guid}~1members/get/x-pagination/items", "value": "rows"}]);
    let error = diff(&edited(&[]), &edited(&[&edits]))
        .unwrap_err()
        .to_string();
    assert!(error.contains("x-pagination"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_edits_are_compared(
        edits in prop::collection::vec((any::<usize>(), prop::option::of(any_json())), 1..3),
    ) {
        let (ours, other) = (edited(&[]), mangled(OURS.clone(), &edits).to_string());
        let Ok(other) = Spec::parse(&other) else { return Ok(()) };
        let Ok(new) = Generated::new(&other) else { return Ok(()) };
        let old = Generated::new(&ours).unwrap();
        for (from, to) in [(&old, &new), (&new, &old)] {
            let changes = from.changes_to(to);
            prop_assert_eq!(changes.is_empty(), ours.root() == other.root() && old.code == new.code);
            let lost: Vec<_> = from.signatures.difference(&to.signatures).collect();
            prop_assert!(lost.is_empty() || verdict(&changes) == Some(Level::Major), "{:#?} {:#?}", lost, changes);
        }
    }
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
         - **Breaking:** `types::GroupMember::blocked_by_me`: is `String` now, and was `bool`.\n\
         - `types::Guid`: maxLength is `128` now, and was `100`.\n\
         - Documentation of `types::GroupMember`.\n\n\
         ### Removed\n\n\
         - **Breaking:** `types::GroupMember::link`: the field is gone.\n"
    );
}
