//! One fault, and the requests that it applies to.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderName, HeaderValue};

use crate::error::Error;
use crate::faults::chance::chance;
use crate::faults::latency::Latency;
use cometchat_client::Operation;

/// A fault to inject, and the requests that it applies to.
///
/// A fault applies to every request unless restricted: [`on_page`](Self::on_page), [`in_group`](Self::in_group),
/// [`on_list`](Self::on_list), [`times`](Self::times), [`attempts`](Self::attempts), [`share`](Self::share). Of several
/// that match, the first one given takes effect; a latency takes effect in addition to another one.
///
/// ```
/// use cometchat_sandbox::{ErrorBody, Fault};
///
/// // Page 3 fails twice with a gateway's page, then works.
/// let fault = Fault::error(502, ErrorBody::Html).on_page(3).times(2);
/// assert_eq!(fault.to_string(), "502-html@page=3,times=2");
/// assert_eq!(fault, "502-html@page=3,times=2".parse::<Fault>()?);
/// # Ok::<(), cometchat_sandbox::Error>(())
/// ```
///
/// As text, a fault is a kind, and after an `@` the requests it applies to: `page=3`, `group=city`, `list=members` or
/// `list=banned`, `times=2`, `attempts=1`, `share=0.1`, `seed=7`, separated by commas. The parse error lists the kinds.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    pub(crate) effect: Effect,
    pub(super) on: On,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Effect {
    Latency(Latency),
    Hang,
    HangInBody,
    TooManyRequests(WaitHeaders, u64),
    Error(u16, ErrorBody),
    ApiError(u16, String),
    Reset(ResetAt),
    CutShort,
    RepeatPage,
    EndlessPages,
    EmptyPages,
    Redirect(String),
    Body(Custom),
}

/// A response that a test defines.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Custom {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Bytes,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct On {
    pub(super) page: Option<u64>,
    pub(super) group: Option<String>,
    pub(super) list: Option<Operation>,
    pub(super) times: Option<u32>,
    pub(super) attempts: Option<u32>,
    pub(super) share: Option<f64>,
    pub(super) seed: u64,
}

/// A request as faults see it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    /// The list and the GUID, if the path is a list's.
    pub(crate) list: Option<(Operation, &'a str)>,
    pub(crate) page: Option<u64>,
    /// Number of requests for this page, this one included.
    pub(crate) attempt: u32,
}

/// The headers with the retry delay of a 429.
///
/// The reset is the time of the response plus the delay, in unix seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WaitHeaders {
    /// `X-RateLimit-Limit`, `-Remaining: 0`, `-Reset`, and `Retry-After` in seconds: observed.
    A,
    /// `X-Rate-Limit`, `X-Rate-Limit-Remaining: 0`, `X-Rate-Limit-Reset`, and `Retry-After` in seconds: documented.
    B,
    /// `Retry-After` alone, in seconds.
    RetryAfterSeconds,
    /// `Retry-After` alone, as a date.
    RetryAfterDate,
    /// `X-RateLimit-Reset` alone.
    ResetA,
    /// `X-Rate-Limit-Reset` alone.
    ResetB,
    /// No header.
    None,
}

/// The body of an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorBody {
    /// The service's error envelope, with the code documented for the status, or the closest one.
    Json,
    /// A gateway's JSON, without `error`.
    ForeignJson,
    /// A gateway's HTML page.
    Html,
    /// An empty body.
    Empty,
    /// `{}`, observed with a 404.
    Braces,
}

/// The moment at which a connection is reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResetAt {
    /// Before the response.
    BeforeHeaders,
    /// After the headers, before the body.
    AfterHeaders,
    /// After half of the body.
    InBody,
}

impl Fault {
    /// A fault with this effect, on every request.
    pub(crate) fn of(effect: Effect) -> Self {
        Self {
            effect,
            on: On::default(),
        }
    }

