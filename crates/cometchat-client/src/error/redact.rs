//! Removes from an error what a server sent back of the key.
//!
//! A service, or a gateway before it, may answer with the request's headers. What an error keeps of such an answer is for
//! the program's author to read and to log. A field that holds eight characters of the key in a row is replaced as a whole:
//! verbatim, in other case, as hexadecimal digits, in base64, and as JSON, a URL or HTML would escape it, up to three times
//! over.

use serde_json::Value;
use zeroize::Zeroizing;

use crate::client::key::ApiKey;

/// Maximum bytes of a body that an error keeps.
const SNIPPET: usize = 1024;

/// What takes the place of a field that holds the key.
const PLACEHOLDER: &str = "[key]";

/// The length of a run of the key's characters that is recognised, or the whole key if it is shorter.
const RUN: usize = 8;

/// The fewest characters that are taken for the key, or for its beginning at a cut. Fewer occur in other words.
const FEWEST: usize = 4;

/// How many layers of escapes are removed.
const LAYERS: usize = 3;

impl ApiKey {
    /// The text, or a placeholder if the key is in it.
    pub(crate) fn redact(&self, text: &str) -> String {
        let kept = if self.is_in(text.as_bytes()) {
            PLACEHOLDER
        } else {
            text
        };
        kept.to_owned()
    }

    /// The value, or a placeholder if the key is anywhere in it.
    pub(crate) fn redact_value(&self, value: Value) -> Value {
        if self.is_in(value.to_string().as_bytes()) {
            return PLACEHOLDER.into();
        }
        value
    }

    /// The beginning of a body, at most 1 KiB, or a placeholder if the key is in it. A body that was `cut` can end in the
    /// middle of the key.
    pub(crate) fn snippet(&self, body: &[u8], cut: bool) -> String {
        // The key can begin within the snippet and end after it.
        let (start, cut) = match body.get(..2 * SNIPPET) {
            Some(start) => (start, false),
            None => (body, cut),
        };
        if self.is_in(start) || (cut && self.begins_at_end_of(start)) {
            return PLACEHOLDER.to_owned();
        }
        // A few bytes more, so that the last character is whole.
        let mut text = String::from_utf8_lossy(&start[..start.len().min(SNIPPET + 4)]).into_owned();
        let end = (0..=SNIPPET).rev().find(|end| text.is_char_boundary(*end));
        text.truncate(end.unwrap_or_default());
        text
    }

    /// Whether a run of the key is in a text, however it is spelled.
    pub(crate) fn is_in(&self, text: &[u8]) -> bool {
        let key = Zeroizing::new(self.as_bytes().to_ascii_lowercase());
        let length = key.len().min(RUN);
        if length < FEWEST {
            return false;
        }
        let mut runs: Zeroizing<Vec<u64>> = Zeroizing::new(packed(&key, length).collect());
        runs.sort_unstable();
        let found = |text: &[u8]| packed(text, length).any(|run| runs.binary_search(&run).is_ok());
        let in_layer = |text: &[u8]| found(text) || in_digits(text, &found);
        if in_layer(text) {
            return true;
        }
        // Each kind of escape by itself, too: a backslash of a key in HTML is not an escape.
        [&KINDS[..], &KINDS[..1], &KINDS[1..2], &KINDS[2..]]
            .into_iter()
            .any(|kinds| {
                let mut outer = text.to_vec();
                for _ in 0..LAYERS {
                    let inner = unescape(&outer, kinds);
                    if inner.len() == outer.len() {
                        break;
                    }
                    if in_layer(&inner) {
                        return true;
                    }
                    outer = inner;
                }
                false
            })
    }

    /// Whether a text ends with the beginning of the key.
    fn begins_at_end_of(&self, text: &[u8]) -> bool {
        let key = self.as_bytes();
        (FEWEST..key.len().min(RUN).min(text.len() + 1))
            .any(|length| text[text.len() - length..].eq_ignore_ascii_case(&key[..length]))
    }
}

/// The runs of a text in lower case, the bytes of each in one number.
fn packed(text: &[u8], length: usize) -> impl Iterator<Item = u64> {
    let mask = u64::MAX >> (64 - 8 * length);
    let runs = text.iter().scan(0, move |run, byte| {
        *run = ((*run << 8) | u64::from(byte.to_ascii_lowercase())) & mask;
        Some(*run)
    });
    runs.skip(length - 1)
}

/// Whether what is looked for is in the bytes that digits of a text stand for, from wherever a byte can begin.
fn in_digits(text: &[u8], found: &impl Fn(&[u8]) -> bool) -> bool {
    DIGITS.into_iter().any(|(digit, width, alignments)| {
        let digits: Vec<Option<u8>> = text.iter().map(|byte| digit(*byte)).collect();
        let mut runs = digits.split(Option::is_none);
        runs.any(|run| {
            (0..alignments.min(run.len())).any(|first| found(&decode(&run[first..], width)))
        })
    })
}

