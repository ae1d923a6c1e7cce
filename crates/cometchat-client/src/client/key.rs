//! The API key: sent as a header, and never printed.

use std::fmt;

use bytes::Bytes;
use reqwest::header::HeaderValue;
use zeroize::Zeroizing;

/// A REST API key.
///
/// `Debug` shows nothing of it. There is one copy in memory, shared by clones and requests, which is wiped when the last of
/// them is dropped. It leaves only as a header marked sensitive, which HTTP libraries don't print.
///
/// ```
/// let key = cometchat_client::ApiKey::from("secret");
/// assert_eq!(format!("{key:?}"), "ApiKey(…)");
/// ```
#[derive(Clone)]
pub struct ApiKey(Bytes);

impl ApiKey {
    /// Returns the header that carries the key after a prefix.
    ///
    /// # Errors
    ///
    /// Why the key can't be in a header.
    pub(crate) fn header(&self, prefix: &str) -> Result<HeaderValue, &'static str> {
        if self.0.is_empty() {
            return Err("it is empty");
        }
        if self.0.iter().any(|byte| matches!(byte, b'\n' | b'\r')) {
            return Err(
                "it holds a line break; was a whole file read, with the newline at its end?",
            );
        }
        if !self.0.iter().all(u8::is_ascii_graphic) {
            return Err("it holds a space or another character that no key has");
        }
        // Shared, not copied: a copy would stay in memory when the key is wiped.
        let value = match prefix {
            "" => self.0.clone(),
            prefix => Bytes::from_owner(Zeroizing::new([prefix.as_bytes(), &self.0].concat())),
        };
        let mut header =
            HeaderValue::from_maybe_shared(value).map_err(|_| "no header can carry it")?;
        header.set_sensitive(true);
        Ok(header)
    }

    /// The key, to look for it where it must not be.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl From<String> for ApiKey {
    fn from(key: String) -> Self {
        Self(Bytes::from_owner(Zeroizing::new(key)))
    }
}

impl From<&str> for ApiKey {
    fn from(key: &str) -> Self {
        key.to_owned().into()
    }
}

impl From<&String> for ApiKey {
    fn from(key: &String) -> Self {
        key.clone().into()
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_no_header_can_carry_is_refused_without_being_shown() {
        for key in [
            "",
            "se\ncret",
            "secret\n",
            "se cret",
            "schlüssel",
            "se\0cret",
        ] {
            let reason = ApiKey::from(key).header("").unwrap_err();
            assert!(key.is_empty() || !reason.contains(key), "{reason}");
        }
    }

    #[test]
    fn the_header_is_marked_sensitive() {
        let header = ApiKey::from("s3cr3t").header("").unwrap();
        assert_eq!(format!("{header:?}"), "Sensitive");
        assert_eq!(header.as_bytes(), b"s3cr3t");
    }

    #[test]
    fn there_is_one_copy_of_the_key() {
        let text = "s3cr3t".to_owned();
        let given = text.as_ptr();
        let key = ApiKey::from(text);
        let header = key.clone().header("").unwrap();
        assert_eq!(header.as_bytes().as_ptr(), given);
        assert_eq!(header.clone().as_bytes().as_ptr(), given);
    }
}
