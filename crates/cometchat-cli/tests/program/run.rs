//! Runs the program, and checks what holds for all of its output.

use std::ffi::OsStr;
use std::io::Write;
use std::process::{Child, Command, Stdio};

use cometchat_sandbox::Sandbox;

/// The result of a run.
pub struct Ended {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Ended {
    /// Stdout of a run that must have succeeded.
    #[track_caller]
    pub fn done(self) -> String {
        assert_eq!(
            (self.code, self.stderr.as_str()),
            (0, ""),
            "{}",
            self.stdout
        );
        self.stdout
    }

    /// Stderr of a run that must have ended with this code and written no rows.
    #[track_caller]
    pub fn failed(self, code: i32) -> String {
        assert_eq!(
            (self.code, self.stdout.as_str()),
            (code, ""),
            "{}",
            self.stderr
        );
        self.stderr
    }
}

/// The program with these arguments, without the variables of this process.
pub fn program<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cometchat"));
    command
        .args(arguments)
        .stdin(Stdio::null())
        .env("TZ", "UTC");
    for name in [
        "COLUMNS",
        "COMETCHAT_API_KEY",
        "COMETCHAT_APP_ID",
        "COMETCHAT_BASE_URL",
        "COMETCHAT_ON_BEHALF_OF",
        "COMETCHAT_REGION",
        "NO_COLOR",
        "RUST_LOG",
    ] {
        command.env_remove(name);
    }
    command
}

/// The program with the address and the key of a sandbox.
pub fn with_sandbox<A: AsRef<OsStr>>(
    sandbox: &Sandbox,
    arguments: impl IntoIterator<Item = A>,
) -> Command {
    let mut command = program(arguments);
    command
        .env("COMETCHAT_BASE_URL", sandbox.base_url())
        .env("COMETCHAT_API_KEY", sandbox.api_key());
    command
}

/// Runs it to its end.
pub fn run(command: &mut Command) -> Ended {
    ended(&command.output().unwrap())
}

/// Starts it, to be read while it runs.
pub fn spawn(command: &mut Command) -> Child {
    command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Runs it to its end, with this stdin.
pub fn run_with_stdin(command: &mut Command, stdin: &str) -> Ended {
    let mut child = spawn(command.stdin(Stdio::piped()));
    child
        .stdin
        .take()
        .unwrap()
        .write_all(stdin.as_bytes())
        .unwrap();
    ended(&child.wait_with_output().unwrap())
}

/// The result of a run, which never shows a key and never names a method.
pub fn ended(output: &std::process::Output) -> Ended {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let ended = Ended {
        code: output.status.code().unwrap_or(-1),
        stdout: text(&output.stdout),
        stderr: text(&output.stderr),
    };
    for text in [&ended.stdout, &ended.stderr] {
        assert!(!text.contains("-access-key"), "a key is shown: {text}");
    }
    for word in ["panicked", "(…)", "()", "body_snippet", "RUST_BACKTRACE"] {
        assert!(!ended.stderr.contains(word), "{word}: {}", ended.stderr);
    }
    ended
}

/// A sandbox with its defaults.
pub fn sandbox() -> Sandbox {
    Sandbox::builder().start_blocking().unwrap()
}

/// The requested pages, in order.
pub fn pages(sandbox: &Sandbox) -> Vec<u64> {
    let requests = sandbox.requests();
    requests
        .iter()
        .filter_map(cometchat_sandbox::Request::page)
        .collect()
}

/// The JSON of each line.
pub fn lines(text: &str) -> Vec<serde_json::Value> {
    let lines = text.lines().map(serde_json::from_str);
    lines.collect::<Result<_, _>>().unwrap()
}

/// The values of a field, in order.
pub fn values<'a>(rows: &'a [serde_json::Value], name: &str) -> Vec<&'a str> {
    rows.iter().map(|row| row[name].as_str().unwrap()).collect()
}
