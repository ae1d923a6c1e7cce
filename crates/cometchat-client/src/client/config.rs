//! The configuration of a client: every setting with its unit, its default, and what it covers.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use crate::client::key::ApiKey;
use crate::generated::Client;
use crate::generated::server::Region;
use crate::http::clock::Clock;
use crate::http::events::{Event, Listener};
use crate::http::retry_budget;
use crate::http::retry_policy::RetryPolicy;

/// Configures a client.
///
/// `C` is what is built: the generated [`Client`], or a client of another crate that is made from one.
///
/// ```
/// # // As the crate `cometchat`, which most programs use, exports them.
/// # mod cometchat { pub use cometchat_client::{Client, server::Region}; }
/// use std::time::Duration;
/// use cometchat::{Client, Region};
///
/// # fn main() -> Result<(), cometchat_client::Error> {
/// let client = Client::builder()
///     .app_id("APP_ID")
///     .region(Region::Eu)
///     .api_key("key")
///     .requests_per_minute(400)
///     .call_timeout(Duration::from_secs(120))
///     .build()?;
/// # Ok(())
/// # }
/// ```
pub struct ClientBuilder<C = Client> {
    pub(super) app_id: Option<String>,
    pub(super) region: Option<Region>,
    pub(super) base_url: Option<String>,
    pub(super) api_key: Option<ApiKey>,
    pub(super) on_behalf_of: Option<String>,
    pub(super) allow_plain_http: bool,
    pub(super) connect_timeout: Duration,
    pub(super) attempt_timeout: Duration,
    pub(super) call_timeout: Option<Duration>,
    pub(super) max_response_bytes: u64,
    pub(super) retry: RetryPolicy,
    pub(super) retry_budget: u32,
    pub(super) requests_per_minute: Option<u32>,
    pub(super) clock: Option<Arc<dyn Clock>>,
    pub(super) listeners: Vec<Listener>,
    pub(super) configure: Vec<Configure>,
    pub(super) builds: PhantomData<fn() -> C>,
}

/// A function that configures an HTTP client. It is called once for each runtime that the client is used in.
pub(super) type Configure =
    Box<dyn Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync>;

impl<C> Default for ClientBuilder<C> {
    fn default() -> Self {
        Self {
            app_id: None,
            region: None,
            base_url: None,
            api_key: None,
            on_behalf_of: None,
            allow_plain_http: false,
            connect_timeout: Duration::from_secs(10),
            attempt_timeout: Duration::from_secs(30),
            call_timeout: None,
            max_response_bytes: 32 * 1024 * 1024,
            retry: RetryPolicy::default(),
            retry_budget: retry_budget::DEFAULT,
            requests_per_minute: None,
            clock: None,
            listeners: Vec::new(),
            configure: Vec::new(),
            builds: PhantomData,
        }
    }
}

impl<C: From<Client>> ClientBuilder<C> {
    /// A configuration with nothing set.
    pub fn new() -> Self {
        Self::default()
    }

    /// The id of the app, from the dashboard.
    #[must_use]
    pub fn app_id(mut self, app_id: impl Into<String>) -> Self {
        self.app_id = Some(app_id.into());
        self
    }

    /// The region that the app was created in.
    #[must_use]
    pub fn region(mut self, region: impl Into<Region>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// The base URL, in place of app id and region: of a dedicated or on-premise host, or of a sandbox.
    ///
    /// It is used as given, with one trailing slash removed. [`build`](Self::build) refuses user info, a query, a
    /// fragment, and plain `http://` to another machine than this one.
    #[must_use]
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = Some(base_url.into());
        self
    }

    /// A REST API key (`fullAccess`). The service refuses a key for authentication only (`authOnly`).
    #[must_use]
    pub fn api_key(mut self, key: impl Into<ApiKey>) -> Self {
        self.api_key = Some(key.into());
        self
    }

    /// The uid of a user to act for, sent as `onBehalfOf` with every request. Undocumented for the two lists.
    #[must_use]
    pub fn on_behalf_of(mut self, uid: impl Into<String>) -> Self {
        self.on_behalf_of = Some(uid.into());
        self
    }

    /// Allows plain `http://` to other machines, which shows the key to the network.
    #[must_use]
    pub fn allow_plain_http(mut self) -> Self {
        self.allow_plain_http = true;
        self
    }

