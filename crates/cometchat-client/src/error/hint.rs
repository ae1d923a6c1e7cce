//! What to do about an error, as a value.
//!
//! The spec names a hint for each error code (`x-error-codes`).

use std::fmt;

macro_rules! hints {
    ($($name:ident = $text:literal;)*) => {
        /// What to do about an error.
        ///
        /// `Display` words it for a programmer who calls this crate, as one sentence without its full stop. A program that
        /// talks to its own users matches the variant and says which of its settings to change.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Hint {
            $(#[doc = $text] $name,)*
        }

        impl fmt::Display for Hint {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(match self {
                    $(Self::$name => $text,)*
                })
            }
        }
    };
}

hints! {
    SetApiKey = "Set COMETCHAT_API_KEY, or call .api_key(…), with a REST API key (fullAccess)";
    SetAppId = "Set COMETCHAT_APP_ID or call .app_id(…), or give the whole address with .base_url(…)";
    SetRegion = "Set COMETCHAT_REGION or call .region(…), or give the whole address with .base_url(…)";
    SetBaseUrl = "Set COMETCHAT_BASE_URL, or call .base_url(…)";
    UseHttps = "Use https://, or call .allow_plain_http() if plain HTTP is intended";
    CheckApiKey = "Check that the key is a REST API key (fullAccess) of this app, and that app id and region are right";
    UseFullAccessKey = "Use a REST API key (fullAccess) from the dashboard, not an authOnly key";
    CheckAppAndRegion = "Check the app id and the region";
    CheckGroup = "Check the GUID, the app id and the region";
    CheckUser = "Check the uid given to .on_behalf_of(…)";
    CheckBaseUrl = "Check the base URL, which ends in /v3; a proxy or a sign-in page may answer in the service's place";
    CheckAddress = "Check the base URL, the GUID, the app id and the region";
    CheckParameters = "Check the arguments; details() says which one is wrong";
    CheckProxy = "Check the base URL, and whether a proxy removes or changes headers";
    CheckNetwork = "Check the network and the base URL, then retry";
    TrustCertificate =
        "Check the host name and this machine's time; to trust a private CA, add it to the system's store, name its file in \
         SSL_CERT_FILE, or pass it to .configure_http(…)";
    CheckHttpConfig = "Check the base URL and what .configure_http(…) sets";
    ChangePlan = "Change the plan in the dashboard, or wait until its quota is renewed";
    RenewSubscription = "Renew the subscription in the dashboard";
    SlowDown = "Slow down with .requests_per_minute(…), or retry later";
    RetryLater = "Retry later";
    RaiseMaxRetryAfter = "Retry later, or raise RetryPolicy::max_retry_after";
    RaiseConnectTimeout = "Check the network and the base URL, or raise .connect_timeout(…)";
    RaiseAttemptTimeout = "Retry later, ask for fewer rows a page, or raise .attempt_timeout(…)";
    RaiseCallTimeout = "Retry later, or raise the call timeout";
    RaiseListTimeout = "Start again from this page with .page(…), or raise .list_timeout(…)";
    UseOneRuntime = "Make each call within one tokio runtime that is not shut down";
    EnableTls = "Enable the feature rustls or native-tls";
    EnableSocks = "Enable the feature socks, or use a proxy that speaks HTTP";
    LowerPageSize = "Ask for fewer rows a page, or raise .max_response_bytes(…)";
    UseRedirectTarget = "Set the base URL to where the redirect leads; redirects are not followed, so that the key stays here";
    InspectBody = "See body_snippet(); if the service has changed, regenerate the client from a newer spec";
    ReadRawRows = "Read the rows with .raw() or .items_as(), which need no field of a row; see body_snippet()";
    SeeServerError = "See message(), details() and body_snippet() for the server's error";
    RestartList = "Start again later, or from another page with .page(…)";
    ResumeFromPage = "Start again from this page with .page(…)";
    RaiseMaxPages = "Raise .max_pages(…), or read the list in parts with .page(…) and .limit(…)";
}
