//! The facts of a document: one flat table, `(owner, item, path, attribute) -> value`, which `diff` and `drift` read.
//!
//! An owner is an operation or a named schema. Its items are what it is made of: parameters, bodies, responses,
//! values. A path leads to what is inside an item, as in `data[].uid`: `[]` are the items of an array, `{}` the values
//! of a map. A reference to a named schema ends the path with the attribute `ref`.
//!
//! Published documents are often not valid OpenAPI, so nothing is refused here: what is not understood is not stated.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::{Value, json};

use crate::spec::{METHODS, array, entries, schema_name};

/// How many references in a row are followed before they are taken for a circle.
const MOST_HOPS: usize = 16;
/// How many schemas are merged into one.
const MOST_PARTS: usize = 200;
/// How many fields of one item are read. What has more leads in a circle, or is data.
pub(super) const MOST_FIELDS: usize = 2_000;

/// The attributes that bound a value.
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
/// The other attributes that are copied verbatim.
const TAKEN: [&str; 7] = [
    "format",
    "default",
    "description",
    "example",
    "deprecated",
    "nullable",
    "rust-name",
];

/// The table.
pub(super) type Facts = BTreeMap<Key, Attributes>;
/// What is stated of one thing, by attribute.
pub(super) type Attributes = BTreeMap<&'static str, Value>;

/// What a fact is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) owner: Owner,
    pub(super) item: Item,
    /// The steps to what is inside the item: `.name`, `[]` or `{}`. None where the item itself is meant.
    pub(super) path: Vec<String>,
}

/// The first column of the table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Owner {
    Document,
    Operation { path: String, method: String },
    Type(String),
}

/// The second column of the table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Item {
    /// The owner itself, and the fields of a type by their paths.
    Itself,
    Parameter {
        place: String,
        name: String,
    },
    Body,
    Response(String),
    /// A value of an enum.
    Variant(String),
    /// A variable of the document's first server.
    Variable(String),
    Scheme(String),
}

impl Key {
    pub(super) fn new(owner: &Owner, item: Item) -> Self {
        Self {
            owner: owner.clone(),
            item,
            path: Vec::new(),
        }
    }

    /// The key of a type itself.
    pub(super) fn of_type(name: &str) -> Self {
        Self::new(&Owner::Type(name.to_owned()), Item::Itself)
    }

    /// The key of a property of what this one is of.
    pub(super) fn field(&self, name: &str) -> Self {
        self.below(format!(".{name}"))
    }

    /// The key of what is a step further inside.
    pub(super) fn below(&self, step: impl Into<String>) -> Self {
        let mut key = self.clone();
        key.path.push(step.into());
        key
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Document => f.write_str("document"),
            Self::Operation { path, method } => write!(f, "{} {path}", method.to_uppercase()),
            Self::Type(name) => write!(f, "type {name}"),
        }
    }
}

/// The facts of a document.
pub(super) fn facts(root: &Value) -> Facts {
    let mut reader = Reader {
        root,
        facts: Facts::new(),
        above: Vec::new(),
        fields: 0,
    };
    reader.document();
    for (path, item) in entries(&root["paths"]) {
        for (method, value) in entries(item).filter(|(name, _)| METHODS.contains(&name.as_str())) {
            let owner = Owner::Operation {
                path: path.clone(),
                method: method.clone(),
            };
            reader.operation(&owner, item, value);
        }
    }
    for (name, schema) in entries(&root["components"]["schemas"]) {
        reader.named(name, schema);
    }
    reader.facts
}

