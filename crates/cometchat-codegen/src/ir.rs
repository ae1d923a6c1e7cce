//! What the extensions of a spec ask for, gathered before progenitor runs, which reads none of them.

use heck::ToUpperCamelCase;
use proc_macro2::Ident;
use quote::format_ident;
use serde_json::{Map, Value, json};

use crate::rewrite::naming::field_name;
use crate::spec::{Spec, array, schema_name};

/// The schemas that the runtime has a type of its own for.
pub const RUNTIME_TYPES: [&str; 2] = ["Metadata", "UnixTime"];

/// What is to be generated beside what progenitor generates.
#[derive(Debug)]
pub struct Plan {
    /// The open enums, by name.
    pub enums: Vec<OpenEnum>,
    /// Strings that stand for one segment of a path.
    pub segments: Vec<Segment>,
    /// Arrays that go out as one comma-joined value: the name, and the name of the items' type.
    pub comma_lists: Vec<(String, String)>,
    /// The operations, by id.
    pub operations: Vec<Operation>,
}

/// A string schema with `x-extensible-enum`.
#[derive(Debug)]
pub struct OpenEnum {
    /// The name of the schema and of the type.
    pub name: String,
    /// What the schema says of itself.
    pub description: String,
    /// The known values, each with what is said of it.
    pub values: Vec<(String, String)>,
}

/// A string schema of a path parameter.
#[derive(Debug)]
pub struct Segment {
    /// The name of the schema and of the type.
    pub name: String,
    /// What the schema says of itself.
    pub description: String,
    /// The least number of characters.
    pub min: u64,
    /// The largest number of characters.
    pub max: u64,
}

/// An operation.
#[derive(Debug)]
pub struct Operation {
    /// The operation id.
    pub id: String,
    /// The method, in lower case.
    pub method: String,
    /// The path template.
    pub path: String,
    /// Whether a call may be made again: a `GET` or `HEAD`, or one with `x-retry: true`.
    pub retry: bool,
    /// The parameters, path and query.
    pub parameters: Vec<Parameter>,
    /// How the operation pages, if it does.
    pub pagination: Option<Pagination>,
}

/// A parameter of an operation.
#[derive(Debug)]
pub struct Parameter {
    /// The name on the wire.
    pub name: String,
    /// What is said of it.
    pub description: String,
    /// Whether it is part of the path.
    pub in_path: bool,
    /// What a value is held to before it is sent.
    pub check: Check,
    /// The number that the service takes where none is sent.
    pub default: Option<u64>,
}

/// What a value is held to before it is sent.
#[derive(Debug, PartialEq)]
pub enum Check {
    /// What its type says already.
    Type,
    /// A number in a range, both ends included.
    Range(i64, Option<i64>),
    /// One of these values of an open enum.
    OneOf(Vec<String>),
    /// A list whose items hold no comma.
    CommaList,
}

/// An operation's `x-pagination`.
#[derive(Debug)]
pub struct Pagination {
    /// The query parameter that asks for a page.
    pub page: String,
    /// The query parameter that says how many rows a page has.
    pub size: String,
    /// The property of the response that holds the rows.
    pub items: String,
    /// The path to the `Pagination` object in the response.
    pub meta: Vec<String>,
    /// The paths at which a `Cursor` may be.
    pub cursors: Vec<Vec<String>>,
    /// The property that tells rows apart.
    pub key: String,
    /// The type of a row.
    pub item_type: String,
}

impl Parameter {
    /// The name in Rust, as progenitor makes it.
    pub fn ident(&self) -> String {
        field_name(&self.name)
    }
}

impl Operation {
    /// The name of the builder, as progenitor makes it.
    pub fn builder(&self) -> String {
        self.id.to_upper_camel_case()
    }

