//! An export: the pages of each group in order, into one output, with what is left of it when something goes wrong.

use std::io;
use std::sync::Arc;

use cometchat::{Error, RawRow};

use crate::ahead::{Ahead, Begun};
use crate::connect::Connected;
use crate::exit::{Exit, Failure};
use crate::explain::explain;
use crate::format::{Format, NoObject};
use crate::interrupt::Interrupt;
use crate::journal::{Mark, Remembered, Settings};
use crate::list::Source;
use crate::output::{Output, Unwritten};
use crate::part::{Names, Part};
use crate::plan::Plan;
use crate::printable::printable;
use crate::progress::Progress;
use crate::terminal::Screen;

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

/// A group that could not be listed to its end: which one, and what is said of it.
struct Lost {
    group: usize,
    what: String,
    more: Vec<String>,
}

/// An export in progress.
pub(crate) struct Exporter {
    plan: Plan,
    output: Output,
    format: Box<dyn Format>,
    /// Whether what comes before the first row is written.
    begun: bool,
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
        let (output, remembered) = open(&plan, connected, &progress)?;
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
        self.progress.aside(|| ());
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
                        self.lost.push(no_object(group, number, row));
                        break;
                    }
                }
                Some(Err(error)) => {
                    if refuses_the_key(&error) {
                        others = Others::Hopeless;
                    }
                    let explained = explain(&error, source.operation(), &self.plan.guids[group]);
                    let page = error
                        .page()
                        .map_or_else(String::new, |page| format!(", page {page}"));
                    self.lost.push(Lost {
                        group,
                        what: format!("{page}: {}", explained.what),
                        more: explained.more,
                    });
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
            Output::Part(part) => format!(", saved as {}", shown(&part.names().file)),
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
    fn leave(mut self) -> Result<Option<String>, Failure> {
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
                Ok(Some(format!(
                    "{} has the {rows} rows so far, in whole pages; the same command with --resume goes on",
                    shown(&names.part)
                )))
            }
            Output::Part(part) => {
                let part_name = shown(&part.names().part);
                part.discard().map_err(|error| {
                    Failure::failed(format!("{part_name} can't be removed: {error}"))
                })?;
                Ok(None)
            }
            mut output => {
                // A reader that is gone misses nothing.
                let _ = self.interrupt.while_writing(|| output.stream(&end));
                Ok((single && rows > 0).then(|| {
                    format!("The pages before page {page} are written; --start-page {page} goes on")
                }))
            }
        }
    }

    fn interrupted(self) -> Result<Exit, Failure> {
        let how = self.leave()?;
        eprintln!("interrupted");
        if let Some(how) = how {
            eprintln!("  {how}");
        }
        Ok(Exit::Interrupted)
    }

    /// The failure of an export of which some groups are missing.
    fn report(mut self) -> Result<Exit, Failure> {
        let lost = std::mem::take(&mut self.lost);
        let guids = self.plan.guids.clone();
        let rows = self.plan.request.kind.rows();
        let name = |group: usize| format!("{:?}", printable(&guids[group]));
        let open = self
            .standings
            .iter()
            .filter(|standing| !standing.done)
            .count();
        let mut failure = match lost.as_slice() {
            [only] if guids.len() == 1 => {
                let mut failure =
                    Failure::failed(format!("{rows} of {}{}", name(only.group), only.what));
                failure.lines.extend(only.more.iter().cloned());
                failure
            }
            lost => {
                let what = format!(
                    "{} of {} groups could not be listed to the end",
                    open,
                    guids.len()
                );
                let mut failure = Failure::failed(what);
                for one in lost {
                    failure = failure.advise(format!("{}{}", name(one.group), one.what));
                    failure
                        .lines
                        .extend(one.more.iter().map(|line| format!("  {line}")));
                }
                failure
            }
        };
        if open > lost.len() {
            let others = open - lost.len();
            failure = failure.advise(format!(
                "The key is refused, so {others} more were not asked for"
            ));
        }
        failure.lines.extend(self.leave()?);
        Err(failure)
    }
}

/// Whether the groups that are left are worth asking for.
#[derive(PartialEq, Eq)]
enum Others {
    GoOn,
    Hopeless,
}

/// Whether the service refuses the key, which it will do for each other group.
fn refuses_the_key(error: &Error) -> bool {
    let by_code = error
        .code()
        .is_some_and(|code| code.as_str().starts_with("AUTH_ERR_"));
    by_code || error.status() == Some(401)
}

fn no_object(group: usize, page: u32, row: usize) -> Lost {
    Lost {
        group,
        what: format!(", page {page}: row {} is no JSON object", row + 1),
        more: vec![
            "It has no fields to make columns of; --format ndjson writes it as it is".to_owned(),
        ],
    }
}

fn shown(path: &std::path::Path) -> String {
    printable(&path.display().to_string()).into_owned()
}

/// Opens the output, and what is remembered of it where it goes on.
fn open(
    plan: &Plan,
    connected: &Connected,
    progress: &Progress,
) -> Result<(Output, Option<Remembered>), Failure> {
    let Some(path) = &plan.output else {
        return Ok((Output::Stdout, None));
    };
    let refuse =
        |error: io::Error| Failure::usage(format!("{} can't be written: {error}", shown(path)));
    match std::fs::metadata(path) {
        Ok(there) if there.is_dir() => {
            let what = format!("{} is a folder", shown(path));
            return Err(Failure::usage(what).advise("Give the name of a file"));
        }
        Ok(there) if !there.is_file() => {
            let device = Output::device(path.clone()).map_err(refuse)?;
            return Ok((device, None));
        }
        _ => {}
    }
    let names = Names::new(path);
    let settings = plan.settings(connected);
    let remembered = names.remembered().map_err(refuse)?;
    if plan.resume && remembered.is_none() {
        progress.note(&format!(
            "there is no unfinished export in {}; it starts anew",
            shown(&names.part)
        ));
    }
    if !plan.resume
        && remembered
            .as_ref()
            .is_some_and(|remembered| remembered.bytes() > 0)
    {
        progress.note(&format!(
            "the unfinished export in {} is replaced; --resume would have gone on",
            shown(&names.part)
        ));
    }
    match remembered.filter(|_| plan.resume) {
        Some(remembered) => {
            agree(&remembered.settings, &settings, &names)?;
            let part = Part::go_on(names, &remembered).map_err(refuse)?;
            Ok((Output::Part(part), Some(remembered)))
        }
        None => {
            let part = Part::create(names, settings).map_err(refuse)?;
            Ok((Output::Part(part), None))
        }
    }
}

/// Refuses to go on with an export of something else.
fn agree(before: &Settings, now: &Settings, names: &Names) -> Result<(), Failure> {
    let value = |settings: &Settings, name: &str| match settings.get(name) {
        None | Some(serde_json::Value::Null) => "not given".to_owned(),
        Some(value) => printable(&value.to_string()).into_owned(),
    };
    let mut failure = Failure::usage(format!(
        "--resume can't go on with {}: it is of another export",
        shown(&names.part)
    ));
    let differing = now
        .iter()
        .filter(|(name, value)| before.get(*name) != Some(*value));
    for (name, _) in differing {
        let (then, now) = (value(before, name), value(now, name));
        failure = failure.advise(format!("{name}: {then} before, {now} now"));
    }
    if failure.lines.len() == 1 {
        return Ok(());
    }
    Err(failure.advise("Give the same arguments as before, or leave out --resume to start anew"))
}
