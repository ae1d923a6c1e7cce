//! Errors with a status of success, by how their body begins.

/// The byte order mark of UTF-8, which some gateways put before JSON.
pub(crate) const BOM: &[u8] = "\u{feff}".as_bytes();

/// The most of a body that is looked at for an error, in bytes. An error of the service takes some hundred.
pub(crate) const MAX_ERROR: usize = 1024 * 1024;

/// Whether a body that begins so can be an error with a status of success: then more of it is needed to tell.
pub(crate) fn may_become_error(start: &[u8]) -> bool {
    let possible = match after_brace(start) {
        Some(start) => start.starts_with(ERROR) || ERROR.starts_with(start),
        None => start.trim_ascii_start().is_empty(),
    };
    possible && start.len() < MAX_ERROR
}

/// The key that an error begins with.
const ERROR: &[u8] = b"\"error\"";

/// Whether a body begins as an error. It is looked at no further, since a page is large.
pub(crate) fn begins_as_error(body: &[u8]) -> bool {
    after_brace(body).is_some_and(|start| start.starts_with(ERROR))
}

/// What follows the brace that opens an object, without white space.
fn after_brace(body: &[u8]) -> Option<&[u8]> {
    let body = body.strip_prefix(BOM).unwrap_or(body);
    let object = body.trim_ascii_start().strip_prefix(b"{")?;
    Some(object.trim_ascii_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_start_of_a_stream_is_read_until_it_is_no_error() {
        for start in [
            "",
            " \n",
            "{",
            "{ ",
            "{\"err",
            " { \"error\": {",
            "\u{feff}{",
        ] {
            assert!(may_become_error(start.as_bytes()), "{start}");
        }
        for start in ["a", "[", "{}", "{\"errors\"", "{\"data", "\u{feff}{}"] {
            assert!(!may_become_error(start.as_bytes()), "{start}");
        }
        let long = format!("{{\"error\":\"{}", "a".repeat(MAX_ERROR));
        assert!(!may_become_error(long.as_bytes()));
    }
}
