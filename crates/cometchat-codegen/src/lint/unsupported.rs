//! `unsupported`: nothing that OpenAPI has and the generator lacks, or reads in a way of its own.
//!
//! `anyOf` of an enum and a string becomes a struct that can't be decoded, `oneOf` global types with names such as
//! `Known`, a header name with capitals panics when it is sent, cookies and parameters with `content` stop the
//! generator, and what stands beside a `$ref` is passed over by OpenAPI 3.0 itself.

use serde_json::Value;

use super::document::{Document, Kind, Node, Role, is_extension};
use super::{Findings, Rule};
use crate::spec::{array, entries};

pub(super) const RULE: Rule = Rule {
    name: "unsupported",
    why: "progenitor stops at some of OpenAPI, and writes broken code for some more",
    check,
};

const TYPES: [&str; 6] = ["string", "integer", "number", "boolean", "array", "object"];

/// What may stand beside the one `$ref` of an `allOf`: words, and the values to narrow an enum to.
const BESIDE_ALL_OF: [&str; 7] = [
    "allOf",
    "description",
    "enum",
    "example",
    "deprecated",
    "nullable",
    "default",
];

fn check(document: &Document<'_>, findings: &mut Findings) {
    for node in document.nodes() {
        if !node.value["$ref"].is_null() && entries(node.value).count() > 1 {
            findings.add(
                &node.place,
                "what stands beside a `$ref` is passed over",
                "write `allOf: [{$ref: ...}]` with it, or leave it out",
            );
        }
        match node.kind {
            Kind::Schema(role) => schema(role, node, findings),
            Kind::Operation if !node.value["callbacks"].is_null() => findings.add(
                format!("{}.callbacks", node.place),
                "callbacks are passed over: a client is not called",
                "leave them out",
            ),
            Kind::PathItem if !node.value["$ref"].is_null() => findings.add(
                &node.place,
                "a path that refers to another one, at which the generator stops",
                "write its operations out",
            ),
            Kind::Parameter if node.value["$ref"].is_null() => parameter(node, findings),
            Kind::RequestBody if node.value["$ref"].is_null() && node.value["required"] != true => {
                findings.add(
                    &node.place,
                    "a body that may be left out: the method always sends one",
                    "add `required: true`",
                );
            }
            Kind::Content => content(node, findings),
            _ => {}
        }
    }
}

fn schema(role: Role, node: &Node<'_>, findings: &mut Findings) {
    let (place, schema) = (&node.place, node.value);
    for key in ["anyOf", "oneOf", "not", "discriminator"] {
        if !schema[key].is_null() {
            findings.add(
                format!("{place}.{key}"),
                format!("`{key}` becomes a broken or oddly named type"),
                "describe one object with optional properties, or leave the schema without a type",
            );
        }
    }
    if !schema["allOf"].is_null() {
        let members: Vec<_> = array(&schema["allOf"]).collect();
        let beside = entries(schema)
            .find(|(key, _)| !BESIDE_ALL_OF.contains(&key.as_str()) && !is_extension(key));
        if members.len() != 1 || members[0]["$ref"].is_null() || beside.is_some() {
            findings.add(
                format!("{place}.allOf"),
                "an `allOf` that is more than one `$ref` and words about it becomes a type of its own",
                "refer to one named schema, or write the properties out",
            );
        }
    }
    match &schema["type"] {
        Value::Null => {}
        Value::String(name) if TYPES.contains(&name.as_str()) => {}
        other => findings.add(
            format!("{place}.type"),
            format!("{other} is not a type of OpenAPI 3.0"),
            format!("write one of {}", TYPES.join(", ")),
        ),
    }
    if schema["type"] == "array" && schema["items"].is_null() {
        findings.add(
            place,
            "an array that doesn't say of what",
            "add `items:` with a `$ref` to a named schema",
        );
    }
    // `true`, `false` and `{}` for unknown properties are the business of another rule.
    if !schema.is_object() && role != Role::AdditionalProperties {
        findings.add(
            place,
            format!("{schema} is not a schema"),
            "write an object",
        );
    }
}

fn parameter(node: &Node<'_>, findings: &mut Findings) {
    let (place, parameter) = (&node.place, node.value);
    let name = parameter["name"].as_str().unwrap_or_default();
    let style = match parameter["in"].as_str() {
        Some("query") => "form",
        Some("path") => "simple",
        Some("header") => {
            if name.chars().any(|c| c.is_ascii_uppercase()) {
                findings.add(
                    format!("{place}.name"),
                    format!(
                        "a header called `{name}` makes the generated code panic when it is sent"
                    ),
                    "write it in lower case; header names have no case",
                );
            }
            "simple"
        }
        _ => {
            findings.add(
                place,
                format!(
                    "a parameter in {}, which the client can't send",
                    parameter["in"]
                ),
                "describe it in the query, the path or a header, or leave it out",
            );
            return;
        }
    };
    if name.is_empty() {
        findings.add(place, "a parameter without a name", "add `name:`");
    }
    if parameter["schema"].is_null() {
        findings.add(
            place,
            "a parameter without a schema (`content` is not read)",
            "add `schema:` with its type",
        );
    }
    if !(parameter["style"].is_null() || parameter["style"] == style) {
        findings.add(
            format!("{place}.style"),
            format!("the generator stops at the style {}", parameter["style"]),
            format!("write `style: {style}`, or leave it out"),
        );
    }
    if parameter["allowReserved"] == true {
        findings.add(
            format!("{place}.allowReserved"),
            "reserved characters are always encoded",
            "leave it out",
        );
    }
}

fn content(node: &Node<'_>, findings: &mut Findings) {
    let mut types = entries(node.value).map(|(name, _)| name.as_str());
    if (types.next(), types.next()) != (Some("application/json"), None) {
        findings.add(
            &node.place,
            "a body that is not JSON alone: the generator has one type for it, or raw bytes",
            "leave `application/json` as the only media type",
        );
    }
    for (name, media) in entries(node.value) {
        if !media["encoding"].is_null() {
            findings.add(
                format!("{}.{name}.encoding", node.place),
                "the generator stops at `encoding`",
                "leave it out",
            );
        }
    }
}
