//! One request of an operation: generated code puts it together from what its builder was given, and sends it here.

use std::fmt::Display;
use std::ops::RangeInclusive;

use bytes::Bytes;
use progenitor_client::{ClientHooks, RequestBuilderExt};
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::decode_error::decode_error;
use crate::error::hint::Hint;
use crate::error::{Error, ErrorKind, Inner};
use crate::generated::Client;
use crate::http::attempt::{Reading, Rest};
use crate::http::body::ByteStream;
use crate::http::request_state::Context;
use crate::http::response::Response;
use crate::http::retry_loop;
use crate::values::{entries, parse, plain_commas, read_json};

/// What a request of generated code gives.
pub(crate) type Dispatched<T> = Result<Response<T>, Error>;

/// The client that progenitor makes asks for it. Its hooks are for progenitor's own operations, which are not generated.
impl ClientHooks<Context> for Client {}

pub(crate) struct Request {
    client: Client,
    builder: reqwest::RequestBuilder,
    /// The parameters that go out as comma-joined lists.
    lists: Vec<&'static str>,
}

/// What a builder was given for a parameter, or why that can't be sent.
type Given<T> = Result<T, String>;

/// The path of a request: the template with a value in each `{}`.
pub(crate) fn path<const N: usize>(
    template: &str,
    values: [Result<String, &String>; N],
) -> Result<String, Error> {
    let mut parts = template.split("{}");
    let mut path = parts.next().unwrap_or_default().to_owned();
    for (value, part) in values.into_iter().zip(parts) {
        let value = value.map_err(Error::invalid)?;
        path.push_str(&progenitor_client::encode_path(&value));
        path.push_str(part);
    }
    Ok(path)
}

#[allow(dead_code, reason = "which of them are called depends on the spec")]
impl Request {
    pub(crate) fn new(client: Client, method: reqwest::Method, path: String) -> Self {
        let builder = client
            .client
            .request(method, format!("{}{path}", client.baseurl));
        Self {
            client,
            builder,
            lists: Vec::new(),
        }
    }

    /// Adds a query parameter, once for each value.
    pub(crate) fn query<T: Display>(
        mut self,
        name: &'static str,
        values: Given<impl IntoIterator<Item = T>>,
    ) -> Result<Self, Error> {
        for value in values.map_err(Error::invalid)? {
            self.builder = self.builder.query(&[(name, value.to_string())]);
        }
        Ok(self)
    }

    /// Adds a query parameter that is a comma-joined list.
    pub(crate) fn commas<T: Display>(
        mut self,
        name: &'static str,
        list: Given<Option<T>>,
    ) -> Result<Self, Error> {
        self.lists.push(name);
        self.query(name, list)
    }

    /// Adds a header, with commas between several values.
    pub(crate) fn header<T: Display>(
        mut self,
        name: &'static str,
        values: Given<impl IntoIterator<Item = T>>,
    ) -> Result<Self, Error> {
        let values = values.map_err(Error::invalid)?;
        let values: Vec<_> = values.into_iter().map(|value| value.to_string()).collect();
        if !values.is_empty() {
            let value = HeaderValue::try_from(values.join(",")).map_err(|_| {
                Error::invalid(format!(
                    "{name} holds a control character, which no header can hold"
                ))
            })?;
            self.builder = self.builder.header(name, value);
        }
        Ok(self)
    }

    /// Sets a body of JSON; nothing is sent for nothing.
    pub(crate) fn json_body<T: Serialize>(
        mut self,
        media_type: &'static str,
        body: Given<Option<T>>,
    ) -> Result<Self, Error> {
        if let Some(body) = body.map_err(Error::invalid)? {
            let content_type = HeaderValue::from_static(media_type);
            self.builder = self.builder.header(CONTENT_TYPE, content_type).json(&body);
        }
        Ok(self)
    }

    /// Sets a body of form fields. Without a body, nothing is set.
    pub(crate) fn form_body<T: Serialize>(mut self, body: Given<Option<T>>) -> Result<Self, Error> {
        if let Some(body) = body.map_err(Error::invalid)? {
            let cannot_be_sent = "the body can't be sent as a form; each of its fields must be a string, a number or a boolean";
            let fields = form_fields(&body).ok_or_else(|| Error::invalid(cannot_be_sent))?;
            let builder = self.builder.form_urlencoded(&fields);
            self.builder =
                builder.map_err(|_: progenitor_client::Error| Error::invalid(cannot_be_sent))?;
        }
        Ok(self)
    }

    pub(crate) fn raw_body(
        mut self,
        media_type: &'static str,
        body: Given<Option<impl Into<reqwest::Body>>>,
    ) -> Result<Self, Error> {
        if let Some(body) = body.map_err(Error::invalid)? {
            let content_type = HeaderValue::from_static(media_type);
            self.builder = self.builder.header(CONTENT_TYPE, content_type).body(body);
        }
        Ok(self)
    }

    /// Sends the request, and decodes the JSON of a response with one of these statuses.
    pub(crate) async fn json<T: DeserializeOwned>(
        self,
        statuses: RangeInclusive<u16>,
    ) -> Dispatched<T> {
        self.json_or(None, statuses).await
    }

    /// Like [`json`](Self::json), where a response may have no body.
    pub(crate) async fn json_or_nothing<T: DeserializeOwned>(
        self,
        statuses: RangeInclusive<u16>,
    ) -> Dispatched<T> {
        self.json_or(Some("null"), statuses).await
    }