/// Decodes digits of so many bits each into bytes.
fn decode(digits: &[Option<u8>], width: u32) -> Vec<u8> {
    let (mut bits, mut count) = (0_u32, 0);
    let mut bytes = Vec::with_capacity(digits.len());
    for digit in digits.iter().flatten() {
        bits = (bits << width) | u32::from(*digit);
        count += width;
        if count >= 8 {
            count -= 8;
            bytes.push(((bits >> count) & 0xff) as u8);
        }
    }
    bytes
}

/// Hexadecimal digits and those of base64: their values, how many bits each has, and at how many of them a byte can begin.
const DIGITS: [(Digit, u32, usize); 2] = [(hex, 4, 2), (base64, 6, 4)];

type Digit = fn(u8) -> Option<u8>;

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).map(|digit| digit as u8)
}

/// A digit of either alphabet.
fn base64(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    }
}

/// The ASCII character that an escape at the start of a text stands for, and how many characters the escape has.
type Escape = fn(&[u8]) -> Option<(u8, usize)>;

const KINDS: [Escape; 3] = [percent, backslash, entity];

/// Removes one layer of escapes of these kinds.
fn unescape(text: &[u8], kinds: &[Escape]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.first() {
        // No escape is longer.
        let start = &rest[..rest.len().min(10)];
        let escape = kinds.iter().find_map(|kind| kind(start));
        let (byte, length) = escape.unwrap_or((*first, 1));
        plain.push(byte);
        rest = &rest[length..];
    }
    plain
}

fn percent(text: &[u8]) -> Option<(u8, usize)> {
    match text {
        [b'%', high, low, ..] => Some((code(&[*high, *low], 16)?, 3)),
        _ => None,
    }
}

fn backslash(text: &[u8]) -> Option<(u8, usize)> {
    match text {
        [b'\\', b'u', b'0', b'0', high, low, ..] => Some((code(&[*high, *low], 16)?, 6)),
        [b'\\', b'x', high, low, ..] => Some((code(&[*high, *low], 16)?, 4)),
        [b'\\', next, ..] => Some((*next, 2)),
        _ => None,
    }
}

fn entity(text: &[u8]) -> Option<(u8, usize)> {
    let rest = text.strip_prefix(b"&")?;
    let end = rest.iter().position(|byte| *byte == b';')?;
    let byte = match &rest[..end] {
        b"amp" => b'&',
        b"lt" => b'<',
        b"gt" => b'>',
        b"quot" => b'"',
        b"apos" => b'\'',
        [b'#', b'x' | b'X', digits @ ..] => code(digits, 16)?,
        [b'#', digits @ ..] => code(digits, 10)?,
        _ => return None,
    };
    Some((byte, end + 2))
}

