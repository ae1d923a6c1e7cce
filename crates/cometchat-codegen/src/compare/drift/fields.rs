//! The fields of a body, in its schema and in its examples.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::schema::{Facts, joined, parts, resolve, type_of};
use super::servers::compare_values;
use super::{Drifts, Group};
use crate::spec::{array, entries};

/// How many fields of a body are looked at. What has more leads in a circle, or is data.
const MOST_FIELDS: usize = 2_000;
/// How deep fields may lie.
const MOST_DEPTH: usize = 12;

/// What is known of a field.
#[derive(Default)]
struct Field<'a> {
    types: BTreeSet<&'a str>,
    seen: BTreeSet<&'a str>,
    values: Vec<String>,
    described: bool,
    /// Whether it is an object whose properties are named.
    named: bool,
}

/// The fields of a body by their paths, as in `data[].uid`; the body itself has an empty path.
#[derive(Default)]
pub(super) struct Fields<'a> {
    found: BTreeMap<String, Field<'a>>,
    /// Whether there are more.
    cut: bool,
}

impl<'a> Fields<'a> {
    /// The fields of bodies, each a request body or a response of the document.
    pub(super) fn of(root: &'a Value, bodies: impl IntoIterator<Item = &'a Value>) -> Self {
        let mut fields = Self::default();
        for body in bodies {
            let content = &body["content"];
            let json = entries(content).find(|(name, _)| name.contains("json"));
            if let Some((_, media)) = json.or_else(|| entries(content).next()) {
                fields.add(root, media);
            }
        }
        fields
    }

    /// Adds the fields of a media type: those of its schema, and those of its examples.
    fn add(&mut self, root: &'a Value, media: &'a Value) {
        let schema = &media["schema"];
        if !schema.is_null() {
            self.schema(root, schema, String::new(), &mut Vec::new());
        }
        let named =
            entries(&media["examples"]).map(|(_, example)| &resolve(root, example)["value"]);
        let mut examples: Vec<&Value> = [&media["example"]].into_iter().chain(named).collect();
        for schema in parts(root, schema) {
            examples.push(&schema["example"]);
            examples.extend(array(&schema["examples"]));
        }
        for example in examples.into_iter().filter(|example| !example.is_null()) {
            self.example(example, String::new(), 0);
        }
    }

    fn field(&mut self, path: &str) -> Option<&mut Field<'a>> {
        if self.found.len() >= MOST_FIELDS && !self.found.contains_key(path) {
            self.cut = true;
            return None;
        }
        Some(self.found.entry(path.to_owned()).or_default())
    }

    fn schema(
        &mut self,
        root: &'a Value,
        schema: &'a Value,
        path: String,
        above: &mut Vec<*const Value>,
    ) {
        let schemas = parts(root, schema);
        let facts = Facts::of(root, schema);
        let Some(field) = self.field(&path) else {
            return;
        };
        field.described = true;
        field.types.extend(&facts.types);
        if field.values.is_empty() && facts.items.is_empty() {
            field.values = facts.values;
        }
        field.named |= schemas
            .iter()
            .any(|schema| schema["properties"].is_object());
        if above.len() == MOST_DEPTH {
            return;
        }
        for schema in schemas {
            // A schema within itself: its fields are those that are there already.
            let address: *const Value = schema;
            if above.contains(&address) {
                continue;
            }
            above.push(address);
            for (name, property) in entries(&schema["properties"]) {
                self.schema(root, property, below(&path, name), above);
            }
            if !schema["items"].is_null() {
                self.schema(root, &schema["items"], format!("{path}[]"), above);
            }
            above.pop();
        }
    }

    fn example(&mut self, value: &'a Value, path: String, depth: usize) {
        let Some(field) = self.field(&path) else {
            return;
        };
        if !value.is_null() {
            field.seen.insert(type_of(value));
        }
        if depth == MOST_DEPTH {
            return;
        }
        for (name, value) in entries(value) {
            self.example(value, below(&path, name), depth + 1);
        }
        for value in array(value) {
            self.example(value, format!("{path}[]"), depth + 1);
        }
    }

    /// Whether the field of that path is there, and may hold fields that are not named.
    fn takes_any(&self, path: &str) -> bool {
        self.found
            .get(path)
            .is_some_and(|field| field.described && !field.named && !field.types.contains("array"))
    }
}

fn below(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

/// Compares the fields of a body. `what` is what they are called, such as `field`.
pub(super) fn compare(what: &str, ours: &Fields<'_>, theirs: &Fields<'_>, drifts: &mut Drifts) {
    for (path, field) in &theirs.found {
        if !ours.found.contains_key(path) && is_topmost(path, ours) {
            drifts.note(
                Group::Theirs,
                &subject(what, path),
                "",
                String::new(),
                shown(field),
            );
        }
    }
    for (path, our) in &ours.found {
        let subject = subject(what, path);
        let Some(their) = theirs.found.get(path) else {
            if is_topmost(path, theirs) {
                drifts.note(Group::Ours, &subject, "", shown(our), String::new());
            }
            continue;
        };
        let (ours, theirs) = (joined(&our.types), joined(&their.types));
        // What we take of any type fits whatever they state; what they only show is held against its example.
        if !our.types.is_empty() && their.described && ours != theirs {
            let theirs = if theirs.is_empty() {
                "not stated".to_owned()
            } else {
                theirs
            };
            drifts.note(Group::Differs, &subject, "type", ours, theirs);
        }
        let odd: BTreeSet<_> = their
            .seen
            .iter()
            .copied()
            .filter(|seen| !our.types.is_empty() && !fits(seen, &our.types))
            .collect();
        if !odd.is_empty() {
            let shows = format!("{} in an example", joined(&odd));
            drifts.note(
                Group::Differs,
                &subject,
                "example",
                joined(&our.types),
                shows,
            );
        }
        if !our.values.is_empty() || !their.values.is_empty() {
            compare_values(&subject, &our.values, &their.values, drifts);
        }
    }
    if ours.cut || theirs.cut {
        let said = |cut: bool| match cut {
            true => format!("more than {MOST_FIELDS}, of which the rest is not compared"),
            false => "all compared".to_owned(),
        };
        let subject = format!("{what}s");
        drifts.note(
            Group::Differs,
            &subject,
            "number",
            said(ours.cut),
            said(theirs.cut),
        );
    }
}

/// Whether what holds the field is in the other body too, and says which fields it has.
fn is_topmost(path: &str, other: &Fields<'_>) -> bool {
    let parent = match path.rfind(['.', '[']) {
        Some(end) => &path[..end],
        None if path.is_empty() => return true,
        None => "",
    };
    other.found.contains_key(parent) && !other.takes_any(parent)
}

fn subject(what: &str, path: &str) -> String {
    match path {
        "" => what.replace("field", "body"),
        path => format!("{what} `{path}`"),
    }
}

fn shown(field: &Field<'_>) -> String {
    match (field.described, field.types.is_empty()) {
        (false, _) => format!("{} in an example", joined(&field.seen)),
        (true, true) => "any".to_owned(),
        (true, false) => joined(&field.types),
    }
}

/// Whether a value of that type is one of those types; a whole number is a number.
fn fits(seen: &str, types: &BTreeSet<&str>) -> bool {
    types.contains(seen) || (seen == "integer" && types.contains("number"))
}
