//! Exports to files: complete, or resumable whatever stops them.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::mpsc;

use cometchat_sandbox::{ErrorBody, Fault, Sandbox};
use tempfile::TempDir;

#[cfg(target_os = "linux")]
use crate::run::program;
use crate::run::{lines, pages, run, sandbox, with_sandbox};

/// A folder with a file to export to.
pub struct Place {
    pub folder: TempDir,
    pub file: PathBuf,
}

impl Place {
    pub fn new(name: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(name);
        Self { folder, file }
    }

    /// The arguments of an export to it.
    pub fn arguments<'a>(&'a self, more: &[&'a str]) -> Vec<&'a str> {
        let mut arguments = vec!["members", "city", "--output", self.file.to_str().unwrap()];
        arguments.extend(more);
        arguments
    }

    pub fn part(&self) -> PathBuf {
        let mut name = self.file.clone().into_os_string();
        name.push(".part");
        name.into()
    }

    pub fn checkpoint(&self) -> PathBuf {
        let mut name = self.file.clone().into_os_string();
        name.push(".part.state");
        name.into()
    }

    /// The names of the files in the folder.
    pub fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.collect();
        names.sort();
        names
    }
}

/// The number of rows of a CSV file, each of them complete.
fn csv_rows(text: &[u8]) -> usize {
    let records = csv::Reader::from_reader(text).into_records();
    records.collect::<Result<Vec<_>, _>>().unwrap().len()
}

/// The file of an export without interruption.
pub fn uninterrupted(name: &str, more: &[&str]) -> Vec<u8> {
    let (place, sandbox) = (Place::new(name), sandbox());
    run(&mut with_sandbox(&sandbox, place.arguments(more))).done();
    fs::read(&place.file).unwrap()
}

#[test]
fn the_format_follows_the_file_name() {
    for (name, first) in [
        ("a.csv", "uid,name,"),
        ("a.CSV", "uid,name,"),
        ("a.json", "[\n{\"uid\""),
        ("a.ndjson", "{\"uid\""),
        ("a.txt", "{\"uid\""),
    ] {
        let text = String::from_utf8(uninterrupted(name, &["--limit", "3"])).unwrap();
        assert!(text.starts_with(first), "{name}: {text}");
    }
    let table = String::from_utf8(uninterrupted("a.csv", &["--format", "table"])).unwrap();
    assert!(table.starts_with("UID "), "{table}");
}

