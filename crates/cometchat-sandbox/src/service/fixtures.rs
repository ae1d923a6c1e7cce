//! The vendor's examples as fixtures: the group `supergroup`.
//!
//! The two files are the examples of `openapi.yaml`; a test keeps them equal.

use serde_json::Value;

use crate::service::group::{Group, Rows};
use crate::service::page::{Cursor, CursorPlace};
use crate::service::row::Row;
use cometchat_client::Operation;

pub(crate) fn group() -> Group {
    let mut group = Group::new("supergroup");
    group.members = rows(
        Operation::ListGroupMembers,
        include_str!("fixtures/members.json"),
    );
    group.banned = rows(
        Operation::ListBannedUsers,
        include_str!("fixtures/banned.json"),
    );
    group
}

fn rows(operation: Operation, example: &str) -> Rows {
    // The tests below read the same text.
    let mut page: Value = serde_json::from_str(example).unwrap_or_default();
    let usual = Cursor::usual(operation);
    let cursor = match page["cursor"]["updatedAt"].as_i64() {
        Some(updated_at) => Cursor {
            updated_at,
            ..usual
        },
        None => Cursor {
            place: CursorPlace::Nowhere,
            ..usual
        },
    };
    let count = page["meta"]["pagination"]["count"].as_i64();
    let rows = match page["data"].take() {
        Value::Array(rows) => rows,
        _ => Vec::new(),
    };
    Rows {
        generated: 0,
        given: rows.into_iter().map(Row::from).collect(),
        count,
        cursor: Some(cursor),
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
        let (members, banned) = (group.members, group.banned);
        let cursor = Cursor {
            place: CursorPlace::BesideMeta,
            updated_at: 1_638_354_799,
        };
        assert_eq!((members.count, members.cursor), (Some(5), Some(cursor)));
        assert_eq!(banned.count, Some(5));
        assert_eq!(banned.cursor.unwrap().place, CursorPlace::Nowhere);
    }
}
