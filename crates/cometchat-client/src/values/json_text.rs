//! JSON that is kept as the text that was sent.
//!
//! Text costs one allocation, however many values are in it, and loses nothing: no digit of a number, and no escape that
//! stands for no character.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{self, DeserializeOwned, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::ser::{self, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

/// The name by which `RawValue` asks `serde_json` for the text of a value. Should it change, tests fail.
const RAW_VALUE: &str = "$serde_json::private::RawValue";

/// The text of a JSON value, borrowed from the input if that is text.
///
/// `RawValue` itself is either borrowed, which no other input has, or a copy.
pub(crate) struct JsonText<'a>(Cow<'a, str>);

impl<'a> JsonText<'a> {
    pub(crate) fn get(&self) -> &str {
        &self.0
    }

    pub(crate) fn into_inner(self) -> Cow<'a, str> {
        self.0
    }

    /// Returns the content of a string, borrowed if the text has it as it is; `None` if this is no string.
    pub(crate) fn into_string(self) -> Option<Cow<'a, str>> {
        let plain = |text: &str| text.len() >= 2 && text.starts_with('"') && !text.contains('\\');
        match self.0 {
            Cow::Borrowed(text) if plain(text) => Some(Cow::Borrowed(&text[1..text.len() - 1])),
            text => parse(&text).map(Cow::Owned),
        }
    }
}

impl<'de> Deserialize<'de> for JsonText<'de> {
    #[inline]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(RAW_VALUE, TextVisitor)
    }
}

/// Visits what `serde_json` gives for a [`RAW_VALUE`], a map with the text, and what any other format gives for a newtype:
/// the value in it.
struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = JsonText<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<JsonText<'de>, A::Error> {
        map.next_key::<IgnoredAny>()?;
        map.next_value_seed(self)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<JsonText<'de>, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Ok(JsonText(Cow::Owned(value.to_string())))
    }

    #[inline]
    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<JsonText<'de>, E> {
        Ok(JsonText(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<JsonText<'de>, E> {
        Ok(JsonText(Cow::Owned(text.to_owned())))
    }
}

impl<'de> de::DeserializeSeed<'de> for TextVisitor {
    type Value = JsonText<'de>;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<JsonText<'de>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

/// JSON text that is serialized as `RawValue` is: verbatim as JSON.
pub(super) struct Verbatim<'a>(pub(super) &'a str);

impl Serialize for Verbatim<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw: &RawValue = serde_json::from_str(self.0).map_err(ser::Error::custom)?;
        raw.serialize(serializer)
    }
}

/// Returns the fields of an object; none if the text is no object.
pub(crate) fn entries(text: &str) -> Vec<(Cow<'_, str>, &str)> {
    let json: Option<&RawValue> = serde_json::from_str(text).ok();
    json.map_or_else(Vec::new, |json| JsonFields::new(json.get()).collect())
}

/// The fields of an object, as the names and the texts of the values. The text is known to be JSON, so that nothing is
/// checked; if it is no object, it has no fields.
pub(crate) struct JsonFields<'a> {
    rest: &'a str,
}

impl<'a> JsonFields<'a> {
    pub(crate) fn new(object: &'a str) -> Self {
        let rest = object.trim_start().strip_prefix('{').unwrap_or_default();
        Self { rest }
    }
}

impl<'a> Iterator for JsonFields<'a> {
    type Item = (Cow<'a, str>, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.rest.bytes().position(|b| matches!(b, b'"' | b'}'))?;
        let text = self
            .rest
            .get(start..)
            .filter(|text| text.starts_with('"'))?;
        let (name, text) = text.split_at_checked(string_end(text.as_bytes(), 0))?;
        let is_between = |byte: &u8| matches!(byte, b' ' | b'\n' | b'\t' | b'\r' | b':');
        let between = text.bytes().take_while(|byte| is_between(byte)).count();
        let text = text.get(between..)?;
        let (value, rest) = text.split_at_checked(value_end(text.as_bytes()))?;
        self.rest = rest;
        Some((JsonText(Cow::Borrowed(name)).into_string()?, value))
    }
}

/// Returns where the value ends that a text begins with.
#[inline]
fn value_end(text: &[u8]) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(byte) = text.get(at) {
        match byte {
            b'"' => at = string_end(text, at) - 1,
            b'[' | b'{' => depth += 1,
            b']' | b'}' if depth == 0 => return at,
            b']' | b'}' => depth -= 1,
            _ if depth > 0 => {
                at += 1;
                continue;
            }
            b',' | b' ' | b'\n' | b'\t' | b'\r' => return at,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 1;
        if depth == 0 {
            return at;
        }
    }
    at
}