    /// Like [`json`](Self::json), with what is decoded in place of an empty body.
    async fn json_or<T: DeserializeOwned>(
        self,
        empty: Option<&'static str>,
        statuses: RangeInclusive<u16>,
    ) -> Dispatched<T> {
        let key = self.client.inner.shared.key.clone();
        let response = self
            .send("application/json", statuses, Reading::Whole)
            .await?;
        let body = match empty {
            Some(empty) if response.body.0.is_empty() => empty.as_bytes(),
            _ => &response.body.0,
        };
        match decode(body) {
            Ok(value) => Ok(response.map(|_| value)),
            Err(error) => {
                let error = decode_error::<T>(&key, "the response", body, error);
                Err(of_response(error, &response))
            }
        }
    }

    pub(crate) async fn text(
        self,
        media_type: &'static str,
        statuses: RangeInclusive<u16>,
    ) -> Dispatched<String> {
        let response = self.send(media_type, statuses, Reading::Whole).await?;
        Ok(response.map(|(body, _)| String::from_utf8_lossy(&body).into_owned()))
    }

    /// Sends the request, and gives the body of a response as it arrives.
    pub(crate) async fn bytes(
        self,
        media_type: &'static str,
        statuses: RangeInclusive<u16>,
    ) -> Dispatched<ByteStream> {
        let response = self.send(media_type, statuses, Reading::Start).await?;
        Ok(response.map(|(start, rest)| ByteStream::new(start, rest)))
    }

    pub(crate) async fn nothing(self, statuses: RangeInclusive<u16>) -> Dispatched<()> {
        let response = self
            .send("application/json", statuses, Reading::Whole)
            .await?;
        Ok(response.map(drop))
    }

    /// Sends the request with all its headers.
    async fn send(
        self,
        accept: &'static str,
        statuses: RangeInclusive<u16>,
        reading: Reading,
    ) -> Dispatched<(Bytes, Option<Rest>)> {
        let builder = self
            .builder
            .header(ACCEPT, HeaderValue::from_static(accept));
        let mut request = builder.build().map_err(|error| Inner {
            source: Some(Box::new(error.without_url())),
            ..Inner::new(
                ErrorKind::InvalidRequest,
                "the request can't be built",
                None,
            )
        })?;
        for name in self.lists {
            plain_commas(&mut request, name);
        }
        let context = &self.client.inner;
        let headers = request.headers_mut();
        headers.extend(context.headers.clone());
        headers.extend(context.shared.identity.clone());
        let response = retry_loop::exec(context, request, reading).await?;
        if statuses.contains(&response.status) {
            return Ok(response);
        }
        // A status of success, but not the one that the spec has: any other is a failure.
        let status = response.status;
        let what = format!("the service answered {status}, which the spec does not know");
        let error = Inner::new(ErrorKind::Decode, what, Hint::CheckBaseUrl);
        Err(of_response(error, &response))
    }
}

/// The fields of a form, in the order of the body, without those that are `null`. `None` if the body is not an object, or a
/// value in it is an object or a list.
///
/// The body is written as JSON first: with `serde_json/arbitrary_precision`, which any crate of a program can turn on, a
/// number of a [`serde_json::Value`] serializes as a struct in other formats.
fn form_fields(body: &impl Serialize) -> Option<Vec<(String, String)>> {
    let text = serde_json::to_string(body).ok()?;
    let fields = text.starts_with('{').then(|| entries(&text))?;
    let fields = fields.into_iter().map(|(name, value)| (name, value.get()));
    fields
        .filter(|(_, value)| *value != "null")
        .map(|(name, value)| {
            let value = match value.as_bytes().first()? {
                b'"' => parse(value)?,
                b'[' | b'{' => return None,
                _ => value.to_owned(),
            };
            Some((name.into_owned(), value))
        })
        .collect()
}

/// The error of a response that came, but not as the spec says.
fn of_response<T>(error: Inner, response: &Response<T>) -> Error {
    Inner {
        status: Some(response.status),
        attempts: response.attempts,
        ..error
    }
    .into()
}

/// Decodes a body, whose encoding is checked in the whole text at once: that costs a fraction of a check of each key and
/// string in it. Table (d) of docs/benchmarks.md has both.
pub(crate) fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T, serde_json::Error> {
    match std::str::from_utf8(body) {
        Ok(text) => read_json(text),
        // Its error says where.
        Err(_) => serde_json::from_slice(body),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_form_takes_plain_fields_only() {
        let form = |body| {
            let client = Client::builder().base_url("http://127.0.0.1").api_key("k");
            let client = client.build().unwrap();
            Request::new(client, reqwest::Method::POST, "/a".to_owned()).form_body(Ok(Some(body)))
        };
        let body = json!({"a": u64::MAX, "b": true, "c": "x \"y\" é", "d": null, "e": -0.5});
        let request = form(body).ok().unwrap().builder.build().unwrap();
        let sent = request.body().and_then(reqwest::Body::as_bytes).unwrap();
        let sent = str::from_utf8(sent).unwrap();
        assert_eq!(
            sent,
            "a=18446744073709551615&b=true&c=x+%22y%22+%C3%A9&e=-0.5"
        );
        for body in [json!({"a": [1]}), json!({"a": {}}), json!("text")] {
            let error = form(body).err().unwrap();
            assert_eq!(error.kind(), ErrorKind::InvalidRequest);
            assert!(error.to_string().contains("can't be sent as a form"));
        }
    }
}
