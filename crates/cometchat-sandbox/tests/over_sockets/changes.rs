//! Lists that change while they are read.

use cometchat_sandbox::{Fault, Group, Row, Sandbox};
use serde_json::json;

use crate::caller::{started, uids};

fn team() -> cometchat_sandbox::Builder {
    let members = ["a", "b", "c", "d"].map(Row::new);
    Sandbox::builder().group(Group::new("team").members(members))
}

#[tokio::test]
async fn members_are_added_removed_banned_and_unbanned() {
    let (sandbox, caller) = started(team()).await;
    let control = sandbox.control();
    control
        .add("Team", json!({"uid": "E", "scope": "admin"}))
        .unwrap();
    control.add_at("team", 0, Row::new("first")).unwrap();
    control.remove("team", "A").unwrap();
    control.ban("team", "e").unwrap();
    let members = caller.page("/groups/team/members").await;
    assert_eq!(uids(&members), ["first", "b", "c", "d"]);
    let banned = caller.page("/groups/team/bannedusers").await;
    assert_eq!(banned["data"], json!([{"uid": "e"}]));
    assert_eq!(control.members("team").unwrap()[0], Row::new("first"));
    assert_eq!(
        control.banned("team").unwrap(),
        [Row::from(json!({"uid": "e"}))]
    );

    control.unban("team", "e").unwrap();
    assert_eq!(control.banned_uids("team").unwrap(), [""; 0]);
    assert_eq!(control.member_uids("team").unwrap().len(), 4);
}

#[tokio::test]
async fn metadata_is_set_in_either_list() {
    let (sandbox, caller) = started(team()).await;
    let control = sandbox.control();
    control
        .set_metadata("city", "city-000003", json!({"a": "/"}))
        .unwrap();
    control
        .set_metadata("city", "city-banned-000003", json!({"a": 2}))
        .unwrap();
    let members = caller.page("/groups/city/members?perPage=3").await;
    assert_eq!(members["data"][2]["metadata"], json!({"a": "/"}));
    assert_eq!(members["data"][2]["status"], "offline");
    let banned = caller.page("/groups/city/bannedusers?perPage=3").await;
    assert_eq!(banned["data"][2]["metadata"], json!({"a": 2}));
}

#[tokio::test]
async fn a_mistake_in_a_test_is_an_error() {
    let sandbox = team().start().await.unwrap();
    let control = sandbox.control();
    for (result, message) in [
        (
            control.add("nowhere", Row::new("a")),
            "no group \"nowhere\"",
        ),
        (
            control.remove("team", "x"),
            "\"x\" is not a member of \"team\"",
        ),
        (control.ban("team", "x"), "not a member"),
        (control.unban("team", "a"), "not banned"),
        (
            control.set_metadata("team", "x", json!({})),
            "neither a member",
        ),
        (control.add_faults(Fault::refusal(200, "ERR")), "400 to 599"),
    ] {
        let problem = result.unwrap_err().to_string();
        assert!(problem.contains(message), "{problem}");
    }
    assert!(control.members("nowhere").is_err());
}

#[tokio::test]
async fn scheduled_changes_follow_their_request() {
    let (sandbox, caller) = started(team()).await;
    sandbox.control().after(1, |control| {
        control.remove("team", "a").unwrap();
    });
    sandbox.control().after(3, |control| {
        control.add("team", Row::new("late")).unwrap();
    });
    let page = async |number: u32| {
        let path = format!("/groups/team/members?perPage=2&page={number}");
        uids(&caller.page(&path).await)
    };
    assert_eq!(page(1).await, ["a", "b"]);
    // The first row of page 2 has moved to page 1, and is missed.
    assert_eq!(page(2).await, ["d"]);
    assert_eq!(page(2).await, ["d"]);
    assert_eq!(page(2).await, ["d", "late"]);
}

#[tokio::test]
async fn a_cursor_changes_only_with_the_list() {
    let (sandbox, caller) = started(team()).await;
    let mark = async |number: u32| {
        let path = format!("/groups/team/members?perPage=2&page={number}");
        caller.page(&path).await["cursor"]["updatedAt"]
            .as_i64()
            .unwrap()
    };
    let before = mark(1).await;
    assert_eq!(mark(2).await, before);
    sandbox.control().add("team", Row::new("e")).unwrap();
    assert!(mark(1).await > before);
}
