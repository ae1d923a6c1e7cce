//! Rows as text: verbatim as NDJSON and JSON, by column as CSV and as a table.

mod columns;
mod csv;
mod formulas;
mod json;
mod pretty;
mod row;
mod table;
mod times;

use cometchat::RawRow;

pub(crate) use self::columns::Column;
pub(crate) use self::csv::Csv;
pub(crate) use self::json::Json;
pub(crate) use self::table::Table;
pub(crate) use self::times::Clock;

/// A format that rows are written in, page by page.
pub(crate) trait Format {
    /// Writes the beginning, before the first row.
    fn begin(&mut self, out: &mut Vec<u8>);

    /// Writes the rows of a page.
    fn page(&mut self, guid: &str, rows: &[RawRow], out: &mut Vec<u8>) -> Result<(), NotAnObject>;

    /// Writes the end, after the last row.
    fn end(&mut self, out: &mut Vec<u8>);
}

/// The row with this index in its page is not a JSON object, and so has no columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotAnObject(pub(crate) usize);

#[cfg(test)]
fn rows(texts: &[&str]) -> Vec<RawRow> {
    let rows = texts.iter().map(|text| serde_json::from_str(text));
    rows.collect::<Result<_, _>>().unwrap()
}
