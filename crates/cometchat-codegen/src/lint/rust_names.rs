//! `rust-names`: names that differ in the spec differ in Rust, and none is one that generated code uses itself.
//!
//! progenitor and typify turn `updatedAt` and `updated_at` into one field, and give `additionalProperties` the field
//! `extra`; neither checks that the name is free, so that the code doesn't compile.

use std::collections::BTreeMap;

use serde_json::Value;

use super::document::Document;
use super::{Findings, Rule};
use crate::naming::{field_name, type_name};
use crate::spec::entries;

pub(super) const RULE: Rule = Rule {
    name: "rust-names",
    why: "names that become one Rust name, or one that generated code needs, don't compile",
    check,
};

/// What the generated `Client` has as methods, or its traits have.
const CLIENT_METHODS: [&str; 9] = [
    "new",
    "new_with_client",
    "api_version",
    "baseurl",
    "client",
    "inner",
    "pre",
    "exec",
    "post",
];

/// The types that the module of the builders imports.
const IMPORTED_BY_BUILDERS: [&str; 7] = [
    "ByteStream",
    "ClientHooks",
    "ClientInfo",
    "Error",
    "OperationInfo",
    "RequestBuilderExt",
    "ResponseValue",
];

/// What each builder has as methods.
const BUILDER_METHODS: [&str; 4] = ["new", "send", "body", "body_map"];

fn check(document: &Document<'_>, findings: &mut Findings) {
    types(document, findings);
    fields(document, findings);
    operations(document, findings);
}

fn types(document: &Document<'_>, findings: &mut Findings) {
    for (name, _) in document.spec.schemas() {
        if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            findings.add(
                format!("components.schemas.{name}"),
                format!("a type can't be called `{name}`, so the generator makes up a name"),
                "begin the name of the schema with a letter",
            );
        }
    }
    distinct(
        document.spec.schemas().map(|(name, _)| name.as_str()),
        type_name,
        |name, rust, first| {
            findings.add(
                format!("components.schemas.{name}"),
                format!("the schema becomes the type `{rust}`, as `{first}` does"),
                "rename one of them",
            );
        },
    );
}

fn fields(document: &Document<'_>, findings: &mut Findings) {
    for (_, node) in document.schemas() {
        let place = format!("{}.properties", node.place);
        let properties = &node.value["properties"];
        distinct(
            entries(properties).map(|(name, _)| name.as_str()),
            field_name,
            |name, rust, first| {
                findings.add(
                    format!("{place}.{name}"),
                    format!("the property becomes the field `{rust}`, as `{first}` does"),
                    "rename one of them, or leave out the one that is not documented",
                );
            },
        );
        let keeps_unknown = node.value["additionalProperties"].is_object();
        for (name, _) in entries(properties) {
            if keeps_unknown && field_name(name) == "extra" {
                findings.add(
                    format!("{place}.{name}"),
                    "the property becomes the field `extra`, which holds the unknown properties",
                    "leave the property out; it is kept in `extra`",
                );
            }
        }
    }
}

fn operations(document: &Document<'_>, findings: &mut Findings) {
    for operation in document.spec.operations() {
        let id = operation.id();
        if CLIENT_METHODS.contains(&id) || IMPORTED_BY_BUILDERS.contains(&type_name(id).as_str()) {
            findings.add(
                format!("{}.operationId", operation.place()),
                format!("`{id}` is a name that the generated client has already"),
                "give the operation an id of two words or more, such as `list_group_members`",
            );
        }
        let parameters = document.spec.parameters(&operation);
        let mut seen: BTreeMap<String, &Value> = BTreeMap::new();
        for (place, parameter) in &parameters {
            let name = &parameter["name"];
            let rust = field_name(name.as_str().unwrap_or_default());
            if BUILDER_METHODS.contains(&rust.as_str()) {
                findings.add(
                    place,
                    format!("the parameter becomes `{rust}`, a method that each builder has"),
                    "leave the parameter out; generated code can't set it",
                );
            }
            // Of one name and place, the operation's own parameter replaces that of the path.
            let clash = |first: &&Value| first["name"] != *name || first["in"] != parameter["in"];
            if let Some(first) = seen.insert(rust.clone(), parameter).filter(clash) {
                findings.add(
                    place,
                    format!("the parameter becomes `{rust}`, as {} does", first["name"]),
                    "rename or leave out one of them",
                );
            }
        }
    }
}

/// Calls `clash` for each word whose Rust name an earlier word has, with that name and word.
fn distinct<'a>(
    words: impl Iterator<Item = &'a str>,
    rust_name: fn(&str) -> String,
    mut clash: impl FnMut(&str, &str, &str),
) {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for word in words {
        let rust = rust_name(word);
        if let Some(first) = seen.get(&rust) {
            clash(word, &rust, first);
        } else {
            seen.insert(rust, word);
        }
    }
}
