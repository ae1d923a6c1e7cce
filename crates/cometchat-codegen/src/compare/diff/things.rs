//! The facts of a spec by what users name in the generated code.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::compare::facts::{Attributes, Facts, Item, Key, Owner};
use crate::ir::RUNTIME_TYPES;
use crate::rewrite::naming::{field_name, type_name};
use crate::spec::array;

/// What sort of thing it is that users name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// The method of the client.
    Operation,
    /// A setter of its builder.
    Parameter,
    /// The items of what a setter takes.
    Items,
    Body,
    /// What an operation gives.
    Success,
    Failure,
    /// The paging of an operation.
    List,
    Type,
    Field,
    /// The field for what the spec doesn't know.
    Extra,
    Variant,
    /// The address of the service.
    Address,
    /// A header that says who asks.
    Header,
    /// The document as a whole.
    Document,
    /// In a rule: all of the above.
    Any,
}

/// One thing, with what is stated of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Thing {
    pub(super) sort: Sort,
    /// The thing that it is a part of; empty where it is none.
    pub(super) parent: String,
    pub(super) attributes: Attributes,
}

impl Thing {
    /// Whether users have to give it.
    pub(super) fn is_required(&self) -> bool {
        let presence = ["presence", "presence of a list"]
            .iter()
            .find_map(|key| self.attributes.get(*key));
        presence.is_some_and(|presence| presence == "required")
    }

    /// Whether it is the same as another but for its name. One request is one operation, whatever else has changed.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let tells = |attribute: &str| match self.sort {
            Sort::Operation => attribute == "call",
            Sort::Parameter | Sort::Type | Sort::Field => attribute != "name",
            _ => false,
        };
        let told = |thing: &Self| -> Vec<_> {
            let told = thing
                .attributes
                .iter()
                .filter(|(attribute, _)| tells(attribute));
            told.map(|(attribute, value)| (*attribute, value.clone()))
                .collect()
        };
        (self.sort, &self.parent) == (other.sort, &other.parent)
            && !told(self).is_empty()
            && told(self) == told(other)
    }
}

/// The things by their names, such as `types::GroupMember::name`.
pub(super) type Things = BTreeMap<String, Thing>;

/// The things of a spec, of whose types `types` are in the generated code.
pub(super) fn things(facts: &Facts, types: &BTreeSet<String>) -> Things {
    let mut namer = Namer {
        facts,
        types,
        things: Things::new(),
    };
    for (key, attributes) in facts {
        match &key.owner {
            Owner::Document => namer.document(key, attributes.clone()),
            Owner::Operation { path, method } => {
                let call = format!("{} {path}", method.to_uppercase());
                namer.operation(key, &call, attributes.clone());
            }
            Owner::Type(name) => namer.named(key, name, attributes.clone()),
        }
    }
    namer.things
}

struct Namer<'a> {
    facts: &'a Facts,
    types: &'a BTreeSet<String>,
    things: Things,
}