    /// Returns faults of all kinds that a retry should recover from: about 10 % 429, 5 % 5xx, 5 % resets and 5 % bodies cut
    /// short. A 429 demands no wait, so that long runs stay short.
    ///
    /// ```
    /// use cometchat_sandbox::{Fault, Sandbox};
    ///
    /// let unreliable = Sandbox::builder().faults(Fault::mixed(7));
    /// # let _ = unreliable;
    /// ```
    pub fn mixed(seed: u64) -> Vec<Self> {
        let throttled = WaitHeaders::ALL.map(|(_, headers)| Effect::TooManyRequests(headers, 0));
        let failed = [500, 502, 503, 504]
            .map(|status| ErrorBody::ALL.map(|(_, body)| Effect::Error(status, body)));
        let reset = [
            ResetAt::BeforeHeaders,
            ResetAt::AfterHeaders,
            ResetAt::InBody,
        ]
        .map(Effect::Reset);
        let of = |share: f64, effects: &[Effect]| -> Vec<Self> {
            let of = |effect: &Effect| Self::of(effect.clone()).share(share).seed(seed);
            effects.iter().map(of).collect()
        };
        [
            of(0.014, &throttled),
            of(0.0025, failed.as_flattened()),
            of(0.017, &reset),
            of(0.05, &[Effect::CutShort]),
        ]
        .concat()
    }

    /// Delays the response by a [`Duration`], or by one within a range.
    pub fn latency(latency: impl Into<Latency>) -> Self {
        Self::of(Effect::Latency(latency.into()))
    }

    /// Sends no response; the connection stays open until the client or the sandbox closes it.
    pub fn hang() -> Self {
        Self::of(Effect::Hang)
    }

    /// Sends the headers and half of the body, and then nothing.
    pub fn hang_in_body() -> Self {
        Self::of(Effect::HangInBody)
    }

    /// Answers with a 429 whose headers give this retry delay, in whole seconds.
    pub fn too_many_requests(headers: WaitHeaders, wait: Duration) -> Self {
        Self::of(Effect::TooManyRequests(headers, wait.as_secs()))
    }

    /// Answers with an error of this status, 400 to 599.
    pub fn error(status: u16, body: ErrorBody) -> Self {
        Self::of(Effect::Error(status, body))
    }

    /// Answers with an error of this status, 400 to 599, and this code in the service's envelope.
    pub fn refusal(status: u16, code: impl Into<String>) -> Self {
        Self::of(Effect::ApiError(status, code.into()))
    }

    /// Resets the connection (TCP RST), as a load balancer may.
    pub fn reset(at: ResetAt) -> Self {
        Self::of(Effect::Reset(at))
    }

    /// Sends half of the body, less than `Content-Length` says, and closes the connection.
    pub fn cut_short() -> Self {
        Self::of(Effect::CutShort)
    }

    /// Repeats rows: each page has the rows of page 1, or, if the fault applies to one page only, of the page before it.
    pub fn repeat_page() -> Self {
        Self::of(Effect::RepeatPage)
    }

    /// Makes the list endless: each page is full of new rows, and says that there is another one.
    pub fn endless_pages() -> Self {
        Self::of(Effect::EndlessPages)
    }

    /// Makes each page empty, with the hint that there is another one.
    pub fn empty_pages() -> Self {
        Self::of(Effect::EmptyPages)
    }

    /// Answers with a 302 to this location.
    pub fn redirect(location: impl Into<String>) -> Self {
        Self::of(Effect::Redirect(location.into()))
    }

    /// Answers with a status from 200 to 599, headers in addition to `Content-Length`, and any bytes.
    ///
    /// It has no textual form.
    pub fn body<N: Into<String>, V: Into<String>>(
        status: u16,
        headers: impl IntoIterator<Item = (N, V)>,
        body: impl Into<Bytes>,
    ) -> Self {
        let headers = headers.into_iter();
        let headers = headers.map(|(name, value)| (name.into(), value.into()));
        Self::of(Effect::Body(Custom {
            status,
            headers: headers.collect(),
            body: body.into(),
        }))
    }

