//! Help, completions, man pages and tips for typos.

use crate::run::{Ended, program, run};

fn help(arguments: &[&str]) -> String {
    run(program(arguments).env("COLUMNS", "100")).done()
}

#[test]
fn help_is_as_reviewed() {
    insta::assert_snapshot!("help", help(&["--help"]));
    insta::assert_snapshot!("help_short", help(&["-h"]));
    insta::assert_snapshot!("help_members", help(&["members", "--help"]));
    insta::assert_snapshot!("help_members_short", help(&["members", "-h"]));
    insta::assert_snapshot!("help_banned", help(&["banned", "--help"]));
    insta::assert_snapshot!("help_sandbox", help(&["sandbox", "--help"]));
    assert_eq!(help(&["help", "members"]), help(&["members", "--help"]));
    insta::assert_snapshot!("help_check", help(&["check", "-h"]));
    insta::assert_snapshot!("help_completions", help(&["completions", "--help"]));
}

#[test]
fn no_arguments_is_wrong_usage_with_help() {
    let stderr = run(&mut program([""; 0])).failed(2);
    assert!(
        stderr.contains("Usage: cometchat [OPTIONS] <COMMAND>"),
        "{stderr}"
    );
    let stderr = run(&mut program(["members"])).failed(2);
    assert!(stderr.contains("<GUID>..."), "{stderr}");
}

#[test]
fn a_typo_gets_a_tip() {
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
fn each_shell_has_completions() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let text = run(&mut program(["completions", shell])).done();
        for word in ["members", "banned", "spreadsheet-safe", "guids-file"] {
            assert!(text.contains(word), "{shell}: {word}");
        }
    }
}

#[test]
fn commands_have_man_pages() {
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
fn the_version_is_printed() {
    let Ended { code, stdout, .. } = run(&mut program(["--version"]));
    assert_eq!(
        (code, stdout),
        (0, format!("cometchat {}\n", env!("CARGO_PKG_VERSION")))
    );
}
