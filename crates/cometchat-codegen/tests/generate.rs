//! The generator on a small spec in plain form, and on ones that are broken in one place.

use std::process::Command;

use cometchat_codegen::{generate, spec};
use serde_json::{Map, Value, json};

const SPEC: &str = include_str!("specs/plain.yaml");

/// The spec with one change.
fn edited(edit: impl FnOnce(&mut Value)) -> String {
    let mut spec = spec::read(SPEC).unwrap();
    edit(&mut spec);
    spec.to_string()
}

/// The code without the lines on where it came from.
fn body(code: &str) -> &str {
    code.split_once("\n\n").unwrap().1
}

#[test]
fn the_beginning_says_where_the_code_came_from() {
    let code = generate(SPEC).unwrap();
    let head = code.split_once("\n\n").unwrap().0;
    assert!(
        head.contains("do not edit") && head.contains("cargo xtask codegen"),
        "{head}"
    );
    assert!(
        head.contains(concat!("cometchat-codegen ", env!("CARGO_PKG_VERSION"))),
        "{head}"
    );
    assert!(
        head.contains(spec::Spec::parse(SPEC).unwrap().sha256()),
        "{head}"
    );
}

/// Puts the entries of every map of the document into another order, but for the examples' data.
fn turned(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map
                .into_iter()
                .map(|(key, value)| match (key.as_str(), value) {
                    // Columns come in the order in which the spec has the fields.
                    ("properties", value) => (key, value),
                    (_, value) => (key, turned(value)),
                })
                .collect();
            entries.reverse();
            Value::Object(Map::from_iter(entries))
        }
        Value::Array(items) => items.into_iter().map(turned).collect(),
        other => other,
    }
}

#[test]
fn the_order_of_maps_but_fields_changes_nothing() {
    let turned = turned(spec::read(SPEC).unwrap()).to_string();
    assert_ne!(turned, spec::read(SPEC).unwrap().to_string());
    assert_eq!(
        body(&generate(&turned).unwrap()),
        body(&generate(SPEC).unwrap())
    );
}

/// Run by the next test in a process of its own: hash maps are seeded anew in each.
#[test]
fn prints_code_for_another_process() {
    if std::env::var_os("PRINT_CODE").is_some() {
        println!("{}", generate(SPEC).unwrap());
    }
}

#[test]
fn two_processes_generate_the_same() {
    let run = || {
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "prints_code_for_another_process", "--nocapture"])
            .env("PRINT_CODE", "1")
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let start = text.find("// Generated from").unwrap();
        let end = text
            .rfind("\n\ntest result")
            .or_else(|| text.rfind("test "))
            .unwrap();
        text[start..end].to_owned()
    };
    let first = run();
    assert!(first.len() > 10_000, "too little was printed");
    assert_eq!(first, run());
}

#[test]
fn a_broken_spec_is_an_error_with_location_and_help() {
    let list = "/groups/{guid}/bannedusers";
    for (text, location) in [
        (SPEC.replacen("paths:", "paths: [", 1), "the document"),
        (String::new(), "the document"),
        ("[".repeat(100_000), "the document"),
        (
            format!("a: {}1{}", "{b: ".repeat(10_000), "}".repeat(10_000)),
            "the document",
        ),
        (
            SPEC.replacen("openapi: 3.0.3", "openapi: 3.2.0", 1),
            "openapi",
        ),
        (
            edited(|spec| {
                spec["components"]["schemas"]["Row"]["properties"]["a"] =
                    json!({"$ref": "#/components/schemas/Nothing"});
            }),
            "components.schemas.Row.properties.a",
        ),
        (
            edited(|spec| spec["paths"][list]["get"]["x-pagination"]["items"] = json!("rows")),
            "paths./groups/{guid}/bannedusers.get.x-pagination.items",
        ),
    ] {
        let error = generate(&text).unwrap_err();
        let findings = error.findings();
        assert_eq!(findings.len(), 1, "{location}: {error}");
        assert_eq!(findings[0].location, location, "{error}");
        assert!(!findings[0].help.is_empty(), "{location}");
    }
}

/// A call that was sent may have been carried out, so what changes something is not sent again by itself.
#[test]
fn only_reads_are_retried_unless_the_spec_says_so() {
    let written = |extension: Option<bool>| {
        let spec = edited(|spec| {
            let path = &mut spec["paths"]["/groups/{guid}/bannedusers"];
            let mut operation = path["get"].clone();
            let fields = operation.as_object_mut().unwrap();
            fields.remove("x-pagination");
            fields["operationId"] = json!("ban_user");
            fields.extend(extension.map(|retry| ("x-retry".to_owned(), retry.into())));
            path["post"] = operation;
        });
        let code = generate(&spec).unwrap();
        let arms = code.split_once("fn may_retry(self)").unwrap().1;
        let arms = arms.split_once("}\n    }").unwrap().0;
        ["BanUser", "ListBannedUsers"].map(|name| arms.contains(&format!("Self::{name} => true")))
    };
    for (extension, retry) in [(None, false), (Some(true), true)] {
        assert_eq!(written(extension), [retry, true]);
    }
}
