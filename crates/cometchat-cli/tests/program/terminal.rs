//! Output on a terminal, which is one of the test's own.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::process::{Child, Command, Stdio};

use cometchat_sandbox::{Fault, Group, Row, Sandbox, WaitHeaders};
use rustix::fs::{Mode, OFlags};
use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use std::time::Duration;

use crate::run::{program, sandbox, with_sandbox};

/// Runs the program in a terminal of `columns` columns. Returns its exit code and all output of the terminal.
///
/// `stdout` is the destination of rows other than the terminal.
fn watched(command: &mut Command, columns: u16, stdout: Option<Stdio>) -> (i32, String) {
    watched_with(command, columns, stdout, |_, _, _| {})
}

/// The same, with `on_output` called for the output so far, after each part of it.
fn watched_with(
    command: &mut Command,
    columns: u16,
    stdout: Option<Stdio>,
    mut on_output: impl FnMut(&[u8], &mut File, &Child),
) -> (i32, String) {
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
    // The terminal ends when no process has it open, so this one closes it too.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    drop(slave);
    let mut seen = Vec::new();
    let mut reader = File::from(master);
    let mut chunk = [0; 4096];
    loop {
        match reader.read(&mut chunk) {
            Ok(0) => break,
            Ok(bytes) => {
                seen.extend_from_slice(&chunk[..bytes]);
                on_output(&seen, &mut reader, &child);
            }
            // The end of a terminal on Linux.
            Err(error) if error.raw_os_error() == Some(5) => break,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => panic!("{error}"),
        }
    }
    let code = child.wait().unwrap().code().unwrap();
    (code, String::from_utf8(seen).unwrap().replace("\r\n", "\n"))
}

