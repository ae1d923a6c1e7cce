//! `path-parameters`: what goes into a path is a named string that can't change the path.
//!
//! progenitor encodes a path value but for what a URL parser gives a meaning of its own: `..` asks for the parent, a
//! backslash is read as a slash, an empty value leaves `//`. So a value has a length, and no pattern but the one that
//! the client checks values by.

use std::collections::BTreeSet;

use serde_json::Value;

use super::document::{Document, Kind};
use super::{Findings, Rule};
use crate::ir::PATH_SEGMENT;
use crate::spec::schema_name;

pub(super) const RULE: Rule = Rule {
    name: "path-parameters",
    why: "a value in a path can change which path is asked: `..`, a backslash, nothing at all",
    check,
};

fn check(document: &Document<'_>, findings: &mut Findings) {
    for operation in document.spec.operations() {
        let parameters = document.spec.parameters(&operation);
        let described: BTreeSet<_> = parameters
            .iter()
            .filter(|(_, parameter)| parameter["in"] == "path")
            .filter_map(|(_, parameter)| parameter["name"].as_str())
            .collect();
        let named: BTreeSet<_> = template_names(operation.path).collect();
        for name in named.difference(&described) {
            findings.add(
                operation.place(),
                format!("`{{{name}}}` in the path is not described as a parameter"),
                format!("add the parameter `{name}` with `in: path`"),
            );
        }
        for name in described.difference(&named) {
            findings.add(
                operation.place(),
                format!("the parameter `{name}` is said to be in the path, and is not"),
                format!("put `{{{name}}}` into the path, or leave the parameter out"),
            );
        }
    }
    for node in document.of(Kind::Parameter) {
        if node.value["in"] == "path" {
            parameter(document, &node.place, node.value, findings);
        }
    }
}

fn parameter(document: &Document<'_>, place: &str, parameter: &Value, findings: &mut Findings) {
    if parameter["required"] != true {
        findings.add(
            place,
            "a parameter in the path that may be left out, at which progenitor panics",
            "add `required: true`",
        );
    }
    let schema = &parameter["schema"];
    let Some((name, schema)) =
        schema_name(schema).and_then(|name| Some((name, document.spec.schema(name)?)))
    else {
        findings.add(
            format!("{place}.schema"),
            "a value in the path has no named type, so each operation would get its own",
            "move the schema to `components.schemas`, and refer to it by `$ref`",
        );
        return;
    };
    let here = format!("components.schemas.{name}");
    if schema["type"] != "string" {
        findings.add(
            &here,
            "a value in the path is not a string",
            "write `type: string`",
        );
    }
    if schema["minLength"].as_u64().is_none_or(|least| least == 0) {
        findings.add(
            &here,
            "a value in the path may be empty, which asks for another path",
            "add `minLength: 1`",
        );
    }
    if schema["maxLength"].as_u64().is_none() {
        findings.add(
            &here,
            "a value in the path may be of any length",
            "add `maxLength:`, such as 100",
        );
    }
    if document.is_in_body(name) {
        findings.add(
            &here,
            "a value in the path that stands in a body too, which its type can't be",
            "give the body a string schema of its own",
        );
    }
    let pattern = &schema["pattern"];
    if !(pattern.is_null() || pattern == PATH_SEGMENT) {
        findings.add(
            format!("{here}.pattern"),
            "a pattern that the client does not check values in a path by",
            format!("leave it out, or write '{PATH_SEGMENT}'"),
        );
    }
}

/// The names in braces of a path template.
fn template_names(path: &str) -> impl Iterator<Item = &str> {
    path.split('{')
        .skip(1)
        .filter_map(|rest| Some(rest.split_once('}')?.0))
}
