//! The columns of a table or a CSV file.

use std::borrow::Cow;

use cometchat::{FieldKind, MemberScope, UserStatus};

use super::row::{self, Fields};
use super::times::Clock;
use crate::list::ListKind;

/// A column: a field of the rows, or `guid`.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) name: String,
    /// Whether the values are times, by the spec.
    pub(crate) is_time: bool,
    /// The width of the widest value that the spec lists.
    pub(crate) listed_width: usize,
}

impl Column {
    /// The column of a field, documented or not.
    pub(crate) fn new(kind: ListKind, name: &str) -> Self {
        let mut fields = kind.fields().iter();
        let (scopes, statuses) = (MemberScope::KNOWN, UserStatus::KNOWN);
        let scopes = scopes
            .iter()
            .filter(|_| name == "scope")
            .map(MemberScope::as_str);
        let statuses = statuses
            .iter()
            .filter(|_| name == "status")
            .map(UserStatus::as_str);
        let listed = scopes.chain(statuses);
        Self {
            name: name.to_owned(),
            is_time: fields.any(|field| field.name() == name && field.kind() == FieldKind::Time),
            listed_width: listed.map(str::len).max().unwrap_or(0),
        }
    }

    /// The text of the column in a row. The column `guid` is the group's if the row has no such field.
    pub(crate) fn text<'a>(&self, row: &Fields<'a>, guid: &'a str, clock: &Clock) -> Cow<'a, str> {
        let Some(json) = row.get(&self.name) else {
            return Cow::Borrowed(if self.name == "guid" { guid } else { "" });
        };
        if self.is_time
            && let Some(time) = clock.format(&self.name, json)
        {
            return Cow::Owned(time);
        }
        row::text(json)
    }
}