    /// Restricts the fault to this page.
    #[must_use]
    pub fn on_page(mut self, page: u64) -> Self {
        self.on.page = Some(page);
        self
    }

    /// Restricts the fault to this group.
    #[must_use]
    pub fn in_group(mut self, guid: impl Into<String>) -> Self {
        self.on.group = Some(guid.into().to_lowercase());
        self
    }

    /// Restricts the fault to this list.
    #[must_use]
    pub fn on_list(mut self, list: Operation) -> Self {
        self.on.list = Some(list);
        self
    }

    /// Restricts the fault to this number of matching requests, in order of arrival.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.on.times = Some(times);
        self
    }

    /// Restricts the fault to the first requests for each page of each list, this number of them.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.on.attempts = Some(attempts);
        self
    }

    /// Restricts the fault to a random share of the requests, from 0 to 1.
    ///
    /// The choice follows from the [`seed`](Self::seed), the fault, the list, the group, the page and the attempt, not from
    /// the order of requests. So a client that prefetches meets the same faults as one that does not, and a failed run can
    /// be repeated.
    #[must_use]
    pub fn share(mut self, share: f64) -> Self {
        self.on.share = Some(share);
        self
    }

    /// Sets the seed of what is random: the share, and a latency within a range. Default: 0.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.on.seed = seed;
        self
    }

    /// Returns whether the fault applies to a request, after it has applied to `so_far` others.
    pub(crate) fn applies_to(&self, place: Place<'_>, so_far: u32) -> bool {
        let On {
            page,
            group,
            list,
            times,
            attempts,
            share,
            seed,
        } = &self.on;
        (page.is_none() || *page == place.page)
            && group
                .as_ref()
                .is_none_or(|group| place.list.is_some_and(|(_, guid)| guid == group))
            && list.is_none_or(|list| place.list.is_some_and(|(operation, _)| operation == list))
            && times.is_none_or(|times| so_far < times)
            && attempts.is_none_or(|attempts| place.attempt <= attempts)
            && share.is_none_or(|share| chance(*seed, place, &self.to_string()).f64() < share)
    }

    /// Rejects an impossible share or response.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let (status, allowed) = match &self.effect {
            Effect::Error(status, _) | Effect::ApiError(status, _) => (*status, 400..=599),
            Effect::Body(custom) => (custom.status, 200..=599),
            _ => (302, 200..=599),
        };
        let is_header = |name: &str, value: &str| {
            HeaderName::try_from(name).is_ok() && HeaderValue::try_from(value).is_ok()
        };
        let headers = match &self.effect {
            Effect::Redirect(location) => vec![("Location", location)],
            Effect::Body(custom) => custom
                .headers
                .iter()
                .map(|(name, value)| (name.as_str(), value))
                .collect(),
            _ => Vec::new(),
        };
        let invalid_header = headers.iter().find(|(name, value)| !is_header(name, value));
        Err(Error::new(match (self.on.share, invalid_header) {
            (Some(share), _) if !(0.0..=1.0).contains(&share) => {
                format!("the fault {self} can't have that share; give one from 0 to 1")
            }
            (_, Some((name, value))) => format!(
                "{name:?}: {value:?} can't be sent as a header; give a name and a value that HTTP allows"
            ),
            _ if !allowed.contains(&status) => {
                let (least, most) = (allowed.start(), allowed.end());
                format!(
                    "the fault {self} can't have the status {status}; give one from {least} to {most}"
                )
            }
            _ => return Ok(()),
        }))
    }
}

impl From<Fault> for Vec<Fault> {
    fn from(fault: Fault) -> Self {
        vec![fault]
    }
}

