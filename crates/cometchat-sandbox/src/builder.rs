//! A sandbox to be.

use std::time::Duration;

use crate::error::Error;
use crate::faults::fault::Fault;
use crate::faults::latency::Latency;
use crate::faults::set::Faults;
use crate::sandbox::Sandbox;
use crate::service::group::Group;
use crate::service::key::KeyKind;
use crate::service::page::{FullLastPage, PageStyle, Totals};
use crate::service::quirks::Manner;
use crate::service::rate_limit::{RateHeaders, RateLimit};
use crate::service::state::State;

/// What a sandbox will be like when it is started.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use cometchat_sandbox::{ErrorBody, Fault, Group, Row, Sandbox, Totals};
///
/// let sandbox = Sandbox::builder()
///     .group(Group::new("team").members([Row::new("alice"), Row::new("bob")]))
///     .generated_group("big", 100_000)
///     .totals(Totals::True)
///     .fault(Fault::error(502, ErrorBody::Html).on_page(3).times(2))
///     .start()
///     .await?;
/// # sandbox.stop().await;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a sandbox runs when it is started"]
pub struct Builder {
    port: u16,
    examples: bool,
    groups: Vec<Group>,
    manner: Manner,
    totals: Option<Totals>,
    full_last_page: FullLastPage,
    faults: Faults,
    per_minute: Option<u32>,
    window: Duration,
    rate_headers: RateHeaders,
    key_kind: KeyKind,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            port: 0,
            examples: true,
            groups: Vec::new(),
            manner: Manner::default(),
            totals: None,
            full_last_page: FullLastPage::default(),
            faults: Faults::default(),
            per_minute: None,
            window: Duration::from_secs(60),
            rate_headers: RateHeaders::default(),
            key_kind: KeyKind::default(),
        }
    }
}

impl Builder {
    /// With this group too; of two groups of one id the later one is there.
    pub fn group(mut self, group: Group) -> Self {
        self.groups.push(group);
        self
    }

    /// With a group of so many generated members, and nobody banned: [`Group::generated`].
    pub fn generated_group(self, guid: impl Into<String>, members: u32) -> Self {
        self.group(Group::generated(guid, members))
    }

    /// Without the groups that are there from the start: `supergroup` with the vendor's examples, and `city` with 2,500
    /// members and 120 banned users.
    pub fn without_examples(mut self) -> Self {
        self.examples = false;
        self
    }

    /// As the service was seen to answer, which is what a sandbox does unless it is told to be [`tidy`](Self::tidy):
    /// slashes in JSON escaped, `Content-Encoding: none`, an empty `Server:`, a `count` that is not the number of rows, a
    /// `cursor` beside `meta` for members and inside it for banned users.
    pub fn observed(mut self) -> Self {
        self.manner = Manner::Observed;
        self
    }

    /// Without the habits of [`observed`](Self::observed), and with [`Totals::True`] unless others are chosen.
    pub fn tidy(mut self) -> Self {
        self.manner = Manner::Tidy;
        self
    }

    /// What `total` and `total_pages` say; [`Totals::LookAhead`] if nothing is said here.
    pub fn totals(mut self, totals: Totals) -> Self {
        self.totals = Some(totals);
        self
    }

    /// What `total_pages` says, looking ahead, of a last page that is exactly full; [`FullLastPage::Ends`] if nothing is
    /// said here.
    pub fn full_last_page(mut self, full_last_page: FullLastPage) -> Self {
        self.full_last_page = full_last_page;
        self
    }

    /// With this fault, after those that were given before.
    pub fn fault(self, fault: Fault) -> Self {
        self.faults(fault)
    }

    /// With these faults, after those that were given before: a script, rates, or what was read from text.
    pub fn faults(mut self, faults: impl Into<Faults>) -> Self {
        self.faults = self.faults.and(faults);
        self
    }

    /// With each answer held back by that time, or by one within that range.
    pub fn latency(self, latency: impl Into<Latency>) -> Self {
        self.fault(Fault::latency(latency))
    }

    /// With no more than so many requests a minute answered, the others refused with a 429.
    ///
    /// If nothing is said here, headers tell of the 20,000 a minute that are documented, and nothing is refused.
    pub fn rate_limit(mut self, per_minute: u32) -> Self {
        self.per_minute = Some(per_minute);
        self
    }

    /// With a minute of that length, so that a test need not wait for a whole one.
    pub fn rate_window(mut self, window: Duration) -> Self {
        self.window = window;
        self
    }

    /// Which headers tell of the rate limit; [`RateHeaders::A`] if nothing is said here.
    pub fn rate_headers(mut self, headers: RateHeaders) -> Self {
        self.rate_headers = headers;
        self
    }

    /// Which kind of key [`Sandbox::api_key`] gives; one with full access if nothing is said here.
    pub fn key_kind(mut self, kind: KeyKind) -> Self {
        self.key_kind = kind;
        self
    }

    /// On this port; on a free one if it is 0, or if nothing is said here.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Starts it; it can be asked when this returns.
    ///
    /// # Errors
    ///
    /// A fault or a rate can't be, the port can't be opened, or no thread can be started.
    pub async fn start(self) -> Result<Sandbox, Error> {
        self.start_blocking()
    }

    /// Starts it without a future, for tests that are not `async`; no runtime is needed.
    ///
    /// # Errors
    ///
    /// As [`start`](Self::start).
    pub fn start_blocking(self) -> Result<Sandbox, Error> {
        self.faults.check()?;
        let totals = self.totals.unwrap_or(match self.manner {
            Manner::Observed => Totals::LookAhead,
            Manner::Tidy => Totals::True,
        });
        let style = PageStyle {
            manner: self.manner,
            totals,
            full_last_page: self.full_last_page,
        };
        let mut groups = Vec::new();
        if self.examples {
            groups.push(Group::documented());
            groups.push(Group::generated("city", 2_500).generated_banned(120));
        }
        groups.extend(self.groups);
        let rate_limit = RateLimit::new(self.per_minute, self.window);
        let state = State::new(style, self.rate_headers, rate_limit, groups, self.faults);
        Sandbox::run(self.port, self.key_kind, state)
    }
}
