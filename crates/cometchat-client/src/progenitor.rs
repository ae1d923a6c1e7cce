//! The names that generated code calls, in place of the crate `progenitor_client`.
//!
//! progenitor writes builders that make a request, run it by [`ClientHooks`], and decode the response. What fits is used as it is.
//! What is here differs in three ways: a request is retried, limited and classified as one call; a response is decoded leniently;
//! and every failure is the one [`crate::Error`].

use std::ops::Deref;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue, InvalidHeaderValue};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::client::key::ApiKey;
use crate::error::decode_error::decode_error;
use crate::error::hint::Hint;
use crate::error::{ErrorKind, Inner};
use crate::generated::{Client, Operation};
use crate::http::attempt::{Reading, RemainingBody};
use crate::http::call_info::CallInfo;
use crate::http::request_state::Context;
use crate::http::response::decode;
use crate::http::retry_loop;
use crate::list::Layout;
use crate::values::plain_commas;

pub use crate::http::body::ByteStream;
pub(crate) use crate::http::call::Call;
pub use crate::http::response::Response as ResponseValue;
pub use progenitor_client::{ClientInfo, OperationInfo, QueryParam, encode_path};

/// What generated code knows of an operation beside its request.
pub(crate) struct Traits {
    /// The name of the method.
    pub(crate) name: &'static str,
    /// The media type of the response.
    pub(crate) accept: &'static str,
    /// The media type of the request's body, if it has one.
    pub(crate) content_type: Option<&'static str>,
    /// How the operation pages, if it does.
    pub(crate) list: Option<Layout>,
    /// The query parameters that are comma-joined lists.
    pub(crate) comma_lists: &'static [&'static str],
    /// Whether the response may have no body, which is read as `null`.
    pub(crate) may_be_empty: bool,
    /// Whether the body of the response is streamed.
    pub(crate) streams: bool,
}

/// Why progenitor's code gives up: [`crate::Error`] under the names that it uses, with conversions that stay out of the public
/// interface.
pub struct Error(pub(crate) crate::Error);

#[allow(non_snake_case, reason = "progenitor's code names variants")]
impl Error {
    pub(crate) fn InvalidRequest(what: String) -> Self {
        Self(crate::Error::invalid(what))
    }

    /// A status of success, but not the one that the spec has: any other is a failure.
    pub(crate) fn UnexpectedResponse(received: Received) -> Self {
        let status = received.response.status;
        let what = format!("the service answered {status}, which the spec does not know");
        received.failed(Inner::new(ErrorKind::Decode, what, Hint::CheckBaseUrl))
    }
}

impl From<reqwest::Error> for Error {
    /// A request that can't be built.
    fn from(error: reqwest::Error) -> Self {
        let what = "the request can't be built";
        let inner = Inner {
            source: Some(Box::new(error.without_url())),
            ..Inner::new(ErrorKind::InvalidRequest, what, None)
        };
        Self(inner.into())
    }
}

impl From<InvalidHeaderValue> for Error {
    fn from(_: InvalidHeaderValue) -> Self {
        Self::InvalidRequest("a header holds a control character".to_owned())
    }
}

/// What progenitor's code does before, for and after a request.
pub(crate) trait ClientHooks<Inner>: ClientInfo<Inner> {
    /// Completes a request.
    async fn pre(&self, request: &mut reqwest::Request, info: &OperationInfo) -> Result<(), Error>;

    /// Sends a request, with retries, and reads the response.
    async fn exec(
        &self,
        request: reqwest::Request,
        info: &OperationInfo,
    ) -> Result<Received, Error>;

    /// Sees the result.
    async fn post(&self, _: &Result<Received, Error>, _: &OperationInfo) -> Result<(), Error> {
        Ok(())
    }
}

impl ClientHooks<Context> for Client {
    async fn pre(&self, request: &mut reqwest::Request, info: &OperationInfo) -> Result<(), Error> {
        let traits = operation(info)?.traits();
        for name in traits.comma_lists {
            plain_commas(request, name);
        }
        let headers = request.headers_mut();
        headers.insert(ACCEPT, HeaderValue::from_static(traits.accept));
        if let Some(media_type) = traits.content_type {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
        }
        headers.extend(self.inner.headers.clone());
        headers.extend(self.inner.shared.identity.clone());
        Ok(())
    }

    async fn exec(
        &self,
        request: reqwest::Request,
        info: &OperationInfo,
    ) -> Result<Received, Error> {
        let operation = operation(info)?;
        let call = CallInfo::of(operation, request.url());
        let reading = match operation.traits().streams {
            true => Reading::Start,
            false => Reading::Whole,
        };
        let response = retry_loop::exec(self, &call, request, reading).await;
        Ok(Received {
            response: response.map_err(Error)?,
            call,
            key: self.inner.shared.key.clone(),
        })
    }
}

fn operation(info: &OperationInfo) -> Result<Operation, Error> {
    let mut all = Operation::ALL.iter().copied();
    all.find(|operation| operation.traits().name == info.operation_id)
        .ok_or_else(|| {
            Error::InvalidRequest(format!("the spec has no operation {}", info.operation_id))
        })
}

/// A response whose status is one of success, before its body is decoded.
pub(crate) struct Received {
    response: ResponseValue<(Bytes, Option<RemainingBody>)>,
    call: CallInfo,
    key: ApiKey,
}

#[allow(dead_code, reason = "which are called depends on the spec")]
impl Received {
    pub(crate) fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.response.status).unwrap_or_default()
    }

    /// The error of a response that came, but not as the spec says.
    fn failed(&self, error: Inner) -> Error {
        let inner = Inner {
            status: Some(self.response.status),
            attempts: self.response.attempts,
            ..error
        };
        Error(inner.into())
    }
}

#[allow(dead_code, reason = "which are called depends on the spec")]
impl<T: DeserializeOwned> ResponseValue<T> {
    /// Decodes a body of JSON.
    pub(crate) async fn from_response(received: Received) -> Result<Self, Error> {
        let body = match received.response.body.0.deref() {
            b"" if received.call.operation.traits().may_be_empty => b"null",
            body => body,
        };
        match decode(body) {
            Ok(value) => Ok(received.response.map(|_| value)),
            Err(error) => {
                let error = decode_error(&received.key, "the response", body, &error);
                Err(received.failed(error))
            }
        }
    }
}

#[allow(dead_code, reason = "called if a spec has such an operation")]
impl ResponseValue<ByteStream> {
    /// Gives out a body as it arrives.
    pub(crate) fn stream(received: Received) -> Self {
        let (call, attempts) = (received.call, received.response.attempts);
        let stream = |(start, rest)| ByteStream::new(start, rest, call, attempts);
        received.response.map(stream)
    }
}

#[allow(dead_code, reason = "called if a spec has such an operation")]
impl ResponseValue<()> {
    /// Drops a body.
    pub(crate) fn empty(received: Received) -> Self {
        received.response.map(drop)
    }
}

/// Bodies of forms.
#[allow(dead_code, reason = "called if a spec has such an operation")]
pub(crate) trait RequestBuilderExt: Sized {
    fn form_urlencoded<T: Serialize + ?Sized>(self, body: &T) -> Result<Self, Error>;
}

impl RequestBuilderExt for reqwest::RequestBuilder {
    fn form_urlencoded<T: Serialize + ?Sized>(self, body: &T) -> Result<Self, Error> {
        progenitor_client::RequestBuilderExt::<()>::form_urlencoded(self, body).map_err(|_| {
            let what = "the body can't be sent as a form; each of its fields must be a string, a number or a boolean";
            Error::InvalidRequest(what.to_owned())
        })
    }
}
