//! The public interface, by the names that `cometchat` has for it.

#![allow(
    clippy::unwrap_used,
    reason = "what the tests share may fail as the tests do"
)]

use std::time::Duration;

use cometchat::client::types::Guid;
use cometchat::{Client, ErrorKind, List, Page, PageOptions, RetryPolicy};
use serde_json::Value;
use test_server::{Reply, Request, Server, Step, answer, page};

/// A page of two rows, the last of three pages at most.
fn script(request: &Request) -> Reply {
    let number = request.page();
    page(
        [format!("u{number}"), format!("v{number}")],
        Some(&format!(
            r#"{{"pagination":{{"total_pages":{}}}}}"#,
            (number + 1).min(3)
        )),
    )
}

fn client(server: &Server) -> Client {
    Client::builder()
        .base_url(server.base_url())
        .api_key("key")
        .configure_http(|http| http.no_proxy())
        .build()
        .unwrap()
}

#[tokio::test]
async fn a_group_is_named_by_text_or_guid() {
    let server = Server::start(script);
    let client = client(&server);
    let guid = Guid::try_from("team").unwrap();
    for group in [
        client.group("team"),
        client.group(guid),
        client.group("team".to_owned()),
    ] {
        assert_eq!(group.guid(), "team");
        assert_eq!(group.members().collect_all().await.unwrap().len(), 6);
    }
    assert_eq!(client.base_url(), server.base_url());
}

#[tokio::test]
async fn later_options_keep_earlier_ones() {
    let server = Server::start(script);
    let list = client(&server).group("team").members().prefetch(5).limit(3);
    let list = list.options(PageOptions::default().dedup(true));
    let shown = format!("{list:?}");
    for option in ["prefetch: Some(5)", "limit: Some(3)", "dedup: Some(true)"] {
        assert!(shown.contains(option), "{shown}");
    }
    // What the second one sets replaces what the first one set.
    let list = list.options(PageOptions::default().limit(4));
    assert_eq!(list.collect_all().await.unwrap().len(), 4);
}

