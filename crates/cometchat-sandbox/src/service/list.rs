//! One list of one group: its rows in order, lookups and changes.

use crate::service::query::Ask;
use crate::service::quirks::Quirks;
use crate::service::row::{Row, Written};
use crate::service::synthetic_rows::Generator;
use cometchat_client::Operation;

/// One list of one group.
#[derive(Clone, Debug)]
pub(crate) struct List {
    quirks: Quirks,
    generator: Generator,
    entries: Vec<Entry>,
    changes: i64,
}

#[derive(Clone, Debug)]
enum Entry {
    Written(Box<Written>),
    /// Written by the list's generator when it is requested.
    Generated(u32),
}

/// The rows of one page, as JSON, and their place in the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Slice {
    /// JSON objects, separated by commas.
    pub(crate) rows: String,
    pub(crate) len: usize,
    /// Whether a matching row comes after these.
    pub(crate) more: bool,
    /// Number of matching rows in the list.
    pub(crate) total: usize,
}

impl List {
    pub(crate) fn new(
        operation: Operation,
        guid: &str,
        quirks: Quirks,
        generated: u32,
        rows: Vec<Row>,
    ) -> Self {
        let written = rows
            .into_iter()
            .map(|row| Entry::Written(Box::new(Written::new(row, quirks))));
        Self {
            quirks,
            generator: Generator::new(operation, guid),
            entries: (0..generated)
                .map(Entry::Generated)
                .chain(written)
                .collect(),
            changes: 0,
        }
    }

    /// Number of changes since the start.
    pub(crate) fn changes(&self) -> i64 {
        self.changes
    }

    /// The rows of a page.
    pub(crate) fn slice(&self, ask: &Ask) -> Slice {
        let start = usize::try_from(ask.page - 1)
            .unwrap_or(usize::MAX)
            .saturating_mul(ask.per_page);
        let mut slice = Slice::default();
        if ask.status.is_none() && ask.scopes.is_empty() {
            let end = start.saturating_add(ask.per_page).min(self.entries.len());
            for entry in self.entries.get(start..end).unwrap_or_default() {
                self.write(entry, &mut slice);
            }
            slice.total = self.entries.len();
        } else {
            for entry in self.entries.iter().filter(|entry| self.matches(entry, ask)) {
                if slice.total >= start && slice.len < ask.per_page {
                    self.write(entry, &mut slice);
                }
                slice.total += 1;
            }
        }
        slice.more = slice.total > start.saturating_add(slice.len);
        slice
    }

    /// A full page of rows that are in no list, different on each page, without end.
    pub(crate) fn endless(&self, ask: &Ask) -> Slice {
        let mut slice = Slice::default();
        let start = (ask.page - 1).saturating_mul(ask.per_page as u64);
        for offset in 0..ask.per_page as u64 {
            // Past four thousand million rows the numbers begin anew.
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
                Entry::Written(written) => written.uid.clone(),
                Entry::Generated(index) => Some(self.generator.uid(*index)),
            })
            .collect()
    }

    /// The rows, in order.
    pub(crate) fn rows(&self) -> Vec<Row> {
        self.entries.iter().map(|entry| self.row(entry)).collect()
    }

    /// Whether a user is in the list.
    pub(crate) fn contains(&self, uid: &str) -> bool {
        self.position(uid).is_some()
    }

    /// Inserts a row at a position, or at the end if the list is shorter.
    pub(crate) fn insert(&mut self, position: usize, row: Row) {
        let written = Written::new(row, self.quirks);
        let position = position.min(self.entries.len());
        self.entries
            .insert(position, Entry::Written(Box::new(written)));
        self.changes += 1;
    }

    /// Removes the row of a user.
    pub(crate) fn remove(&mut self, uid: &str) -> Option<Row> {
        let position = self.position(uid)?;
        let entry = self.entries.remove(position);
        self.changes += 1;
        Some(self.row(&entry))
    }

    /// Replaces the row of a user; `false` if there is none.
    pub(crate) fn replace(&mut self, uid: &str, change: impl FnOnce(Row) -> Row) -> bool {
        let Some(position) = self.position(uid) else {
            return false;
        };
        let row = change(self.row(&self.entries[position]));
        self.entries[position] = Entry::Written(Box::new(Written::new(row, self.quirks)));
        self.changes += 1;
        true
    }

    fn position(&self, uid: &str) -> Option<usize> {
        let uid = uid.to_lowercase();
        let index = self.generator.index_of(&uid);
        self.entries.iter().position(|entry| match entry {
            Entry::Written(written) => written.uid.as_ref() == Some(&uid),
            Entry::Generated(generated) => Some(*generated) == index,
        })
    }

    fn row(&self, entry: &Entry) -> Row {
        match entry {
            Entry::Written(written) => written.row(),
            Entry::Generated(index) => {
                let mut text = String::new();
                self.generator.write(*index, "/", &mut text);
                Row::from(serde_json::from_str::<serde_json::Value>(&text).unwrap_or_default())
            }
        }
    }

    fn matches(&self, entry: &Entry, ask: &Ask) -> bool {
        let (scope, status) = match entry {
            Entry::Written(written) => (written.scope.as_deref(), written.status.as_deref()),
            Entry::Generated(index) => {
                (self.generator.scope(*index), self.generator.status(*index))
            }
        };
        let status_fits = ask.status.is_none() || ask.status.as_deref() == status;
        let scope_fits = ask.scopes.is_empty()
            || scope.is_some_and(|scope| ask.scopes.iter().any(|asked| asked == scope));
        status_fits && scope_fits
    }

    fn write(&self, entry: &Entry, slice: &mut Slice) {
        if slice.len > 0 {
            slice.rows.push(',');
        }
        slice.len += 1;
        match entry {
            Entry::Written(written) => slice.rows.push_str(&written.text),
            Entry::Generated(index) => {
                self.generator
                    .write(*index, self.quirks.slash(), &mut slice.rows);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn list(generated: u32, rows: &[&str]) -> List {
        let rows = rows.iter().map(|uid| Row::new(*uid)).collect();
        List::new(
            Operation::ListGroupMembers,
            "team",
            Quirks::Observed,
            generated,
            rows,
        )
    }

    fn ask(page: u64, per_page: usize) -> Ask {
        Ask {
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
            let slice = list.slice(&ask(page, 3));
            assert_eq!((slice.more, slice.total), (page < 4, 10));
            all.extend(uids(&slice));
        }
        assert_eq!(all, list.uids());
        for page in [5, u64::MAX] {
            let past = list.slice(&ask(page, 1000));
            assert_eq!((past.len, past.more, past.total), (0, false, 10));
        }
    }

    #[test]
    fn filters_choose_the_rows_that_say_so() {
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
                let slice = list.slice(&Ask {
                    status: status.map(str::to_owned),
                    scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
                    ..ask(page, 50)
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
    fn changes_are_seen_and_counted() {
        let mut list = list(3, &["a"]);
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
        assert_eq!(list.changes(), 4);
    }

    #[test]
    fn endless_rows_are_all_different() {
        let list = list(1, &[]);
        let (first, second) = (list.endless(&ask(1, 100)), list.endless(&ask(2, 100)));
        assert!(first.more && second.more);
        assert!(uids(&first).iter().all(|uid| !uids(&second).contains(uid)));
        assert_eq!(list.endless(&ask(u64::MAX, 10)).len, 10);
    }
}
