//! A table for people: as wide as the terminal, with times in their own time zone.
//!
//! The widths of its columns are those of the first page, so that a long list need not be held in memory to be shown.

use std::borrow::Cow;

use cometchat::RawRow;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::{Format, NoObject};
use crate::columns;
use crate::fields::{self, Fields};
use crate::printable::printable;
use crate::terminal::Screen;
use crate::times::Clock;

/// Spaces between columns.
const GAP: usize = 2;

/// A column is not made narrower than this to fit the terminal.
const NARROW: usize = 8;

/// Rows as a table.
pub(crate) struct Table {
    columns: Vec<String>,
    clock: Clock,
    screen: Screen,
    /// The width of the widest GUID, all of which are known from the start.
    guid_width: usize,
    /// The width of each column that is shown, once the first page has come.
    widths: Option<Vec<usize>>,
}

impl Table {
    /// A table of these fields of the rows of these groups; `guid` is the group's where a row has none of its own.
    pub(crate) fn new(
        columns: Vec<String>,
        guids: &[String],
        clock: Clock,
        screen: Screen,
    ) -> Self {
        let widths = guids.iter().map(|guid| printable(guid).width());
        Self {
            guid_width: widths.max().unwrap_or(0),
            columns,
            clock,
            screen,
            widths: None,
        }
    }

    /// The text of a cell, on one line.
    fn cell(&self, name: &str, fields: &Fields, guid: &str) -> String {
        let Some(json) = fields.get(name) else {
            return printable(if name == "guid" { guid } else { "" }).into_owned();
        };
        let written = columns::time(name, json).and_then(|time| self.clock.write(time));
        written.unwrap_or_else(|| {
            if columns::never(name, json) {
                String::new()
            } else {
                printable(&fields::text(json)).into_owned()
            }
        })
    }

    fn head(&self) -> Vec<String> {
        let names = self
            .columns
            .iter()
            .map(|name| printable(&title(name)).into_owned());
        names.collect()
    }

    /// Fits the widths to these lines and to the screen, and writes the head.
    fn start(&mut self, lines: &[Vec<String>], out: &mut Vec<u8>) {
        let head = self.head();
        let mut widths: Vec<_> = head.iter().map(|cell| cell.width()).collect();
        for line in lines {
            for (width, cell) in widths.iter_mut().zip(line) {
                *width = cell.width().max(*width);
            }
        }
        if let Some(guid) = self.columns.iter().position(|name| name == "guid") {
            widths[guid] = widths[guid].max(self.guid_width);
        }
        if let Some(screen) = self.screen.width {
            widths = fit(widths, &self.columns, screen);
        }
        self.widths = Some(widths);
        let bold = |_: usize, cell: &str| self.screen.paint("1", cell);
        self.line(&head, bold, out);
    }

    fn line(&self, cells: &[String], paint: impl Fn(usize, &str) -> String, out: &mut Vec<u8>) {
        let widths = self.widths.as_deref().unwrap_or_default();
        let mut pending = 0;
        for (place, (cell, width)) in cells.iter().zip(widths).enumerate() {
            // A file has no edge to keep to, so that nothing need be cut there.
            let shown = match self.screen.width {
                Some(_) => shorten(cell, *width),
                None => Cow::Borrowed(cell.as_str()),
            };
            if !shown.is_empty() {
                out.extend(std::iter::repeat_n(b' ', pending));
                out.extend_from_slice(paint(place, &shown).as_bytes());
                pending = 0;
            }
            pending += width.saturating_sub(shown.width()) + GAP;
        }
        out.push(b'\n');
    }

    /// A cell in the colour of what it says.
    fn paint(&self, place: usize, cell: &str) -> String {
        match (self.columns[place].as_str(), cell) {
            ("scope", "admin" | "owner") => self.screen.paint("33", cell),
            ("scope", "moderator") => self.screen.paint("36", cell),
            ("status", "available") => self.screen.paint("32", cell),
            _ => cell.to_owned(),
        }
    }
}

impl Format for Table {
    fn begin(&mut self, _: &mut Vec<u8>) {}

    fn page(&mut self, guid: &str, rows: &[RawRow], out: &mut Vec<u8>) -> Result<(), NoObject> {
        let line = |(place, row): (usize, &RawRow)| {
            let fields = Fields::read(row.get()).ok_or(NoObject(place))?;
            let names = self.columns.iter();
            Ok(names.map(|name| self.cell(name, &fields, guid)).collect())
        };
        let lines: Vec<Vec<String>> = rows
            .iter()
            .enumerate()
            .map(line)
            .collect::<Result<_, _>>()?;
        if self.widths.is_none() && !lines.is_empty() {
            self.start(&lines, out);
        }
        for line in &lines {
            self.line(line, |place, cell| self.paint(place, cell), out);
        }
        Ok(())
    }

