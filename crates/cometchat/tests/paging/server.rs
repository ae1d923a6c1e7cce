//! The shared test server, with a client of it, and what its pages say.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use cometchat::{Client, ClientBuilder, Clock, Group, Sleep};

pub use test_server::{Reply, Request, Step, answer, page};

/// The key that tests list with.
pub const KEY: &str = "k3y-of-the-tests";

/// A service that runs as long as the runtime that it was started in.
#[derive(Clone)]
pub struct Server(Arc<test_server::Server>);

impl Server {
    /// Starts a service that responds as the script does, which may wait.
    pub async fn start<F>(script: impl Fn(Request) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Reply> + Send + 'static,
    {
        Self(Arc::new(test_server::Server::start_async(script)))
    }

    /// Starts a service that responds at once.
    pub async fn answering(script: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        Self(Arc::new(test_server::Server::start(script)))
    }

    /// A client of this service that waits for nothing but responses.
    pub fn client(&self) -> Client {
        self.builder().build().unwrap()
    }

    /// The configuration of a client of this service.
    pub fn builder(&self) -> ClientBuilder<Client> {
        Client::builder()
            .base_url(self.0.base_url())
            .api_key(KEY)
            .clock(Leaps::default())
            .attempt_timeout(Duration::from_secs(20))
            .configure_http(quick)
    }

    /// The base URL of this service.
    pub fn base_url(&self) -> String {
        self.0.base_url()
    }

    /// A group of this service.
    pub fn group(&self) -> Group {
        self.client().group("team")
    }

    /// The pages that were requested, in order.
    pub fn pages(&self) -> Vec<u32> {
        self.0.pages()
    }

    /// How many connections were made.
    pub fn connections(&self) -> usize {
        self.0.connections()
    }

    /// Waits until this many requests have come.
    pub async fn came(&self, requests: usize) {
        self.0.requested(requests).await;
    }

    /// Waits until the client has cancelled this many requests.
    pub async fn given_up(&self, requests: usize) {
        self.0.gave_up(requests).await;
    }

    /// The number of requests that the client cancelled.
    pub fn abandoned(&self) -> usize {
        self.0.abandoned()
    }
}

/// Runs all other tasks of a runtime of one thread, so that requests sent meanwhile arrive.
pub async fn settle() {
    for _ in 0..2_000 {
        tokio::task::yield_now().await;
    }
}

/// Leaves out what takes longer than a test: looking for proxies, and reading the certificates of the system.
pub fn quick(http: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    let http = http.no_proxy();
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    let http = http.tls_certs_only([]);
    // OpenSSL reads them all the same.
    #[cfg(feature = "rustls")]
    let http = http.tls_backend_rustls();
    http
}

/// A `meta` with this `total_pages`, and the wrong values that were observed beside it: `total` 0, a wrong `count`.
pub fn total_pages(total_pages: u32) -> String {
    format!(r#"{{"pagination":{{"total":0,"count":5,"total_pages":{total_pages}}}}}"#)
}

/// The uids of the page of this number, of a list of `rows` rows that is cut into pages of `size`.
pub fn slice(rows: u32, size: u32, number: u32) -> Vec<String> {
    let first = (number.saturating_sub(1)).saturating_mul(size).min(rows);
    let last = first.saturating_add(size).min(rows);
    (first..last).map(|row| format!("u{row}")).collect()
}

/// All uids of such a list.
pub fn all(rows: u32) -> Vec<String> {
    slice(rows, rows, 1)
}

/// A clock on which every wait is over at once.
#[derive(Debug, Default)]
struct Leaps(AtomicU64);

impl Clock for Leaps {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn monotonic(&self) -> Duration {
        Duration::from_secs(self.0.fetch_add(1000, Ordering::Relaxed))
    }

    fn sleep(&self, _: Duration) -> Sleep {
        Box::pin(std::future::ready(()))
    }
}
