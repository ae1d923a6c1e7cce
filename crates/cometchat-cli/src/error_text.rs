//! The text of a library error for the user of this program: which argument to change, not which method to call.

use std::error::Error as _;

use cometchat::{Error, ErrorKind, Hint};

use crate::exit::Failure;
use crate::terminal::sanitize::sanitize;

/// The maximum length of a text from outside, in characters.
const MAX_CHARS: usize = 300;

/// What happened, and what to do about it.
pub(crate) struct ErrorText {
    pub(crate) what: String,
    /// What to do, then the cause and the server's message.
    pub(crate) help: Vec<String>,
}

impl ErrorText {
    /// The text of an error, without the list and the page that it is about.
    pub(crate) fn new(error: &Error) -> Self {
        let mut what = sanitize(error.summary()).into_owned();
        if error.attempts() > 1 {
            what.push_str(&format!(", after {} attempts", error.attempts()));
        }
        let mut help = Vec::new();
        if let Some(hint) = error.hint() {
            help.push(hint_text(hint).to_owned());
        }
        if let Some(delay) = error.retry_after() {
            help.push(format!("retry delay: {} s", delay.as_secs()));
        }
        if let Some(cause) = cause(error) {
            help.push(format!("cause: {cause}"));
        }
        if let Some(message) = error.message().filter(|message| !message.is_empty()) {
            help.push(format!("server message: {}", one_line(message)));
        }
        if let Some(details) = error.details().filter(|details| !details.is_null()) {
            help.push(format!(
                "server details: {}",
                one_line(&details.to_string())
            ));
        }
        Self { what, help }
    }
}

/// The failure of a client that can't be built.
pub(crate) fn usage_failure(error: &Error) -> Failure {
    let text = ErrorText::new(error);
    let mut failure = Failure::usage(text.what);
    failure.lines.extend(text.help);
    failure
}

/// What to do, in terms of arguments and variables.
fn hint_text(hint: Hint) -> &'static str {
    match hint {
        Hint::SetApiKey => {
            "Set COMETCHAT_API_KEY or give --api-key-file, with a REST API key (fullAccess)"
        }
        Hint::SetAppId => "Give --app-id, or the whole address with --base-url",
        Hint::SetRegion => "Give --region, or the whole address with --base-url",
        Hint::UseHttps => "Use https://, or give --allow-plain-http if plain HTTP is intended",
        Hint::CheckApiKey => {
            "Check that the key is a REST API key (fullAccess) of this app, and check app id and region"
        }
        Hint::UseFullAccessKey => {
            "Use a REST API key (fullAccess) from the dashboard, not an authOnly key"
        }
        Hint::CheckAppAndRegion => "Check --app-id and --region",
        Hint::CheckGroup => "Check the GUID, the app id and the region",
        Hint::CheckUser => "Check the uid of --on-behalf-of",
        Hint::CheckBaseUrl => {
            "Check the base URL, which ends in /v3. A proxy or a sign-in page may have responded instead"
        }
        Hint::CheckAddress => "Check the base URL, the GUID, the app id and the region",
        Hint::CheckParameters => "Check the arguments; the server details name the wrong one",
        Hint::CheckProxy => "Check the base URL, and whether a proxy removes headers",
        Hint::CheckNetwork => "Check the network and the base URL, then retry",
        Hint::CheckHttpConfig => "Check the certificates of this machine and the proxy settings",
        Hint::ChangePlan => {
            "Change the plan in the dashboard, or wait for its next period if a quota is used up"
        }
        Hint::RenewSubscription => "Renew the subscription in the dashboard",
        Hint::SlowDown => "Slow down with --rate-limit N, or retry later",
        Hint::RetryLater | Hint::RaiseMaxRetryAfter | Hint::RaiseCallTimeout => "Retry later",
        Hint::RaiseConnectTimeout => "Check the network and the base URL, then retry",
        Hint::RaiseAttemptTimeout => {
            "Retry later, request fewer rows a page (--per-page N), or allow more time (--timeout SECONDS)"
        }
        Hint::CheckCertificate => {
            "Check the host; to trust another CA, set SSL_CERT_FILE to its certificate"
        }
        Hint::LowerPageSize => "Request fewer rows a page with --per-page N",
        Hint::UseRedirectTarget => {
            "Set the base URL to the target. Redirects are not followed, so that the key stays with the service"
        }
        Hint::InspectBody => {
            "Check that the base URL is the one of the API; the service may have changed"
        }
        Hint::SeeServerError => "See what the server says, and the status page of the service",
        Hint::RestartList => "Start again later, or from another page with --start-page N",
        Hint::ResumeFromPage => "Start again from this page with --start-page N",
        Hint::RaiseMaxPages => "Export in parts, with --start-page N and --limit N",
        // What only a programmer can change, and the hints of a newer library.
        _ => "See docs/errors.md for the meaning of this error",
    }
}

/// The innermost cause of an error of the network: the outer ones only say that there is one.
fn cause(error: &Error) -> Option<String> {
    if !matches!(
        error.kind(),
        ErrorKind::Transport | ErrorKind::Timeout | ErrorKind::Decode
    ) {
        return None;
    }
    let mut innermost = error.source()?;
    while let Some(inner) = innermost.source() {
        innermost = inner;
    }
    Some(one_line(&innermost.to_string()))
}

/// Text from outside, on one line, cut if it is long.
fn one_line(text: &str) -> String {
    let mut shown: String = text.chars().take(MAX_CHARS).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    sanitize(&shown).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_outside_is_one_short_line() {
        let shown = one_line(&format!("\u{1b}[2J\n{}", "é".repeat(1_000)));
        assert!(
            shown.starts_with("\\u{1b}[2J\\né") && shown.ends_with("é…"),
            "{shown}"
        );
        assert!(shown.chars().count() < MAX_CHARS + 20);
    }
}
