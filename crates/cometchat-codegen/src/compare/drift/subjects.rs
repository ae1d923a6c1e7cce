//! What one document says of one operation, by what a reader sees: parameters, keys, servers.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::fields::{self, Fields};
use crate::compare::facts::{Attributes, Facts, Item, Key, LIMITS, Owner};
use crate::spec::{array, entries};

/// How many named schemas in a row are followed before they are taken for a circle.
const MOST_HOPS: usize = 16;

/// One operation of one document.
pub(super) struct Operation<'a> {
    pub(super) facts: &'a Facts,
    pub(super) owner: &'a Owner,
    method: &'a str,
    path: &'a str,
}

/// One thing that is described of an operation.
#[derive(Default)]
pub(super) struct Subject {
    /// What it is called, such as ``query parameter `perPage` ``.
    pub(super) name: String,
    /// Its description, for an item that the other document lacks.
    pub(super) summary: String,
    pub(super) aspects: Attributes,
    pub(super) in_path: bool,
    /// Whether it is an authentication key.
    pub(super) is_key: bool,
}

impl<'a> Operation<'a> {
    /// The operations of a document.
    pub(super) fn all(facts: &'a Facts) -> Vec<Self> {
        let operation = |key: &'a Key| match &key.owner {
            owner @ Owner::Operation { method, path } if key.item == Item::Itself => Some(Self {
                facts,
                owner,
                method,
                path,
            }),
            _ => None,
        };
        facts.keys().filter_map(operation).collect()
    }

    /// How much longer the path of one is than that of the other, where they are the same operation.
    pub(super) fn distance(&self, other: &Self) -> Option<usize> {
        let (mut long, mut short) = (unnamed(self.path), unnamed(other.path));
        if long.len() < short.len() {
            std::mem::swap(&mut long, &mut short);
        }
        let prefix = long.strip_suffix(&short)?;
        (self.method == other.method && !prefix.contains('{')).then_some(prefix.len())
    }

    pub(super) fn body(&self) -> Key {
        Key::new(self.owner, Item::Body)
    }

    pub(super) fn response(&self, status: &str) -> Key {
        Key::new(self.owner, Item::Response(status.to_owned()))
    }

    /// The items of the operation, without what is in them.
    fn items(&self) -> impl Iterator<Item = (&'a Item, &'a Key)> {
        let owner = self.owner;
        let keys = self
            .facts
            .range(Key::new(owner, Item::Itself)..)
            .map(|(key, _)| key);
        let own = keys.take_while(move |key| key.owner == *owner);
        own.filter(|key| key.path.is_empty())
            .map(|key| (&key.item, key))
    }

    pub(super) fn statuses(&self) -> Vec<&'a str> {
        let statuses = self.items().filter_map(|(item, _)| match item {
            Item::Response(status) => Some(status.as_str()),
            _ => None,
        });
        statuses.collect()
    }

    /// The fields of bodies, by their paths.
    pub(super) fn fields(&self, bodies: impl Iterator<Item = Key>) -> Fields {
        let mut fields = Fields::new();
        for body in bodies {
            fields::describe(self, &body, &mut Vec::new(), &mut Vec::new(), &mut fields);
        }
        fields
    }

    /// Where the facts of a thing are: at the named schema that it refers to in the end.
    pub(super) fn target(&self, key: &Key) -> Key {
        let mut key = key.clone();
        for _ in 0..MOST_HOPS {
            let name = self
                .facts
                .get(&key)
                .and_then(|attributes| attributes.get("ref")?.as_str());
            let Some(name) = name else { break };
            key = Key::of_type(name);
        }
        key
    }

    /// What is stated of a thing, and of the named schema that it refers to.
    pub(super) fn of(&self, key: &Key) -> Attributes {
        let mut attributes = self
            .facts
            .get(&self.target(key))
            .cloned()
            .unwrap_or_default();
        attributes.extend(self.facts.get(key).cloned().unwrap_or_default());
        attributes
    }

    /// What is described, by what it is the same thing by in both documents.
    pub(super) fn subjects(&self) -> BTreeMap<String, Subject> {
        let mut subjects = BTreeMap::new();
        let itself = self.of(&Key::new(self.owner, Item::Itself));
        let deprecated = itself
            .get("deprecated")
            .map(|_| ("deprecated", json!("yes")));
        let operation = Subject {
            name: "operation".to_owned(),
            aspects: deprecated.into_iter().collect(),
            ..Subject::default()
        };
        subjects.insert("operation".to_owned(), operation);
        if self.facts.contains_key(&self.body()) {
            subjects.insert("body".to_owned(), Subject::described("request body"));
        }
        let document = self.of(&Key::new(&Owner::Document, Item::Itself));
        let asked = itself
            .get("security")
            .or(document.get("security"))
            .cloned()
            .unwrap_or_default();
        for (name, _) in array(&asked).flat_map(entries) {
            let (key, summary) =
                scheme(&self.of(&Key::new(&Owner::Document, Item::Scheme(name.clone()))));
            subjects.insert(
                key,
                Subject {
                    name: "security".to_owned(),
                    summary,
                    is_key: true,
                    ..Subject::default()
                },
            );
        }
        for (item, key) in self.items() {
            if let Item::Parameter { place, name } = item {
                let (told_by, subject) = self.parameter(place, name, key);
                subjects.entry(told_by).or_insert(subject);
            }
        }
        for server in array(&itself.get("servers").cloned().unwrap_or_default()) {
            self.server(server, &mut subjects);
        }
        subjects
    }

    fn parameter(&self, place: &str, name: &str, key: &Key) -> (String, Subject) {
        let of = self.of(key);
        let items = self.of(&self.target(key).below("[]"));
        let of_items = items
            .get("type")
            .and_then(Value::as_str)
            .unwrap_or("anything");
        let ty = of.get("type").and_then(Value::as_str);
        let is_list = ty.is_some_and(|ty| ty.contains("array"));
        let ty = ty.map(|ty| {
            if is_list {
                format!("{ty} of {of_items}")
            } else {
                ty.to_owned()
            }
        });
        let required = if of.get("presence").is_some_and(|is| is == "required") {
            ", required"
        } else {
            ""
        };
        let mut subject = Subject {
            name: format!("{place} parameter `{name}`"),
            summary: format!("{}{required}", ty.as_deref().unwrap_or("no type")),
            in_path: place == "path",
            ..Subject::default()
        };
        let mut note = |aspect, value: Option<Value>| {
            subject.aspects.extend(value.map(|value| (aspect, value)))
        };
        note(
            "type",
            Some(ty.unwrap_or_else(|| "not stated".to_owned()).into()),
        );
        for aspect in LIMITS.into_iter().chain(["presence", "default"]) {
            note(aspect, of.get(aspect).cloned());
        }
        note("values", of.get("values").or(items.get("values")).cloned());
        note("deprecated", of.get("deprecated").map(|_| json!("yes")));
        note(
            "on the wire",
            of.get("on the wire").filter(|_| is_list).cloned(),
        );
        note("name", (place == "path").then(|| name.into()));
        // Those of the path are told apart by where they stand in it, headers in lower case.
        let from_the_end = || holes(self.path).rev().position(|hole| hole == name);
        let told_by = match place {
            "path" => from_the_end().map_or(name.to_owned(), |position| position.to_string()),
            "header" => name.to_lowercase(),
            _ => name.to_owned(),
        };
        (format!("{place} {told_by}"), subject)
    }

    fn server(&self, server: &Value, subjects: &mut BTreeMap<String, Subject>) {
        let Some(url) = server["url"].as_str().map(|url| url.trim_end_matches('/')) else {
            return;
        };
        let address = format!("server {}", unnamed(&format!("{url}{}", self.path)));
        for (position, name) in holes(url).enumerate() {
            let variable = &server["variables"][name];
            // What stands for one without values is an example.
            let default = if variable["enum"].is_array() {
                variable["default"].clone()
            } else {
                Value::Null
            };
            let stated = [
                ("name", json!(name)),
                ("default", default),
                ("values", variable["enum"].clone()),
            ];
            let name = format!("server variable `{name}`");
            let aspects = stated
                .into_iter()
                .filter(|(_, value)| !value.is_null())
                .collect();
            subjects.insert(
                format!("{address} {position}"),
                Subject {
                    name,
                    aspects,
                    ..Subject::default()
                },
            );
        }
        subjects.insert(
            address,
            Subject {
                summary: url.to_owned(),
                ..Subject::described("server")
            },
        );
    }
}

