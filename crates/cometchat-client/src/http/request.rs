//! One request of an operation: generated code puts it together from what its builder was given, and sends it here by
//! way of the hooks.

#![expect(
    clippy::result_large_err,
    reason = "progenitor's error, of which a call has one at most"
)]

use std::fmt::Display;
use std::ops::RangeInclusive;

use progenitor_client::{ClientHooks, Error, OperationInfo, RequestBuilderExt, ResponseValue};
use reqwest::StatusCode;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::generated::Client;
use crate::http::attempt::Reading;
use crate::http::body::ByteStream;
use crate::http::call::{Dispatched, read};
use crate::http::retry_loop;
use crate::values::plain_commas;

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
        let value = value.map_err(|reason| Error::InvalidRequest(reason.clone()))?;
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
        for value in values.map_err(Error::InvalidRequest)? {
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
        let values = values.map_err(Error::InvalidRequest)?;
        let values: Vec<_> = values.into_iter().map(|value| value.to_string()).collect();
        if !values.is_empty() {
            let value = HeaderValue::try_from(values.join(",")).map_err(|_| {
                Error::InvalidRequest(format!(
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
        if let Some(body) = body.map_err(Error::InvalidRequest)? {
            let content_type = HeaderValue::from_static(media_type);
            self.builder = self.builder.header(CONTENT_TYPE, content_type).json(&body);
        }
        Ok(self)
    }

    pub(crate) fn form_body<T: Serialize>(mut self, body: Given<Option<T>>) -> Result<Self, Error> {
        if let Some(body) = body.map_err(Error::InvalidRequest)? {
            self.builder = self.builder.form_urlencoded(&body)?;
        }
        Ok(self)
    }

    pub(crate) fn raw_body(
        mut self,
        media_type: &'static str,
        body: Given<Option<impl Into<reqwest::Body>>>,
    ) -> Result<Self, Error> {
        if let Some(body) = body.map_err(Error::InvalidRequest)? {
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
        read(self.send("application/json", statuses).await?).await
    }

    /// Like [`json`](Self::json), where a response may have no body.
    pub(crate) async fn json_or_nothing<T: DeserializeOwned>(
        self,
        statuses: RangeInclusive<u16>,
    ) -> Dispatched<T> {
        let response = self.send("application/json", statuses).await?;
        if response.content_length() != Some(0) {
            return read(response).await;
        }
        let mut nothing = http::Response::new("null");
        *nothing.status_mut() = response.status();
        *nothing.headers_mut() = response.headers().clone();
        read(nothing.into()).await
    }

    /// Sends the request, and reads the text of a response.
    pub(crate) async fn text(
        self,
        media_type: &'static str,
        statuses: RangeInclusive<u16>,
    ) -> Dispatched<String> {
        let mut response = self.send(media_type, statuses).await?;
        let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
        let body = response.bytes().await.map_err(Error::ResponseBodyError)?;
        let text = String::from_utf8_lossy(&body).into_owned();
        Ok(ResponseValue::new(text, status, headers))
    }

    /// Sends the request, and gives the body of a response as it arrives.
    pub(crate) async fn bytes(
        self,
        media_type: &'static str,
        statuses: RangeInclusive<u16>,
    ) -> Dispatched<ByteStream> {
        let (client, request) = self.finish(media_type).await?;
        let mut received = retry_loop::exec(&client, request, Reading::Start).await;
        if !statuses.contains(&received.status) {
            return Err(Error::UnexpectedResponse(received.into()));
        }
        let headers = std::mem::take(&mut received.headers);
        let status = StatusCode::from_u16(received.status).unwrap_or_default();
        Ok(ResponseValue::new(
            ByteStream::new(received),
            status,
            headers,
        ))
    }

    /// Sends the request, and reads nothing of a response but its status.
    pub(crate) async fn nothing(self, statuses: RangeInclusive<u16>) -> Dispatched<()> {
        let response = self.send("application/json", statuses).await?;
        Ok(ResponseValue::empty(response))
    }

    async fn send(
        self,
        accept: &'static str,
        statuses: RangeInclusive<u16>,
    ) -> Result<reqwest::Response, Error> {
        let (client, request) = self.finish(accept).await?;
        let response = client.exec(request, &INFO).await?;
        if statuses.contains(&response.status().as_u16()) {
            Ok(response)
        } else {
            Err(Error::UnexpectedResponse(response))
        }
    }

    /// The request with all its headers, and the client to send it with.
    async fn finish(self, accept: &'static str) -> Result<(Client, reqwest::Request), Error> {
        let builder = self
            .builder
            .header(ACCEPT, HeaderValue::from_static(accept));
        let mut request = builder.build()?;
        for name in self.lists {
            plain_commas(&mut request, name);
        }
        self.client.pre::<()>(&mut request, &INFO).await?;
        Ok((self.client, request))
    }
}

/// The record of the call knows the operation; the hooks ask for nothing here.
const INFO: OperationInfo = OperationInfo { operation_id: "" };
