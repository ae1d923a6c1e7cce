//! What the fuzzers call: each takes any bytes, and panics where something that is held to is not so.
//!
//! Built only where cargo-fuzz builds, which sets `cfg(fuzzing)`; no program can depend on it. The same properties hold
//! over sockets in `tests/network/anything.rs`, slower and with inputs made of likelier parts.

use std::fmt::Debug;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use reqwest::Url;
use reqwest::header::{DATE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};

use crate::builder;
use crate::client::key::ApiKey;
use crate::http::attempt::Whole;
use crate::http::call::decode;
use crate::http::classify::{Failure, judge};
use crate::http::rate_limit::{RateLimit, asked_wait};
use crate::http::retry_policy::{Decision, Reason, RetryPolicy};
use crate::list::page::Envelope;
use crate::list::raw_row::RawRow;
use crate::list::{ListItem, ListOperation};
use crate::types::{BannedUser, BannedUsersPage, GroupMember, GroupMembersPage, Guid};

/// A body of members.
pub fn members_page(body: &[u8]) {
    page::<builder::ListGroupMembers, GroupMembersPage, GroupMember>(body, |page| &page.data);
}

/// A body of banned users.
pub fn banned_page(body: &[u8]) {
    page::<builder::ListBannedUsers, BannedUsersPage, BannedUser>(body, |page| &page.data);
}

/// Reads a body in the three ways in which a page can be read, and compares what they give.
fn page<O, P, T>(body: &[u8], rows: impl Fn(&P) -> &[T])
where
    O: ListOperation<Item = T>,
    P: DeserializeOwned + Serialize + PartialEq + Debug,
    T: ListItem + PartialEq + Debug,
{
    let typed = decode::<P>(body).ok();
    let listed = decode::<Envelope<O, T>>(body).ok();
    let raw = decode::<Envelope<O, RawRow>>(body).ok();
    if let Some(page) = &typed {
        let text = serde_json::to_string(page).expect("what was read can be written");
        let again: P = serde_json::from_str(&text).expect("what was written can be read");
        assert_eq!(&again, page, "{text}");
        assert!(!format!("{page:?}").is_empty());
    }
    let Some(listed) = listed.map(Envelope::into_page) else {
        return;
    };
    let raw = raw.expect("rows that can be read as a type can be kept as text");
    let raw = raw.into_page();
    assert_eq!(raw.items.len(), listed.items.len());
    for (raw, row) in raw.items.iter().zip(&listed.items) {
        // Of a key that is there twice, the type has the last, and the text the first.
        if raw.decode::<Once>().is_ok() {
            assert_eq!(raw.id(O::KEY), row.id(O::KEY), "{}", raw.get());
        }
        assert_eq!(&raw.decode::<T>().expect("the row was read before"), row);
    }
    if let Some(page) = typed {
        assert_eq!(rows(&page), listed.items);
    }
}

/// A row that has its key once at the most.
#[derive(Deserialize)]
struct Once {
    #[serde(default, rename = "uid")]
    _uid: IgnoredAny,
}

/// Two bytes of a status, and the body of an error.
pub fn error_body(input: &[u8]) {
    let Some(([high, low], body)) = input.split_first_chunk() else {
        return;
    };
    let status = 100 + u16::from_be_bytes([*high, *low]) % 500;
    answer(status, HeaderMap::new(), body);
}

/// Lines of a header each, such as `x-ratelimit-reset: 1638360106`.
pub fn rate_headers(input: &[u8]) {
    let mut headers = HeaderMap::new();
    for line in input.split(|byte| *byte == b'\n') {
        let mut parts = line.splitn(2, |byte| *byte == b':');
        let (name, value) = (
            parts.next().unwrap_or_default(),
            parts.next().unwrap_or_default(),
        );
        if let (Ok(name), Ok(value)) =
            (HeaderName::from_bytes(name), HeaderValue::from_bytes(value))
        {
            headers.append(name, value);
        }
    }
    let read = RateLimit::read(&headers);
    let said = headers
        .keys()
        .any(|name| name.as_str().starts_with("x-rate"));
    assert!(read.is_none() || said, "{read:?} of {headers:?}");
    for status in [200, 429] {
        answer(status, headers.clone(), b"{}");
    }
}

/// A `Retry-After`, and after a line break a `Date`.
pub fn retry_after(input: &[u8]) {
    let mut lines = input.splitn(2, |byte| *byte == b'\n');
    let mut headers = HeaderMap::new();
    for name in [RETRY_AFTER, DATE] {
        if let Some(Ok(value)) = lines.next().map(HeaderValue::from_bytes) {
            headers.insert(name, value);
        }
    }
    answer(503, headers, b"");
}

/// A GUID: refused, or one segment of the path that is asked.
pub fn guid(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    let Ok(guid) = Guid::try_from(text) else {
        return;
    };
    assert_eq!(guid.as_str(), text);
    let encoded = progenitor_client::encode_path(text);
    let url = Url::parse(&format!("https://chat.example/v3/groups/{encoded}/members"))
        .expect("what is encoded is part of a URL");
    let segments: Vec<&str> = url.path_segments().into_iter().flatten().collect();
    assert_eq!(segments, ["v3", "groups", &encoded, "members"], "{text:?}");
    assert_eq!(
        (url.host_str(), url.query(), url.fragment()),
        (Some("chat.example"), None, None)
    );
}

/// Judges an answer, and looks at all that comes of it.
fn answer(status: u16, headers: HeaderMap, body: &[u8]) {
    const SECRET: &str = "s3cr3t-k3y";
    let key = ApiKey::from(SECRET);
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_638_360_106);
    let asked = asked_wait(&headers, true, now);
    let body = Bytes::copy_from_slice(body);
    let seen = judge(
        &key,
        Ok(Whole {
            status,
            headers,
            body,
        }),
        now,
    );
    assert_eq!(seen.status, Some(status));
    assert!(seen.quiet.is_none() || seen.quiet == asked);
    let Err(failure) = seen.result else {
        assert!((200..300).contains(&status), "{status} is no success");
        return;
    };
    assert!(failure.asked <= asked);
    let policy = RetryPolicy::default();
    let decision = policy.decide(1, failure.outcome(), failure.asked, 0.5);
    if let Decision::Wait(wait) = decision {
        assert!(wait >= failure.asked.unwrap_or_default() && wait <= policy.longest_asked());
    }
    end(failure, decision, SECRET);
}

/// Ends a call with a failure, and looks at what is printed of it.
fn end(failure: Failure, decision: Decision, secret: &str) {
    let reason = match decision {
        Decision::Stop(reason) => reason,
        Decision::Wait(_) => Reason::NoBudget,
    };
    let error = failure.end(reason, 1);
    let text = format!("{error} {error:?} {error:#?}");
    assert!(text.len() < 3000, "{text}");
    let details = error.details().map(ToString::to_string).unwrap_or_default();
    let told = [
        error.body_snippet(),
        error.message(),
        Some(&details),
        Some(&text),
    ];
    for told in told.into_iter().flatten() {
        assert!(!told.contains(secret), "{told}");
    }
    assert!(error.body_snippet().unwrap_or_default().len() <= 1024);
}
