//! The subjects that one document describes for one operation: parameters, keys, servers.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::facts::{Attributes, Facts, Item, Key, LIMITS, text};
use crate::document::spec::{array, entries, holes};

/// A part of an operation that a document describes.
#[derive(Default)]
pub(super) struct Subject {
    /// The name, such as ``query parameter `perPage` ``.
    pub(super) name: String,
    /// Its description, for an item that the other document lacks.
    pub(super) summary: String,
    pub(super) aspects: Attributes,
    pub(super) in_path: bool,
    /// True for an authentication key.
    pub(super) is_key: bool,
}

/// The subjects, by keys that are the same in both documents.
pub(super) type Subjects = BTreeMap<String, Subject>;

/// Returns the subjects of an operation with this path from its facts.
pub(super) fn subjects(path: &str, facts: &Facts) -> Subjects {
    let (mut subjects, nothing) = (Subjects::new(), Attributes::new());
    for (key, stated) in facts.iter().filter(|(key, _)| key.path.is_empty()) {
        match &key.item {
            Item::Operation => {
                let mut operation = Subject::new("operation", "described");
                operation.deprecated(stated);
                subjects.insert("operation".to_owned(), operation);
                let keys = stated.get("keys").into_iter().flat_map(array);
                for (name, _) in keys.flat_map(entries) {
                    let scheme = Key::new(Item::Scheme(name.clone()));
                    let (told_by, summary) = scheme_of(facts.get(&scheme).unwrap_or(&nothing));
                    let mut subject = Subject::new("security", &summary);
                    subject.is_key = true;
                    subjects.insert(told_by, subject);
                }
                for server in stated.get("servers").into_iter().flat_map(array) {
                    add_server(path, server, &mut subjects);
                }
            }
            Item::Body => {
                let body = Subject::new("request body", "described");
                subjects.insert("body".to_owned(), body);
            }
            Item::Parameter(place, name) => {
                // Those of the path are told apart by where they stand in it, headers in lower case.
                let told_by = match place.as_str() {
                    "path" => holes(path)
                        .rev()
                        .position(|hole| hole == name)
                        .map_or(name.clone(), |position| position.to_string()),
                    "header" => name.to_lowercase(),
                    _ => name.clone(),
                };
                let subject = parameter(place, name, stated, facts.get(&key.below("[]")));
                subjects
                    .entry(format!("{place} {told_by}"))
                    .or_insert(subject);
            }
            _ => {}
        }
    }
    subjects
}

fn parameter(place: &str, name: &str, of: &Attributes, items: Option<&Attributes>) -> Subject {
    let or = |text: &str, other: &str| if text.is_empty() { other } else { text }.to_owned();
    let mut ty = text(of, "type").to_owned();
    let is_list = ty.contains("array");
    if is_list {
        let of_items = items.map_or("", |items| text(items, "type"));
        ty = format!("{ty} of {}", or(of_items, "anything"));
    }
    let mut summary = or(&ty, "no type");
    if text(of, "presence") == "required" {
        summary.push_str(", required");
    }
    let mut subject = Subject::new(&format!("{place} parameter `{name}`"), &summary);
    subject.in_path = place == "path";
    subject.deprecated(of);
    let aspects = &mut subject.aspects;
    for (aspect, value) in of {
        let is_compared = LIMITS.contains(aspect)
            || ["presence", "default", "values"].contains(aspect)
            || (is_list && *aspect == "on the wire");
        if is_compared {
            aspects.insert(aspect, value.clone());
        }
    }
    if let Some(values) = items.and_then(|items| items.get("values")) {
        aspects.entry("values").or_insert(values.clone());
    }
    aspects.insert("type", json!(or(&ty, "not stated")));
    if subject.in_path {
        aspects.insert("name", json!(name));
    }
    subject
}

/// Adds a server of the operation with that path, and its variables.
fn add_server(path: &str, server: &Value, subjects: &mut Subjects) {
    let Some(url) = server["url"].as_str().map(|url| url.trim_end_matches('/')) else {
        return;
    };
    let address = format!("server {}", unnamed(&format!("{url}{path}")));
    for (position, name) in holes(url).enumerate() {
        let variable = &server["variables"][name];
        // The server that has it is what the other document lacks.
        let mut subject = Subject::new(&format!("server variable `{name}`"), "");
        subject.aspects.insert("name", json!(name));
        // What stands for one without values is an example.
        if variable["enum"].is_array() {
            subject.aspects.extend([
                ("default", variable["default"].clone()),
                ("values", variable["enum"].clone()),
            ]);
        }
        subjects.insert(format!("{address} {position}"), subject);
    }
    subjects.insert(address, Subject::new("server", url));
}

impl Subject {
    fn new(name: &str, summary: &str) -> Self {
        Self {
            name: name.to_owned(),
            summary: summary.to_owned(),
            ..Self::default()
        }
    }

    /// Notes whether it is deprecated.
    fn deprecated(&mut self, stated: &Attributes) {
        if stated.contains_key("deprecated") {
            self.aspects.insert("deprecated", json!("yes"));
        }
    }
}

/// Returns the key of a security scheme, the same in both documents, and its words. A key in a header may be documented
/// as a parameter, too.
fn scheme_of(scheme: &Attributes) -> (String, String) {
    let text = |attribute| match text(scheme, attribute) {
        "" => "not described",
        text => text,
    };
    let name = text("name").to_lowercase();
    let words = match text("type") {
        "apiKey" if text("in") == "header" => {
            let words = format!("the key in the header `{name}`");
            return (format!("header {name}"), words);
        }
        "apiKey" => format!("the key `{name}` in {}", text("in")),
        "http" => format!("http {}", text("scheme")),
        other => other.to_owned(),
    };
    (format!("security {words}"), words)
}

/// A path or an address with its variables unnamed.
pub(super) fn unnamed(template: &str) -> String {
    let parts = template
        .split('{')
        .enumerate()
        .map(|(index, part)| match part.split_once('}') {
            Some((_, rest)) if index > 0 => format!("{{}}{rest}"),
            _ => part.to_owned(),
        });
    parts.collect()
}
