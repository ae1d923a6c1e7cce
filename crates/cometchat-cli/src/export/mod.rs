//! An export: the pages of each group in order, written to one output that can be resumed.

mod checkpoint;
mod failed_groups;
mod group_prefetch;
mod output;
mod partial_file;
mod private_file;
mod resume;

use std::sync::Arc;

use cometchat::RawRow;
use indicatif::HumanCount;

use self::checkpoint::Mark;
pub(crate) use self::checkpoint::Settings;
use self::failed_groups::FailedGroup;
use self::group_prefetch::{GroupPrefetch, Started};
use self::output::{Output, Stopped};
use crate::config::client::Connection;
use crate::config::export_options::ExportOptions;
use crate::exit::{Exit, Failure};
use crate::format::{Format, NotAnObject};
use crate::interrupt::Interrupt;
use crate::list::Source;
use crate::terminal::progress::Progress;
use crate::terminal::{Screen, message, show_path};

pub(crate) struct Exporter {
    options: ExportOptions,
    output: Output,
    format: Box<dyn Format>,
    /// Whether the beginning of the format is written.
    begun: bool,
    resumed_rows: u64,
    groups: Vec<Mark>,
    failed: Vec<FailedGroup>,
    duplicates: u64,
    /// Whether a limit ended a list before its end.
    truncated: bool,
    progress: Arc<Progress>,
    interrupt: Interrupt,
    /// Whether rows go to a terminal, which may also show the progress.
    on_screen: bool,
    /// The text of a page; kept for its allocation.
    page: Vec<u8>,
}

impl Exporter {
    /// Opens the output. Nothing is sent. To be called in a runtime.
    pub(crate) fn new(
        options: ExportOptions,
        connection: &Connection,
        progress: Arc<Progress>,
    ) -> Result<Self, Failure> {
        let groups = 0..options.guids.len();
        let mut groups: Vec<_> = groups
            .map(|group| Mark::start(group, options.args.start_page))
            .collect();
        let (output, saved) = resume::open(&options, connection, &progress)?;
        let marks = saved.map_or_else(Vec::new, |saved| saved.marks);
        let begun = marks.last().is_some_and(|mark| mark.bytes > 0);
        for mark in marks {
            if let Some(group) = groups.get_mut(mark.group) {
                *group = mark;
            }
        }
        let rows = groups.iter().map(|group| group.rows).sum();
        Ok(Self {
            format: options.format(rows > 0),
            resumed_rows: rows,
            options,
            begun,
            groups,
            failed: Vec::new(),
            duplicates: 0,
            truncated: false,
            progress,
            on_screen: matches!(output, Output::Stream(..)) && Screen::stdout().terminal,
            output,
            interrupt: Interrupt::listen(),
            page: Vec::new(),
        })
    }

    pub(crate) async fn run(mut self, connection: &Connection) -> Result<Exit, Failure> {
        self.progress.start();
        let result = self.read_groups(connection).await;
        self.progress.clear();
        if self.duplicates > 0 {
            let were = if self.duplicates == 1 {
                "row was"
            } else {
                "rows were"
            };
            self.progress.note(&format!(
                "{} {were} dropped as duplicates",
                HumanCount(self.duplicates)
            ));
        }
        let complete = result.is_ok() && self.failed.is_empty();
        let interrupted = matches!(result, Err(Stopped::Interrupted | Stopped::Closed));
        if !complete && !interrupted && self.begun {
            self.progress.totals("");
        }
        match result {
            Ok(()) if complete => self.finish(),
            Ok(()) => self.report_failed_groups(),
            Err(Stopped::Closed) => Ok(Exit::Done),
            Err(Stopped::Interrupted) => self.report_interrupt(),
            Err(Stopped::Failed(failure)) => Err(failure),
        }
    }

    async fn read_groups(&mut self, connection: &Connection) -> Result<(), Stopped> {
        let (client, request) = (connection.client.clone(), self.options.request.clone());
        let (limit, guids) = (self.options.args.limit, self.options.guids.clone());
        let open = self.groups.clone().into_iter().filter(|mark| !mark.done);
        let sources = open.map(move |mark| {
            let rows = usize::try_from(mark.rows).unwrap_or(usize::MAX);
            let limit = limit.map(|limit| limit.saturating_sub(rows));
            let source = request.pages(&client, &guids[mark.group], mark.next_page, limit);
            (mark.group, source)
        });
        let mut prefetch = GroupPrefetch::new(sources, usize::from(self.options.args.prefetch));
        loop {
            let started = tokio::select! {
                started = prefetch.next() => started,
                () = self.interrupt.pressed() => return Err(Stopped::Interrupted),
            };
            let Some(started) = started else {
                return Ok(());
            };
            let group = started.group;
            self.progress.group(group, &self.options.guids[group]);
            self.read_group(started, || prefetch.free()).await?;
            if self.failed.last().is_some_and(|failed| failed.key_rejected) {
                return Ok(());
            }
        }
    }

