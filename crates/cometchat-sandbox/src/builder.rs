//! Configures a sandbox.

use std::time::Duration;

use crate::error::Error;
use crate::faults::fault::Fault;
use crate::faults::latency::Latency;
use crate::sandbox::Sandbox;
use crate::server::request::Request;
use crate::service::group::Group;
use crate::service::page::{FullLastPage, PageStyle, Totals};
use crate::service::quirks::Quirks;
use crate::service::rate_limit::{RateHeaders, RateLimit};
use crate::service::state::State;

/// Configures a sandbox; [`start`](Self::start) starts it.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use cometchat_sandbox::{ErrorBody, Fault, Group, Row, Sandbox, Totals};
///
/// let sandbox = Sandbox::builder()
///     .group(Group::new("team").members([Row::new("alice"), Row::new("bob")]))
///     .group(Group::generated("big", 100_000))
///     .totals(Totals::True)
///     .fault(Fault::error(502, ErrorBody::Html).on_page(3).times(2))
///     .start()
///     .await?;
/// # sandbox.stop().await;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
#[must_use = "a sandbox runs when it is started"]
pub struct Builder {
    port: u16,
    without_examples: bool,
    groups: Vec<Group>,
    quirks: Quirks,
    totals: Option<Totals>,
    full_last_page: FullLastPage,
    faults: Vec<Fault>,
    per_minute: Option<u32>,
    window: Option<Duration>,
    rate_headers: RateHeaders,
    on_request: Option<fn(&Request)>,
}

impl Builder {
    /// Adds a group. Of two groups with one GUID, the later one counts.
    pub fn group(mut self, group: Group) -> Self {
        self.groups.push(group);
        self
    }

    /// Leaves out the default groups: `supergroup` with the vendor's examples, and `city` with 2,500 members and 120
    /// banned users.
    pub fn without_examples(mut self) -> Self {
        self.without_examples = true;
        self
    }

    /// Answers without the quirks of the service, and with [`Totals::True`] by default.
    ///
    /// The quirks: escaped slashes in JSON, `Content-Encoding: none`, an empty `Server:` header, a `count` that is not the
    /// number of rows, a `cursor` beside `meta` for members and inside it for banned users.
    pub fn tidy(mut self) -> Self {
        self.quirks = Quirks::Tidy;
        self
    }

    /// Sets what `total` and `total_pages` mean. Default: [`Totals::LookAhead`], or [`Totals::True`] if
    /// [`tidy`](Self::tidy).
    pub fn totals(mut self, totals: Totals) -> Self {
        self.totals = Some(totals);
        self
    }

    /// Sets the `total_pages` of a last page that is exactly full, with [`Totals::LookAhead`]. Default:
    /// [`FullLastPage::Ends`].
    pub fn full_last_page(mut self, full_last_page: FullLastPage) -> Self {
        self.full_last_page = full_last_page;
        self
    }

    /// Adds a fault after those given before.
    pub fn fault(self, fault: Fault) -> Self {
        self.faults(fault)
    }

    /// Adds faults after those given before.
    pub fn faults(mut self, faults: impl Into<Vec<Fault>>) -> Self {
        self.faults.extend(faults.into());
        self
    }

    /// Delays each response by a [`Duration`], or by one within a range.
    pub fn latency(self, latency: impl Into<Latency>) -> Self {
        self.fault(Fault::latency(latency))
    }

    /// Sets the maximum requests per minute; the others get a 429.
    ///
    /// By default the headers show the documented 20,000 per minute, and no request is rejected.
    pub fn rate_limit(mut self, per_minute: u32) -> Self {
        self.per_minute = Some(per_minute);
        self
    }

    /// Sets the length of the window that [`rate_limit`](Self::rate_limit) counts in, so that a test need not wait for a
    /// minute. Default: 60 s.
    pub fn rate_window(mut self, window: Duration) -> Self {
        self.window = Some(window);
        self
    }

    /// Sets the spelling of the rate limit headers. Default: [`RateHeaders::A`].
    pub fn rate_headers(mut self, headers: RateHeaders) -> Self {
        self.rate_headers = headers;
        self
    }

    /// Calls a function with each request before its response is sent, such as to log it: a [`Request`] displays as a line.
    ///
    /// ```
    /// use cometchat_sandbox::Sandbox;
    ///
    /// let logged = Sandbox::builder().on_request(|request| eprintln!("{request}"));
    /// # let _ = logged;
    /// ```
    pub fn on_request(mut self, log: fn(&Request)) -> Self {
        self.on_request = Some(log);
        self
    }

    /// Sets the TCP port; 0, the default, picks a free one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Starts the sandbox. It accepts requests when this returns.
    ///
    /// # Errors
    ///
    /// A fault is invalid, the port can't be opened, or no thread can be started.
    pub async fn start(self) -> Result<Sandbox, Error> {
        self.start_blocking()
    }

    /// Starts the sandbox from code that is not `async`; needs no runtime.
    ///
    /// # Errors
    ///
    /// As [`start`](Self::start).
    pub fn start_blocking(self) -> Result<Sandbox, Error> {
        self.faults.iter().try_for_each(Fault::check)?;
        let totals = self.totals.unwrap_or(match self.quirks {
            Quirks::Observed => Totals::LookAhead,
            Quirks::Tidy => Totals::True,
        });
        let style = PageStyle {
            quirks: self.quirks,
            totals,
            full_last_page: self.full_last_page,
        };
        let mut groups = Vec::new();
        if !self.without_examples {
            groups.push(Group::documented());
            groups.push(Group::generated("city", 2_500).generated_banned(120));
        }
        groups.extend(self.groups);
        let window = self.window.unwrap_or(Duration::from_secs(60));
        let rate_limit = RateLimit::new(self.per_minute, window);
        let mut state = State::new(style, self.rate_headers, rate_limit, groups, self.faults);
        state.on_request = self.on_request;
        Sandbox::run(self.port, state)
    }
}
