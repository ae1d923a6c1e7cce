//! The errors of an attempt that brought no complete response: from the network, from TLS, or from a limit.

use std::error::Error as _;
use std::iter::successors;
use std::time::Duration;

use crate::error::hint::Hint;
use crate::error::{Error, ErrorKind, Inner};

pub(crate) fn too_large(limit: u64, status: u16) -> Error {
    let what = format!("the response is larger than {limit} bytes");
    Inner {
        status: Some(status),
        ..Inner::new(ErrorKind::TooLarge, what, Hint::LowerPageSize)
    }
    .into()
}

pub(crate) fn late(status: Option<u16>) -> Error {
    let what = "no complete response came in time";
    Inner {
        status,
        ..Inner::new(ErrorKind::Timeout, what, Hint::RaiseAttemptTimeout)
    }
    .into()
}

/// A streamed response of which no further part came, within this call timeout if there is one.
pub(crate) fn stalled(status: u16, call_timeout: Option<Duration>) -> Error {
    let mut error = late(Some(status));
    error.0.what = "no further part of the response came in time".to_owned();
    if let Some(limit) = call_timeout {
        by_call_timeout(&mut error, limit);
    }
    error
}

/// Says that it was the call timeout that ended the attempt, if a timeout did.
pub(crate) fn by_call_timeout(error: &mut Error, limit: Duration) {
    if error.kind() == ErrorKind::Timeout {
        error.0.what = format!("the call did not complete within its timeout of {limit:?}");
        error.0.hint = Some(Hint::RaiseCallTimeout);
    }
}

/// A connection that would fail in the same way again: the server's certificate is not accepted, or the proxy speaks SOCKS
/// and this build does not.
///
/// The texts of the causes tell, since their types are those of one TLS library or another.
fn certain_failure(error: &reqwest::Error) -> Option<Inner> {
    let first = error.source().filter(|_| error.is_connect());
    // Without rustls, the proxy is spoken to as if it spoke HTTP, and no text tells.
    let socks = !cfg!(feature = "rustls") && is_socks_proxy_set();
    let causes = successors(first, |&cause| cause.source());
    causes.map(|cause| cause.to_string()).find_map(|cause| {
        let (what, hint) = if socks || cause.contains("scheme socks") {
            let what = "the proxy speaks SOCKS, which this build does not";
            (what.to_owned(), Hint::EnableSocks)
        } else if cause.contains("certificate") && !cause.contains("alert") {
            let what = format!("the server's certificate is not accepted ({cause})");
            (what, Hint::TrustCertificate)
        } else {
            return None;
        };
        Some(Inner::new(ErrorKind::Transport, what, hint))
    })
}

/// Returns `true` if the environment names a SOCKS proxy that this build can't use.
fn is_socks_proxy_set() -> bool {
    let names = ["ALL_PROXY", "all_proxy", "HTTPS_PROXY", "https_proxy"];
    let is_socks = |name| std::env::var(name).is_ok_and(|proxy| proxy.starts_with("socks"));
    !cfg!(feature = "socks") && names.into_iter().any(is_socks)
}

/// An attempt that failed in the network or at the server; after the status, if there is one.
pub(crate) fn broken(error: reqwest::Error, status: Option<u16>) -> Error {
    if let Some(certain) = certain_failure(&error) {
        return Inner {
            retryable: false,
            source: Some(Box::new(error.without_url())),
            ..certain
        }
        .into();
    }
    let (kind, what, hint) = match (error.is_timeout(), error.is_connect()) {
        _ if error.is_builder() => (
            ErrorKind::Config,
            "the HTTP client refused the request",
            Hint::CheckHttpConfig,
        ),
        (true, true) => (
            ErrorKind::Timeout,
            "no connection was made in time",
            Hint::RaiseConnectTimeout,
        ),
        (true, false) => (
            ErrorKind::Timeout,
            "no complete response came in time",
            Hint::RaiseAttemptTimeout,
        ),
        (false, true) => (
            ErrorKind::Transport,
            "no connection could be made",
            Hint::CheckNetwork,
        ),
        (false, false) if status.is_some() => (
            ErrorKind::Transport,
            "the response broke off or is damaged",
            Hint::CheckNetwork,
        ),
        (false, false) => (
            ErrorKind::Transport,
            "the connection broke before a response came",
            Hint::CheckNetwork,
        ),
    };
    Inner {
        status,
        // The URL holds the caller's arguments; the error names the operation itself.
        source: Some(Box::new(error.without_url())),
        ..Inner::new(kind, what, hint)
    }
    .into()
}
