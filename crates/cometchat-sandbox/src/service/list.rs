//! One list of one group: its rows in order, lookups and changes.

use std::fmt::Write as _;

use crate::service::group::Rows;
use crate::service::page::Cursor;
use crate::service::query::ListQuery;
use crate::service::row::Row;
use crate::service::synthetic_rows::Generator;
use cometchat_client::Operation;

#[derive(Clone, Debug)]
pub(crate) struct List {
    generator: Generator,
    entries: Vec<Entry>,
    /// The synchronisation mark, which changes with the list.
    pub(crate) cursor: Cursor,
    /// The `count` of the vendor's example, if the list is one.
    pub(crate) count: Option<i64>,
}

#[derive(Clone, Debug)]
enum Entry {
    Given(Box<Row>),
    /// Written by the list's generator when it is requested.
    Generated(u32),
}

/// The rows of one page, as JSON, and their place in the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Slice {
    /// JSON objects, separated by commas.
    pub(crate) rows: String,
    pub(crate) len: usize,
    /// True if a matching row comes after these.
    pub(crate) more: bool,
    /// Number of matching rows in the list.
    pub(crate) total: usize,
}

impl List {
    pub(crate) fn new(operation: Operation, guid: &str, rows: Rows) -> Self {
        Self {
            generator: Generator::new(operation, guid),
            entries: (0..rows.generated)
                .map(Entry::Generated)
                .chain(rows.given.into_iter().map(Entry::given))
                .collect(),
            cursor: rows.cursor.unwrap_or_else(|| Cursor::usual(operation)),
            count: rows.count,
        }
    }

    pub(crate) fn slice(&self, query: &ListQuery) -> Slice {
        let start = usize::try_from(query.page - 1)
            .unwrap_or(usize::MAX)
            .saturating_mul(query.per_page);
        let mut slice = Slice::default();
        if query.status.is_none() && query.scopes.is_empty() {
            let end = start.saturating_add(query.per_page).min(self.entries.len());
            for entry in self.entries.get(start..end).unwrap_or_default() {
                self.write(entry, &mut slice);
            }
            slice.total = self.entries.len();
        } else {
            for entry in self
                .entries
                .iter()
                .filter(|entry| self.matches(entry, query))
            {
                if slice.total >= start && slice.len < query.per_page {
                    self.write(entry, &mut slice);
                }
                slice.total += 1;
            }
        }
        slice.more = slice.total > start.saturating_add(slice.len);
        slice
    }

    /// A full page of rows that are in no list, different on each page, without end.
    pub(crate) fn endless(&self, query: &ListQuery) -> Slice {
        let mut slice = Slice::default();
        let start = (query.page - 1).saturating_mul(query.per_page as u64);
        for offset in 0..query.per_page as u64 {
            // The numbers start again after 4,294,967,295 rows.
            let index = start.wrapping_add(offset) % u64::from(u32::MAX);
            self.write(&Entry::Generated(index as u32), &mut slice);
        }
        slice.more = true;
        slice.total = self.entries.len();
        slice
    }

    /// The uids of the rows that have one, in order.
    pub(crate) fn uids(&self) -> Vec<String> {
        self.entries
            .iter()
            .filter_map(|entry| match entry {
                Entry::Given(row) => row.uid().map(str::to_owned),
                Entry::Generated(index) => Some(self.generator.uid(*index)),
            })
            .collect()
    }

    pub(crate) fn rows(&self) -> Vec<Row> {
        self.entries.iter().map(|entry| self.row(entry)).collect()
    }

    pub(crate) fn contains(&self, uid: &str) -> bool {
        self.position(uid).is_some()
    }

    /// Inserts a row at a position, or at the end if the list is shorter.
    pub(crate) fn insert(&mut self, position: usize, row: Row) {
        let position = position.min(self.entries.len());
        self.entries.insert(position, Entry::given(row));
        self.cursor.updated_at += 1;
    }

    pub(crate) fn remove(&mut self, uid: &str) -> Option<Row> {
        let position = self.position(uid)?;
        let entry = self.entries.remove(position);
        self.cursor.updated_at += 1;
        Some(self.row(&entry))
    }

    /// Replaces the row of a user; `false` if there is none.
    pub(crate) fn replace(&mut self, uid: &str, change: impl FnOnce(Row) -> Row) -> bool {
        let Some(position) = self.position(uid) else {
            return false;
        };
        let row = change(self.row(&self.entries[position]));
        self.entries[position] = Entry::given(row);
        self.cursor.updated_at += 1;
        true
    }

    fn position(&self, uid: &str) -> Option<usize> {
        let uid = uid.to_lowercase();
        let index = self.generator.index_of(&uid);
        self.entries.iter().position(|entry| match entry {
            Entry::Given(row) => row.uid() == Some(&uid),
            Entry::Generated(generated) => Some(*generated) == index,
        })
    }

