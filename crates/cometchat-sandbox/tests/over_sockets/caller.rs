//! Two ways to send requests: an HTTP client that validates each response against the spec, and plain bytes.

use std::time::Duration;

use cometchat_sandbox::{Error, Operation, Sandbox};
use reqwest::header::HeaderMap;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::spec;

/// Maximum time that a test waits for a response.
const TIMEOUT: Duration = Duration::from_secs(20);

/// An HTTP client of one sandbox.
pub(crate) struct Caller {
    http: reqwest::Client,
    base_url: String,
    key: String,
}

/// A response, read to its end.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Caller {
    pub(crate) fn new(sandbox: &Sandbox) -> Self {
        Self {
            http: reqwest::Client::builder()
                .no_proxy()
                .redirect(reqwest::redirect::Policy::none())
                .timeout(TIMEOUT)
                .build()
                .unwrap(),
            base_url: sandbox.base_url().to_owned(),
            key: sandbox.api_key().to_owned(),
        }
    }

    /// A request with the key, not yet sent.
    pub(crate) fn request(&self, path: &str) -> reqwest::RequestBuilder {
        self.http
            .get(format!("{}{path}", self.base_url))
            .header("apikey", &self.key)
    }

    /// A request without the key, by any method, not yet sent.
    pub(crate) fn bare(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        self.http
            .request(method.parse().unwrap(), format!("{}{path}", self.base_url))
    }

    /// Requests a path below the base URL, such as `/groups/city/members?page=2`.
    pub(crate) async fn get(&self, path: &str) -> Reply {
        Reply::read(self.request(path)).await.unwrap()
    }

    /// Requests a page, which must be valid by the spec.
    pub(crate) async fn page(&self, path: &str) -> Value {
        let reply = self.get(path).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.text);
        let operation = match path.contains("/bannedusers") {
            true => Operation::ListBannedUsers,
            false => Operation::ListGroupMembers,
        };
        let page = reply.json();
        spec::check_page(operation, &page);
        page
    }

    /// The status and the error object of an error response, which must be valid by the spec.
    pub(crate) async fn error(&self, request: reqwest::RequestBuilder) -> (u16, Value) {
        let reply = Reply::read(request).await.unwrap();
        let mut body = reply.json();
        spec::check_error(&body);
        (reply.status, body["error"].take())
    }
}

impl Reply {
    pub(crate) async fn read(request: reqwest::RequestBuilder) -> reqwest::Result<Self> {
        let response = request.send().await?;
        Ok(Self {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            text: response.text().await?,
        })
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text)
            .unwrap_or_else(|error| panic!("{error} in {:?}", self.text))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// The uids of a page.
pub(crate) fn uids(page: &Value) -> Vec<String> {
    page["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["uid"].as_str().unwrap().to_owned())
        .collect()
}

/// Sends these bytes on a new connection.
pub(crate) async fn send(port: u16, bytes: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    stream
}

/// Reads to the end of a connection. Returns the bytes, and the error that ended it, if any.
pub(crate) async fn read_out(mut stream: TcpStream) -> (Vec<u8>, Option<std::io::ErrorKind>) {
    let mut bytes = Vec::new();
    let end = tokio::time::timeout(TIMEOUT, stream.read_to_end(&mut bytes))
        .await
        .expect("the connection ends");
    (bytes, end.err().map(|error| error.kind()))
}

/// The bytes of a request for a list that closes its connection.
pub(crate) fn head(sandbox: &Sandbox, path: &str) -> Vec<u8> {
    format!(
        "GET /v3{path} HTTP/1.1\r\nhost: localhost\r\napikey: {}\r\nconnection: close\r\n\r\n",
        sandbox.api_key()
    )
    .into_bytes()
}

/// The head and the body of the received bytes.
pub(crate) fn split(bytes: &[u8]) -> (String, &[u8]) {
    let end = bytes
        .windows(4)
        .position(|part| part == b"\r\n\r\n")
        .unwrap_or_else(|| panic!("no head in {:?}", String::from_utf8_lossy(bytes)));
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    (head, &bytes[end + 4..])
}

/// Starts a sandbox with a client of it.
pub(crate) async fn started(builder: cometchat_sandbox::Builder) -> (Sandbox, Caller) {
    let sandbox: Result<Sandbox, Error> = builder.start().await;
    let sandbox = sandbox.unwrap();
    let caller = Caller::new(&sandbox);
    (sandbox, caller)
}
