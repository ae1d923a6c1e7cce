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
    /// An authentication header.
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
        let mut own = [self, other].map(|thing| thing.attributes.clone());
        match self.sort {
            Sort::Operation => own
                .each_mut()
                .map(|own| own.retain(|attribute, _| *attribute == "call")),
            Sort::Parameter | Sort::Type | Sort::Field => {
                own.each_mut().map(|own| drop(own.remove("name")))
            }
            _ => return false,
        };
        (self.sort, &self.parent) == (other.sort, &other.parent)
            && !own[0].is_empty()
            && own[0] == own[1]
    }
}

/// An attribute that is text; empty where it is not there.
fn text<'a>(attributes: &'a Attributes, attribute: &str) -> &'a str {
    attributes
        .get(attribute)
        .and_then(Value::as_str)
        .unwrap_or_default()
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
            // One without a list of values is an argument alone.
            Item::Variable(name) if attributes.contains_key("values") => {
                let item = format!("server::{}", type_name(name));
                let values = attributes.remove("values").unwrap_or_default();
                for value in array(&values).filter_map(Value::as_str) {
                    self.add(
                        Sort::Variant,
                        &item,
                        format!("{item}::{}", type_name(value)),
                        Attributes::new(),
                    );
                }
                self.add(Sort::Type, "", item, attributes);
            }
            Item::Scheme(name) if text(&attributes, "in") == "header" => {
                let constant = field_name(name).to_uppercase();
                self.add(
                    Sort::Header,
                    "",
                    format!("server::{constant}_HEADER"),
                    attributes,
                );
            }
            Item::Itself => {
                let takes = self.arguments(text(&attributes, "url")).into();
                self.add(
                    Sort::Address,
                    "",
                    "server::url",
                    Attributes::from([("takes", takes)]),
                );
                let stated = [
                    ("url", attributes.remove("url")),
                    ("description", attributes.remove("server")),
                ];
                let stated = stated
                    .into_iter()
                    .filter_map(|(attribute, value)| Some((attribute, value?)));
                self.add(Sort::Address, "", "server::URL", stated.collect());
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
            let is_closed = self
                .facts
                .get(&key)
                .is_some_and(|variable| variable.contains_key("values"));
            format!(
                "{}: &{}",
                field_name(name),
                if is_closed {
                    type_name(name)
                } else {
                    "str".to_owned()
                }
            )
        };
        format!("({})", holes.map(argument).collect::<Vec<_>>().join(", "))
    }

    fn operation(&mut self, key: &Key, call: &str, mut attributes: Attributes) {
        let itself = Key::new(&key.owner, Item::Itself);
        let id = self
            .facts
            .get(&itself)
            .map(|itself| text(itself, "id"))
            .filter(|id| !id.is_empty())
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
                attributes.retain(|attribute, _| !matches!(*attribute, "id" | "servers"));
                if let Some(pagination) = attributes.remove("x-pagination") {
                    let row = self.row(&key.owner, &pagination).unwrap_or_default().into();
                    let paging = Attributes::from([("row", row), ("x-pagination", pagination)]);
                    self.add(Sort::List, &method, builder, paging);
                }
                attributes.insert("call", call.into());
                return self.add(Sort::Operation, "", method, attributes);
            }
        };
        if key.path.is_empty() {
            self.typed(key, &mut attributes);
            if let Item::Parameter { place, name } = &key.item {
                // A comma-joined list has a type of its own.
                let joining = attributes.remove("on the wire").unwrap_or_default();
                let ty = text(&attributes, "type").to_owned();
                if ty.starts_with("array")
                    && joining
                        .as_str()
                        .is_some_and(|joining| joining.contains("comma"))
                {
                    attributes.insert("type", format!("comma-joined {ty}").into());
                }
                attributes.insert("in", place.clone().into());
                attributes.insert("name", name.clone().into());
            }
            self.add(sort, &method, name, attributes);
        } else {
            attributes.retain(|attribute, _| {
                !matches!(*attribute, "type" | "ref" | "format" | "presence")
            });
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
        let is_success =
            |item: &Item| matches!(item, Item::Response(status) if status.starts_with('2'));
        let (_, success) = self
            .facts
            .iter()
            .find(|(key, _)| key.owner == *owner && is_success(&key.item))?;
        let rows = Key::of_type(text(success, "ref"))
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
            let mut form = text(&attributes, "form").to_owned();
            if form.starts_with("a named") {
                form = format!("a named {}", self.type_of(key));
            }
            if attributes.remove("extra").is_some() {
                self.add(
                    Sort::Extra,
                    &item,
                    format!("{item}::extra"),
                    Attributes::new(),
                );
            }
            attributes.retain(|attribute, _| !matches!(*attribute, "type" | "ref" | "format"));
            attributes.insert("form", form.into());
            // Of a type that the runtime has, nothing but the words is read.
            if RUNTIME_TYPES.contains(&name) {
                attributes.retain(|attribute, _| *attribute == "description");
            }
            self.add(Sort::Type, "", item, attributes);
        } else if let [step] = &key.path[..]
            && let Some(field) = step.strip_prefix('.')
        {
            self.typed(key, &mut attributes);
            attributes.insert("name", field.into());
            let rust_name = attributes.remove("rust-name").unwrap_or_default();
            let rust_name = rust_name
                .as_str()
                .map_or_else(|| field_name(field), str::to_owned);
            self.add(
                Sort::Field,
                &item,
                format!("{item}::{rust_name}"),
                attributes,
            );
        }
    }

    /// Puts the whole type in place of its parts, and whether it may be absent in one place.
    fn typed(&self, key: &Key, attributes: &mut Attributes) {
        let ty = self.type_of(key);
        let is_nullable = attributes.remove("nullable").is_some();
        attributes.retain(|attribute, _| !matches!(*attribute, "ref" | "format"));
        if let Some(presence) = attributes.remove("presence") {
            // A list is no `Option`: an empty one stands for one that is absent.
            let is_list = ty.starts_with("array") || ty.starts_with("map");
            let attribute = if is_list && matches!(key.owner, Owner::Type(_)) {
                "presence of a list"
            } else {
                "presence"
            };
            attributes.insert(
                attribute,
                if is_nullable {
                    "optional".into()
                } else {
                    presence
                },
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
            // A comma-joined list has no type of its own.
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
