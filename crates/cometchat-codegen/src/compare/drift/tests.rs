//! Documents as vendors publish them, beside the spec of this workspace.

use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Drift, Group, drift, read_vendor};
use crate::compare::fixture::{OURS, any_json, edited, mangled};
use crate::document::spec::Spec;

static SPEC: LazyLock<Spec> = LazyLock::new(|| Spec::parse(&OURS.to_string()).unwrap());

fn lines(found: &[Drift]) -> Vec<String> {
    found
        .iter()
        .map(|drift| {
            let (group, operation, subject) =
                (drift.group.as_str(), &drift.operation, &drift.subject);
            let operation = operation.replace("GET /groups/{guid}/", "");
            let line = format!(
                "{group} | {operation} | {subject} | {} | {} | {}",
                drift.aspect, drift.ours, drift.theirs
            );
            let convention = if drift.convention {
                "by convention "
            } else {
                ""
            };
            format!("{convention}{}", line.trim_end_matches([' ', '|']))
        })
        .collect()
}

#[test]
fn a_document_has_not_moved_from_itself() {
    assert_eq!(drift(&SPEC, &OURS), []);
}

#[test]
fn a_header_that_the_client_sends_has_not_moved_either() {
    let text = "{openapi: 3.0.3, info: {title: T, version: '1'}, security: [{apikey: []}],
        components: {securitySchemes: {apikey: {type: apiKey, in: header, name: apikey}}},
        paths: {/a: {get: {parameters: [{name: onBehalfOf, in: header, schema: {type: string}}],
            responses: {'200': {description: D}}}}}}";
    let theirs = read_vendor(text).unwrap();
    assert_eq!(drift(&Spec::parse(text).unwrap(), &theirs), []);
}

#[test]
fn what_has_moved_is_said() {
    let table: Vec<Value> = serde_saphyr::from_str(include_str!("edits.yaml")).unwrap();
    let mut failed = Vec::new();
    for row in &table {
        let found = lines(&drift(&SPEC, &edited(&[&row["edits"]])));
        if json!(found) != row["drift"] {
            failed.push(format!("{}: {found:#?}", row["edits"]));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn circles_and_references_to_nothing_are_read() {
    let theirs = json!({
        "openapi": "3.0.0",
        "paths": {"/groups/{guid}/members": {"get": {
            "parameters": [{"$ref": "#/components/parameters/A"}, {"$ref": "elsewhere.yaml#/B"}, 7],
            "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Page"}}}}},
        }}},
        "components": {
            "parameters": {"A": {"$ref": "#/components/parameters/A"}},
            "schemas": {
                "Page": {"allOf": [{"$ref": "#/components/schemas/Page"}], "properties": {
                    "data": {"type": "array", "items": {"$ref": "#/components/schemas/Row"}},
                }},
                "Row": {"properties": {"friends": {"items": {"$ref": "#/components/schemas/Row"}}, "uid": {"type": "integer"}}},
            },
        },
    });
    let found = lines(&drift(&SPEC, &theirs));
    assert!(
        found.contains(
            &"only they have | members | field `data[].friends` |  |  | array".to_owned()
        )
    );
    assert!(
        found.contains(
            &"differs | members | field `data[].uid` | type | string | integer".to_owned()
        )
    );
}

#[test]
fn more_fields_than_are_compared_are_said() {
    let mut theirs = OURS.clone();
    let properties = &mut theirs["components"]["schemas"]["GroupMember"]["properties"];
    for index in 0..3_000 {
        properties[format!("field{index}")] = json!({"type": "string"});
    }
    let found = drift(&SPEC, &theirs);
    assert!(
        found
            .iter()
            .any(|drift| drift.aspect == "number" && drift.group == Group::Differs)
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_document_is_compared(theirs in any_json()) {
        let _ = drift(&SPEC, &theirs);
    }

    #[test]
    fn any_mangled_document_is_compared(
        edits in prop::collection::vec((any::<usize>(), prop::option::of(any_json())), 1..8),
    ) {
        let theirs = mangled(OURS.clone(), &edits);
        if let Ok(theirs) = read_vendor(&theirs.to_string()) {
            let _ = drift(&SPEC, &theirs);
        }
    }
}
