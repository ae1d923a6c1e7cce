//! Where the key and the address come from.

use std::fs;

use cometchat_sandbox::Sandbox;

use crate::run::{asking, program, run, sandbox};

/// A file with this text, which only its owner can read.
fn key_file(text: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    fs::write(&path, text).unwrap();
    #[cfg(unix)]
    chmod(&path, 0o600);
    let path = path.to_str().unwrap().to_owned();
    (folder, path)
}

#[cfg(unix)]
fn chmod(path: impl AsRef<std::path::Path>, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn without_any_the_way_to_give_them_is_shown() {
    let stderr = run(&mut program(["members", "city"])).failed(2);
    // Elsewhere, shells set variables in other ways.
    #[cfg(unix)]
    insta::assert_snapshot!("no_credentials", stderr);
    assert!(
        stderr.starts_with("error: there is no API key\n"),
        "{stderr}"
    );
    let mut command = program(["members", "city"]);
    let stderr = run(command.env("COMETCHAT_API_KEY", "x")).failed(2);
    assert!(
        stderr.starts_with("error: there is no app id\n"),
        "{stderr}"
    );
    let mut command = program(["members", "city", "--app-id", "a"]);
    let stderr = run(command.env("COMETCHAT_API_KEY", "x")).failed(2);
    assert!(
        stderr.starts_with("error: there is no region\n"),
        "{stderr}"
    );
    // A variable that is empty is as one that is not set.
    let mut command = program(["members", "city"]);
    let stderr = run(command.env("COMETCHAT_API_KEY", "")).failed(2);
    assert!(
        stderr.starts_with("error: there is no API key\n"),
        "{stderr}"
    );
}

#[test]
fn there_is_no_argument_for_the_key() {
    let stderr = run(&mut program(["members", "city", "--api-key", "secret"])).failed(2);
    assert!(
        stderr.contains("unexpected argument '--api-key'"),
        "{stderr}"
    );
    assert!(stderr.contains("--api-key-file"), "{stderr}");
}

#[test]
fn a_key_file_counts_more_than_the_variable() {
    let sandbox = sandbox();
    for end in ["", "\n", "\r\n"] {
        let (_folder, path) = key_file(&format!("{}{end}", sandbox.api_key()));
        let mut command = asking(&sandbox, ["members", "supergroup", "--api-key-file", &path]);
        run(command.env("COMETCHAT_API_KEY", "wrong")).done();
    }
}

#[test]
#[cfg(unix)]
fn a_key_file_that_others_can_read_is_warned_of() {
    let sandbox = sandbox();
    let (_folder, path) = key_file(sandbox.api_key());
    for (mode, warned) in [(0o600, false), (0o400, false), (0o640, true), (0o604, true)] {
        chmod(&path, mode);
        let mut command = asking(&sandbox, ["members", "supergroup", "--api-key-file", &path]);
        let ended = run(&mut command);
        assert_eq!(ended.code, 0);
        let warning =
            format!("warning: others on this machine can read {path}; chmod 600 keeps it to you\n");
        assert_eq!(ended.stderr, if warned { warning } else { String::new() });
    }
}

#[test]
fn a_key_file_that_holds_no_key_is_refused_without_being_shown() {
    let sandbox = sandbox();
    for (text, said) in [
        ("", "is empty"),
        ("\n", "is empty"),
        (
            "secret\nmore",
            "the API key is refused: it holds a line break",
        ),
        ("secret with spaces", "it holds a space"),
        ("\n\nsecret", "it holds a line break"),
    ] {
        let (_folder, path) = key_file(text);
        let stderr = run(&mut asking(
            &sandbox,
            ["members", "city", "--api-key-file", &path],
        ))
        .failed(2);
        assert!(
            stderr.contains(said) && !stderr.contains("secret"),
            "{stderr}"
        );
    }
    let (_folder, path) = key_file(&"x".repeat(70_000));
    let stderr = run(&mut asking(
        &sandbox,
        ["members", "city", "--api-key-file", &path],
    ))
    .failed(2);
    assert!(stderr.contains("holds more than a key"), "{stderr}");
    assert!(sandbox.requests().is_empty());
}

#[test]
fn a_key_file_that_can_not_be_read_is_refused() {
    let (folder, path) = key_file("x");
    let sandbox = sandbox();
    let list = |path: &str| {
        run(&mut asking(
            &sandbox,
            ["members", "city", "--api-key-file", path],
        ))
        .failed(2)
    };
    let missing = list(&format!("{path}.not"));
    assert!(
        missing.starts_with("error: the key file ") && missing.contains("can't be read: "),
        "{missing}"
    );
    assert!(list(folder.path().to_str().unwrap()).contains("can't be read"));
    fs::write(&path, b"\xff\xfe").unwrap();
    assert!(list(&path).contains("can't be read"));
}

#[test]
fn arguments_count_more_than_variables() {
    let (sandbox, other) = (sandbox(), Sandbox::builder().start_blocking().unwrap());
    run(&mut asking(
        &other,
        ["members", "supergroup", "--base-url", sandbox.base_url()],
    ))
    .done();
    assert_eq!((sandbox.requests().len(), other.requests().len()), (1, 0));
    // An app that is named is not asked for at another app's address.
    let stderr = run(&mut asking(
        &other,
        [
            "members",
            "supergroup",
            "--app-id",
            "bad/id",
            "--region",
            "us",
        ],
    ))
    .failed(2);
    assert!(
        stderr.starts_with("error: the app id \"bad/id\" is refused"),
        "{stderr}"
    );
    run(asking(&sandbox, ["members", "supergroup"])
        .env("COMETCHAT_APP_ID", "a")
        .env("COMETCHAT_REGION", "us"))
    .done();
}

#[test]
fn a_user_to_act_for_can_come_from_the_environment() {
    let sandbox = sandbox();
    run(asking(&sandbox, ["members", "supergroup"]).env("COMETCHAT_ON_BEHALF_OF", "superhero2"))
        .done();
    assert_eq!(
        sandbox.requests()[0].header("onbehalfof"),
        Some("superhero2")
    );
}

#[test]
fn an_address_that_would_mislead_the_key_is_refused() {
    for (address, said) in [
        ("", "the base URL is refused: it is empty"),
        ("chat.example/v3", "begin it with https://"),
        ("http://chat.example/v3", "--allow-plain-http"),
        (
            "https://a:b@chat.example/v3",
            "COMETCHAT_API_KEY or --api-key-file",
        ),
    ] {
        let mut command = program(["members", "city", "--base-url", address]);
        let stderr = run(command.env("COMETCHAT_API_KEY", "x")).failed(2);
        assert!(stderr.contains(said), "{stderr}");
    }
}

#[test]
fn plain_http_can_be_asked_for() {
    // Refused by nobody but the network: no machine has this address.
    let mut command = program([
        "members",
        "city",
        "--base-url",
        "http://0.0.0.0:1/v3",
        "--allow-plain-http",
        "--attempts",
        "1",
    ]);
    run(command.env("COMETCHAT_API_KEY", "x")).failed(1);
    let mut command = program([
        "members",
        "city",
        "--base-url",
        "http://0.0.0.0:1/v3",
        "--attempts",
        "1",
    ]);
    run(command.env("COMETCHAT_API_KEY", "x")).failed(2);
}

#[test]
fn the_sandbox_inside_has_an_address_and_a_key_of_its_own() {
    for (name, value) in [
        ("--app-id", "a"),
        ("--region", "us"),
        ("--base-url", "http://127.0.0.1:1"),
        ("--api-key-file", "x"),
    ] {
        let stderr = run(&mut program(["--sandbox", "members", "city", name, value])).failed(2);
        assert!(
            stderr.starts_with(&format!(
                "error: --sandbox and {name} can't be given together\n"
            )),
            "{stderr}"
        );
    }
    let sandbox = sandbox();
    run(asking(&sandbox, ["--sandbox", "members", "supergroup"]).env("COMETCHAT_API_KEY", "wrong"))
        .done();
    assert!(sandbox.requests().is_empty());
}
