//! The table of error codes in docs/errors.md, which is that of the spec.

use cometchat_client::types::ErrorCode;
use cometchat_client::{Hint, Operation};

/// The rows of the table, as `openapi.yaml` gives them.
fn table() -> String {
    let rows = ErrorCode::KNOWN.iter().map(|code| {
        let retried = match (code.may_retry(), code.hint()) {
            (Some(true), _) => "yes",
            (Some(false), _) => "no",
            (None, Some(Hint::RetryLater)) => "by status, and with 200",
            (None, _) => "by status",
        };
        let status = code
            .status()
            .map_or_else(|| "–".to_owned(), |n| n.to_string());
        let hint = code.hint().unwrap().to_string();
        let meaning = code.description().unwrap();
        format!("| `{code}` | {status} | {meaning} | {hint}. | {retried} |\n")
    });
    rows.collect()
}

#[test]
fn the_table_of_codes_is_that_of_the_spec() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/errors.md");
    let document = std::fs::read_to_string(path).unwrap();
    let table = table();
    assert!(
        document.contains(&table),
        "put these rows into the table of codes in docs/errors.md:\n{table}"
    );
}

#[test]
fn an_unknown_code_is_left_to_its_status() {
    let code = ErrorCode::from("ERR_OTHER");
    assert!(matches!(code, ErrorCode::Unknown(_)));
    assert_eq!(
        (code.may_retry(), code.hint(), code.status()),
        (None, None, None)
    );
    assert_eq!(code.description(), None);
}

#[test]
fn operations_are_those_of_the_spec() {
    let all: Vec<_> = Operation::ALL.iter().map(ToString::to_string).collect();
    for id in ["list_banned_users", "list_group_members"] {
        assert!(all.iter().any(|operation| operation == id), "{all:?}");
    }
    let operation = Operation::ListGroupMembers;
    assert_eq!(
        (operation.method(), operation.path()),
        ("GET", "/groups/{guid}/members")
    );
    assert!(operation.may_retry());
}
