//! What is said on stderr meanwhile: one line that is kept up to date on a terminal, or a line for each request.

use std::io::Write;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use cometchat::Event;

use crate::args::Talk;
use crate::format::shorten;
use crate::printable::printable;
use crate::terminal::{Screen, say};

/// A list that is there within this time needs no progress line.
const PATIENCE: Duration = Duration::from_millis(300);

/// How often the line is drawn.
const REDRAW: Duration = Duration::from_millis(100);

/// How fast rows come can be told after this time.
const TELLING: Duration = Duration::from_secs(1);

/// The progress of an export.
pub(crate) struct Progress {
    screen: Screen,
    /// Whether the line is drawn.
    line: bool,
    quiet: bool,
    /// Whether each request is told.
    verbose: bool,
    groups: usize,
    started: Instant,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// The group whose turn it is, counted from 1.
    group: usize,
    guid: String,
    pages: u64,
    rows: u64,
    /// What is waited for, and until when.
    waiting: Option<(String, Instant)>,
    /// Whether the line is on the screen.
    shown: bool,
    /// Whether all has been said.
    stopped: bool,
}

impl Progress {
    /// The progress of an export of these groups.
    pub(crate) fn new(talk: Talk, guids: &[String]) -> Self {
        let first = guids.first().map_or("", String::as_str);
        let state = State {
            group: 1,
            guid: printable(first).into_owned(),
            ..State::default()
        };
        let screen = Screen::of_stderr();
        Self {
            screen,
            line: screen.terminal && !talk.quiet && !talk.verbose,
            quiet: talk.quiet,
            verbose: talk.verbose,
            groups: guids.len(),
            started: Instant::now(),
            state: Mutex::new(state),
        }
    }

