//! An operation, as the generator reads it: what its builder is given, what goes out, and what comes back.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use proc_macro2::Ident;
use quote::format_ident;
use serde_json::Value;
use syn::Attribute;

use crate::document::media::Content;
use crate::document::naming::{deprecated, field_name, type_name, unique};
use crate::document::spec::{self, Spec, entries, schema_name, success};
use crate::plan::{Check, Pagination, Segment, text};

/// The names that each builder has already.
const BUILDER_NAMES: [&str; 8] = [
    "body", "body_map", "client", "clone", "dispatch", "new", "send", "send_as",
];

#[derive(Debug)]
pub struct Operation {
    pub id: String,
    /// The method, in lower case.
    pub method: String,
    pub path: String,
    /// The summary, one line; empty where there is none.
    pub summary: String,
    /// The rest of the description; empty where there is none.
    pub description: String,
    /// Whether a call may be made again: a `GET` or `HEAD`, or one with `x-retry: true`.
    pub retry: bool,
    pub parameters: Vec<Parameter>,
    /// What is sent as the body, if anything is.
    pub body: Option<Body>,
    /// What a successful response holds.
    pub success: Success,
    /// How the operation pages, if it does.
    pub pagination: Option<Pagination>,
    /// `#[deprecated]`, where it is.
    pub deprecated: Option<Attribute>,
}

#[derive(Debug)]
pub struct Parameter {
    /// The name on the wire.
    pub name: String,
    /// The name in Rust.
    pub ident: String,
    pub description: String,
    pub place: Place,
    /// Whether a request needs it.
    pub required: bool,
    /// The schema as the spec has it, which may be a reference.
    pub source: Value,
    /// How it is sent where it is a list.
    pub list: Option<Joined>,
    /// What a value is held to before it is sent.
    pub checks: Vec<Check>,
    /// The number that the service takes where none is sent.
    pub default: Option<u64>,
    /// `#[deprecated]`, where it is.
    pub deprecated: Option<Attribute>,
}

/// Where a parameter is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    Path,
    Query,
    Header,
}

/// How a list is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joined {
    /// The parameter once for each item.
    Repeated,
    /// One value, with commas between the items.
    Commas,
}

/// What is sent as the body of a request.
#[derive(Debug)]
pub struct Body {
    pub media_type: String,
    pub content: Content,
    pub required: bool,
    pub schema: Value,
    pub description: String,
}

/// What a successful response holds.
#[derive(Debug)]
pub struct Success {
    /// The statuses that it comes with.
    pub statuses: RangeInclusive<u16>,
    /// What its body becomes; nothing where there is none.
    pub content: Option<Content>,
    /// The schema of a JSON body.
    pub schema: Value,
    /// Whether there may be no body where there is one as a rule.
    pub optional: bool,
    /// The media type that is accepted.
    pub media_type: String,
}

impl Operation {
    /// Reads an operation. The spec is in plain form.
    pub fn new(spec: &Spec, operation: &spec::Operation<'_>, segments: &[Segment]) -> Self {
        let mut taken = BTreeSet::new();
        let parameters = spec.parameters(operation);
        let mut parameters: Vec<_> = parameters
            .iter()
            .filter_map(|(_, parameter)| Parameter::new(spec, parameter, segments, &mut taken))
            .collect();
        // Those of the path in the order of its holes.
        parameters.sort_by_cached_key(|Parameter { place, name, .. }| {
            let hole = operation.path.find(&format!("{{{name}}}"));
            (*place, hole.filter(|_| *place == Place::Path), name.clone())
        });
        Self {
            id: operation.id().to_owned(),
            method: operation.method.to_owned(),
            path: operation.path.to_owned(),
            summary: text(&operation.value["summary"]),
            description: text(&operation.value["description"]),
            retry: matches!(operation.method, "get" | "head")
                || operation.value["x-retry"] == Value::Bool(true),
            parameters,
            body: Body::new(spec, operation),
            success: Success::new(spec, operation),
            // What is wrong with it is found by lint.
            pagination: Pagination::new(spec, operation).ok().flatten(),
            deprecated: deprecated(operation.value),
        }
    }

