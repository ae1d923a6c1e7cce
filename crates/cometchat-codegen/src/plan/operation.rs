//! An operation, as the generator reads it: what its builder is given, what goes out, and what comes back.

use std::collections::BTreeSet;

use proc_macro2::Ident;
use quote::format_ident;
use serde_json::Value;
use syn::Attribute;

use crate::document::media::Content;
use crate::document::naming::{deprecated, field_name, type_name, unique};
use crate::document::spec::{self, Spec, entries, schema_name, success, text};
use crate::plan::checks::Check;
use crate::plan::pagination::Pagination;
use crate::plan::strings::Segment;

/// Names that a builder, or progenitor's code in it, has already, and keywords whose underscore progenitor drops.
const TAKEN: [&str; 11] = [
    "body",
    "body_map",
    "client",
    "clone",
    "dispatch",
    "encode_path",
    "gen_",
    "header_map",
    "new",
    "send",
    "send_as",
];

#[derive(Debug)]
pub struct Operation {
    pub id: String,
    /// The name of the method.
    pub name: String,
    /// The name of the builder.
    pub type_name: String,
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
    /// The name on the wire; that of a header in lower case.
    pub name: String,
    /// The name in Rust.
    pub ident: String,
    /// The name that progenitor reads: the one on the wire if it gives `ident`, else `ident`.
    pub label: String,
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

impl Place {
    /// The value of `in`.
    pub fn keyword(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
        }
    }
}

/// How a list is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joined {
    /// The parameter once per item.
    Repeated,
    /// One value, with commas between the items.
    Commas,
}

/// What is sent as the body of a request.
#[derive(Debug)]
pub struct Body {
    pub media_type: String,
    pub content: Content,
    pub schema: Value,
    pub description: String,
}

/// What a successful response holds.
#[derive(Debug)]
pub struct Success {
    /// The status that it comes with, or `2XX`.
    pub status: String,
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
        let name = field_name(operation.id());
        Self {
            id: operation.id().to_owned(),
            type_name: type_name(&name),
            name,
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
        self.name.clone()
    }

    /// The name of the builder, and of the variant of the client's `Operation`.
    pub fn builder(&self) -> Ident {
        format_ident!("{}", self.type_name)
    }

    /// The parameters in the path, in the order of its holes.
    pub fn in_path(&self) -> impl Iterator<Item = &Parameter> {
        let parameters = self.parameters.iter();
        parameters.filter(|parameter| parameter.place == Place::Path)
    }

    /// Whether a parameter is the number of a page, or of rows per page.
    pub fn counts(&self, parameter: &Parameter) -> bool {
        self.pagination.as_ref().is_some_and(|pagination| {
            [&pagination.page, &pagination.size].contains(&&parameter.name)
        })
    }

    /// The parameter that chooses the page, if the operation pages.
    pub fn page(&self) -> Option<&Parameter> {
        self.query_parameter(&self.pagination.as_ref()?.page)
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
            (Place::Header, _) | (_, Value::Bool(false)) => Joined::Commas,
            _ => Joined::Repeated,
        });
        let given = match place {
            Place::Header => name.to_lowercase(),
            _ => name.clone(),
        };
        let mut ident = field_name(&name);
        if TAKEN.contains(&ident.as_str()) {
            ident = format!("{}_param", ident.trim_end_matches('_'));
        }
        let ident = unique(&ident, taken);
        // progenitor's names differ from ours for a leading digit and characters outside of ASCII.
        let agrees = given.starts_with(|c: char| c.is_ascii_alphabetic()) && given.is_ascii();
        let label = match agrees && field_name(&given) == ident {
            true => given.clone(),
            false => ident.clone(),
        };
        // The type of a segment holds a value to its length.
        let typed = schema_name(source)
            .is_some_and(|name| segments.iter().any(|segment| segment.name == name));
        let mut checks = Check::of(spec, source);
        checks.retain(|check| !(typed && matches!(check, Check::Length(..))));
        match place {
            Place::Path if schema["type"] == "string" && !typed => checks.insert(0, Check::Segment),
            Place::Header => checks.push(Check::Header),
            _ => {}
        }
        checks.extend((list == Some(Joined::Commas)).then_some(Check::Commas));
        Some(Self {
            ident,
            label,
            description: text(&parameter["description"]),
            required: place == Place::Path || parameter["required"] == true,
            checks,
            default: schema["default"].as_u64(),
            deprecated: deprecated(parameter),
            source: source.clone(),
            list,
            name: given,
            place,
        })
    }

    /// The docs of the setter: the description, and a pattern, which is not checked.
    pub fn docs(&self) -> String {
        let mut docs = self.description.trim_end().to_owned();
        if let Some(pattern) = self.source["pattern"].as_str()
            && !self.checks.contains(&Check::Segment)
        {
            if !docs.is_empty() {
                docs.push_str("\n\n");
            }
            docs.push_str(&format!(
                "The service expects a value that matches `{pattern}`; the client does not check it."
            ));
        }
        docs
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
            description: text(&body["description"]),
        })
    }
}

impl Success {
    fn new(spec: &Spec, operation: &spec::Operation<'_>) -> Self {
        let (status, response) = success(spec, operation);
        let media = entries(&response["content"]).next();
        Self {
            status: status.to_owned(),
            content: media.map(|(media_type, _)| Content::of(media_type)),
            schema: media.map_or(Value::Null, |(_, media)| media["schema"].clone()),
            optional: response["optional"] == true,
            media_type: media.map_or_else(String::new, |(media_type, _)| media_type.clone()),
        }
    }
}