    /// Keeps the line up to date for as long as this is polled.
    pub(crate) async fn keep(&self) {
        if !self.line {
            std::future::pending::<()>().await;
        }
        loop {
            tokio::time::sleep(REDRAW).await;
            self.draw();
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// It is this group's turn.
    pub(crate) fn group(&self, place: usize, guid: &str) {
        let mut state = self.state();
        state.group = place + 1;
        state.guid = printable(guid).into_owned();
    }

    /// A page has been written.
    pub(crate) fn page(&self, rows: u64) {
        let mut state = self.state();
        state.pages += 1;
        state.rows += rows;
        state.waiting = None;
    }

    /// Something happened to a request.
    pub(crate) fn report(&self, report: &Event) {
        if self.verbose {
            say(request_line(report));
        }
        let (what, wait) = match report {
            Event::Throttled { wait, .. } => ("for the rate limit".to_owned(), *wait),
            Event::Attempt {
                status,
                page,
                retry_in: Some(wait),
                ..
            } => {
                let page = page.map_or_else(String::new, |page| format!(" page {page}"));
                let why = status.map_or("no answer".to_owned(), |status| status.to_string());
                (format!("to ask for{page} again ({why})"), *wait)
            }
            _ => return,
        };
        self.state().waiting = Some((what, Instant::now() + wait));
    }

    /// Does something with the line off the screen, which stays off meanwhile.
    pub(crate) fn aside<T>(&self, act: impl FnOnce() -> T) -> T {
        let mut state = self.state();
        if state.shown {
            // A terminal that is gone has nobody to tell.
            let _ = std::io::stderr().write_all(b"\r\x1b[K");
            state.shown = false;
        }
        act()
    }

    /// Takes the line off the screen for good.
    pub(crate) fn stop(&self) {
        self.state().stopped = true;
        self.aside(|| ());
    }

    /// Says something that is no warning, unless nothing is to be said.
    pub(crate) fn note(&self, line: &str) {
        if !self.quiet {
            say(format_args!("note: {line}"));
        }
    }

    /// Says how it ended, where somebody watches.
    pub(crate) fn end(&self, more: &str) {
        let state = self.state();
        if self.line {
            let totals = totals(state.rows, state.pages, self.elapsed());
            say(format_args!("{totals}{more}"));
        }
    }

    fn draw(&self) {
        if self.elapsed() < PATIENCE {
            return;
        }
        let mut state = self.state();
        if state.stopped {
            return;
        }
        let line = state.line(self.groups, self.elapsed(), Instant::now());
        // The last column is left free: some terminals go to the next line there.
        let width = self.screen.width.unwrap_or(80).saturating_sub(1);
        let line = shorten(&line, width.max(1));
        let _ = std::io::stderr().write_all(format!("\r{line}\u{1b}[K").as_bytes());
        state.shown = true;
    }
}

impl State {
    fn line(&self, groups: usize, elapsed: Duration, now: Instant) -> String {
        let mut line = String::new();
        if groups > 1 {
            line.push_str(&format!("[{}/{groups}] ", self.group));
        }
        line.push_str(&self.guid);
        line.push_str(": ");
        if self.pages == 0 {
            line.push_str("no page yet");
        } else {
            line.push_str(&totals(self.rows, self.pages, elapsed));
        }
        let waiting = self.waiting.as_ref().filter(|(_, until)| *until > now);
        if let Some((what, until)) = waiting {
            let wait = until.saturating_duration_since(now).as_secs_f64();
            line.push_str(&format!(", waiting {wait:.1} s {what}"));
        }
        line
    }
}

/// So many rows in so many pages, and, where it took long enough to tell, how fast they came.
fn totals(rows: u64, pages: u64, elapsed: Duration) -> String {
    let counted = |number: u64, one: &str, more: &str| {
        format!(
            "{} {}",
            grouped(number),
            if number == 1 { one } else { more }
        )
    };
    let mut totals = format!(
        "{} in {}",
        counted(rows, "row", "rows"),
        counted(pages, "page", "pages")
    );
    if elapsed >= TELLING {
        let rate = rows as f64 / elapsed.as_secs_f64();
        totals.push_str(&format!(", {} rows/s", grouped(rate as u64)));
    }
    totals
}

/// A number with a comma between thousands.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut shown = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

/// One line on one request. A report holds no secret.
fn request_line(report: &Event) -> String {
    let place = |operation: &str, page: &Option<u32>| match page {
        Some(page) => format!("{operation} page {page}"),
        None => operation.to_owned(),
    };
    match report {
        Event::Attempt {
            operation,
            page,
            attempt,
            status,
            bytes,
            elapsed,
            retry_in,
            ..
        } => {
            let mut line = place(operation, page);
            if *attempt > 1 {
                line.push_str(&format!(", attempt {attempt}"));
            }
            match status {
                Some(status) => line.push_str(&format!(": {status}, {} bytes", grouped(*bytes))),
                None => line.push_str(": no answer"),
            }
            line.push_str(&format!(", {} ms", elapsed.as_millis()));
            if let Some(wait) = retry_in {
                line.push_str(&format!("; again in {} ms", wait.as_millis()));
            }
            line
        }
        Event::Throttled {
            operation,
            page,
            wait,
            ..
        } => format!(
            "{}: held back {} ms by the rate limit",
            place(operation, page),
            wait.as_millis()
        ),
        _ => String::from("something else happened to a request"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_told_apart() {
        for (number, shown) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(grouped(number), shown);
        }
    }

    #[test]
    fn the_line_says_what_is_waited_for() {
        let now = Instant::now();
        let none = State {
            guid: "city".to_owned(),
            ..State::default()
        };
        assert_eq!(none.line(1, Duration::ZERO, now), "city: no page yet");
        let mut state = State {
            group: 2,
            guid: "city".to_owned(),
            pages: 12,
            rows: 1_200,
            ..State::default()
        };
        let two = Duration::from_secs(2);
        assert_eq!(
            state.line(1, two, now),
            "city: 1,200 rows in 12 pages, 600 rows/s"
        );
        state.waiting = Some(("for the rate limit".to_owned(), now + two));
        assert_eq!(
            state.line(3, two, now),
            "[2/3] city: 1,200 rows in 12 pages, 600 rows/s, waiting 2.0 s for the rate limit"
        );
    }
}
