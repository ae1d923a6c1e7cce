//! A row as its fields: which ones there are, and the text of each, without deciding what they mean.
//!
//! Tables and CSV are made of these and not of the typed rows, so that a field that is new to this program can be named
//! as a column, and a number is written as the service wrote it.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The fields of a row, in the order in which they came.
pub(crate) struct Fields<'a>(Vec<(Cow<'a, str>, &'a str)>);

impl<'a> Fields<'a> {
    /// The fields of a JSON object; nothing where the text is something else.
    pub(crate) fn read(text: &'a str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// The JSON of a field; of two with one name, that of the last.
    pub(crate) fn get(&self, name: &str) -> Option<&'a str> {
        let found = self.0.iter().rev().find(|(key, _)| key == name)?;
        Some(found.1)
    }
}

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Fields<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields = Vec::with_capacity(16);
                while let Some((Key(key), value)) = map.next_entry::<Key<'de>, &'de RawValue>()? {
                    fields.push((key, value.get()));
                }
                Ok(Fields(fields))
            }
        }

        deserializer.deserialize_map(Object)
    }
}

/// A name, borrowed where it holds no escape.
#[derive(serde::Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

/// A JSON value as the text of a cell: a string without its quotes, null as nothing, anything else as it was sent.
pub(crate) fn text(json: &str) -> Cow<'_, str> {
    match json.as_bytes().first() {
        // A string that is none, such as half of a surrogate pair, is shown as it was sent.
        Some(b'"') => {
            serde_json::from_str::<Key<'_>>(json).map_or(Cow::Borrowed(json), |Key(text)| text)
        }
        _ if json == "null" => Cow::Borrowed(""),
        _ => Cow::Borrowed(json),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_field_keeps_its_text() {
        let row = r#"{"uid": "a\/b", "n": 1.50, "big": 12345678901234567890123, "o": {"a": [1, 2]}, "z": null, "é": "\u00e9", "n": 2e0}"#;
        let fields = Fields::read(row).unwrap();
        let cell = |name| text(fields.get(name).unwrap());
        assert_eq!(cell("uid"), "a/b");
        assert_eq!(cell("n"), "2e0");
        assert_eq!(cell("big"), "12345678901234567890123");
        assert_eq!(cell("o"), r#"{"a": [1, 2]}"#);
        assert_eq!(cell("z"), "");
        assert_eq!(cell("é"), "é");
        assert_eq!(fields.get("none"), None);
    }

    #[test]
    fn what_is_no_object_has_no_fields() {
        for row in ["null", "[]", "7", "\"uid\""] {
            assert!(Fields::read(row).is_none(), "{row}");
        }
    }

    #[test]
    fn half_a_surrogate_pair_is_shown_as_sent() {
        assert_eq!(text(r#""\ud800""#), r#""\ud800""#);
    }
}
