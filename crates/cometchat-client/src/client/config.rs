//! How a client is configured, and what is refused before it is built.

use std::fmt;
use std::marker::PhantomData;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect;

use crate::client::base_url;
use crate::client::key::ApiKey;
use crate::error::hint::Hint;
use crate::error::{Error, ErrorKind, Inner};
use crate::generated::Client;
use crate::generated::server::{self, Region};
use crate::http::clock::{Clock, SystemClock};
use crate::http::events::{Event, Reporter};
use crate::http::rate_limit::Pacer;
use crate::http::request_state::{Context, Shared};
use crate::http::retry_budget::Budget;
use crate::http::retry_policy::RetryPolicy;

/// The configuration of a client.
///
/// `C` is what is built: the generated [`Client`], or a client of another crate that is made from one.
///
/// ```
/// use cometchat_client::{Client, server::Region};
///
/// # fn main() -> Result<(), cometchat_client::Error> {
/// let client = Client::builder().app_id("APP_ID").region(Region::Eu).api_key("key").build()?;
/// # Ok(())
/// # }
/// ```
pub struct ClientBuilder<C = Client> {
    app_id: Option<String>,
    region: Option<Region>,
    base_url: Option<String>,
    api_key: Option<ApiKey>,
    on_behalf_of: Option<String>,
    allow_plain_http: bool,
    connect_timeout: Duration,
    attempt_timeout: Duration,
    max_response_bytes: u64,
    retry: RetryPolicy,
    rate_limit: Option<u32>,
    clock: Option<Arc<dyn Clock>>,
    reporter: Reporter,
    http: Vec<Configure>,
    builds: PhantomData<fn() -> C>,
}

type Configure = Box<dyn FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send>;

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
            max_response_bytes: 32 * 1024 * 1024,
            retry: RetryPolicy::default(),
            rate_limit: None,
            clock: None,
            reporter: Reporter::default(),
            http: Vec::new(),
            builds: PhantomData,
        }
    }
}

impl<C: From<Client>> ClientBuilder<C> {
    /// A configuration with nothing said yet.
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

