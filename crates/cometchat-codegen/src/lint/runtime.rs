//! The spec has what the client around the generated code reads by name: errors, and the address of the service.

use serde_json::Value;

use crate::document::spec::{Spec, entries, schema_name};
use crate::error::Finding;

/// The properties that are read, by the name of their schema: `$Name` for a named schema, else a type.
const PROPERTIES: [(&str, &str, &str); 5] = [
    ("ErrorResponse", "error", "$ErrorBody"),
    ("ErrorBody", "code", "$ErrorCode"),
    ("ErrorBody", "message", "string"),
    ("ErrorBody", "details", "$ErrorDetails"),
    ("Pagination", "total_pages", "integer"),
];

/// The headers that say who asks, by the name of their scheme.
const SCHEMES: [&str; 2] = ["apikey", "onBehalfOf"];

pub(super) fn check(spec: &Spec, findings: &mut Vec<Finding>) {
    let of = |name: &str| spec.schema(name).unwrap_or(&Value::Null);
    for (schema, property, expected) in PROPERTIES {
        let found = &of(schema)["properties"][property];
        let is_there = match expected.strip_prefix('$') {
            Some(name) => schema_name(found) == Some(name),
            None => found["type"] == expected,
        };
        if !is_there {
            let what = expected.trim_start_matches('$');
            findings.push(missing(
                format!("components.schemas.{schema}"),
                format!("the client reads its property `{property}`, of type `{what}`"),
                format!("add the schema with that property, or rename the schema if it is something else: the client's own is called `{schema}`"),
            ));
        }
    }
    let schemas = [
        (
            "ErrorCode",
            of("ErrorCode")["x-extensible-enum"].is_array(),
            "a string with `x-extensible-enum`",
        ),
        (
            "ErrorDetails",
            of("ErrorDetails").is_object() && of("ErrorDetails")["type"].is_null(),
            "any value, without a `type`",
        ),
        (
            "Cursor",
            of("Cursor")["properties"].is_object(),
            "an object with properties",
        ),
    ];
    for (name, is_there, what) in schemas {
        if !is_there {
            findings.push(missing(
                format!("components.schemas.{name}"),
                format!("the client reads it as {what}"),
                format!("describe it as {what}"),
            ));
        }
    }
    for name in SCHEMES {
        if spec.root()["components"]["securitySchemes"][name].is_null() {
            findings.push(missing(
                "components.securitySchemes".to_owned(),
                format!("the client sends the header of `{name}`"),
                format!(
                    "add `{name}:` with `type: apiKey`, `in: header` and the name of the header"
                ),
            ));
        }
    }
    server(&spec.root()["servers"][0], findings);
}

fn server(server: &Value, findings: &mut Vec<Finding>) {
    let url = server["url"].as_str().unwrap_or_default();
    let mut variables: Vec<_> = entries(&server["variables"])
        .map(|(name, variable)| (name.as_str(), variable["enum"].is_array()))
        .filter(|(name, _)| url.contains(&format!("{{{name}}}")))
        .collect();
    variables.sort_by_key(|(name, _)| url.find(&format!("{{{name}}}")));
    if variables != [("appId", false), ("region", true)] || url.ends_with('/') {
        findings.push(missing(
            "servers[0]".to_owned(),
            "the client makes the address of an app id and one of some regions".to_owned(),
            "write `{appId}` and then `{region}` into `url`, without a slash at its end, and describe them under `variables`, the latter with an `enum`; a base URL is still set as any".to_owned(),
        ));
    }
}

fn missing(location: String, problem: String, help: String) -> Finding {
    Finding::error("runtime", location, problem, help)
}
