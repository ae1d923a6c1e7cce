//! CSV as in RFC 4180: lines end with CR LF, and a cell is quoted if it has to be.

use std::borrow::Cow;

use cometchat::RawRow;
use csv::{Terminator, Writer, WriterBuilder};

use super::columns::Column;
use super::formulas::disarm;
use super::row::Fields;
use super::times::Clock;
use super::{Format, NotAnObject};
use crate::terminal::sanitize::sanitize;

pub(crate) struct Csv {
    pub(crate) columns: Vec<Column>,
    pub(crate) clock: Clock,
    pub(crate) spreadsheet_safe: bool,
    pub(crate) terminal: bool,
}

impl Csv {
    fn write<'a>(
        &self,
        writer: &mut Writer<&mut Vec<u8>>,
        cells: impl Iterator<Item = Cow<'a, str>>,
    ) {
        let cells = cells.map(|mut cell| {
            if self.terminal {
                cell = Cow::Owned(sanitize(&cell).into_owned());
            }
            if self.spreadsheet_safe {
                cell = Cow::Owned(disarm(&cell).into_owned());
            }
            cell
        });
        let mut written = Ok(());
        for cell in cells {
            written = written.and_then(|()| writer.write_field(cell.as_bytes()));
        }
        written
            .and_then(|()| writer.write_record(None::<&[u8]>))
            .expect("memory can be written to");
    }
}

fn writer(out: &mut Vec<u8>) -> Writer<&mut Vec<u8>> {
    WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .from_writer(out)
}

impl Format for Csv {
    fn begin(&mut self, out: &mut Vec<u8>) {
        let names = self.columns.iter().map(|column| column.name.as_str());
        self.write(&mut writer(out), names.map(Cow::Borrowed));
    }

    fn page(&mut self, guid: &str, rows: &[RawRow], out: &mut Vec<u8>) -> Result<(), NotAnObject> {
        let mut writer = writer(out);
        for (place, row) in rows.iter().enumerate() {
            let fields = Fields::read(row.get()).ok_or(NotAnObject(place))?;
            let columns = self.columns.iter();
            let cells = columns.map(|column| column.text(&fields, guid, &self.clock));
            self.write(&mut writer, cells);
        }
        Ok(())
    }

    fn end(&mut self, _: &mut Vec<u8>) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::rows;
    use crate::list::ListKind;

    fn csv(columns: &[&str]) -> Csv {
        let columns = columns.iter();
        Csv {
            columns: columns
                .map(|name| Column::new(ListKind::Members, name))
                .collect(),
            clock: Clock::Seconds,
            spreadsheet_safe: false,
            terminal: false,
        }
    }

    fn text(mut format: Csv, page: &[&str]) -> String {
        let mut out = Vec::new();
        format.begin(&mut out);
        format.page("town", &rows(page), &mut out).unwrap();
        format.end(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn cells_are_quoted_if_they_have_to_be() {
        let page = [
            r#"{"uid":"a","name":"O'Hara, \"Z\"\r\nline","metadata":{"k": "v,w"}}"#,
            r#"{"uid":" b ","name":null,"tags":["x","y"]}"#,
        ];
        assert_eq!(
            text(csv(&["uid", "name", "metadata", "tags"]), &page),
            "uid,name,metadata,tags\r\n\
             a,\"O'Hara, \"\"Z\"\"\r\nline\",\"{\"\"k\"\": \"\"v,w\"\"}\",\r\n \
             b ,,,\"[\"\"x\"\",\"\"y\"\"]\"\r\n"
        );
        // A line of one empty cell would be none for many readers.
        assert_eq!(text(csv(&["name"]), &["{}"]), "name\r\n\"\"\r\n");
    }

    #[test]
    fn a_guid_of_the_row_is_kept() {
        let page = [r#"{"uid":"a"}"#, r#"{"uid":"b","guid":"own"}"#];
        let text = text(csv(&["guid", "uid"]), &page);
        assert_eq!(text, "guid,uid\r\ntown,a\r\nown,b\r\n");
    }

    #[test]
    fn times_are_written_by_the_clock() {
        let page = [r#"{"joinedAt":1638360106,"deactivatedAt":0,"createdAt":"later"}"#];
        let columns = ["joinedAt", "deactivatedAt", "createdAt"];
        let line = |format| text(format, &page).lines().nth(1).unwrap().to_owned();
        assert_eq!(line(csv(&columns)), "1638360106,0,later");
        let utc = Csv {
            clock: Clock::Utc,
            ..csv(&columns)
        };
        assert_eq!(line(utc), "2021-12-01T12:01:46Z,,later");
    }

    #[test]
    fn a_row_without_fields_is_an_error() {
        let mut out = Vec::new();
        let result = csv(&["uid"]).page("g", &rows(&["{}", "null"]), &mut out);
        assert_eq!(result, Err(NotAnObject(1)));
    }
}