impl Subject {
    fn described(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            summary: "described".to_owned(),
            ..Self::default()
        }
    }
}

/// What a security scheme is the same by in both documents, and what it is in words. A key in a header may be documented
/// as a parameter, too.
fn scheme(scheme: &Attributes) -> (String, String) {
    let text = |key| {
        scheme
            .get(key)
            .and_then(Value::as_str)
            .unwrap_or("not described")
    };
    let name = text("name").to_lowercase();
    let words = match text("type") {
        "apiKey" if text("in") == "header" => {
            return (
                format!("header {name}"),
                format!("the key in the header `{name}`"),
            );
        }
        "apiKey" => format!("the key `{name}` in {}", text("in")),
        "http" => format!("http {}", text("scheme")),
        other => other.to_owned(),
    };
    (format!("security {words}"), words)
}

/// The names of the variables in a path or an address.
fn holes(template: &str) -> impl DoubleEndedIterator<Item = &str> {
    let parts: Vec<_> = template.split('{').skip(1).collect();
    parts
        .into_iter()
        .filter_map(|part| Some(part.split_once('}')?.0))
}

/// A path or an address with its variables unnamed.
fn unnamed(template: &str) -> String {
    let parts = template
        .split('{')
        .enumerate()
        .map(|(index, part)| match part.split_once('}') {
            Some((_, rest)) if index > 0 => format!("{{}}{rest}"),
            _ => part.to_owned(),
        });
    parts.collect()
}
