//! The requests that the arguments lead to.

use cometchat_sandbox::{Fault, Group, Operation, Row, Sandbox};

use crate::run::{lines, pages, run, sandbox, values, with_sandbox};

#[test]
fn filters_go_to_the_service() {
    let sandbox = sandbox();
    let arguments = [
        "members",
        "supergroup",
        "--scope",
        "admin,moderator",
        "--status",
        "offline",
        "--per-page",
        "50",
    ];
    let rows = lines(&run(&mut with_sandbox(&sandbox, arguments)).done());
    assert_eq!(values(&rows, "uid"), ["superhero5", "superhero4"]);
    let requests = sandbox.requests();
    let query = requests[0].query().unwrap();
    for part in ["scopes=admin,moderator", "status=offline", "perPage=50"] {
        assert!(query.contains(part), "{query}");
    }
}

#[test]
fn nothing_is_sent_by_default() {
    let sandbox = sandbox();
    run(&mut with_sandbox(&sandbox, ["banned", "supergroup"])).done();
    let requests = sandbox.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].operation(), Some(Operation::ListBannedUsers));
    assert_eq!(requests[0].query_value("perPage"), None);
    assert_eq!(requests[0].header("onbehalfof"), None);
}

#[test]
fn an_undocumented_scope_is_sent_with_a_warning() {
    let sandbox = sandbox();
    let ended = run(&mut with_sandbox(
        &sandbox,
        ["members", "supergroup", "--scope", "owner"],
    ));
    assert_eq!((ended.code, ended.stdout.as_str()), (0, ""));
    assert!(
        ended
            .stderr
            .starts_with("warning: owner is not a documented scope"),
        "{}",
        ended.stderr
    );
    assert_eq!(sandbox.requests()[0].query_value("scopes"), Some("owner"));
}

#[test]
fn a_list_starts_and_ends_anywhere() {
    let sandbox = sandbox();
    let arguments = [
        "members",
        "city",
        "--per-page",
        "10",
        "--start-page",
        "3",
        "--limit",
        "25",
    ];
    let rows = lines(&run(&mut with_sandbox(&sandbox, arguments)).done());
    let uids = values(&rows, "uid");
    assert_eq!(
        (uids.len(), uids[0], uids[24]),
        (25, "city-000021", "city-000045")
    );
    let mut asked = pages(&sandbox);
    asked.sort_unstable();
    assert_eq!(asked, [3, 4, 5]);
}

#[test]
fn a_limit_of_zero_sends_nothing() {
    let sandbox = sandbox();
    assert_eq!(
        run(&mut with_sandbox(
            &sandbox,
            ["members", "city", "--limit", "0", "--format", "json"]
        ))
        .done(),
        "[]\n"
    );
    assert!(sandbox.requests().is_empty());
}

#[test]
fn a_small_list_takes_one_request() {
    let sandbox = sandbox();
    run(&mut with_sandbox(
        &sandbox,
        ["members", "supergroup", "--prefetch", "64"],
    ))
    .done();
    assert_eq!(pages(&sandbox), [1]);
}

#[test]
fn dedup_drops_repeated_users() {
    let group = Group::new("g").members(["a", "b", "a", "c", "b"].map(Row::new));
    let sandbox = Sandbox::builder().group(group).start_blocking().unwrap();
    let list = |dedup: &[&str]| {
        let arguments = [
            "members",
            "g",
            "--per-page",
            "2",
            "--columns",
            "uid",
            "--format",
            "csv",
        ];
        run(&mut with_sandbox(&sandbox, arguments.iter().chain(dedup)))
    };
    assert_eq!(list(&[]).done(), "uid\r\na\r\nb\r\na\r\nc\r\nb\r\n");
    let ended = list(&["--dedup"]);
    assert_eq!(ended.stdout, "uid\r\na\r\nb\r\nc\r\n");
    assert_eq!(ended.stderr, "note: 2 rows were dropped as duplicates\n");
    assert_eq!(list(&["--dedup", "--quiet"]).stderr, "");
}

#[test]
fn invalid_values_are_refused_before_sending() {
    let sandbox = sandbox();
    for (name, value) in [
        ("--per-page", "0"),
        ("--per-page", "1001"),
        ("--start-page", "0"),
        ("--prefetch", "0"),
        ("--prefetch", "65"),
        ("--limit", "-1"),
        ("--rate-limit", "0"),
        ("--attempts", "0"),
        ("--timeout", "0"),
        ("--status", "online"),
        ("--region", "mars"),
        ("--format", "xml"),
        ("--times", "now"),
    ] {
        let option = format!("{name}={value}");
        let stderr = run(&mut with_sandbox(
            &sandbox,
            ["members", "supergroup", &option],
        ))
        .failed(2);
        assert!(
            stderr.contains(&format!("invalid value '{value}' for '{name} ")),
            "{stderr}"
        );
    }
    assert!(sandbox.requests().is_empty());
}

#[test]
fn options_come_before_or_after_the_command() {
    let sandbox = sandbox();
    let options = [
        "--on-behalf-of",
        "superhero2",
        "--rate-limit",
        "6000",
        "--timeout",
        "5",
        "--attempts",
        "2",
        "-q",
    ];
    let before = options.iter().chain(&["members", "supergroup"]);
    let after = ["members", "supergroup"].iter().chain(&options);
    assert_eq!(
        run(&mut with_sandbox(&sandbox, before)).done(),
        run(&mut with_sandbox(&sandbox, after)).done()
    );
    for request in sandbox.requests() {
        assert_eq!(request.header("onbehalfof"), Some("superhero2"));
    }
}

#[test]
fn attempts_are_limited() {
    let fault = Fault::error(503, cometchat_sandbox::ErrorBody::Html);
    let sandbox = Sandbox::builder().fault(fault).start_blocking().unwrap();
    for attempts in ["1", "2"] {
        sandbox.clear_requests();
        run(&mut with_sandbox(
            &sandbox,
            ["members", "supergroup", "--attempts", attempts],
        ))
        .failed(1);
        assert_eq!(sandbox.requests().len().to_string(), attempts);
    }
}

#[test]
fn temporary_failures_are_retried() {
    let clean = sandbox();
    let faults = [
        Fault::reset(cometchat_sandbox::ResetAt::InBody)
            .on_page(2)
            .times(1),
        Fault::error(502, cometchat_sandbox::ErrorBody::Html)
            .on_page(3)
            .times(1),
    ];
    let rough = Sandbox::builder().faults(faults).start_blocking().unwrap();
    let list = |sandbox| run(&mut with_sandbox(sandbox, ["members", "city"])).done();
    assert!(list(&clean) == list(&rough));
}
