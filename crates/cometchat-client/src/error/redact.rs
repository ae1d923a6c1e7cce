//! Taking the key out of what somebody sent back.
//!
//! A service, or a gateway before it, may answer with the request's headers. What an error keeps of such an answer is
//! for the program's author to read and to log, so the key is taken out of it: as it is, and as JSON, a URL or HTML
//! would spell it.

use serde_json::Value;

use crate::client::key::ApiKey;

/// How much of a body an error keeps, in bytes.
const SNIPPET: usize = 1024;

/// What is put where the key was.
const IN_ITS_PLACE: &[u8] = b"[key]";

/// The fewest characters that are taken for the key, or for the first part of it where the text ends. Fewer would be
/// found by chance in other words.
const FEWEST: usize = 4;

impl ApiKey {
    /// The text without the key.
    pub(crate) fn scrub(&self, text: &str) -> String {
        String::from_utf8_lossy(&self.without(text.as_bytes(), usize::MAX)).into_owned()
    }

    /// A JSON value without the key, in texts and in names.
    pub(crate) fn scrub_value(&self, value: Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.scrub(&text)),
            Value::Array(items) => items
                .into_iter()
                .map(|item| self.scrub_value(item))
                .collect(),
            Value::Object(fields) => fields
                .into_iter()
                .map(|(name, value)| (self.scrub(&name), self.scrub_value(value)))
                .collect(),
            other => other,
        }
    }

    /// The beginning of a body, without the key; at most 1 KiB.
    pub(crate) fn snippet(&self, body: &[u8]) -> String {
        // A few bytes more, so that the last character is whole.
        let start = self.without(body, SNIPPET + 4);
        let mut text = String::from_utf8_lossy(&start).into_owned();
        let mut end = SNIPPET.min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
        text
    }

    /// The bytes without the key; at least `enough` of them, if there are so many.
    fn without(&self, text: &[u8], enough: usize) -> Vec<u8> {
        let mut kept = Vec::with_capacity(text.len().min(enough));
        let mut rest = text;
        while let Some((first, after)) = rest.split_first()
            && kept.len() < enough
        {
            rest = match self.found_at(rest) {
                Some(length) => {
                    kept.extend_from_slice(IN_ITS_PLACE);
                    &rest[length..]
                }
                None => {
                    kept.push(*first);
                    after
                }
            };
        }
        kept
    }

    /// How many bytes the key takes at the start of a text; nothing where it does not stand there.
    fn found_at(&self, text: &[u8]) -> Option<usize> {
        let key = self.as_bytes();
        if key.len() < FEWEST {
            return None;
        }
        if text.starts_with(key) {
            return Some(key.len());
        }
        let mut length = 0;
        for (found, byte) in key.iter().enumerate() {
            let rest = &text[length..];
            // A body that was cut may end within the key.
            if rest.is_empty() && found >= FEWEST {
                return Some(length);
            }
            length += spelled(*byte, rest)?;
        }
        Some(length)
    }
}

/// How many bytes a character takes at the start of a text, escaped or as it is; nothing where it does not stand there.
fn spelled(byte: u8, text: &[u8]) -> Option<usize> {
    let is_code = |digits: &[u8], radix| {
        let digits = std::str::from_utf8(digits).unwrap_or_default();
        u32::from_str_radix(digits, radix) == Ok(u32::from(byte))
    };
    let escaped = match text {
        [b'%', high, low, ..] if is_code(&[*high, *low], 16) => Some(3),
        [b'\\', b'u', digits @ ..] if digits.len() >= 4 && is_code(&digits[..4], 16) => Some(6),
        [b'\\', next, ..] if *next == byte => Some(2),
        [b'&', ..] => entity(text).and_then(|name| {
            let meant = match name {
                b"amp" => byte == b'&',
                b"lt" => byte == b'<',
                b"gt" => byte == b'>',
                b"quot" => byte == b'"',
                b"apos" => byte == b'\'',
                [b'#', b'x' | b'X', digits @ ..] => is_code(digits, 16),
                [b'#', digits @ ..] => is_code(digits, 10),
                _ => false,
            };
            meant.then_some(name.len() + 2)
        }),
        _ => None,
    };
    escaped.or_else(|| text.starts_with(&[byte]).then_some(1))
}

