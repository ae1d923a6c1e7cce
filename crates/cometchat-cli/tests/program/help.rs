//! Help, completions, the man page and what is said of a typo.

use crate::run::{Ended, program, run};

fn help(arguments: &[&str]) -> String {
    run(program(arguments).env("COLUMNS", "100")).done()
}

#[test]
fn help_is_as_it_was_reviewed() {
    insta::assert_snapshot!("help", help(&["--help"]));
    insta::assert_snapshot!("help_short", help(&["-h"]));
    insta::assert_snapshot!("help_members", help(&["members", "--help"]));
    insta::assert_snapshot!("help_members_short", help(&["members", "-h"]));
    insta::assert_snapshot!("help_banned", help(&["banned", "--help"]));
    insta::assert_snapshot!("help_sandbox", help(&["sandbox", "--help"]));
    insta::assert_snapshot!("help_completions", help(&["completions", "--help"]));
}

#[test]
fn a_call_with_nothing_shows_help_and_is_wrong_usage() {
    let stderr = run(&mut program([""; 0])).failed(2);
    assert!(
        stderr.contains("Usage: cometchat [OPTIONS] <COMMAND>"),
        "{stderr}"
    );
    let stderr = run(&mut program(["members"])).failed(2);
    assert!(stderr.contains("<GUID>..."), "{stderr}");
}

#[test]
fn a_typo_is_answered_with_what_was_meant() {
    for (arguments, meant) in [
        (&["membrs", "city"][..], "'members'"),
        (&["members", "city", "--per-pages", "3"], "'--per-page'"),
        (&["members", "city", "--format", "ndjsn"], "'ndjson'"),
        (&["members", "city", "--status", "ofline"], "'offline'"),
        (&["completions", "bsh"], "'bash'"),
    ] {
        let stderr = run(&mut program(arguments)).failed(2);
        assert!(
            stderr.contains("tip: ") && stderr.contains(meant),
            "{stderr}"
        );
    }
}

#[test]
fn there_are_completions_for_each_shell() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let text = run(&mut program(["completions", shell])).done();
        for word in ["members", "banned", "spreadsheet-safe", "guids-file"] {
            assert!(text.contains(word), "{shell}: {word}");
        }
    }
}

#[test]
fn there_are_man_pages() {
    for (arguments, title) in [
        (&["man"][..], ".TH cometchat 1"),
        (&["man", "members"], ".TH cometchat-members 1"),
        (&["man", "sandbox"], ".TH cometchat-sandbox 1"),
    ] {
        let page = run(&mut program(arguments)).done();
        assert!(page.contains(title) && page.contains("Examples:"), "{page}");
    }
    let stderr = run(&mut program(["man", "women"])).failed(2);
    assert!(
        stderr.starts_with("error: there is no command \"women\"\n"),
        "{stderr}"
    );
}

#[test]
fn the_version_is_said() {
    let Ended { code, stdout, .. } = run(&mut program(["--version"]));
    assert_eq!(
        (code, stdout),
        (0, format!("cometchat {}\n", env!("CARGO_PKG_VERSION")))
    );
}
