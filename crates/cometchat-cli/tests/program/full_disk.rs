//! Outputs that fill up while rows are written.

use std::fs;
use std::process::{Command, Stdio};

use crate::place::{Place, csv_rows, uninterrupted};
use crate::run::{ended, program, run, sandbox, with_sandbox};

#[test]
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

fn run_into(mut command: Command, stdout: fs::File) -> (i32, String) {
    let child = command
        .stdout(stdout)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let ended = ended(&child.wait_with_output().unwrap());
    (ended.code, ended.stderr)
}

/// Runs the program with a limit on the size of files, in place of a full disk.
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