/// The name of the HTML entity that a text begins with.
fn entity(text: &[u8]) -> Option<&[u8]> {
    let end = text.iter().take(8).position(|byte| *byte == b';')?;
    text.get(1..end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_key_is_taken_out_however_it_is_spelled() {
        let key = ApiKey::from(r#"s3/c"r\&t"#);
        for spelled in [
            r#"s3/c"r\&t"#,
            r#"s3\/c\"r\\&t"#,
            r#"s3/c\"r\\\u0026t"#,
            "s3%2Fc%22r%5c%26t",
            "s3/c&quot;r\\&amp;t",
            "s3&#47;c&#x22;r\\&t",
            "%73%33%2f%63%22%72%5c%26%74",
        ] {
            assert_eq!(key.scrub(&format!("<{spelled}>")), "<[key]>", "{spelled}");
        }
    }

    #[test]
    fn other_text_stays_as_it_is() {
        let key = ApiKey::from("s3cr3t");
        for text in [
            "",
            "s3cr3",
            "s3cr3 t",
            "S3CR3T",
            "schön",
            "%",
            "%7",
            "\\u00",
            "\\",
            "&",
            "&#;",
            "&#99999999;",
        ] {
            let framed = format!("<{text}>");
            assert_eq!(key.scrub(&framed), framed);
        }
        // Too short to be told from other words.
        assert_eq!(ApiKey::from("abc").scrub("abcabc"), "abcabc");
    }

    #[test]
    fn the_first_part_of_the_key_is_taken_off_an_end() {
        let key = ApiKey::from("s3cr3t");
        assert_eq!(key.scrub("no key s3cr"), "no key [key]");
        assert_eq!(key.scrub("no key s3c"), "no key s3c");
    }

    #[test]
    fn a_value_is_scrubbed_to_its_last_name() {
        let key = ApiKey::from("s3cr3t");
        let value = json!({"a s3cr3t": ["s3cr3t", 5, {"b": "no s3cr3t"}], "c": null});
        assert_eq!(
            key.scrub_value(value),
            json!({"a [key]": ["[key]", 5, {"b": "no [key]"}], "c": null})
        );
    }

    #[test]
    fn a_snippet_is_a_kibibyte_and_cuts_no_character_and_no_key() {
        let key = ApiKey::from("s3cr3t");
        assert_eq!(key.snippet(b"short"), "short");
        for before in 1010..=1030 {
            let body = format!("{}s3cr3t{}", "x".repeat(before), "y".repeat(5000));
            let snippet = key.snippet(body.as_bytes());
            assert_eq!(snippet.len(), SNIPPET);
            assert!(!snippet.contains("s3"), "{before}");

            let body = format!("{}{}", "x".repeat(before), "é€😀".repeat(500));
            let snippet = key.snippet(body.as_bytes());
            assert!((SNIPPET - 3..=SNIPPET).contains(&snippet.len()), "{before}");
            assert!(body.starts_with(&snippet), "{before}");
        }
        // Shorter by each key that is taken out, and still nothing of the one that stands at the cut.
        let snippet = key.snippet("s3cr3t".repeat(5000).as_bytes());
        assert!(!snippet.contains("s3"), "{snippet}");
    }

    #[test]
    fn a_snippet_of_bytes_that_are_no_text_is_text() {
        let snippet = ApiKey::from("s3cr3t").snippet(&[0xff; 5000]);
        assert!(snippet.len() <= SNIPPET);
        assert!(snippet.chars().all(|c| c == char::REPLACEMENT_CHARACTER));
    }
}
