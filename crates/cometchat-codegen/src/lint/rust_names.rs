//! `rust-names`: names that differ in the spec differ in Rust, and none is one that generated code uses itself.
//!
//! typify turns `updatedAt` and `updated_at` into one field, gives `additionalProperties` the field `extra`, and spells
//! the names of types in its own way; nobody checks that a name is free, so that the code doesn't compile.

use std::collections::BTreeMap;

use serde_json::Value;

use super::document::Document;
use super::{Findings, Rule};
use crate::rewrite::naming::{field_name, type_name};
use crate::spec::entries;

pub(super) const RULE: Rule = Rule {
    name: "rust-names",
    why: "names that become one Rust name, or one that generated code needs, don't compile",
    check,
};

/// What the client has as methods: those of the generated trait implementations, and those of `cometchat-client`.
const CLIENT_METHODS: [&str; 10] = [
    "api_version",
    "base_url",
    "baseurl",
    "builder",
    "client",
    "exec",
    "inner",
    "post",
    "pre",
    "with_retry",
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

/// What each builder has as methods or fields.
const BUILDER_NAMES: [&str; 8] = [
    "body", "body_map", "client", "dispatch", "new", "request", "send", "send_as",
];

fn check(document: &Document<'_>, findings: &mut Findings) {
    types(document, findings);
    fields(document, findings);
    operations(document, findings);
}

fn types(document: &Document<'_>, findings: &mut Findings) {
    for (name, _) in document.spec.schemas() {
        let rust = type_name(name);
        if rust != *name {
            findings.add(
                format!("components.schemas.{name}"),
                format!(
                    "the type would be called `{rust}`, so nothing would find it under its own name"
                ),
                format!("rename the schema to `{rust}`, or to another name in that spelling"),
            );
        }
    }
}

fn fields(document: &Document<'_>, findings: &mut Findings) {
    for (_, node) in document.schemas() {
        let place = format!("{}.properties", node.place);
        let properties = &node.value["properties"];
        let mut seen: BTreeMap<String, &str> = BTreeMap::new();
        for (name, _) in entries(properties) {
            let rust = field_name(name);
            if !begins_with_letter(name) {
                findings.add(
                    format!("{place}.{name}"),
                    format!("no field can be called `{name}`, and the generator's parts don't agree on another name"),
                    "leave the property out; it is kept in `extra`",
                );
            }
            if let Some(first) = seen.get(&rust) {
                findings.add(
                    format!("{place}.{name}"),
                    format!("the property becomes the field `{rust}`, as `{first}` does"),
                    "rename one of them, or leave out the one that is not documented",
                );
            } else {
                seen.insert(rust, name);
            }
        }
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
            if !begins_with_letter(name.as_str().unwrap_or_default()) {
                findings.add(
                    place,
                    format!("no setter can be called {name}, and the generator's parts don't agree on another name"),
                    "leave the parameter out; generated code can't set it",
                );
            }
            if BUILDER_NAMES.contains(&rust.as_str()) {
                findings.add(
                    place,
                    format!("the parameter becomes `{rust}`, a name that each builder has already"),
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

/// Whether a name needs nothing put before it.
fn begins_with_letter(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
}
