//! The messages when the service or the network fails.

use std::time::Duration;

use cometchat_sandbox::{ErrorBody, Fault, KeyKind, Sandbox, WaitHeaders};
use test_server::{Server, Step, answer, closed_port, send};

use crate::run::{program, run, sandbox, with_sandbox};

/// Runs the program once against this address.
fn list(address: &str) -> String {
    let arguments = ["members", "city", "--attempts", "1", "--base-url", address];
    run(program(arguments).env("COMETCHAT_API_KEY", "not-the-access-key")).failed(1)
}

#[test]
fn a_closed_port_is_reported() {
    let stderr = list(&format!("http://{}/v3", closed_port()));
    let expected = "error: members of \"city\", page 1: no connection could be made\n  \
                    Check the network and the base URL, then retry\n  \
                    cause: ";
    assert!(stderr.starts_with(expected), "{stderr}");
    assert!(
        stderr.lines().count() == 3 && stderr.contains("refused"),
        "{stderr}"
    );
}

#[test]
fn a_server_without_tls_is_reported() {
    let sandbox = sandbox();
    let stderr = list(&sandbox.base_url().replace("http:", "https:"));
    assert!(
        stderr.contains("page 1: no connection could be made"),
        "{stderr}"
    );
    // The text of rustls, or of OpenSSL if another crate of the build enables that.
    let causes = ["received corrupt message", "wrong version number"];
    assert!(
        causes.iter().any(|cause| stderr.contains(cause)) && stderr.contains("cause: "),
        "{stderr}"
    );
}

#[test]
fn a_server_without_http_is_reported() {
    let server = Server::on_thread(|_| vec![send("220 mail.example ESMTP\r\n"), Step::Close]);
    let stderr = list(&server.base_url());
    assert!(
        stderr.contains("page 1: the connection broke before a response came"),
        "{stderr}"
    );
    assert!(stderr.contains("cause: "), "{stderr}");
}

#[test]
fn a_server_without_json_is_reported() {
    let html = "<html>\u{1b}[2J secret </html>";
    let server = Server::on_thread(move |_| answer(200, &[("content-type", "text/html")], html));
    let stderr = list(&server.base_url());
    assert_eq!(
        stderr,
        "error: members of \"city\", page 1: the response can't be read: it is not JSON\n  \
         Check the base URL, which ends in /v3. A proxy or a sign-in page may have responded instead\n  \
         cause: this is not JSON, line 1 column 1\n"
    );
}

#[test]
fn each_error_says_what_to_do() {
    for (fault, expected) in [
        (
            Fault::refusal(401, "AUTH_ERR_APIKEY_NOT_FOUND"),
            "Check that the key is a REST API key (fullAccess) of this app",
        ),
        (
            Fault::refusal(402, "ERR_PLAN_RESTRICTION"),
            "Change the plan",
        ),
        (
            Fault::refusal(400, "ERR_BAD_REQUEST"),
            "Check the arguments",
        ),
        (
            Fault::refusal(418, "ERR_TEAPOT"),
            "the service answered 418 ERR_TEAPOT",
        ),
        (Fault::error(502, ErrorBody::Html), "Retry later"),
        (
            Fault::too_many_requests(WaitHeaders::A, Duration::from_secs(1)),
            "Slow down with --rate-limit N",
        ),
        (
            Fault::too_many_requests(WaitHeaders::A, Duration::from_secs(600)),
            "retry delay: 600 s",
        ),
        (
            Fault::redirect("http://127.0.0.1:1/"),
            "Set the base URL to the target",
        ),
        (Fault::cut_short(), "the response broke off"),
        (Fault::hang(), "or allow more time (--timeout SECONDS)"),
        (
            Fault::body(200, [("x-large", "yes")], vec![b' '; 33 << 20]),
            "Request fewer rows a page with --per-page N",
        ),
        (Fault::repeat_page(), "--start-page N"),
        (Fault::empty_pages(), "empty pages in a row"),
    ] {
        let named = fault.to_string();
        let sandbox = Sandbox::builder().fault(fault).start_blocking().unwrap();
        // Short only for the response that never comes, so that no other one is late.
        let timeout = if named == "hang" { "1" } else { "30" };
        let arguments = [
            "members",
            "city",
            "--attempts",
            "1",
            "--prefetch",
            "1",
            "--timeout",
            timeout,
        ];
        let ended = run(&mut with_sandbox(&sandbox, arguments));
        let code = match named.split('=').next() {
            Some("401" | "403") => 3,
            Some("404") => 4,
            _ => 1,
        };
        assert_eq!(ended.code, code, "{named}");
        let error = "error: members of \"city\", page ";
        assert!(ended.stderr.contains(error), "{}", ended.stderr);
        assert!(ended.stderr.contains(expected), "{named}: {}", ended.stderr);
        assert!(
            !ended.stderr.contains("  \n") && !ended.stderr.contains("list_group"),
            "{}",
            ended.stderr
        );
    }
}

#[test]
fn keys_without_access_are_explained() {
    let sandbox = sandbox();
    for (kind, code, expected) in [
        (
            KeyKind::AuthOnly,
            3,
            "Use a REST API key (fullAccess) from the dashboard, not an authOnly key",
        ),
        (
            KeyKind::OverQuota,
            1,
            "wait for its next period if a quota is used up",
        ),
    ] {
        let mut command = with_sandbox(&sandbox, ["members", "city"]);
        let stderr = run(command.env("COMETCHAT_API_KEY", sandbox.key(kind))).failed(code);
        assert!(stderr.contains(expected), "{stderr}");
    }
}

#[test]
fn the_server_message_is_one_short_line() {
    let message = format!("\\u001b[2Jno\\n{}", "x".repeat(2_000));
    let body = format!(
        r#"{{"error":{{"message":"{message}","code":"ERR_BAD_REQUEST","details":{{"perPage":["a\u009b1m"]}}}}}}"#
    );
    let fault = Fault::body(400, [("Content-Type", "application/json")], body);
    let sandbox = Sandbox::builder().fault(fault).start_blocking().unwrap();
    let stderr = run(&mut with_sandbox(&sandbox, ["members", "city"])).failed(1);
    let lines: Vec<_> = stderr.lines().collect();
    assert_eq!(lines.len(), 4, "{stderr}");
    assert!(
        lines[2].starts_with("  server message: \\u{1b}[2Jno\\nxxx"),
        "{stderr}"
    );
    assert_eq!(lines[3], "  server details: {\"perPage\":[\"a\\u{9b}1m\"]}");
    assert!(lines.iter().all(|line| line.len() < 400), "{stderr}");
}

#[test]
fn after_rows_the_next_page_is_named() {
    let fault = Fault::refusal(400, "ERR_BAD_REQUEST").on_page(3);
    let sandbox = Sandbox::builder().fault(fault).start_blocking().unwrap();
    let ended = run(&mut with_sandbox(&sandbox, ["members", "city"]));
    assert_eq!((ended.code, ended.stdout.lines().count()), (1, 200));
    let expected = "  Resume after the rows above with --start-page 3\n";
    assert!(ended.stderr.ends_with(expected), "{}", ended.stderr);
    let text = run(&mut with_sandbox(
        &sandbox,
        ["members", "city", "--format", "json"],
    ))
    .stdout;
    let rows: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    assert_eq!(rows.len(), 200);
}
