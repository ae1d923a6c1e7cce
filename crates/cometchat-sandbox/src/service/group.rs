//! A group: its GUID, its members, and the users who are banned from it.

use crate::service::fixtures;
use crate::service::page::Cursor;
use crate::service::row::Row;

/// A group to list.
///
/// Rows are listed in the order given, generated ones first.
///
/// ```
/// use cometchat_sandbox::{Group, Row};
/// use serde_json::json;
///
/// let team = Group::new("team")
///     .members([Row::new("alice").with("scope", "admin"), Row::new("bob")])
///     .banned([json!({"uid": "mallory", "name": "Mallory", "status": "offline"})]);
/// let crowd = Group::generated("crowd", 100_000).generated_banned(500);
/// # let _ = (team, crowd);
/// ```
#[derive(Clone, Debug)]
pub struct Group {
    pub(crate) guid: String,
    pub(crate) members: Rows,
    pub(crate) banned: Rows,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Rows {
    pub(crate) generated: u32,
    pub(crate) given: Vec<Row>,
    /// The `count` of the vendor's example, which is not the number of rows.
    pub(crate) count: Option<i64>,
    /// The `cursor` of the vendor's example.
    pub(crate) cursor: Option<Cursor>,
}

impl Group {
    /// Creates a group without members and banned users.
    ///
    /// The GUID is stored in lower case and matched in any, as by the service.
    pub fn new(guid: impl Into<String>) -> Self {
        Self {
            guid: guid.into().to_lowercase(),
            members: Rows::default(),
            banned: Rows::default(),
        }
    }

    /// Creates a group with this number of members, the same each time, with every kind of row that is known.
    ///
    /// Their uids are the GUID and a number of at least six digits, counted from 1: `city-000001`. Rows are written when
    /// they are requested, so a large group costs nothing at the start.
    pub fn generated(guid: impl Into<String>, members: u32) -> Self {
        let mut group = Self::new(guid);
        group.members.generated = members;
        group
    }

    /// Returns the group `supergroup` with the rows of the vendor's examples.
    pub fn documented() -> Self {
        fixtures::group()
    }

    /// Adds this number of generated banned users, with uids such as `city-banned-000001`.
    #[must_use]
    pub fn generated_banned(mut self, banned: u32) -> Self {
        self.banned.generated = banned;
        self
    }

    /// Adds members.
    #[must_use]
    pub fn members<R: Into<Row>>(mut self, rows: impl IntoIterator<Item = R>) -> Self {
        self.members.given.extend(rows.into_iter().map(Into::into));
        self
    }

    /// Adds banned users.
    #[must_use]
    pub fn banned<R: Into<Row>>(mut self, rows: impl IntoIterator<Item = R>) -> Self {
        self.banned.given.extend(rows.into_iter().map(Into::into));
        self
    }

    /// Returns the GUID, in lower case.
    pub fn guid(&self) -> &str {
        &self.guid
    }
}
