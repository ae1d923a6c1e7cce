//! The types of request bodies whose values are checked before they are sent, with what holds them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::ir::{Check, Operation};
use crate::rewrite::naming::property_field;
use crate::spec::{Spec, entries, schema_name};

/// A field that is checked.
#[derive(Debug)]
pub struct CheckedField {
    /// The name on the wire.
    pub name: String,
    /// The field.
    pub field: String,
    /// What its value is held to.
    pub checks: Vec<Check>,
    /// The type that has checks of its own, and how its values are held.
    pub nested: Option<Nested>,
}

/// How the values of a type are held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nested {
    One,
    List,
    Map,
}

/// The types of the operations' bodies, by name, of which something is checked.
pub fn checked(spec: &Spec, operations: &[Operation]) -> BTreeMap<String, Vec<CheckedField>> {
    let mut reached = BTreeSet::new();
    let mut next: Vec<&str> = operations
        .iter()
        .filter_map(|operation| nested(spec, &operation.body.as_ref()?.schema))
        .map(|(name, _)| name)
        .collect();
    while let Some(name) = next.pop() {
        if reached.insert(name) {
            let properties = &spec.schema(name).unwrap_or(&Value::Null)["properties"];
            next.extend(
                entries(properties).filter_map(|(_, property)| Some(nested(spec, property)?.0)),
            );
        }
    }
    let own = |name: &str| {
        let properties = &spec.schema(name).unwrap_or(&Value::Null)["properties"];
        entries(properties).any(|(_, property)| !Check::of(spec, property).is_empty())
    };
    let mut checked: BTreeSet<&str> = reached.iter().copied().filter(|name| own(name)).collect();
    // A type that holds a checked one is checked.
    loop {
        let before = checked.len();
        for name in &reached {
            let properties = &spec.schema(name).unwrap_or(&Value::Null)["properties"];
            let holds = entries(properties)
                .filter_map(|(_, property)| nested(spec, property))
                .any(|(inner, _)| checked.contains(inner));
            if holds {
                checked.insert(name);
            }
        }
        if checked.len() == before {
            break;
        }
    }
    let fields = |name: &str| {
        let properties = &spec.schema(name).unwrap_or(&Value::Null)["properties"];
        let fields = entries(properties).map(|(name, property)| CheckedField {
            name: name.clone(),
            field: property_field(name, property),
            checks: Check::of(spec, property),
            nested: nested(spec, property)
                .filter(|(inner, _)| checked.contains(inner))
                .map(|(_, nested)| nested),
        });
        fields
            .filter(|field| !field.checks.is_empty() || field.nested.is_some())
            .collect()
    };
    checked
        .iter()
        .map(|name| ((*name).to_owned(), fields(name)))
        .collect()
}

/// The object type that a schema names, or holds in a list or a map.
pub fn nested<'a>(spec: &'a Spec, schema: &'a Value) -> Option<(&'a str, Nested)> {
    let whole = spec.target(schema);
    let (inner, nested) = if whole["type"] == "array" {
        (&whole["items"], Nested::List)
    } else if whole["properties"].is_object() {
        (schema, Nested::One)
    } else {
        (&whole["additionalProperties"], Nested::Map)
    };
    let mut name = schema_name(inner)?;
    while let Some(further) = spec.schema(name).and_then(schema_name) {
        name = further;
    }
    spec.schema(name)?["properties"]
        .is_object()
        .then_some((name, nested))
}
