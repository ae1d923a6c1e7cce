//! What the service sends beside the fields that the spec knows: kept, and not printed.

use std::borrow::Cow;
use std::fmt;
use std::ops::{Deref, DerefMut};

use serde::de::MapAccess;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Unknown fields, by name, as they were sent.
///
/// Its `Debug` shows the names and hides the values, which can be personal.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(transparent))]
pub struct Extra {
    fields: Map<String, Value>,
}

impl Extra {
    /// Takes the value that belongs to `key`.
    pub(crate) fn read<'de, A: MapAccess<'de>>(
        &mut self,
        key: Cow<'_, str>,
        map: &mut A,
    ) -> Result<(), A::Error> {
        let value = map.next_value()?;
        self.fields.insert(key.into_owned(), value);
        Ok(())
    }
}

impl Deref for Extra {
    type Target = Map<String, Value>;

    fn deref(&self) -> &Self::Target {
        &self.fields
    }
}

impl DerefMut for Extra {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.fields
    }
}

impl From<Map<String, Value>> for Extra {
    fn from(fields: Map<String, Value>) -> Self {
        Self { fields }
    }
}

impl fmt::Debug for Extra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug_keys(&self.fields, f)
    }
}

/// Prints an object as its keys, each with a value that says nothing.
pub(super) fn debug_keys(fields: &Map<String, Value>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.debug_map()
        .entries(fields.keys().map(|key| (key, format_args!("…"))))
        .finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn names_are_printed_and_values_are_not() {
        let extra: Extra =
            serde_json::from_value(json!({"phone": "0123", "list": ["0123"]})).unwrap();
        for shown in [format!("{extra:?}"), format!("{extra:#?}")] {
            assert!(shown.contains("phone") && shown.contains("list"), "{shown}");
            assert!(!shown.contains("0123"), "{shown}");
        }
        assert_eq!(format!("{:?}", Extra::default()), "{}");
    }

    #[test]
    fn values_are_kept_as_they_were_sent() {
        let text = r#"{"n":1.10,"big":123456789012345678901234567890,"nested":{"a":[null,true]}}"#;
        let extra: Extra = serde_json::from_str(text).unwrap();
        assert_eq!(extra["nested"], json!({"a": [null, true]}));
        let value: Value = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_value(&extra).unwrap(), value);
    }

    #[test]
    fn a_number_that_is_written_is_the_one_that_was_read() {
        // The nearest float of either is found with all digits only.
        for text in ["2.3115019097062026e249", "1.0715660391475104e-75"] {
            let extra: Extra = serde_json::from_str(&format!(r#"{{"n":{text}}}"#)).unwrap();
            let exact: f64 = text.parse().unwrap();
            assert_eq!(extra["n"].as_f64(), Some(exact));
            let again: Extra =
                serde_json::from_value(serde_json::to_value(&extra).unwrap()).unwrap();
            assert_eq!(again, extra);
        }
    }
}
