//! Bodies of every size: what is accepted is counted while it is read.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use cometchat_client::types::GroupMembersPage;
use cometchat_client::{Client, Error, ErrorKind, Event, Response};
use test_server::{Step, answer, json};

use crate::support::Server;

pub const ROW: &str = r#"{"data":[{"uid":"superhero2"}]}"#;

pub async fn members(client: &Client) -> Result<Response<GroupMembersPage>, Error> {
    client.list_group_members().guid("supergroup").send().await
}

/// A page of exactly so many bytes.
pub fn page_of(bytes: usize) -> String {
    let (start, end) = (r#"{"data":[{"uid":""#, r#""}]}"#);
    format!(
        "{start}{}{end}",
        "a".repeat(bytes - start.len() - end.len())
    )
}

fn chunked(body: &str, size: usize) -> Vec<Step> {
    let mut steps = vec![Step::Send(
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".into(),
    )];
    steps.extend(body.as_bytes().chunks(size).map(|chunk| {
        let mut bytes = format!("{:x}\r\n", chunk.len()).into_bytes();
        bytes.extend_from_slice(chunk);
        bytes.extend_from_slice(b"\r\n");
        Step::Send(bytes)
    }));
    steps.push(Step::Send(b"0\r\n\r\n".into()));
    steps
}

#[track_caller]
pub fn is_too_large(error: &Error, limit: u64) {
    assert_eq!(error.kind(), ErrorKind::TooLarge, "{error:?}");
    assert_eq!((error.attempts(), error.status()), (1, Some(200)));
    assert!(!error.is_retryable());
    assert!(
        error
            .to_string()
            .contains(&format!("larger than {limit} bytes")),
        "{error}"
    );
}

#[tokio::test]
async fn a_body_comes_in_parts_of_any_size() {
    for size in [1, 7, 31, 4096] {
        let server = Server::with([chunked(ROW, size)]);
        let client = server.client().build().unwrap();
        assert_eq!(
            members(&client).await.unwrap().body().data[0].uid,
            "superhero2"
        );
    }
    let large = page_of(3_000_000);
    let server = Server::with([json(200, &large), chunked(&large, 65_536)]);
    let client = server.client().build().unwrap();
    for _ in 0..2 {
        assert_eq!(
            members(&client).await.unwrap().body().data[0].uid.len(),
            3_000_000 - 21
        );
    }
}

#[tokio::test]
async fn the_limit_is_exact_with_and_without_a_length() {
    for limit in [1000_u64, 200_000] {
        let fits = page_of(usize::try_from(limit).unwrap());
        let beyond = page_of(usize::try_from(limit).unwrap() + 1);
        let server = Server::with([
            json(200, &fits),
            chunked(&fits, 999),
            json(200, &beyond),
            chunked(&beyond, 999),
        ]);
        let client = server.client().max_response_bytes(limit).build().unwrap();
        members(&client).await.unwrap();
        members(&client).await.unwrap();
        is_too_large(&members(&client).await.unwrap_err(), limit);
        is_too_large(&members(&client).await.unwrap_err(), limit);
    }
}

#[tokio::test]
async fn a_length_beyond_the_limit_is_refused_before_it_is_read() {
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 9223372036854775807\r\n\r\n{";
    let server = Server::with([vec![Step::Send(head.into()), Step::Hang]]);
    let client = server.client().build().unwrap();
    is_too_large(&members(&client).await.unwrap_err(), 32 * 1024 * 1024);
}

#[tokio::test]
async fn a_body_without_end_is_ended() {
    let server = Server::with([endless(200)]);
    let client = server.client().max_response_bytes(4 << 20).build().unwrap();
    is_too_large(&members(&client).await.unwrap_err(), 4 << 20);
}

#[tokio::test]
async fn an_error_without_end_keeps_its_status() {
    let read = Arc::new(AtomicU64::new(0));
    let told = read.clone();
    let server = Server::with([endless(403)]);
    let client = server.client().max_response_bytes(u64::MAX);
    let client = client.on_event(move |report| {
        if let Event::Attempt { bytes, .. } = report {
            told.store(*bytes, Ordering::Relaxed);
        }
    });
    let error = members(&client.build().unwrap()).await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(403)));
    assert_eq!(error.body_snippet().unwrap(), "#".repeat(1024));
    assert_eq!(read.load(Ordering::Relaxed), 1024 * 1024);
}

/// A response whose last chunk never comes.
fn endless(status: u16) -> Vec<Step> {
    let head = format!("HTTP/1.1 {status} Any\r\ntransfer-encoding: chunked\r\n\r\n");
    let chunk = format!("10000\r\n{}\r\n", "#".repeat(0x10000));
    vec![
        Step::Send(head.into_bytes()),
        Step::SendForever(chunk.into_bytes()),
    ]
}

/// Live: no registered coding, so the body is plain.
#[tokio::test]
async fn the_quirks_of_the_live_service_are_none_here() {
    let headers = [("Content-Encoding", "none"), ("Server", "")];
    let body = r#"{"data":[{"uid":"a","avatar":"https:\/\/data-us.cometchat.io\/a.png"}]}"#;
    let server = Server::with([answer(200, &headers, body)]);
    let client = server.client().build().unwrap();
    let page = members(&client).await.unwrap();
    assert_eq!(
        page.body().data[0].avatar.as_deref(),
        Some("https://data-us.cometchat.io/a.png")
    );
}

#[tokio::test]
async fn a_byte_order_mark_before_json_is_skipped() {
    let mark = "\u{feff}";
    let error = r#"{"error":{"code":"ERR_GUID_NOT_FOUND","message":"no"}}"#;
    let server = Server::with([
        json(200, format!("{mark}{ROW}")),
        json(404, format!("{mark}{error}")),
        json(200, format!("{mark}{error}")),
        json(200, format!("{mark}{{\"data\":[{{\"uid\":[]}}]}}")),
    ]);
    let client = server.client().build().unwrap();
    assert_eq!(members(&client).await.unwrap().body().data.len(), 1);
    for _ in 0..2 {
        let error = members(&client).await.unwrap_err();
        assert_eq!(error.code().unwrap().as_str(), "ERR_GUID_NOT_FOUND");
    }
    let error = members(&client).await.unwrap_err();
    assert_eq!(error.json_path(), Some("data[0]"));
}
