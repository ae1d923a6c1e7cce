//! The command `sandbox`.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout};

use crate::run::{lines, program, run, spawn, values};

/// A sandbox in its own process, which ends with the test.
struct Served {
    child: Child,
    stdout: BufReader<ChildStdout>,
    address: String,
    key: String,
    printed: String,
}

impl Served {
    fn start(arguments: &[&str]) -> Self {
        let mut command = program(["sandbox"].iter().chain(arguments));
        let mut child = spawn(&mut command);
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut printed = String::new();
        while !printed.contains("Press Ctrl-C to stop") {
            assert_ne!(stdout.read_line(&mut printed).unwrap(), 0, "{printed}");
        }
        let after = |name: &str| {
            let mut lines = printed.lines();
            lines
                .find_map(|line| line.strip_prefix(name))
                .unwrap()
                .trim()
                .to_owned()
        };
        let (address, key) = (after("address"), after("key"));
        Self {
            child,
            stdout,
            address,
            key,
            printed,
        }
    }

    fn list(&self, arguments: &[&str]) -> std::process::Output {
        let mut command = program(arguments);
        command
            .env("COMETCHAT_BASE_URL", &self.address)
            .env("COMETCHAT_API_KEY", &self.key);
        command.output().unwrap()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn it_prints_how_to_reach_it() {
    let served = Served::start(&["--members", "30", "--latency-ms", "1"]);
    let (address, key) = (&served.address, &served.key);
    assert!(address.starts_with("http://127.0.0.1:") && address.ends_with("/v3"));
    for line in [
        format!("curl -H 'apikey: {key}' {address}/groups/supergroup/members\n"),
        format!("COMETCHAT_BASE_URL={address} COMETCHAT_API_KEY={key} cometchat members city\n"),
    ] {
        assert!(served.printed.contains(&line), "{}", served.printed);
    }
    let output = served.list(&["members", "city"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(values(&lines(&text), "uid").last(), Some(&"city-000030"));
}

#[test]
fn faults_are_injected() {
    let served = Served::start(&[
        "--fault",
        "400=ERR_BAD_REQUEST@page=2",
        "--fault",
        "503@page=4",
    ]);
    let output = served.list(&["members", "city", "--attempts", "1"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("page 2: ")
    );
    let output = served.list(&["members", "city", "--attempts", "1", "--start-page", "3"]);
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("page 4: ")
    );
}

#[test]
fn each_request_is_logged_with_verbose() {
    let mut served = Served::start(&["-v", "--fault", "503@page=2,times=1"]);
    let done = served.list(&["members", "city", "--limit", "200", "--prefetch", "1"]);
    assert!(done.status.success());
    let stderr = BufReader::new(served.child.stderr.take().unwrap());
    let logged: Vec<_> = stderr.lines().take(3).map(Result::unwrap).collect();
    let path = "/v3/groups/city/members?";
    let is_page = |line: &str, start: &str, page: &str, end: &str| {
        line.starts_with(&format!("{start} GET {path}"))
            && line.contains(page)
            && line.ends_with(end)
    };
    assert!(is_page(&logged[0], "1", "page=1", " 200"), "{logged:?}");
    let fault = " 503 (503-json@page=2,times=1)";
    assert!(is_page(&logged[1], "2", "page=2", fault), "{logged:?}");
    assert!(is_page(&logged[2], "3", "page=2", " 200"), "{logged:?}");
}

#[test]
fn an_invalid_fault_is_refused_with_a_list() {
    let stderr = run(&mut program(["sandbox", "--fault", "earthquake"])).failed(2);
    assert!(
        stderr.contains("earthquake") && stderr.contains("latency=20ms"),
        "{stderr}"
    );
}

#[test]
fn a_port_can_be_chosen() {
    let served = Served::start(&[]);
    let port = served
        .address
        .trim_end_matches("/v3")
        .rsplit(':')
        .next()
        .unwrap();
    let stderr = run(&mut program(["sandbox", "--port", port])).failed(1);
    assert!(
        stderr.contains(&format!("127.0.0.1:{port} can't be opened")),
        "{stderr}"
    );
    let port = port.to_owned();
    drop(served);
    let again = Served::start(&["--port", &port]);
    assert_eq!(again.address, format!("http://127.0.0.1:{port}/v3"));
}

#[test]
#[cfg(unix)]
fn ctrl_c_stops_it_cleanly() {
    use std::io::Read;

    use rustix::process::{Pid, Signal, kill_process};

    for signal in [Signal::INT, Signal::TERM] {
        let mut served = Served::start(&[]);
        kill_process(Pid::from_child(&served.child), signal).unwrap();
        let status = served.child.wait().unwrap();
        assert_eq!(status.code(), Some(0));
        let mut rest = String::new();
        served.stdout.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "");
        let mut stderr = String::new();
        served
            .child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut stderr)
            .unwrap();
        assert_eq!(stderr, "stopped\n");
    }
}
