//! Every status of an error, with every kind of body.

use cometchat_client::{Client, Error, ErrorKind, RetryPolicy};
use test_server::{answer, json};

use crate::support::{Server, page};

/// A kind of error body: its name, which is part of the GUID that asks for it, the bytes, the code in it.
const BODIES: &[(&str, &[u8], Option<&str>)] = &[
    (
        "notfound",
        br#"{"error":{"message":"No group.","devMessage":"No.","source":"chat-api","code":"ERR_GUID_NOT_FOUND","details":{"guid":["no"]}}}"#,
        Some("ERR_GUID_NOT_FOUND"),
    ),
    (
        "toomany",
        br#"{"error":{"code":"ERR_TOO_MANY_REQUESTS"}}"#,
        Some("ERR_TOO_MANY_REQUESTS"),
    ),
    (
        "failed",
        br#"{"error":{"message":"Failed.","code":"ERR_MISSION_FAILED","details":"text"}}"#,
        Some("ERR_MISSION_FAILED"),
    ),
    (
        "new",
        br#"{"error":{"code":"ERR_OF_TOMORROW","more":1},"and":2}"#,
        Some("ERR_OF_TOMORROW"),
    ),
    ("foreign", br#"{"message":"Forbidden","code":403,"error":"no"}"#, None),
    ("object", b"{}", None),
    ("html", b"<html><body>Bad Gateway</body></html>", None),
    ("empty", b"", None),
    ("bytes", b"\xff\xfe\x00\x80 not text", None),
];

/// The statuses in use, and both sides of each boundary between classes.
const STATUSES: [u16; 33] = [
    400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 418, 422, 425, 428, 429, 430, 431, 451,
    499, 500, 501, 502, 503, 504, 505, 507, 511, 520, 524, 530, 598, 599,
];

/// Whether a call is made again, by the code and then by the status.
fn is_repeated(status: u16, code: Option<&str>) -> bool {
    match code {
        Some("ERR_GUID_NOT_FOUND") => false,
        Some("ERR_TOO_MANY_REQUESTS") => true,
        _ => status == 408 || status == 429 || (status >= 500 && status != 501),
    }
}

fn kind(status: u16, code: Option<&str>) -> ErrorKind {
    match (status, code) {
        (_, Some("ERR_TOO_MANY_REQUESTS")) => ErrorKind::RateLimited,
        (429, code) if code != Some("ERR_GUID_NOT_FOUND") => ErrorKind::RateLimited,
        _ => ErrorKind::Api,
    }
}

async fn members(client: &Client, guid: &str) -> Result<u32, Error> {
    let response = client.list_group_members().guid(guid).send().await?;
    Ok(response.attempts())
}

#[tokio::test]
async fn each_status_with_each_body() {
    let server = Server::start(|request| {
        let Some((status, name)) = request.group().split_once('-') else {
            return page();
        };
        let (_, body, _) = BODIES.iter().find(|(found, ..)| *found == name).unwrap();
        answer(status.parse().unwrap(), &[("server", "")], body)
    });
    let client = server.client().retry(RetryPolicy::default().attempts(2));
    let client = client.build().unwrap();

    for status in STATUSES {
        for (name, body, code) in BODIES {
            let error = members(&client, &format!("{status}-{name}"))
                .await
                .unwrap_err();
            let case = format!("{status} {name}: {error:?}");
            assert_eq!(error.status(), Some(status), "{case}");
            assert_eq!(error.kind(), kind(status, *code), "{case}");
            assert_eq!(error.code().map(|code| code.as_str()), *code, "{case}");
            let repeated = is_repeated(status, *code);
            assert_eq!(error.attempts(), 1 + u32::from(repeated), "{case}");
            assert_eq!(error.is_retryable(), repeated, "{case}");
            assert_eq!(error.retry_after(), None, "{case}");
            assert_eq!(error.page(), Some(1), "{case}");
            let snippet = String::from_utf8_lossy(body);
            assert_eq!(error.body_snippet(), Some(&*snippet), "{case}");
            let message = match *name {
                "notfound" => Some("No group."),
                "failed" => Some("Failed."),
                _ => None,
            };
            assert_eq!(error.message(), message, "{case}");
            let details = match *name {
                "notfound" => Some(serde_json::json!({"guid": ["no"]})),
                "failed" => Some("text".into()),
                _ => None,
            };
            assert_eq!(error.details(), details.as_ref(), "{case}");
            let text = error.to_string();
            assert!(
                text.starts_with(&format!("list_group_members guid \"{status}-{name}\" page 1: the service answered {status}")),
                "{text}"
            );
            for private in ["No group.", "Failed.", "Gateway", "not text"] {
                assert!(!text.contains(private), "{text}");
            }
            // A success gives back what the retry took, so that the budget is no part of this test.
            assert_eq!(members(&client, "supergroup").await.unwrap(), 1);
        }
    }
}

#[tokio::test]
async fn a_gateway_that_fails_twice_costs_two_attempts() {
    let html = || {
        answer(
            502,
            &[("content-type", "text/html")],
            "<html>Bad Gateway</html>",
        )
    };
    let server = Server::with([html(), html(), page()]);
    let client = server.client().build().unwrap();
    assert_eq!(members(&client, "supergroup").await.unwrap(), 3);

    let sleeps = server.clock().sleeps();
    assert_eq!(sleeps.len(), 2);
    assert!(sleeps[0].as_millis() <= 250, "{sleeps:?}");
    assert!(sleeps[1].as_millis() <= 500, "{sleeps:?}");
    let requests = server.requests();
    assert!(
        requests
            .iter()
            .all(|request| request.head == requests[0].head)
    );
}

#[tokio::test]
async fn five_attempts_are_made_and_no_sixth() {
    let server = Server::with([json(503, "{}")]);
    let client = server.client().build().unwrap();
    let error = members(&client, "supergroup").await.unwrap_err();
    assert_eq!((error.attempts(), server.requests().len()), (5, 5));
    assert_eq!(server.clock().sleeps().len(), 4);
}

#[tokio::test]
async fn a_clone_can_have_another_policy() {
    let server = Server::with([json(503, "{}")]);
    let client = server.client().build().unwrap();
    let once = client.with_retry(RetryPolicy::none());
    let error = members(&once, "supergroup").await.unwrap_err();
    assert_eq!((error.attempts(), server.requests().len()), (1, 1));
    assert!(error.is_retryable());
    assert_eq!(members(&client, "a").await.unwrap_err().attempts(), 5);
}

/// Code and status are in no fixed relation, and a missing check for an error body is what users get wrong.
#[tokio::test]
async fn an_error_with_status_200_is_an_error() {
    let failed = r#"{"error":{"message":"Failed.","code":"ERR_MISSION_FAILED"}}"#;
    let gone = r#"{"error":{"message":"No group.","code":"ERR_GUID_NOT_FOUND"}}"#;
    let server = Server::with([json(200, failed), page(), json(200, gone)]);
    let client = server.client().build().unwrap();
    assert_eq!(members(&client, "supergroup").await.unwrap(), 2);
    let error = members(&client, "supergroup").await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(200)));
    assert_eq!(error.code().unwrap().as_str(), "ERR_GUID_NOT_FOUND");
    assert_eq!(error.message(), Some("No group."));
}

#[tokio::test]
async fn a_success_that_the_spec_does_not_have_is_none() {
    for status in [201, 204, 206, 299] {
        let server = Server::with([json(status, r#"{"data":[]}"#)]);
        let client = server.client().build().unwrap();
        let error = members(&client, "supergroup").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{status}");
        assert_eq!((error.status(), error.attempts()), (Some(status), 1));
    }
}

#[test]
fn a_call_can_be_made_from_any_thread() {
    fn is_send<T: Send>(value: T) -> T {
        value
    }
    fn is_shared<T: Send + Sync + 'static>() {}
    is_shared::<Client>();
    is_shared::<Error>();
    is_shared::<cometchat_client::builder::ListGroupMembers>();
    assert_eq!(size_of::<Error>(), size_of::<usize>());

    let client = Client::builder()
        .base_url("https://chat.example/v3")
        .api_key("key");
    let client = client.build().unwrap();
    drop(is_send(client.list_group_members().guid("a").send()));
    drop(is_send(
        client
            .list_banned_users()
            .guid("a")
            .send_as::<serde_json::Value>(),
    ));
}
