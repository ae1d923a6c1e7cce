//! The facts of a document about one operation: one flat table, `(item, path, attribute) -> value`.
//!
//! The items are the operation itself, its parameters, bodies and responses, and security schemes. A path leads to a part of an
//! item, as in `data[].uid`: `[]` are the items of an array, `{}` the values of a map. A named schema is read in place of a
//! reference to it.
//!
//! Published documents are often not valid OpenAPI, so nothing is rejected here: unknown parts are not stated.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::document::spec::{Operation, Spec, array, entries};

/// Maximum number of schemas that are merged into one.
const MOST_PARTS: usize = 200;
/// Maximum number of fields that are read of one item. An item with more leads in a circle, or is data.
pub(super) const MOST_FIELDS: usize = 2_000;

/// The attributes that limit a value.
pub(super) const LIMITS: [&str; 11] = [
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "uniqueItems",
    "multipleOf",
    "pattern",
];
pub(super) type Facts = BTreeMap<Key, Attributes>;
/// The facts of one key, by attribute.
pub(super) type Attributes = BTreeMap<&'static str, Value>;

/// The subject of a fact.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) item: Item,
    /// The steps to a part of the item: `.name`, `[]` or `{}`; none for the item itself.
    pub(super) path: Vec<String>,
}

/// The first column of the table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Item {
    Operation,
    /// The place of a parameter, and its name.
    Parameter(String, String),
    Body,
    Response(String),
    Scheme(String),
}

impl Key {
    pub(super) fn new(item: Item) -> Self {
        let path = Vec::new();
        Self { item, path }
    }

    /// Returns the key of a part, one step further inside.
    pub(super) fn below(&self, step: impl Into<String>) -> Self {
        let mut key = self.clone();
        key.path.push(step.into());
        key
    }
}

/// Returns the facts of one of the operations of a document.
pub(super) fn facts_of(spec: &Spec, operation: &Operation<'_>) -> Facts {
    let mut reader = Reader {
        spec,
        facts: Facts::new(),
        above: Vec::new(),
        fields: 0,
    };
    for (name, scheme) in entries(&spec.root()["components"]["securitySchemes"]) {
        let key = Key::new(Item::Scheme(name.clone()));
        reader.copy(
            &key,
            spec.resolve(scheme),
            &["type", "in", "name", "scheme"],
        );
    }
    reader.operation(operation);
    reader.facts
}

/// Returns an attribute that is a string; empty if there is none.
pub(super) fn text<'a>(attributes: &'a Attributes, attribute: &str) -> &'a str {
    let value = attributes.get(attribute);
    value.and_then(Value::as_str).unwrap_or_default()
}

struct Reader<'a> {
    spec: &'a Spec,
    facts: Facts,
    /// The schemas around the current one.
    above: Vec<*const Value>,
    /// Number of fields of the current item read so far.
    fields: usize,
}

impl<'a> Reader<'a> {
    /// Notes a fact, unless nothing is stated, or the first of several parts has stated it.
    fn note(&mut self, key: &Key, attribute: &'static str, value: impl Into<Value>) {
        let attributes = self.facts.entry(key.clone()).or_default();
        let value = value.into();
        if !value.is_null() && (value != false || attribute == "default") {
            attributes.entry(attribute).or_insert(value);
        }
    }

