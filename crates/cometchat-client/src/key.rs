//! The key of an app: held, sent, and never shown.

use std::fmt;

use reqwest::header::HeaderValue;
use zeroize::Zeroizing;

/// A REST API key.
///
/// Printing one shows nothing of it, and its memory is wiped when it is dropped. It leaves only as a header that is
/// marked sensitive, which HTTP libraries don't print either.
///
/// ```
/// let key = cometchat_client::ApiKey::from("secret");
/// assert_eq!(format!("{key:?}"), "ApiKey(…)");
/// ```
#[derive(Clone)]
pub struct ApiKey(Zeroizing<String>);

impl ApiKey {
    /// The header that carries the key, or why it can't be one.
    pub(crate) fn header(&self) -> Result<HeaderValue, &'static str> {
        if self.0.is_empty() {
            return Err("it is empty");
        }
        if self.0.chars().any(|c| matches!(c, '\n' | '\r')) {
            return Err(
                "it holds a line break; was a whole file read, with the newline at its end?",
            );
        }
        if !self.0.chars().all(|c| c.is_ascii_graphic()) {
            return Err("it holds a space or another character that no key has");
        }
        let mut header = HeaderValue::from_str(&self.0).map_err(|_| "no header can carry it")?;
        header.set_sensitive(true);
        Ok(header)
    }

    /// The text without the key, where somebody sent it back.
    pub(crate) fn scrub(&self, text: String) -> String {
        // A short key would be found by chance in other words.
        if self.0.len() >= 4 && text.contains(self.0.as_str()) {
            text.replace(self.0.as_str(), "[key]")
        } else {
            text
        }
    }
}

impl From<String> for ApiKey {
    fn from(key: String) -> Self {
        Self(Zeroizing::new(key))
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
        for key in ["", "se\ncret", "secret\n", "se cret", "schlüssel"] {
            let reason = ApiKey::from(key).header().unwrap_err();
            assert!(key.is_empty() || !reason.contains(key), "{reason}");
        }
    }

    #[test]
    fn the_header_is_marked_sensitive() {
        let header = ApiKey::from("s3cr3t").header().unwrap();
        assert_eq!(format!("{header:?}"), "Sensitive");
    }

    #[test]
    fn a_key_that_comes_back_is_taken_out() {
        let key = ApiKey::from("s3cr3t");
        assert_eq!(
            key.scrub("no key s3cr3t here".to_owned()),
            "no key [key] here"
        );
    }
}