    /// The address of the service, in place of app id and region: a dedicated or on-premise host, or a sandbox.
    ///
    /// Used as given, with one trailing slash taken off. Plain `http://` is refused but for this machine.
    #[must_use]
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = Some(base_url.into());
        self
    }

    /// A REST API key (`fullAccess`). A key for authentication only (`authOnly`) is refused by the service.
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

    /// Allows plain `http://` to other machines, which shows the key to the network between.
    #[must_use]
    pub fn allow_plain_http(mut self) -> Self {
        self.allow_plain_http = true;
        self
    }

    /// How long a connection may take to be made; 10 seconds by default.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// How long one attempt may take, from the connection to the end of the body; 30 seconds by default.
    #[must_use]
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// The largest response that is accepted, in bytes after decompression; 32 MiB by default.
    #[must_use]
    pub fn max_response_bytes(mut self, bytes: u64) -> Self {
        self.max_response_bytes = bytes;
        self
    }

    /// How often a call is made, and how long it waits in between.
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// The most requests a minute that this client and its clones make together, evenly spaced. None by default.
    ///
    /// The service allows 20,000 a minute on paid plans for these lists, and 500 on the free plan. 0 is refused by
    /// [`build`](Self::build).
    #[must_use]
    pub fn requests_per_minute(mut self, per_minute: u32) -> Self {
        self.rate_limit = Some(per_minute);
        self
    }

    /// Another source of time, for tests.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// Is told of each attempt and each wait; see [`Event`].
    #[must_use]
    pub fn on_event(mut self, tell: impl Fn(&Event) + Send + Sync + 'static) -> Self {
        self.reporter = Reporter::new(tell);
        self
    }

    /// Configures the HTTP client: proxies, certificates, DNS, pools.
    ///
    /// What this crate promises is set afterwards and wins: no redirect, no `Referer`, no log of what is sent, no retry
    /// of reqwest's own, the time-outs. Proxies of the environment are not used for plain `http://` to this machine.
    #[must_use]
    pub fn configure_http(
        mut self,
        configure: impl FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + 'static,
    ) -> Self {
        self.http.push(Box::new(configure));
        self
    }

    /// Builds the client. Nothing is sent.
    ///
    /// # Errors
    ///
    /// `InvalidRequest`, with which and why: no key, a key that no header can carry, no address, an address without a
    /// scheme or with user info, a query or a fragment, plain `http://` to another machine, a rate limit of 0, a TLS
    /// configuration that does not work.
    pub fn build(self) -> Result<C, Error> {
        let base_url = self.address()?;
        let key = self
            .api_key
            .ok_or_else(|| Error::invalid("there is no API key").hinted(Hint::SetApiKey))?;
        let identity = identity(&key, self.on_behalf_of.as_deref())?;
        let rate_limit = match self.rate_limit {
            None => None,
            Some(per_minute) => Some(NonZeroU32::new(per_minute).ok_or_else(|| {
                Error::invalid(
                    "a rate limit of 0 requests a minute would never send anything; give 1 or more",
                )
            })?),
        };

        let mut http = reqwest::Client::builder()
            .user_agent(concat!("cometchat-rust/", env!("CARGO_PKG_VERSION")));
        if base_url::is_plain_loopback(&base_url) {
            // A proxy of the environment would get the key to read, for a request that is to stay on this machine.
            http = http.no_proxy();
        }
        for configure in self.http {
            http = configure(http);
        }
        let http = http
            .redirect(redirect::Policy::none())
            .referer(false)
            // It would log each request as it is sent, the key included.
            .connection_verbose(false)
            // Each attempt is counted, waited for and reported; none happens out of sight.
            .retry(reqwest::retry::never())
            .connect_timeout(self.connect_timeout)
            .build()
            .map_err(|error| Inner {
                kind: Some(ErrorKind::InvalidRequest),
                what: "the HTTP client can't be built".to_owned(),
                hint: Some(Hint::CheckHttpConfig),
                source: Some(Box::new(error)),
                ..Inner::default()
            })?;

        let clock = self.clock.unwrap_or_else(|| Arc::new(SystemClock::new()));
        let shared = Shared {
            key,
            identity,
            attempt_timeout: self.attempt_timeout,
            max_response_bytes: self.max_response_bytes,
            pacer: Pacer::new(rate_limit, clock.clone()),
            budget: Budget::new(),
            clock,
            reporter: self.reporter,
        };
        Ok(C::from(Client {
            baseurl: base_url,
            client: http,
            inner: Context {
                shared: Arc::new(shared),
                retry: self.retry,
                call: None,
            },
        }))
    }

    /// The base URL: the one given, or the one of the app and its region.
    fn address(&self) -> Result<String, Error> {
        if let Some(base_url) = &self.base_url {
            return base_url::check(base_url, self.allow_plain_http);
        }
        let app_id = self
            .app_id
            .as_ref()
            .ok_or_else(|| Error::invalid("there is no app id").hinted(Hint::SetAppId))?;
        let region = self
            .region
            .as_ref()
            .ok_or_else(|| Error::invalid("there is no region").hinted(Hint::SetRegion))?;
        base_url::check_label("app id", app_id)?;
        base_url::check_label("region", region.as_str())?;
        base_url::check(&server::url(app_id, region), false)
    }
}

/// The headers that say who asks.
fn identity(key: &ApiKey, on_behalf_of: Option<&str>) -> Result<HeaderMap, Error> {
    let mut headers = HeaderMap::new();
    let key = key
        .header()
        .map_err(|why| Error::invalid(format!("the API key is refused: {why}")))?;
    headers.insert(HeaderName::from_static(server::APIKEY_HEADER), key);
    if let Some(uid) = on_behalf_of {
        let header = (!uid.is_empty() && uid.bytes().all(|byte| byte.is_ascii_graphic()))
            .then(|| HeaderValue::from_str(uid).ok())
            .flatten();
        let header = header.ok_or_else(|| {
            Error::invalid(format!(
                "the user to act for is refused: {uid:?} can't be sent in a header"
            ))
        })?;
        headers.insert(HeaderName::from_static(server::ON_BEHALF_OF_HEADER), header);
    }
    Ok(headers)
}

impl<C> fmt::Debug for ClientBuilder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A base URL that has not been checked may hold a password.
        f.debug_struct("ClientBuilder")
            .field("app_id", &self.app_id)
            .field("region", &self.region)
            .field("api_key", &self.api_key)
            .field("retry", &self.retry)
            .field("rate_limit", &self.rate_limit)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// A configuration with nothing said yet.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }

    /// The address that requests go to.
    pub fn base_url(&self) -> &str {
        &self.baseurl
    }

    /// A clone whose calls follow another retry policy. Rate limit and retry budget stay shared.
    #[must_use]
    pub fn with_retry(&self, policy: RetryPolicy) -> Self {
        let mut client = self.clone();
        client.inner.retry = policy;
        client
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // reqwest prints default headers, which a user may have put a secret into.
        f.debug_struct("Client")
            .field("base_url", &self.baseurl)
            .field("context", &self.inner)
            .finish_non_exhaustive()
    }
}
