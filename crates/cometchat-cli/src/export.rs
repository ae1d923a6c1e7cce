//! An export: the pages of each group in order, into one output, with what is left of it when something goes wrong.

use std::sync::Arc;

use cometchat::RawRow;

use crate::ahead::{Ahead, Begun};
use crate::connect::Connected;
use crate::exit::{Exit, Failure};
use crate::format::{Format, NoObject};
use crate::interrupt::Interrupt;
use crate::journal::Mark;
use crate::list::Source;
use crate::lost::{self, Lost};
use crate::output::{Output, Unwritten};
use crate::part::shown;
use crate::plan::Plan;
use crate::progress::{Progress, grouped};
use crate::resume;
use crate::terminal::{Screen, say};

/// How far a group is.
#[derive(Clone, Copy)]
struct Standing {
    next_page: u32,
    rows: u64,
    done: bool,
}

/// Why the groups were not all read.
enum Stopped {
    /// Somebody pressed Ctrl-C.
    Interrupted,
    /// Whoever read the rows has had enough.
    Closed,
    Failed(Failure),
}

impl From<Unwritten> for Stopped {
    fn from(unwritten: Unwritten) -> Self {
        match unwritten {
            Unwritten::Closed => Self::Closed,
            Unwritten::Failed(failure) => Self::Failed(failure),
        }
    }
}

/// An export in progress.
pub(crate) struct Exporter {
    plan: Plan,
    output: Output,
    format: Box<dyn Format>,
    /// Whether what comes before the first row is written.
    begun: bool,
    /// Rows that were there before this run.
    rows_before: u64,
    standings: Vec<Standing>,
    lost: Vec<Lost>,
    duplicates: u64,
    progress: Arc<Progress>,
    interrupt: Interrupt,
    page: Vec<u8>,
}

impl Exporter {
    /// Opens the output, and finds out where to go on. Nothing is sent. To be called in a runtime.
    pub(crate) fn new(
        plan: Plan,
        connected: &Connected,
        progress: Arc<Progress>,
    ) -> Result<Self, Failure> {
        let fresh = Standing {
            next_page: plan.start_page,
            rows: 0,
            done: false,
        };
        let mut standings = vec![fresh; plan.guids.len()];
        let (output, remembered) = resume::open(&plan, connected, &progress)?;
        let marks = remembered.map_or_else(Vec::new, |remembered| remembered.marks);
        let begun = marks.last().is_some_and(|mark| mark.bytes > 0);
        for mark in marks {
            if let Some(standing) = standings.get_mut(mark.group) {
                *standing = Standing {
                    next_page: mark.next_page,
                    rows: mark.rows,
                    done: mark.done,
                };
            }
        }
        let rows: u64 = standings.iter().map(|standing| standing.rows).sum();
        Ok(Self {
            format: plan.format(rows > 0),
            rows_before: rows,
            plan,
            output,
            begun,
            standings,
            lost: Vec::new(),
            duplicates: 0,
            progress,
            interrupt: Interrupt::listen(),
            page: Vec::new(),
        })
    }

    /// Reads and writes all pages.
    pub(crate) async fn run(mut self, connected: &Connected) -> Result<Exit, Failure> {
        let stopped = self.groups(connected).await;
        self.progress.stop();
        if self.duplicates > 0 {
            let rows = if self.duplicates == 1 {
                "row was"
            } else {
                "rows were"
            };
            self.progress.note(&format!(
                "{} {rows} dropped: the same user came before",
                self.duplicates
            ));
        }
        match stopped {
            Ok(()) if self.lost.is_empty() => self.finish(),
            Ok(()) => self.report(),
            Err(Stopped::Closed) => Ok(Exit::Done),
            Err(Stopped::Interrupted) => self.interrupted(),
            Err(Stopped::Failed(failure)) => Err(failure),
        }
    }

    async fn groups(&mut self, connected: &Connected) -> Result<(), Stopped> {
        let (client, request) = (connected.client.clone(), self.plan.request.clone());
        let (limit, guids) = (self.plan.limit, self.plan.guids.clone());
        let standings = self.standings.clone().into_iter().enumerate();
        let sources =
            standings
                .filter(|(_, standing)| !standing.done)
                .map(move |(group, standing)| {
                    let given = usize::try_from(standing.rows).unwrap_or(usize::MAX);
                    let limit = limit.map(|limit| limit.saturating_sub(given));
                    let source = request.pages(&client, &guids[group], standing.next_page, limit);
                    (group, source)
                });
        let mut ahead = Ahead::new(sources, self.plan.prefetch);
        loop {
            let begun = tokio::select! {
                begun = ahead.next() => begun,
                () = self.interrupt.pressed() => return Err(Stopped::Interrupted),
            };
            let Some(begun) = begun else {
                return Ok(());
            };
            self.progress
                .group(begun.group, &self.plan.guids[begun.group]);
            if self.group(begun, || ahead.left()).await? == Others::Hopeless {
                return Ok(());
            }
        }
    }