    pub fn method_name(&self) -> String {
        field_name(&self.id)
    }

    /// The name of the builder, and of the variant of the client's `Operation`.
    pub fn builder(&self) -> Ident {
        format_ident!("{}", type_name(&self.method_name()))
    }

    /// The parameters in the path, with their fields in the builder.
    pub fn in_path(&self) -> impl Iterator<Item = (&str, Ident)> {
        let parameters = self.parameters.iter();
        parameters
            .filter(|parameter| parameter.place == Place::Path)
            .map(|parameter| (parameter.name.as_str(), parameter.field()))
    }

    /// The parameter of that name in the query.
    pub fn query_parameter(&self, name: &str) -> Option<&Parameter> {
        let mut parameters = self.parameters.iter();
        parameters.find(|parameter| parameter.place == Place::Query && parameter.name == name)
    }
}

impl Parameter {
    /// Reads a parameter; nothing where it is sent in a way that the client doesn't know.
    fn new(
        spec: &Spec,
        parameter: &Value,
        segments: &[Segment],
        taken: &mut BTreeSet<String>,
    ) -> Option<Self> {
        let name = text(&parameter["name"]);
        let place = match parameter["in"].as_str()? {
            "path" => Place::Path,
            "query" => Place::Query,
            "header" => Place::Header,
            _ => return None,
        };
        let source = &parameter["schema"];
        let schema = spec.target(source);
        let explode = &parameter["explode"];
        let list = (schema["type"] == "array").then_some(match (place, explode) {
            (Place::Query, Value::Bool(false)) => Joined::Commas,
            _ => Joined::Repeated,
        });
        let mut ident = field_name(&name);
        if BUILDER_NAMES.contains(&ident.as_str()) {
            ident.push('_');
        }
        // The type of a segment holds a value to its length.
        let typed = schema_name(source)
            .is_some_and(|name| segments.iter().any(|segment| segment.name == name));
        let mut checks = Check::of(spec, source);
        checks.retain(|check| !(typed && matches!(check, Check::Length(..))));
        if place == Place::Path && schema["type"] == "string" && !typed {
            checks.insert(0, Check::Segment);
        }
        Some(Self {
            ident: unique(&ident, taken),
            description: text(&parameter["description"]),
            required: place == Place::Path || parameter["required"] == true,
            checks,
            default: schema["default"].as_u64(),
            deprecated: deprecated(parameter),
            source: source.clone(),
            list,
            name,
            place,
        })
    }

    /// The field and setter of the builder.
    pub fn field(&self) -> Ident {
        format_ident!("{}", self.ident)
    }
}

impl Body {
    fn new(spec: &Spec, operation: &spec::Operation<'_>) -> Option<Self> {
        let body = spec.resolve(&operation.value["requestBody"]);
        let (media_type, media) = entries(&body["content"]).next()?;
        Some(Self {
            schema: media["schema"].clone(),
            content: Content::of(media_type),
            media_type: media_type.clone(),
            required: body["required"] == true,
            description: text(&body["description"]),
        })
    }
}

impl Success {
    fn new(spec: &Spec, operation: &spec::Operation<'_>) -> Self {
        let (status, response) = success(spec, operation);
        let statuses = match status.parse() {
            Ok(status) => status..=status,
            Err(_) => 200..=299,
        };
        let media = entries(&response["content"]).next();
        Self {
            statuses,
            content: media.map(|(media_type, _)| Content::of(media_type)),
            schema: media.map_or(Value::Null, |(_, media)| media["schema"].clone()),
            optional: response["optional"] == true,
            media_type: media.map_or_else(String::new, |(media_type, _)| media_type.clone()),
        }
    }
}
