//! The columns of a CSV file follow the spec.

use std::process::Command;

use cometchat::{BannedUser, Field, GroupMember};

/// The columns of a list from the sandbox, without `--columns`.
fn columns(list: &str) -> Vec<String> {
    let output = Command::new(env!("CARGO_BIN_EXE_cometchat"))
        .args(["--sandbox", list, "supergroup", "--format", "csv"])
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let header = text.lines().next().unwrap_or_default();
    header.split(',').map(str::to_owned).collect()
}

#[test]
fn csv_has_every_documented_field_in_order() {
    let names = |fields: &[Field]| -> Vec<_> { fields.iter().map(Field::name).collect() };
    assert_eq!(columns("members"), names(GroupMember::FIELDS));
    assert_eq!(columns("banned"), names(BannedUser::FIELDS));
}
