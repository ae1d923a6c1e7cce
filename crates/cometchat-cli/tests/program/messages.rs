//! What is said on stderr beside errors, and that none of it tells a key.

use std::process::Stdio;
use std::time::Duration;

use cometchat_sandbox::{Fault, Sandbox, WaitHeaders};

use crate::run::{asking, run, sandbox};

#[test]
fn verbose_says_a_line_for_each_request() {
    let faults = [Fault::too_many_requests(WaitHeaders::A, Duration::ZERO)
        .on_page(2)
        .times(1)];
    let sandbox = Sandbox::builder()
        .faults(faults.to_vec())
        .start_blocking()
        .unwrap();
    let ended = run(&mut asking(
        &sandbox,
        ["members", "city", "-v", "--prefetch", "1", "--limit", "150"],
    ));
    assert_eq!((ended.code, ended.stdout.lines().count()), (0, 150));
    let lines: Vec<_> = ended.stderr.lines().collect();
    assert_eq!(lines.len(), 3, "{}", ended.stderr);
    assert!(lines[0].starts_with("list_group_members page 1: 200, ") && lines[0].ends_with(" ms"));
    assert!(
        lines[1].starts_with("list_group_members page 2: 429, ")
            && lines[1].contains("; again in ")
    );
    assert!(lines[2].starts_with("list_group_members page 2, attempt 2: 200, "));
}

#[test]
fn verbose_says_what_the_rate_limit_holds_back() {
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
    let ended = run(&mut asking(&sandbox, arguments));
    assert_eq!(ended.stdout.lines().count(), 400);
    let held = ended
        .stderr
        .lines()
        .filter(|line| line.ends_with(" ms by the rate limit"));
    assert!(held.count() > 0, "{}", ended.stderr);
}

#[test]
fn stderr_is_silent_where_nobody_watches() {
    let sandbox = sandbox();
    run(&mut asking(&sandbox, ["members", "city"])).done();
}

#[test]
fn a_log_at_any_level_shows_no_key() {
    let sandbox = Sandbox::builder()
        .fault(Fault::cut_short().on_page(2).times(1))
        .start_blocking()
        .unwrap();
    let list = |level: &str| {
        let mut command = asking(
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
    let mut command = asking(&sandbox, ["members", "city"]);
    let stderr = run(command.env("RUST_LOG", "a=b=c")).failed(2);
    assert!(
        stderr.starts_with("error: RUST_LOG can't be read\n"),
        "{stderr}"
    );
}

#[test]
fn quiet_and_verbose_are_not_one() {
    let sandbox = sandbox();
    let stderr = run(&mut asking(&sandbox, ["members", "city", "-q", "-v"])).failed(2);
    assert!(stderr.contains("cannot be used with"), "{stderr}");
}

#[test]
fn nobody_who_listens_on_stderr_is_no_failure_of_its_own() {
    let sandbox = sandbox();
    for (arguments, code) in [
        (["members", "city", "--verbose"], 0),
        (["members", "nobody", "--verbose"], 1),
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = asking(&sandbox, arguments);
        let status = command.stdout(Stdio::null()).stderr(writer).status();
        assert_eq!(status.unwrap().code(), Some(code), "{arguments:?}");
    }
}