    fn row(&self, entry: &Entry) -> Row {
        match entry {
            Entry::Given(row) => Row::clone(row),
            Entry::Generated(index) => {
                let mut text = String::new();
                self.generator.write(*index, &mut text);
                Row::from(serde_json::from_str::<serde_json::Value>(&text).unwrap_or_default())
            }
        }
    }

    fn matches(&self, entry: &Entry, query: &ListQuery) -> bool {
        let (scope, status) = match entry {
            Entry::Given(row) => (row.text("scope"), row.text("status")),
            Entry::Generated(index) => {
                (self.generator.scope(*index), self.generator.status(*index))
            }
        };
        let status_fits = query.status.is_none() || query.status.as_deref() == status;
        let scope_fits = query.scopes.is_empty()
            || scope.is_some_and(|scope| query.scopes.iter().any(|asked| asked == scope));
        status_fits && scope_fits
    }

    fn write(&self, entry: &Entry, slice: &mut Slice) {
        if slice.len > 0 {
            slice.rows.push(',');
        }
        slice.len += 1;
        match entry {
            Entry::Given(row) => {
                // Writing to a string can't fail.
                let _ = write!(slice.rows, "{}", row.json());
            }
            Entry::Generated(index) => self.generator.write(*index, &mut slice.rows),
        }
    }
}

impl Entry {
    fn given(row: Row) -> Self {
        Self::Given(Box::new(row.lowercased()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn list(generated: u32, rows: &[&str]) -> List {
        let rows = Rows {
            generated,
            given: rows.iter().map(|uid| Row::new(*uid)).collect(),
            ..Rows::default()
        };
        List::new(Operation::ListGroupMembers, "team", rows)
    }

    fn query(page: u64, per_page: usize) -> ListQuery {
        ListQuery {
            page,
            per_page,
            status: None,
            scopes: Vec::new(),
        }
    }

    fn uids(slice: &Slice) -> Vec<String> {
        let rows: Vec<Value> = serde_json::from_str(&format!("[{}]", slice.rows)).unwrap();
        assert_eq!(rows.len(), slice.len);
        rows.iter()
            .map(|row| row["uid"].as_str().unwrap().to_owned())
            .collect()
    }

    #[test]
    fn pages_make_up_the_list() {
        let list = list(7, &["a", "b", "c"]);
        let mut all = Vec::new();
        for page in 1..=4 {
            let slice = list.slice(&query(page, 3));
            assert_eq!((slice.more, slice.total), (page < 4, 10));
            all.extend(uids(&slice));
        }
        assert_eq!(all, list.uids());
        for page in [5, u64::MAX] {
            let past = list.slice(&query(page, 1000));
            assert_eq!((past.len, past.more, past.total), (0, false, 10));
        }
    }

    #[test]
    fn filters_choose_the_matching_rows() {
        let list = list(2_000, &[]);
        for (status, scopes) in [
            (Some("offline"), vec![]),
            (None, vec!["admin", "owner"]),
            (Some("available"), vec!["moderator"]),
            (None, vec!["nobody"]),
        ] {
            let expected: Vec<String> = list
                .rows()
                .into_iter()
                .filter(|row| status.is_none() || row.json()["status"].as_str() == status)
                .filter(|row| {
                    scopes.is_empty() || scopes.contains(&row.json()["scope"].as_str().unwrap())
                })
                .map(|row| row.uid().unwrap().to_owned())
                .collect();
            let mut found = Vec::new();
            for page in 1.. {
                let slice = list.slice(&ListQuery {
                    status: status.map(str::to_owned),
                    scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
                    ..query(page, 50)
                });
                assert_eq!(slice.total, expected.len());
                found.extend(uids(&slice));
                if !slice.more {
                    break;
                }
            }
            assert_eq!(found, expected, "{status:?} {scopes:?}");
        }
    }

    #[test]
    fn changes_show_and_move_the_cursor() {
        let mut list = list(3, &["a"]);
        let before = list.cursor.updated_at;
        list.insert(0, Row::new("First"));
        list.insert(usize::MAX, Row::new("last"));
        assert_eq!(
            list.remove("TEAM-000002").unwrap().uid(),
            Some("team-000002")
        );
        assert_eq!(list.remove("nobody"), None);
        assert!(list.replace("team-000003", |row| row.with("name", "New")));
        assert!(!list.replace("nobody", |row| row));
        assert_eq!(
            list.uids(),
            ["first", "team-000001", "team-000003", "a", "last"]
        );
        assert_eq!(list.rows()[2].json()["name"], "New");
        assert_eq!(list.cursor.updated_at, before + 4);
    }

    #[test]
    fn endless_rows_are_all_different() {
        let list = list(1, &[]);
        let (first, second) = (list.endless(&query(1, 100)), list.endless(&query(2, 100)));
        assert!(first.more && second.more);
        assert!(uids(&first).iter().all(|uid| !uids(&second).contains(uid)));
        assert_eq!(list.endless(&query(u64::MAX, 10)).len, 10);
    }
}