    /// The parameters in the path, with their fields in the builder.
    pub fn in_path(&self) -> impl Iterator<Item = (&str, Ident)> {
        let in_path = self.parameters.iter().filter(|parameter| parameter.in_path);
        in_path.map(|parameter| {
            let field = format_ident!("{}", parameter.ident());
            (parameter.name.as_str(), field)
        })
    }
}

impl Plan {
    /// Gathers what the extensions of a spec ask for. The spec has been held to the conventions (`lint`).
    pub fn new(spec: &Spec) -> Self {
        let mut plan = Self {
            enums: Vec::new(),
            segments: Vec::new(),
            comma_lists: Vec::new(),
            operations: Vec::new(),
        };
        for (name, schema) in spec.schemas() {
            let values = array(&schema["x-extensible-enum"]).filter_map(Value::as_str);
            let values: Vec<_> = values
                .map(|value| {
                    let said = &schema["x-enum-descriptions"][value];
                    (value.to_owned(), text(said))
                })
                .collect();
            if !values.is_empty() {
                plan.enums.push(OpenEnum {
                    name: name.clone(),
                    description: text(&schema["description"]),
                    values,
                });
            }
        }
        for operation in spec.operations() {
            let mut parameters = Vec::new();
            for (_, parameter) in spec.parameters(&operation) {
                let described = plan.parameter(spec, parameter);
                parameters.push(described);
            }
            plan.operations.push(Operation {
                id: operation.id().to_owned(),
                method: operation.method.to_owned(),
                path: operation.path.to_owned(),
                retry: matches!(operation.method, "get" | "head")
                    || operation.value["x-retry"] == Value::Bool(true),
                pagination: Pagination::new(spec, &operation),
                parameters,
            });
        }
        // The order of a document's maps says nothing: moving a schema or a path changes no line of the code.
        plan.enums.sort_by(|a, b| a.name.cmp(&b.name));
        plan.segments.sort_by(|a, b| a.name.cmp(&b.name));
        plan.comma_lists.sort();
        plan.operations.sort_by(|a, b| a.id.cmp(&b.id));
        plan
    }

    /// Describes a parameter, and notes the schema that it names where that one gets a type of its own.
    fn parameter(&mut self, spec: &Spec, parameter: &Value) -> Parameter {
        let schema = &parameter["schema"];
        let name = schema_name(schema);
        let resolved = name.and_then(|name| spec.schema(name)).unwrap_or(schema);
        let in_path = parameter["in"] == "path";
        let mut check = Check::Type;
        match resolved["type"].as_str() {
            Some("string") if in_path => {
                let known = |name| self.segments.iter().any(|segment| segment.name == name);
                if let Some(name) = name.filter(|name| !known(*name)) {
                    self.segments.push(Segment {
                        name: name.to_owned(),
                        description: text(&resolved["description"]),
                        min: resolved["minLength"].as_u64().unwrap_or(1).max(1),
                        max: resolved["maxLength"].as_u64().unwrap_or(u64::MAX),
                    });
                }
            }
            Some("integer") => {
                if let Some(min) = resolved["minimum"].as_i64() {
                    check = Check::Range(min, resolved["maximum"].as_i64());
                }
            }
            Some("array") if parameter["explode"] == Value::Bool(false) => {
                let pair = name.zip(schema_name(&resolved["items"]));
                if let Some(pair) = pair.map(|(name, item)| (name.to_owned(), item.to_owned()))
                    && !self.comma_lists.contains(&pair)
                {
                    self.comma_lists.push(pair);
                }
                check = Check::CommaList;
            }
            _ => {}
        }
        if name.is_some() && schema["enum"].is_array() {
            let values = array(&schema["enum"]).filter_map(Value::as_str);
            check = Check::OneOf(values.map(str::to_owned).collect());
        }
        Parameter {
            name: text(&parameter["name"]),
            description: text(&parameter["description"]),
            in_path,
            check,
            default: resolved["default"].as_u64(),
        }
    }

