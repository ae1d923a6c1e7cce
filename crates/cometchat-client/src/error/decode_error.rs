//! Where and why a body is not what it should be, without the value that is wrong: that can be personal.

use crate::client::key::ApiKey;
use crate::error::hint::Hint;
use crate::error::{Error, ErrorKind, Inner};
use crate::values::TOO_MANY_ROWS;

/// The error of a text that was decoded by itself, outside of a call.
pub(crate) fn text_error(subject: &str, text: &str, error: &serde_json::Error) -> Error {
    let inner = decode_error(&ApiKey::from(""), subject, text.as_bytes(), error);
    Error::from(inner).hinted(Hint::InspectBody)
}

/// Returns the error of a body that can't be decoded; `error` is that of the decoder.
pub(crate) fn decode_error(
    key: &ApiKey,
    subject: &str,
    body: &[u8],
    error: &serde_json::Error,
) -> Inner {
    let place = place(key, before(body, error));
    let is_json = error.is_data();
    let (kind, what, hint) = match place.as_str() {
        _ if error.to_string().starts_with(TOO_MANY_ROWS) => (
            ErrorKind::TooLarge,
            format!("{subject} has {TOO_MANY_ROWS}"),
            Hint::InspectBody,
        ),
        _ if !is_json => (
            ErrorKind::Decode,
            format!("{subject} can't be read: it is not JSON"),
            Hint::CheckBaseUrl,
        ),
        "" => (
            ErrorKind::Decode,
            format!("{subject} can't be read: it is not what the spec says"),
            Hint::InspectBody,
        ),
        place => (
            ErrorKind::Decode,
            format!("{subject} can't be read: {place} is not what the spec says"),
            if place.contains('[') {
                Hint::ReadRawRows
            } else {
                Hint::InspectBody
            },
        ),
    };
    let path = if place.is_empty() { "." } else { &place };
    let why = if is_json {
        "a value is missing or of another type"
    } else {
        "this is not JSON"
    };
    let source = format!("{why}, line {} column {}", error.line(), error.column());
    Inner {
        json_path: (kind == ErrorKind::Decode).then(|| path.to_owned()),
        snippet: Some(key.snippet(body, false)),
        source: Some(source.into()),
        ..Inner::new(kind, what, hint)
    }
}

/// Returns the part of a body that was read when an error was found.
fn before<'b>(body: &'b [u8], error: &serde_json::Error) -> &'b [u8] {
    let lines = body.split_inclusive(|byte| *byte == b'\n');
    let start: usize = lines
        .take(error.line().saturating_sub(1))
        .map(<[u8]>::len)
        .sum();
    &body[..(start + error.column()).min(body.len())]
}

/// The longest path that is shown, in names and positions.
const MAX_DEPTH: usize = 32;

/// Returns the path to where a text of JSON ends, such as `data[17].joinedAt`. A name that no field of a spec would have can be somebody's data, and is left out.
fn place(key: &ApiKey, text: &[u8]) -> String {
    /// An open array, with the position in it, or an open object, with the name that was read last.
    enum Open<'a> {
        Array(usize),
        Object(Option<&'a [u8]>),
    }

    let text = text.trim_ascii_end();
    let (mut open, mut at) = (Vec::new(), 0);
    while let Some(byte) = text.get(at) {
        at += 1;
        match (byte, open.last_mut()) {
            (b'"', last) => {
                let start = at;
                while let Some(byte) = text.get(at).filter(|byte| **byte != b'"') {
                    at += if *byte == b'\\' { 2 } else { 1 };
                }
                if let Some(Open::Object(name @ None)) = last {
                    *name = text.get(start..at);
                }
                at += 1;
            }
            (b'[', _) => open.push(Open::Array(0)),
            (b'{', _) => open.push(Open::Object(None)),
            // The error of an element is found behind what follows it.
            (b',' | b']', Some(Open::Array(_))) if at == text.len() => {}
            (b']' | b'}', _) => drop(open.pop()),
            (b',', Some(Open::Array(index))) => *index += 1,
            (b',', Some(Open::Object(name))) => *name = None,
            _ => {}
        }
    }
    let mut place = String::new();
    for segment in open.iter().take(MAX_DEPTH) {
        let name = match segment {
            Open::Array(index) => {
                place.push_str(&format!("[{index}]"));
                continue;
            }
            Open::Object(None) => continue,
            Open::Object(Some(name)) => String::from_utf8_lossy(name),
        };
        if !place.is_empty() {
            place.push('.');
        }
        place.push_str(if is_field_name(&name) && !key.is_in(name.as_bytes()) {
            &name
        } else {
            "…"
        });
    }
    place
}

