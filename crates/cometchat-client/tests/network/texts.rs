//! What errors say to people, all in one place, to be read.

use std::time::Duration;

use cometchat_client::{Client, Error, RetryPolicy};
use test_server::{Step, answer, closed_port, json};

use crate::support::Server;

fn code(status: u16, code: &str) -> Vec<Step> {
    json(
        status,
        format!(r#"{{"error":{{"message":"MARK","code":"{code}"}}}}"#),
    )
}

/// The error that an answer makes of a call.
async fn error(steps: Vec<Step>, attempts: u32) -> Error {
    let server = Server::with([steps]);
    let client = server
        .client()
        .max_response_bytes(1000)
        .attempt_timeout(Duration::from_millis(500))
        .retry(RetryPolicy::default().attempts(attempts));
    let client = client.build().unwrap();
    let list = client.list_group_members().guid("supergroup").page(3);
    list.send().await.unwrap_err()
}

#[tokio::test]
async fn the_texts() {
    let mut texts = Vec::new();
    let mut add = |name: &str, error: Error| {
        let mut chain = String::new();
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            chain.push_str(&format!("\n    {cause}"));
            source = cause.source();
        }
        assert!(!format!("{error} {error:?} {chain}").contains("MARK"));
        texts.push(format!("{name}\n  {error}{chain}"));
    };
    for (name, status, sent) in [
        ("a key of another app", 401, "AUTH_ERR_APIKEY_NOT_FOUND"),
        ("no key", 401, "AUTH_ERR_EMPTY_APIKEY"),
        ("a key of the wrong kind", 403, "AUTH_ERR_NO_ACCESS"),
        ("the wrong region, or app", 400, "AUTH_ERR_INVALID_APPID"),
        ("the quota", 402, "ERR_PLAN_QUOTA_RESTRICTION"),
        ("the plan", 402, "ERR_PLAN_RESTRICTION"),
        ("the subscription", 402, "ERR_SUBSCRIPTION_EXPIRED"),
        ("no such group", 404, "ERR_GUID_NOT_FOUND"),
        ("no such user", 404, "ERR_UID_NOT_FOUND"),
        ("no such path", 404, "ERR_API_NOT_FOUND"),
        ("a parameter", 400, "ERR_BAD_REQUEST"),
        ("a code that is new", 400, "ERR_OF_TOMORROW"),
        ("a code that is none", 400, "MARK, not a code"),
        ("the database", 500, "ERR_MISSION_FAILED"),
    ] {
        add(name, error(code(status, sent), 2).await);
    }
    for status in [401, 402, 403, 404, 418, 429, 502] {
        let html = answer(status, &[], "<html>MARK</html>");
        add(&format!("{status} with HTML"), error(html, 2).await);
    }
    let limited = |wait| answer(429, &[("Retry-After", wait)], "{}");
    add("429, to come back soon", error(limited("5"), 2).await);
    add("429, to come back later", error(limited("3600"), 2).await);
    let redirect = answer(302, &[("Location", "https://MARK.example")], "");
    add("a redirect", error(redirect, 2).await);
    add("a reset", error(vec![Step::Close], 2).await);
    let cut = Step::Send(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nMARK".into());
    add(
        "a body cut short",
        error(vec![cut.clone(), Step::Close], 2).await,
    );
    add("a hang", error(vec![cut, Step::Hang], 2).await);
    add("too large", error(json(200, "MARK".repeat(500)), 2).await);
    add(
        "HTML for a page",
        error(answer(200, &[], "<html>MARK"), 2).await,
    );
    let row = json(200, r#"{"data":[{"uid":["MARK"],"name":"a"}]}"#);
    add("a row that can't be read", error(row, 2).await);
    add("another status", error(json(201, "MARK"), 2).await);

    let client = Client::builder()
        .base_url(format!("http://{}/v3", closed_port()))
        .api_key("key")
        .retry(RetryPolicy::none());
    let client = client.build().unwrap();
    for (name, guid) in [
        ("a refused connection", "supergroup"),
        ("a GUID with a slash", "a/b"),
        ("no GUID", ""),
    ] {
        let list = client.list_group_members().guid(guid);
        add(name, list.send().await.unwrap_err());
    }
    let list = client.list_group_members().guid("a").per_page(1001);
    add("too many rows a page", list.send().await.unwrap_err());
    insta::assert_snapshot!("texts", texts.join("\n\n"));
}

#[tokio::test]
async fn after_an_outage_the_text_says_why_there_was_no_retry() {
    let server = Server::with([json(500, "{}")]);
    let client = server.client().retry_budget(16).build().unwrap();
    let mut last = String::new();
    for _ in 0..6 {
        let list = client.list_banned_users().guid("supergroup");
        last = list.send().await.unwrap_err().to_string();
    }
    assert_eq!(
        last,
        "list_banned_users guid \"supergroup\" page 1: the service answered 500. It was not retried: too few calls \
         succeeded lately. Retry later"
    );
}
