//! The server: it accepts connections, follows the script, and records what came.

use std::future::ready;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};

use crate::reply::{Reply, Step};
use crate::request::{self, Request};

/// Maximum time that [`Server::requested`] and [`Server::gave_up`] wait.
const PATIENCE: Duration = Duration::from_secs(20);

/// A server on a loopback port. Dropping it closes the port and every connection.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    log: watch::Sender<Log>,
    _stop: oneshot::Sender<()>,
}

/// The connections and requests so far.
#[derive(Debug, Default)]
struct Log {
    connections: usize,
    open: usize,
    requests: Vec<Request>,
    abandoned: usize,
}

type Script = dyn Fn(Request) -> Pin<Box<dyn Future<Output = Reply> + Send>> + Send + Sync;

impl Server {
    /// Serves in the current runtime: `script` gives the reply to each request.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime; see [`on_thread`](Self::on_thread).
    pub fn start(script: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        Self::start_async(move |request| ready(script(&request)))
    }

    /// Serves the first reply to the first request and so on, the last one to all further requests.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime, and without any reply.
    pub fn with(replies: impl Into<Vec<Reply>>) -> Self {
        Self::start(queue(replies.into()))
    }

    /// Serves in the current runtime; the future that `script` gives decides when the reply is sent.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    pub fn start_async<F>(script: impl Fn(Request) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Reply> + Send + 'static,
    {
        let (server, serving) = Self::new(script);
        tokio::spawn(serving);
        server
    }

    /// Serves on a thread of its own, for a test that blocks or has no runtime.
    pub fn on_thread(script: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        let (server, serving) = Self::new(move |request| ready(script(&request)));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        std::thread::spawn(move || runtime.block_on(serving));
        server
    }

    fn new<F>(
        script: impl Fn(Request) -> F + Send + Sync + 'static,
    ) -> (Self, impl Future<Output = ()> + Send)
    where
        F: Future<Output = Reply> + Send + 'static,
    {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        listener.set_nonblocking(true).expect("a socket");
        let address = listener.local_addr().expect("an address");
        let script: Arc<Script> = Arc::new(move |request| Box::pin(script(request)));
        let log = watch::Sender::new(Log::default());
        let (stop, stopped) = oneshot::channel();
        let server = Self {
            address,
            log: log.clone(),
            _stop: stop,
        };
        (server, serve_all(listener, script, log, stopped))
    }

    /// The address.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base URL for a client: `http://127.0.0.1:PORT/v3`.
    pub fn base_url(&self) -> String {
        format!("http://{}/v3", self.address)
    }

    /// The requests so far, in order.
    pub fn requests(&self) -> Vec<Request> {
        self.log.borrow().requests.clone()
    }

    /// The pages asked for so far, in order.
    pub fn pages(&self) -> Vec<u32> {
        self.log
            .borrow()
            .requests
            .iter()
            .map(Request::page)
            .collect()
    }

    /// Returns the number of connections accepted so far.
    pub fn connections(&self) -> usize {
        self.log.borrow().connections
    }

    /// Returns the number of open connections.
    pub fn open_connections(&self) -> usize {
        self.log.borrow().open
    }

    /// Returns the number of connections that the client closed while a reply was due.
    pub fn abandoned(&self) -> usize {
        self.log.borrow().abandoned
    }

    /// Waits until so many requests have come.
    ///
    /// # Panics
    ///
    /// After 20 seconds of tokio's time.
    pub async fn requested(&self, requests: usize) {
        self.reaches(|log| log.requests.len() >= requests).await;
    }

    /// Waits until the client has closed so many connections while a reply was due.
    ///
    /// # Panics
    ///
    /// After 20 seconds of tokio's time.
    pub async fn gave_up(&self, requests: usize) {
        self.reaches(|log| log.abandoned >= requests).await;
    }

    async fn reaches(&self, reached: impl FnMut(&Log) -> bool) {
        let mut log = self.log.subscribe();
        let waited = timeout(PATIENCE, log.wait_for(reached)).await.map(drop);
        assert!(waited.is_ok(), "it did not come to that: {:?}", self.log);
    }
}

/// A script that serves the replies in order, and the last one for ever.
fn queue(replies: Vec<Reply>) -> impl Fn(&Request) -> Reply {
    assert!(!replies.is_empty(), "a server without a reply");
    move |request| replies[request.number.min(replies.len() - 1)].clone()
}

/// An address that refuses connections.
pub fn closed_port() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("an address")
}

/// Serves connections until the server is dropped.
async fn serve_all(
    listener: TcpListener,
    script: Arc<Script>,
    log: watch::Sender<Log>,
    mut stopped: oneshot::Receiver<()>,
) {
    let listener = tokio::net::TcpListener::from_std(listener).expect("a runtime with I/O");
    // Dropped with this future, which ends the connections.
    let mut connections = JoinSet::new();
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => accepted.expect("a connection").0,
            _ = &mut stopped => return,
        };
        let mut number = 0;
        log.send_modify(|log| {
            number = log.connections;
            log.connections += 1;
            log.open += 1;
        });
        let (script, log) = (script.clone(), log.clone());
        connections.spawn(async move {
            serve(stream, number, &*script, &log).await;
            log.send_modify(|log| log.open -= 1);
        });
    }
}

/// Serves a connection until it ends.
async fn serve(stream: TcpStream, connection: usize, script: &Script, log: &watch::Sender<Log>) {
    // Fails where the client has gone already, which the next read finds.
    let _ = stream.set_nodelay(true);
    let mut stream = BufReader::new(stream);
    while let Some((head, body)) = request::read(&mut stream).await {
        let mut request = Request {
            number: 0,
            connection,
            received: Instant::now(),
            head,
            body,
        };
        log.send_modify(|log| {
            request.number = log.requests.len();
            log.requests.push(request.clone());
        });
        let given_up = || log.send_modify(|log| log.abandoned += 1);
        let reply = tokio::select! {
            reply = script(request) => reply,
            () = closed(&mut stream) => return given_up(),
        };
        for step in reply {
            match step {
                Step::Send(bytes) => {
                    if stream.get_mut().write_all(&bytes).await.is_err() {
                        return given_up();
                    }
                }
                Step::SendForever(bytes) => {
                    while stream.get_mut().write_all(&bytes).await.is_ok() {}
                    return given_up();
                }
                Step::Sleep(duration) => tokio::select! {
                    () = tokio::time::sleep(duration) => {}
                    () = closed(&mut stream) => return given_up(),
                },
                Step::Reset => {
                    let _ = stream.get_ref().set_zero_linger();
                    return;
                }
                Step::Close => return,
                Step::Hang => {
                    closed(&mut stream).await;
                    return given_up();
                }
            }
        }
    }
}

/// Waits until the client closes the connection. A request that it sends meanwhile stays unread.
async fn closed(stream: &mut BufReader<TcpStream>) {
    if let Ok([_, ..]) = stream.fill_buf().await {
        std::future::pending().await
    }
}
