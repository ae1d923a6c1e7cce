//! What the fuzzers call: each takes any bytes, and panics where something that is held to is not so.
//!
//! Built for tests, which call the same functions with inputs made of likelier parts, and for `fuzz/run`, which sets
//! `cfg(cometchat_fuzzing)`; no program can depend on it.

use std::fmt::Debug;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use reqwest::Url;
use reqwest::header::{DATE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};

use crate::builder;
use crate::client::key::ApiKey;
use crate::http::attempt::Received;
use crate::http::classify::classify;
use crate::http::rate_limit::{Delays, RateLimit};
use crate::http::response::decode;
use crate::http::retry_policy::{Reason, RetryPolicy};
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

/// Reads a body in each way in which a page can be read, and compares the results.
fn page<O, P, T>(body: &[u8], rows: impl Fn(&P) -> &[T])
where
    O: ListOperation<Item = T>,
    P: DeserializeOwned + Serialize + PartialEq + Debug,
    T: ListItem + Serialize + PartialEq + Debug,
{
    let typed = decode::<P>(body).ok();
    let listed = decode::<Envelope<O, T>>(body).ok();
    let raw = decode::<Envelope<O, RawRow>>(body).ok();
    if let Some(page) = &typed {
        let plain: P = serde_json::from_slice(body).expect("serde_json reads what a call reads");
        assert_eq!(&plain, page);
        written_and_read(page);
        assert!(!format!("{page:?}").is_empty());
    }
    let Some(listed) = listed.map(|page| page.0) else {
        return;
    };
    let raw = raw.expect("rows that can be read as a type can be kept as text");
    let raw = raw.0;
    assert_eq!(raw.items.len(), listed.items.len());
    for (mut raw, row) in raw.items.into_iter().zip(&listed.items) {
        let text = raw.get().to_owned();
        assert!(body.windows(text.len()).any(|part| part == text.as_bytes()));
        // Of a key that is there twice, the type has the last, and the text the first.
        if raw.decode::<Once>().is_ok() {
            assert_eq!(raw.id(O::KEY), row.id(O::KEY), "{text}");
        }
        let id = raw.id(O::KEY).into_owned();
        raw.read_id(O::KEY);
        assert_eq!(raw.id(O::KEY), id, "{text}");
        assert_eq!(&raw.decode::<T>().expect("the row was read before"), row);
        written_and_read(row);
    }
    if let Some(page) = typed {
        assert_eq!(rows(&page), listed.items);
    }
}

/// Writes a value and reads it again: it is the same, and is written in the same way.
fn written_and_read<T: DeserializeOwned + Serialize + PartialEq + Debug>(value: &T) {
    let text = serde_json::to_string(value).expect("what was read can be written");
    let again: T = serde_json::from_str(&text).expect("what was written can be read");
    assert_eq!(&again, value, "{text}");
    let twice = serde_json::to_string(&again).expect("what was read can be written");
    assert_eq!(twice, text);
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
        let colon = line.iter().position(|byte| *byte == b':');
        let (name, value) = line.split_at(colon.unwrap_or(line.len()));
        if let (Ok(name), Ok(value)) = (
            HeaderName::from_bytes(name),
            HeaderValue::from_bytes(value.get(1..).unwrap_or_default()),
        ) {
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
    let delays = Delays::read(&headers, now);
    let asked = delays.retry_after.or(delays.until_reset);
    let body = Bytes::copy_from_slice(body);
    let seen = classify(
        &key,
        Ok(Received {
            status,
            headers,
            body,
            cut: false,
            rest: None,
        }),
        now,
    );
    assert_eq!(seen.status, Some(status));
    assert!(
        seen.throttle.is_none() || seen.throttle == asked || seen.throttle == delays.until_reset
    );
    let Err(failure) = seen.result else {
        assert!((200..300).contains(&status), "{status} is no success");
        return;
    };
    assert!(failure.retry_after() <= asked);
    let policy = RetryPolicy::default();
    let decision = policy.decide(1, failure.outcome(), failure.retry_after(), 0.5);
    if let Ok(wait) = decision {
        let longest = policy.max_retry_after + Duration::from_secs(1);
        assert!(wait >= failure.retry_after().unwrap_or_default() && wait <= longest);
    }
    let error = failure.end(decision.err().unwrap_or(Reason::NoBudget), 1);
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
        assert!(!told.contains(SECRET), "{told}");
    }
    assert!(error.body_snippet().unwrap_or_default().len() <= 1024);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// JSON, and what looks like it: values of any type under names that a page has.
    fn value() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![
            prop::sample::select(vec![
                "null",
                "true",
                "0",
                "-0",
                "7",
                "1.10",
                "1e999",
                "1638360106",
                r#""""#,
                r#""7""#,
                r#""\ud83d""#,
                r#""a\ude00\ud83d\ude00""#,
                r#""admin""#,
                "[]",
                "{}",
                " 7 ",
                "123456789012345678901234567890",
            ])
            .prop_map(str::to_owned),
            any::<String>().prop_map(|text| serde_json::Value::from(text).to_string()),
            any::<f64>().prop_map(|number| number.to_string()),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4)
                    .prop_map(|items| format!("[{}]", items.join(","))),
                object(inner),
            ]
        })
    }

    fn object(value: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
        let names = vec![
            "name",
            "metadata",
            "tags",
            "scope",
            "status",
            "joinedAt",
            "hasBlockedMe",
            "pagination",
            "total_pages",
            "cursor",
            "more",
            r"\ud83d",
            "é",
        ];
        let field = (prop::sample::select(names), value)
            .prop_map(|(name, value)| format!(r#""{name}":{value}"#));
        prop::collection::vec(field, 0..6).prop_map(|fields| format!("{{{}}}", fields.join(", ")))
    }

    fn body() -> impl Strategy<Value = String> {
        let row = object(value()).prop_map(|row| row.replacen('{', r#"{"uid":"a","#, 1));
        let row = row.prop_map(|row| row.replace(",}", "}"));
        (prop::collection::vec(row, 0..4), value(), value(), value()).prop_map(
            |(rows, meta, cursor, more)| {
                let rows = rows.join(",");
                format!(r#"{{"meta":{meta},"data":[{rows}],"cursor":{cursor},"more":{more}}}"#)
            },
        )
    }

    proptest! {
        #[test]
        fn any_bytes_can_be_a_page(body in prop::collection::vec(any::<u8>(), 0..500)) {
            members_page(&body);
            banned_page(&body);
        }

        #[test]
        fn any_values_can_be_in_a_page(body in body()) {
            members_page(body.as_bytes());
            banned_page(body.as_bytes());
            let page = decode::<GroupMembersPage>(body.as_bytes());
            prop_assert!(page.is_ok(), "{:?}", page);
        }

        #[test]
        fn a_page_can_be_cut_anywhere(body in body(), at in any::<prop::sample::Index>(), with in ".{0,3}") {
            let at = at.index(body.len());
            members_page(&body.as_bytes()[..at]);
            banned_page(&[&body.as_bytes()[..at], with.as_bytes(), &body.as_bytes()[at..]].concat());
        }

        #[test]
        fn any_bytes_can_be_an_error(body in prop::collection::vec(any::<u8>(), 2..500), value in value()) {
            error_body(&body);
            let body = format!(r#"{{"error":{{"code":"ERR_A","details":{value}}}}}"#);
            error_body(&[&[0, 100], body.as_bytes()].concat());
        }
    }
}
