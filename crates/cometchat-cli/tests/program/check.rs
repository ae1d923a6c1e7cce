//! `cometchat check`: the settings, and whether the key is accepted.

use cometchat_sandbox::KeyKind;

use crate::run::{run, sandbox, with_sandbox};

#[test]
fn an_accepted_key_is_reported() {
    let sandbox = sandbox();
    let text = run(&mut with_sandbox(&sandbox, ["check"])).done();
    let expected = format!(
        "base URL  {}\nkey from  COMETCHAT_API_KEY\nkey       accepted\n",
        sandbox.base_url()
    );
    assert_eq!(text, expected);
    assert_eq!(sandbox.requests().len(), 1);
}

#[test]
fn a_rejected_key_is_reported_and_not_shown() {
    let sandbox = sandbox();
    let key = sandbox.key(KeyKind::AuthOnly);
    let mut command = with_sandbox(&sandbox, ["check"]);
    let ended = run(command.env("COMETCHAT_API_KEY", key));
    assert_eq!(ended.code, 3);
    assert!(
        ended.stdout.ends_with("key       rejected\n"),
        "{}",
        ended.stdout
    );
    assert!(
        ended.stderr.contains("AUTH_ERR_NO_ACCESS"),
        "{}",
        ended.stderr
    );
    assert!(!(ended.stdout + &ended.stderr).contains(key));
}

#[test]
fn a_service_that_fails_checks_nothing() {
    let mut command = with_sandbox(&sandbox(), ["check", "--attempts", "1"]);
    let ended = run(command.env("COMETCHAT_BASE_URL", "http://127.0.0.1:9/v3"));
    assert_eq!(ended.code, 1);
    assert!(
        ended.stdout.ends_with("key       not checked\n"),
        "{}",
        ended.stdout
    );
}
