//! `runtime`: the spec has what the client is written against by hand.
//!
//! Around the generated code `cometchat-client` reads errors, pages and addresses by names that come from the spec. A spec
//! that lacks one is a client that doesn't compile, with an error in code that its author never saw.

use serde_json::Value;

use super::document::Document;
use super::{Findings, Rule};
use crate::spec::{Spec, entries, schema_name};

pub(super) const RULE: Rule = Rule {
    name: "runtime",
    why: "the client reads errors, pages and addresses by names that the spec must have",
    check,
};

/// What a property must be.
enum Expected {
    /// Of the named schema.
    Named(&'static str),
    /// Of that type, inline.
    Inline(&'static str),
}

use Expected::{Inline, Named};

/// The properties that are read, by the name of their schema.
const PROPERTIES: [(&str, &str, Expected); 5] = [
    ("ErrorResponse", "error", Named("ErrorBody")),
    ("ErrorBody", "code", Named("ErrorCode")),
    ("ErrorBody", "message", Inline("string")),
    ("ErrorBody", "details", Named("ErrorDetails")),
    ("Pagination", "total_pages", Inline("integer")),
];

/// The headers that say who asks, by the name of their scheme.
const SCHEMES: [&str; 2] = ["apikey", "onBehalfOf"];

fn check(document: &Document<'_>, findings: &mut Findings) {
    let spec = document.spec;
    for (schema, property, expected) in &PROPERTIES {
        let found = spec
            .schema(schema)
            .map_or(&Value::Null, |schema| &schema["properties"][*property]);
        let (is_expected, mend) = match expected {
            Named(name) => (
                schema_name(found) == Some(*name),
                format!("add it with `$ref: \"#/components/schemas/{name}\"`"),
            ),
            Inline(ty) => (found["type"] == *ty, format!("add it with `type: {ty}`")),
        };
        if !is_expected {
            findings.add(
                format!("components.schemas.{schema}"),
                format!(
                    "the client reads `{property}` of it, which is not there or of another type"
                ),
                mend,
            );
        }
    }
    schemas(spec, findings);
    for name in SCHEMES {
        if spec.root()["components"]["securitySchemes"][name].is_null() {
            findings.add(
                "components.securitySchemes",
                format!("the client sends the header of `{name}`, which is not described"),
                format!("add `{name}:` with `type: apiKey`, `in: header` and a description"),
            );
        }
    }
    let variables: Vec<_> = entries(&spec.root()["servers"][0]["variables"])
        .map(|(name, variable)| (name.as_str(), variable["enum"].is_array()))
        .collect();
    if !spec.root()["servers"].is_null() && variables != [("appId", false), ("region", true)] {
        findings.add(
            "servers[0].variables",
            "the client makes an address of an app id and one of some regions, and of nothing else",
            "describe `appId` and then `region`, the latter with an `enum`; other hosts are set by their base URL",
        );
    }
}

/// The schemas that are read as a whole.
fn schemas(spec: &Spec, findings: &mut Findings) {
    let of = |name: &str| spec.schema(name).unwrap_or(&Value::Null);
    for (name, is_there, what) in [
        (
            "ErrorCode",
            of("ErrorCode")["x-extensible-enum"].is_array(),
            "an open enum",
        ),
        (
            "ErrorDetails",
            !of("ErrorDetails").is_null() && of("ErrorDetails")["type"].is_null(),
            "any value, so without `type`",
        ),
        (
            "Cursor",
            of("Cursor")["properties"].is_object(),
            "an object with properties",
        ),
    ] {
        if !is_there {
            findings.add(
                format!("components.schemas.{name}"),
                format!("the client reads it as {what}, which it is not"),
                format!("describe it as {what}"),
            );
        }
    }
}