struct Reader<'a> {
    root: &'a Value,
    facts: Facts,
    /// The schemas that the one at hand stands in.
    above: Vec<*const Value>,
    /// How many fields of the item at hand were read.
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

    fn document(&mut self) {
        let root = self.root;
        let document = Key::new(&Owner::Document, Item::Itself);
        for attribute in ["title", "version", "description"] {
            self.note(&document, attribute, root["info"][attribute].clone());
        }
        let server = &root["servers"][0];
        self.note(&document, "url", server["url"].clone());
        self.note(&document, "server", server["description"].clone());
        self.note(&document, "security", root["security"].clone());
        for (name, variable) in entries(&server["variables"]) {
            let key = Key::new(&Owner::Document, Item::Variable(name.clone()));
            self.note(&key, "values", values(variable));
            self.note(&key, "default", variable["default"].clone());
            self.note(&key, "description", variable["description"].clone());
        }
        for (name, scheme) in entries(&root["components"]["securitySchemes"]) {
            let key = Key::new(&Owner::Document, Item::Scheme(name.clone()));
            for attribute in ["type", "in", "name", "scheme", "description"] {
                self.note(&key, attribute, resolve(root, scheme)[attribute].clone());
            }
        }
    }

    fn operation(&mut self, owner: &Owner, item: &'a Value, value: &'a Value) {
        let root = self.root;
        let key = Key::new(owner, Item::Itself);
        self.note(&key, "id", value["operationId"].clone());
        for attribute in ["summary", "description", "deprecated", "security"] {
            self.note(&key, attribute, value[attribute].clone());
        }
        self.note(&key, "x-pagination", value["x-pagination"].clone());
        let idempotent =
            matches!(owner, Owner::Operation { method, .. } if method == "get" || method == "head");
        self.note(&key, "retried", idempotent || value["x-retry"] == true);
        let servers = [value, item, root].map(|owner| &owner["servers"]);
        let servers = servers
            .into_iter()
            .find(|servers| array(servers).next().is_some());
        self.note(&key, "servers", servers.cloned().unwrap_or_default());

        // Its own parameters replace those of its path.
        let parameters = array(&value["parameters"]).chain(array(&item["parameters"]));
        for parameter in parameters.map(|parameter| resolve(root, parameter)) {
            let Some(name) = parameter["name"].as_str() else {
                continue;
            };
            let place = parameter["in"].as_str().unwrap_or("unplaced").to_owned();
            let key = Key::new(
                owner,
                Item::Parameter {
                    place,
                    name: name.to_owned(),
                },
            );
            if !self.facts.contains_key(&key) {
                self.parameter(&key, parameter);
            }
        }
        let body = resolve(root, &value["requestBody"]);
        if body.is_object() {
            let key = Key::new(owner, Item::Body);
            self.note(&key, "presence", presence(body["required"] == true));
            self.note(&key, "description", body["description"].clone());
            self.content(&key, body);
        }
        let responses =
            entries(&value["responses"]).filter(|(status, _)| !status.starts_with("x-"));
        for (status, response) in responses {
            let response = resolve(root, response);
            let key = Key::new(owner, Item::Response(status.clone()));
            self.note(&key, "description", response["description"].clone());
            self.content(&key, response);
        }
    }

    fn parameter(&mut self, key: &Key, parameter: &'a Value) {
        self.note(key, "presence", presence(parameter["required"] == true));
        for attribute in ["description", "example", "deprecated"] {
            self.note(key, attribute, parameter[attribute].clone());
        }
        self.note(key, "example", parameter["examples"].clone());
        let of_content = entries(&parameter["content"])
            .map(|(_, media)| &media["schema"])
            .next();
        match (&parameter["schema"], of_content) {
            (Value::Null, Some(schema)) => self.item(key, schema),
            // OpenAPI 2 states the type beside the name, and so do some that say they are OpenAPI 3.
            (Value::Null, None) => self.item(key, parameter),
            (schema, _) => self.item(key, schema),
        }
        self.note(key, "on the wire", joining(parameter));
    }

    /// The JSON of a body, or else whatever it holds.
    fn content(&mut self, key: &Key, body: &'a Value) {
        let json = entries(&body["content"]).find(|(name, _)| name.contains("json"));
        let Some((media_type, media)) = json.or_else(|| entries(&body["content"]).next()) else {
            return self.note(key, "media type", Value::Null);
        };
        self.note(key, "media type", media_type.clone());
        let root = self.root;
        let mut examples = vec![media["example"].clone()];
        examples.extend(
            entries(&media["examples"]).map(|(_, example)| resolve(root, example)["value"].clone()),
        );
        for part in parts(root, &media["schema"]) {
            examples.push(part["example"].clone());
            examples.extend(array(&part["examples"]).cloned());
        }
        examples.retain(|example| !example.is_null());
        if !examples.is_empty() {
            self.note(key, "example", examples);
        }
        if !media["schema"].is_null() {
            self.item(key, &media["schema"]);
        }
    }

    fn named(&mut self, name: &str, schema: &'a Value) {
        let key = Key::of_type(name);
        self.item(&key, schema);
        let open = &schema["x-extensible-enum"];
        let form = match self
            .facts
            .get(&key)
            .and_then(|named| named.get("type")?.as_str())
        {
            _ if open.is_array() => "an open enum".to_owned(),
            _ if schema["enum"].is_array() => "a closed enum".to_owned(),
            Some("object") if schema["properties"].is_object() => "a struct".to_owned(),
            Some(other) => format!("a named {other}"),
            None => "any JSON value".to_owned(),
        };
        self.note(&key, "form", form);
        let fields: Vec<_> = entries(&schema["properties"])
            .map(|(name, _)| name.as_str())
            .collect();
        if !fields.is_empty() {
            self.note(&key, "fields", fields);
        }
        for value in array(&values(schema)).filter_map(Value::as_str) {
            let key = Key::new(&key.owner, Item::Variant(value.to_owned()));
            self.note(
                &key,
                "description",
                schema["x-enum-descriptions"][value].clone(),
            );
            self.note(
                &key,
                "x-error-codes",
                schema["x-error-codes"][value].clone(),
            );
        }
    }

    /// Reads the schema of an item, and all that is inline in it.
    fn item(&mut self, key: &Key, schema: &'a Value) {
        self.fields = 0;
        self.schema(key, schema);
    }

    fn schema(&mut self, key: &Key, schema: &'a Value) {
        let root = self.root;
        self.fields += 1;
        let named =
            schema_name(schema).filter(|name| root["components"]["schemas"].get(name).is_some());
        let parts = match named {
            Some(name) => {
                self.note(key, "ref", name);
                vec![schema]
            }
            None => parts(root, schema),
        };
        let types: BTreeSet<_> = parts.iter().flat_map(|part| types(part)).collect();
        if !types.is_empty() {
            let types: Vec<_> = types.into_iter().collect();
            self.note(key, "type", types.join(" or "));
        }
        let required: BTreeSet<_> = parts
            .iter()
            .flat_map(|part| array(&part["required"]))
            .filter_map(Value::as_str)
            .collect();
        for part in parts {
            for attribute in TAKEN.into_iter().chain(LIMITS) {
                self.note(key, attribute, part[attribute].clone());
            }
            self.note(key, "lenient", part["x-lenient"] == true);
            self.note(key, "values", values(part));
            // A schema within itself has no fields that are not there already.
            if self.above.contains(&std::ptr::from_ref(part)) {
                continue;
            }
            self.above.push(part);
            self.inside(key, part, &required);
            self.above.pop();
        }
    }

    /// Reads the items, the properties and the other values of a schema.
    fn inside(&mut self, key: &Key, schema: &'a Value, required: &BTreeSet<&str>) {
        if schema["items"].is_object() {
            self.schema(&key.below("[]"), &schema["items"]);
        }
        for (name, property) in entries(&schema["properties"]) {
            if self.fields == MOST_FIELDS {
                break;
            }
            let key = key.field(name);
            self.note(&key, "presence", presence(required.contains(name.as_str())));
            self.schema(&key, property);
        }
        let others = &schema["additionalProperties"];
        if schema["properties"].is_object() {
            self.note(key, "extra", others.is_object());
        } else if others.is_object() {
            self.schema(&key.below("{}"), others);
        }
    }
}

