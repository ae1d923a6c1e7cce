//! Responses are lenient: null means absent, and what is marked `x-lenient` never costs a row.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_json::{Number, Value};

/// The next key of an object, borrowed from the text where it can be.
pub(crate) fn next_key<'de, A: MapAccess<'de>>(
    map: &mut A,
) -> Result<Option<Cow<'de, str>>, A::Error> {
    map.next_key_seed(Key(PhantomData))
}

/// A key, borrowed where the input holds it as it is. (serde's own `Cow<str>` always copies.)
struct Key<'de>(PhantomData<&'de str>);

impl<'de> DeserializeSeed<'de> for Key<'de> {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key<'de> {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(key))
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(key.to_owned()))
    }

    fn visit_string<E>(self, key: String) -> Result<Self::Value, E> {
        Ok(Cow::Owned(key))
    }
}

/// The next value of an object, or nothing where it can't be read as what it should be.
pub(crate) fn lenient<'de, A, T>(map: &mut A) -> Result<Option<T>, A::Error>
where
    A: MapAccess<'de>,
    T: DeserializeOwned,
{
    map.next_value().map(readable)
}

/// A value as what it should be, if it can be read so: a number may stand in quotes or be a whole float.
pub(crate) fn readable<T: DeserializeOwned>(value: Value) -> Option<T> {
    let number = match &value {
        Value::Null => return None,
        Value::String(text) => text.trim().parse::<Number>().ok(),
        Value::Number(number) => Some(number.clone()),
        _ => None,
    };
    if let Ok(read) = T::deserialize(value) {
        return Some(read);
    }
    let number = number?;
    let whole = number
        .as_f64()
        .filter(|float| float.fract() == 0.0 && float.abs() < 9_007_199_254_740_992.0)
        .map(|float| Value::from(float as i64));
    T::deserialize(Value::Number(number))
        .ok()
        .or_else(|| T::deserialize(whole?).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_number_may_stand_in_quotes_or_be_a_whole_float() {
        assert_eq!(readable(json!(7)), Some(7_i64));
        assert_eq!(readable(json!("7")), Some(7_i64));
        assert_eq!(readable(json!(7.0)), Some(7_i64));
        assert_eq!(readable(json!("7.0")), Some(7_i64));
    }

    #[test]
    fn what_is_something_else_is_absent() {
        for value in [
            json!(null),
            json!("x"),
            json!([]),
            json!({}),
            json!(7.5),
            json!(true),
            json!(1e300),
        ] {
            assert_eq!(readable::<i64>(value.clone()), None, "{value}");
        }
    }

    #[test]
    fn a_text_is_not_taken_for_a_number() {
        assert_eq!(readable(json!("7")), Some("7".to_owned()));
    }
}
