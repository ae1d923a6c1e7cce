//! What a terminal gets, on one of the test's own.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::{AsFd, OwnedFd};
use std::process::{Command, Stdio};

use cometchat_sandbox::{Fault, Group, Row, Sandbox, WaitHeaders};
use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use std::time::Duration;

use crate::run::{asking, program, sandbox};

/// Runs it in a terminal of so many columns, and gives its exit code and all that the terminal got.
///
/// `stdout` is where rows go, if not to the terminal.
fn watched(command: &mut Command, columns: u16, stdout: Option<Stdio>) -> (i32, String) {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&master).unwrap();
    unlockpt(&master).unwrap();
    let size = Winsize {
        ws_row: 24,
        ws_col: columns,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    let name = ptsname(&master, Vec::new()).unwrap();
    let slave: OwnedFd =
        rustix::fs::open(&name, OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).unwrap();
    tcsetwinsize(slave.as_fd(), size).unwrap();
    let end = || Stdio::from(slave.try_clone().unwrap());
    command
        .env("TERM", "xterm")
        .stdout(stdout.unwrap_or_else(end))
        .stderr(end());
    let mut child = command.spawn().unwrap();
    // The terminal ends when nobody has it open any more, and so neither may this process.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    drop(slave);
    let mut seen = Vec::new();
    let mut reader = File::from(master);
    let mut chunk = [0; 4096];
    loop {
        match reader.read(&mut chunk) {
            Ok(0) => break,
            Ok(bytes) => seen.extend_from_slice(&chunk[..bytes]),
            // Linux ends a terminal so.
            Err(error) if error.raw_os_error() == Some(5) => break,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => panic!("{error}"),
        }
    }
    let code = child.wait().unwrap().code().unwrap();
    (code, String::from_utf8(seen).unwrap().replace("\r\n", "\n"))
}

#[test]
fn a_terminal_gets_a_table_that_fits() {
    let mut command = program(["--sandbox", "members", "supergroup", "--quiet"]);
    insta::assert_snapshot!(
        "terminal_60",
        watched(command.env("NO_COLOR", "1"), 60, None).1
    );
    let (_, coloured) = watched(
        &mut program(["--sandbox", "members", "supergroup"]),
        100,
        None,
    );
    assert!(
        coloured.starts_with("\u{1b}[1mUID\u{1b}[0m  "),
        "{coloured}"
    );
    assert!(coloured.contains("\u{1b}[33madmin\u{1b}[0m"), "{coloured}");
}

#[test]
fn no_colour_where_it_is_not_wanted_or_not_understood() {
    let mut command = program(["--sandbox", "members", "supergroup"]);
    let (_, text) = watched(command.env("NO_COLOR", "1"), 100, None);
    assert!(!text.contains('\u{1b}'), "{text}");
    let arguments = ["--sandbox", "members", "supergroup", "--format", "table"];
    let text = crate::run::run(&mut program(arguments)).done();
    assert!(!text.contains('\u{1b}'), "{text}");
}

/// A group whose member has a name that would clear the screen.
fn hostile() -> Sandbox {
    let row = Row::new("a").with("name", "x\u{1b}[2J\u{9b}31m\u{202e}\u{7}y\nz");
    let group = Group::new("g").members([row]);
    Sandbox::builder().group(group).start_blocking().unwrap()
}

#[test]
fn no_form_lets_a_name_steer_the_terminal() {
    let sandbox = hostile();
    for format in ["table", "csv", "ndjson", "json"] {
        let mut command = asking(&sandbox, ["members", "g", "--quiet", "--format", format]);
        let (code, text) = watched(command.env("NO_COLOR", "1"), 200, None);
        assert_eq!(code, 0);
        for c in ['\u{1b}', '\u{9b}', '\u{202e}', '\u{7}'] {
            assert!(!text.contains(c), "{format}: {text:?}");
        }
        assert!(text.contains("[2J"), "{format}: {text:?}");
    }
}

#[test]
fn the_progress_is_kept_up_to_date_and_ends_with_the_totals() {
    let sandbox = Sandbox::builder()
        .latency(Duration::from_millis(120))
        .start_blocking()
        .unwrap();
    let list = |more: &[&str]| {
        let arguments = ["members", "city", "--limit", "1000", "--prefetch", "1"];
        let mut command = asking(&sandbox, arguments.iter().chain(more));
        watched(&mut command, 60, Some(Stdio::null()))
    };
    let (code, text) = list(&[]);
    assert_eq!(code, 0);
    assert!(text.matches("\rcity: ").count() > 5, "{text:?}");
    for line in text.split('\r') {
        assert!(
            line.trim_end_matches("\u{1b}[K").chars().count() < 60,
            "{line:?}"
        );
    }
    assert!(
        text.contains("\r\u{1b}[K1,000 rows in 10 pages, "),
        "{text:?}"
    );
    assert!(text.ends_with(" rows/s\n"), "{text:?}");
    assert_eq!(list(&["--quiet"]).1, "");
}

#[test]
fn the_progress_says_what_is_waited_for() {
    let second = Duration::from_secs(1);
    let fault = Fault::too_many_requests(WaitHeaders::RetryAfterSeconds, second)
        .on_page(5)
        .times(1);
    let sandbox = Sandbox::builder()
        .latency(Duration::from_millis(100))
        .fault(fault)
        .start_blocking()
        .unwrap();
    let arguments = [
        "members",
        "city",
        "supergroup",
        "--limit",
        "500",
        "--prefetch",
        "1",
    ];
    let (_, text) = watched(&mut asking(&sandbox, arguments), 100, Some(Stdio::null()));
    assert!(
        text.contains("\r[1/2] city: 400 rows in 4 pages"),
        "{text:?}"
    );
    assert!(
        text.contains(" s to ask for page 5 again (429)"),
        "{text:?}"
    );
}

#[test]
fn rows_and_progress_do_not_mix_on_one_terminal() {
    let sandbox = Sandbox::builder()
        .latency(Duration::from_millis(120))
        .start_blocking()
        .unwrap();
    let arguments = [
        "members",
        "city",
        "--limit",
        "1000",
        "--prefetch",
        "1",
        "--columns",
        "uid",
    ];
    let (_, text) = watched(asking(&sandbox, arguments).env("NO_COLOR", "1"), 80, None);
    let mut rows = 0;
    for line in text.lines() {
        // A line on the screen is what comes after the last return to its start.
        let shown = line
            .rsplit('\r')
            .next()
            .unwrap()
            .trim_start_matches("\u{1b}[K");
        rows += usize::from(shown.starts_with("city-") && shown.len() == "city-000001".len());
    }
    assert_eq!(rows, 1_000, "{text:?}");
}

#[test]
fn an_export_says_where_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.csv");
    let sandbox = sandbox();
    let arguments = ["members", "supergroup", "--output", file.to_str().unwrap()];
    let (code, text) = watched(&mut asking(&sandbox, arguments), 200, None);
    assert_eq!(code, 0);
    assert!(text.starts_with("4 rows in 1 page"), "{text:?}");
    assert!(
        text.ends_with(&format!(", saved as {}\n", file.display())),
        "{text:?}"
    );
}
