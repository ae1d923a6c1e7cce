//! `extensible-enum`: `x-extensible-enum` lists distinct strings, each described, that give distinct variants.
//!
//! The values become the variants of an open enum, their descriptions its documentation. `Unknown` is the variant for
//! every other value, so no value may give that name.

use std::collections::BTreeMap;

use serde_json::Value;

use super::document::{Document, Node, Role};
use super::{Findings, Rule};
use crate::rewrite::naming::type_name;
use crate::spec::{array, entries, schema_name};

pub(super) const RULE: Rule = Rule {
    name: "extensible-enum",
    why: "each value becomes a documented variant, beside `Unknown`",
    check,
};

const VALUES: &str = "x-extensible-enum";
const DESCRIPTIONS: &str = "x-enum-descriptions";

fn check(document: &Document<'_>, findings: &mut Findings) {
    for (role, node) in document.schemas() {
        if node.value.get(VALUES).is_some() {
            values(node, findings);
            descriptions(node, findings);
        } else if node.value.get(DESCRIPTIONS).is_some() {
            findings.add(
                format!("{}.{DESCRIPTIONS}", node.place),
                "descriptions of values, but no values",
                format!("add `{VALUES}: [...]`, or leave them out"),
            );
        }
        if role == Role::Parameter {
            narrowed(document, node, findings);
        }
    }
}

fn values(node: &Node<'_>, findings: &mut Findings) {
    let place = format!("{}.{VALUES}", node.place);
    if node.value["type"] != "string" {
        findings.add(
            &node.place,
            format!("`{VALUES}` on a schema that is not a string"),
            "write `type: string`",
        );
    }
    if !node.value["enum"].is_null() {
        findings.add(
            format!("{}.enum", node.place),
            format!("`enum` closes what `{VALUES}` leaves open"),
            "leave it out",
        );
    }
    if array(&node.value[VALUES]).next().is_none() {
        findings.add(
            place,
            "must be a list with a value",
            format!("write `{VALUES}: [first, second]`"),
        );
        return;
    }
    let mut variants: BTreeMap<String, &str> = BTreeMap::new();
    for (index, value) in array(&node.value[VALUES]).enumerate() {
        let place = format!("{place}[{index}]");
        let Some(value) = value.as_str() else {
            findings.add(
                place,
                format!("{value} is not a string"),
                "put it in quotes",
            );
            continue;
        };
        let variant = type_name(value);
        if variant == "Unknown" {
            findings.add(
                place,
                format!(
                    "`{value}` becomes the variant `Unknown`, which holds every unlisted value"
                ),
                "leave it out; it is read as `Unknown` with that text",
            );
        } else if let Some(first) = variants.get(&variant) {
            findings.add(
                place,
                format!("`{value}` becomes the variant `{variant}`, as `{first}` does"),
                "leave out one of them; it is read as `Unknown` with that text",
            );
        } else {
            variants.insert(variant, value);
        }
    }
}

fn descriptions(node: &Node<'_>, findings: &mut Findings) {
    let place = format!("{}.{DESCRIPTIONS}", node.place);
    let descriptions = &node.value[DESCRIPTIONS];
    let is_value = |name: &str| array(&node.value[VALUES]).any(|value| value == name);
    for value in array(&node.value[VALUES]).filter_map(Value::as_str) {
        let described = descriptions[value]
            .as_str()
            .is_some_and(|text| !text.trim().is_empty());
        if !described {
            findings.add(
                &place,
                format!(
                    "the value `{value}` is not described, so its variant has no documentation"
                ),
                format!("add `{value}:` with a sentence for users"),
            );
        }
    }
    for (name, _) in entries(descriptions).filter(|(name, _)| !is_value(name)) {
        findings.add(
            format!("{place}.{name}"),
            format!("describes `{name}`, which is not a value"),
            format!("add it to `{VALUES}`, or leave it out"),
        );
    }
}

/// A parameter may take some of an open enum's values only, never others.
fn narrowed(document: &Document<'_>, node: &Node<'_>, findings: &mut Findings) {
    let Some(whole) = schema_name(node.value).and_then(|name| document.spec.schema(name)) else {
        return;
    };
    for (index, value) in array(&node.value["enum"]).enumerate() {
        if !array(&whole[VALUES]).any(|known| known == value) {
            findings.add(
                format!("{}.enum[{index}]", node.place),
                format!("{value} is not a value of the enum that is narrowed here"),
                format!("add it to the `{VALUES}` of that schema, or leave it out"),
            );
        }
    }
}
