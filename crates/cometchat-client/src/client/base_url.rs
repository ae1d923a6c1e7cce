//! Checks the base URL before a key is sent to it.

use reqwest::Url;

use crate::error::Error;
use crate::error::hint::Hint;

/// Checks a base URL and takes one trailing slash off it; otherwise it is used as given.
pub(crate) fn check(given: &str, allow_plain_http: bool) -> Result<String, Error> {
    let refused = |why: &str| Error::config(format!("the base URL is refused: {why}"));
    let refuse = |why| Err(refused(why));
    if given.is_empty() {
        return refuse("it is empty; give one such as https://APP_ID.api-us.cometchat.io/v3");
    }
    if given.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return refuse("it holds white space or a control character");
    }
    if !given.contains("://") {
        return refuse("it has no scheme; begin it with https://");
    }
    let url = Url::parse(given).map_err(|error| refused(&error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return refuse("its scheme is neither https nor http");
    }
    let Some(host) = url.host_str().filter(|host| !host.is_empty()) else {
        return refuse("it names no host");
    };
    if !url.username().is_empty() || url.password().is_some() {
        let error = refused("it has user info, which is not where the key goes");
        return Err(error.hinted(Hint::SetApiKey));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return refuse("it holds a query or a fragment, and paths are appended to it");
    }
    if url.scheme() == "http" && !is_loopback(host) && !allow_plain_http {
        let error = refused("plain http:// would show the key to the network");
        return Err(error.hinted(Hint::UseHttps));
    }
    if url.scheme() == "https" && !cfg!(any(feature = "rustls", feature = "native-tls")) {
        let error = refused("https:// needs TLS, which this build does not have");
        return Err(error.hinted(Hint::EnableTls));
    }
    Ok(given.strip_suffix('/').unwrap_or(given).to_owned())
}

#[cfg(feature = "tracing")]
pub(crate) fn host_and_port(base_url: &str) -> (String, Option<u16>) {
    let url = Url::parse(base_url).ok();
    let host = url.as_ref().and_then(|url| url.host_str());
    let port = url.as_ref().and_then(|url| url.port_or_known_default());
    (host.unwrap_or_default().to_owned(), port)
}

/// Whether a checked base URL is one of plain HTTP, and whether it is also one of this machine.
pub(crate) fn is_plain(base_url: &str) -> (bool, bool) {
    let url = Url::parse(base_url)
        .ok()
        .filter(|url| url.scheme() == "http");
    let host = url.as_ref().and_then(|url| url.host_str());
    (url.is_some(), host.is_some_and(is_loopback))
}

fn is_loopback(host: &str) -> bool {
    let name = host.trim_start_matches('[').trim_end_matches(']');
    match name.parse::<std::net::IpAddr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => name.eq_ignore_ascii_case("localhost"),
    }
}

/// Checks a part of a host name.
pub(crate) fn check_label(what: &str, value: &str) -> Result<(), Error> {
    let fits = !value.is_empty()
        && value.len() <= 63
        && value
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    if fits {
        return Ok(());
    }
    Err(Error::config(format!(
        "the {what} {value:?} is refused: it becomes a part of the host name, and has only letters, digits, - and _"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_trailing_slash_is_taken_off() {
        for (given, used) in [
            ("http://127.0.0.1:8080/v3", "http://127.0.0.1:8080/v3"),
            ("http://localhost:8080/v3/", "http://localhost:8080/v3"),
            ("http://[::1]:8080", "http://[::1]:8080"),
            ("https://chat.example/a/v3//", "https://chat.example/a/v3/"),
        ] {
            assert_eq!(check(given, false).unwrap(), used);
        }
    }

    #[test]
    fn a_base_url_that_endangers_the_key_is_refused() {
        for (given, reason) in [
            ("", "empty"),
            ("chat.example/v3", "no scheme"),
            ("ftp://chat.example", "scheme is neither"),
            ("https://", "host"),
            ("https://user:pw@chat.example/v3", "user info"),
            ("https://chat.example/v3?a=b", "query"),
            ("https://chat.example/v3#a", "fragment"),
            ("http://chat.example/v3", "plain http"),
            ("http://127.0.0.1.chat.example/v3", "plain http"),
            ("http://10.0.0.1/v3", "plain http"),
            ("https://chat.example/v3\n", "white space"),
        ] {
            let error = check(given, false).unwrap_err().to_string();
            assert!(error.contains(reason), "{given}: {error}");
            assert!(!error.contains("pw"), "{error}");
        }
    }

    #[test]
    fn plain_http_can_be_allowed() {
        assert!(check("http://chat.internal/v3", true).is_ok());
    }
}
