//! Ctrl-C while rows go to stdout.

use std::io::Read;
use std::sync::mpsc;

use cometchat_sandbox::{Fault, Sandbox};
use rustix::process::{Pid, Signal, kill_process};

use crate::run::{ended, sandbox, spawn, with_sandbox};

#[test]
fn the_next_page_is_named() {
    let sandbox = Sandbox::builder()
        .fault(Fault::hang().on_page(3))
        .start_blocking()
        .unwrap();
    let (reached, wait) = mpsc::channel();
    sandbox
        .control()
        .after(3, move |_| reached.send(()).unwrap());
    let mut command = with_sandbox(
        &sandbox,
        ["members", "city", "--prefetch", "1", "--per-page", "10"],
    );
    let child = spawn(&mut command);
    wait.recv().unwrap();
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    let ended = ended(&child.wait_with_output().unwrap());
    assert_eq!((ended.code, ended.stdout.lines().count()), (130, 20));
    let expected = "interrupted\n  Resume after the rows above with --start-page 3\n";
    assert_eq!(ended.stderr, expected);
}

#[test]
fn a_blocked_write_is_interrupted() {
    let sandbox = sandbox();
    // More than a pipe holds; the reader takes one byte.
    let mut command = with_sandbox(
        &sandbox,
        ["members", "city", "--per-page", "1000", "--format", "csv"],
    );
    let mut child = spawn(&mut command);
    let mut stdout = child.stdout.take().unwrap();
    stdout.read_exact(&mut [0]).unwrap();
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
}
