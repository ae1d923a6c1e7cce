//! Progress on stderr: one line that is redrawn on a terminal, or with `--verbose` a line for each request.

use std::fmt::Write;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use cometchat::{Event, Operation};
use console::Term;
use indicatif::{HumanCount, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use unicode_width::UnicodeWidthChar;

use super::sanitize::sanitize;
use super::{Screen, message, shorten};
use crate::args::Messages;

/// An export that takes less time shows no progress line.
const DELAY: Duration = Duration::from_millis(300);

const REDRAW: Duration = Duration::from_millis(100);

/// The rate is shown once the export has taken this long.
const RATE_AFTER: Duration = Duration::from_secs(1);

pub(crate) struct Progress {
    line: ProgressBar,
    visible: bool,
    messages: Messages,
    counts: Arc<Mutex<Counts>>,
}

struct Counts {
    started: Instant,
    groups: usize,
    /// The number of the current group, from 1.
    group: usize,
    guid: String,
    pages: u64,
    rows: u64,
    /// The reason of the current wait, and its end.
    wait: Option<(String, Instant)>,
}

impl Progress {
    /// The progress of an export of these groups. Nothing is shown before [`Progress::start`].
    pub(crate) fn new(messages: Messages, guids: &[String]) -> Self {
        let first = guids.first().map_or("", String::as_str);
        Self {
            line: ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden()),
            visible: Screen::stderr().terminal && !messages.quiet && !messages.verbose,
            messages,
            counts: Arc::new(Mutex::new(Counts {
                started: Instant::now(),
                groups: guids.len(),
                group: 1,
                guid: sanitize(first).into_owned(),
                pages: 0,
                rows: 0,
                wait: None,
            })),
        }
    }

    /// Shows the line after a short delay, until [`Progress::clear`]. To be called in a runtime.
    pub(crate) fn start(&self) {
        if !self.visible {
            return;
        }
        let (line, counts) = (self.line.clone(), Arc::clone(&self.counts));
        // One column stays free: some terminals wrap a line that fills the last one.
        let width = Screen::stderr().width.unwrap_or(80).saturating_sub(1);
        let columns = usize::from(Term::stderr().size().1);
        let text = move |_: &ProgressState, out: &mut dyn Write| {
            let text = lock(&counts).line(Instant::now());
            let text = shorten(&text, width.max(1));
            // indicatif would fill the line, from where the terminal's echo of Ctrl-C continues in the next line, and
            // clear that one. So the line is full already, and the cursor returns to its start.
            let width: usize = text.chars().filter_map(UnicodeWidthChar::width).sum();
            let rest = columns.saturating_sub(width);
            let _ = write!(out, "{text}{:rest$}\r", "");
        };
        tokio::spawn(async move {
            tokio::time::sleep(DELAY).await;
            if let Ok(style) = ProgressStyle::with_template("{line}") {
                line.set_style(style.with_key("line", text));
            }
            if !line.is_finished() {
                line.set_draw_target(ProgressDrawTarget::stderr());
                line.enable_steady_tick(REDRAW);
            }
        });
    }

    /// Notes that a group is the current one; `place` counts from 0.
    pub(crate) fn group(&self, place: usize, guid: &str) {
        let mut counts = lock(&self.counts);
        counts.group = place + 1;
        counts.guid = sanitize(guid).into_owned();
    }

    pub(crate) fn page(&self, rows: u64) {
        let mut counts = lock(&self.counts);
        counts.pages += 1;
        counts.rows += rows;
        counts.wait = None;
    }

    pub(crate) fn event(&self, event: &Event) {
        if self.messages.verbose {
            message(event_line(event));
        }
        let (reason, wait) = match event {
            Event::Throttled { wait, .. } => ("for the rate limit".to_owned(), *wait),
            Event::Attempt {
                status,
                page,
                retry_in: Some(wait),
                ..
            } => {
                let page = page.map_or_else(String::new, |page| format!(" page {page}"));
                let why = status.map_or("no response".to_owned(), |status| status.to_string());
                (format!("to retry{page} ({why})"), *wait)
            }
            _ => return,
        };
        lock(&self.counts).wait = Some((reason, Instant::now() + wait));
    }

    /// Runs `write`, which writes to the terminal, while the line is cleared.
    pub(crate) fn suspend<T>(&self, write: impl FnOnce() -> T) -> T {
        self.line.suspend(write)
    }

    /// Clears the line for good.
    pub(crate) fn clear(&self) {
        self.line.finish_and_clear();
    }

    /// Prints a note, unless `--quiet` is given.
    pub(crate) fn note(&self, note: &str) {
        if !self.messages.quiet {
            message(format_args!("note: {note}"));
        }
    }

    /// Prints the totals, if the line was to be shown or each request is, followed by `more`.
    pub(crate) fn totals(&self, more: &str) {
        if self.visible || self.messages.verbose {
            message(format_args!(
                "{}{more}",
                lock(&self.counts).totals(Instant::now())
            ));
        }
    }
}

