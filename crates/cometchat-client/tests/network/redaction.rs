//! One search through all that the crate can print, while everything goes wrong: for the key, and for a value of
//! somebody's metadata.

use std::error::Error as _;
use std::fmt::{Debug, Write as _};
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cometchat_client::types::GroupMember;
use cometchat_client::{ApiKey, Client, Error, ListOperation, RawRow, RetryPolicy};
use serde_json::Value;
use test_server::{Step, answer};
use tracing_subscriber::fmt::MakeWriter;

use crate::support::{KEY, Server, hear};

/// A value of somebody's metadata.
const MARK: &str = "+49 171 MARK";

/// Keeps every line of every crate.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// The key verbatim, in part, and in other spellings.
fn keys() -> [String; 9] {
    [
        KEY.to_owned(),
        KEY[..KEY.len() - 4].to_owned(),
        KEY[4..].to_owned(),
        KEY.to_lowercase(),
        KEY.bytes().map(|byte| format!("{byte:02x}")).collect(),
        "S0VZXzAxMjM0NTY3ODlfQUJDREVG".to_owned(),
        KEY.bytes().map(|byte| format!("%25{byte:02x}")).collect(),
        KEY.bytes().map(|byte| format!("%{byte:02X}")).collect(),
        KEY.bytes().map(|byte| format!("\\u{byte:04x}")).collect(),
    ]
}

