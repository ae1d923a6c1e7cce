//! Rows to hand on as they came.

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::list::ListItem;
use crate::values::next_key;

/// A row as the service sent it: every field, unknown ones too, each value to the letter.
///
/// For those who hand rows on: it costs no decoding, and loses nothing to it.
#[derive(Clone)]
pub struct RawRow(Box<RawValue>);

impl RawRow {
    /// The JSON text of the row, as it was sent.
    pub fn get(&self) -> &str {
        self.0.get()
    }

    /// The row as a type of yours.
    ///
    /// # Errors
    ///
    /// The row is not of that type.
    pub fn decode<'a, T: Deserialize<'a>>(&'a self) -> Result<T, serde_json::Error> {
        serde_json::from_str(self.0.get())
    }
}

impl ListItem for RawRow {
    fn id(&self, field: &str) -> Cow<'_, str> {
        let mut decoder = serde_json::Deserializer::from_str(self.0.get());
        let mut found = None;
        // What comes after the field is left unread, which the decoder takes for an error.
        let _ = decoder.deserialize_map(KeyField {
            name: field,
            found: &mut found,
        });
        match found {
            Some(Value::String(key)) => Cow::Owned(key),
            Some(Value::Number(key)) => Cow::Owned(key.to_string()),
            // All that is known of a row without one: two rows are the same where their texts are.
            _ => Cow::Borrowed(self.get()),
        }
    }
}

impl<'de> Deserialize<'de> for RawRow {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Box::<RawValue>::deserialize(deserializer).map(Self)
    }
}

impl Serialize for RawRow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl fmt::Debug for RawRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A row holds personal data.
        write!(f, "RawRow({} bytes)", self.0.get().len())
    }
}

/// Looks for one field of an object, and stops where it first is: mostly before all others.
struct KeyField<'a> {
    name: &'a str,
    found: &'a mut Option<Value>,
}

impl<'de> Visitor<'de> for KeyField<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = next_key(&mut map)? {
            if key == self.name {
                *self.found = Some(map.next_value()?);
                break;
            }
            map.next_value::<de::IgnoredAny>()?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(text: &str) -> RawRow {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn rows_are_told_apart_by_their_key_or_else_by_all_of_them() {
        for (text, key) in [
            (r#"{"name":"A","uid":"a","more":{"uid":"b"}}"#, "a"),
            (r#"{"uid":"caf\u00e9"}"#, "café"),
            (r#"{"uid":7}"#, "7"),
            (r#"{"name":{"uid":"b"},"uid":"a"}"#, "a"),
            (r#"{"uid":"a","uid":"b"}"#, "a"),
            (r#"{"u\u0069d":"a"}"#, "a"),
            (r#"{"uid":""}"#, ""),
            (r#"{"uid":null}"#, r#"{"uid":null}"#),
            (r#"{"uid":["a"]}"#, r#"{"uid":["a"]}"#),
            (r#"{"name":"A"}"#, r#"{"name":"A"}"#),
            ("{}", "{}"),
            ("[1]", "[1]"),
            ("null", "null"),
        ] {
            assert_eq!(row(text).id("uid"), key, "{text}");
        }
    }

    #[test]
    fn nothing_is_lost_and_nothing_is_printed() {
        let text = r#"{"uid":"a" ,"n":1.10,  "e":"\u00e9"}"#;
        let row = row(text);
        assert_eq!(row.get(), text);
        assert_eq!(serde_json::to_string(&row).unwrap(), text);
        let fields: std::collections::BTreeMap<String, Value> = row.decode().unwrap();
        assert_eq!(fields["e"], "é");
        assert!(row.decode::<Vec<u8>>().is_err());
        assert_eq!(format!("{row:?}"), format!("RawRow({} bytes)", text.len()));
    }
}
