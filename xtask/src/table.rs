//! Rows under headings, for a terminal and for a pull request.

/// How a result is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For a terminal.
    Text,
    /// For a pull request.
    Markdown,
    /// For programs.
    Json,
}

/// Rows under headings; each row has a cell for each heading.
pub(crate) struct Table<const COLUMNS: usize> {
    headings: [&'static str; COLUMNS],
    rows: Vec<[String; COLUMNS]>,
}

impl<const COLUMNS: usize> Table<COLUMNS> {
    /// A table without rows.
    pub(crate) fn new(headings: [&'static str; COLUMNS]) -> Self {
        Self {
            headings,
            rows: Vec::new(),
        }
    }

    /// Adds a row.
    pub(crate) fn push(&mut self, row: [String; COLUMNS]) {
        self.rows.push(row);
    }

    /// The headings and the rows in columns.
    pub(crate) fn text(&self) -> String {
        let headings = self.headings.map(str::to_owned);
        let lines: Vec<_> = [&headings].into_iter().chain(&self.rows).collect();
        let width = |column: usize| {
            let cells = lines.iter().map(|line| line[column].chars().count());
            cells.max().unwrap_or(0)
        };
        let widths: [usize; COLUMNS] = std::array::from_fn(width);
        let mut out = String::new();
        for cells in lines {
            let mut line = String::new();
            for (cell, width) in cells.iter().zip(widths) {
                line.push_str(&format!("{cell:width$}  "));
            }
            out.push_str(line.trim_end());
            out.push('\n');
        }
        out
    }

    /// The rows as a table of Markdown.
    pub(crate) fn markdown(&self) -> String {
        let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
        let mut out = line(&self.headings.map(str::to_owned));
        out.push_str(&format!("|{}\n", "---|".repeat(COLUMNS)));
        for row in &self.rows {
            let cells = row
                .each_ref()
                .map(|cell| cell.replace('|', "\\|").replace('\n', " "));
            out.push_str(&line(&cells));
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::Table;

    #[test]
    fn a_table_is_written_in_two_ways() {
        let mut table = Table::new(["level", "what"]);
        table.push(["major".to_owned(), "a|b\nc".to_owned()]);
        table.push(["é".to_owned(), String::new()]);
        assert_eq!(table.text(), "level  what\nmajor  a|b\nc\né\n");
        assert_eq!(
            table.markdown(),
            "| level | what |\n|---|---|\n| major | a\\|b c |\n| é |  |\n"
        );
    }
}
