//! Rows as text: NDJSON and JSON to the letter, CSV and tables by column.

mod csv;
mod json;
mod table;

use cometchat::RawRow;

pub(crate) use csv::Csv;
pub(crate) use json::{Json, Shape};
pub(crate) use table::{Table, shorten};

/// A form that rows are written in, page by page.
pub(crate) trait Format {
    /// Writes what comes before the first row.
    fn begin(&mut self, out: &mut Vec<u8>);

    /// Writes the rows of a page. An error is about the row at this place of the page, counted from 0.
    fn page(&mut self, guid: &str, rows: &[RawRow], out: &mut Vec<u8>) -> Result<(), NoObject>;

    /// Writes what comes after the last row.
    fn end(&mut self, out: &mut Vec<u8>);
}

/// The row at this place of a page is not a JSON object, and so has no columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoObject(pub(crate) usize);

#[cfg(test)]
pub(crate) fn rows(texts: &[&str]) -> Vec<RawRow> {
    let rows = texts.iter().map(|text| serde_json::from_str(text));
    rows.collect::<Result<_, _>>().unwrap()
}
