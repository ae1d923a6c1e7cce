//! A spec in plain form: read, normalised, searched and resolved, but not yet linted.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::document::media::Content;
use crate::error::Finding;

pub use crate::document::read::read;

/// The methods that a path item may have, in the order in which OpenAPI lists them.
pub const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// The schemas that the runtime has a type of its own for.
pub(crate) const RUNTIME_TYPES: [&str; 2] = ["Metadata", "UnixTime"];

/// What the references to named schemas begin with.
pub(crate) const SCHEMAS: &str = "#/components/schemas/";

/// The most references that are followed from one to the next.
const MOST_LINKS: usize = 10_000;

/// An OpenAPI document in plain form, as OpenAPI 3.0.
#[derive(Clone, Debug)]
pub struct Spec {
    pub(crate) root: Value,
    pub(crate) warnings: Vec<Finding>,
    pub(crate) sha256: String,
}

/// One operation of a spec.
#[derive(Clone, Copy, Debug)]
pub struct Operation<'a> {
    /// The path template, such as `/groups/{guid}/members`.
    pub path: &'a str,
    /// The method, in lower case.
    pub method: &'a str,
    /// The operation object.
    pub value: &'a Value,
    /// The path item that it stands in.
    pub item: &'a Value,
}

impl<'a> Operation<'a> {
    /// Where the operation stands, such as `paths./groups/{guid}/members.get`.
    pub fn location(&self) -> String {
        format!("paths.{}.{}", self.path, self.method)
    }

    /// The request that it makes, such as `GET /groups/{guid}/members`.
    pub(crate) fn request(&self) -> String {
        format!("{} {}", self.method.to_uppercase(), self.path)
    }

    /// The operation's id; empty where it has none.
    pub fn id(&self) -> &'a str {
        self.value["operationId"].as_str().unwrap_or_default()
    }

    /// The parameters of its path item, then its own, which may be references, with the location of each.
    pub(crate) fn parameters(&self) -> impl Iterator<Item = (String, &'a Value)> + use<'a> {
        let of = |at: String, owner: &'a Value| {
            let list = array(&owner["parameters"]).enumerate();
            list.map(move |(index, value)| (format!("{at}.parameters[{index}]"), value))
        };
        of(format!("paths.{}", self.path), self.item).chain(of(self.location(), self.value))
    }
}

impl Spec {
    /// A copy of a document as a step of the normaliser finds it.
    pub(crate) fn of(document: &Value) -> Self {
        Self {
            root: document.clone(),
            warnings: Vec::new(),
            sha256: String::new(),
        }
    }

    /// The whole document.
    pub fn root(&self) -> &Value {
        &self.root
    }

    /// What the normaliser passed over or made up.
    pub(crate) fn warnings(&self) -> &[Finding] {
        &self.warnings
    }

    /// The SHA-256 of the text that was read, in hexadecimal.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// The operations, in the order of the document.
    pub fn operations(&self) -> impl Iterator<Item = Operation<'_>> {
        entries(&self.root["paths"]).flat_map(|(path, item)| {
            entries(item)
                .filter(|(method, _)| METHODS.contains(&method.as_str()))
                .map(move |(method, value)| Operation {
                    path,
                    method,
                    value,
                    item,
                })
        })
    }

    /// The named schemas, in the order of the document.
    pub fn schemas(&self) -> impl Iterator<Item = (&String, &Value)> {
        entries(&self.root["components"]["schemas"])
    }

    /// The schema of that name.
    pub fn schema(&self, name: &str) -> Option<&Value> {
        self.root["components"]["schemas"].get(name)
    }

    /// The value itself, or what its `$ref` leads to in the end.
    pub fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        self.follow(value, |value| value["$ref"].as_str())
    }

    /// What a value stands for: the component that it names, directly or as the one member of an `allOf`.
    pub fn target<'a>(&'a self, value: &'a Value) -> &'a Value {
        self.follow(value, link)
    }

    fn follow<'a>(&'a self, value: &'a Value, link: fn(&Value) -> Option<&str>) -> &'a Value {
        let mut value = value;
        // `parse` has refused references to nothing and circles of them; the normaliser may have made new ones.
        for _ in 0..MOST_LINKS {
            let pointer = link(value).and_then(|target| target.strip_prefix('#'));
            match pointer.and_then(|pointer| self.root.pointer(pointer)) {
                Some(target) => value = target,
                None => break,
            }
        }
        value
    }

    /// The parameters of an operation with the location of each: those of its path item first, then its own, resolved.
    pub fn parameters<'a>(&'a self, operation: &Operation<'a>) -> Vec<(String, &'a Value)> {
        let given = operation.parameters();
        given
            .map(|(location, value)| (location, self.resolve(value)))
            .collect()
    }
}