/// Answers of a service that sends the key and the metadata back wherever it can.
fn answers() -> Vec<Vec<Step>> {
    let echo = format!("{KEY} {MARK}");
    let headers = [
        ("x-echo", echo.as_str()),
        ("location", &format!("http://127.0.0.1:9/{KEY}")),
        ("server", &echo),
        ("retry-after", &echo),
        ("x-ratelimit-reset", &echo),
        ("set-cookie", &echo),
    ];
    let [.., percent, escaped] = &keys();
    let spelled = keys().join(" ");
    let mut bodies = vec![
        // A page as it should be.
        format!(
            r#"{{"data":[{{"uid":"a","metadata":{{"phone":"{MARK}"}},"more":"{MARK}"}}],"meta":{{"more":"{MARK}"}}}}"#
        ),
        // Rows that can't be read: by value, by name, cut off.
        format!(r#"{{"data":[{{"uid":"a","joinedAt":"{MARK} {KEY}"}}]}}"#),
        format!(r#"{{"data":[{{"uid":["{MARK}","{KEY}"]}}]}}"#),
        format!(r#"{{"data":[{{"{KEY}":"{MARK}"#),
        format!(r#"{{"data":[{{"uid":"a","metadata":{{"{KEY}":{{"phone":"{MARK}"#),
        format!(r#"{{"data":"{MARK} {KEY}"}}"#),
        format!(r#""{MARK} {KEY}""#),
        // Errors of the service, and such as look like them.
        format!(
            r#"{{"error":{{"code":"{KEY}","message":"{echo}","details":{{"{KEY}":["{echo}"]}}}}}}"#
        ),
        format!(
            r#"{{"error":{{"code":"ERR_{KEY}","message":"{percent} {escaped}","details":"{echo}"}}}}"#
        ),
        format!(r#"{{"error":{{"code":"{MARK}","devMessage":"{echo}","source":"{echo}"}}}}"#),
        format!(r#"{{"error":"{echo}","message":"{echo}"}}"#),
        format!(r#"{{"error":{{"code":"ERR_A","message":"{spelled}","devMessage":"{spelled}"}}}}"#),
        format!("<pre>{spelled}</pre>"),
        // A gateway that shows the request, and one whose page is cut in the middle of the key.
        format!("<html><pre>apikey: {KEY}\n{percent}\n{MARK}</pre></html>"),
        format!("<html>{}{KEY}{}", "x".repeat(1015), MARK.repeat(100)),
        KEY.repeat(1000),
        String::new(),
    ];
    bodies.push(format!("\u{1}{echo}"));
    let mut answers = Vec::new();
    for body in &bodies {
        for status in [200, 203, 302, 400, 401, 429, 500, 503] {
            let whole = answer(status, &headers, body);
            let Step::Send(bytes) = &whole[0] else {
                continue;
            };
            // Cut short as well, at every quarter.
            for quarter in 1..4 {
                let cut = bytes[..bytes.len() * quarter / 4].to_vec();
                answers.push(vec![Step::Send(cut), Step::Close]);
            }
            answers.push(whole);
        }
    }
    answers.push(vec![Step::Reset]);
    answers.push(vec![Step::Close]);
    answers.push(vec![Step::Hang]);
    answers.push(vec![
        Step::Send(format!("{echo}\r\n\r\n").into()),
        Step::Close,
    ]);
    answers.push(vec![
        Step::Send(format!("HTTP/1.1 200 {echo}\r\n{KEY} {MARK}\r\n\r\n").into()),
        Step::Close,
    ]);
    answers.push(vec![
        Step::Send(
            format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{echo}\r\n").into(),
        ),
        Step::Close,
    ]);
    answers
}

/// What was printed, and what is for the program's author alone.
#[derive(Default)]
struct Gathered {
    printed: String,
    kept: String,
}

impl Gathered {
    fn debug(&mut self, value: &dyn Debug) {
        writeln!(self.printed, "{value:?}\n{value:#?}").unwrap();
    }

    fn error(&mut self, error: &Error) {
        self.debug(error);
        writeln!(self.printed, "{error}\n{error:#}\n{:?}", error.json_path()).unwrap();
        let mut source = error.source();
        while let Some(cause) = source {
            writeln!(self.printed, "{cause}\n{cause:#}\n{cause:?}\n{cause:#?}").unwrap();
            source = cause.source();
        }
        writeln!(
            self.kept,
            "{:?} {:?} {:?} {:?}",
            error.message(),
            error.details().map(Value::to_string),
            error.body_snippet(),
            error.code(),
        )
        .unwrap();
    }
}

#[tokio::test]
async fn nothing_that_is_printed_holds_the_key_or_anybodys_metadata() {
    let lines = Lines::default();
    // On this thread, where all of it happens, and also for the crates that log by way of `log`.
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_writer(lines.clone())
        .with_ansi(false);
    let _guard = hear(subscriber.finish());

    let gathered = Arc::new(Mutex::new(Gathered::default()));
    let heard = gathered.clone();
    let server = Server::with(answers());
    let calls = answers().len();
    let builder = || {
        let heard = heard.clone();
        server
            .client()
            .attempt_timeout(Duration::from_secs(1))
            .retry(RetryPolicy::none())
            .on_event(move |report| heard.lock().unwrap().debug(report))
            .configure_http(|http| http.connection_verbose(true))
    };
    gathered.lock().unwrap().debug(&builder());
    gathered.lock().unwrap().debug(&ApiKey::from(KEY));
    let client = builder().build().unwrap();

    // Each answer once: in turns as one type, as another, and raw.
    let (mut failed, mut succeeded) = (0, 0);
    for call in 0..calls {
        let list = client.list_group_members().guid("supergroup");
        gathered.lock().unwrap().debug(&list);
        let result = match call % 3 {
            0 => list
                .send()
                .await
                .map(|page| Box::new(page) as Box<dyn Debug>),
            1 => list
                .send_page::<GroupMember>()
                .await
                .map(|page| Box::new(page) as _),
            _ => list
                .send_page::<RawRow>()
                .await
                .map(|page| Box::new(page) as _),
        };
        let mut gathered = gathered.lock().unwrap();
        match result {
            Ok(page) => {
                succeeded += 1;
                gathered.debug(&page);
            }
            Err(error) => {
                failed += 1;
                gathered.error(&error);
            }
        }
    }
    assert_eq!(server.requests().len(), calls);
    assert!(
        failed > 400 && succeeded > 0,
        "{failed} failed, {succeeded} did not"
    );
    // A page with the metadata in its rows, whichever way the turns fell.
    let page: GroupMember = serde_json::from_value(serde_json::json!({
        "uid": "a", "metadata": {"phone": MARK}, "more": {"phone": MARK}
    }))
    .unwrap();
    let mut gathered = gathered.lock().unwrap();
    gathered.debug(&page);
    gathered.debug(&client);
    // And what is refused before it is sent.
    for builder in [
        builder().api_key(format!("{KEY}\n")),
        builder().base_url(format!("https://{KEY}@chat.example/v3")),
        builder().base_url(format!("https://chat.example/v3?{KEY}")),
        builder().base_url(format!("{KEY}://chat.example")),
        builder().requests_per_minute(0),
    ] {
        gathered.debug(&builder);
        gathered.error(&builder.build().map(|_: Client| ()).unwrap_err());
    }

    let lines = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    // The search would find nothing in nothing.
    assert!(
        lines.contains("TRACE") && lines.contains("hyper_util"),
        "{lines}"
    );
    assert!(
        lines.contains("starting new connection"),
        "nothing came by way of `log`"
    );
    assert_eq!(lines.contains("cometchat.call"), cfg!(feature = "tracing"));
    assert!(gathered.printed.len() > 100_000 && gathered.kept.contains("[key]"));
    assert!(gathered.kept.contains(MARK));

    for (what, text) in [
        ("printed", &gathered.printed),
        ("kept", &gathered.kept),
        ("traced", &lines),
    ] {
        for key in keys() {
            let found = text.lines().find(|line| line.contains(&key));
            assert_eq!(found, None, "{what}, with the key as {key}");
        }
    }
    for (what, text) in [("printed", &gathered.printed), ("traced", &lines)] {
        let found = text.lines().find(|line| line.contains(MARK));
        assert_eq!(found, None, "{what}");
    }
}

#[tokio::test]
async fn a_field_without_the_key_is_kept_and_one_with_it_is_replaced() {
    let key = "abcd-1234-efgh";
    let body = r#"{"error":{"code":"ERR_A","message":"see page abcd","devMessage":"got 1234-EFG of it","details":{"a":["abcd-1234"]}}}"#;
    let headers = [("x-request-id", "9f8e7cabcd")];
    let cut = "HTTP/1.1 500 X\r\ncontent-length: 90\r\n\r\nkey abcd-12";
    let cut = vec![Step::Send(cut.into()), Step::Close];
    let server = Server::with([
        answer(400, &headers, body),
        cut,
        answer(400, &[], "page abcd"),
    ]);
    let client = server.client().api_key(key).retry(RetryPolicy::none());
    let client = client.build().unwrap();
    let call = || async {
        let list = client.list_group_members().guid("supergroup");
        list.send().await.unwrap_err()
    };
    let error = call().await;
    assert_eq!(error.request_id(), Some("9f8e7cabcd"));
    assert_eq!(error.message(), Some("see page abcd"));
    assert_eq!(error.dev_message(), Some("[key]"));
    assert_eq!(error.details(), Some(&Value::from("[key]")));
    assert_eq!(error.body_snippet(), Some("[key]"));
    assert_eq!(call().await.body_snippet(), Some("[key]"));
    assert_eq!(call().await.body_snippet(), Some("page abcd"));
}
