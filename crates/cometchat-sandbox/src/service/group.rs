//! A group to start with: its id, its members and the users who are banned from it.

use crate::service::fixtures;
use crate::service::row::Row;

/// A group: what a test lists.
///
/// Rows are listed in the order in which they are given, generated ones first.
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

/// What one list starts with.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rows {
    pub(crate) generated: u32,
    pub(crate) given: Vec<Row>,
    /// What the vendor's example says beside its rows.
    pub(crate) said: Option<fixtures::Said>,
}

impl Group {
    /// A group in which nobody is, and from which nobody is banned.
    ///
    /// Its id is kept in lower case and found in any, as at the service.
    pub fn new(guid: impl Into<String>) -> Self {
        Self {
            guid: guid.into().to_lowercase(),
            members: Rows::default(),
            banned: Rows::default(),
        }
    }

    /// A group of so many members, the same ones each time, of all the shapes that rows are known to have.
    ///
    /// Their uids are the group's id and a number of six digits or more, counted from 1: `city-000001`. Rows are
    /// written out when they are asked for, so a hundred thousand cost nothing to start with.
    pub fn generated(guid: impl Into<String>, members: u32) -> Self {
        let mut group = Self::new(guid);
        group.members.generated = members;
        group
    }

    /// The group `supergroup` with the rows of the vendor's examples.
    pub fn documented() -> Self {
        fixtures::group()
    }

    /// The group with so many generated users banned from it, such as `city-banned-000001`.
    #[must_use]
    pub fn generated_banned(mut self, banned: u32) -> Self {
        self.banned.generated = banned;
        self
    }

    /// The group with these members more.
    #[must_use]
    pub fn members<R: Into<Row>>(mut self, rows: impl IntoIterator<Item = R>) -> Self {
        self.members.given.extend(rows.into_iter().map(Into::into));
        self
    }

    /// The group with these users more banned from it.
    #[must_use]
    pub fn banned<R: Into<Row>>(mut self, rows: impl IntoIterator<Item = R>) -> Self {
        self.banned.given.extend(rows.into_iter().map(Into::into));
        self
    }

    /// The group's id, in lower case.
    pub fn guid(&self) -> &str {
        &self.guid
    }
}
