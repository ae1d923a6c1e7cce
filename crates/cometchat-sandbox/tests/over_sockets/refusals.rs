//! Refused requests, with the documented code and status.

use cometchat_sandbox::{KeyKind, Sandbox};
use serde_json::json;

use crate::caller::started;

#[tokio::test]
async fn a_wrong_parameter_is_named() {
    let (_sandbox, caller) = started(Sandbox::builder()).await;
    for (query, parameter) in [
        ("page=0", "page"),
        ("page=two", "page"),
        ("page=-1", "page"),
        ("page=1.5", "page"),
        ("page=", "page"),
        ("page=%00", "page"),
        ("perPage=0", "perPage"),
        ("perPage=1001", "perPage"),
        ("perPage=all", "perPage"),
        ("status=online", "status"),
    ] {
        let request = caller.request(&format!("/groups/city/members?{query}"));
        let (status, error) = caller.error(request).await;
        assert_eq!(
            (status, &error["code"]),
            (400, &json!("ERR_BAD_REQUEST")),
            "{query}"
        );
        assert!(
            error["details"][parameter][0].is_string(),
            "{query}: {error}"
        );
        assert_eq!(error["details"].as_object().unwrap().len(), 1);
    }
    for query in ["page=0", "perPage=1001"] {
        let request = caller.request(&format!("/groups/city/bannedusers?{query}"));
        assert_eq!(caller.error(request).await.0, 400, "{query}");
    }
}

#[tokio::test]
async fn a_valid_key_is_required() {
    let (sandbox, caller) = started(Sandbox::builder()).await;
    let path = "/groups/supergroup/members";
    for (key, status, code) in [
        (None, 401, "AUTH_ERR_EMPTY_APIKEY"),
        (Some(""), 401, "AUTH_ERR_EMPTY_APIKEY"),
        (Some("wrong"), 401, "AUTH_ERR_APIKEY_NOT_FOUND"),
        (
            Some(sandbox.key(KeyKind::AuthOnly)),
            403,
            "AUTH_ERR_NO_ACCESS",
        ),
        (
            Some(sandbox.key(KeyKind::OverQuota)),
            402,
            "ERR_PLAN_QUOTA_RESTRICTION",
        ),
    ] {
        let mut request = caller.bare("GET", path);
        if let Some(key) = key {
            request = request.header("apikey", key);
        }
        let (actual, error) = caller.error(request).await;
        assert_eq!((actual, &error["code"]), (status, &json!(code)), "{key:?}");
    }
    let request = caller
        .bare("GET", path)
        .header("apikey", sandbox.key(KeyKind::FullAccess));
    assert_eq!(request.send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn unknown_groups_users_and_paths_are_not_found() {
    let (_sandbox, caller) = started(Sandbox::builder()).await;
    let request = caller.request("/groups/nosuchgroup/bannedusers");
    let (status, error) = caller.error(request).await;
    assert_eq!(
        (status, &error["code"]),
        (404, &json!("ERR_GUID_NOT_FOUND"))
    );

    let request = caller
        .request("/groups/city/members")
        .header("onBehalfOf", "nobody");
    let (status, error) = caller.error(request).await;
    assert_eq!((status, &error["code"]), (404, &json!("ERR_UID_NOT_FOUND")));

    for path in [
        "",
        "/",
        "/groups",
        "/groups/city",
        "/groups//members",
        "/groups/city/banned_members",
        "/users",
    ] {
        let (status, error) = caller.error(caller.request(path)).await;
        assert_eq!(
            (status, &error["code"]),
            (404, &json!("ERR_API_NOT_FOUND")),
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_wrong_method_is_a_wrong_path() {
    let (sandbox, caller) = started(Sandbox::builder()).await;
    for method in ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"] {
        let request = caller
            .bare(method, "/groups/city/members")
            .header("apikey", sandbox.api_key())
            .body("x".repeat(100_000));
        let (status, error) = caller.error(request).await;
        assert_eq!(
            (status, &error["code"]),
            (404, &json!("ERR_API_NOT_FOUND")),
            "{method}"
        );
    }
    let head = caller.bare("HEAD", "/groups/city/members");
    assert_eq!(head.send().await.unwrap().status(), 404);
}
