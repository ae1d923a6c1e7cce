//! The columns of a table or a CSV file.

use std::borrow::Cow;

use cometchat::FieldKind;

use super::row::{self, Fields};
use super::times::Clock;
use crate::list::ListKind;

/// A column: a field of the rows, or `guid`.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) name: String,
    /// Whether the values are times, by the spec.
    pub(crate) is_time: bool,
}

impl Column {
    /// The column of a field, documented or not.
    pub(crate) fn new(kind: ListKind, name: &str) -> Self {
        let mut fields = kind.fields().iter();
        Self {
            name: name.to_owned(),
            is_time: fields.any(|field| field.name() == name && field.kind() == FieldKind::Time),
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