#[test]
fn a_table_fits_the_terminal() {
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
fn colour_can_be_disabled() {
    let mut command = program(["--sandbox", "members", "supergroup"]);
    let (_, text) = watched(command.env("NO_COLOR", "1"), 100, None);
    assert!(!text.contains('\u{1b}'), "{text}");
    let arguments = ["--sandbox", "members", "supergroup", "--format", "table"];
    let text = crate::run::run(&mut program(arguments)).done();
    assert!(!text.contains('\u{1b}'), "{text}");
}

#[test]
fn json_is_indented_and_coloured_only_there() {
    let arguments = ["members", "supergroup", "--limit", "1", "--format", "json"];
    let columns = ["--sandbox", "--quiet", "--columns", "uid,avatar"];
    let arguments: Vec<_> = arguments.into_iter().chain(columns).collect();
    let mut command = program(&arguments);
    let (_, coloured) = watched(&mut command, 80, None);
    assert!(
        coloured.contains("\u{1b}[32m\"superhero2\""),
        "{coloured:?}"
    );
    let (_, plain) = watched(command.env("NO_COLOR", "1"), 80, None);
    let url = "https://data-us.cometchat.io/assets/images/avatars/captainamerica.png";
    assert_eq!(
        plain,
        format!("[\n  {{\n    \"uid\": \"superhero2\",\n    \"avatar\": \"{url}\"\n  }}\n]\n")
    );
    let piped = crate::run::run(&mut program(&arguments)).done();
    let verbatim = url.replace('/', "\\/");
    assert_eq!(
        piped,
        format!("[\n{{\"uid\":\"superhero2\",\"avatar\":\"{verbatim}\"}}\n]\n")
    );
}

#[test]
fn warnings_wrap_at_words() {
    let arguments = ["--sandbox", "members", "supergroup", "--scope", "overlord"];
    let (_, text) = watched(&mut program(arguments), 30, Some(Stdio::null()));
    assert!(
        text.starts_with("warning: overlord is not a\n  documented scope\n"),
        "{text:?}"
    );
}

/// A group with a name that would clear the screen and hide characters.
fn hostile() -> Sandbox {
    let hidden = "\u{200b}\u{e0041}\u{3164}\u{feff}";
    let marks = "\u{301}".repeat(50_000);
    let name = format!("x\u{1b}[2J\u{9b}31m\u{202e}\u{7}y\n{hidden}e{marks}z");
    let group = Group::new("g").members([Row::new("a").with("name", name)]);
    Sandbox::builder().group(group).start_blocking().unwrap()
}

#[test]
fn no_format_lets_names_control_the_terminal() {
    let sandbox = hostile();
    for format in ["table", "csv", "ndjson", "json"] {
        let mut command = with_sandbox(&sandbox, ["members", "g", "--quiet", "--format", format]);
        let (code, text) = watched(command.env("NO_COLOR", "1"), 200, None);
        assert_eq!(code, 0);
        for c in "\u{1b}\u{9b}\u{202e}\u{7}\u{200b}\u{e0041}\u{3164}\u{feff}".chars() {
            assert!(!text.contains(c), "{format}: {c:?}");
        }
        assert_eq!(text.matches('\u{301}').count(), 8, "{format}");
        assert!(text.contains("[2J"), "{format}: {text:?}");
    }
}

#[test]
fn progress_is_redrawn_and_ends_with_totals() {
    let sandbox = Sandbox::builder()
        .latency(Duration::from_millis(120))
        .start_blocking()
        .unwrap();
    let list = |more: &[&str]| {
        let arguments = ["members", "city", "--limit", "1000", "--prefetch", "1"];
        let mut command = with_sandbox(&sandbox, arguments.iter().chain(more));
        watched(&mut command, 60, Some(Stdio::null()))
    };
    let (code, text) = list(&[]);
    assert_eq!(code, 0);
    assert!(text.matches("\u{1b}[2Kcity: ").count() > 5, "{text:?}");
    for line in text.split('\r') {
        assert!(
            line.trim_start_matches("\u{1b}[2K")
                .trim_end()
                .chars()
                .count()
                < 60,
            "{line:?}"
        );
    }
    assert!(
        text.contains("\r\u{1b}[2K1,000 rows in 10 pages, "),
        "{text:?}"
    );
    assert!(text.ends_with(" rows/s; there are more\n"), "{text:?}");
    assert_eq!(list(&["--quiet"]).1, "");
}

#[test]
fn ctrl_c_clears_the_progress_line() {
    let sandbox = Sandbox::builder()
        .latency(Duration::from_millis(120))
        .start_blocking()
        .unwrap();
    let arguments = ["members", "city", "--per-page", "10", "--prefetch", "1"];
    let mut command = with_sandbox(&sandbox, arguments);
    let (mut pressed, mut interrupted) = (false, false);
    let (code, text) = watched_with(
        &mut command,
        60,
        Some(Stdio::null()),
        |seen, terminal, child| {
            let seen = String::from_utf8_lossy(seen);
            if !pressed && seen.contains("city: ") {
                // The terminal shows ^C. It is not that of the program's session, so it sends no signal.
                terminal.write_all(b"\x03").unwrap();
                pressed = true;
            }
            if !interrupted && seen.contains("^C") {
                kill_process(Pid::from_child(child), Signal::INT).unwrap();
                interrupted = true;
            }
        },
    );
    assert_eq!(code, 130);
    // ^C comes in the line of the progress, with room for it, and that line is cleared.
    let (before, after) = text.split_once("^C").unwrap();
    let column = before.rsplit('\r').next().unwrap().len();
    assert!(column < 58, "{text:?}");
    for part in text.split('\r').skip(1) {
        let echoed = part.strip_prefix("^C").unwrap_or(part);
        assert!(
            echoed.is_empty() || echoed.starts_with("\u{1b}[2K"),
            "{text:?}"
        );
    }
    assert!(after.contains("\r\u{1b}[2Kinterrupted\n"), "{text:?}");
}

#[test]
fn progress_shows_waits() {
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
    let (_, text) = watched(
        &mut with_sandbox(&sandbox, arguments),
        100,
        Some(Stdio::null()),
    );
    assert!(
        text.contains("\u{1b}[2K[1/2] city: 400 rows in 4 pages, "),
        "{text:?}"
    );
    assert!(text.contains(" s for the rate limit"), "{text:?}");
}

#[test]
fn rows_and_progress_do_not_mix() {
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
    let (_, text) = watched(
        with_sandbox(&sandbox, arguments).env("NO_COLOR", "1"),
        80,
        None,
    );
    let mut rows = 0;
    for line in text.lines() {
        // A line on the screen is what comes after the last return to its start.
        let shown = line
            .rsplit('\r')
            .next()
            .unwrap()
            .trim_start_matches("\u{1b}[2K");
        rows += usize::from(shown.starts_with("city-") && shown.len() == "city-000001".len());
    }
    assert_eq!(rows, 1_000, "{text:?}");
}

#[test]
fn an_export_names_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.csv");
    let sandbox = sandbox();
    let arguments = ["members", "supergroup", "--output", file.to_str().unwrap()];
    let (code, text) = watched(&mut with_sandbox(&sandbox, arguments), 200, None);
    assert_eq!(code, 0);
    assert!(text.starts_with("4 rows in 1 page"), "{text:?}");
    assert!(
        text.ends_with(&format!(", saved as {}\n", file.display())),
        "{text:?}"
    );
}
