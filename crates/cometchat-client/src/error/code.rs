//! What a code and a status say: what to do, and how the code is printed.
//!
//! The code decides before the status: they are in no fixed relation.

use crate::error::hint::Hint;
use crate::generated::runtime::ErrorCode;

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
pub(crate) fn printable(code: &ErrorCode) -> &str {
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
