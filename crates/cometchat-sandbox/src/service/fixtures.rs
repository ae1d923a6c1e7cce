//! The vendor's examples as fixtures: the group `supergroup`.
//!
//! The two files are the examples of `openapi.yaml`; a test keeps them equal.

use serde_json::Value;

use crate::service::group::{Group, Rows};
use crate::service::row::Row;
use cometchat_client::Operation;

/// What an example has beside its rows.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    /// The `count`, which is not the number of rows.
    pub(crate) count: i64,
    /// The `updatedAt` of the `cursor`; the example of banned users has none.
    pub(crate) cursor: Option<i64>,
}

/// The text of the example response.
pub(crate) fn example(operation: Operation) -> &'static str {
    match operation {
        Operation::ListGroupMembers => include_str!("fixtures/members.json"),
        _ => include_str!("fixtures/banned.json"),
    }
}

pub(crate) fn group() -> Group {
    let mut group = Group::new("supergroup");
    group.members = rows(Operation::ListGroupMembers);
    group.banned = rows(Operation::ListBannedUsers);
    group
}

fn rows(operation: Operation) -> Rows {
    // The tests below read the same text.
    let mut page: Value = serde_json::from_str(example(operation)).unwrap_or_default();
    let said = Said {
        count: page["meta"]["pagination"]["count"]
            .as_i64()
            .unwrap_or_default(),
        cursor: page["cursor"]["updatedAt"].as_i64(),
    };
    let rows = match page["data"].take() {
        Value::Array(rows) => rows,
        _ => Vec::new(),
    };
    Rows {
        generated: 0,
        given: rows.into_iter().map(Row::from).collect(),
        said: Some(said),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_are_read_whole() {
        let group = group();
        assert_eq!(
            (group.members.given.len(), group.banned.given.len()),
            (4, 3)
        );
        let (members, banned) = (group.members.said.unwrap(), group.banned.said.unwrap());
        assert_eq!((members.count, members.cursor), (5, Some(1_638_354_799)));
        assert_eq!((banned.count, banned.cursor), (5, None));
    }
}
