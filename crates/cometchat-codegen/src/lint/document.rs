//! A spec as the list of its parts: what each is, where it stands, and whether it describes what the service sends.
//!
//! Rules speak of kinds of parts ("every response", "every schema that is reachable from a response"). The same key
//! means different things in different places: `properties` may hold a property named `description` or `x-retry`. So
//! the document is taken apart once, by what OpenAPI 3.0 says stands where, and the rules choose from the parts.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

use crate::spec::{METHODS, Operation, Spec, array, entries, schema_name};

/// A spec and its parts.
pub(super) struct Document<'a> {
    pub(super) spec: &'a Spec,
    nodes: Vec<Node<'a>>,
    orders: HashMap<String, usize>,
    sent: BTreeSet<&'a str>,
}

/// One part of a spec.
pub(super) struct Node<'a> {
    pub(super) place: String,
    pub(super) kind: Kind,
    pub(super) side: Side<'a>,
    pub(super) value: &'a Value,
}

/// What a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The document, or a part that no rule but that of unknown extensions asks for.
    Other,
    Server,
    PathItem,
    Operation,
    Parameter,
    RequestBody,
    Response,
    /// The `content` of a request body, a response or a parameter: the media types by name.
    Content,
    MediaType,
    Schema(Role),
    SecurityScheme,
}

/// What a schema is the schema of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Component,
    Parameter,
    Header,
    Body,
    Property,
    Items,
    AdditionalProperties,
    /// A member of `allOf`, `anyOf` or `oneOf`, or what is said not to be.
    Member,
}

/// Who writes the values that a schema describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side<'a> {
    /// A client.
    Request,
    /// The service.
    Response,
    /// Whoever writes those of the named schema in which it stands.
    Component(&'a str),
}

impl<'a> Document<'a> {
    pub(super) fn new(spec: &'a Spec) -> Self {
        let mut parts = Parts::default();
        parts.document(spec.root());
        let nodes = parts.nodes;
        let orders = nodes
            .iter()
            .enumerate()
            .map(|(order, node)| (node.place.clone(), order))
            .collect();
        let sent = reachable(&nodes, Side::Response);
        Self {
            spec,
            nodes,
            orders,
            sent,
        }
    }

    /// The parts of that kind, in the order of the document; a `$ref` to a part is none.
    pub(super) fn of(&self, kind: Kind) -> impl Iterator<Item = &Node<'a>> {
        self.nodes
            .iter()
            .filter(move |node| node.kind == kind && node.value["$ref"].is_null())
    }

    /// All parts, with `$ref`s to parts among them.
    pub(super) fn nodes(&self) -> &[Node<'a>] {
        &self.nodes
    }

    /// The schemas, with `$ref`s among them.
    pub(super) fn schemas(&self) -> impl Iterator<Item = (Role, &Node<'a>)> {
        self.nodes.iter().filter_map(|node| match node.kind {
            Kind::Schema(role) => Some((role, node)),
            _ => None,
        })
    }

    /// The schemas whose values the service may send: those in a response, and in what a response leads to.
    pub(super) fn sent_schemas(&self) -> impl Iterator<Item = (Role, &Node<'a>)> {
        self.schemas().filter(|(_, node)| match node.side {
            Side::Request => false,
            Side::Response => true,
            Side::Component(name) => self.sent.contains(name),
        })
    }

    /// Whether values of the named schema stand in JSON: in a body, or in what another schema describes.
    pub(super) fn is_in_body(&self, name: &str) -> bool {
        self.schemas()
            .any(|(role, node)| role != Role::Parameter && schema_name(node.value) == Some(name))
    }

    /// The success response of an operation: its place and the response; the first one, where there are several.
    pub(super) fn success(&self, operation: &Operation<'a>) -> Option<(String, &'a Value)> {
        entries(&operation.value["responses"])
            .find(|(status, _)| status.starts_with('2'))
            .map(|(status, response)| {
                (
                    format!("{}.responses.{status}", operation.place()),
                    self.spec.resolve(response),
                )
            })
    }

    /// The name of the schema of an operation's success.
    pub(super) fn success_schema(&self, operation: &Operation<'a>) -> Option<&'a str> {
        let (_, response) = self.success(operation)?;
        schema_name(&response["content"]["application/json"]["schema"])
    }

    /// The name of the schema of a property of the named schema.
    pub(super) fn property_schema(&self, name: &str, property: &str) -> Option<&'a str> {
        schema_name(&self.spec.schema(name)?["properties"][property])
    }

    /// Which part of the document holds a place, counted from its start.
    pub(super) fn order_of(&self, place: &str) -> usize {
        let mut place = place;
        loop {
            if let Some(order) = self.orders.get(place) {
                return *order;
            }
            match place.rfind(['.', '[']) {
                Some(end) => place = &place[..end],
                None => return 0,
            }
        }
    }
}

