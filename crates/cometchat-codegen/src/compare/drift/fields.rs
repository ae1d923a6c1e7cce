//! The fields of a body in both documents, in lockstep: what one side alone has is not looked into.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::matching::{Side, values};
use super::{Drifts, Key};
use crate::compare::facts::MOST_FIELDS;
use crate::spec::{array, entries};

/// One place in the bodies of one side: what describes it, and the values that examples have there.
pub(super) struct Node<'a> {
    side: &'a Side<'a>,
    described: Vec<Key>,
    shown: Vec<Value>,
}

impl<'a> Node<'a> {
    /// The place of whole bodies, each a response or a request body.
    pub(super) fn of(side: &'a Side<'a>, mut bodies: Vec<Key>) -> Self {
        let examples = |key: &Key| {
            side.facts
                .get(key)
                .and_then(|body| body.get("example"))
                .cloned()
                .unwrap_or_default()
        };
        let shown = bodies
            .iter()
            .flat_map(|key| array(&examples(key)).cloned().collect::<Vec<_>>())
            .collect();
        // A body without a schema describes nothing.
        bodies.retain(|key| {
            side.facts
                .get(key)
                .is_some_and(|body| ["type", "ref"].iter().any(|is| body.contains_key(is)))
        });
        Self {
            side,
            described: bodies,
            shown,
        }
    }

    fn nowhere(side: &'a Side<'a>) -> Self {
        Self {
            side,
            described: Vec::new(),
            shown: Vec::new(),
        }
    }

    fn is_anywhere(&self) -> bool {
        !self.described.is_empty() || !self.shown.is_empty()
    }

    fn types(&self) -> BTreeSet<String> {
        let types = self
            .described
            .iter()
            .filter_map(|key| Some(self.side.of(key).get("type")?.as_str()?.to_owned()));
        types
            .flat_map(|types| types.split(" or ").map(str::to_owned).collect::<Vec<_>>())
            .collect()
    }

    fn types_shown(&self) -> BTreeSet<String> {
        let shown = self.shown.iter().filter(|value| !value.is_null());
        shown.map(|value| type_of(value).to_owned()).collect()
    }

    fn values(&self) -> Vec<String> {
        let listed = self
            .described
            .iter()
            .find_map(|key| self.side.of(key).remove("values"));
        values(&listed.unwrap_or_default())
    }

    /// Whether not all of the fields were read.
    fn is_cut(&self) -> bool {
        self.described
            .iter()
            .any(|key| self.side.of(key).contains_key("cut"))
    }

    /// What is a step further inside, by the step.
    fn inside(&self) -> BTreeMap<String, Self> {
        let mut inside: BTreeMap<String, Self> = BTreeMap::new();
        for key in self.described.iter().map(|key| self.side.target(key)) {
            let below = self
                .side
                .facts
                .range(key.clone()..)
                .map(|(other, _)| other)
                .skip(1);
            let below = below.take_while(|other| {
                other.owner == key.owner
                    && other.item == key.item
                    && other.path.starts_with(&key.path)
            });
            for child in below.filter(|other| other.path.len() == key.path.len() + 1) {
                let node = inside.entry(child.path[key.path.len()].clone());
                node.or_insert_with(|| Self::nowhere(self.side))
                    .described
                    .push(child.clone());
            }
        }
        for value in &self.shown {
            let named = entries(value).map(|(name, value)| (format!(".{name}"), value));
            for (step, value) in named.chain(array(value).map(|value| ("[]".to_owned(), value))) {
                inside
                    .entry(step)
                    .or_insert_with(|| Self::nowhere(self.side))
                    .shown
                    .push(value.clone());
            }
        }
        inside
    }

    fn in_words(&self) -> String {
        match (self.described.is_empty(), joined(&self.types())) {
            (true, _) => format!("{} in an example", joined(&self.types_shown())),
            (false, types) if types.is_empty() => "any".to_owned(),
            (false, types) => types,
        }
    }
}

