//! JSON that is kept as the text that was sent.
//!
//! Text costs one allocation, however many values are in it, and loses nothing: no digit of a number, and no escape that
//! stands for no character.

use std::fmt;

use serde::de::{self, DeserializeOwned, Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer, forward_to_deserialize_any};
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};

use super::lenient::Mode;

/// The text of a JSON value.
#[derive(Clone)]
pub(crate) struct JsonText(Box<RawValue>);

impl JsonText {
    pub(crate) fn get(&self) -> &str {
        self.0.get()
    }
}

impl From<Value> for JsonText {
    fn from(value: Value) -> Self {
        // The keys of a `Value` are texts, so that it can always be written.
        Self(to_raw_value(&value).unwrap_or_else(|_| RawValue::NULL.to_owned()))
    }
}

impl Serialize for JsonText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for JsonText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Box::<RawValue>::deserialize(AnyFormat(deserializer)).map(Self)
    }
}

/// The JSON text as a type; `None` if it is of another type. In strings, U+FFFD takes the place of each half of a surrogate
/// pair that stands alone.
pub(crate) fn parse<T: DeserializeOwned>(text: &str) -> Option<T> {
    let _lenient = Mode::Lenient.begin();
    // Not by `from_str`, which calls use: with few callers there, each `Deserialize` is inlined.
    serde_json::from_slice(text.as_bytes())
        .ok()
        .or_else(|| serde_json::from_slice(without_halves(text)?.as_bytes()).ok())
}

/// The JSON text as a value; the text as a string if no value can hold it, such as a number out of range.
pub(super) fn value(text: &str) -> Value {
    parse(text).unwrap_or_else(|| Value::from(text))
}

/// The JSON text with U+FFFD for each half of a surrogate pair that stands alone; `None` if there is none.
pub(crate) fn without_halves(text: &str) -> Option<String> {
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

/// Lets a `RawValue` be read from what is not JSON text too: from another format, or from the buffer of a flattened
/// struct. There it is read as a value first.
struct AnyFormat<D>(D);

impl<'de, D: Deserializer<'de>> Deserializer<'de> for AnyFormat<D> {
    type Error = D::Error;

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0
            .deserialize_newtype_struct(name, TextOrValue { name, visitor })
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_any(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// Visits a `RawValue`: `serde_json` gives its text as a map, any other format a newtype with the value in it.
struct TextOrValue<V> {
    name: &'static str,
    visitor: V,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for TextOrValue<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(f)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        self.visitor.visit_map(map)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<V::Value, D::Error> {
        Value::deserialize(deserializer)?
            .deserialize_newtype_struct(self.name, self.visitor)
            .map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[derive(Deserialize)]
    struct Row {
        json: JsonText,
    }

    #[test]
    fn text_is_kept_verbatim() {
        let text = r#"{"a": [1.10, 1e999, "\ud83d", 123456789012345678901234567890]}"#;
        let row: Row = serde_json::from_str(&format!(r#"{{"json":{text}}}"#)).unwrap();
        assert_eq!(row.json.get(), text);
        assert_eq!(serde_json::to_string(&row.json).unwrap(), text);
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
            assert_eq!(row.json.get(), r#"{"a":[1,null]}"#);
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