impl ErrorBody {
    pub(crate) const ALL: [(&'static str, Self); 5] = [
        ("json", Self::Json),
        ("foreign", Self::ForeignJson),
        ("html", Self::Html),
        ("empty", Self::Empty),
        ("braces", Self::Braces),
    ];
}

impl WaitHeaders {
    pub(crate) const ALL: [(&'static str, Self); 7] = [
        ("a", Self::A),
        ("b", Self::B),
        ("seconds", Self::RetryAfterSeconds),
        ("date", Self::RetryAfterDate),
        ("reset-a", Self::ResetA),
        ("reset-b", Self::ResetB),
        ("none", Self::None),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(list: Option<(Operation, &str)>, page: Option<u64>, attempt: u32) -> Place<'_> {
        Place {
            list,
            page,
            attempt,
        }
    }

    #[test]
    fn applies_to_the_requests_that_match() {
        let team = Some((Operation::ListGroupMembers, "team"));
        let anywhere = Fault::hang();
        assert!(anywhere.applies_to(place(None, None, 1), 1_000));

        let narrow = Fault::hang()
            .on_page(3)
            .in_group("Team")
            .on_list(Operation::ListGroupMembers)
            .times(2)
            .attempts(4);
        assert!(narrow.applies_to(place(team, Some(3), 4), 1));
        for (list, page, attempt, so_far) in [
            (None, Some(3), 1, 0),
            (Some((Operation::ListBannedUsers, "team")), Some(3), 1, 0),
            (Some((Operation::ListGroupMembers, "other")), Some(3), 1, 0),
            (team, Some(2), 1, 0),
            (team, None, 1, 0),
            (team, Some(3), 5, 0),
            (team, Some(3), 1, 2),
        ] {
            assert!(
                !narrow.applies_to(place(list, page, attempt), so_far),
                "{list:?} {page:?} {attempt} {so_far}"
            );
        }
    }

    #[test]
    fn impossible_faults_are_rejected() {
        let none: [(&str, &str); 0] = [];
        for (fault, message) in [
            (Fault::error(200, ErrorBody::Json), "400 to 599"),
            (Fault::refusal(700, "ERR"), "400 to 599"),
            (Fault::body(101, none, ""), "200 to 599"),
            (Fault::body(200, [("a b", "c")], ""), "header"),
            (Fault::body(200, [("a", "c\nd")], ""), "header"),
            (Fault::redirect("\n"), "Location"),
            (Fault::hang().share(1.5), "from 0 to 1"),
            (Fault::hang().share(f64::NAN), "from 0 to 1"),
        ] {
            let problem = fault.check().unwrap_err().to_string();
            assert!(problem.contains(message), "{problem}");
        }
        assert!(Fault::body(299, [("a", "b")], "c").check().is_ok());
    }

    #[test]
    fn each_mixed_fault_comes_as_often_as_its_share() {
        for seed in 0..5 {
            let mixed = Fault::mixed(seed);
            let mut counts = [0_u32; 4];
            for page in 1..=10_000 {
                let place = place(Some((Operation::ListGroupMembers, "big")), Some(page), 1);
                let mut applied = mixed.iter().filter(|fault| fault.applies_to(place, 0));
                match applied.next().map(|fault| &fault.effect) {
                    Some(Effect::TooManyRequests(..)) => counts[0] += 1,
                    Some(Effect::Error(..)) => counts[1] += 1,
                    Some(Effect::Reset(_)) => counts[2] += 1,
                    Some(Effect::CutShort) => counts[3] += 1,
                    Some(other) => panic!("{other:?}"),
                    None => {}
                }
            }
            // Fewer of the later ones, as the first that matches takes effect.
            for (count, expected) in counts.into_iter().zip([940, 440, 430, 410]) {
                // Five standard deviations of a fair draw, rounded up.
                assert!(count.abs_diff(expected) < 150, "{seed}: {counts:?}");
            }
        }
    }

    #[test]
    fn a_page_that_fails_at_random_does_not_fail_for_ever() {
        let mixed = Fault::mixed(1);
        for page in 1..=1_000 {
            let place = |attempt| {
                place(
                    Some((Operation::ListGroupMembers, "big")),
                    Some(page),
                    attempt,
                )
            };
            let works = |attempt: &u32| {
                !mixed
                    .iter()
                    .any(|fault| fault.applies_to(place(*attempt), 0))
            };
            assert!((1..).find(works).unwrap() < 12, "{page}");
        }
    }
}
