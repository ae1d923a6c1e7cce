//! The key and the address: from arguments, variables and files.

use std::fs;

use cometchat_sandbox::Sandbox;

use crate::run::{program, run, sandbox, with_sandbox};

/// A private file with this text.
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
fn missing_settings_are_explained() {
    let stderr = run(&mut program(["members", "city"])).failed(2);
    // On Windows, the shell sets variables in another way.
    #[cfg(unix)]
    insta::assert_snapshot!("no_credentials", stderr);
    assert!(stderr.starts_with("error: no API key is set\n"), "{stderr}");
    let mut command = program(["members", "city"]);
    let stderr = run(command.env("COMETCHAT_API_KEY", "x")).failed(2);
    assert!(stderr.starts_with("error: no app id is set\n"), "{stderr}");
    let mut command = program(["members", "city", "--app-id", "a"]);
    let stderr = run(command.env("COMETCHAT_API_KEY", "x")).failed(2);
    assert!(stderr.starts_with("error: no region is set\n"), "{stderr}");
    // An empty variable counts as not set.
    let mut command = program(["members", "city"]);
    let stderr = run(command.env("COMETCHAT_API_KEY", "")).failed(2);
    assert!(stderr.starts_with("error: no API key is set\n"), "{stderr}");
}

#[test]
fn the_key_is_never_an_argument() {
    let stderr = run(&mut program(["members", "city", "--api-key", "secret"])).failed(2);
    assert!(
        stderr.contains("unexpected argument '--api-key'"),
        "{stderr}"
    );
    assert!(stderr.contains("--api-key-file"), "{stderr}");
}

#[test]
fn a_key_file_overrides_the_variable() {
    let sandbox = sandbox();
    for end in ["", "\n", "\r\n"] {
        let (_folder, path) = key_file(&format!("{}{end}", sandbox.api_key()));
        let mut command =
            with_sandbox(&sandbox, ["members", "supergroup", "--api-key-file", &path]);
        run(command.env("COMETCHAT_API_KEY", "wrong")).done();
    }
}

#[test]
#[cfg(unix)]
fn an_exposed_key_file_is_warned_about() {
    let sandbox = sandbox();
    let (_folder, path) = key_file(sandbox.api_key());
    for (mode, can) in [
        (0o600, ""),
        (0o400, ""),
        (0o640, "read"),
        (0o604, "read"),
        (0o620, "change"),
        (0o602, "change"),
        (0o666, "read and change"),
    ] {
        chmod(&path, mode);
        let mut command =
            with_sandbox(&sandbox, ["members", "supergroup", "--api-key-file", &path]);
        let ended = run(&mut command);
        assert_eq!(ended.code, 0);
        let warning = format!(
            "warning: other users of this machine can {can} the key file; restrict it with chmod 600\n"
        );
        let expected = if can.is_empty() {
            String::new()
        } else {
            warning
        };
        assert_eq!(ended.stderr, expected);
    }
}

#[test]
fn an_invalid_key_is_refused_and_not_shown() {
    let sandbox = sandbox();
    for (text, expected) in [
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
        let stderr = run(&mut with_sandbox(
            &sandbox,
            ["members", "city", "--api-key-file", &path],
        ))
        .failed(2);
        assert!(
            stderr.contains(expected) && !stderr.contains("secret"),
            "{stderr}"
        );
    }
    let (_folder, path) = key_file(&"x".repeat(70_000));
    let stderr = run(&mut with_sandbox(
        &sandbox,
        ["members", "city", "--api-key-file", &path],
    ))
    .failed(2);
    assert!(stderr.contains("it must contain only the key"), "{stderr}");
    assert!(sandbox.requests().is_empty());
}

#[test]
fn an_unreadable_key_file_is_refused_unnamed() {
    let (folder, path) = key_file("x");
    let sandbox = sandbox();
    let list = |path: &str| {
        run(&mut with_sandbox(
            &sandbox,
            ["members", "city", "--api-key-file", path],
        ))
        .failed(2)
    };
    // The key itself, given by mistake as a path.
    let key = "0123456789abcdef-the-access-key";
    let stderr = list(key);
    assert!(
        stderr.starts_with("error: the key file can't be read: ")
            && stderr.contains("is not shown"),
        "{stderr}"
    );
    assert!(!stderr.contains(&key[..8]), "{stderr}");
    for argument in [
        "--api-key=0123456789abcdef",
        "--api-key-fil=0123456789abcdef",
    ] {
        let stderr = run(&mut with_sandbox(&sandbox, ["members", "city", argument])).failed(2);
        assert!(!stderr.contains("01234567"), "{stderr}");
    }
    assert!(list(folder.path().to_str().unwrap()).contains("can't be read"));
    for utf16 in [b"\xff\xfek\0".as_slice(), b"\xfe\xff\0k", b"k\0e\0y\0"] {
        fs::write(&path, utf16).unwrap();
        let stderr = list(&path);
        assert!(
            stderr.contains("UTF-16") && stderr.contains("Save it as UTF-8"),
            "{stderr}"
        );
    }
    fs::write(&path, b"\xc3").unwrap();
    assert!(list(&path).contains("not valid UTF-8"));
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_key() {
    let sandbox = sandbox();
    let (_folder, path) = key_file(&format!("\u{feff}{}\n", sandbox.api_key()));
    run(&mut with_sandbox(
        &sandbox,
        ["members", "supergroup", "--api-key-file", &path],
    ))
    .done();
}

#[test]
fn arguments_override_variables() {
    let (sandbox, other) = (sandbox(), Sandbox::builder().start_blocking().unwrap());
    run(&mut with_sandbox(
        &other,
        ["members", "supergroup", "--base-url", sandbox.base_url()],
    ))
    .done();
    assert_eq!((sandbox.requests().len(), other.requests().len()), (1, 0));
    // With an app id, the base URL of another app is not used.
    let stderr = run(&mut with_sandbox(
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
    run(with_sandbox(&sandbox, ["members", "supergroup"])
        .env("COMETCHAT_APP_ID", "a")
        .env("COMETCHAT_REGION", "us"))
    .done();
}

#[test]
fn a_variable_sets_the_user_to_act_for() {
    let sandbox = sandbox();
    run(with_sandbox(&sandbox, ["members", "supergroup"])
        .env("COMETCHAT_ON_BEHALF_OF", "superhero2"))
    .done();
    assert_eq!(
        sandbox.requests()[0].header("onbehalfof"),
        Some("superhero2")
    );
}

#[test]
fn an_unsafe_address_is_refused() {
    for (address, expected) in [
        ("", "the base URL is refused: it is empty"),
        ("chat.example/v3", "begin it with https://"),
        ("http://chat.example/v3", "--allow-plain-http"),
        (
            "https://a:b@chat.example/v3",
            "Set COMETCHAT_API_KEY or give --api-key-file",
        ),
    ] {
        let mut command = program(["members", "city", "--base-url", address]);
        let stderr = run(command.env("COMETCHAT_API_KEY", "x")).failed(2);
        assert!(stderr.contains(expected), "{stderr}");
    }
}

#[test]
fn plain_http_can_be_allowed() {
    // Nothing listens at this address, so only the connection fails.
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
fn the_inner_sandbox_excludes_connection_arguments() {
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
    run(
        with_sandbox(&sandbox, ["--sandbox", "members", "supergroup"])
            .env("COMETCHAT_API_KEY", "wrong"),
    )
    .done();
    assert!(sandbox.requests().is_empty());
}