#[tokio::test]
async fn the_builders_own_error_reaches_the_reader() {
    let server = Server::start(script);
    let client = client(&server);
    for (request, text) in [
        (
            client.api().list_group_members().guid("team").page(-1),
            "page: ",
        ),
        (
            client.api().list_group_members().guid("team").page(0),
            "page must be at least 1",
        ),
        (
            client.api().list_group_members().guid("team").per_page(-1),
            "perPage: ",
        ),
        (client.api().list_group_members().guid("a/b"), "guid: "),
    ] {
        let own = request.clone().send().await.unwrap_err();
        let list = List::new(request);
        for error in [
            list.clone().send().await.unwrap_err(),
            list.clone().collect_all().await.unwrap_err(),
            list.clone()
                .prefetch(4)
                .pages()
                .next()
                .await
                .unwrap()
                .unwrap_err(),
        ] {
            assert_eq!(error.kind(), ErrorKind::InvalidRequest);
            assert!(error.to_string().contains(text), "{error}");
            assert_eq!(error.to_string(), own.to_string());
        }
    }
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn rows_can_be_plain_json() {
    let server = Server::start(script);
    let list = client(&server).group("team").members().items_as::<Value>();
    let rows = list.dedup(true).collect_all().await.unwrap();
    assert_eq!(rows.len(), 6);
    assert_eq!(rows[2]["uid"], "u2");
}

#[tokio::test]
async fn rows_read_ahead_from_the_middle() {
    let server = Server::start(script);
    let mut items = client(&server).group("team").members().items();
    assert!(items.next().await.unwrap().is_ok());
    assert_eq!(server.pages(), [1]);
    items.set_prefetch(2);
    assert!(items.next().await.unwrap().is_ok());
    assert!(items.next().await.unwrap().is_ok());
    server.requested(3).await;
}

#[test]
fn an_error_needs_no_server() {
    use cometchat::{Error, ErrorForTests};

    let timeout = Error::for_tests(ErrorKind::Timeout);
    assert!(timeout.is_retryable() && !timeout.is_not_found());
    let api = || ErrorForTests::new(ErrorKind::Api);
    for (error, not_found, unauthorized) in [
        (api().status(404), true, false),
        (api().code("ERR_GUID_NOT_FOUND"), true, false),
        (api().code("ERR_UID_NOT_FOUND").status(400), true, false),
        // The path is unknown, not the group.
        (api().code("ERR_API_NOT_FOUND").status(404), false, false),
        (api().status(401), false, true),
        (api().status(403), false, true),
        (api().code("AUTH_ERR_APIKEY_NOT_FOUND"), false, true),
        (api().code("AUTH_ERR_EMPTY_APIKEY").status(401), false, true),
        (api().code("AUTH_ERR_NO_ACCESS").status(403), false, true),
        (api().code("ERR_GUID_NOT_FOUND").status(403), true, false),
        (api().status(500), false, false),
        (api(), false, false),
        (
            ErrorForTests::new(ErrorKind::Redirect).status(404),
            false,
            false,
        ),
    ] {
        let error = error.build();
        let found = (error.is_not_found(), error.is_unauthorized());
        assert_eq!(found, (not_found, unauthorized), "{error:?}");
    }
}

#[test]
fn a_page_needs_no_server() {
    fn uids(page: &Page<Value>) -> Vec<&str> {
        page.into_iter()
            .filter_map(|row| row["uid"].as_str())
            .collect()
    }
    let page = Page::for_tests(2, vec![serde_json::json!({"uid": "ada"})], true);
    assert_eq!(uids(&page), ["ada"]);
    assert_eq!((page.number, page.attempts, page.has_more()), (2, 1, true));
    assert_eq!(page.header("x-request-id"), None);
    assert_eq!(page.into_iter().count(), 1);
}

#[tokio::test]
async fn headers_come_beside_the_rows() {
    let server = Server::start(|_| {
        answer(
            200,
            &[("X-Request-Id", "r-1"), ("x-cache", "miss")],
            r#"{"data":[]}"#,
        )
    });
    let list = client(&server).group("team").members();
    let page = list.clone().send().await.unwrap();
    assert_eq!(page.header("X-CACHE"), Some("miss"));
    assert_eq!(
        (page.request_id(), page.header("x-other")),
        (Some("r-1"), None)
    );
    let page = list.pages().next().await.unwrap().unwrap();
    assert_eq!(page.request_id(), Some("r-1"));
}

#[tokio::test]
async fn a_list_has_headers_and_a_time_limit() {
    let server = Server::start(|request| match request.page() {
        1 => script(request),
        _ => vec![Step::Hang],
    });
    let client = client(&server).with_retry(RetryPolicy::none());
    let list = client.group("team").members();
    let list = list.header("x-correlation-id", "42");
    let mut items = list.call_timeout(Duration::from_millis(200)).items();
    assert!(items.next().await.unwrap().is_ok());
    assert!(items.next().await.unwrap().is_ok());
    let error = items.next().await.unwrap().unwrap_err();
    assert_eq!((error.kind(), error.page()), (ErrorKind::Timeout, Some(2)));
    for request in server.requests() {
        assert_eq!(request.header("x-correlation-id"), Some("42"));
        assert_eq!(request.header("apikey"), Some("key"));
    }
}

#[tokio::test]
async fn a_header_of_the_client_is_refused() {
    let server = Server::start(script);
    let list = client(&server)
        .group("team")
        .members()
        .header("apikey", "other");
    for error in [
        list.clone().send().await.unwrap_err(),
        list.clone().collect_all().await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert!(error.to_string().contains("apikey"), "{error}");
    }
    assert!(server.requests().is_empty());
}

/// Types of public signatures have names that start with `cometchat`.
#[test]
fn every_type_can_be_named() {
    fn response<T>(response: &cometchat::client::Response<T>) -> u16 {
        response.status()
    }
    let _: fn(&cometchat::client::Response<()>) -> u16 = response;
    let _: fn(cometchat::reqwest::ClientBuilder) -> cometchat::reqwest::ClientBuilder =
        |http| http.no_proxy();
    let _: Option<cometchat::client::values::CommaList<cometchat::MemberScope>> = None;
}
