//! Builds a client: checks its configuration, and says which part of it is wrong.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect;

use crate::client::base_url;
use crate::client::config::{ClientBuilder, Configure};
use crate::client::key::ApiKey;
use crate::error::hint::Hint;
use crate::error::{Error, ErrorKind, Inner};
use crate::generated::Client;
use crate::generated::server;
use crate::http::clock::SystemClock;
use crate::http::pacer::Pacer;
use crate::http::request_state::{Context, Shared};
use crate::http::retry_budget::Budget;
use crate::http::runtime::HttpClients;

impl<C: From<Client>> ClientBuilder<C> {
    /// Builds the client. Nothing is sent.
    ///
    /// # Errors
    ///
    /// `Config`, with the setting and what is wrong with it: no key or one that no header can carry, no base URL
    /// or one that is refused ([`base_url`](Self::base_url)), `https://` without a TLS feature, a rate or a time of zero,
    /// a `configure_http` that does not work.
    pub fn build(self) -> Result<C, Error> {
        let base_url = self.address()?;
        let key = self
            .api_key
            .ok_or_else(|| Error::config("there is no API key").hinted(Hint::SetApiKey))?;
        let identity = identity(&key, self.on_behalf_of.as_deref())?;
        for (name, is_zero) in [
            ("requests_per_minute", self.requests_per_minute == Some(0)),
            ("connect_timeout", self.connect_timeout.is_zero()),
            ("attempt_timeout", self.attempt_timeout.is_zero()),
            ("call_timeout", self.call_timeout == Some(Duration::ZERO)),
            ("max_response_bytes", self.max_response_bytes == 0),
        ] {
            if is_zero {
                let what = format!("{name} is zero; set it to more");
                return Err(Error::config(what));
            }
        }
        let plain = base_url::is_plain(&base_url);
        let (configure, connect_timeout) = (self.configure, self.connect_timeout);
        let build = move || http_client(plain, &configure, connect_timeout);
        let (http, first) = HttpClients::new(build).map_err(|error| {
            let what = "the HTTP client can't be built";
            Inner {
                source: Some(Box::new(error)),
                ..Inner::new(ErrorKind::Config, what, Hint::CheckHttpConfig)
            }
        })?;
        let rate = self.requests_per_minute.and_then(NonZeroU32::new);
        let clock = self.clock.unwrap_or_else(|| Arc::new(SystemClock::new()));
        let shared = Shared {
            key,
            identity,
            http,
            #[cfg(feature = "tracing")]
            address: base_url::host_and_port(&base_url),
            attempt_timeout: self.attempt_timeout,
            max_response_bytes: self.max_response_bytes,
            pacer: Pacer::new(rate, clock.clone()),
            budget: Budget::new(self.retry_budget),
            clock,
            listeners: self.listeners,
        };
        Ok(C::from(Client {
            baseurl: base_url,
            client: first,
            inner: Context {
                shared: Arc::new(shared),
                retry: self.retry,
                call_timeout: self.call_timeout,
                headers: HeaderMap::new(),
                retries: None,
            },
        }))
    }

    /// The base URL: the one given, or the one of the app and its region.
    fn address(&self) -> Result<String, Error> {
        if let Some(base_url) = &self.base_url {
            return base_url::check(base_url, self.allow_plain_http);
        }
        if !server::BY_APP {
            return Err(Error::config("there is no base URL").hinted(Hint::SetBaseUrl));
        }
        let app_id = self
            .app_id
            .as_ref()
            .ok_or_else(|| Error::config("there is no app id").hinted(Hint::SetAppId))?;
        let region = self
            .region
            .as_ref()
            .ok_or_else(|| Error::config("there is no region").hinted(Hint::SetRegion))?;
        base_url::check_label("app id", app_id)?;
        base_url::check_label("region", region.as_str())?;
        base_url::check(&server::url(app_id, region), false)
    }
}

/// A reqwest client: as the user configures it, with what this crate promises on top.
fn http_client(
    (plain, loopback): (bool, bool),
    configure: &[Configure],
    connect_timeout: Duration,
) -> reqwest::Result<reqwest::Client> {
    let mut http = reqwest::Client::builder()
        .user_agent(concat!("cometchat-rust/", env!("CARGO_PKG_VERSION")));
    // Chosen here, since reqwest's own choice depends on which features another crate enables.
    #[cfg(feature = "rustls")]
    {
        http = http.tls_backend_rustls();
    }
    #[cfg(all(feature = "native-tls", not(feature = "rustls")))]
    {
        http = http.tls_backend_native();
    }
    if loopback {
        // A proxy of the environment would read the key of a request that is to stay on this machine.
        http = http.no_proxy();
    }
    // There is no peer with a certificate. To load those of the system takes longer than all else here, and a system may
    // have none.
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    if plain && !has_https_proxy() {
        http = http.tls_certs_only([]);
    }
    #[cfg(not(any(feature = "rustls", feature = "native-tls")))]
    let _ = plain;
    for configure in configure {
        http = configure(http);
    }
    http.redirect(redirect::Policy::none())
        .referer(false)
        // It would log each request as it is sent, the key included.
        .connection_verbose(false)
        // Each attempt is counted, waited for and reported, so reqwest makes none by itself.
        .retry(reqwest::retry::never())
        .connect_timeout(connect_timeout)
        .build()
}

/// The headers that authenticate each request.
fn identity(key: &ApiKey, on_behalf_of: Option<&str>) -> Result<HeaderMap, Error> {
    let mut headers = HeaderMap::new();
    let key = key
        .header(server::APIKEY_PREFIX)
        .map_err(|why| Error::config(format!("the API key is refused: {why}")))?;
    headers.insert(HeaderName::from_static(server::APIKEY_HEADER), key);
    if let Some(uid) = on_behalf_of {
        let fits = !uid.is_empty() && uid.bytes().all(|byte| byte.is_ascii_graphic());
        let header = HeaderValue::from_str(uid).ok().filter(|_| fits);
        let header = header.ok_or_else(|| {
            Error::config(format!(
                "the user to act for is refused: {uid:?} can't be sent in a header"
            ))
        })?;
        headers.insert(HeaderName::from_static(server::ON_BEHALF_OF_HEADER), header);
    }
    Ok(headers)
}

/// Whether the environment names a proxy that is spoken to by TLS.
#[cfg(any(feature = "rustls", feature = "native-tls"))]
fn has_https_proxy() -> bool {
    let names = ["ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy"];
    let is_https = |name| std::env::var(name).is_ok_and(|proxy| proxy.starts_with("https:"));
    names.into_iter().any(is_https)
}