    /// Reads one group to its end, or to an error, which is kept for the end of the export.
    async fn group(&mut self, begun: Begun, left: impl Fn() -> usize) -> Result<Others, Stopped> {
        let Begun {
            group,
            mut source,
            first,
        } = begun;
        let mut fetched = first;
        let mut others = Others::GoOn;
        loop {
            match fetched {
                None => {
                    self.standings[group].done = true;
                    self.write(group, &[])?;
                    break;
                }
                Some(Ok(page)) => {
                    let number = page.number;
                    if let Err(NoObject(row)) = self.take(group, &page.items, source.as_ref())? {
                        self.lost.push(Lost::to_row(group, number, row));
                        break;
                    }
                }
                Some(Err(error)) => {
                    let guid = &self.plan.guids[group];
                    let lost = Lost::to_error(group, guid, source.operation(), &error);
                    if lost.refuses_the_key {
                        others = Others::Hopeless;
                    }
                    self.lost.push(lost);
                    break;
                }
            }
            source.set_prefetch(left());
            fetched = tokio::select! {
                fetched = source.next() => fetched,
                () = self.interrupt.pressed() => return Err(Stopped::Interrupted),
            };
        }
        self.duplicates += source.progress().duplicates;
        Ok(others)
    }

    /// Writes the rows of a page, and notes how far the group is.
    fn take(
        &mut self,
        group: usize,
        rows: &[RawRow],
        source: &dyn Source,
    ) -> Result<Result<(), NoObject>, Stopped> {
        let mut page = std::mem::take(&mut self.page);
        page.clear();
        if !self.begun {
            self.format.begin(&mut page);
        }
        let formatted = self.format.page(&self.plan.guids[group], rows, &mut page);
        if formatted.is_ok() {
            self.begun = true;
            let standing = &mut self.standings[group];
            standing.next_page = source.next_page();
            standing.rows += rows.len() as u64;
            self.write(group, &page)?;
            self.progress.page(rows.len() as u64);
        }
        self.page = page;
        Ok(formatted)
    }

    fn write(&mut self, group: usize, page: &[u8]) -> Result<(), Stopped> {
        let Standing {
            next_page,
            rows,
            done,
        } = self.standings[group];
        let mark = Mark {
            group,
            next_page,
            rows,
            done,
            bytes: 0,
        };
        let (output, interrupt) = (&mut self.output, &self.interrupt);
        let written = if matches!(output, Output::Stdout) && Screen::of_stdout().terminal {
            self.progress.aside(|| output.page(page, mark, interrupt))
        } else {
            output.page(page, mark, interrupt)
        };
        Ok(written?)
    }

    /// What comes after the last row, and before it where there is none.
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
            Output::Part(part) => {
                let rows: u64 = self.standings.iter().map(|standing| standing.rows).sum();
                let all = if self.rows_before > 0 {
                    format!(", {} in all", grouped(rows))
                } else {
                    String::new()
                };
                format!("{all}, saved as {}", shown(&part.names().file))
            }
            _ => String::new(),
        };
        match self.output.finish(&end, &self.interrupt) {
            Ok(()) => {
                self.progress.end(&saved);
                Ok(Exit::Done)
            }
            Err(Unwritten::Closed) => Ok(Exit::Done),
            Err(Unwritten::Failed(failure)) => Err(failure),
        }
    }

    /// Leaves what there is in a state to go on with, and says how; nothing where there is nothing to go on with.
    fn leave(mut self) -> Result<Vec<String>, Failure> {
        let rows: u64 = self.standings.iter().map(|standing| standing.rows).sum();
        let something = self.begun || self.standings.iter().any(|standing| standing.done);
        let single = self.plan.guids.len() == 1;
        let page = self.standings[0].next_page;
        let end = if something { self.end() } else { Vec::new() };
        match self.output {
            Output::Part(part) if something => {
                let names = part.names().clone();
                let left = Output::Part(part).leave(&end);
                if let Err(Unwritten::Failed(failure)) = left {
                    return Err(failure);
                }
                Ok(vec![
                    format!(
                        "{} has the rows so far, {} of them, in whole pages",
                        shown(&names.part),
                        grouped(rows)
                    ),
                    "The same command with --resume goes on".to_owned(),
                ])
            }
            Output::Part(part) => {
                let part_name = shown(&part.names().part);
                part.discard().map_err(|error| {
                    Failure::failed(format!("{part_name} can't be removed: {error}"))
                })?;
                Ok(Vec::new())
            }
            mut output => {
                // A reader that is gone misses nothing.
                let _ = self.interrupt.while_writing(|| output.stream(&end));
                let way_on = (single && rows > 0).then(|| {
                    format!("The pages before page {page} are written; --start-page {page} goes on")
                });
                Ok(way_on.into_iter().collect())
            }
        }
    }

    fn interrupted(self) -> Result<Exit, Failure> {
        let how = self.leave()?;
        let mut lines = vec!["interrupted".to_owned()];
        lines.extend(how);
        say(lines.join("\n  "));
        Ok(Exit::Interrupted)
    }

    /// The failure of an export of which some groups are missing.
    fn report(self) -> Result<Exit, Failure> {
        let standings = &self.standings;
        let open = standings.iter().filter(|standing| !standing.done).count();
        let kind = self.plan.request.kind;
        let mut failure = lost::failure(kind, &self.plan.guids, open, &self.lost);
        // Nothing of the groups that failed is there, and all of the others.
        let whole = open < standings.len()
            && standings
                .iter()
                .all(|standing| standing.done || standing.rows == 0);
        let as_it_is = match &self.output {
            Output::Part(part) if whole => Some(format!(
                "Or rename it to {}, without the groups that failed",
                shown(&part.names().file)
            )),
            _ => None,
        };
        failure.lines.extend(self.leave()?);
        failure.lines.extend(as_it_is);
        Err(failure)
    }
}

/// Whether the groups that are left are worth asking for.
#[derive(PartialEq, Eq)]
enum Others {
    GoOn,
    Hopeless,
}
