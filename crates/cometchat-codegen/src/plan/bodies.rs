//! The types of request bodies, whose values are checked before they are sent.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::document::spec::{Spec, entries, schema_name};
use crate::plan::Operation;

/// How the values of a type are held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nested {
    One,
    List,
    Map,
}

/// The object types of the operations' bodies, and of what those hold, by name.
pub fn sent(spec: &Spec, operations: &[Operation]) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    let bodies = operations
        .iter()
        .filter_map(|operation| operation.body.as_ref());
    let mut next: Vec<_> = bodies.map(|body| &body.schema).collect();
    while let Some(schema) = next.pop() {
        if let Some((name, _)) = nested(spec, schema)
            && reached.insert(name.to_owned())
            && let Some(schema) = spec.schema(name)
        {
            next.extend(entries(&schema["properties"]).map(|(_, property)| property));
        }
    }
    reached
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
    // One that may be null, or has no fields, becomes no struct.
    let schema = spec.schema(name)?;
    let is_struct = schema["nullable"] != true && entries(&schema["properties"]).next().is_some();
    is_struct.then_some((name, nested))
}