    /// The types that stand in for what progenitor would make of a schema.
    pub fn replacements(&self) -> impl Iterator<Item = (&str, String)> {
        let types = |name: &str| format!("crate::types::{name}");
        let enums = self.enums.iter().map(move |item| item.name.as_str());
        let segments = self.segments.iter().map(|item| item.name.as_str());
        let lists = self.comma_lists.iter().map(move |(name, item)| {
            (
                name.as_str(),
                format!("crate::values::CommaList<{}>", types(item)),
            )
        });
        enums
            .chain(segments)
            .chain(RUNTIME_TYPES)
            .map(move |name| (name, types(name)))
            .chain(lists)
    }

    /// The document as progenitor is to read it: without what it would misread.
    pub fn prepared(&self, spec: &Spec) -> Value {
        let mut root = spec.root().clone();
        if let Some(paths) = root["paths"].as_object_mut() {
            paths.sort_keys();
            paths
                .values_mut()
                .filter_map(Value::as_object_mut)
                .for_each(Map::sort_keys);
        }
        for (_, item) in members(&mut root["paths"]) {
            prepare_parameters(&mut item["parameters"]);
            for (_, operation) in members(item) {
                if let Some(operation) = operation.as_object_mut()
                    && let Some(parameters) = operation.get_mut("parameters")
                {
                    prepare_parameters(parameters);
                }
            }
            if let Some(item) = item.as_object_mut() {
                item.retain(|_, value| !value.is_null());
            }
        }
        let shared = root.pointer_mut("/components/parameters");
        for (_, parameter) in shared.into_iter().flat_map(members) {
            prepare_parameter(parameter);
        }
        root
    }
}

/// Prepares each parameter of a list.
fn prepare_parameters(parameters: &mut Value) {
    for parameter in parameters.as_array_mut().into_iter().flatten() {
        prepare_parameter(parameter);
    }
}

/// Takes out of a parameter's schema what the rewritten setter checks: progenitor would give a range a type of its
/// own (`NonZeroU32`) at one end and drop the other, and make a new type of a reference with an `enum` beside it.
fn prepare_parameter(parameter: &mut Value) {
    let Some(schema) = parameter.get_mut("schema") else {
        return;
    };
    if schema["enum"].is_array()
        && let Some(name) = schema_name(schema)
    {
        *schema = json!({ "$ref": format!("#/components/schemas/{name}") });
    } else if let Some(schema) = schema.as_object_mut() {
        schema.retain(|key, _| !matches!(key.as_str(), "minimum" | "maximum" | "default" | "enum"));
    }
}

/// The entries of an object, to be changed.
fn members(value: &mut Value) -> impl Iterator<Item = (&String, &mut Value)> {
    value.as_object_mut().into_iter().flat_map(Map::iter_mut)
}

/// A text, or an empty one.
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

impl Pagination {
    /// Reads an operation's `x-pagination`, if it has one.
    fn new(spec: &Spec, operation: &crate::spec::Operation<'_>) -> Option<Self> {
        let said = operation.value.get("x-pagination")?;
        let get = |key: &str| said[key].as_str().map(str::to_owned);
        let path = |path: &str| path.split('.').map(str::to_owned).collect::<Vec<_>>();
        let items = get("items")?;
        let response = spec.resolve(&operation.value["responses"]["200"]);
        let page = spec.resolve(&response["content"]["application/json"]["schema"]);
        let rows = spec.resolve(&page["properties"][&items]);
        let cursors = match &said["cursor"] {
            Value::Array(paths) => paths.iter().filter_map(Value::as_str).map(path).collect(),
            Value::String(one) => vec![path(one)],
            _ => Vec::new(),
        };
        Some(Self {
            page: get("page")?,
            size: get("size")?,
            meta: path(&get("meta")?),
            key: get("key").unwrap_or_else(|| "uid".to_owned()),
            item_type: schema_name(&rows["items"])?.to_owned(),
            cursors,
            items,
        })
    }
}
