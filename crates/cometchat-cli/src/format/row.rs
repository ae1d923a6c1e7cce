//! A row as names and JSON values, without a type.
//!
//! Tables and CSV are made of these, so that a column can be a field that the spec does not list, and a number is written
//! as the service sent it.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The fields of a row, in the order of the response.
pub(crate) struct Fields<'a>(Vec<(Cow<'a, str>, &'a str)>);

impl<'a> Fields<'a> {
    /// The fields of a JSON object; `None` if the text is not one.
    pub(crate) fn read(text: &'a str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// The JSON of a field; of the last one, if the name is repeated.
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

/// A string, borrowed if it has no escapes.
#[derive(serde::Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

/// A JSON value as the text of a cell: a string without its quotes, null as an empty text, anything else verbatim.
pub(crate) fn text(json: &str) -> Cow<'_, str> {
    match json.as_bytes().first() {
        // A string that is not Unicode, such as half of a surrogate pair, is shown verbatim.
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
    fn fields_keep_their_text() {
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
    fn other_json_has_no_fields() {
        for row in ["null", "[]", "7", "\"uid\""] {
            assert!(Fields::read(row).is_none(), "{row}");
        }
    }

    #[test]
    fn half_a_surrogate_pair_is_verbatim() {
        assert_eq!(text(r#""\ud800""#), r#""\ud800""#);
    }
}
