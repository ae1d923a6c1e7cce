//! The shared test server, with a client of it, and what its pages say.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use cometchat::{Client, ClientBuilder, Clock, Group, Sleep};

pub use test_server::{Reply as Answer, Request as Asked, Step, answer, page};

/// The key that tests list with.
pub const KEY: &str = "k3y-of-the-tests";

/// A service that runs as long as the runtime that it was started in.
#[derive(Clone)]
pub struct Server(Arc<test_server::Server>);

impl Server {
    /// Starts a service that answers as the script says, which may take its time.
    pub async fn start<F>(script: impl Fn(Asked) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Answer> + Send + 'static,
    {
        Self(Arc::new(test_server::Server::start_async(script)))
    }

    /// Starts a service that answers at once.
    pub async fn answering(script: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Self {
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

    /// Waits until so many requests have come.
    pub async fn came(&self, requests: usize) {
        self.0.requested(requests).await;
    }

    /// Waits until the client has given up so many requests.
    pub async fn given_up(&self, requests: usize) {
        self.0.gave_up(requests).await;
    }

    /// How many requests the client gave up.
    pub fn abandoned(&self) -> usize {
        self.0.abandoned()
    }
}

/// Lets happen what can, on a runtime of one thread: what is sent meanwhile comes, too.
pub async fn settle() {
    for _ in 0..2_000 {
        tokio::task::yield_now().await;
    }
}

/// Without what takes longer than a test does: to look for proxies, and to read the certificates of the system.
pub fn quick(http: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    let http = http.no_proxy();
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    let http = http.tls_certs_only([]);
    // OpenSSL reads them all the same.
    #[cfg(feature = "rustls")]
    let http = http.tls_backend_rustls();
    http
}

/// A `meta` that says this of `total_pages`, and the nonsense beside it that was seen: `total` 0, a wrong `count`.
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