    /// Notes attributes as they stand in an object.
    fn copy(&mut self, key: &Key, object: &Value, attributes: &[&'static str]) {
        for attribute in attributes {
            self.note(key, attribute, object[attribute].clone());
        }
    }

    fn operation(&mut self, operation: &Operation<'a>) {
        let (spec, value) = (self.spec, operation.value);
        let itself = Key::new(Item::Operation);
        self.copy(&itself, value, &["deprecated"]);
        let mut servers = [value, operation.item, spec.root()]
            .map(|owner| &owner["servers"])
            .into_iter();
        let servers = servers.find(|servers| array(servers).next().is_some());
        self.note(&itself, "servers", servers.cloned().unwrap_or_default());
        let keys = match &value["security"] {
            Value::Null => &spec.root()["security"],
            own => own,
        };
        self.note(&itself, "keys", keys.clone());

        // Those of the operation, which are the last, replace those of its path.
        for (_, parameter) in spec.parameters(operation).into_iter().rev() {
            let Some(name) = parameter["name"].as_str() else {
                continue;
            };
            let place = parameter["in"].as_str().unwrap_or("unplaced").to_owned();
            let key = Key::new(Item::Parameter(place, name.to_owned()));
            if !self.facts.contains_key(&key) {
                self.parameter(&key, parameter);
            }
        }
        let body = spec.resolve(&value["requestBody"]);
        if body.is_object() {
            let key = Key::new(Item::Body);
            self.note(&key, "presence", presence(body["required"] == true));
            self.content(&key, body);
        }
        for (status, response) in entries(&value["responses"]) {
            if !status.starts_with("x-") {
                let key = Key::new(Item::Response(status.clone()));
                self.note(&key, "status", status.clone());
                self.content(&key, spec.resolve(response));
            }
        }
    }

    fn parameter(&mut self, key: &Key, parameter: &'a Value) {
        self.note(key, "presence", presence(parameter["required"] == true));
        self.copy(key, parameter, &["deprecated"]);
        let mut media = entries(&parameter["content"]);
        let schema = match (&parameter["schema"], media.next()) {
            (Value::Null, Some((_, media))) => &media["schema"],
            // OpenAPI 2 states the type beside the name, and so do some that say they are OpenAPI 3.
            (Value::Null, None) => parameter,
            (schema, _) => schema,
        };
        self.item(key, schema);
        self.note(key, "on the wire", joining(parameter));
    }

    /// Reads the JSON of a body, or else its first media type.
    fn content(&mut self, key: &Key, body: &'a Value) {
        let json = entries(&body["content"]).find(|(name, _)| name.contains("json"));
        let Some((_, media)) = json.or_else(|| entries(&body["content"]).next()) else {
            return;
        };
        let spec = self.spec;
        let named = entries(&media["examples"]).map(|(_, named)| &spec.resolve(named)["value"]);
        let mut examples = vec![&media["example"]];
        examples.extend(named);
        for part in parts(spec, &media["schema"]) {
            examples.push(&part["example"]);
            examples.extend(array(&part["examples"]));
        }
        examples.retain(|example| !example.is_null());
        if !examples.is_empty() {
            self.note(key, "example", json!(examples));
        }
        if !media["schema"].is_null() {
            self.item(key, &media["schema"]);
        }
    }

    /// Reads the schema of an item, and all that is inline in it.
    fn item(&mut self, key: &Key, schema: &'a Value) {
        self.fields = 0;
        self.schema(key, schema);
    }

    fn schema(&mut self, key: &Key, schema: &'a Value) {
        let spec = self.spec;
        self.fields += 1;
        let parts = parts(spec, schema);
        let types: BTreeSet<_> = parts.iter().flat_map(|part| types(part)).collect();
        if !types.is_empty() {
            let types: Vec<_> = types.into_iter().collect();
            self.note(key, "type", types.join(" or "));
        }
        for part in parts {
            self.copy(key, part, &["default", "deprecated"]);
            self.copy(key, part, &LIMITS);
            self.note(key, "values", values(part));
            // A schema within itself has no fields that are not there already.
            if self.above.contains(&std::ptr::from_ref(part)) {
                continue;
            }
            self.above.push(part);
            self.inside(key, part);
            self.above.pop();
        }
    }

    /// Reads the items, the properties and the other values of a schema.
    fn inside(&mut self, key: &Key, schema: &'a Value) {
        if schema["items"].is_object() {
            self.schema(&key.below("[]"), &schema["items"]);
        }
        for (name, property) in entries(&schema["properties"]) {
            if self.fields == MOST_FIELDS {
                self.note(key, "has more fields", true);
                break;
            }
            let key = key.below(format!(".{name}"));
            self.facts.entry(key.clone()).or_default();
            self.schema(&key, property);
        }
        let others = &schema["additionalProperties"];
        if !schema["properties"].is_object() && others.is_object() {
            self.schema(&key.below("{}"), others);
        }
    }
}

fn presence(required: bool) -> &'static str {
    if required { "required" } else { "optional" }
}

/// Returns the serialisation of a list, by `style` and `explode` or their defaults.
fn joining(parameter: &Value) -> String {
    let style = match (parameter["style"].as_str(), parameter["in"].as_str()) {
        (Some(style), _) => style,
        (None, Some("query" | "cookie")) => "form",
        (None, _) => "simple",
    };
    let explode = parameter["explode"].as_bool().unwrap_or(style == "form");
    let stated = if parameter["explode"].is_boolean() {
        ""
    } else {
        " (not stated)"
    };
    match (style, explode) {
        ("form", true) => format!("a key for each item{stated}"),
        ("form" | "simple", _) => format!("one comma-joined value{stated}"),
        (style, _) => format!("{style}{stated}"),
    }
}

/// The types that a schema states, or gives away by what it describes; 3.1 may list them.
fn types(schema: &Value) -> Vec<&str> {
    let stated: Vec<_> = match &schema["type"] {
        Value::String(name) => vec![name.as_str()],
        other => array(other).filter_map(Value::as_str).collect(),
    };
    match (
        stated.is_empty(),
        schema["properties"].is_object(),
        schema["items"].is_object(),
    ) {
        // That a value may be null is no type of its own.
        (false, ..) => stated.into_iter().filter(|name| *name != "null").collect(),
        (true, true, _) => vec!["object"],
        (true, false, true) => vec!["array"],
        _ => Vec::new(),
    }
}

/// The values that a schema lists; a closed list that narrows an open one counts.
fn values(schema: &Value) -> Value {
    if !schema["const"].is_null() {
        return json!([schema["const"]]);
    }
    let listed = ["enum", "x-extensible-enum"].map(|key| &schema[key]);
    let listed = listed.into_iter().find(|values| values.is_array());
    listed.cloned().unwrap_or_default()
}

/// The schema, and the ones that it is put together of, each once; references are followed.
fn parts<'a>(spec: &'a Spec, schema: &'a Value) -> Vec<&'a Value> {
    let mut open = vec![schema];
    let mut found: Vec<&Value> = Vec::new();
    while let Some(schema) = open.pop() {
        let schema = spec.resolve(schema);
        let known = found.iter().any(|other| std::ptr::eq(*other, schema));
        if known || !schema.is_object() || found.len() == MOST_PARTS {
            continue;
        }
        found.push(schema);
        for key in ["oneOf", "anyOf", "allOf"] {
            open.extend(array(&schema[key]).take(MOST_PARTS));
        }
    }
    found
}
