//! Documents as vendors publish them, beside the spec of this workspace.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Drift, Group, drift, read_vendor};
use crate::mangled::{any_json, mangled};
use crate::spec::{Spec, read};

const SPEC: &str = include_str!("../../../../openapi.yaml");
const MEMBERS: &str = "/paths/~1groups~1{guid}~1members/get";

/// The differences that edits (RFC 6902) of a copy of our spec make, as lines.
fn drifted(edits: &Value) -> Vec<String> {
    let mut theirs = read(SPEC).unwrap();
    let edits: json_patch::Patch = serde_json::from_value(edits.clone()).unwrap();
    json_patch::patch(&mut theirs, &edits).unwrap();
    lines(&drift(&Spec::parse(SPEC).unwrap(), &theirs))
}

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
            line.trim_end_matches([' ', '|']).to_owned()
        })
        .collect()
}

#[test]
fn a_document_has_not_moved_from_itself() {
    assert_eq!(drifted(&json!([])), Vec::<String>::new());
}

#[test]
fn what_has_moved_is_said() {
    let at = |path: &str| format!("{MEMBERS}{path}");
    for (edits, expected) in [
        // Parameters.
        (
            json!([{"op": "replace", "path": at("/parameters/4"), "value": {"name": "scopes", "in": "query", "schema": {"type": "array"}}}]),
            vec![
                "only we have | members | query parameter `scopes` | values | admin, moderator, participant",
                "differs | members | query parameter `scopes` | type | array of string | array of anything",
                "differs | members | query parameter `scopes` | on the wire | one comma-joined value | a key for each item (not stated)",
            ],
        ),
        (
            json!([{"op": "replace", "path": "/components/parameters/PerPage/schema/default", "value": "100"}]),
            vec!["differs | every operation | query parameter `perPage` | default | 100 | \"100\""],
        ),
        (
            json!([{"op": "replace", "path": "/components/parameters/PerPage/schema", "value": {"type": "string", "default": 50}}]),
            vec![
                "only we have | every operation | query parameter `perPage` | maximum | 1000",
                "only we have | every operation | query parameter `perPage` | minimum | 1",
                "differs | every operation | query parameter `perPage` | type | integer | string",
                "differs | every operation | query parameter `perPage` | default | 100 | 50",
            ],
        ),
        (
            json!([{"op": "add", "path": at("/parameters/-"), "value": {"name": "affix", "in": "query", "required": true, "schema": {"type": "string"}}}]),
            vec!["only they have | members | query parameter `affix` |  |  | string, required"],
        ),
        (
            json!([{"op": "add", "path": at("/parameters/-"), "value": {"name": "affix", "in": "query"}}]),
            vec!["only they have | members | query parameter `affix` |  |  | no type"],
        ),
        (
            json!([{"op": "remove", "path": at("/parameters/3")}]),
            vec!["only we have | members | query parameter `status` |  | string"],
        ),
        (
            json!([{"op": "add", "path": at("/parameters/3/schema"), "value": {"type": "string", "enum": ["available", "online"]}}]),
            vec![
                "only they have | members | query parameter `status` | values |  | online",
                "only we have | members | query parameter `status` | values | offline",
            ],
        ),
        (
            json!([{"op": "add", "path": at("/parameters/3/required"), "value": true}]),
            vec!["differs | members | query parameter `status` | presence | optional | required"],
        ),
        (
            json!([{"op": "add", "path": at("/parameters/3/deprecated"), "value": true}]),
            vec!["only they have | members | query parameter `status` |  |  | deprecated"],
        ),
        (
            json!([{"op": "replace", "path": "/components/schemas/Guid/maxLength", "value": 64}]),
            vec!["differs | every operation | path parameter `guid` | maxLength | 100 | 64"],
        ),
        // The name of a path parameter makes no difference to the path.
        (
            json!([
                {"op": "move", "from": "/paths/~1groups~1{guid}~1members", "path": "/paths/~1groups~1{GUID}~1members"},
                {"op": "add", "path": "/paths/~1groups~1{GUID}~1members/get/parameters/0", "value": {"name": "GUID", "in": "path", "required": true, "schema": {"$ref": "#/components/schemas/Guid"}}},
                {"op": "remove", "path": "/paths/~1groups~1{GUID}~1members/get/parameters/1"},
            ]),
            vec!["differs | members | path parameter `guid` | name | guid | GUID"],
        ),
        // Operations.
        (
            json!([{"op": "remove", "path": "/paths/~1groups~1{guid}~1members"}]),
            vec!["only we have | members | operation |  | described"],
        ),
        (
            json!([{"op": "add", "path": at("/deprecated"), "value": true}]),
            vec!["only they have | members | operation |  |  | deprecated"],
        ),
        (
            json!([{"op": "add", "path": at("/requestBody"), "value": {"content": {}}}]),
            vec!["only they have | members | request body |  |  | described"],
        ),
        // Fields.
        (
            json!([{"op": "add", "path": "/components/schemas/GroupMember/properties/nickname", "value": {"type": "string"}}]),
            vec!["only they have | members | field `data[].nickname` |  |  | string"],
        ),
        (
            json!([{"op": "add", "path": "/components/examples/GroupMembersPage/value/data/0/plan", "value": {"id": 1}}]),
            vec!["only they have | members | field `data[].plan` |  |  | object in an example"],
        ),
        // What lies in an object of any properties is no field.
        (
            json!([{"op": "add", "path": "/components/examples/GroupMembersPage/value/data/1/metadata/age", "value": 1}]),
            vec![],
        ),
        (
            json!([{"op": "add", "path": "/components/examples/GroupMembersPage/value/data/0/joinedAt", "value": "yesterday"}]),
            vec![
                "differs | members | field `data[].joinedAt` | example | integer | string in an example",
            ],
        ),
        (
            json!([{"op": "remove", "path": "/components/schemas/GroupMember/properties/statusMessage"}]),
            vec!["only we have | members | field `data[].statusMessage` |  | string"],
        ),
        // What is only in an example there is there.
        (
            json!([{"op": "remove", "path": "/components/schemas/GroupMember/properties/name"}]),
            vec![]),
            vec!["differs | members | field `data[].joinedAt` | type | integer | string"],
        ),
        (
            json!([{"op": "replace", "path": "/components/schemas/Pagination", "value": {"type": "object"}}]),
            vec![]),
            vec!["only they have | members | response 302 |  |  | described"],
        ),
        (
            json!([{"op": "move", "from": at("/responses/4XX"), "path": at("/responses/404")}]),
            vec![],
        ),
        (
            json!([
                {"op": "move", "from": at("/responses/4XX"), "path": at("/responses/default")},
                {"op": "remove", "path": at("/responses/5XX")},
            ]),
            vec![],
        ),
        (
            json!([{"op": "remove", "path": at("/responses/5XX")}]),
            vec!["only we have | members | response 5XX |  | described"],
        ),
        (
            json!([{"op": "add", "path": "/components/schemas/ErrorBody/properties/id", "value": {"type": "string"}}]),
            vec!["only they have | every operation | error field `error.id` |  |  | string"],
        ),
        // Servers and keys.
        (
            json!([{"op": "add", "path": "/servers/-", "value": {"url": "https://{id}.api-{region}.cc-cluster-2.io/v3"}}]),
            vec![
                "only they have | every operation | server |  |  | https://{id}.api-{region}.cc-cluster-2.io/v3",
            ],
        ),
        (
            json!([
                {"op": "replace", "path": "/servers/0/url", "value": "https://{appid}.api-{region}.cometchat.io/v3"},
                {"op": "move", "from": "/servers/0/variables/appId", "path": "/servers/0/variables/appid"},
                {"op": "add", "path": "/servers/0/variables/region/enum/-", "value": "au"},
            ]),
            vec![
                "only they have | every operation | server variable `region` | values |  | au",
                "differs | every operation | server variable `appId` | name | appId | appid",
            ],
        ),
        // The version stands in the path of one and in the address of the other.
        (
            json!([
                {"op": "replace", "path": "/servers/0/url", "value": "https://{appId}.api-{region}.cometchat.io/"},
                {"op": "move", "from": "/paths/~1groups~1{guid}~1members", "path": "/paths/~1v3~1groups~1{guid}~1members"},
                {"op": "move", "from": "/paths/~1groups~1{guid}~1bannedusers", "path": "/paths/~1v3~1groups~1{guid}~1bannedusers"},
            ]),
            vec![],
        ),
        (
            json!([{"op": "replace", "path": "/servers/0/url", "value": "https://{appId}.api-{region}.cometchat.io/v4"}]),
            vec![
                "only they have | every operation | server |  |  | https://{appId}.api-{region}.cometchat.io/v4",
                "only we have | every operation | server |  | https://{appId}.api-{region}.cometchat.io/v3",
            ],
        ),
        (
            json!([
                {"op": "remove", "path": "/security"},
                {"op": "add", "path": at("/parameters/-"), "value": {"name": "apiKey", "in": "header"}},
                {"op": "add", "path": at("/security"), "value": [{"bearer": []}]},
                {"op": "add", "path": "/components/securitySchemes/bearer", "value": {"type": "http", "scheme": "bearer"}},
            ]),
            vec![
                "only they have | members | security |  |  | http bearer",
                "only we have | members | security |  | the key in the header `onbehalfof`",
                "only we have | bannedusers | security |  | the key in the header `apikey`",
                "only we have | bannedusers | security |  | the key in the header `onbehalfof`",
            ],
        ),
    ] {
        assert_eq!(drifted(&edits), expected, "{edits}");
    }
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
    let found = lines(&drift(&Spec::parse(SPEC).unwrap(), &theirs));
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
    let mut theirs = read(SPEC).unwrap();
    let properties = &mut theirs["components"]["schemas"]["GroupMember"]["properties"];
    for index in 0..3_000 {
        properties[format!("field{index}")] = json!({"type": "string"});
    }
    let found = drift(&Spec::parse(SPEC).unwrap(), &theirs);
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
        let _ = drift(&Spec::parse(SPEC).unwrap(), &theirs);
    }

    #[test]
    fn any_mangled_document_is_compared(
        edits in prop::collection::vec((any::<usize>(), prop::option::of(any_json())), 1..8),
    ) {
        let theirs = mangled(read(SPEC).unwrap(), &edits);
        if let Ok(theirs) = read_vendor(&theirs.to_string()) {
            let _ = drift(&Spec::parse(SPEC).unwrap(), &theirs);
        }
    }
}
