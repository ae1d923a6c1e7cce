//! CSV as RFC 4180 has it: lines end with CR LF, and a cell is quoted where it must be.

use std::borrow::Cow;

use cometchat::RawRow;

use super::{Format, NoObject};
use crate::columns;
use crate::fields::{self, Fields};
use crate::printable::printable;
use crate::times::Clock;

/// Rows as CSV.
pub(crate) struct Csv {
    /// The fields, in order; `guid` is the group's where a row has none of its own.
    pub(crate) columns: Vec<String>,
    pub(crate) clock: Clock,
    /// Whether cells that a spreadsheet would run are disarmed.
    pub(crate) spreadsheet_safe: bool,
    /// Whether a terminal shows it.
    pub(crate) terminal: bool,
}

impl Csv {
    /// The text of a cell.
    fn cell<'a>(&self, name: &str, fields: &Fields<'a>, guid: &'a str) -> Cow<'a, str> {
        let Some(json) = fields.get(name) else {
            return Cow::Borrowed(if name == "guid" { guid } else { "" });
        };
        let written = columns::time(name, json).and_then(|time| self.clock.write(time));
        match written {
            Some(written) => Cow::Owned(written),
            None if columns::never(name, json) && !matches!(self.clock, Clock::Seconds) => {
                Cow::Borrowed("")
            }
            None => fields::text(json),
        }
    }

    fn line<'a>(&self, cells: impl Iterator<Item = Cow<'a, str>>, out: &mut Vec<u8>) {
        let start = out.len();
        for (place, cell) in cells.enumerate() {
            if place > 0 {
                out.push(b',');
            }
            let cell = if self.terminal {
                Cow::Owned(printable(&cell).into_owned())
            } else {
                cell
            };
            if self.spreadsheet_safe && runs(&cell) {
                write_cell(&format!("'{cell}"), out);
            } else {
                write_cell(&cell, out);
            }
        }
        if out.len() == start {
            // A line of one empty cell would be no line at all.
            out.extend_from_slice(b"\"\"");
        }
        out.extend_from_slice(b"\r\n");
    }
}

impl Format for Csv {
    fn begin(&mut self, out: &mut Vec<u8>) {
        let names = self.columns.iter();
        self.line(names.map(|name| Cow::Borrowed(name.as_str())), out);
    }

    fn page(&mut self, guid: &str, rows: &[RawRow], out: &mut Vec<u8>) -> Result<(), NoObject> {
        for (place, row) in rows.iter().enumerate() {
            let fields = Fields::read(row.get()).ok_or(NoObject(place))?;
            let names = self.columns.iter();
            self.line(names.map(|name| self.cell(name, &fields, guid)), out);
        }
        Ok(())
    }

    fn end(&mut self, _: &mut Vec<u8>) {}
}

/// Writes a cell, in quotes where it holds what would end it, or a space at an end, which some readers take off.
fn write_cell(cell: &str, out: &mut Vec<u8>) {
    let quoted =
        cell.contains([',', '"', '\r', '\n']) || cell.starts_with(' ') || cell.ends_with(' ');
    if !quoted {
        out.extend_from_slice(cell.as_bytes());
        return;
    }
    out.push(b'"');
    out.extend_from_slice(cell.replace('"', "\"\"").as_bytes());
    out.push(b'"');
}

/// Whether a spreadsheet may run a cell as a formula. A plain number is none, though it can begin with a sign.
fn runs(cell: &str) -> bool {
    let begins = cell.trim_start_matches(' ');
    let armed = begins.starts_with([
        '=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
    ]);
    let number = begins
        .strip_prefix('-')
        .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()));
    armed && !number
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::rows;

    fn csv(columns: &[&str]) -> Csv {
        Csv {
            columns: columns.iter().map(|name| (*name).to_owned()).collect(),
            clock: Clock::Seconds,
            spreadsheet_safe: false,
            terminal: false,
        }
    }

    fn bytes(mut format: Csv, page: &[&str]) -> Vec<u8> {
        let mut out = Vec::new();
        format.begin(&mut out);
        format.page("town", &rows(page), &mut out).unwrap();
        format.end(&mut out);
        out
    }

    /// The cells as an independent reader has them, without the line of names.
    fn read(format: Csv, page: &[&str]) -> Vec<Vec<String>> {
        let bytes = bytes(format, page);
        let mut reader = ::csv::Reader::from_reader(bytes.as_slice());
        let records = reader.records().map(|record| record.unwrap());
        records
            .map(|record| record.iter().map(str::to_owned).collect())
            .collect()
    }

    #[test]
    fn another_reader_finds_each_cell() {
        let page = [
            r#"{"uid":"a","name":"O'Hara, \"Z\"\r\nline","metadata":{"k": "v,w"}}"#,
            r#"{"uid":" b ","name":null,"tags":["x","y"]}"#,
        ];
        assert_eq!(
            read(csv(&["uid", "name", "metadata", "tags"]), &page),
            [
                ["a", "O'Hara, \"Z\"\r\nline", r#"{"k": "v,w"}"#, ""],
                [" b ", "", "", r#"["x","y"]"#],
            ]
        );
    }

    #[test]
    fn lines_end_as_the_rfc_says() {
        let bytes = bytes(csv(&["name"]), &["{}", r#"{"name":"a"}"#]);
        assert_eq!(bytes, b"name\r\n\"\"\r\na\r\n");
    }

    #[test]
    fn the_guid_is_the_groups_unless_the_row_has_one() {
        let page = [r#"{"uid":"a"}"#, r#"{"uid":"b","guid":"own"}"#];
        let read = read(csv(&["guid", "uid"]), &page);
        assert_eq!(read, [["town", "a"], ["own", "b"]]);
    }

    #[test]
    fn times_are_written_by_the_clock() {
        let page = [r#"{"joinedAt":1638360106,"deactivatedAt":0,"createdAt":"later"}"#];
        let columns = ["joinedAt", "deactivatedAt", "createdAt"];
        assert_eq!(read(csv(&columns), &page), [["1638360106", "0", "later"]]);
        let utc = Csv {
            clock: Clock::Utc,
            ..csv(&columns)
        };
        assert_eq!(read(utc, &page), [["2021-12-01T12:01:46Z", "", "later"]]);
    }

    #[test]
    fn a_formula_is_disarmed_and_a_number_is_not() {
        for cell in [
            "=1+1",
            "+1",
            "-1+1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "  =1",
            "-",
            "\u{ff1d}1",
        ] {
            assert!(runs(cell), "{cell:?}");
        }
        for cell in ["", "a=1", "-15", "1", "Zoë", "'=1"] {
            assert!(!runs(cell), "{cell:?}");
        }
        let page = [r#"{"name":"=HYPERLINK(\"x\",\"y\")","updatedAt":-15}"#];
        let safe = Csv {
            spreadsheet_safe: true,
            ..csv(&["name", "updatedAt"])
        };
        assert_eq!(read(safe, &page), [["'=HYPERLINK(\"x\",\"y\")", "-15"]]);
    }

    #[test]
    fn a_row_that_is_no_object_is_not_written_as_an_empty_one() {
        let mut out = Vec::new();
        let result = csv(&["uid"]).page("g", &rows(&["{}", "null"]), &mut out);
        assert_eq!(result, Err(NoObject(1)));
    }
}
