//! Specs for tests: one as large as a real one after edits, and ones that nobody would write, with any of its
//! values replaced or removed.

use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::document::spec::{Spec, read};
use crate::lint;

/// The spec, read once.
pub(crate) static OURS: LazyLock<Value> =
    LazyLock::new(|| read(include_str!("../../tests/specs/groups.yaml")).unwrap());

/// The spec after edits (RFC 6902), each list of them in turn; one that is null is none.
pub(crate) fn edited(edits: &[&Value]) -> Value {
    let mut root = OURS.clone();
    for edits in edits.iter().filter(|edits| edits.is_array()) {
        let edits: json_patch::Patch = serde_json::from_value((*edits).clone()).unwrap();
        json_patch::patch(&mut root, &edits).unwrap();
    }
    in_order_of(&OURS, root)
}

/// The value with its keys in the order of another, which the removal of a key has disturbed; new ones come last.
fn in_order_of(other: &Value, value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let place = |key: &String| other.as_object()?.keys().position(|other| other == key);
            let mut entries: Vec<_> = map.into_iter().collect();
            entries.sort_by_key(|(key, _)| place(key).unwrap_or(usize::MAX));
            let entries = entries
                .into_iter()
                .map(|(key, value)| (key.clone(), in_order_of(&other[&key], value)));
            Value::Object(entries.collect())
        }
        other => other,
    }
}

/// A JSON value of any sort, three levels deep at most.
pub(crate) fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[a-z/#$.{}\u{e9}-]{0,12}".prop_map(Value::from),
        Just(json!({"$ref": "#/components/schemas/GroupMember"})),
        Just(json!({"allOf": [{"$ref": "#/components/schemas/GroupMembersPage"}]})),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(key(), inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// A key that means something, or one that doesn't.
fn key() -> impl Strategy<Value = String> {
    let known = vec![
        "$ref",
        "type",
        "properties",
        "items",
        "allOf",
        "oneOf",
        "enum",
        "default",
        "required",
        "schema",
        "parameters",
        "in",
        "name",
        "get",
        "/groups/{guid}/members",
        "responses",
        "200",
        "content",
        "application/json",
        "example",
        "examples",
        "servers",
        "url",
        "variables",
        "security",
        "x-pagination",
        "x-extensible-enum",
        "x-enum-of",
        "explode",
    ];
    prop_oneof![
        4 => prop::sample::select(known).prop_map(str::to_owned),
        1 => "[a-z/{}.-]{0,8}",
    ]
}

/// `root` with the value at each place replaced by another, or removed.
pub(crate) fn mangled(mut root: Value, edits: &[(usize, Option<Value>)]) -> Value {
    for (place, replacement) in edits {
        let mut pointers = Vec::new();
        collect(&root, String::new(), &mut pointers);
        let pointer = &pointers[place % pointers.len()];
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        match (replacement, root.pointer_mut(parent).unwrap()) {
            (Some(value), _) => *root.pointer_mut(pointer).unwrap() = value.clone(),
            (None, Value::Object(map)) => {
                map.remove(&key.replace("~1", "/").replace("~0", "~"));
            }
            (None, Value::Array(items)) => {
                items.remove(key.parse().unwrap());
            }
            (None, _) => unreachable!("{parent} holds {key}"),
        }
        if !root.is_object() || root == json!({}) {
            break;
        }
    }
    root
}

fn collect(value: &Value, at: String, pointers: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| (key.replace('~', "~0").replace('/', "~1"), value))
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(index, value)| (index.to_string(), value))
            .collect(),
        _ => Vec::new(),
    };
    for (key, value) in children {
        let at = format!("{at}/{key}");
        pointers.push(at.clone());
        collect(value, at, pointers);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_mangled_spec_is_judged(
        edits in prop::collection::vec((any::<usize>(), prop::option::of(any_json())), 1..5),
    ) {
        let other = mangled(OURS.clone(), &edits);
        if let Ok(other) = Spec::parse(&other.to_string()) {
            let _ = lint(&other);
        }
    }
}
