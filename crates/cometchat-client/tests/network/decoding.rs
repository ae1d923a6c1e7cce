//! Bodies that are JSON: read leniently, and where that ends, with the place.

use cometchat_client::builder::ListGroupMembers;
use cometchat_client::types::GroupMember;
use cometchat_client::{Error, ErrorKind, ListItem, ListOperation, RawRow};
use serde_json::Value;
use test_server::json;

use crate::support::{Server, page};

async fn asked(body: &str) -> (Server, ListGroupMembers) {
    let server = Server::with([json(200, body)]);
    let client = server.client().build().unwrap();
    let list = client.list_group_members().guid("supergroup").page(3);
    (server, list)
}

/// 18 rows, of which the last has a uid that is none.
fn wrong_at_17() -> String {
    let good = r#"{"uid":"a"},"#.repeat(17);
    format!(r#"{{"data":[{good}{{"uid":["MARK"],"name":"b"}}],"meta":{{}}}}"#)
}

#[track_caller]
fn is_at(error: Error, path: &str) {
    assert_eq!(error.kind(), ErrorKind::Decode, "{error:?}");
    assert_eq!(error.json_path(), Some(path));
    assert_eq!((error.page(), error.status()), (Some(3), Some(200)));
    assert_eq!((error.attempts(), error.is_retryable()), (1, false));
    assert!(error.to_string().contains(path), "{error}");
    let shown = format!("{error} {error:?} {error:#?}");
    assert!(!shown.contains("MARK"), "{shown}");
    let snippet = error.body_snippet().unwrap();
    assert!(snippet.starts_with(r#"{"data":[{"uid":"a"},"#));
}

#[tokio::test]
async fn what_cannot_be_read_is_named_by_its_place() {
    let (_server, list) = asked(&wrong_at_17()).await;
    is_at(list.clone().send().await.unwrap_err(), "data[17]");
    let error = list.clone().send_page::<GroupMember>().await.unwrap_err();
    is_at(error, "data[17]");

    #[derive(Debug, serde::Deserialize)]
    struct Rows {
        #[serde(rename = "data")]
        _data: Vec<std::collections::BTreeMap<String, u8>>,
    }
    let error = list.send_as::<Rows>().await.unwrap_err();
    is_at(error, "data[0].uid");
}

#[tokio::test]
async fn raw_rows_are_what_was_sent() {
    let rows = [
        r#"{"uid":"a",  "n": 1.10, "e":"\u00e9", "joinedAt":"yesterday"}"#,
        r#"{ "uid" : 7 }"#,
        "[1]",
    ];
    let body = format!(
        r#"{{"data":[{}],"meta":{{"pagination":{{"total_pages":"2"}}}},"cursor":5}}"#,
        rows.join(",")
    );
    let (_server, list) = asked(&body).await;
    let page = list.send_page::<RawRow>().await.unwrap().into_inner();
    let sent: Vec<_> = page.items.iter().map(RawRow::get).collect();
    assert_eq!(sent, rows);
    assert_eq!(page.items[1].id("uid"), "7");
    assert_eq!(page.pagination.as_ref().unwrap().total_pages, Some(2));
    assert!(page.cursor.is_none());
}

#[tokio::test]
async fn raw_rows_that_end_early_are_an_error_with_a_place() {
    let (_server, list) = asked(r#"{"data":[{"uid":"a"},{"uid":"#).await;
    let error = list.send_page::<RawRow>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.json_path(), Some("data[1].uid"));
}

#[tokio::test]
async fn leniency_keeps_rows() {
    for body in [
        r#"{"data":[{"uid":"a","metadata":[],"tags":null,"joinedAt":"1638360106"}]}"#,
        r#"{"data":[{"uid":"a","joinedAt":1638360106.5,"metadata":null,"name":null}],"meta":null}"#,
        r#"{"meta":[],"cursor":[],"data":[{"uid":"a","joinedAt":1638360106}]}"#,
        r#"{"meta":{"pagination":[]},"cursor":"x","data":[{"joinedAt":1638360106,"uid":"a","more":{}}]}"#,
        r#"{"meta":"?","data":[{"uid":"a","joinedAt":1638360106,"scope":"owner","status":""}],"more":[]}"#,
    ] {
        let (_server, list) = asked(body).await;
        let typed = list.clone().send().await.unwrap().into_inner();
        assert_eq!(
            typed.data[0].joined_at.unwrap().as_secs(),
            1_638_360_106,
            "{body}"
        );
        let page = list.send_page::<GroupMember>().await.unwrap().into_inner();
        assert_eq!(page.items, typed.data, "{body}");
        assert!(page.pagination.is_none() && page.cursor.is_none(), "{body}");
    }
}

#[tokio::test]
async fn a_cursor_is_found_beside_meta_and_inside() {
    for body in [
        r#"{"data":[],"cursor":{"updatedAt":5,"affix":"prepend"}}"#,
        r#"{"data":[],"meta":{"cursor":{"affix":"prepend","updatedAt":"5"}}}"#,
        r#"{"data":[],"cursor":[],"meta":{"cursor":{"affix":"prepend","updatedAt":5}}}"#,
    ] {
        let (_server, list) = asked(body).await;
        let cursor = list.send_page::<Value>().await;
        let cursor = cursor.unwrap().into_inner().cursor.unwrap();
        assert_eq!(cursor.updated_at.unwrap().as_secs(), 5, "{body}");
        assert_eq!(cursor.affix.as_deref(), Some("prepend"), "{body}");
    }
}

#[tokio::test]
async fn a_page_without_rows_is_no_page() {
    for body in [
        "{}",
        r#"{"data":null}"#,
        r#"{"data":{}}"#,
        "null",
        "[]",
        r#"{"meta":{}}"#,
    ] {
        let (_server, list) = asked(body).await;
        let error = list.clone().send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{body}");
        let error = list.send_page::<GroupMember>().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{body}");
    }
}

#[tokio::test]
async fn a_page_of_html_says_what_it_is() {
    let (_server, list) = asked("<html>Sign in</html>").await;
    let error = list.send().await.unwrap_err();
    assert!(error.to_string().contains("it is not JSON"), "{error}");
    assert_eq!(error.body_snippet(), Some("<html>Sign in</html>"));
}

#[tokio::test]
async fn another_page_and_another_client_can_be_asked() {
    let server = Server::with([page()]);
    let client = server.client().build().unwrap();
    let list = client.list_group_members().guid("supergroup");
    assert_eq!(
        (list.page_number().unwrap(), list.page_size()),
        (1, Some(100))
    );
    let list = list.with_page(4).with_page_size(5);
    assert_eq!(
        (list.page_number().unwrap(), list.page_size()),
        (4, Some(5))
    );
    assert_eq!(list.subjects(), [("guid", "supergroup".to_owned())]);
    let list = list.map_client(|client| client.with_retry(cometchat_client::RetryPolicy::none()));
    list.send().await.unwrap();
    assert_eq!(
        server.requests()[0].target(),
        "/v3/groups/supergroup/members?page=4&perPage=5"
    );
}

/// A row of `fields` unknown fields, and as many values of `name` that are no strings.
fn odd_row(fields: usize) -> String {
    let unknown: String = (0..fields)
        .map(|field| format!("\"f{field}\":[],"))
        .collect();
    format!(
        "{{\"uid\":\"a\",{unknown}\"avatar\":1{}}}",
        ",\"avatar\":1".repeat(fields)
    )
}

#[tokio::test]
async fn a_row_takes_time_in_proportion() {
    use cometchat_client::types::GroupMember;
    let time = |fields| {
        let row = odd_row(fields).replace("\"uid\":\"a\"", "\"uid\":\"a\",\"name\":\"A\"");
        let started = std::time::Instant::now();
        let member: GroupMember = cometchat_client::values::from_json(&row).unwrap();
        assert_eq!(member.extra.get_text("avatar"), Some("1"));
        assert_eq!(member.extra.iter().count(), fields + 1);
        started.elapsed()
    };
    let (small, large) = (time(500), time(8_000));
    // Sixteen times the fields; in proportion to the square, it would be 256 times.
    assert!(large < small * 100, "{small:?} {large:?}");
}
