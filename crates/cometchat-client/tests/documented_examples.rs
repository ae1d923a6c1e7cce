//! The vendor's examples, decoded and encoded again with nothing lost, and rows that no example shows.

use cometchat_client::types::{
    BannedUsersPage, ErrorResponse, GroupMember, GroupMembersPage, MemberScope, UserStatus,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// An example of the spec, by its name there.
fn example(name: &str) -> Value {
    let spec: Value = serde_saphyr::from_str(include_str!("../openapi.yaml")).unwrap();
    spec["components"]["examples"][name]["value"].clone()
}

/// Decodes, checks that encoding gives the same JSON again, and gives the decoded value.
#[track_caller]
fn round_trip<T: DeserializeOwned + Serialize>(value: &Value) -> T {
    let text = value.to_string();
    let decoded: T = serde_json::from_str(&text).unwrap();
    assert_eq!(serde_json::to_value(&decoded).unwrap(), *value);
    decoded
}

#[test]
fn members() {
    let page: GroupMembersPage = round_trip(&example("GroupMembersPage"));
    assert_eq!(page.data.len(), 4);
    assert_eq!(page.data[2].scope, Some(MemberScope::Moderator));
    insta::assert_debug_snapshot!("documented_members_debug", page);
}

#[test]
fn banned_users() {
    let page: BannedUsersPage = round_trip(&example("BannedUsersPage"));
    assert_eq!(page.data.len(), 3);
    assert_eq!(page.data[0].role.as_deref(), Some("manager"));
}

#[test]
fn errors() {
    for name in ["GroupNotFound", "MissionFailed"] {
        let error: ErrorResponse = round_trip(&example(name));
        let code = error.error.unwrap().code.unwrap();
        assert!(
            !matches!(code, cometchat_client::types::ErrorCode::Unknown(_)),
            "{code}"
        );
    }
}

#[test]
fn what_is_unknown_is_kept() {
    let row = json!({
        "uid": "a", "scope": "owner", "status": "online", "role": "referee",
        "badge": {"level": 3}, "unreadMessageCount": "1"
    });
    let member: GroupMember = round_trip(&row);
    assert_eq!(member.scope, Some(MemberScope::from("owner")));
    assert!(matches!(member.scope, Some(MemberScope::Unknown(_))));
    assert_eq!(member.status, Some(UserStatus::from("online")));
    assert_eq!(member.extra.get("badge"), Some(json!({"level": 3})));
}

#[test]
fn null_is_absent() {
    let fields = [
        "name",
        "avatar",
        "link",
        "role",
        "metadata",
        "status",
        "statusMessage",
        "tags",
        "scope",
        "joinedAt",
        "createdAt",
        "deactivatedAt",
        "blockedByMe",
        "blockedAt",
    ];
    let mut row: serde_json::Map<_, _> = fields
        .map(|name| (name.to_owned(), Value::Null))
        .into_iter()
        .collect();
    row.insert("uid".to_owned(), json!("a"));
    let member: GroupMember = serde_json::from_value(row.into()).unwrap();
    let mut bare = GroupMember::default();
    bare.uid = "a".to_owned();
    assert_eq!(member, bare);
}

#[test]
fn an_empty_array_in_place_of_an_object_costs_no_row() {
    let page = json!({"data": [{"uid": "a", "metadata": []}], "meta": [], "cursor": []});
    let page: GroupMembersPage = serde_json::from_value(page).unwrap();
    assert_eq!(page.data.len(), 1);
    assert!(page.meta.is_none() && page.cursor.is_none());
}

#[test]
fn what_cannot_be_read_beside_the_rows_costs_no_row() {
    for meta in [
        json!("?"),
        json!(5),
        json!({"pagination": "?"}),
        json!({"pagination": {"total_pages": {}}}),
        json!(null),
    ] {
        let page = json!({"data": [{"uid": "a"}], "meta": meta, "cursor": meta});
        let page: GroupMembersPage = serde_json::from_value(page).unwrap();
        assert_eq!(page.data.len(), 1, "{meta}");
    }
}

#[test]
fn numbers_in_quotes_are_read_in_meta() {
    let page = json!({"data": [], "meta": {"pagination": {"total_pages": "7", "count": 3.0}}});
    let page: GroupMembersPage = serde_json::from_value(page).unwrap();
    let pagination = page.meta.unwrap().pagination.unwrap();
    assert_eq!(
        (pagination.total_pages, pagination.count),
        (Some(7), Some(3))
    );
}

#[test]
fn a_row_without_a_uid_is_refused() {
    for row in [
        json!({"name": "A"}),
        json!({"uid": null}),
        json!({"uid": [5]}),
        json!("a"),
        json!([]),
    ] {
        assert!(
            serde_json::from_value::<GroupMember>(row.clone()).is_err(),
            "{row}"
        );
    }
}
