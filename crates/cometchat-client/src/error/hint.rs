//! What an error of the service means, and what a person does about it.
//!
//! The code decides before the status: they are in no fixed relation.

use crate::types::ErrorCode;

/// A code, if it looks like one: what a stranger put in its place can be anything, and is not printed.
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

/// What a code, or failing that a status, means and what to do about it.
pub(crate) fn advice(status: u16, code: Option<&ErrorCode>) -> &'static str {
    match code.map_or("", ErrorCode::as_str) {
        "AUTH_ERR_APIKEY_NOT_FOUND" => {
            "The key is not one of this app: check that it is a REST API key (fullAccess) from the dashboard, and that \
             app id and region belong to it"
        }
        "AUTH_ERR_EMPTY_APIKEY" => {
            "No key arrived: set COMETCHAT_API_KEY to a REST API key (fullAccess)"
        }
        "AUTH_ERR_NO_ACCESS" => {
            "This key may not list groups: use a REST API key (fullAccess) from the dashboard, not an authOnly key"
        }
        "AUTH_ERR_INVALID_APPID" => {
            "There is no such app in this region: check the app id, and the region (us, eu, in)"
        }
        "ERR_PLAN_QUOTA_RESTRICTION" => {
            "The quota of the app's plan is used up: wait for the next period, or change the plan"
        }
        "ERR_PLAN_RESTRICTION" => {
            "The app's plan does not include this: change the plan in the dashboard"
        }
        "ERR_SUBSCRIPTION_EXPIRED" => "The app's subscription has ended: renew it in the dashboard",
        "ERR_GUID_NOT_FOUND" => {
            "There is no such group in this app: check the GUID, the app id and the region"
        }
        "ERR_UID_NOT_FOUND" => {
            "There is no such user in this app: check the user to act for (onBehalfOf)"
        }
        "ERR_API_NOT_FOUND" => {
            "The address is not one of the API: check the base URL, which ends in /v3"
        }
        "ERR_BAD_REQUEST" => "A parameter is wrong; details() says which",
        "ERR_TOO_MANY_REQUESTS" => RATE_ADVICE,
        _ => match status {
            300..=399 => {
                "Set the base URL to the address that answers itself; redirects are not followed, as the key would go along"
            }
            401 => "Check that the key is a REST API key (fullAccess) of this app",
            402 => "The app's plan does not cover this: see the dashboard",
            403 => {
                "Check that the key is a REST API key (fullAccess), and that nothing between refuses you"
            }
            404 => "Check the base URL, the GUID, the app id and the region",
            408 | 500..=599 => "It may pass: try again later",
            429 => RATE_ADVICE,
            _ => "message(), details() and body_snippet() hold what was said of it",
        },
    }
}

const RATE_ADVICE: &str = "Slow down with .requests_per_minute(per_minute), or try again later";