    /// Reads a group to its end or to an error, which is kept for the end of the export.
    async fn read_group(
        &mut self,
        started: Started,
        free: impl Fn() -> usize,
    ) -> Result<(), Stopped> {
        let Started {
            group,
            mut source,
            first,
        } = started;
        let mut fetched = first;
        loop {
            match fetched {
                None => {
                    self.groups[group].done = true;
                    self.write(group, &[])?;
                    break;
                }
                Some(Ok(page)) => {
                    let written = self.write_page(group, &page.items, source.as_ref())?;
                    if let Err(NotAnObject(row)) = written {
                        let failed = FailedGroup::from_row(group, page.number, row);
                        self.failed.push(failed);
                        break;
                    }
                }
                Some(Err(error)) => {
                    self.failed.push(FailedGroup::from_error(group, &error));
                    break;
                }
            }
            source.set_prefetch(free());
            fetched = tokio::select! {
                fetched = source.next() => fetched,
                () = self.interrupt.pressed() => return Err(Stopped::Interrupted),
            };
        }
        self.duplicates += source.progress().duplicates;
        self.truncated |= source.is_truncated();
        Ok(())
    }

    /// Writes the rows of a page and updates the state of its group.
    fn write_page(
        &mut self,
        group: usize,
        rows: &[RawRow],
        source: &dyn Source,
    ) -> Result<Result<(), NotAnObject>, Stopped> {
        let mut page = std::mem::take(&mut self.page);
        page.clear();
        if !self.begun {
            self.format.begin(&mut page);
        }
        let formatted = self
            .format
            .page(&self.options.guids[group], rows, &mut page);
        if formatted.is_ok() {
            self.begun = true;
            let state = &mut self.groups[group];
            state.next_page = source.next_page();
            state.rows += rows.len() as u64;
            self.write(group, &page)?;
            self.progress.page(rows.len() as u64);
        }
        self.page = page;
        Ok(formatted)
    }

    fn write(&mut self, group: usize, page: &[u8]) -> Result<(), Stopped> {
        let (output, mark) = (&mut self.output, self.groups[group]);
        let mut write = || output.page(page, mark, &self.interrupt);
        if self.on_screen {
            self.progress.suspend(write)?;
        } else {
            write()?;
        }
        Ok(())
    }

    fn rows(&self) -> u64 {
        self.groups.iter().map(|group| group.rows).sum()
    }

    /// The end of the format, after its beginning if there are no rows.
    fn end(&mut self) -> Vec<u8> {
        let mut end = Vec::new();
        if !self.begun {
            self.format.begin(&mut end);
        }
        self.format.end(&mut end);
        end
    }

    fn finish(mut self) -> Result<Exit, Failure> {
        let end = self.end();
        let saved = match &self.output {
            Output::Partial(file) => {
                let total = if self.resumed_rows > 0 {
                    format!(", {} in total", HumanCount(self.rows()))
                } else {
                    String::new()
                };
                format!("{total}, saved as {}", show_path(&file.paths.file))
            }
            Output::Stream(..) => String::new(),
        };
        let more = if self.truncated {
            "; there are more"
        } else {
            ""
        };
        match self.output.finish(&end, &self.interrupt) {
            Ok(()) => {
                self.progress.totals(&format!("{saved}{more}"));
                Ok(Exit::Done)
            }
            Err(Stopped::Failed(failure)) => Err(failure),
            Err(Stopped::Closed | Stopped::Interrupted) => Ok(Exit::Done),
        }
    }

    /// Leaves the output so that the export can be resumed, and returns lines that say how. Removes an output without
    /// pages.
    fn leave(mut self) -> Result<Vec<String>, Failure> {
        let rows = self.rows();
        let any = self.begun || self.groups.iter().any(|group| group.done);
        let next_page = self.groups[0].next_page;
        let end = if any { self.end() } else { Vec::new() };
        match self.output {
            Output::Partial(file) if any => {
                let path = show_path(&file.paths.partial);
                file.leave(&end)
                    .map_err(|error| output::not_written(&path, &error))?;
                Ok(vec![
                    format!("{path} has {} rows, in whole pages", HumanCount(rows)),
                    "Resume with the same command and --resume".to_owned(),
                ])
            }
            Output::Partial(file) => {
                let path = show_path(&file.paths.partial);
                file.discard().map_err(|error| {
                    Failure::failed(format!("{path} can't be removed: {error}"))
                })?;
                Ok(Vec::new())
            }
            mut output => {
                // The failure to report is another one.
                let _ = output.stream(&end, &self.interrupt);
                let resume = self.groups.len() == 1 && rows > 0;
                Ok(resume
                    .then(|| format!("Resume after the rows above with --start-page {next_page}"))
                    .into_iter()
                    .collect())
            }
        }
    }

    fn report_interrupt(self) -> Result<Exit, Failure> {
        let mut lines = vec!["interrupted".to_owned()];
        lines.extend(self.leave()?);
        message(lines.join("\n  "));
        Ok(Exit::Interrupted)
    }

    /// The failure of an export that some groups are missing from.
    fn report_failed_groups(self) -> Result<Exit, Failure> {
        let groups = &self.groups;
        let open = groups.iter().filter(|group| !group.done).count();
        let kind = self.options.request.kind;
        let mut failure = failed_groups::failure(kind, &self.options.guids, open, &self.failed);
        // The output has each other group whole, and nothing of the groups that failed.
        let usable =
            open < groups.len() && groups.iter().all(|group| group.done || group.rows == 0);
        let rename = match &self.output {
            Output::Partial(file) if usable => Some(format!(
                "Or rename it to {} to do without the groups that failed",
                show_path(&file.paths.file)
            )),
            _ => None,
        };
        failure.lines.extend(self.leave()?);
        failure.lines.extend(rename);
        Err(failure)
    }
}