fn presence(required: bool) -> &'static str {
    if required { "required" } else { "optional" }
}

/// How a list is serialised, by `style` and `explode` and what stands for them.
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

/// The values that a schema lists, each once; a closed list that narrows an open one counts.
fn values(schema: &Value) -> Value {
    if !schema["const"].is_null() {
        return json!([schema["const"]]);
    }
    let listed = ["enum", "x-extensible-enum"].map(|key| &schema[key]);
    let Some(listed) = listed.into_iter().find(|values| values.is_array()) else {
        return Value::Null;
    };
    let mut values: Vec<Value> = Vec::new();
    for value in array(listed) {
        if !values.contains(value) {
            values.push(value.clone());
        }
    }
    values.into()
}

/// The schema, and the ones that it is put together of, each once; references are followed.
fn parts<'a>(root: &'a Value, schema: &'a Value) -> Vec<&'a Value> {
    let mut open = vec![schema];
    let mut found: Vec<&Value> = Vec::new();
    while let Some(schema) = open.pop() {
        let schema = resolve(root, schema);
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

/// The value, or what its `$ref` leads to; nothing where that is nowhere, or a circle.
pub(super) fn resolve<'a>(root: &'a Value, value: &'a Value) -> &'a Value {
    static NOTHING: Value = Value::Null;
    let mut value = value;
    for _ in 0..MOST_HOPS {
        let Some(reference) = value["$ref"].as_str() else {
            return value;
        };
        let target = reference
            .strip_prefix('#')
            .and_then(|pointer| root.pointer(pointer));
        value = target.unwrap_or(&NOTHING);
    }
    &NOTHING
}
