//! Messages on stderr other than errors, and that none shows the key.

use std::process::Stdio;
use std::time::Duration;

use cometchat_sandbox::{Fault, Sandbox, WaitHeaders};

use crate::run::{run, sandbox, with_sandbox};

#[test]
fn verbose_prints_a_line_per_request() {
    let faults = [Fault::too_many_requests(WaitHeaders::A, Duration::ZERO)
        .on_page(2)
        .times(1)];
    let sandbox = Sandbox::builder()
        .faults(faults.to_vec())
        .start_blocking()
        .unwrap();
    let ended = run(&mut with_sandbox(
        &sandbox,
        ["members", "city", "-v", "--prefetch", "1", "--limit", "150"],
    ));
    assert_eq!((ended.code, ended.stdout.lines().count()), (0, 150));
    let lines: Vec<_> = ended.stderr.lines().collect();
    assert_eq!(lines.len(), 4, "{}", ended.stderr);
    assert!(
        lines[0].starts_with("list_group_members city page 1: 200, ") && lines[0].ends_with(" ms")
    );
    assert!(
        lines[1].starts_with("list_group_members city page 2: 429, ")
            && lines[1].contains("; retry in ")
    );
    assert!(lines[2].starts_with("list_group_members city page 2, attempt 2: 200, "));
    assert_eq!(lines[3], "150 rows in 2 pages; there are more");
}

#[test]
fn verbose_prints_throttled_requests() {
    let sandbox = sandbox();
    let arguments = [
        "members",
        "city",
        "-v",
        "--rate-limit",
        "1200",
        "--limit",
        "400",
    ];
    let ended = run(&mut with_sandbox(&sandbox, arguments));
    assert_eq!(ended.stdout.lines().count(), 400);
    let throttled = ended
        .stderr
        .lines()
        .filter(|line| line.ends_with(" ms by the rate limit"));
    assert!(throttled.count() > 0, "{}", ended.stderr);
}

#[test]
fn stderr_is_silent_without_a_terminal() {
    let sandbox = sandbox();
    run(&mut with_sandbox(&sandbox, ["members", "city"])).done();
}

#[test]
fn a_log_at_any_level_shows_no_key() {
    let sandbox = Sandbox::builder()
        .fault(Fault::cut_short().on_page(2).times(1))
        .start_blocking()
        .unwrap();
    let list = |level: &str| {
        let mut command = with_sandbox(
            &sandbox,
            ["members", "city", "--limit", "300", "--per-page", "10"],
        );
        let ended = run(command.env("RUST_LOG", level));
        assert_eq!((ended.code, ended.stdout.lines().count()), (0, 300));
        ended.stderr
    };
    let trace = list("trace");
    for part in [
        "TRACE",
        "DEBUG",
        "http.response.status_code=200",
        "cometchat.page=3",
    ] {
        assert!(trace.contains(part), "{part}");
    }
    assert!(!list("info").contains("city"), "a GUID at level info");
    assert_eq!(list("off"), "");
    let mut command = with_sandbox(&sandbox, ["members", "city"]);
    let stderr = run(command.env("RUST_LOG", "a=b=c")).failed(2);
    assert!(
        stderr.starts_with("error: RUST_LOG is not valid\n"),
        "{stderr}"
    );
}

#[test]
fn quiet_and_verbose_exclude_each_other() {
    let sandbox = sandbox();
    let stderr = run(&mut with_sandbox(&sandbox, ["members", "city", "-q", "-v"])).failed(2);
    assert!(stderr.contains("cannot be used with"), "{stderr}");
}

#[test]
fn a_closed_stderr_is_not_an_error() {
    let sandbox = sandbox();
    for (arguments, code) in [
        (["members", "city", "--verbose"], 0),
        (["members", "nobody", "--verbose"], 4),
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = with_sandbox(&sandbox, arguments);
        let status = command.stdout(Stdio::null()).stderr(writer).status();
        assert_eq!(status.unwrap().code(), Some(code), "{arguments:?}");
    }
}