/// Returns where the string ends that begins at a place.
#[inline]
fn string_end(text: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(byte) = text.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    text.len()
}

/// Reads JSON text as a type; `None` if it is of another type. In strings, U+FFFD takes the place of each half of a surrogate
/// pair that stands alone.
pub(crate) fn parse<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_str(text)
        .ok()
        .or_else(|| serde_json::from_str(&without_halves(text)?).ok())
}

/// The JSON text as a value; the text as a string if no value can hold it, such as a number out of range.
pub(crate) fn value(text: &str) -> Value {
    parse(text).unwrap_or_else(|| Value::from(text))
}

/// The JSON text with U+FFFD for each half of a surrogate pair that stands alone; `None` if there is none.
fn without_halves(text: &str) -> Option<String> {
    let mut whole = String::new();
    // How much of the text was copied, and how much was looked at.
    let (mut copied, mut at) = (0, 0);
    while let Some(next) = text.get(at..)?.find('\\') {
        at += next;
        let escape = &text[at..];
        at += match (code_unit(escape), escape.get(6..).and_then(code_unit)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 12,
            (Some(0xd800..=0xdfff), _) => {
                whole.push_str(&text[copied..at]);
                whole.push_str("\\ufffd");
                copied = at + 6;
                6
            }
            (Some(_), _) => 6,
            (None, _) => 2,
        };
    }
    if copied == 0 {
        return None;
    }
    whole.push_str(text.get(copied..)?);
    Some(whole)
}

/// The code unit of an escape at the beginning of a text, such as `\ud83d`.
fn code_unit(text: &str) -> Option<u16> {
    u16::from_str_radix(text.strip_prefix("\\u")?.get(..4)?, 16).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::values::Metadata;

    #[derive(Deserialize)]
    struct Row {
        json: Metadata,
    }

    #[test]
    fn text_is_borrowed_verbatim() {
        let text = r#"{"a": [1.10, 1e999, "\ud83d", 123456789012345678901234567890]}"#;
        let read: JsonText<'_> = serde_json::from_str(text).unwrap();
        assert!(matches!(read.0, Cow::Borrowed(read) if read == text));
        let row: Row = serde_json::from_str(&format!(r#"{{"json":{text}}}"#)).unwrap();
        assert_eq!(row.json.as_text(), text);
    }

    #[test]
    fn it_is_read_from_a_value_a_reader_and_a_flattened_struct() {
        #[derive(Deserialize)]
        struct Outer {
            #[serde(flatten)]
            row: Row,
        }
        let value = json!({"json": {"a": [1, null]}});
        let rows: [Row; 3] = [
            serde_json::from_value(value.clone()).unwrap(),
            serde_json::from_reader(value.to_string().as_bytes()).unwrap(),
            serde_json::from_value::<Outer>(value).unwrap().row,
        ];
        for row in rows {
            assert_eq!(row.json.as_text(), r#"{"a":[1,null]}"#);
        }
    }

    #[test]
    fn what_is_not_json_is_refused() {
        for text in [r#"{"json": {"a"}}"#, r#"{"json": }"#, r#"{"json": [1}"#] {
            assert!(serde_json::from_str::<Row>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn half_a_surrogate_pair_is_one_replacement_character() {
        for (text, expected) in [
            (r#""\ud83d""#, "\u{fffd}"),
            (r#""a\ud83d\ud83db""#, "a\u{fffd}\u{fffd}b"),
            (r#""\ude00\ud83d\ude00""#, "\u{fffd}\u{1f600}"),
            (r#""\uD83Dn\\\"\u00e9""#, "\u{fffd}n\\\"é"),
            (r#""\\ud83d\ud83d""#, "\\ud83d\u{fffd}"),
        ] {
            assert_eq!(parse::<String>(text).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(parse::<String>(r#""\ud83d"#), None);
        assert_eq!(parse::<String>("7"), None);
    }

    #[test]
    fn what_no_value_can_hold_is_its_text() {
        assert_eq!(value(r#"{"a": "\ud83d"}"#), json!({"a": "\u{fffd}"}));
        assert_eq!(value("[1]"), json!([1]));
        let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
        assert_eq!(value(&deep), json!(deep));
    }
}
