//! Redacts the key from what a server sent back.
//!
//! A service, or a gateway before it, may answer with the request's headers. What an error keeps of such an answer is for
//! the program's author to read and to log. So any run of eight characters of the key is taken out of it, also in other
//! case, as hexadecimal digits, in base64, and as JSON, a URL or HTML would escape it, up to three times over.

use std::borrow::Cow;

use serde_json::Value;
use zeroize::Zeroizing;

use crate::client::key::ApiKey;

/// Maximum bytes of a body that an error keeps.
const SNIPPET: usize = 1024;

/// Maximum bytes of a body that a snippet is made from. A key that is redacted is shorter than it was.
const SNIPPET_SOURCE: usize = 16 * SNIPPET;

const PLACEHOLDER: &[u8] = b"[key]";

/// The characters of a run that is redacted, or the whole key where it is shorter.
const RUN: usize = 8;

/// The fewest characters that are taken for the key, or for its beginning at the end of a text. Fewer occur in other
/// words.
const FEWEST: usize = 4;

/// How many layers of escapes are removed.
const LAYERS: usize = 3;

impl ApiKey {
    pub(crate) fn redact(&self, text: &str) -> String {
        String::from_utf8_lossy(&self.redact_bytes(text.as_bytes(), false)).into_owned()
    }

    /// A JSON value without the key, in texts and in names.
    pub(crate) fn redact_value(&self, value: Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.redact(&text)),
            Value::Array(items) => items
                .into_iter()
                .map(|item| self.redact_value(item))
                .collect(),
            Value::Object(fields) => fields
                .into_iter()
                .map(|(name, value)| (self.redact(&name), self.redact_value(value)))
                .collect(),
            other => other,
        }
    }

    /// The beginning of a body, without the key; at most 1 KiB.
    pub(crate) fn snippet(&self, body: &[u8]) -> String {
        // It is cut, or the body broke off.
        let start = self.redact_bytes(&body[..body.len().min(SNIPPET_SOURCE)], true);
        // A few bytes more, so that the last character is whole.
        let start = &start[..start.len().min(SNIPPET + 4)];
        let mut text = String::from_utf8_lossy(start).into_owned();
        let mut end = SNIPPET.min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
        text
    }

    /// Takes the key out of a text; also its beginning at the end of one that was cut.
    fn redact_bytes(&self, text: &[u8], cut: bool) -> Vec<u8> {
        let Some(key) = Runs::new(self.as_bytes(), cut) else {
            return text.to_vec();
        };
        let mut marked = vec![false; text.len()];
        let verbatim: Vec<Spelled> = text
            .iter()
            .enumerate()
            .map(|(start, byte)| Spelled {
                byte: *byte,
                start,
                end: start + 1,
            })
            .collect();
        key.mark_all(&verbatim, &mut marked);
        // Each kind of escape by itself, too: a backslash of a key in HTML is no escape.
        for kinds in [&KINDS[..], &KINDS[..1], &KINDS[1..2], &KINDS[2..]] {
            let mut outer = Cow::Borrowed(&verbatim);
            for _ in 0..LAYERS {
                let layer = unescape(&outer, kinds);
                if layer.len() == outer.len() {
                    break;
                }
                key.mark_all(&layer, &mut marked);
                outer = Cow::Owned(layer);
            }
        }
        let mut kept = Vec::with_capacity(text.len());
        for (index, byte) in text.iter().enumerate() {
            if !marked[index] {
                kept.push(*byte);
            } else if index == 0 || !marked[index - 1] {
                kept.extend_from_slice(PLACEHOLDER);
            }
        }
        kept
    }
}

/// A character, and the bytes of the text that spell it.
#[derive(Clone, Copy)]
struct Spelled {
    byte: u8,
    start: usize,
    end: usize,
}

/// The runs of a key, in lower case.
struct Runs {
    /// Each run, its bytes in one number; sorted.
    runs: Zeroizing<Vec<u64>>,
    /// The first run, whole.
    beginning: Zeroizing<Vec<u8>>,
    /// Whether the text was cut, and can end in the middle of the key.
    cut: bool,
}

impl Runs {
    /// The runs of a key; none of one that is too short.
    fn new(key: &[u8], cut: bool) -> Option<Self> {
        if key.len() < FEWEST {
            return None;
        }
        let key = Zeroizing::new(key.to_ascii_lowercase());
        let length = key.len().min(RUN);
        let mut runs: Vec<u64> = key
            .windows(length)
            .map(|run| {
                run.iter()
                    .fold(0, |packed, byte| (packed << 8) | u64::from(*byte))
            })
            .collect();
        runs.sort_unstable();
        Some(Self {
            runs: Zeroizing::new(runs),
            beginning: Zeroizing::new(key[..length].to_vec()),
            cut,
        })
    }

