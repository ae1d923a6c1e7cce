//! The record of requests.

use cometchat_sandbox::{Operation, Sandbox};

use crate::caller::started;

#[tokio::test]
async fn requests_are_recorded_verbatim_in_order() {
    let (sandbox, caller) = started(Sandbox::builder()).await;
    let path = "/groups/City/members?scopes=admin%2Cmoderator&page=2&x=a+b";
    caller.get(path).await;
    caller.get(path).await;
    caller.get("/nowhere").await;

    let requests = sandbox.requests();
    assert_eq!(requests.len(), 3);
    let second = &requests[1];
    assert_eq!((second.number(), second.method()), (2, "GET"));
    assert_eq!(second.path(), "/v3/groups/City/members");
    assert_eq!(
        second.query(),
        Some("scopes=admin%2Cmoderator&page=2&x=a+b")
    );
    assert_eq!(second.query_value("scopes"), Some("admin,moderator"));
    assert_eq!(second.query_value("x"), Some("a b"));
    assert_eq!(second.query_value("y"), None);
    assert_eq!(second.query_pairs().len(), 3);
    assert_eq!(second.header("APIKEY"), Some(sandbox.api_key()));
    assert!(second.headers().any(|(name, _)| name == "host"));
    assert_eq!(
        (second.operation(), second.group()),
        (Some(Operation::ListGroupMembers), Some("city"))
    );
    assert_eq!((second.page(), second.attempt()), (Some(2), 2));
    assert_eq!((second.faults().len(), second.status()), (0, Some(200)));
    let third = &requests[2];
    assert_eq!(
        (third.operation(), third.group(), third.query()),
        (None, None, None)
    );
    assert_eq!(third.status(), Some(404));

    sandbox.clear_requests();
    assert_eq!(sandbox.requests().len(), 0);
    caller.get(path).await;
    assert_eq!(sandbox.requests()[0].number(), 4);
    assert_eq!(sandbox.control().request_count(), 4);
}

#[tokio::test]
async fn a_key_is_not_shown() {
    let (sandbox, caller) = started(Sandbox::builder()).await;
    let request = caller
        .request("/groups/city/members?page=7")
        .header("authorization", "Bearer secret-too");
    request.send().await.unwrap();
    let shown = format!("{:?}", sandbox.requests());
    assert!(
        shown.contains("page=7") && shown.contains("[hidden]"),
        "{shown}"
    );
    assert!(
        !shown.contains(sandbox.api_key()) && !shown.contains("secret-too"),
        "{shown}"
    );
}

#[tokio::test]
async fn requests_for_other_hosts_are_refused() {
    let (sandbox, caller) = started(Sandbox::builder()).await;
    let path = "/groups/city/members";
    for (host, status) in [
        ("rebound.example", 421),
        ("127.0.0.1.example:80", 421),
        ("localhost", 200),
        ("127.0.0.1:1", 200),
    ] {
        let response = caller.request(path).header("host", host).send().await;
        assert_eq!(response.unwrap().status().as_u16(), status, "{host}");
    }
    assert_eq!(sandbox.requests().len(), 2);
}