    fn end(&mut self, out: &mut Vec<u8>) {
        if self.widths.is_none() {
            self.start(&[], out);
        }
    }
}

/// The head of a column: `joinedAt` is `JOINED`, `statusMessage` is `STATUS MESSAGE`.
fn title(name: &str) -> String {
    let name = name
        .strip_suffix("At")
        .filter(|rest| !rest.is_empty())
        .unwrap_or(name);
    let mut title = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !title.is_empty() {
            title.push(' ');
        }
        title.extend(c.to_uppercase());
    }
    title
}

/// Makes the widest columns narrower until all fit, but for times, of which a part is nothing. Where even narrow ones
/// don't fit, those at the end are left out.
fn fit(natural: Vec<usize>, columns: &[String], screen: usize) -> Vec<usize> {
    for count in (1..=natural.len()).rev() {
        let mut widths = natural[..count].to_vec();
        while widths.iter().sum::<usize>() + GAP * (count - 1) > screen {
            let flexible = (0..count).filter(|place| !columns::is_time(&columns[*place]));
            match flexible.max_by_key(|place| widths[*place]) {
                Some(widest) if widths[widest] > NARROW => widths[widest] -= 1,
                _ => break,
            }
        }
        if widths.iter().sum::<usize>() + GAP * (count - 1) <= screen {
            return widths;
        }
    }
    vec![screen]
}

/// The text, with an ellipsis in place of what is too wide.
pub(crate) fn shorten(text: &str, width: usize) -> Cow<'_, str> {
    if text.width() <= width {
        return Cow::Borrowed(text);
    }
    let mut shown = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used > width {
            break;
        }
        shown.push(c);
    }
    shown.push('…');
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::rows;

    fn table(columns: &[&str], width: Option<usize>) -> Table {
        let screen = Screen {
            width,
            ..Screen::file()
        };
        let columns = columns.iter().map(|name| (*name).to_owned()).collect();
        Table::new(columns, &[], Clock::Utc, screen)
    }

    fn written(mut table: Table, pages: &[&[&str]]) -> String {
        let mut out = Vec::new();
        table.begin(&mut out);
        for page in pages {
            table.page("town", &rows(page), &mut out).unwrap();
        }
        table.end(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn columns_are_as_wide_as_the_first_page() {
        let pages: [&[&str]; 2] = [
            &[
                r#"{"uid":"al","name":"Zoë 🦊","joinedAt":1638360106}"#,
                r#"{"uid":"bob","joinedAt":null}"#,
            ],
            &[r#"{"uid":"caroline","name":"C"}"#],
        ];
        let text = written(table(&["uid", "name", "joinedAt"], None), &pages);
        let expected = [
            "UID  NAME    JOINED",
            "al   Zoë 🦊  2021-12-01T12:01:46Z",
            "bob",
            "caroline  C",
            "",
        ];
        assert_eq!(text, expected.join("\n"));
    }

    #[test]
    fn a_list_without_rows_has_a_head() {
        assert_eq!(
            written(table(&["uid", "name"], None), &[&[]]),
            "UID  NAME\n"
        );
    }

    #[test]
    fn no_line_is_wider_than_the_screen() {
        let page = [
            r#"{"uid":"superhero2","name":"漢字漢字漢字漢字漢字漢字","scope":"participant","role":"default","status":"offline"}"#,
        ];
        let columns = ["uid", "name", "scope", "role", "status"];
        for width in 1..80 {
            let text = written(table(&columns, Some(width)), &[&page]);
            for line in text.lines() {
                assert!(line.width() <= width, "{width}: {line}");
            }
        }
    }

    #[test]
    fn what_is_left_out_makes_room_for_the_others() {
        let page = [r#"{"uid":"superhero2","name":"Captain America","joinedAt":1638360106}"#];
        let columns = ["uid", "name", "joinedAt"];
        let text = |width| written(table(&columns, Some(width)), &[&page]);
        assert_eq!(
            text(46).lines().nth(1).unwrap(),
            "superhero2  Captain Ame…  2021-12-01T12:01:46Z"
        );
        assert_eq!(text(39), "UID         NAME\nsuperhero2  Captain America\n");
    }

    #[test]
    fn what_would_steer_the_terminal_is_shown_as_what_it_is() {
        let page = [r#"{"uid":"a","name":"\u001b[2J\u202eevil\nline"}"#];
        let text = written(table(&["name"], None), &[&page]);
        assert_eq!(text, "NAME\n\\u{1b}[2J\\u{202e}evil\\nline\n");
    }

    #[test]
    fn names_make_titles() {
        for (name, made) in [
            ("joinedAt", "JOINED"),
            ("hasBlockedMe", "HAS BLOCKED ME"),
            ("At", "AT"),
        ] {
            assert_eq!(title(name), made);
        }
    }
}
