//! The examples do what they say, against a sandbox.

#![allow(
    clippy::unwrap_used,
    reason = "what the tests share may fail as the tests do"
)]

use std::collections::HashSet;
use std::path::Path;
use std::process::Command;

/// Returns what an example prints to stdout and stderr. `cargo test` builds the examples, except with `--test examples`.
fn run(example: &str, arguments: &[&str]) -> (String, String) {
    let tests = std::env::current_exe().unwrap();
    let built = tests.parent().and_then(Path::parent).unwrap();
    let file = format!("{example}{}", std::env::consts::EXE_SUFFIX);
    let mut program = Command::new(built.join("examples").join(file));
    for name in ["APP_ID", "REGION", "API_KEY", "BASE_URL", "ON_BEHALF_OF"] {
        program.env_remove(format!("COMETCHAT_{name}"));
    }
    let output = program.args(arguments).output();
    let output = output
        .unwrap_or_else(|error| panic!("{example}: {error}; `cargo test -p cometchat` builds it"));
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let (out, err) = (text(output.stdout), text(output.stderr));
    assert!(output.status.success(), "{example}: {err}");
    (out, err)
}

#[test]
fn export_writes_every_member() {
    let (out, err) = run("export", &[]);
    let rows: Vec<serde_json::Value> = out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let uids: HashSet<&str> = rows.iter().filter_map(|row| row["uid"].as_str()).collect();
    assert_eq!((rows.len(), uids.len()), (2_500, 2_500));
    assert!(err.ends_with("page 5, 2500 rows\n"), "{err}");
}

#[test]
fn audit_admins_names_them() {
    let (out, _) = run("audit_admins", &[]);
    for line in [
        "supergroup: 2 run it",
        "  admin superhero4, since 1638359534",
        "team: 2 run it",
        "  admin ada, since 0",
        "  moderator bob, since 0, DEACTIVATED",
    ] {
        assert!(out.lines().any(|printed| printed == line), "{out}");
    }
    assert!(!out.contains("eve"), "{out}");
}

#[test]
fn resume_ends_with_everybody() {
    let (out, err) = run("resume", &[]);
    assert_eq!(out, "city: 2500 members, after 2 failures\n");
    assert!(
        err.contains("page 13") && err.contains("resuming at page 13"),
        "{err}"
    );
}

#[test]
fn many_groups_give_each_row_once() {
    let (out, _) = run("many_groups", &["12"]);
    assert!(out.starts_with("78 members, 78 uids, "), "{out}");
}
