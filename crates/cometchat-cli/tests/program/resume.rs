//! Exports that stop, and their resumption.

use std::fs;
use std::process::{Child, Command};
use std::sync::mpsc;

use cometchat_sandbox::{ErrorBody, Fault, Sandbox};

use crate::place::{Place, csv_rows, uninterrupted};
use crate::run::{lines, pages, run, sandbox, spawn, with_sandbox};

#[test]
fn after_a_failure_the_rest_is_resumed() {
    for (name, format) in [("a.csv", "csv"), ("a.json", "json"), ("a.ndjson", "ndjson")] {
        let whole = uninterrupted(name, &[]);
        let fault = Fault::error(503, ErrorBody::Html).on_page(8);
        let sandbox = Sandbox::builder().fault(fault).start_blocking().unwrap();
        let place = Place::new(name);
        fs::write(&place.file, "what was there before").unwrap();
        let stderr = run(&mut with_sandbox(
            &sandbox,
            place.arguments(&["--attempts", "1", "--force"]),
        ))
        .failed(1);
        assert!(
            stderr.starts_with("error: members of \"city\", page 8: "),
            "{stderr}"
        );
        assert!(
            stderr.contains(".part has 700 rows, in whole pages"),
            "{stderr}"
        );
        assert!(
            stderr.contains("  Resume with the same command and --resume\n"),
            "{stderr}"
        );
        assert_eq!(fs::read(&place.file).unwrap(), b"what was there before");

        // The partial file is valid as it is.
        let part = fs::read(place.part()).unwrap();
        let rows = match format {
            "csv" => csv_rows(&part),
            "json" => serde_json::from_slice::<Vec<serde_json::Value>>(&part)
                .unwrap()
                .len(),
            _ => lines(&String::from_utf8(part).unwrap()).len(),
        };
        assert_eq!(rows, 700);

        sandbox.control().clear_faults();
        sandbox.clear_requests();
        run(&mut with_sandbox(
            &sandbox,
            place.arguments(&["--attempts", "1", "--resume"]),
        ))
        .done();
        assert!(
            pages(&sandbox).iter().all(|page| *page >= 8),
            "{:?}",
            pages(&sandbox)
        );
        assert!(fs::read(&place.file).unwrap() == whole, "{name}");
        assert_eq!(place.files(), [name]);
    }
}

/// Starts an export that hangs at page 11, when pages 1 to 10 are written.
pub fn stopped_at_page_11(place: &Place, sandbox: &Sandbox) -> Child {
    sandbox
        .control()
        .add_faults(Fault::hang().on_page(11))
        .unwrap();
    let (reached, wait) = mpsc::channel();
    sandbox
        .control()
        .after(11, move |_| reached.send(()).unwrap());
    let mut command: Command = with_sandbox(sandbox, place.arguments(&["--prefetch", "1"]));
    let child = spawn(&mut command);
    wait.recv().unwrap();
    child
}

#[test]
fn a_kill_loses_no_page() {
    for name in ["a.csv", "a.json", "a.ndjson"] {
        let whole = uninterrupted(name, &[]);
        let (place, sandbox) = (Place::new(name), sandbox());
        let mut child = stopped_at_page_11(&place, &sandbox);
        child.kill().unwrap();
        child.wait().unwrap();
        let part = fs::read(place.part()).unwrap();
        assert!(whole.starts_with(&part));

        // The state after a kill during the eleventh page or its mark.
        let more = &whole[part.len()..part.len() + 5_000];
        fs::write(place.part(), [&part, more].concat()).unwrap();
        let mut checkpoint = fs::read(place.checkpoint()).unwrap();
        checkpoint.extend_from_slice(b"{\"group\":0,\"next_page\":12,\"ro");
        fs::write(place.checkpoint(), checkpoint).unwrap();

        sandbox.control().clear_faults();
        sandbox.clear_requests();
        run(&mut with_sandbox(&sandbox, place.arguments(&["--resume"]))).done();
        assert_eq!(pages(&sandbox)[0], 11);
        assert!(fs::read(&place.file).unwrap() == whole, "{name}");
        assert_eq!(place.files(), [name]);
    }
}