/// The named schemas that schemas of that side lead to.
fn reachable<'a>(nodes: &[Node<'a>], from: Side<'a>) -> BTreeSet<&'a str> {
    let mut edges: BTreeMap<&str, Vec<&'a str>> = BTreeMap::new();
    let mut found = BTreeSet::new();
    let mut open = Vec::new();
    for node in nodes {
        let (Kind::Schema(_), Some(target)) = (node.kind, node.value["$ref"].as_str()) else {
            continue;
        };
        let Some(target) = target.strip_prefix("#/components/schemas/") else {
            continue;
        };
        match node.side {
            Side::Component(name) => edges.entry(name).or_default().push(target),
            side if side == from => open.push(target),
            _ => {}
        }
    }
    while let Some(name) = open.pop() {
        if found.insert(name) {
            open.extend(edges.get(name).into_iter().flatten());
        }
    }
    found
}

/// The parts found so far.
#[derive(Default)]
struct Parts<'a> {
    nodes: Vec<Node<'a>>,
}

impl<'a> Parts<'a> {
    fn push(&mut self, place: &str, kind: Kind, side: Side<'a>, value: &'a Value) {
        self.nodes.push(Node {
            place: place.to_owned(),
            kind,
            side,
            value,
        });
    }

    fn document(&mut self, root: &'a Value) {
        self.push("", Kind::Other, Side::Request, root);
        for (key, value) in entries(root) {
            match key.as_str() {
                "info" => {
                    self.push(key, Kind::Other, Side::Request, value);
                    self.others(key, value, &["contact", "license"]);
                }
                "servers" => self.servers(key, value),
                "paths" => {
                    self.push(key, Kind::Other, Side::Request, value);
                    for (path, item) in entries(value).filter(|(path, _)| !is_extension(path)) {
                        self.path_item(&format!("paths.{path}"), item);
                    }
                }
                "components" => {
                    self.push(key, Kind::Other, Side::Request, value);
                    self.components(value);
                }
                "tags" => {
                    for (index, tag) in array(value).enumerate() {
                        self.push(&format!("tags[{index}]"), Kind::Other, Side::Request, tag);
                    }
                }
                "externalDocs" => self.push(key, Kind::Other, Side::Request, value),
                _ => {}
            }
        }
    }

    fn others(&mut self, place: &str, value: &'a Value, keys: &[&str]) {
        for key in keys {
            if let Some(value) = value.get(key) {
                self.push(&format!("{place}.{key}"), Kind::Other, Side::Request, value);
            }
        }
    }

    fn servers(&mut self, place: &str, servers: &'a Value) {
        for (index, server) in array(servers).enumerate() {
            let place = format!("{place}[{index}]");
            self.push(&place, Kind::Server, Side::Request, server);
            for (name, variable) in entries(&server["variables"]) {
                let place = format!("{place}.variables.{name}");
                self.push(&place, Kind::Other, Side::Request, variable);
            }
        }
    }

    fn components(&mut self, components: &'a Value) {
        for (key, named) in entries(components) {
            for (name, value) in entries(named) {
                let place = format!("components.{key}.{name}");
                match key.as_str() {
                    "schemas" => {
                        self.schema(&place, Role::Component, Side::Component(name), value);
                    }
                    "parameters" => self.parameter(&place, value),
                    "requestBodies" => self.request_body(&place, value),
                    "responses" => self.response(&place, value),
                    "headers" => self.header(&place, value),
                    "securitySchemes" => {
                        self.push(&place, Kind::SecurityScheme, Side::Request, value);
                    }
                    _ => self.push(&place, Kind::Other, Side::Request, value),
                }
            }
        }
    }

    fn path_item(&mut self, place: &str, item: &'a Value) {
        self.push(place, Kind::PathItem, Side::Request, item);
        for (key, value) in entries(item) {
            let place = format!("{place}.{key}");
            match key.as_str() {
                "parameters" => self.parameters(&place, value),
                "servers" => self.servers(&place, value),
                method if METHODS.contains(&method) => self.operation(&place, value),
                _ => {}
            }
        }
    }

