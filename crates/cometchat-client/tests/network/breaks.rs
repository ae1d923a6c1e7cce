//! Connections that break, at every point of a call, and servers that hang.

use std::sync::Arc;
use std::time::Duration;

use cometchat_client::{Client, Error, ErrorKind, RetryPolicy};
use futures_util::future::join_all;
use reqwest::dns::{Name, Resolve, Resolving};
use test_server::{Step, closed_port};

use crate::support::{Server, page};

/// Long enough for a response on a busy machine, and short enough to be waited for.
const MOMENT: Duration = Duration::from_millis(500);

const HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-length: 31\r\n\r\n";
const CHUNKED: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
const ROW: &str = r#"{"data":[{"uid":"superhero2"}]}"#;

fn send(text: impl Into<String>) -> Step {
    Step::Send(text.into().into_bytes())
}

async fn members(client: &Client) -> Result<u32, Error> {
    let list = client.list_group_members().guid("supergroup");
    Ok(list.send().await?.attempts())
}

/// Every way in which a response can end before its end, or go wrong on its way.
fn breaks() -> Vec<(&'static str, Vec<Step>)> {
    let half = &ROW[..15];
    vec![
        ("closed before headers", vec![Step::Close]),
        ("reset before headers", vec![Step::Reset]),
        (
            "closed in the headers",
            vec![send("HTTP/1.1 200 OK\r\ncontent-le"), Step::Close],
        ),
        (
            "reset in the headers",
            vec![send("HTTP/1.1 200 OK\r\ncontent-le"), Step::Reset],
        ),
        ("closed after the headers", vec![send(HEAD), Step::Close]),
        ("reset after the headers", vec![send(HEAD), Step::Reset]),
        (
            "closed in the body",
            vec![send(format!("{HEAD}{half}")), Step::Close],
        ),
        (
            "reset in the body",
            vec![send(format!("{HEAD}{half}")), Step::Reset],
        ),
        (
            "closed in a chunk",
            vec![send(format!("{CHUNKED}1f\r\n{half}")), Step::Close],
        ),
        (
            "closed between chunks",
            vec![send(format!("{CHUNKED}f\r\n{half}\r\n")), Step::Close],
        ),
        (
            "all rows and no last chunk",
            vec![send(format!("{CHUNKED}1f\r\n{ROW}\r\n")), Step::Reset],
        ),
        (
            "a chunk of no length",
            vec![
                send(format!("{CHUNKED}zz\r\n{ROW}\r\n0\r\n\r\n")),
                Step::Close,
            ],
        ),
        (
            "not HTTP",
            vec![send("SSH-2.0-OpenSSH_9.6\r\n\r\n"), Step::Close],
        ),
        (
            "a status of no number",
            vec![send("HTTP/1.1 OK OK\r\n\r\n"), Step::Close],
        ),
        (
            "a header that is none",
            vec![send("HTTP/1.1 200 OK\r\n\x01\x02: x\r\n\r\n"), Step::Close],
        ),
        (
            "more headers than anybody has",
            vec![
                send(format!(
                    "HTTP/1.1 200 OK\r\n{}\r\n",
                    "a: b\r\n".repeat(5000)
                )),
                Step::Close,
            ],
        ),
        (
            "two lengths",
            vec![
                send(format!(
                    "HTTP/1.1 200 OK\r\ncontent-length: 31\r\ncontent-length: 7\r\n\r\n{ROW}"
                )),
                Step::Close,
            ],
        ),
    ]
}

#[tokio::test]
async fn a_call_survives_each_break() {
    for (name, steps) in breaks() {
        let server = Server::with([steps.clone(), steps, page()]);
        let client = server.client().build().unwrap();
        assert_eq!(members(&client).await.unwrap(), 3, "{name}");
        assert_eq!(server.requests().len(), 3, "{name}");
    }
}

#[tokio::test]
async fn a_call_that_only_breaks_says_so() {
    for (name, steps) in breaks() {
        let server = Server::with([steps]);
        let client = server.client().build().unwrap();
        let error = members(&client).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Transport, "{name}: {error:?}");
        assert_eq!(
            (error.attempts(), server.requests().len()),
            (5, 5),
            "{name}"
        );
        assert!(error.is_retryable(), "{name}");
        assert!(error.status().is_none_or(|status| status == 200), "{name}");
        assert!(
            error.to_string().contains(", after 5 attempts. "),
            "{error}"
        );
        assert!(std::error::Error::source(&error).is_some(), "{name}");
    }
}

#[tokio::test]
async fn a_refused_connection_is_tried_again() {
    let client = Client::builder()
        .base_url(format!("http://{}/v3", closed_port()))
        .api_key("key")
        .clock(crate::support::ScriptedClock::default());
    let error = members(&client.build().unwrap()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Transport, 5));
    assert!(
        error.to_string().contains("no connection could be made"),
        "{error}"
    );
}

/// What the status says holds, however the rest of the body fares.
#[tokio::test]
async fn an_error_keeps_its_status_when_its_body_breaks() {
    let head = "HTTP/1.1 404 No\r\ncontent-length: 500\r\n\r\n{\"error\":";
    for (last, snippet) in [(Step::Close, "{\"error\":"), (Step::Hang, "{\"error\":")] {
        let server = Server::with([vec![send(head), last]]);
        let client = server.client().attempt_timeout(MOMENT);
        let error = members(&client.build().unwrap()).await.unwrap_err();
        assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(404)));
        assert_eq!((error.attempts(), error.is_retryable()), (1, false));
        assert_eq!(error.body_snippet(), Some(snippet));
    }
}

#[tokio::test]
async fn a_hang_ends_each_attempt() {
    let hangs = [
        ("before headers", vec![Step::Hang]),
        (
            "in the headers",
            vec![send("HTTP/1.1 200 OK\r\ncont"), Step::Hang],
        ),
        ("after the headers", vec![send(HEAD), Step::Hang]),
        (
            "in the body",
            vec![send(format!("{HEAD}{}", &ROW[..9])), Step::Hang],
        ),
        (
            "in a chunk",
            vec![send(format!("{CHUNKED}1f\r\n{}", &ROW[..9])), Step::Hang],
        ),
    ];
    // All at the same time, as each takes what two attempts may take.
    let hung = hangs.map(async |(name, steps)| {
        let server = Server::with([steps]);
        let client = server
            .client()
            .attempt_timeout(MOMENT)
            .retry(RetryPolicy::default().attempts(2));
        let error = members(&client.build().unwrap()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout, "{name}: {error:?}");
        assert_eq!(error.attempts(), 2, "{name}");
        assert!(error.is_retryable(), "{name}");
        assert!(
            error
                .to_string()
                .contains("no complete response came in time"),
            "{error}"
        );
    });
    join_all(hung).await;
}

/// A name that is never resolved: connecting includes that.
struct Never;

impl Resolve for Never {
    fn resolve(&self, _: Name) -> Resolving {
        Box::pin(std::future::pending())
    }
}

#[tokio::test]
async fn a_connection_that_is_not_made_ends_in_time() {
    let builder = Client::builder()
        .base_url("http://localhost:9/v3")
        .api_key("key")
        .clock(crate::support::ScriptedClock::default())
        .configure_http(|http| http.dns_resolver(Arc::new(Never)));
    let builder = builder
        .connect_timeout(Duration::from_millis(20))
        .retry(RetryPolicy::default().attempts(2));
    let error = members(&builder.build().unwrap()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 2));
    assert!(
        error.to_string().contains("no connection was made in time"),
        "{error}"
    );
    assert!(error.to_string().contains(".connect_timeout("), "{error}");
}
