//! One fault, and which requests it applies to.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::error::Error;
use crate::faults::latency::Latency;
use cometchat_client::Operation;

/// A fault to inject, and the requests that it applies to.
///
/// A fault applies to every request unless restricted: [`on_page`](Self::on_page), [`in_group`](Self::in_group),
/// [`on_list`](Self::on_list), [`times`](Self::times), [`attempts`](Self::attempts). Of several that match, the first one
/// given takes effect; a latency takes effect in addition to another one.
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
/// `list=banned`, `times=2`, `attempts=1`, separated by commas. The parse error lists the kinds.
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
    Gzip,
    GzipBomb,
    EndlessBody,
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

/// When a connection is reset.
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

    /// Compresses the response with gzip, requested or not.
    pub fn gzip() -> Self {
        Self::of(Effect::Gzip)
    }

    /// Sends a page of 1 GiB, nearly all spaces, compressed into 1 MiB.
    pub fn gzip_bomb() -> Self {
        Self::of(Effect::GzipBomb)
    }

    /// Sends a chunked body without end, cut off after 1 GiB.
    pub fn endless_body() -> Self {
        Self::of(Effect::EndlessBody)
    }

    /// Answers with a status from 200 to 599, headers in addition to `Content-Length`, and any bytes.
    ///
    /// It has no textual form.
    pub fn body<N: Into<String>, V: Into<String>>(
        status: u16,
        headers: impl IntoIterator<Item = (N, V)>,
        body: impl Into<Bytes>,
    ) -> Self {
        Self::of(Effect::Body(Custom {
            status,
            headers: headers
                .into_iter()
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
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

    /// Whether the fault applies to a request, after it has applied to `so_far` others.
    pub(crate) fn applies_to(&self, place: Place<'_>, so_far: u32) -> bool {
        let On {
            page,
            group,
            list,
            times,
            attempts,
        } = &self.on;
        (page.is_none() || *page == place.page)
            && group
                .as_ref()
                .is_none_or(|group| place.list.is_some_and(|(_, guid)| guid == group))
            && list.is_none_or(|list| place.list.is_some_and(|(operation, _)| operation == list))
            && times.is_none_or(|times| so_far < times)
            && attempts.is_none_or(|attempts| place.attempt <= attempts)
    }

    /// Refuses what no response can be.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let within = |status: u16, allowed: std::ops::RangeInclusive<u16>| {
            if allowed.contains(&status) {
                Ok(())
            } else {
                Err(Error::new(format!(
                    "the fault {self} can't have the status {status}; give one from {} to {}",
                    allowed.start(),
                    allowed.end()
                )))
            }
        };
        match &self.effect {
            Effect::Error(status, _) | Effect::ApiError(status, _) => within(*status, 400..=599),
            Effect::Redirect(location) => HeaderValue::from_str(location).map(drop).map_err(|_| {
                Error::new(format!(
                    "{location:?} can't stand in a `Location` header; give a URL"
                ))
            }),
            Effect::Body(custom) => {
                within(custom.status, 200..=599)?;
                custom.header_map().map(drop)
            }
            _ => Ok(()),
        }
    }
}

impl Custom {
    pub(crate) fn header_map(&self) -> Result<HeaderMap, Error> {
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            let header = HeaderName::from_bytes(name.as_bytes())
                .ok()
                .zip(HeaderValue::from_str(value).ok());
            let Some((name, value)) = header else {
                return Err(Error::new(format!(
                    "{name:?}: {value:?} can't be sent as a header; give a name and a value that HTTP allows"
                )));
            };
            headers.append(name, value);
        }
        Ok(headers)
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
    fn impossible_responses_are_refused() {
        let none: [(&str, &str); 0] = [];
        for (fault, message) in [
            (Fault::error(200, ErrorBody::Json), "400 to 599"),
            (Fault::refusal(700, "ERR"), "400 to 599"),
            (Fault::body(101, none, ""), "200 to 599"),
            (Fault::body(200, [("a b", "c")], ""), "header"),
            (Fault::body(200, [("a", "c\nd")], ""), "header"),
            (Fault::redirect("\n"), "Location"),
        ] {
            let problem = fault.check().unwrap_err().to_string();
            assert!(problem.contains(message), "{problem}");
        }
        assert!(Fault::body(299, [("a", "b")], "c").check().is_ok());
    }
}