    fn operation(&mut self, place: &str, operation: &'a Value) {
        self.push(place, Kind::Operation, Side::Request, operation);
        for (key, value) in entries(operation) {
            let place = format!("{place}.{key}");
            match key.as_str() {
                "parameters" => self.parameters(&place, value),
                "servers" => self.servers(&place, value),
                "requestBody" => self.request_body(&place, value),
                "responses" => {
                    self.push(&place, Kind::Other, Side::Request, value);
                    for (status, response) in
                        entries(value).filter(|(status, _)| !is_extension(status))
                    {
                        self.response(&format!("{place}.{status}"), response);
                    }
                }
                "externalDocs" => self.push(&place, Kind::Other, Side::Request, value),
                _ => {}
            }
        }
    }

    fn parameters(&mut self, place: &str, parameters: &'a Value) {
        for (index, parameter) in array(parameters).enumerate() {
            self.parameter(&format!("{place}[{index}]"), parameter);
        }
    }

    fn parameter(&mut self, place: &str, parameter: &'a Value) {
        self.push(place, Kind::Parameter, Side::Request, parameter);
        if let Some(schema) = parameter.get("schema") {
            let place = format!("{place}.schema");
            self.schema(&place, Role::Parameter, Side::Request, schema);
        }
        self.content(place, Side::Request, parameter);
        self.examples(place, parameter);
    }

    fn header(&mut self, place: &str, header: &'a Value) {
        self.push(place, Kind::Other, Side::Response, header);
        if let Some(schema) = header.get("schema") {
            let place = format!("{place}.schema");
            self.schema(&place, Role::Header, Side::Response, schema);
        }
    }

    fn request_body(&mut self, place: &str, body: &'a Value) {
        self.push(place, Kind::RequestBody, Side::Request, body);
        self.content(place, Side::Request, body);
    }

    fn response(&mut self, place: &str, response: &'a Value) {
        self.push(place, Kind::Response, Side::Response, response);
        for (key, value) in entries(response) {
            match key.as_str() {
                "headers" => {
                    for (name, header) in entries(value) {
                        self.header(&format!("{place}.headers.{name}"), header);
                    }
                }
                "content" => self.content(place, Side::Response, response),
                "links" => {
                    for (name, link) in entries(value) {
                        let place = format!("{place}.links.{name}");
                        self.push(&place, Kind::Other, Side::Request, link);
                    }
                }
                _ => {}
            }
        }
    }

    fn content(&mut self, place: &str, side: Side<'a>, owner: &'a Value) {
        let Some(content) = owner.get("content") else {
            return;
        };
        let place = format!("{place}.content");
        self.push(&place, Kind::Content, side, content);
        for (name, media) in entries(content) {
            let place = format!("{place}.{name}");
            self.push(&place, Kind::MediaType, side, media);
            if let Some(schema) = media.get("schema") {
                self.schema(&format!("{place}.schema"), Role::Body, side, schema);
            }
            self.examples(&place, media);
        }
    }

    fn examples(&mut self, place: &str, owner: &'a Value) {
        for (name, example) in entries(&owner["examples"]) {
            let place = format!("{place}.examples.{name}");
            self.push(&place, Kind::Other, Side::Request, example);
        }
    }

    fn schema(&mut self, place: &str, role: Role, side: Side<'a>, schema: &'a Value) {
        self.push(place, Kind::Schema(role), side, schema);
        for (key, value) in entries(schema) {
            let place = format!("{place}.{key}");
            match key.as_str() {
                "properties" => {
                    for (name, property) in entries(value) {
                        self.schema(&format!("{place}.{name}"), Role::Property, side, property);
                    }
                }
                "items" => self.schema(&place, Role::Items, side, value),
                "additionalProperties" => {
                    self.schema(&place, Role::AdditionalProperties, side, value);
                }
                "not" => self.schema(&place, Role::Member, side, value),
                "allOf" | "anyOf" | "oneOf" => {
                    for (index, member) in array(value).enumerate() {
                        self.schema(&format!("{place}[{index}]"), Role::Member, side, member);
                    }
                }
                "externalDocs" => self.push(&place, Kind::Other, side, value),
                _ => {}
            }
        }
    }
}

/// Whether a key is that of an extension.
pub(super) fn is_extension(key: &str) -> bool {
    key.starts_with("x-")
}
