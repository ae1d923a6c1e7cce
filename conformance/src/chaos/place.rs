//! What belongs where in a list: eight bytes a row, so that a reader can hold a hundred thousand rows to their places and
//! keep none of them.

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

/// The rows of a list, in order.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Places(Vec<u64>);

impl Places {
    /// Adds a row at the end.
    pub(crate) fn push(&mut self, row: &Value) {
        self.0.push(fingerprint(row));
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Says what is wrong, where this row does not belong at that place, counted from 0.
    pub(crate) fn check(&self, place: usize, row: &Value) -> Result<(), String> {
        let found = fingerprint(row);
        if self.0.get(place) == Some(&found) {
            return Ok(());
        }
        let what = match self.0.iter().position(|expected| *expected == found) {
            Some(before) if before < place => format!("a row that came before, at place {before}"),
            Some(after) => format!("a row of place {after}: those in between are lost"),
            None => "no row of this list".to_owned(),
        };
        Err(format!("at place {place} is {what}; {row}"))
    }

    /// Writes them for a reader in another process.
    pub(crate) fn write(&self, path: &Path) -> Result<()> {
        let bytes: Vec<u8> = self.0.iter().flat_map(|row| row.to_le_bytes()).collect();
        fs::write(path, bytes).with_context(|| format!("can't write {}", path.display()))
    }

    /// Reads what [`write`](Self::write) wrote.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let bytes = fs::read(path).with_context(|| format!("can't read {}", path.display()))?;
        let (rows, _) = bytes.as_chunks::<8>();
        Ok(Self(rows.iter().copied().map(u64::from_le_bytes).collect()))
    }
}

/// The same for each order of the fields, and in each process of this program.
fn fingerprint(row: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    row.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn places() -> Places {
        let mut places = Places::default();
        for uid in ["a", "b", "c"] {
            places.push(&json!({"uid": uid, "createdAt": 1}));
        }
        places
    }

    #[test]
    fn a_row_in_its_place_is_right_however_its_fields_are_ordered() {
        assert_eq!(
            places().check(1, &json!({"createdAt": 1, "uid": "b"})),
            Ok(())
        );
    }

    #[test]
    fn a_row_that_is_lost_doubled_or_changed_is_told() {
        for (place, row, told) in [
            (1, json!({"uid": "c", "createdAt": 1}), "are lost"),
            (1, json!({"uid": "a", "createdAt": 1}), "came before"),
            (1, json!({"uid": "b", "createdAt": 2}), "no row"),
            (1, json!({"uid": "b"}), "no row"),
            (3, json!({"uid": "c", "createdAt": 1}), "came before"),
        ] {
            let fault = places().check(place, &row).unwrap_err();
            assert!(fault.contains(told), "{fault}");
        }
    }

    #[test]
    fn are_read_as_they_were_written() -> Result<()> {
        let directory = tempfile::tempdir()?;
        let path = directory.path().join("places");
        places().write(&path)?;
        assert_eq!(Places::read(&path)?, places());
        Ok(())
    }
}