fn lock(counts: &Mutex<Counts>) -> MutexGuard<'_, Counts> {
    counts.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Counts {
    fn line(&self, now: Instant) -> String {
        let mut line = String::new();
        if self.groups > 1 {
            line.push_str(&format!("[{}/{}] ", self.group, self.groups));
        }
        line.push_str(&format!("{}: {}", self.guid, self.totals(now)));
        if let Some((reason, end)) = self.wait.as_ref().filter(|(_, end)| *end > now) {
            let wait = end.saturating_duration_since(now).as_secs_f64();
            line.push_str(&format!(", waiting {wait:.1} s {reason}"));
        }
        line
    }

    /// The rows and the pages, and the rate once it is meaningful.
    fn totals(&self, now: Instant) -> String {
        let counted = |number: u64, one: &str| {
            let ending = if number == 1 { "" } else { "s" };
            format!("{} {one}{ending}", HumanCount(number))
        };
        let mut totals = format!(
            "{} in {}",
            counted(self.rows, "row"),
            counted(self.pages, "page")
        );
        let elapsed = now.saturating_duration_since(self.started);
        if elapsed >= RATE_AFTER && self.rows > 0 {
            let rate = self.rows as f64 / elapsed.as_secs_f64();
            totals.push_str(&format!(", {} rows/s", HumanCount(rate as u64)));
        }
        totals
    }
}

/// The line of an event. An event holds no key.
fn event_line(event: &Event) -> String {
    let call = |operation: &Operation, subjects: &[(&str, String)], page: &Option<u32>| {
        let mut call = operation.to_string();
        for (_, value) in subjects {
            call.push_str(&format!(" {}", sanitize(value)));
        }
        if let Some(page) = page {
            call.push_str(&format!(" page {page}"));
        }
        call
    };
    match event {
        Event::Attempt {
            operation,
            subjects,
            page,
            attempt,
            status,
            bytes,
            elapsed,
            retry_in,
            ..
        } => {
            let mut line = call(operation, subjects, page);
            if *attempt > 1 {
                line.push_str(&format!(", attempt {attempt}"));
            }
            match status {
                Some(status) => line.push_str(&format!(": {status}, {} bytes", HumanCount(*bytes))),
                None => line.push_str(": no response"),
            }
            line.push_str(&format!(", {} ms", elapsed.as_millis()));
            if let Some(wait) = retry_in {
                line.push_str(&format!("; retry in {} ms", wait.as_millis()));
            }
            line
        }
        Event::Throttled {
            operation,
            subjects,
            page,
            wait,
            ..
        } => format!(
            "{}: throttled for {} ms by the rate limit",
            call(operation, subjects, page),
            wait.as_millis()
        ),
        _ => "another event of a request".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_shows_counts_and_waits() {
        let started = Instant::now();
        let now = started + Duration::from_secs(2);
        let mut counts = Counts {
            started,
            groups: 1,
            group: 1,
            guid: "city".to_owned(),
            pages: 0,
            rows: 0,
            wait: None,
        };
        assert_eq!(counts.line(started), "city: 0 rows in 0 pages");
        (counts.pages, counts.rows) = (1, 1);
        assert_eq!(counts.line(started), "city: 1 row in 1 page");
        (counts.pages, counts.rows) = (12, 1_200);
        assert_eq!(counts.line(now), "city: 1,200 rows in 12 pages, 600 rows/s");
        (counts.groups, counts.group) = (3, 2);
        counts.wait = Some((
            "for the rate limit".to_owned(),
            now + Duration::from_secs(2),
        ));
        assert_eq!(
            counts.line(now),
            "[2/3] city: 1,200 rows in 12 pages, 600 rows/s, waiting 2.0 s for the rate limit"
        );
    }
}