#[test]
#[cfg(unix)]
fn an_interrupted_export_resumes() {
    use rustix::process::{Pid, Signal, kill_process};

    for signal in [Signal::INT, Signal::TERM] {
        let whole = uninterrupted("a.csv", &[]);
        let (place, sandbox) = (Place::new("a.csv"), sandbox());
        let child = stopped_at_page_11(&place, &sandbox);
        kill_process(Pid::from_child(&child), signal).unwrap();
        let ended = crate::run::ended(&child.wait_with_output().unwrap());
        let stderr = ended.failed(130);
        assert!(stderr.starts_with("interrupted\n"), "{stderr}");
        assert!(stderr.contains("a.csv.part has 1,000 rows"), "{stderr}");
        sandbox.control().clear_faults();
        run(&mut with_sandbox(&sandbox, place.arguments(&["--resume"]))).done();
        assert!(fs::read(&place.file).unwrap() == whole);
    }
}

#[test]
fn only_failed_groups_are_retried() {
    let fault = Fault::refusal(400, "ERR_BAD_REQUEST")
        .on_page(3)
        .in_group("city");
    let sandbox = Sandbox::builder().fault(fault).start_blocking().unwrap();
    let place = Place::new("a.ndjson");
    let file = place.file.to_str().unwrap();
    let arguments = ["members", "city", "supergroup", "--output", file];
    let stderr = run(&mut with_sandbox(&sandbox, arguments)).failed(1);
    assert!(stderr.contains("a.ndjson.part has 204 rows"), "{stderr}");
    assert!(!stderr.contains("rename"), "{stderr}");
    sandbox.control().clear_faults();
    sandbox.clear_requests();
    run(&mut with_sandbox(
        &sandbox,
        arguments.iter().chain(&["--resume"]),
    ))
    .done();
    assert!(
        sandbox
            .requests()
            .iter()
            .all(|request| request.group() == Some("city"))
    );
    assert_eq!(pages(&sandbox).iter().min(), Some(&3));
    let rows = lines(&fs::read_to_string(file).unwrap());
    let mut uids: Vec<_> = rows
        .iter()
        .map(|row| row["uid"].as_str().unwrap())
        .collect();
    uids.sort_unstable();
    uids.dedup();
    assert_eq!((rows.len(), uids.len()), (2_504, 2_504));
}

#[test]
fn without_missing_groups_an_export_is_complete() {
    for name in ["a.csv", "a.json", "a.ndjson"] {
        let (place, sandbox) = (Place::new(name), sandbox());
        let stderr = run(&mut with_sandbox(
            &sandbox,
            place.arguments(&["nosuch", "supergroup"]),
        ))
        .failed(4);
        let expected = format!(
            "  Or rename it to {} to do without the groups that failed\n",
            place.file.display()
        );
        assert!(stderr.ends_with(&expected), "{stderr}");
        let part = fs::read_to_string(place.part()).unwrap();
        let rows = match name {
            "a.csv" => csv_rows(part.as_bytes()),
            "a.json" => serde_json::from_str::<Vec<serde_json::Value>>(&part)
                .unwrap()
                .len(),
            _ => lines(&part).len(),
        };
        assert_eq!(rows, 2_504);
    }
}

#[test]
fn a_limit_spans_both_runs() {
    let whole = uninterrupted("a.csv", &["--limit", "250"]);
    let fault = Fault::refusal(400, "ERR_BAD_REQUEST").on_page(2);
    let sandbox = Sandbox::builder().fault(fault).start_blocking().unwrap();
    let place = Place::new("a.csv");
    run(&mut with_sandbox(
        &sandbox,
        place.arguments(&["--limit", "250"]),
    ))
    .failed(1);
    sandbox.control().clear_faults();
    run(&mut with_sandbox(
        &sandbox,
        place.arguments(&["--limit", "250", "--resume"]),
    ))
    .done();
    assert!(fs::read(&place.file).unwrap() == whole);
}

