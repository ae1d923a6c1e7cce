//! What to do about an error, as a value.
//!
//! The spec names a hint for each error code (`x-error-codes`), which decides before the status: they are in no fixed
//! relation.

use std::fmt;

use crate::generated::runtime::ErrorCode;

/// What to do about an error.
///
/// `Display` words it for a programmer who calls this crate. A program that talks to its own users matches the variant and
/// says which of its settings to change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Hint {
    /// Set an API key: there is none.
    SetApiKey,
    /// Set the app id: there is none, and no base URL.
    SetAppId,
    /// Set the region: there is none, and no base URL.
    SetRegion,
    /// Set the base URL: there is none.
    SetBaseUrl,
    /// Use `https://`: plain HTTP would show the key to the network.
    UseHttps,
    /// Check the API key, and that it is one of this app.
    CheckApiKey,
    /// Use a REST API key with full access in place of an `authOnly` key.
    UseFullAccessKey,
    /// Check the app id and the region.
    CheckAppAndRegion,
    /// Check the GUID, and that the group is in this app.
    CheckGroup,
    /// Check the user to act for.
    CheckUser,
    /// Check the base URL: what answers there is not the API.
    CheckBaseUrl,
    /// Check the base URL and the GUID: one of them leads to nothing.
    CheckAddress,
    /// Check the arguments of the call.
    CheckParameters,
    /// Check what is between the client and the service: a part of the request did not arrive.
    CheckProxy,
    /// Check the network.
    CheckNetwork,
    /// Trust the certificate's authority, or check the host name and the time.
    TrustCertificate,
    /// Check what `ClientBuilder::configure_http` sets.
    CheckHttpConfig,
    /// Change the app's plan, or wait for its next period.
    ChangePlan,
    /// Renew the app's subscription.
    RenewSubscription,
    /// Make fewer requests a minute.
    SlowDown,
    /// Make the same call again later.
    RetryLater,
    /// Make the same call again later, or let calls wait longer: the service asked for a longer wait than is allowed.
    RaiseMaxRetryAfter,
    /// Allow more time to connect.
    RaiseConnectTimeout,
    /// Allow more time for an attempt, or ask for fewer rows a page.
    RaiseAttemptTimeout,
    /// Allow more time for the whole call.
    RaiseCallTimeout,
    /// Allow more time for the whole list.
    RaiseListTimeout,
    /// Make the call in one tokio runtime, with I/O and time enabled.
    UseOneRuntime,
    /// Enable a TLS feature of this crate.
    EnableTls,
    /// Enable the feature `socks` of this crate, or use a proxy that speaks HTTP.
    EnableSocks,
    /// Ask for fewer rows a page, or accept larger responses.
    LowerPageSize,
    /// Set the base URL to where the redirect leads: none is followed.
    UseRedirectTarget,
    /// Look at the body: the service may have changed.
    InspectBody,
    /// Read the rows as text or as a type of your own: the type needs a field that a row lacks.
    ReadRawRows,
    /// Read what the server says about it.
    SeeServerError,
    /// Start the list again later, or from another page.
    RestartList,
    /// Start the list again from this page.
    ResumeFromPage,
    /// Allow more pages, or read the list in parts.
    RaiseMaxPages,
}