impl Namer<'_> {
    fn add(&mut self, sort: Sort, parent: &str, name: impl Into<String>, attributes: Attributes) {
        let parent = parent.to_owned();
        self.things.entry(name.into()).or_insert(Thing {
            sort,
            parent,
            attributes,
        });
    }

    fn document(&mut self, key: &Key, mut attributes: Attributes) {
        match &key.item {
            Item::Variable(name) => {
                // One without a list of values is an argument alone.
                let Some(values) = attributes.remove("values") else {
                    return;
                };
                let item = format!("server::{}", type_name(name));
                self.variants(&item, array(&values).filter_map(Value::as_str));
                self.add(Sort::Type, "", item, attributes);
            }
            Item::Scheme(name) if attributes.get("in").is_some_and(|place| place == "header") => {
                let constant = field_name(name).to_uppercase();
                self.add(
                    Sort::Header,
                    "",
                    format!("server::{constant}_HEADER"),
                    attributes,
                );
            }
            Item::Itself => {
                let takes = self.arguments(
                    attributes
                        .get("url")
                        .and_then(Value::as_str)
                        .unwrap_or_default(),
                );
                self.add(
                    Sort::Address,
                    "",
                    "server::url",
                    Attributes::from([("takes", takes.into())]),
                );
                let url = attributes.remove("url").map(|url| ("url", url));
                let words = attributes
                    .remove("server")
                    .map(|words| ("description", words));
                self.add(
                    Sort::Address,
                    "",
                    "server::URL",
                    url.into_iter().chain(words).collect(),
                );
                self.add(Sort::Document, "", "Client", attributes);
            }
            _ => {}
        }
    }

    /// The arguments of the function that makes the address, in the order in which they stand in it.
    fn arguments(&self, url: &str) -> String {
        let holes = url
            .split('{')
            .skip(1)
            .filter_map(|part| Some(part.split_once('}')?.0));
        let argument = |name: &str| {
            let key = Key::new(&Owner::Document, Item::Variable(name.to_owned()));
            let closed = self
                .facts
                .get(&key)
                .is_some_and(|variable| variable.contains_key("values"));
            let ty = if closed {
                type_name(name)
            } else {
                "str".to_owned()
            };
            format!("{}: &{ty}", field_name(name))
        };
        format!("({})", holes.map(argument).collect::<Vec<_>>().join(", "))
    }

    fn operation(&mut self, key: &Key, call: &str, mut attributes: Attributes) {
        let itself = Key::new(&key.owner, Item::Itself);
        let id = self.facts[&itself]
            .get("id")
            .and_then(Value::as_str)
            .unwrap_or(call);
        let method = format!("Client::{}", field_name(id));
        let builder = format!("builder::{}", type_name(id));
        let (sort, name) = match &key.item {
            Item::Parameter { name, .. } => {
                (Sort::Parameter, format!("{builder}::{}", field_name(name)))
            }
            Item::Body => (Sort::Body, format!("{builder}::body")),
            // A method has one result, whichever success gives it.
            Item::Response(status) if status.starts_with('2') => {
                attributes.insert("status", status.clone().into());
                (Sort::Success, format!("{builder}::send"))
            }
            Item::Response(status) => (Sort::Failure, format!("{builder}::send ({status})")),
            _ => {
                for unseen in ["id", "servers"] {
                    attributes.remove(unseen);
                }
                if let Some(pagination) = attributes.remove("x-pagination") {
                    let row = self.row(&key.owner, &pagination).unwrap_or_default();
                    let paging =
                        Attributes::from([("row", row.into()), ("x-pagination", pagination)]);
                    self.add(Sort::List, &method, builder, paging);
                }
                attributes.insert("call", call.into());
                return self.add(Sort::Operation, "", method, attributes);
            }
        };
        if key.path.is_empty() {
            self.typed(key, &mut attributes);
            if let Item::Parameter { place, name } = &key.item {
                let is_list = attributes["type"]
                    .as_str()
                    .is_some_and(|ty| ty.starts_with("array"));
                let joining = attributes.remove("on the wire").filter(|_| is_list);
                if let Some(joining) = joining.as_ref().and_then(Value::as_str) {
                    attributes.insert(
                        "on the wire",
                        joining.trim_end_matches(" (not stated)").into(),
                    );
                }
                attributes.insert("in", place.clone().into());
                attributes.insert("name", name.clone().into());
            }
            self.add(sort, &method, name, attributes);
        } else {
            for of_the_whole in ["type", "ref", "format", "presence"] {
                attributes.remove(of_the_whole);
            }
            self.add(
                Sort::Items,
                &method,
                format!("{name}{}", key.path.concat()),
                attributes,
            );
        }
    }

    /// The type of the rows that an operation gives page by page.
    fn row(&self, owner: &Owner, pagination: &Value) -> Option<String> {
        let is_success = |key: &&Key| {
            key.owner == *owner
                && matches!(&key.item, Item::Response(status) if status.starts_with('2'))
        };
        let success = self.facts.keys().find(is_success)?;
        let page = self.facts[success].get("ref")?.as_str()?;
        let rows = Key::of_type(page)
            .field(pagination["items"].as_str()?)
            .below("[]");
        Some(self.type_of(&rows))
    }

    fn named(&mut self, key: &Key, name: &str, mut attributes: Attributes) {
        let ty = type_name(name);
        let item = format!("types::{ty}");
        if !self.types.contains(&ty) {
            return;
        }
        if let Item::Variant(value) = &key.item {
            return self.add(
                Sort::Variant,
                &item,
                format!("{item}::{}", type_name(value)),
                attributes,
            );
        }
        if key.path.is_empty() {
            let form = attributes.remove("form");
            let form = form.filter(|form| {
                !form
                    .as_str()
                    .is_some_and(|form| form.starts_with("a named"))
            });
            let form = form.unwrap_or_else(|| format!("a named {}", self.type_of(key)).into());
            if attributes.remove("extra").is_some() {
                self.add(
                    Sort::Extra,
                    &item,
                    format!("{item}::extra"),
                    Attributes::new(),
                );
            }
            // Of a type that the runtime has, nothing but the words is read.
            if RUNTIME_TYPES.contains(&name) {
                attributes.retain(|attribute, _| *attribute == "description");
            } else {
                attributes.insert("form", form);
            }
            attributes.retain(|attribute, _| !matches!(*attribute, "type" | "ref" | "format"));
            self.add(Sort::Type, "", item, attributes);
        } else if let [step] = &key.path[..]
            && let Some(field) = step.strip_prefix('.')
        {
            self.typed(key, &mut attributes);
            attributes.insert("name", field.into());
            let rust_name = attributes.remove("rust-name");
            let rust_name = rust_name
                .as_ref()
                .and_then(Value::as_str)
                .map_or_else(|| field_name(field), str::to_owned);
            self.add(
                Sort::Field,
                &item,
                format!("{item}::{rust_name}"),
                attributes,
            );
        }
    }

    fn variants<'v>(&mut self, item: &str, values: impl Iterator<Item = &'v str>) {
        for value in values {
            self.add(
                Sort::Variant,
                item,
                format!("{item}::{}", type_name(value)),
                Attributes::new(),
            );
        }
    }

    /// Puts the whole type in place of its parts, and whether it may be absent in one place.
    fn typed(&self, key: &Key, attributes: &mut Attributes) {
        let ty = self.type_of(key);
        let nullable = attributes.remove("nullable").is_some();
        for part in ["ref", "format"] {
            attributes.remove(part);
        }
        if let Some(presence) = attributes.remove("presence") {
            let is_field = matches!(key.owner, Owner::Type(_));
            let is_list = is_field && (ty.starts_with("array") || ty.starts_with("map"));
            let presence = if nullable {
                "optional".into()
            } else {
                presence
            };
            attributes.insert(
                if is_list {
                    "presence of a list"
                } else {
                    "presence"
                },
                presence,
            );
        }
        attributes.insert("type", ty.into());
    }

    /// The type of what a key leads to, such as `array of GroupMember`.
    fn type_of(&self, key: &Key) -> String {
        let Some(attributes) = self.facts.get(key) else {
            return "any value".to_owned();
        };
        let text = |attribute| attributes.get(attribute).and_then(Value::as_str);
        match (text("ref"), text("type")) {
            (Some(name), _) if self.types.contains(&type_name(name)) => type_name(name),
            // A list that goes out as one value has no type of its own.
            (Some(name), _) => self.type_of(&Key::of_type(name)),
            (None, Some("array")) => format!("array of {}", self.type_of(&key.below("[]"))),
            (None, Some("object")) => format!("map of {}", self.type_of(&key.below("{}"))),
            (None, Some(ty)) => match text("format") {
                Some(format) => format!("{ty} ({format})"),
                None => ty.to_owned(),
            },
            (None, None) => "any value".to_owned(),
        }
    }
}
