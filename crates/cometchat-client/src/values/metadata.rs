//! What an app stores about a user: any JSON, and often personal.

use std::borrow::Cow;
use std::fmt;
use std::sync::OnceLock;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::extra::debug_names;
use super::json_text::{self, JsonFields, JsonText, Verbatim};

/// The metadata of a user, up to 5 KB of JSON that the app defines.
///
/// Normally an object; `{"rawMetadata":"…"}` where invalid JSON was stored. The backend may send `[]` for an empty
/// object, which is kept as it came. The key `@private` can hold an e-mail address and a phone number: `Debug` shows
/// the keys and hides the values.
///
/// It is kept as JSON text, which is written back verbatim as JSON, and read when it is first looked at. JSON that `Value`
/// can't hold, such as a number out of range, is then a string of that text. Serializers of other formats get what
/// `serde_json`'s `RawValue` gives them: a struct with the JSON text. If a name occurs twice, the last value counts.
///
/// ```
/// # fn main() -> Result<(), serde_json::Error> {
/// let metadata: cometchat_client::types::Metadata = serde_json::from_str(r#"{"team": "blue"}"#)?;
/// assert_eq!(metadata.get("team").and_then(|team| team.as_str()), Some("blue"));
/// assert_eq!(format!("{metadata:?}"), r#"Metadata({"team": …})"#);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Metadata {
    text: Box<str>,
    /// What the text says, once it was looked at.
    value: OnceLock<Box<Value>>,
}

impl Metadata {
    /// The value of a key; nothing where there is no such key, or where this is not an object.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.as_value().get(key)
    }

    /// The keys, in the order in which they were sent; none where this is not an object.
    pub fn keys(&self) -> impl Iterator<Item = Cow<'_, str>> {
        JsonFields::new(self.as_text()).map(|(key, _)| key)
    }

    /// The JSON, whatever it is.
    pub fn as_value(&self) -> &Value {
        self.value
            .get_or_init(|| Box::new(json_text::value(self.as_text())))
    }

    /// The JSON text, verbatim.
    pub fn as_text(&self) -> &str {
        &self.text
    }

    /// The JSON, whatever it is.
    pub fn into_value(self) -> Value {
        self.as_value();
        self.value
            .into_inner()
            .map(|value| *value)
            .unwrap_or_default()
    }
}

impl From<Value> for Metadata {
    fn from(value: Value) -> Self {
        Self {
            text: value.to_string().into(),
            value: OnceLock::new(),
        }
    }
}

impl From<Metadata> for Value {
    fn from(metadata: Metadata) -> Self {
        metadata.into_value()
    }
}

/// Equal are the same values, however they are spaced.
impl PartialEq for Metadata {
    fn eq(&self, other: &Self) -> bool {
        self.as_text() == other.as_text() || self.as_value() == other.as_value()
    }
}

impl Serialize for Metadata {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Verbatim(&self.text).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Metadata {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = JsonText::deserialize(deserializer)?;
        Ok(Self {
            text: text.into_inner().into(),
            value: OnceLock::new(),
        })
    }
}

impl fmt::Debug for Metadata {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metadata(")?;
        if self.as_text().starts_with('{') {
            debug_names(self.keys(), f)?;
        } else {
            f.write_str("…")?;
        }
        f.write_str(")")
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Metadata {
    fn schema_name() -> Cow<'static, str> {
        "Metadata".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "object", "additionalProperties": {} })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn keys_are_printed_and_values_are_not() {
        for (value, shown) in [
            (
                json!({"@private": {"email": "a@b.c"}}),
                r#"Metadata({"@private": …})"#,
            ),
            (
                json!({"rawMetadata": "{a@b.c"}),
                r#"Metadata({"rawMetadata": …})"#,
            ),
            (json!({}), "Metadata({})"),
            (json!(["a@b.c"]), "Metadata(…)"),
            (json!("a@b.c"), "Metadata(…)"),
            (json!(null), "Metadata(…)"),
        ] {
            let metadata = Metadata::from(value);
            assert_eq!(format!("{metadata:?}"), shown);
            assert!(!format!("{metadata:#?}").contains("a@b.c"));
        }
    }

    #[test]
    fn it_is_written_back_verbatim() {
        let text = r#"{"b": 1.10, "a":[1e999,"\ud83d",123456789012345678901234567890]}"#;
        let metadata: Metadata = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&metadata).unwrap(), text);
        assert_eq!(metadata.as_text(), text);
        assert_eq!(metadata.keys().collect::<Vec<_>>(), ["b", "a"]);
        assert_eq!(metadata.clone(), metadata);
    }

    #[test]
    fn what_is_no_object_is_kept_and_has_no_keys() {
        for value in [json!([]), json!("text"), json!(7)] {
            let metadata: Metadata = serde_json::from_value(value.clone()).unwrap();
            assert_eq!(metadata.get("team"), None);
            assert_eq!(metadata.keys().count(), 0);
            assert_eq!(serde_json::to_value(&metadata).unwrap(), value);
            assert_eq!(metadata.into_value(), value);
        }
    }

    #[test]
    fn keys_and_values_can_be_had() {
        let metadata = Metadata::from(json!({"team": "blue", "level": 3}));
        assert_eq!(metadata.get("level"), Some(&json!(3)));
        let mut keys: Vec<_> = metadata.keys().collect();
        keys.sort_unstable();
        assert_eq!(keys, ["level", "team"]);
        assert_eq!(metadata.as_value(), &Value::from(metadata.clone()));
    }
}
