//! A row of a list.

use cometchat_client::types::{BannedUser, GroupMember};
use serde_json::{Map, Value};

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
        self.text("uid")
    }

    /// The value of a field, if it is text.
    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        self.0[key].as_str()
    }

    /// Returns the row as JSON.
    pub fn json(&self) -> &Value {
        &self.0
    }

    /// The row as it is stored, with its `uid` in lower case.
    pub(crate) fn lowercased(mut self) -> Self {
        if let Some(Value::String(uid)) = self.0.get_mut("uid") {
            *uid = uid.to_lowercase();
        }
        self
    }

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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_a_uid_is_lowercased() {
        let row = Row::new("Alice").with("scope", "Admin").lowercased();
        assert_eq!(
            row.json().to_string(),
            r#"{"uid":"alice","name":"Alice","scope":"Admin"}"#
        );
        assert_eq!(
            (row.uid(), row.text("scope")),
            (Some("alice"), Some("Admin"))
        );
    }

    #[test]
    fn rows_that_are_no_users_are_kept() {
        for value in [json!(null), json!([]), json!({"uid": 7}), json!("text")] {
            let row = Row::from(value.clone()).lowercased();
            assert_eq!(row.uid(), None);
            assert_eq!(row, Row::from(value).with("unused", 1).without(&["unused"]));
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
}