/// The ASCII character with this code.
fn code(digits: &[u8], radix: u32) -> Option<u8> {
    let digits = std::str::from_utf8(digits).ok()?;
    let code = u8::from_str_radix(digits, radix).ok()?;
    code.is_ascii().then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    const KEY: &str = r#"s3/cR"e\&t-0123456789-abcdef"#;

    fn key() -> ApiKey {
        ApiKey::from(KEY)
    }

    fn base64_of(bytes: &[u8], alphabet: &[u8; 64]) -> String {
        let sextets = bytes.len() * 8 / 6 + usize::from(!bytes.len().is_multiple_of(3));
        let bit = |index: usize| {
            bytes
                .get(index / 8)
                .map_or(0, |byte| byte >> (7 - index % 8) & 1)
        };
        let sextet = |index| (0..6).fold(0, |bits, next| bits << 1 | bit(index * 6 + next));
        (0..sextets)
            .map(|index| char::from(alphabet[usize::from(sextet(index))]))
            .collect()
    }

    const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const URL_SAFE: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    fn hex_of(text: &str) -> String {
        text.bytes().map(|byte| format!("{byte:02x}")).collect()
    }

    fn percent_of(text: &str) -> String {
        text.bytes().map(|byte| format!("%{byte:02X}")).collect()
    }

    fn url(text: &str) -> String {
        text.chars()
            .map(|c| match c {
                'a'..='z' | 'A'..='Z' | '0'..='9' | '-' => c.to_string(),
                _ => percent_of(&c.to_string()),
            })
            .collect()
    }

    /// Every way to spell a text that is promised to be recognised.
    fn spellings(text: &str) -> Vec<String> {
        let json = serde_json::to_string(text).unwrap();
        let json = json[1..json.len() - 1].to_owned();
        vec![
            text.to_owned(),
            text.to_uppercase(),
            text.to_lowercase(),
            json.replace('/', r"\/"),
            serde_json::to_string(&json).unwrap(),
            text.bytes().map(|byte| format!("\\u{byte:04x}")).collect(),
            text.bytes().map(|byte| format!("\\x{byte:02x}")).collect(),
            text.bytes().map(|byte| format!("&#{byte};")).collect(),
            text.bytes().map(|byte| format!("&#x{byte:X};")).collect(),
            text.replace('&', "&amp;").replace('"', "&quot;"),
            url(text),
            percent_of(text),
            url(&url(text)),
            percent_of(&percent_of(text)),
            hex_of(text),
            hex_of(text).to_uppercase(),
            base64_of(text.as_bytes(), STANDARD),
            base64_of(text.as_bytes(), URL_SAFE),
            base64_of(format!("a:{text}").as_bytes(), STANDARD),
            base64_of(format!("ab:{text}:c").as_bytes(), STANDARD),
            url(&base64_of(text.as_bytes(), STANDARD)),
        ]
    }

    #[test]
    fn the_key_is_redacted_in_every_spelling() {
        for spelling in spellings(KEY) {
            for (before, after) in [("<", ">"), ("key=", "\n"), ("", "")] {
                let text = format!("{before}{spelling}{after}");
                assert_eq!(key().redact(&text), "[key]", "{text}");
            }
        }
    }

    proptest! {
        #[test]
        fn any_eight_characters_of_the_key_are_redacted(
            start in 0..KEY.len() - RUN,
            length in RUN..KEY.len(),
            spelling in 0..21_usize,
            before in "[ -~]{0,9}",
        ) {
            let part = &KEY[start..(start + length).min(KEY.len())];
            let spelled = &spellings(part)[spelling];
            let redacted = key().redact(&format!("{before} {spelled} after"));
            prop_assert_eq!(redacted, "[key]", "{}", spelled);
        }

        #[test]
        fn other_text_is_kept(text in "[g-z ]{0,200}|[^0-9a-fA-F]{0,50}") {
            prop_assert_eq!(ApiKey::from("0123456789abcdef").redact(&text), text);
        }
    }

    #[test]
    fn text_that_only_looks_like_the_key_is_kept() {
        let key = ApiKey::from("s3cr3t");
        for text in [
            "",
            "s3cr3",
            "s3cr3 t",
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
            assert_eq!(key.redact(&framed), framed);
        }
        // Too short to be told from other words.
        assert_eq!(ApiKey::from("abc").redact("abcabc"), "abcabc");
    }

    #[test]
    fn only_a_cut_body_ends_in_the_middle_of_the_key() {
        let key = ApiKey::from("s3cr3t-k3y");
        assert_eq!(key.redact("see page s3cr"), "see page s3cr");
        for (end, cut, shown) in [
            ("s3cr", false, "no key s3cr"),
            ("s3c", true, "no key s3c"),
            ("s3cr", true, "[key]"),
            ("S3CR3T-", true, "[key]"),
        ] {
            assert_eq!(key.snippet(format!("no key {end}").as_bytes(), cut), shown);
        }
    }

    #[test]
    fn a_value_is_redacted_with_the_key_anywhere_in_it() {
        let key = ApiKey::from(r#"s3"cr\3t"#);
        for value in [
            json!({"a": [5, {"b": r#"no s3"cr\3t"#}]}),
            json!({r#"s3"cr\3t"#: 1}),
        ] {
            assert_eq!(key.redact_value(value), "[key]");
        }
        let value = json!({"a": ["s3", 5], "c": null});
        assert_eq!(key.redact_value(value.clone()), value);
    }

    #[test]
    fn a_snippet_cuts_no_character_and_no_key() {
        let key = ApiKey::from("s3cr3t");
        assert_eq!(key.snippet(b"short", false), "short");
        for before in 1010..=1030 {
            let body = format!("{}s3cr3t{}", "x".repeat(before), "y".repeat(5000));
            assert_eq!(key.snippet(body.as_bytes(), false), "[key]", "{before}");

            let body = format!("{}{}", "x".repeat(before), "é€😀".repeat(500));
            let snippet = key.snippet(body.as_bytes(), false);
            assert!((SNIPPET - 3..=SNIPPET).contains(&snippet.len()), "{before}");
            assert!(body.starts_with(&snippet), "{before}");
        }
    }

    #[test]
    fn a_snippet_of_binary_data_is_text() {
        let snippet = ApiKey::from("s3cr3t").snippet(&[0xff; 5000], true);
        assert!(snippet.len() <= SNIPPET);
        assert!(snippet.chars().all(|c| c == char::REPLACEMENT_CHARACTER));
    }
}
