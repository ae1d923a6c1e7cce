//! The facts of a spec by what users name in the generated code.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::compare::facts::{Attributes, Facts, Item, Key, Owner, facts, text};
use crate::document::naming::{field_name, type_name};
use crate::document::spec::RUNTIME_TYPES;
use crate::document::spec::{Spec, array, holes};
use crate::plan::Plan;

/// What sort of thing it is that users name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// The method of the client.
    Operation,
    /// A setter of its builder.
    Parameter,
    Body,
    /// What an operation gives.
    Success,
    /// The paging of an operation.
    List,
    Type,
    Field,
    Variant,
    /// An authentication header.
    Header,
    /// What is no item of its own, or is always there: error responses, items of lists, the address, the document.
    Other,
}

/// One thing, with what is stated of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Thing {
    pub(super) sort: Sort,
    /// The thing that it is a part of; empty where it is none.
    pub(super) parent: String,
    pub(super) attributes: Attributes,
}

impl Sort {
    /// The name, in words.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Operation => "operation",
            Self::Parameter => "parameter",
            Self::Body => "body",
            Self::Success => "result",
            Self::List => "list",
            Self::Type => "type",
            Self::Field => "field",
            Self::Variant => "variant",
            Self::Header => "authentication header",
            Self::Other => "part",
        }
    }
}

impl Thing {
    /// Whether users, or the service, have to give it.
    pub(super) fn is_required(&self) -> bool {
        ["presence", "presence of a list"]
            .iter()
            .any(|name| text(&self.attributes, name) == "required")
    }

    /// What makes it the same as another but for its name, if anything does. One request is one operation, whatever
    /// else has changed.
    pub(super) fn identity(&self) -> Option<(Sort, &str, Attributes)> {
        let mut own = self.attributes.clone();
        match self.sort {
            Sort::Operation => own.retain(|attribute, _| *attribute == "call"),
            Sort::Parameter | Sort::Type | Sort::Field => drop(own.remove("name")),
            _ => own.clear(),
        }
        (!own.is_empty()).then_some((self.sort, self.parent.as_str(), own))
    }
}

/// The things by their names, such as `types::GroupMember::name`.
pub(super) type Things = BTreeMap<String, Thing>;

pub(super) fn things(spec: &Spec) -> Things {
    let plan = Plan::new(spec);
    let types = spec.schemas().filter(|(name, schema)| {
        plan.has_own_type(name) || plan.stands_for(name, schema).is_none()
    });
    let facts = facts(spec);
    let mut namer = Namer {
        facts: &facts,
        types: types.map(|(name, _)| name.as_str()).collect(),
        things: Things::new(),
    };
    for (key, attributes) in &facts {
        let attributes = attributes.clone();
        match &key.owner {
            Owner::Document => namer.document(&key.item, attributes),
            Owner::Operation(request) => namer.operation(key, request, attributes),
            Owner::Type(name) if namer.types.contains(name.as_str()) => {
                namer.named(key, name, attributes);
            }
            Owner::Type(_) => {}
        }
    }
    namer.things
}

