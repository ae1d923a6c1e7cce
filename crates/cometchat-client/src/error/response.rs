//! The errors that a response holds: the service's own, a third party's, a gateway's page, or nothing at all.

use reqwest::header::{CONTENT_ENCODING, LOCATION};
use serde_json::Value;

use crate::client::key::ApiKey;
use crate::error::code::{hint, printable};
use crate::error::hint::Hint;
use crate::error::{Error, ErrorKind, Inner};
use crate::generated::runtime::ErrorCode;
use crate::http::attempt::Received;
use crate::http::disguise::BOM;
use crate::http::rate_limit::Delays;
use crate::http::response::request_id;
use crate::http::retry_policy::Outcome;
use crate::values::{JsonFields, entries, parse, value};

/// What the client reads of an error, whatever the spec says of it.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct ErrorBody {
    pub(crate) code: Option<ErrorCode>,
    message: Option<String>,
    dev_message: Option<String>,
    details: Option<Value>,
}

impl ErrorBody {
    /// Reads `{"error": {…}}`; nothing if the body is something else. The last of several values counts.
    pub(crate) fn read(body: &[u8]) -> Self {
        let body = body.strip_prefix(BOM).unwrap_or(body);
        let text = std::str::from_utf8(body).unwrap_or_default().trim();
        let mut read = Self::default();
        let envelope = entries(text).into_iter().rev();
        let Some((_, error)) = envelope.into_iter().find(|(name, _)| name == "error") else {
            return read;
        };
        for (name, field) in JsonFields::new(error) {
            let string = || parse::<String>(field);
            match &*name {
                "code" => {
                    let code = string().filter(|code| !code.is_empty());
                    read.code = code.map(ErrorCode::from);
                }
                "message" => read.message = string(),
                "devMessage" => read.dev_message = string(),
                "details" => read.details = Some(value(field)).filter(|value| !value.is_null()),
                _ => {}
            }
        }
        read
    }
}

/// An error response of the service, or of a gateway before it.
pub(crate) fn refused(
    key: &ApiKey,
    received: &Received,
    body: ErrorBody,
    delays: &Delays,
) -> Error {
    let status = received.status;
    let code = body
        .code
        .map(|code| ErrorCode::from(key.redact(code.as_str())));
    let is_limit = code
        .as_ref()
        .is_some_and(|code| code.hint() == Some(Hint::SlowDown))
        || (status == 429 && Outcome::Response(status, code.as_ref()).is_retryable());
    let kind = match status {
        300..=399 => ErrorKind::Redirect,
        _ if is_limit => ErrorKind::RateLimited,
        _ => ErrorKind::Api,
    };
    let mut what = format!("the service answered {status}");
    if kind == ErrorKind::Redirect && received.headers.contains_key(LOCATION) {
        what.push_str(", a redirect");
    }
    if let Some(code) = &code {
        what.push(' ');
        what.push_str(printable(code));
    }
    let note = code.as_ref().and_then(ErrorCode::description);
    Inner {
        // Unless no request is left, a reset says nothing about when another failure is over.
        retry_after: delays
            .retry_after
            .or(delays.until_reset.filter(|_| is_limit || delays.is_empty)),
        retryable: kind != ErrorKind::Redirect,
        note: note.unwrap_or_default().to_owned(),
        status: Some(status),
        message: body.message.map(|message| key.redact(&message)),
        dev_message: body.dev_message.map(|message| key.redact(&message)),
        request_id: request_id(&received.headers).map(|id| key.redact(id)),
        details: body.details.map(|details| key.redact_value(details)),
        snippet: Some(key.snippet(&received.body, received.cut)),
        hint: Some(hint(status, code.as_ref())),
        code,
        ..Inner::new(kind, what, None)
    }
    .into()
}

/// A response in an encoding that was not removed, so that its body is not text. reqwest removes the encodings that this build
/// reads, with their header, if they are spelled in lower case.
pub(crate) fn unread_encoding(key: &ApiKey, received: &Received) -> Option<Error> {
    let is_text = || std::str::from_utf8(&received.body).is_ok();
    let encoding = received.headers.get(CONTENT_ENCODING)?;
    if received.rest.is_some() || is_text() {
        return None;
    }
    let encoding: String = encoding
        .to_str()
        .unwrap_or_default()
        .chars()
        .take(40)
        .collect();
    let what = format!(
        "the response is encoded as {:?}, which can't be read",
        key.redact(&encoding)
    );
    let inner = Inner {
        status: Some(received.status),
        request_id: request_id(&received.headers).map(|id| key.redact(id)),
        ..Inner::new(ErrorKind::Decode, what, Hint::CheckProxy)
    };
    Some(inner.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_of_another_shape_leaves_the_code_out() {
        for body in [
            "",
            "{}",
            "[]",
            "null",
            "<html>",
            r#"{"error":"no"}"#,
            r#"{"error":{"code":5}}"#,
            r#"{"code":"ERR_A","message":"no"}"#,
            "\u{feff}{}",
        ] {
            let read = ErrorBody::read(body.as_bytes());
            assert_eq!((read.code, read.message), (None, None), "{body}");
        }
        assert_eq!(ErrorBody::read(&[0xff, 0xfe]), ErrorBody::default());
    }
}
