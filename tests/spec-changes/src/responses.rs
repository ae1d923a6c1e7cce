//! Responses of other statuses and media types.

use cometchat_client::ErrorKind;
use test_server::{answer, json};

use crate::{answering, client, only, silent};

#[tokio::test]
async fn not_found() {
    let (client, _server) = client(answer(404, &[("content-type", "text/html")], "<html>"));
    let error = client.not_found().send().await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(404)));
}

#[tokio::test]
async fn errors_of_all_shapes() {
    for (status, body) in [(400, r#"{"a":"b"}"#), (422, "<html>"), (500, ""), (418, r#"{"error":{"code":"A"}}"#)] {
        let (client, _server) = client(json(status, body));
        let error = client.errors_of_all_shapes().send().await.unwrap_err();
        assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(status)));
    }
}

#[tokio::test]
async fn created() {
    let (client, _server) = client(json(201, r#"{"id":"a"}"#));
    let response = client.created().send().await.unwrap();
    assert_eq!((response.status(), response.into_inner().id.as_deref()), (201, Some("a")));
}

#[tokio::test]
async fn no_content() {
    let (client, server) = silent();
    let response = client.no_content().send().await.unwrap();
    assert_eq!((response.status(), response.into_inner()), (204, ()));
    assert_eq!(only(&server).method(), "DELETE");
}

#[tokio::test]
async fn any_success() {
    for status in [200, 201, 299] {
        let (client, _server) = client(json(status, r#"{"a":"b"}"#));
        assert_eq!(client.any_success().send().await.unwrap().into_inner().a.as_deref(), Some("b"));
    }
}

#[tokio::test]
async fn two_successes() {
    for status in [200, 201] {
        let (client, _server) = client(json(status, r#"{"a":"b"}"#));
        let made: cometchat_client::types::Made = client.two_successes().send().await.unwrap().into_inner();
        assert_eq!(made.a.as_deref(), Some("b"));
    }
}

#[tokio::test]
async fn perhaps_content() {
    let (client, _server) = answering(r#"{"a":"b"}"#);
    assert!(client.perhaps_content().send().await.unwrap().into_inner().is_some());
    let (client, _server) = silent();
    assert!(client.perhaps_content().send().await.unwrap().into_inner().is_none());
}

#[tokio::test]
async fn different_successes() {
    let (client, _server) = client(json(202, r#"{"b":1}"#));
    let found = client.different_successes().send().await.unwrap();
    assert_eq!(serde_json::to_value(found.into_inner()).unwrap()["b"], 1);
}

#[tokio::test]
async fn default_alone() {
    let (client, _server) = answering(r#"{"a":"b"}"#);
    assert_eq!(client.default_alone().send().await.unwrap().into_inner().a.as_deref(), Some("b"));
}

#[tokio::test]
async fn no_success() {
    let (client, _server) = answering("{}");
    assert_eq!(client.no_success().send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn octets() {
    let bytes = [0, 159, 146, 150];
    let (client, server) = client(answer(200, &[], bytes));
    let body = client.octets().send().await.unwrap().into_inner();
    assert_eq!(body.collect().await.unwrap(), bytes);
    assert_eq!(only(&server).header("accept"), Some("application/octet-stream"));
}

#[tokio::test]
async fn plain_text() {
    let (client, _server) = client(answer(200, &[], "a,b\n"));
    assert_eq!(client.plain_text().send().await.unwrap().into_inner().collect().await.unwrap(), b"a,b\n");
}

#[tokio::test]
async fn other_json() {
    let (client, _server) = answering(r#"{"a":"b"}"#);
    assert_eq!(client.other_json().send().await.unwrap().into_inner().a.as_deref(), Some("b"));
}

#[tokio::test]
async fn json_beside_xml() {
    let (client, server) = answering(r#"{"a":"b"}"#);
    assert_eq!(client.json_beside_xml().send().await.unwrap().into_inner().a.as_deref(), Some("b"));
    assert_eq!(only(&server).header("accept"), Some("application/json"));
}

#[tokio::test]
async fn bare_list() {
    let (client, _server) = answering(r#"[{"a":"b"}]"#);
    assert_eq!(client.bare_list().send().await.unwrap().into_inner()[0].a.as_deref(), Some("b"));
}

#[tokio::test]
async fn response_headers() {
    let (client, _server) = answering(r#"{"a":1}"#);
    let found = client.response_headers().send().await.unwrap();
    assert_eq!(serde_json::to_value(found.into_inner()).unwrap()["a"], 1);
}