struct Namer<'a> {
    facts: &'a Facts,
    /// The schemas that have a type in the generated code.
    types: BTreeSet<&'a str>,
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

    fn document(&mut self, item: &Item, mut attributes: Attributes) {
        match item {
            Item::Server => {
                let takes = Attributes::from([("takes", self.arguments(text(&attributes, "url")))]);
                self.add(Sort::Other, "", "server::url", takes);
                self.add(Sort::Other, "", "server::URL", attributes);
            }
            // One without a list of values is an argument alone.
            Item::Variable(name) if attributes.contains_key("values") => {
                let item = format!("server::{}", type_name(name));
                let values = attributes.remove("values").unwrap_or_default();
                for value in array(&values).filter_map(Value::as_str) {
                    let name = format!("{item}::{}", type_name(value));
                    self.add(Sort::Variant, &item, name, Attributes::new());
                }
                self.add(Sort::Type, "", item, attributes);
            }
            Item::Scheme(name) if text(&attributes, "in") == "header" => {
                let name = format!("server::{}_HEADER", field_name(name).to_uppercase());
                self.add(Sort::Header, "", name, attributes);
            }
            Item::Itself => self.add(Sort::Other, "", "Client", attributes),
            _ => {}
        }
    }

    /// The arguments of the function that makes the address, in the order in which they stand in it.
    fn arguments(&self, url: &str) -> Value {
        let argument = |name: &str| {
            let variable = Key::new(&Owner::Document, Item::Variable(name.to_owned()));
            let ty = match self.facts.get(&variable) {
                Some(variable) if variable.contains_key("values") => type_name(name),
                _ => "str".to_owned(),
            };
            format!("{}: &{ty}", field_name(name))
        };
        let arguments: Vec<_> = holes(url).map(argument).collect();
        json!(format!("({})", arguments.join(", ")))
    }

    fn operation(&mut self, key: &Key, request: &str, mut attributes: Attributes) {
        let itself = self.facts.get(&Key::new(&key.owner, Item::Itself));
        let id = itself.map_or("", |itself| text(itself, "operationId"));
        let method = format!("Client::{}", field_name(id));
        let builder = format!("builder::{}", type_name(id));
        let (sort, name) = match &key.item {
            Item::Parameter(_, name) => {
                (Sort::Parameter, format!("{builder}::{}", field_name(name)))
            }
            Item::Body => (Sort::Body, format!("{builder}::body")),
            Item::Response(status) if status.starts_with('2') => {
                (Sort::Success, format!("{builder}::send"))
            }
            Item::Response(status) => (Sort::Other, format!("{builder}::send ({status})")),
            _ => {
                attributes.retain(|name, _| !["operationId", "servers", "keys"].contains(name));
                if let Some(pagination) = attributes.remove("x-pagination") {
                    let row = attributes.remove("row").unwrap_or_default();
                    let paging = Attributes::from([("row", row), ("x-pagination", pagination)]);
                    self.add(Sort::List, &method, builder, paging);
                }
                attributes.insert("call", json!(request));
                return self.add(Sort::Operation, "", method, attributes);
            }
        };
        if !key.path.is_empty() {
            attributes.retain(|attribute, _| !["type", "ref", "format"].contains(attribute));
            let items = format!("{name}{}", key.path.concat());
            return self.add(Sort::Other, &name, items, attributes);
        }
        self.typed(key, &mut attributes);
        let joining = attributes.remove("on the wire");
        let joining = joining.as_ref().and_then(Value::as_str);
        let ty = text(&attributes, "type");
        // A comma-joined list has a type of its own.
        if ty.starts_with("array") && joining.is_some_and(|joining| joining.contains("comma")) {
            attributes.insert("type", json!(format!("comma-joined {ty}")));
        }
        self.add(sort, &method, name, attributes);
    }

    fn named(&mut self, key: &Key, name: &str, mut attributes: Attributes) {
        let item = format!("types::{name}");
        match (&key.item, &key.path[..]) {
            (Item::Variant(value), _) => {
                let name = format!("{item}::{}", type_name(value));
                self.add(Sort::Variant, &item, name, attributes);
            }
            (_, []) => {
                if text(&attributes, "form").starts_with("a named") {
                    attributes.insert("form", json!(format!("a named {}", self.type_of(key))));
                }
                if attributes.remove("extra").is_some() {
                    let name = format!("{item}::extra");
                    self.add(Sort::Field, &item, name, Attributes::new());
                }
                attributes.retain(|attribute, _| !["type", "ref", "format"].contains(attribute));
                // Of a type that the runtime has, nothing but the words is read.
                if RUNTIME_TYPES.contains(&name) {
                    attributes.retain(|attribute, _| *attribute == "description");
                }
                self.add(Sort::Type, "", item, attributes);
            }
            (_, [step]) if step.starts_with('.') => {
                self.typed(key, &mut attributes);
                let field = match attributes.remove("rust-name") {
                    Some(Value::String(given)) => given,
                    _ => field_name(&step[1..]),
                };
                self.add(Sort::Field, &item, format!("{item}::{field}"), attributes);
            }
            _ => {}
        }
    }

    /// Puts the whole type in place of its parts, and whether it may be absent in one place.
    fn typed(&self, key: &Key, attributes: &mut Attributes) {
        let ty = self.type_of(key);
        let is_nullable = attributes.remove("nullable").is_some();
        if let Some(presence) = attributes.remove("presence") {
            // A list is no `Option`: an empty one stands for one that is absent.
            let is_list = ty.starts_with("array") || ty.starts_with("map");
            let attribute = match &key.owner {
                Owner::Type(_) if is_list => "presence of a list",
                _ => "presence",
            };
            let presence = if is_nullable {
                json!("optional")
            } else {
                presence
            };
            attributes.insert(attribute, presence);
        }
        attributes.retain(|attribute, _| !["ref", "format"].contains(attribute));
        attributes.insert("type", json!(ty));
    }

    /// The type of what a key leads to, such as `array of GroupMember`.
    fn type_of(&self, key: &Key) -> String {
        let nothing = Attributes::new();
        let stated = self.facts.get(key).unwrap_or(&nothing);
        match (
            text(stated, "ref"),
            text(stated, "type"),
            text(stated, "format"),
        ) {
            ("", "", _) => "any value".to_owned(),
            ("", "array", _) => format!("array of {}", self.type_of(&key.below("[]"))),
            ("", "object", _) => format!("map of {}", self.type_of(&key.below("{}"))),
            ("", ty, "") => ty.to_owned(),
            ("", ty, format) => format!("{ty} ({format})"),
            (name, ..) if self.types.contains(name) => name.to_owned(),
            (name, ..) => self.type_of(&Key::of_type(name)),
        }
    }
}
