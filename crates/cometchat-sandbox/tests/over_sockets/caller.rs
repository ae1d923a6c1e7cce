//! The two ways in which the tests ask: through an HTTP client, every answer held to the spec, and by hand.

use std::time::Duration;

use cometchat_sandbox::{Error, Operation, Sandbox};
use reqwest::header::HeaderMap;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::spec;

/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(20);

/// An HTTP client of one sandbox.
pub(crate) struct Caller {
    http: reqwest::Client,
    base_url: String,
    key: String,
}

/// An answer, read to its end.
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
                .timeout(PATIENCE)
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

    /// Asks for a path below the base URL, such as `/groups/city/members?page=2`.
    pub(crate) async fn get(&self, path: &str) -> Reply {
        Reply::read(self.request(path)).await.unwrap()
    }

    /// A page, which must be one, and fit the spec.
    pub(crate) async fn page(&self, path: &str) -> Value {
        let reply = self.get(path).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.text);
        let operation = match path.contains("/bannedusers") {
            true => Operation::ListBannedUsers,
            false => Operation::ListGroupMembers,
        };
        let page = reply.json();
        spec::judge_page(operation, &page);
        page
    }

    /// The status and the error object of a refusal, which must be one, and fit the spec.
    pub(crate) async fn refusal(&self, request: reqwest::RequestBuilder) -> (u16, Value) {
        let reply = Reply::read(request).await.unwrap();
        let mut body = reply.json();
        spec::judge_refusal(&body);
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

/// Sends these bytes on a connection of their own.
pub(crate) async fn send(port: u16, bytes: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    stream
}

/// Reads to the end of a connection: what came, and the error in which it ended, if in one.
pub(crate) async fn read_out(mut stream: TcpStream) -> (Vec<u8>, Option<std::io::ErrorKind>) {
    let mut came = Vec::new();
    let end = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut came))
        .await
        .expect("the connection comes to an end");
    (came, end.err().map(|error| error.kind()))
}

/// The bytes of a request for a list, of a connection that is to be closed after it.
pub(crate) fn head(sandbox: &Sandbox, path: &str) -> Vec<u8> {
    format!(
        "GET /v3{path} HTTP/1.1\r\nhost: localhost\r\napikey: {}\r\nconnection: close\r\n\r\n",
        sandbox.api_key()
    )
    .into_bytes()
}

/// The status line and headers, and the body, of bytes that came.
pub(crate) fn split(came: &[u8]) -> (String, &[u8]) {
    let end = came
        .windows(4)
        .position(|part| part == b"\r\n\r\n")
        .unwrap_or_else(|| panic!("no head in {:?}", String::from_utf8_lossy(came)));
    let head = String::from_utf8(came[..end].to_vec()).unwrap();
    (head, &came[end + 4..])
}

/// The start of a sandbox, in tests that only want it started.
pub(crate) async fn started(builder: cometchat_sandbox::Builder) -> (Sandbox, Caller) {
    let sandbox: Result<Sandbox, Error> = builder.start().await;
    let sandbox = sandbox.unwrap();
    let caller = Caller::new(&sandbox);
    (sandbox, caller)
}
