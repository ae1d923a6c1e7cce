//! The fields of a body, in its schema and in its examples.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Drifts;
use super::subjects::Operation;
use crate::compare::facts::{Key, MOST_FIELDS};
use crate::spec::{array, entries};

/// What is known of a field.
#[derive(Default)]
pub(super) struct Field {
    types: BTreeSet<String>,
    /// The types of the values that examples have.
    shown: BTreeSet<&'static str>,
    values: Value,
    is_described: bool,
    /// How many fields are described in it.
    fields: usize,
}

/// The fields by the steps to them; the body itself has no step.
pub(super) type Fields = BTreeMap<Vec<String>, Field>;

/// Adds what a schema describes, and what is in it, until a circle closes or there are too many.
pub(super) fn describe(
    of: &Operation<'_>,
    key: &Key,
    path: &mut Vec<String>,
    above: &mut Vec<Key>,
    fields: &mut Fields,
) {
    let attributes = of.of(key);
    if above.is_empty() {
        for example in attributes.get("example").into_iter().flat_map(array) {
            show(example, path, fields);
        }
    }
    let target = of.target(key);
    if fields.len() > MOST_FIELDS
        || (above.is_empty() && !attributes.contains_key("type") && target == *key)
    {
        return;
    }
    let field = fields.entry(path.clone()).or_default();
    field.is_described = true;
    let types = attributes.get("type").and_then(Value::as_str);
    field.types.extend(
        types
            .into_iter()
            .flat_map(|types| types.split(" or "))
            .map(str::to_owned),
    );
    if field.values.is_null() {
        field.values = attributes.get("values").cloned().unwrap_or_default();
    }
    if above.contains(&target) {
        return;
    }
    let inside = of
        .facts
        .range(target.clone()..)
        .map(|(key, _)| key)
        .take_while(|key| {
            key.owner == target.owner
                && key.item == target.item
                && key.path.starts_with(&target.path)
        });
    // The values of a map have no names to compare.
    let inside: Vec<_> = inside
        .filter(|key| {
            key.path.len() == target.path.len() + 1 && !key.path.ends_with(&["{}".to_owned()])
        })
        .collect();
    let named = inside
        .iter()
        .filter(|key| key.path.last().is_some_and(|step| step != "[]"))
        .count();
    field.fields = field.fields.max(named);
    above.push(target);
    for key in inside {
        path.extend(key.path.last().cloned());
        describe(of, key, path, above, fields);
        path.pop();
    }
    above.pop();
}

/// Adds the fields of an example.
fn show(value: &Value, path: &mut Vec<String>, fields: &mut Fields) {
    if fields.len() > MOST_FIELDS {
        return;
    }
    let shown = &mut fields.entry(path.clone()).or_default().shown;
    shown.extend(match value {
        Value::Null => None,
        Value::Bool(_) => Some("boolean"),
        Value::Number(number) => Some(if number.is_f64() { "number" } else { "integer" }),
        Value::String(_) => Some("string"),
        Value::Array(_) => Some("array"),
        Value::Object(_) => Some("object"),
    });
    let named = entries(value).map(|(name, value)| (format!(".{name}"), value));
    for (step, value) in named.chain(array(value).map(|value| ("[]".to_owned(), value))) {
        path.push(step);
        show(value, path, fields);
        path.pop();
    }
}

/// Compares the fields of a body. `what` is what they are called, such as `field`.
pub(super) fn compare(
    what: &str,
    ours: &Fields,
    theirs: &Fields,
    convention: bool,
    drifts: &mut Drifts,
) {
    let name = |path: &[String]| match path.concat().trim_start_matches('.') {
        "" => what.replace("field", "body"),
        path => format!("{what} `{path}`"),
    };
    let names_fields = |fields: &Fields, path: &[String]| {
        let parent = path.split_last().and_then(|(_, parent)| fields.get(parent));
        parent.is_some_and(|parent| parent.fields > 0)
    };
    for (path, their) in theirs {
        if !ours.contains_key(path) && names_fields(ours, path) {
            drifts.add(&name(path), "", "", &their.in_words(), convention);
        }
    }
    for (path, our) in ours.iter().filter(|(_, our)| our.is_described) {
        let their = theirs.get(path);
        // An item of a list has no name of its own.
        let is_item = path.last().is_none_or(|step| step == "[]");
        let is_there = their.is_some()
            || (is_item && (path.is_empty() || theirs.contains_key(&path[..path.len() - 1])));
        let may_name =
            their.is_none_or(|their| their.types.is_empty() || their.types.contains("object"));
        let names_none = their.is_none_or(|their| their.fields == 0);
        if our.fields > 0 && is_there && may_name && names_none {
            // They name none of them, so that each is missing says nothing more.
            let fields = match path.concat().trim_start_matches('.') {
                "" => format!("{what}s"),
                path => format!("{what}s of `{path}`"),
            };
            drifts.add(
                &fields,
                "",
                &format!("{} described", our.fields),
                "",
                convention,
            );
        } else if their.is_none() && names_fields(theirs, path) {
            drifts.add(&name(path), "", &our.in_words(), "", convention);
        }
        let Some(their) = their else { continue };
        // What we take of any type fits whatever they state; what they only show is held against its example.
        let types = joined(our.types.iter().map(String::as_str));
        if !types.is_empty() && their.is_described {
            let stated = if their.types.is_empty() {
                "not stated".to_owned()
            } else {
                their.in_words()
            };
            drifts.add(&name(path), "type", &types, &stated, convention);
        }
        let fits = |shown: &str| {
            our.types.contains(shown) || (shown == "integer" && our.types.contains("number"))
        };
        let odd = joined(their.shown.iter().copied().filter(|shown| !fits(shown)));
        if !types.is_empty() && !odd.is_empty() {
            drifts.add(
                &name(path),
                "example",
                &types,
                &format!("{odd} in an example"),
                convention,
            );
        }
        if their.is_described {
            drifts.values(&name(path), &our.values, &their.values);
        }
    }
    if ours.len() > MOST_FIELDS || theirs.len() > MOST_FIELDS {
        let said = |fields: &Fields| {
            if fields.len() > MOST_FIELDS {
                "not all are compared"
            } else {
                "all compared"
            }
        };
        drifts.add(
            &format!("{what}s"),
            "number",
            said(ours),
            said(theirs),
            convention,
        );
    }
}

fn joined<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(" or ")
}

impl Field {
    fn in_words(&self) -> String {
        match (self.is_described, self.types.is_empty()) {
            (false, _) => format!("{} in an example", joined(self.shown.iter().copied())),
            (true, true) => "any".to_owned(),
            (true, false) => joined(self.types.iter().map(String::as_str)),
        }
    }
}
