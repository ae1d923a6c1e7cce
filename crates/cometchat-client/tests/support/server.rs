//! A server on a loopback socket that sends what a script says, byte for byte, and keeps what it was asked.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use cometchat_client::{Client, ClientBuilder};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::ScriptedClock;

/// The key that every client of these tests has.
pub const KEY: &str = "KEY_0123456789_ABCDEF";

/// What the server does next on a connection.
#[derive(Clone, Debug)]
pub enum Step {
    /// Sends these bytes.
    Send(Vec<u8>),
    /// Sends these bytes again and again, until nobody takes them.
    SendForEver(Vec<u8>),
    /// Breaks the connection off, with a reset.
    Reset,
    /// Ends the connection, in order.
    Close,
    /// Does nothing more, and keeps the connection open.
    Hang,
}

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Request {
    /// How many requests came before it.
    pub number: usize,
    /// The first line and the headers.
    pub head: String,
}

impl Request {
    /// The path and the query, as sent.
    pub fn target(&self) -> &str {
        self.head.split(' ').nth(1).unwrap()
    }

    /// The group that is asked for, as sent.
    pub fn group(&self) -> &str {
        self.target().split('/').nth(3).unwrap()
    }

    /// The value of a header, as sent.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// A server that follows a script.
pub struct Server {
    address: SocketAddr,
    seen: Arc<Mutex<Seen>>,
    clock: ScriptedClock,
    task: JoinHandle<()>,
}

#[derive(Default)]
struct Seen {
    connections: usize,
    requests: Vec<Request>,
}

impl Server {
    /// A server that does for each request what `script` says.
    pub async fn start(script: impl Fn(&Request) -> Vec<Step> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Seen::default()));
        let (script, notes) = (Arc::new(script), seen.clone());
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                notes.lock().unwrap().connections += 1;
                tokio::spawn(serve(stream, script.clone(), notes.clone()));
            }
        });
        Self {
            address,
            seen,
            clock: ScriptedClock::default(),
            task,
        }
    }

    /// A server that does for the first request what the first entry says, and for all after the last what that says.
    pub async fn with(replies: impl Into<Vec<Vec<Step>>>) -> Self {
        let replies = replies.into();
        Self::start(move |request| replies[request.number.min(replies.len() - 1)].clone()).await
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The clock of the clients that [`client`](Self::client) makes.
    pub fn clock(&self) -> &ScriptedClock {
        &self.clock
    }

    /// A client of this server that never waits.
    pub fn client(&self) -> ClientBuilder {
        Client::builder()
            .base_url(format!("http://{}/v3", self.address))
            .api_key(KEY)
            .clock(self.clock.clone())
    }

    /// What was asked so far, in order.
    pub fn requests(&self) -> Vec<Request> {
        self.seen.lock().unwrap().requests.clone()
    }

    /// How many connections were made so far.
    pub fn connections(&self) -> usize {
        self.seen.lock().unwrap().connections
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Serves a connection, until it ends.
async fn serve<S>(mut stream: TcpStream, script: Arc<S>, seen: Arc<Mutex<Seen>>)
where
    S: Fn(&Request) -> Vec<Step>,
{
    while let Some(head) = head(&mut stream).await {
        let request = {
            let mut seen = seen.lock().unwrap();
            let number = seen.requests.len();
            let request = Request { number, head };
            seen.requests.push(request.clone());
            request
        };
        for step in script(&request) {
            match step {
                Step::Send(bytes) => {
                    if stream.write_all(&bytes).await.is_err() {
                        return;
                    }
                }
                Step::SendForEver(bytes) => while stream.write_all(&bytes).await.is_ok() {},
                Step::Reset => return stream.set_zero_linger().unwrap(),
                Step::Close => return,
                Step::Hang => std::future::pending().await,
            }
        }
    }
}

/// The first line and the headers of the next request; nothing where none comes.
async fn head(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    Some(String::from_utf8(head).unwrap())
}

/// A whole response, after which the connection can be used again.
pub fn answer(status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Vec<Step> {
    let body = body.as_ref();
    let mut bytes = format!(
        "HTTP/1.1 {status} Any\r\ncontent-length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        bytes.push_str(&format!("{name}: {value}\r\n"));
    }
    let mut bytes = bytes.into_bytes();
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(body);
    vec![Step::Send(bytes)]
}

/// A whole response of JSON.
pub fn json(status: u16, body: &str) -> Vec<Step> {
    answer(status, &[("content-type", "application/json")], body)
}

/// A last page of one row.
pub fn page() -> Vec<Step> {
    json(200, r#"{"data":[{"uid":"superhero2"}]}"#)
}

/// An address that refuses connections.
pub async fn closed_port() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    listener.local_addr().unwrap()
}