    /// Maximum time to make a connection, TLS included; 10 seconds by default. Zero is refused by
    /// [`build`](Self::build).
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Maximum time of one attempt, from the connection to the end of the body; 30 seconds by default. Zero is refused
    /// by [`build`](Self::build).
    ///
    /// Of a body that is streamed, it is the maximum time to its first part, and then the maximum wait for each further
    /// one; see [`ByteStream`](crate::ByteStream).
    ///
    /// It covers neither the waits between attempts, nor the wait for a turn under
    /// [`requests_per_minute`](Self::requests_per_minute) or while the service throttles, nor further attempts: a call
    /// of five attempts can take five times as long, and more. [`call_timeout`](Self::call_timeout) covers all of it.
    #[must_use]
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// Maximum time of one call: all its attempts, and all its waits. Unlimited by default. Zero is refused by
    /// [`build`](Self::build).
    ///
    /// A call is one request of your program with its retries, so of a list it is one page. It ends as soon as it is
    /// certain that it can't complete in time: with its last error if the wait for a further attempt is too long, with
    /// kind `RateLimited` if the wait for its turn is, and with kind `Timeout` if an attempt takes too long. It covers a
    /// body that is streamed to its end.
    #[must_use]
    pub fn call_timeout(mut self, timeout: Duration) -> Self {
        self.call_timeout = Some(timeout);
        self
    }

    /// Maximum size of a response, in bytes after decompression; 32 MiB by default. 0 is refused by
    /// [`build`](Self::build).
    #[must_use]
    pub fn max_response_bytes(mut self, bytes: u64) -> Self {
        self.max_response_bytes = bytes;
        self
    }

    /// How often a call is made, and how long it waits between attempts; see [`RetryPolicy`].
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// The number of retries that may fail before calls are no longer retried; 128 by default, 0 for no retry at all.
    ///
    /// The budget keeps retries from making an outage worse. A client and its clones share it. A retry takes one; a call
    /// that the service answers gives back what it took and adds one, up to this number. So it only runs out while most
    /// calls fail.
    #[must_use]
    pub fn retry_budget(mut self, retries: u32) -> Self {
        self.retry_budget = retries;
        self
    }

    /// Maximum requests per minute of this client and its clones together, evenly spaced, first come, first served.
    /// Unlimited by default. 0 is refused by [`build`](Self::build).
    ///
    /// The service allows 20,000 a minute on paid plans for these lists, and 500 on the free plan.
    #[must_use]
    pub fn requests_per_minute(mut self, requests: u32) -> Self {
        self.requests_per_minute = Some(requests);
        self
    }

    /// Another source of time, for tests. The default is the system's, paused where a test pauses tokio's.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// Calls a function with each [`Event`], on the thread on which it happens. Several functions are called in the order
    /// in which they were added.
    #[must_use]
    pub fn on_event(mut self, listener: impl Fn(&Event) + Send + Sync + 'static) -> Self {
        self.listeners.push(Box::new(listener));
        self
    }

    /// Configures the HTTP client: proxies, certificates, DNS, connection pools.
    ///
    /// ```
    /// # mod cometchat { pub use cometchat_client::{Client, reqwest}; }
    /// use cometchat::{Client, reqwest};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let proxy = reqwest::Proxy::https("http://proxy.example:3128")?;
    /// let client = Client::builder()
    ///     .base_url("http://127.0.0.1:8080/v3")
    ///     .api_key("key")
    ///     .configure_http(move |http| http.proxy(proxy.clone()))
    ///     .build()?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The promises of this crate are set afterwards and win: no redirect, no `Referer`, no log of requests, no retry by
    /// reqwest, the timeouts. Proxies of the environment are not used for plain `http://` to this machine. For plain `http://`
    /// no certificate is loaded: a proxy that is reached by `https://` needs one that the function adds.
    ///
    /// The function is called in [`build`](Self::build), and once more for each further runtime that the client is used
    /// in, since each has its own connections.
    #[must_use]
    pub fn configure_http(
        mut self,
        configure: impl Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync + 'static,
    ) -> Self {
        self.configure.push(Box::new(configure));
        self
    }
}

impl<C> fmt::Debug for ClientBuilder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A base URL that has not been checked may hold a password.
        f.debug_struct("ClientBuilder")
            .field("app_id", &self.app_id)
            .field("region", &self.region)
            .field("api_key", &self.api_key)
            .field("retry", &self.retry)
            .field("requests_per_minute", &self.requests_per_minute)
            .finish_non_exhaustive()
    }
}