fn is_field_name(name: &str) -> bool {
    name.len() <= 64
        && name.starts_with(|first: char| first.is_ascii_alphabetic() || matches!(first, '_' | '@'))
        && name
            .chars()
            .skip(1)
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
}

#[cfg(test)]
mod tests {
    use serde::de::DeserializeOwned;

    use super::*;
    use crate::types::GroupMembersPage;
    use serde_json::Value;

    fn error_of<T: DeserializeOwned>(body: &str) -> Inner {
        let error = serde_json::from_str::<T>(body).err().unwrap();
        decode_error(
            &ApiKey::from("s3cr3t"),
            "the response",
            body.as_bytes(),
            &error,
        )
    }

    #[test]
    fn the_place_is_named_and_the_value_is_not() {
        for (body, path) in [
            (r#"{"data":[{"uid":["MARK"]}, {"uid":"a"}]}"#, "data[0]"),
            (r#"{"data":[{"uid":"a"},{"uid":["MARK"]}]}"#, "data[1]"),
            (r#"{"data":[{"uid":"a"},{"name":"MARK"}]}"#, "data[1]"),
            (r#"{"data":"MARK"}"#, "data"),
            (r#"{"items":["MARK"]}"#, "."),
            (r#"["MARK"]"#, "."),
        ] {
            let inner = error_of::<GroupMembersPage>(body);
            assert_eq!(inner.json_path.as_deref(), Some(path), "{body}");
            let source = inner.source.unwrap().to_string();
            assert!(
                source.starts_with("a value is missing or of another type, line 1"),
                "{source}"
            );
            assert!(
                !inner.what.contains("MARK") && !source.contains("MARK"),
                "{} {source}",
                inner.what
            );
        }
    }

    #[test]
    fn what_is_no_json_is_said_to_be_none() {
        for body in ["", "<html>", "{\"data\":[", "{\"data\":[]} x", "\u{feff}{}"] {
            let inner = error_of::<GroupMembersPage>(body);
            assert!(
                inner.what.ends_with("it is not JSON"),
                "{body}: {}",
                inner.what
            );
        }
    }

    #[test]
    fn a_name_that_is_no_field_is_left_out() {
        type Nested =
            std::collections::BTreeMap<String, Vec<std::collections::BTreeMap<String, u8>>>;
        for (name, shown) in [
            ("joinedAt", "joinedAt"),
            ("@private", "@private"),
            ("jane@example.org", "…"),
            ("+49 123", "…"),
            ("0123", "…"),
            ("", "…"),
            ("s3cr3t", "…"),
            ("a_s3cr3t_b", "…"),
            (&"x".repeat(65), "…"),
        ] {
            let body = format!(r#"{{"a":[{{"{name}":"x"}}]}}"#);
            let inner = error_of::<Nested>(&body);
            assert_eq!(inner.json_path, Some(format!("a[0].{shown}")), "{name}");
        }
    }

    #[test]
    fn a_body_that_ends_within_a_row_says_where() {
        let inner = error_of::<Value>(r#"{"data":[{"metadata":{"s3cr3t":"MA"#);
        assert_eq!(inner.json_path.as_deref(), Some("data[0].metadata.…"));
    }
}