#[test]
fn an_export_with_other_settings_is_not_resumed() {
    let fault = Fault::refusal(400, "ERR_BAD_REQUEST").on_page(4);
    let sandbox = Sandbox::builder().fault(fault).start_blocking().unwrap();
    let place = Place::new("a.csv");
    run(&mut with_sandbox(&sandbox, place.arguments(&[]))).failed(1);
    let part = fs::read(place.part()).unwrap();
    sandbox.clear_requests();
    for (more, expected) in [
        (
            &["--per-page", "50"][..],
            "--per-page: not given before, 50 now",
        ),
        (
            &["--format", "json"],
            "--format: \"csv\" before, \"json\" now",
        ),
        (&["--scope", "admin"], "--scope: [] before, [\"admin\"] now"),
        (
            &["--status", "offline"],
            "--status: not given before, \"offline\" now",
        ),
        (&["--columns", "uid"], "--columns: [] before, [\"uid\"] now"),
        (&["--limit", "7"], "--limit: not given before, 7 now"),
        (&["--start-page", "2"], "--start-page: 1 before, 2 now"),
        (
            &["--times", "utc"],
            "--times: not given before, \"utc\" now",
        ),
        (
            &["--spreadsheet-safe"],
            "--spreadsheet-safe: false before, true now",
        ),
        (&["--dedup"], "--dedup: false before, true now"),
        (
            &["--on-behalf-of", "a"],
            "--on-behalf-of: not given before, \"a\" now",
        ),
        (
            &["supergroup"],
            "the GUIDs: [\"city\"] before, [\"city\",\"supergroup\"] now",
        ),
    ] {
        let arguments = place.arguments(&["--resume"]);
        let stderr = run(&mut with_sandbox(&sandbox, arguments.iter().chain(more))).failed(2);
        assert!(
            stderr.starts_with("error: --resume is refused: "),
            "{stderr}"
        );
        assert!(stderr.contains(expected), "{stderr}");
    }
    let other = Sandbox::builder().start_blocking().unwrap();
    let stderr = run(&mut with_sandbox(&other, place.arguments(&["--resume"]))).failed(2);
    assert!(stderr.contains("the address: "), "{stderr}");
    assert!(sandbox.requests().is_empty() && other.requests().is_empty());
    assert!(fs::read(place.part()).unwrap() == part);
}

#[test]
fn connection_settings_may_change_on_resume() {
    let fault = Fault::refusal(400, "ERR_BAD_REQUEST").on_page(4);
    let sandbox = Sandbox::builder().fault(fault).start_blocking().unwrap();
    let place = Place::new("a.csv");
    run(&mut with_sandbox(&sandbox, place.arguments(&[]))).failed(1);
    sandbox.control().clear_faults();
    let more = [
        "--resume",
        "--prefetch",
        "16",
        "--attempts",
        "2",
        "--timeout",
        "7",
        "--rate-limit",
        "60000",
        "--quiet",
    ];
    run(&mut with_sandbox(&sandbox, place.arguments(&more))).done();
    assert!(fs::read(&place.file).unwrap() == uninterrupted("a.csv", &[]));
}

#[test]
fn with_nothing_to_resume_a_new_export_starts() {
    let (place, sandbox) = (Place::new("a.csv"), sandbox());
    let ended = run(&mut with_sandbox(&sandbox, place.arguments(&["--resume"])));
    assert_eq!(ended.code, 0);
    assert!(
        ended
            .stderr
            .starts_with("note: there is no unfinished export in "),
        "{}",
        ended.stderr
    );
    assert!(place.file.exists());
}

#[test]
fn replacing_an_unfinished_export_is_noted() {
    let fault = Fault::refusal(400, "ERR_BAD_REQUEST").on_page(4).times(1);
    let sandbox = Sandbox::builder().fault(fault).start_blocking().unwrap();
    let place = Place::new("a.csv");
    run(&mut with_sandbox(
        &sandbox,
        place.arguments(&["--prefetch", "1"]),
    ))
    .failed(1);
    let ended = run(&mut with_sandbox(&sandbox, place.arguments(&[])));
    assert_eq!(ended.code, 0);
    assert!(
        ended
            .stderr
            .contains("is replaced; --resume would have continued it"),
        "{}",
        ended.stderr
    );
    assert!(fs::read(&place.file).unwrap() == uninterrupted("a.csv", &[]));
}
