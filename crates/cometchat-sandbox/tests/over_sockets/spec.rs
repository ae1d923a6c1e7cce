//! What the sandbox sends, judged by `openapi.yaml` and a validator of another house.

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
    // The schemas of OpenAPI 3.0 are those of an early draft, with nothing in them that a later one reads otherwise.
    let root = json!({
        "$ref": format!("#/components/schemas/{schema}"),
        "components": spec()["components"],
    });
    jsonschema::draft7::new(&root).unwrap()
}

fn judge(schema: &'static str, cell: &'static OnceLock<Validator>, value: &Value) {
    let judge = cell.get_or_init(|| validator(schema));
    if let Err(error) = judge.validate(value) {
        panic!("not a {schema}: {error} at {}", error.instance_path());
    }
}

/// Panics where a page is not one of that list.
pub(crate) fn judge_page(operation: Operation, page: &Value) {
    static MEMBERS: OnceLock<Validator> = OnceLock::new();
    static BANNED: OnceLock<Validator> = OnceLock::new();
    match operation {
        Operation::ListGroupMembers => judge("GroupMembersPage", &MEMBERS, page),
        _ => judge("BannedUsersPage", &BANNED, page),
    }
}

/// Panics where a refusal is not one.
pub(crate) fn judge_refusal(refusal: &Value) {
    static REFUSAL: OnceLock<Validator> = OnceLock::new();
    judge("ErrorResponse", &REFUSAL, refusal);
    // The schema asks for nothing; the service sends a code.
    assert!(refusal["error"]["code"].is_string(), "{refusal}");
}

#[test]
fn the_judge_finds_fault() {
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
async fn documented_refusals_are_the_ones_in_the_spec() {
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