/// Compares the fields of a body. `what` is what they are called, such as `field`.
pub(super) fn compare(what: &str, mut ours: Node<'_>, theirs: Node<'_>, drifts: &mut Drifts) {
    // Ours describes what its examples show.
    ours.shown.clear();
    if ours.is_anywhere() || theirs.is_anywhere() {
        node(what, "", &ours, &theirs, &mut Vec::new(), drifts);
    }
}

fn node(
    what: &str,
    path: &str,
    ours: &Node<'_>,
    theirs: &Node<'_>,
    above: &mut Vec<Vec<Key>>,
    drifts: &mut Drifts,
) {
    let name = |path: &str| path.trim_start_matches('.').to_owned();
    let subject = |path: &str| match name(path) {
        path if path.is_empty() => what.replace("field", "body"),
        path => format!("{what} `{path}`"),
    };
    let here = subject(path);
    let fields_here = match name(path) {
        path if path.is_empty() => format!("{what}s"),
        path => format!("{what}s of `{path}`"),
    };
    let (our, their) = (ours.types(), theirs.types());
    // What we take of any type fits whatever they state; what they only show is held against its example.
    if !our.is_empty() && !theirs.described.is_empty() && our != their {
        let stated = if their.is_empty() {
            "not stated".to_owned()
        } else {
            joined(&their)
        };
        drifts.compare(&here, "type", Some(joined(&our)), Some(stated));
    }
    let mut odd = theirs.types_shown();
    odd.retain(|shown| !fits(shown, &our));
    if !our.is_empty() && !odd.is_empty() {
        drifts.compare(
            &here,
            "example",
            Some(joined(&our)),
            Some(format!("{} in an example", joined(&odd))),
        );
    }
    if !theirs.described.is_empty() {
        drifts.values(&here, &ours.values(), &theirs.values());
    }
    let cut = |node: &Node<'_>| {
        node.is_cut()
            .then(|| format!("more than {MOST_FIELDS}, of which the rest is not compared"))
    };
    drifts.compare(&fields_here, "number", cut(ours), cut(theirs));

    let (mut our, mut their) = (ours.inside(), theirs.inside());
    // Values of a map have no names to compare.
    our.remove("{}");
    their.remove("{}");
    let targets: Vec<_> = ours
        .described
        .iter()
        .map(|key| ours.side.target(key))
        .collect();
    if our.is_empty() || above.contains(&targets) {
        return;
    }
    let lists = their.values().any(|field| !field.described.is_empty());
    let is_list = our.contains_key("[]");
    if !lists && !is_list {
        let other_type = !theirs.types().is_empty() && !theirs.types().contains("object");
        if !other_type {
            // They describe none of them, so that each is missing says nothing more.
            drifts.compare(
                &fields_here,
                "",
                Some(format!("{} described", our.len())),
                None,
            );
        }
    }
    above.push(targets);
    for (step, field) in &their {
        if !our.contains_key(step) {
            drifts.compare(
                &subject(&format!("{path}{step}")),
                "",
                None,
                Some(field.in_words()),
            );
        }
    }
    for (step, field) in &our {
        let path = format!("{path}{step}");
        match their.get(step) {
            Some(other) => node(what, &path, field, other, above, drifts),
            None if step == "[]" => node(
                what,
                &path,
                field,
                &Node::nowhere(theirs.side),
                above,
                drifts,
            ),
            None if lists => drifts.compare(&subject(&path), "", Some(field.in_words()), None),
            None => {}
        }
    }
    above.pop();
}

fn joined(names: &BTreeSet<String>) -> String {
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    names.join(" or ")
}

/// The type of a value.
fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// Whether a value of that type is one of those types; a whole number is a number.
fn fits(shown: &str, types: &BTreeSet<String>) -> bool {
    types.contains(shown) || (shown == "integer" && types.contains("number"))
}