#[test]
fn an_export_leaves_only_its_file() {
    let (place, sandbox) = (Place::new("city.csv"), sandbox());
    fs::write(&place.file, "what was there before").unwrap();
    assert_eq!(
        run(&mut with_sandbox(&sandbox, place.arguments(&[]))).done(),
        ""
    );
    assert_eq!(place.files(), ["city.csv"]);
    assert!(fs::read_to_string(&place.file).unwrap().starts_with("uid,"));
}

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
            place.arguments(&["--attempts", "1"]),
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
pub fn stopped_at_page_11(place: &Place, sandbox: &Sandbox) -> std::process::Child {
    sandbox
        .control()
        .add_faults(Fault::hang().on_page(11))
        .unwrap();
    let (reached, wait) = mpsc::channel();
    sandbox
        .control()
        .after(11, move |_| reached.send(()).unwrap());
    let mut command: Command = with_sandbox(sandbox, place.arguments(&["--prefetch", "1"]));
    let child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
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
        .failed(1);
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

#[test]
fn an_unknown_group_leaves_no_files() {
    let (place, sandbox) = (Place::new("a.csv"), sandbox());
    let arguments = [
        "members",
        "nosuch",
        "--output",
        place.file.to_str().unwrap(),
    ];
    run(&mut with_sandbox(&sandbox, arguments)).failed(1);
    assert!(place.files().is_empty(), "{:?}", place.files());
}

#[test]
fn an_unwritable_file_is_refused_before_sending() {
    let (place, sandbox) = (Place::new("no/such/folder.csv"), sandbox());
    let stderr = run(&mut with_sandbox(&sandbox, place.arguments(&[]))).failed(2);
    assert!(stderr.contains("can't be written: "), "{stderr}");
    let folder = place.folder.path().to_str().unwrap();
    let stderr = run(&mut with_sandbox(
        &sandbox,
        ["members", "city", "--output", folder],
    ))
    .failed(2);
    assert!(stderr.contains("is a directory"), "{stderr}");
    let stderr = run(&mut with_sandbox(&sandbox, ["members", "city", "--resume"])).failed(2);
    assert!(stderr.contains("--output"), "{stderr}");
    assert!(sandbox.requests().is_empty());
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_reported() {
    let sandbox = sandbox();
    let full = || {
        fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .unwrap()
    };
    for (command, list) in [("members", "city"), ("banned", "supergroup")] {
        let ended = run_into(with_sandbox(&sandbox, [command, list]), full());
        assert_eq!(
            ended,
            (
                1,
                "error: stdout can't be written: No space left on device (os error 28)\n"
                    .to_owned()
            )
        );
    }
    let stderr = run(&mut with_sandbox(
        &sandbox,
        ["members", "city", "--output", "/dev/full"],
    ))
    .failed(1);
    assert!(
        stderr.contains("/dev/full can't be written: No space left on device"),
        "{stderr}"
    );
    assert!(!fs::exists("/dev/full.part").unwrap());
    for arguments in [&["completions", "bash"][..], &["man"], &["sandbox"]] {
        let (code, stderr) = run_into(program(arguments), full());
        assert_eq!(code, 1);
        assert!(stderr.contains("stdout can't be written"), "{stderr}");
    }
}

#[cfg(target_os = "linux")]
fn run_into(mut command: Command, stdout: fs::File) -> (i32, String) {
    let child = command
        .stdout(stdout)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let ended = crate::run::ended(&child.wait_with_output().unwrap());
    (ended.code, ended.stderr)
}

/// Runs the program with a limit on the size of files, in place of a full disk.
#[cfg(target_os = "linux")]
fn with_a_small_disk(program: &Command) -> Command {
    let mut shell = Command::new("sh");
    // A block is 512 bytes.
    shell.args(["-c", "trap '' XFSZ; ulimit -f 200; exec \"$0\" \"$@\""]);
    shell.arg(program.get_program()).args(program.get_args());
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    shell
}

#[test]
#[cfg(target_os = "linux")]
fn a_filling_disk_leaves_whole_pages() {
    let whole = uninterrupted("a.csv", &[]);
    let sandbox = sandbox();
    // The sandbox of --sandbox has another port in each run, and still counts as the same address.
    for more in [&["--prefetch", "1"][..], &["--prefetch", "1", "--sandbox"]] {
        let place = Place::new("a.csv");
        let program = with_sandbox(&sandbox, place.arguments(more));
        let stderr = run(&mut with_a_small_disk(&program)).failed(1);
        assert!(
            stderr.contains("a.csv.part can't be written: File too large"),
            "{stderr}"
        );
        assert!(stderr.contains("--resume"), "{stderr}");
        let part = fs::read(place.part()).unwrap();
        assert!(whole.starts_with(&part));
        let rows = csv_rows(&part);
        assert!(rows > 0 && rows.is_multiple_of(100), "{rows}");
        let more: Vec<_> = more.iter().copied().chain(["--resume"]).collect();
        run(&mut with_sandbox(&sandbox, place.arguments(&more))).done();
        assert!(fs::read(&place.file).unwrap() == whole);
    }
}

#[test]
fn a_closed_pipe_ends_it_quietly() {
    use std::io::{BufRead, BufReader};

    let sandbox = sandbox();
    for (format, arguments) in [
        ("csv", "city"),
        ("ndjson", "city"),
        ("json", "city"),
        ("table", "city"),
    ] {
        let mut command = with_sandbox(&sandbox, ["members", arguments, "--format", format]);
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        assert!(!line.is_empty());
        let ended = crate::run::ended(&child.wait_with_output().unwrap());
        assert_eq!((ended.code, ended.stderr.as_str()), (0, ""), "{format}");
    }
}