/// The entries of an object, in order; none where it is not an object.
pub fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

/// The items of an array; none where it is not an array.
pub fn array(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// Returns the strings of a list, each once.
pub(crate) fn strings_once(list: &Value) -> Value {
    let mut known = HashSet::new();
    let strings = array(list).filter(|value| value.as_str().is_some_and(|one| known.insert(one)));
    Value::Array(strings.cloned().collect())
}

/// Returns a string, or an empty one.
pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// A value in words: a text without its quotes.
pub(crate) fn shown(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// Returns the header of a security scheme that is one key in a header or a bearer token, in lower case.
pub(crate) fn key_header(scheme: &Value) -> Option<String> {
    let is = |key: &str, value: &str| text(&scheme[key]).eq_ignore_ascii_case(value);
    if is("type", "apiKey") && is("in", "header") {
        return Some(text(&scheme["name"]).to_lowercase());
    }
    (is("type", "http") && is("scheme", "bearer")).then(|| "authorization".to_owned())
}

/// The names of the variables in a path or an address.
pub(crate) fn holes(template: &str) -> impl DoubleEndedIterator<Item = &str> {
    let parts: Vec<_> = template.split('{').skip(1).collect();
    parts
        .into_iter()
        .filter_map(|part| Some(part.split_once('}')?.0))
}

/// The name of the schema that a value refers to, directly or as the one member of an `allOf` (which is how a
/// reference gets a description of its own in OpenAPI 3.0).
pub fn schema_name(value: &Value) -> Option<&str> {
    link(value)?.strip_prefix(SCHEMAS)
}

/// The `$ref` of a value, or else of the one member of its `allOf`.
fn link(value: &Value) -> Option<&str> {
    match (&value["$ref"], value["allOf"].as_array()) {
        (Value::Null, Some(members)) if members.len() == 1 => members[0]["$ref"].as_str(),
        (reference, _) => reference.as_str(),
    }
}

/// The successful response, of which there is one in plain form, with its status.
pub(crate) fn success<'a>(spec: &'a Spec, operation: &Operation<'a>) -> (&'a str, &'a Value) {
    let mut responses = entries(&operation.value["responses"]);
    let found = responses.find(|(status, _)| status.starts_with('2'));
    found.map_or(("2XX", &Value::Null), |(status, response)| {
        (status, spec.resolve(response))
    })
}

/// The schema of a successful response in JSON.
pub(crate) fn page_of<'a>(spec: &'a Spec, operation: &Operation<'a>) -> &'a Value {
    let (_, response) = success(spec, operation);
    let mut content = entries(&response["content"]);
    let json = content.find(|(media_type, _)| Content::of(media_type) == Content::Json);
    json.map_or(&Value::Null, |(_, media)| &media["schema"])
}

/// The list in the property `items` of a page.
pub(crate) fn rows_of<'a>(spec: &'a Spec, operation: &Operation<'a>, items: &str) -> &'a Value {
    spec.target(&spec.target(page_of(spec, operation))["properties"][items])
}