    /// Marks what spells a run of the key, verbatim or in digits.
    fn mark_all(&self, text: &[Spelled], marked: &mut [bool]) {
        self.mark(text, marked);
        if self.cut {
            self.mark_end(text, marked);
        }
        for (digit, width, alignments) in DIGITS {
            let is_digit = |spelled: &Spelled| digit(spelled.byte).is_some();
            for run in text.chunk_by(|a, b| is_digit(a) && is_digit(b)) {
                for alignment in 0..alignments.min(run.len()) {
                    self.mark(&decode(&run[alignment..], digit, width), marked);
                }
            }
        }
    }

    /// Marks what spells a run of the key.
    fn mark(&self, text: &[Spelled], marked: &mut [bool]) {
        let length = self.beginning.len();
        let mask = u64::MAX >> (64 - 8 * length);
        let mut packed = 0;
        for (index, spelled) in text.iter().enumerate() {
            packed = ((packed << 8) | u64::from(spelled.byte.to_ascii_lowercase())) & mask;
            if index + 1 >= length && self.runs.binary_search(&packed).is_ok() {
                marked[text[index + 1 - length].start..spelled.end].fill(true);
            }
        }
    }

    /// Marks the beginning of the key at the end of the text: a body that was cut may end within the key.
    fn mark_end(&self, text: &[Spelled], marked: &mut [bool]) {
        for length in FEWEST..self.beginning.len().min(text.len() + 1) {
            let end = &text[text.len() - length..];
            let mut pairs = end.iter().zip(&self.beginning[..length]);
            if pairs.all(|(spelled, byte)| spelled.byte.eq_ignore_ascii_case(byte)) {
                marked[end[0].start..].fill(true);
            }
        }
    }
}

/// Decodes digits of so many bits each into bytes.
fn decode(text: &[Spelled], digit: fn(u8) -> Option<u8>, width: u32) -> Vec<Spelled> {
    let (mut bits, mut count) = (0_u32, 0);
    let mut bytes = Vec::with_capacity(text.len());
    for (index, spelled) in text.iter().enumerate() {
        let Some(digit) = digit(spelled.byte) else {
            break;
        };
        bits = (bits << width) | u32::from(digit);
        count += width;
        if count >= 8 {
            count -= 8;
            bytes.push(Spelled {
                byte: ((bits >> count) & 0xff) as u8,
                start: text[index - 1].start,
                end: spelled.end,
            });
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
fn unescape(text: &[Spelled], kinds: &[Escape]) -> Vec<Spelled> {
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.first() {
        let mut start = [0; 10];
        for (byte, spelled) in start.iter_mut().zip(rest) {
            *byte = spelled.byte;
        }
        let start = &start[..rest.len().min(10)];
        let escape = kinds.iter().find_map(|kind| kind(start));
        let (byte, length) = escape.unwrap_or((first.byte, 1));
        plain.push(Spelled {
            byte,
            start: first.start,
            end: rest[length - 1].end,
        });
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
                let redacted = key().redact(&text);
                assert!(redacted.contains("[key]"), "{text}: {redacted}");
                // What is left of base64 are the characters around the key that share a digit with it.
                let left = redacted.len() - before.len() - after.len() - "[key]".len();
                assert!(left <= 9, "{text}: {redacted}");
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
            prop_assert!(redacted.contains("[key]"), "{spelled}: {redacted}");
            for run in KEY.as_bytes().windows(RUN) {
                let run = std::str::from_utf8(run).unwrap();
                prop_assert!(!redacted.to_lowercase().contains(&run.to_lowercase()));
            }
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
    fn a_value_is_redacted_to_its_last_name() {
        let key = ApiKey::from("s3cr3t");
        let value = json!({"a s3cr3t": ["s3cr3t", 5, {"b": "no s3cr3t"}], "c": null});
        assert_eq!(
            key.redact_value(value),
            json!({"a [key]": ["[key]", 5, {"b": "no [key]"}], "c": null})
        );
    }

    #[test]
    fn a_snippet_cuts_no_character_and_no_key() {
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
    fn only_a_cut_text_ends_within_the_key() {
        let key = ApiKey::from("abcd0123456789");
        for text in ["cabcd", "see page abcd"] {
            assert_eq!(key.redact(text), text);
        }
        assert_eq!(key.redact("xabcd0123"), "x[key]");
        assert_eq!(key.snippet(b"xabc"), "xabc");
        assert_eq!(key.snippet(b"xabcd"), "x[key]");
    }

    #[test]
    fn a_snippet_of_binary_data_is_text() {
        let snippet = ApiKey::from("s3cr3t").snippet(&[0xff; 5000]);
        assert!(snippet.len() <= SNIPPET);
        assert!(snippet.chars().all(|c| c == char::REPLACEMENT_CHARACTER));
    }
}
