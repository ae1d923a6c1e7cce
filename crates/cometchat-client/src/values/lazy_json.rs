//! JSON that is read when someone looks at it.
//!
//! Whoever lists rows looks at few of their objects. Kept as text, an object costs one allocation, not one for each key
//! and text in it; and what is JSON but no value, such as half of a surrogate pair, costs nobody their page.

use std::fmt;
use std::sync::OnceLock;

use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer, forward_to_deserialize_any};
use serde_json::Value;
use serde_json::value::RawValue;

/// A JSON value, or its text until it is looked at.
#[derive(Clone)]
pub(super) struct LazyJson {
    /// Nothing where the value was never text.
    text: Option<Box<RawValue>>,
    value: OnceLock<Box<Value>>,
}

impl LazyJson {
    /// The value; where the text is none that can be held, the text as a string.
    pub(super) fn get(&self) -> &Value {
        self.value.get_or_init(|| {
            let text = self.text.as_ref().map_or("null", |text| text.get());
            Box::new(serde_json::from_str(text).unwrap_or_else(|_| Value::from(text)))
        })
    }

    /// The value; see [`get`](Self::get).
    pub(super) fn into_value(self) -> Value {
        self.get();
        self.value
            .into_inner()
            .map(|value| *value)
            .unwrap_or_default()
    }
}

impl From<Value> for LazyJson {
    fn from(value: Value) -> Self {
        Self {
            text: None,
            value: Box::new(value).into(),
        }
    }
}

impl PartialEq for LazyJson {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

impl Serialize for LazyJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.get().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for LazyJson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self {
            text: Some(Box::<RawValue>::deserialize(AnyFormat(deserializer))?),
            value: OnceLock::new(),
        })
    }
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
        json: LazyJson,
    }

    #[test]
    fn text_is_read_when_it_is_looked_at() {
        let row: Row = serde_json::from_str(r#"{"json": {"a": [1, "\u00e9"]}}"#).unwrap();
        assert!(row.json.value.get().is_none());
        assert_eq!(row.json.get(), &json!({"a": [1, "é"]}));
        assert_eq!(row.json.into_value(), json!({"a": [1, "é"]}));
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
            assert_eq!(row.json.get(), &json!({"a": [1, null]}));
        }
    }

    #[test]
    fn what_no_value_can_hold_is_its_text() {
        let row: Row = serde_json::from_str(r#"{"json": {"a": 1e999}}"#).unwrap();
        assert_eq!(row.json.get(), &json!(r#"{"a": 1e999}"#));
    }

    #[test]
    fn what_is_not_json_is_refused() {
        for text in [r#"{"json": {"a"}}"#, r#"{"json": }"#, r#"{"json": [1}"#] {
            assert!(serde_json::from_str::<Row>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn values_are_equal_however_they_are_written() {
        let row: Row = serde_json::from_str(r#"{"json": { "a" : 1 }}"#).unwrap();
        assert!(row.json == LazyJson::from(json!({"a": 1})));
        assert_eq!(serde_json::to_string(&row.json).unwrap(), r#"{"a":1}"#);
    }
}