impl fmt::Display for Hint {
    /// Writes one sentence without its full stop.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::SetApiKey => {
                "Set COMETCHAT_API_KEY, or call .api_key(…), with a REST API key (fullAccess)"
            }
            Self::SetAppId => {
                "Set COMETCHAT_APP_ID or call .app_id(…), or give the whole address with .base_url(…)"
            }
            Self::SetRegion => {
                "Set COMETCHAT_REGION or call .region(…), or give the whole address with .base_url(…)"
            }
            Self::SetBaseUrl => "Set COMETCHAT_BASE_URL, or call .base_url(…)",
            Self::UseHttps => "Use https://, or call .allow_plain_http() if plain HTTP is intended",
            Self::CheckApiKey => {
                "Check that the key is a REST API key (fullAccess) of this app, and that app id and region are right"
            }
            Self::UseFullAccessKey => {
                "Use a REST API key (fullAccess) from the dashboard, not an authOnly key"
            }
            Self::CheckAppAndRegion => "Check the app id and the region",
            Self::CheckGroup => "Check the GUID, the app id and the region",
            Self::CheckUser => "Check the uid given to .on_behalf_of(…)",
            Self::CheckBaseUrl => {
                "Check the base URL, which ends in /v3; a proxy or a sign-in page may answer in the service's place"
            }
            Self::CheckAddress => "Check the base URL, the GUID, the app id and the region",
            Self::CheckParameters => "Check the arguments; details() says which one is wrong",
            Self::CheckProxy => "Check the base URL, and whether a proxy removes or changes headers",
            Self::CheckNetwork => "Check the network and the base URL, then retry",
            Self::TrustCertificate => {
                "Check the host name and this machine's time; to trust a private CA, add it to the system's store, name its file in \
                 SSL_CERT_FILE, or pass it to .configure_http(…)"
            }
            Self::CheckHttpConfig => "Check the base URL and what .configure_http(…) sets",
            Self::ChangePlan => {
                "Change the plan in the dashboard, or wait until its quota is renewed"
            }
            Self::RenewSubscription => "Renew the subscription in the dashboard",
            Self::SlowDown => "Slow down with .requests_per_minute(…), or retry later",
            Self::RetryLater => "Retry later",
            Self::RaiseMaxRetryAfter => "Retry later, or raise RetryPolicy::max_retry_after",
            Self::RaiseConnectTimeout => {
                "Check the network and the base URL, or raise .connect_timeout(…)"
            }
            Self::RaiseAttemptTimeout => {
                "Retry later, ask for fewer rows a page, or raise .attempt_timeout(…)"
            }
            Self::RaiseCallTimeout => "Retry later, or raise the call timeout",
            Self::RaiseListTimeout => {
                "Start again from this page with .page(…), or raise .list_timeout(…)"
            }
            Self::UseOneRuntime => "Make each call within one tokio runtime that is not shut down",
            Self::EnableTls => "Enable the feature rustls or native-tls",
            Self::EnableSocks => "Enable the feature socks, or use a proxy that speaks HTTP",
            Self::LowerPageSize => "Ask for fewer rows a page, or raise .max_response_bytes(…)",
            Self::UseRedirectTarget => {
                "Set the base URL to where the redirect leads; redirects are not followed, so that the key stays here"
            }
            Self::InspectBody => {
                "See body_snippet(); if the service has changed, regenerate the client from a newer spec"
            }
            Self::ReadRawRows => {
                "Read the rows with .raw() or .items_as(), which need no field of a row; see body_snippet()"
            }
            Self::SeeServerError => {
                "See message(), details() and body_snippet() for the server's error"
            }
            Self::RestartList => "Start again later, or from another page with .page(…)",
            Self::ResumeFromPage => "Start again from this page with .page(…)",
            Self::RaiseMaxPages => {
                "Raise .max_pages(…), or read the list in parts with .page(…) and .limit(…)"
            }
        })
    }
}

/// What to do about a response that is an error: by its code, or else by its status.
pub(crate) fn hint(status: u16, code: Option<&ErrorCode>) -> Hint {
    let by_status = || match status {
        300..=399 => Hint::UseRedirectTarget,
        401 | 403 => Hint::CheckApiKey,
        402 => Hint::ChangePlan,
        404 => Hint::CheckAddress,
        408 | 500..=599 => Hint::RetryLater,
        429 => Hint::SlowDown,
        _ => Hint::SeeServerError,
    };
    code.and_then(ErrorCode::hint).unwrap_or_else(by_status)
}

/// A code, if it looks like one: an unknown text in its place can be anything, and is not printed.
pub(crate) fn printable_code(code: &ErrorCode) -> &str {
    let text = code.as_str();
    let fits = text.len() <= 64
        && text
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    if fits {
        text
    } else {
        "(code() holds a code of another form)"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_decides_before_the_status() {
        let code = |text| Some(ErrorCode::from(text));
        for (status, code, expected) in [
            (500, code("ERR_GUID_NOT_FOUND"), Hint::CheckGroup),
            (200, code("ERR_EXCEPTION"), Hint::RetryLater),
            (403, code("ERR_OTHER"), Hint::CheckApiKey),
            (404, None, Hint::CheckAddress),
            (302, None, Hint::UseRedirectTarget),
            (418, None, Hint::SeeServerError),
        ] {
            assert_eq!(hint(status, code.as_ref()), expected, "{status} {code:?}");
        }
    }
}
