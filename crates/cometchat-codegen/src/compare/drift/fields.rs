//! The fields of a body, in its schema and in its examples.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::difference::{Drifts, only};
use crate::compare::drift::facts::{Facts, Item, MOST_FIELDS, text};
use crate::document::spec::{array, entries};

/// A field of a body.
#[derive(Default)]
pub(super) struct Field {
    types: BTreeSet<String>,
    /// The types of the values that examples have.
    shown: BTreeSet<&'static str>,
    values: Value,
    is_described: bool,
    /// True if it has more fields than were read.
    has_more: bool,
}

/// The fields by the steps to them; the body itself has no step.
pub(super) type Fields = BTreeMap<Vec<String>, Field>;

/// The fields of those bodies, in their schemas and in their examples.
pub(super) fn fields(facts: &Facts, is_of: &dyn Fn(&Item) -> bool) -> Fields {
    let mut fields = Fields::new();
    for (key, stated) in facts.iter().filter(|(key, _)| is_of(&key.item)) {
        for example in stated.get("example").into_iter().flat_map(array) {
            if key.path.is_empty() {
                show(example, &mut Vec::new(), &mut fields);
            }
        }
        let types = text(stated, "type");
        let is_described = !key.path.is_empty() || !types.is_empty();
        // The values of a map have no names to compare.
        if is_described && !key.path.iter().any(|step| step == "{}") {
            let field = fields.entry(key.path.clone()).or_default();
            field.is_described = true;
            field.has_more |= stated.contains_key("has more fields");
            let types = types.split(" or ").filter(|ty| !ty.is_empty());
            field.types.extend(types.map(str::to_owned));
            if field.values.is_null() {
                field.values = stated.get("values").cloned().unwrap_or_default();
            }
        }
    }
    fields
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

/// Counts the fields that are described below a path, if any are.
fn named(fields: &Fields) -> BTreeMap<&[String], usize> {
    let mut named = BTreeMap::new();
    for (path, field) in fields {
        if let Some((step, parent)) = path.split_last()
            && field.is_described
            && step.starts_with('.')
        {
            *named.entry(parent).or_default() += 1;
        }
    }
    named
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
    let mut add = |subject: &str, aspect, ours: &str, theirs: &str| {
        drifts.add(subject, aspect, ours, theirs, convention);
    };
    let (our_named, their_named) = (named(ours), named(theirs));
    for (path, their) in theirs {
        if !ours.contains_key(path) && our_named.contains_key(parent(path)) {
            add(&name(path), "", "", &their.in_words());
        }
    }
    for (path, our) in ours.iter().filter(|(_, our)| our.is_described) {
        let their = theirs.get(path);
        // An item of a list has no name of its own.
        let is_item = path.last().is_none_or(|step| step == "[]");
        let is_there =
            their.is_some() || (is_item && (path.is_empty() || theirs.contains_key(parent(path))));
        let may_name =
            their.is_none_or(|their| their.types.is_empty() || their.types.contains("object"));
        let path = &path[..];
        match our_named.get(path) {
            // They name none of them, so that each is missing says nothing more.
            Some(count) if is_there && may_name && !their_named.contains_key(path) => {
                let fields = match path.concat().trim_start_matches('.') {
                    "" => format!("{what}s"),
                    path => format!("{what}s of `{path}`"),
                };
                add(&fields, "", &format!("{count} described"), "");
            }
            _ if their.is_none() && their_named.contains_key(parent(path)) => {
                add(&name(path), "", &our.in_words(), "");
            }
            _ => {}
        }
        let Some(their) = their else { continue };
        // What we take of any type fits whatever they state; what they only show is held against its example.
        if !our.types.is_empty() {
            let types = our.in_words();
            if their.is_described {
                let stated = match their.in_words() {
                    _ if their.types.is_empty() => "not stated".to_owned(),
                    types => types,
                };
                add(&name(path), "type", &types, &stated);
            }
            let odd = their.shown.iter().filter(|shown| !our.takes(shown));
            let odd: Vec<_> = odd.copied().collect();
            if !odd.is_empty() {
                let shown = format!("{} in an example", odd.join(" or "));
                add(&name(path), "example", &types, &shown);
            }
        }
        if their.is_described {
            let (ours, theirs) = (&our.values, &their.values);
            add(&name(path), "values", "", &only(theirs, ours));
            add(&name(path), "values", &only(ours, theirs), "");
        }
    }
    let said = |fields: &Fields| {
        if fields.len() > MOST_FIELDS || fields.values().any(|field| field.has_more) {
            "not all are compared"
        } else {
            "all compared"
        }
    };
    add(&format!("{what}s"), "number", said(ours), said(theirs));
}

/// Returns a path without its last step.
fn parent(path: &[String]) -> &[String] {
    path.split_last().map_or(&[], |(_, parent)| parent)
}

impl Field {
    fn takes(&self, shown: &str) -> bool {
        self.types.contains(shown) || (shown == "integer" && self.types.contains("number"))
    }

    fn in_words(&self) -> String {
        let shown: Vec<_> = self.shown.iter().copied().collect();
        let types: Vec<_> = self.types.iter().map(String::as_str).collect();
        match (self.is_described, types.is_empty()) {
            (false, _) => format!("{} in an example", shown.join(" or ")),
            (true, true) => "any".to_owned(),
            (true, false) => types.join(" or "),
        }
    }
}
