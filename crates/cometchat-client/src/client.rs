//! A client, and clones of it with other settings for some of its calls.

pub(crate) mod base_url;
mod build;
pub(crate) mod config;
pub(crate) mod environment;
pub(crate) mod key;

use std::fmt;
use std::time::Duration;

use reqwest::header::{
    ACCEPT_ENCODING, CONNECTION, CONTENT_LENGTH, HOST, HeaderName, HeaderValue, TE,
    TRANSFER_ENCODING, UPGRADE,
};

use crate::client::config::ClientBuilder;
use crate::error::Error;
use crate::generated::{Client, server};
use crate::http::retry_budget::Retries;
use crate::http::retry_policy::RetryPolicy;

impl Client {
    /// A configuration with nothing set.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }

    /// The base URL, without a trailing slash.
    pub fn base_url(&self) -> &str {
        &self.baseurl
    }

    /// A clone whose calls follow another retry policy. Connections, rate and retry budget stay shared.
    #[must_use]
    pub fn with_retry(&self, policy: RetryPolicy) -> Self {
        let mut client = self.clone();
        client.inner.retry = policy;
        client
    }

    /// A clone whose calls have another time limit, over all attempts and waits of a call; see
    /// [`ClientBuilder::call_timeout`]. A limit of zero ends each call before it is sent.
    #[must_use]
    pub fn with_call_timeout(&self, timeout: Duration) -> Self {
        let mut client = self.clone();
        client.inner.call_timeout = Some(timeout);
        client
    }

    /// A clone whose requests carry one more header. It replaces an earlier one of the same name. Its value is treated as
    /// a secret: no `Debug` shows it.
    ///
    /// ```
    /// # fn main() -> Result<(), cometchat_client::Error> {
    /// # let client = cometchat_client::Client::builder().base_url("http://127.0.0.1:9/v3").api_key("key").build()?;
    /// let traced = client.with_header("x-correlation-id", "42")?;
    /// let list = traced.list_group_members().guid("supergroup");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// `InvalidRequest` for a name or a value that no header can have, and for headers that the client sets itself: the
    /// key's, `onBehalfOf`, `Accept-Encoding`, and those of the connection (`Host`, `Content-Length`, …).
    pub fn with_header(&self, name: &str, value: &str) -> Result<Self, Error> {
        let refuse = |why: &str| Error::invalid(format!("the header {name:?} is refused: {why}"));
        let key = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| refuse("it is not the name of a header"))?;
        let own = [
            ACCEPT_ENCODING,
            CONNECTION,
            CONTENT_LENGTH,
            HOST,
            TE,
            TRANSFER_ENCODING,
            UPGRADE,
        ];
        if own.contains(&key)
            || [server::APIKEY_HEADER, server::ON_BEHALF_OF_HEADER].contains(&key.as_str())
        {
            return Err(refuse("the client sets it itself"));
        }
        let mut value = HeaderValue::from_str(value)
            .map_err(|_| refuse("its value holds a character that no header can have"))?;
        value.set_sensitive(true);
        let mut client = self.clone();
        client.inner.headers.insert(key, value);
        Ok(client)
    }

    /// A clone for one call whose retries can be ended while it runs, and a handle that does so.
    ///
    /// For a call that can turn out to be needless: ending it returns what its retries took from the retry budget, and
    /// tears down no connection, since an attempt in flight completes.
    #[must_use]
    pub fn with_retries(&self) -> (Self, Retries) {
        let retries = Retries::new(&self.inner.shared.budget);
        let mut client = self.clone();
        client.inner.retries = Some(retries.clone());
        (client, retries)
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
