//! The responses of the sandbox, checked against `openapi.yaml` by a third-party validator.

use std::sync::OnceLock;

use cometchat_sandbox::{Group, Operation};
use jsonschema::Validator;
use serde_json::{Value, json};

fn spec() -> &'static Value {
    static SPEC: OnceLock<Value> = OnceLock::new();
    SPEC.get_or_init(|| {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi.yaml");
        serde_saphyr::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
    })
}

fn validator(schema: &str) -> Validator {
    // The schemas of OpenAPI 3.0 are those of an early draft; a later draft reads what is used here the same.
    let root = json!({
        "$ref": format!("#/components/schemas/{schema}"),
        "components": spec()["components"],
    });
    jsonschema::draft7::new(&root).unwrap()
}

fn check(schema: &'static str, cell: &'static OnceLock<Validator>, value: &Value) {
    let validator = cell.get_or_init(|| validator(schema));
    if let Err(error) = validator.validate(value) {
        panic!("not a {schema}: {error} at {}", error.instance_path());
    }
}

/// Panics if a page of this list is not valid.
pub(crate) fn check_page(operation: Operation, page: &Value) {
    static MEMBERS: OnceLock<Validator> = OnceLock::new();
    static BANNED: OnceLock<Validator> = OnceLock::new();
    match operation {
        Operation::ListGroupMembers => check("GroupMembersPage", &MEMBERS, page),
        _ => check("BannedUsersPage", &BANNED, page),
    }
}

/// Panics if an error response is not valid.
pub(crate) fn check_error(error: &Value) {
    static ERROR: OnceLock<Validator> = OnceLock::new();
    check("ErrorResponse", &ERROR, error);
    // The schema requires no field; the service sends a code.
    assert!(error["error"]["code"].is_string(), "{error}");
}

#[test]
fn the_validator_finds_errors() {
    let page = json!({"data": [{"name": "nobody"}]});
    assert!(!validator("GroupMembersPage").is_valid(&page));
    assert!(!validator("ErrorResponse").is_valid(&json!({"error": {"code": 7}})));
}

#[test]
fn every_example_of_the_spec_fits_its_schema() {
    for (example, schema) in [
        ("GroupMembersPage", "GroupMembersPage"),
        ("BannedUsersPage", "BannedUsersPage"),
        ("GroupNotFound", "ErrorResponse"),
        ("MissionFailed", "ErrorResponse"),
    ] {
        let value = &spec()["components"]["examples"][example]["value"];
        assert!(value.is_object(), "{example}");
        assert!(validator(schema).is_valid(value), "{example}");
    }
}

#[tokio::test]
async fn the_documented_group_is_the_one_in_the_spec() {
    let (_sandbox, caller) = crate::caller::started(
        cometchat_sandbox::Sandbox::builder()
            .without_examples()
            .group(Group::documented()),
    )
    .await;
    for (list, example) in [
        ("members", "GroupMembersPage"),
        ("bannedusers", "BannedUsersPage"),
    ] {
        let page = caller.page(&format!("/groups/supergroup/{list}")).await;
        assert_eq!(page, spec()["components"]["examples"][example]["value"]);
    }
}

#[tokio::test]
async fn documented_errors_are_the_ones_in_the_spec() {
    let fault = "503@group=supergroup".parse::<cometchat_sandbox::Fault>();
    let (_sandbox, caller) =
        crate::caller::started(cometchat_sandbox::Sandbox::builder().fault(fault.unwrap())).await;
    for (guid, example) in [
        ("nosuchgroup", "GroupNotFound"),
        ("supergroup", "MissionFailed"),
    ] {
        let reply = caller.get(&format!("/groups/{guid}/members")).await;
        assert_eq!(
            reply.json(),
            spec()["components"]["examples"][example]["value"]
        );
    }
}
