//! A row of a list: as a test writes it, and as the sandbox stores it.

use cometchat_client::types::{BannedUser, GroupMember};
use serde_json::{Map, Value};

use crate::service::quirks::Quirks;

/// A member or a banned user: normally a JSON object with a `uid`.
///
/// Any JSON value is accepted, so that a test can see how a client handles a row without a `uid`, or one that is not an
/// object. A `uid` is lowercased, as the service does when it creates a user; nothing else is changed.
///
/// ```
/// use cometchat_sandbox::Row;
/// use serde_json::json;
///
/// let short = Row::new("alice").with("scope", "admin");
/// assert_eq!(short, Row::from(json!({"uid": "alice", "name": "alice", "scope": "admin"})));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Row(Value);

impl Row {
    /// Creates a row with this `uid`, which is its `name`, too.
    pub fn new(uid: impl Into<String>) -> Self {
        let uid = Value::String(uid.into());
        Self(Value::Object(Map::from_iter([
            ("uid".to_owned(), uid.clone()),
            ("name".to_owned(), uid),
        ])))
    }

    /// Sets a field. A row that is not an object stays as it is.
    #[must_use]
    pub fn with(mut self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        if let Some(fields) = self.0.as_object_mut() {
            fields.insert(key.into(), value.into());
        }
        self
    }

    /// Returns the `uid`, if it is text.
    pub fn uid(&self) -> Option<&str> {
        self.0["uid"].as_str()
    }

    /// Returns the row as JSON.
    pub fn json(&self) -> &Value {
        &self.0
    }

    /// Returns the row as an owned JSON value.
    pub fn into_json(self) -> Value {
        self.0
    }

    /// The row without these fields.
    pub(crate) fn without(mut self, keys: &[&str]) -> Self {
        if let Some(fields) = self.0.as_object_mut() {
            fields.retain(|key, _| !keys.contains(&key.as_str()));
        }
        self
    }
}

impl From<Value> for Row {
    fn from(value: Value) -> Self {
        Self(value)
    }
}

impl From<Map<String, Value>> for Row {
    fn from(fields: Map<String, Value>) -> Self {
        Self(Value::Object(fields))
    }
}

impl From<GroupMember> for Row {
    fn from(member: GroupMember) -> Self {
        // The generated types have text keys, so this can't fail.
        Self(serde_json::to_value(member).unwrap_or_default())
    }
}

impl From<BannedUser> for Row {
    fn from(user: BannedUser) -> Self {
        Self(serde_json::to_value(user).unwrap_or_default())
    }
}

impl From<Row> for Value {
    fn from(row: Row) -> Self {
        row.0
    }
}

/// A stored row: its JSON text, and the values that lists are filtered by.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    pub(crate) uid: Option<String>,
    pub(crate) scope: Option<String>,
    pub(crate) status: Option<String>,
    pub(crate) text: String,
}

impl Written {
    pub(crate) fn new(row: Row, quirks: Quirks) -> Self {
        let mut value = row.0;
        if let Some(Value::String(uid)) = value.get_mut("uid") {
            *uid = uid.to_lowercase();
        }
        let text_of = |key: &str| value[key].as_str().map(str::to_owned);
        Self {
            uid: text_of("uid"),
            scope: text_of("scope"),
            status: text_of("status"),
            text: quirks.json(&value),
        }
    }

    /// The row as a test would write it.
    pub(crate) fn row(&self) -> Row {
        // The text was written from a JSON value.
        Row(serde_json::from_str(&self.text).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn a_uid_is_lowercased_and_nothing_else() {
        let written = Written::new(Row::new("Alice").with("scope", "Admin"), Quirks::Tidy);
        assert_eq!(
            written.text,
            r#"{"uid":"alice","name":"Alice","scope":"Admin"}"#
        );
        assert_eq!(
            (written.uid.as_deref(), written.scope.as_deref()),
            (Some("alice"), Some("Admin"))
        );
    }

    #[test]
    fn what_is_no_user_is_kept_too() {
        for value in [json!(null), json!([]), json!({"uid": 7}), json!("text")] {
            let written = Written::new(Row::from(value.clone()), Quirks::Observed);
            assert_eq!(written.uid, None);
            assert_eq!(
                written.row(),
                Row::from(value).with("unused", 1).without(&["unused"])
            );
        }
    }

    #[test]
    fn a_typed_row_is_the_row_it_was_read_from() {
        let group = crate::service::group::Group::documented();
        for row in group.members.given {
            let member: GroupMember = serde_json::from_value(row.json().clone()).unwrap();
            assert_eq!(Row::from(member), row);
        }
        for row in group.banned.given {
            let user: BannedUser = serde_json::from_value(row.json().clone()).unwrap();
            assert_eq!(Row::from(user), row);
        }
    }

    proptest! {
        #[test]
        fn escaped_slashes_change_no_value(text in "[\\\\/\"a\u{e9}\n]{0,12}") {
            let row = Row::new("a").with("link", text);
            for quirks in [Quirks::Observed, Quirks::Tidy] {
                prop_assert_eq!(Written::new(row.clone(), quirks).row(), row.clone());
            }
        }
    }
}
