//! A table for people: as wide as the terminal, with times in the local time zone.
//!
//! The widths of the columns are those of the first page, so that a long list is not held in memory. The table crates that
//! were measured lay out a whole table at once, know no columns that are left out, and take 7 to 20 times as long.

use std::borrow::Cow;

use cometchat::RawRow;
use console::Style;
use unicode_width::UnicodeWidthStr;

use super::columns::Column;
use super::row::Fields;
use super::times::Clock;
use super::{Format, NotAnObject};
use crate::terminal::sanitize::sanitize;
use crate::terminal::{Screen, shorten};

const GAP: usize = 2;

/// The width below which a column is not shrunk to fit the terminal.
const MIN_WIDTH: usize = 8;

pub(crate) struct Table {
    columns: Vec<Column>,
    clock: Clock,
    screen: Screen,
    /// The width of the widest GUID: all GUIDs are known from the start.
    guid_width: usize,
    /// The widths of the columns that are shown, from the first page on.
    widths: Option<Vec<usize>>,
}

impl Table {
    pub(crate) fn new(
        columns: Vec<Column>,
        guids: &[String],
        clock: Clock,
        screen: Screen,
    ) -> Self {
        let widths = guids.iter().map(|guid| sanitize(guid).width());
        Self {
            guid_width: widths.max().unwrap_or(0),
            columns,
            clock,
            screen,
            widths: None,
        }
    }

    /// Sets the widths to fit these lines and the screen, and writes the head.
    fn start(&mut self, lines: &[Vec<String>], out: &mut Vec<u8>) {
        let head: Vec<_> = self
            .columns
            .iter()
            .map(|column| sanitize(&title(&column.name)).into_owned())
            .collect();
        let mut widths: Vec<_> = head.iter().map(|cell| cell.width()).collect();
        for line in lines {
            for (width, cell) in widths.iter_mut().zip(line) {
                *width = cell.width().max(*width);
            }
        }
        // Later pages can have listed values that the first one lacks; room for them costs no other column any.
        let listed = widths.iter().zip(&self.columns);
        let roomy: Vec<_> = listed
            .map(|(width, column)| column.listed_width.max(*width))
            .collect();
        let total = roomy.iter().sum::<usize>() + GAP * roomy.len().saturating_sub(1);
        if self.screen.width.is_none_or(|screen| total <= screen) {
            widths = roomy;
        }
        if let Some(guid) = self.columns.iter().position(|column| column.name == "guid") {
            widths[guid] = widths[guid].max(self.guid_width);
        }
        if let Some(screen) = self.screen.width {
            widths = fit(&widths, &self.columns, screen);
        }
        self.widths = Some(widths);
        let bold = |_: usize, cell: &str| self.screen.paint(Style::new().bold(), cell);
        self.line(&head, bold, out);
    }

    fn line(&self, cells: &[String], paint: impl Fn(usize, &str) -> String, out: &mut Vec<u8>) {
        let widths = self.widths.as_deref().unwrap_or_default();
        let mut pending = 0;
        for (place, (cell, width)) in cells.iter().zip(widths).enumerate() {
            // A file has no width to cut the cells to.
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

    /// A cell in the colour of its value.
    fn paint(&self, place: usize, cell: &str) -> String {
        let style = match (self.columns[place].name.as_str(), cell) {
            ("scope", "admin" | "owner") => Style::new().yellow(),
            ("scope", "moderator") => Style::new().cyan(),
            ("status", "available") => Style::new().green(),
            _ => return cell.to_owned(),
        };
        self.screen.paint(style, cell)
    }
}

impl Format for Table {
    fn begin(&mut self, _: &mut Vec<u8>) {}

    fn page(&mut self, guid: &str, rows: &[RawRow], out: &mut Vec<u8>) -> Result<(), NotAnObject> {
        let line = |(place, row): (usize, &RawRow)| {
            let fields = Fields::read(row.get()).ok_or(NotAnObject(place))?;
            let columns = self.columns.iter();
            let cells = columns.map(|column| column.text(&fields, guid, &self.clock));
            Ok(cells.map(|cell| sanitize(&cell).into_owned()).collect())
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

/// The title of a column: `JOINED` for `joinedAt`, `STATUS MESSAGE` for `statusMessage`.
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

/// Shrinks the widest columns until all fit, except times, which are useless in part. If even narrow columns do not fit,
/// the last ones are left out.
fn fit(natural: &[usize], columns: &[Column], screen: usize) -> Vec<usize> {
    for count in (1..=natural.len()).rev() {
        let mut widths = natural[..count].to_vec();
        let total = |widths: &[usize]| widths.iter().sum::<usize>() + GAP * (count - 1);
        while total(&widths) > screen {
            let flexible = (0..count).filter(|place| !columns[*place].is_time);
            match flexible.max_by_key(|place| widths[*place]) {
                Some(widest) if widths[widest] > MIN_WIDTH => widths[widest] -= 1,
                _ => break,
            }
        }
        if total(&widths) <= screen {
            return widths;
        }
    }
    vec![screen]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::rows;
    use crate::list::ListKind;

    fn table(columns: &[&str], width: Option<usize>) -> Table {
        let screen = Screen {
            width,
            ..Screen::file()
        };
        let columns = columns.iter();
        let columns = columns
            .map(|name| Column::new(ListKind::Members, name))
            .collect();
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
    fn widths_are_those_of_the_first_page() {
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
    fn listed_values_of_later_pages_fit() {
        let pages: [&[&str]; 2] = [
            &[r#"{"uid":"a","scope":"admin"}"#],
            &[r#"{"uid":"b","scope":"participant"}"#],
        ];
        let text = written(table(&["uid", "scope"], Some(40)), &pages);
        assert_eq!(text, "UID  SCOPE\na    admin\nb    participant\n");
    }

    #[test]
    fn an_empty_list_has_a_head() {
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
    fn columns_without_room_are_left_out() {
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
    fn cells_are_sanitized() {
        let page = [r#"{"uid":"a","name":"\u001b[2J\u202eevil\nline"}"#];
        let text = written(table(&["name"], None), &[&page]);
        assert_eq!(text, "NAME\n\\u{1b}[2J\\u{202e}evil\\nline\n");
    }

    #[test]
    fn titles_are_made_of_names() {
        for (name, made) in [
            ("joinedAt", "JOINED"),
            ("hasBlockedMe", "HAS BLOCKED ME"),
            ("At", "AT"),
        ] {
            assert_eq!(title(name), made);
        }
    }
}
