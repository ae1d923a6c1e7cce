//! What an app stores about a user: any JSON, and often personal.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::extra::debug_keys;

/// The metadata of a user, up to 5 KB of JSON that the app defines.
///
/// Normally an object; `{"rawMetadata":"…"}` where invalid JSON was stored. The backend may send `[]` for an empty
/// object, which is kept as it came. The key `@private` can hold an e-mail address and a phone number: `Debug` shows
/// the keys and hides the values.
///
/// ```
/// # fn main() -> Result<(), serde_json::Error> {
/// let metadata: cometchat_client::types::Metadata = serde_json::from_str(r#"{"team": "blue"}"#)?;
/// assert_eq!(metadata.get("team").and_then(|team| team.as_str()), Some("blue"));
/// assert_eq!(format!("{metadata:?}"), r#"Metadata({"team": …})"#);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(extend("type" = "object", "additionalProperties" = {})))]
pub struct Metadata(Value);

impl Metadata {
    /// The value of a key; nothing where there is no such key, or where this is not an object.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }

    /// The keys, in the order of the JSON value; none where this is not an object.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        let object = self.0.as_object();
        object
            .into_iter()
            .flat_map(|map| map.keys().map(String::as_str))
    }

    /// The JSON, whatever it is.
    pub fn as_value(&self) -> &Value {
        &self.0
    }

    /// The JSON, whatever it is.
    pub fn into_value(self) -> Value {
        self.0
    }
}

impl From<Value> for Metadata {
    fn from(value: Value) -> Self {
        Self(value)
    }
}

impl From<Metadata> for Value {
    fn from(metadata: Metadata) -> Self {
        metadata.0
    }
}

impl fmt::Debug for Metadata {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metadata(")?;
        match &self.0 {
            Value::Object(fields) => debug_keys(fields, f)?,
            _ => f.write_str("…")?,
        }
        f.write_str(")")
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
