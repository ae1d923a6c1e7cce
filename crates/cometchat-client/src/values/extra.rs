//! What the service sends beside the fields that the spec knows: kept as text, and not printed.

use std::borrow::Cow;
use std::fmt;

use serde::de;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use super::json_text::{self, JsonFields, JsonText, Verbatim};

/// Unknown fields, and known ones whose value is of another type than the spec says: by name, each value as it was sent.
///
/// A value is kept as JSON text, and written back verbatim as JSON, digit by digit. Serializers of other formats get what
/// `serde_json`'s `RawValue` gives them: a struct with the JSON text. `serde_json::to_value` returns an error for a number
/// out of range and for half of a surrogate pair. [`get`](Self::get) returns a value that any serializer writes.
///
/// A name that occurs twice is kept twice, and `get` returns its last value. `Debug` shows the names and hides the values,
/// which can be personal.
///
/// ```
/// # fn main() -> Result<(), serde_json::Error> {
/// let row = r#"{"uid": "a", "badge": {"level": 3}, "score": 1.10}"#;
/// let member: cometchat_client::types::GroupMember = serde_json::from_str(row)?;
/// assert_eq!(member.extra.get("badge").map(|badge| badge["level"] == 3), Some(true));
/// assert_eq!(member.extra.get_text("score"), Some("1.10"));
/// assert_eq!(format!("{:?}", member.extra), r#"{"badge": …, "score": …}"#);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct Extra {
    /// A JSON object; no text if it has no fields.
    object: String,
}

impl Extra {
    /// The value of a field; `None` if there is no such field.
    ///
    /// A value that `Value` can't hold, such as a number out of range, is a string of its JSON text.
    pub fn get(&self, name: &str) -> Option<Value> {
        self.get_text(name).map(json_text::value)
    }

    /// The JSON text of a field's value, verbatim; `None` if there is no such field.
    pub fn get_text(&self, name: &str) -> Option<&str> {
        let found = self.iter().filter(|(found, _)| found == name);
        found.last().map(|(_, text)| text)
    }

    /// The fields: the name, and the JSON text of the value. Unknown ones come first, in the order in which they were sent.
    pub fn iter(&self) -> impl Iterator<Item = (Cow<'_, str>, &str)> {
        JsonFields::new(&self.object)
    }

    /// Whether there are no fields.
    pub fn is_empty(&self) -> bool {
        self.object.is_empty()
    }

    /// Sets a field.
    pub fn insert(&mut self, name: &str, value: impl Into<Value>) {
        self.remove(name);
        self.push(name, &value.into().to_string());
    }

    /// Removes a field, if it is there.
    pub fn remove(&mut self, name: &str) {
        let mut rest = Self::default();
        for (other, text) in self.iter().filter(|(other, _)| other != name) {
            rest.push(&other, text);
        }
        *self = rest;
    }

    /// Appends a field; the text is the JSON of its value.
    pub(crate) fn push(&mut self, name: &str, text: &str) {
        self.object.pop();
        self.object
            .push(if self.object.is_empty() { '{' } else { ',' });
        if name
            .bytes()
            .any(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f))
        {
            self.object.push_str(&Value::from(name).to_string());
        } else {
            self.object.extend(["\"", name, "\""]);
        }
        self.object.extend([":", text, "}"]);
    }
}

impl From<Map<String, Value>> for Extra {
    fn from(fields: Map<String, Value>) -> Self {
        let mut extra = Self::default();
        for (name, value) in fields {
            extra.push(&name, &value.to_string());
        }
        extra
    }
}

/// Equal are the same fields with the same values, in any order and however they are spaced.
impl PartialEq for Extra {
    fn eq(&self, other: &Self) -> bool {
        let fields = |extra: &Self| -> Map<String, Value> {
            let fields = extra.iter();
            fields
                .map(|(name, text)| (name.into_owned(), json_text::value(text)))
                .collect()
        };
        self.object == other.object || fields(self) == fields(other)
    }
}

impl Serialize for Extra {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter().map(|(name, value)| (name, Verbatim(value))))
    }
}

impl<'de> Deserialize<'de> for Extra {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let object = JsonText::deserialize(deserializer)?;
        if !object.get().starts_with('{') {
            return Err(de::Error::custom("expected an object"));
        }
        let mut extra = Self::default();
        for (name, value) in JsonFields::new(object.get()) {
            extra.push(&name, value);
        }
        Ok(extra)
    }
}

impl fmt::Debug for Extra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug_names(self.iter().map(|(name, _)| name), f)
    }
}

/// Prints an object as its names, each with a value that says nothing.
pub(super) fn debug_names<'a>(
    names: impl Iterator<Item = Cow<'a, str>>,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    f.debug_map()
        .entries(names.map(|name| (name, format_args!("…"))))
        .finish()
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Extra {
    fn schema_name() -> Cow<'static, str> {
        "Extra".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "object", "additionalProperties": true })
    }
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
    fn values_are_written_back_verbatim() {
        let text = r#"{"n":1.10,"big":123456789012345678901234567890,"far":1e999,"f":2.3115019097062026e249,"half":"\ud83d","nested":{"a": [null, true]},"q\"\\\u0001":"\/"}"#;
        let extra: Extra = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&extra).unwrap(), text);
        assert_eq!(extra.get("nested"), Some(json!({"a": [null, true]})));
        assert_eq!(extra.get("half"), Some(json!("\u{fffd}")));
        assert_eq!(extra.get_text("half"), Some(r#""\ud83d""#));
        assert_eq!(extra.get("q\"\\\u{1}"), Some(json!("/")));
        assert_eq!(extra.get("other"), None);
    }

    #[test]
    fn a_name_that_stands_for_no_text_is_kept() {
        let extra: Extra = serde_json::from_str(r#"{"\ud83d":1,"a":2}"#).unwrap();
        assert_eq!(extra.get("a"), Some(json!(2)));
        assert_eq!(extra.iter().count(), 2);
    }

    #[test]
    fn fields_can_be_set_and_removed() {
        let mut extra = Extra::from(Map::from_iter([("a".to_owned(), json!(1))]));
        extra.insert("b", "two");
        extra.insert("a", 3);
        assert_eq!(
            serde_json::to_string(&extra).unwrap(),
            r#"{"b":"two","a":3}"#
        );
        extra.remove("b");
        extra.remove("c");
        extra.remove("a");
        assert!(extra.is_empty());
        assert_eq!(serde_json::to_string(&extra).unwrap(), "{}");
    }

    #[test]
    fn serializers_get_what_a_raw_value_gives() {
        let text = r#"{"half":"\ud83d"}"#;
        let extra: Extra = serde_json::from_str(text).unwrap();
        assert_eq!(
            serde_json::to_string_pretty(&extra).unwrap(),
            "{\n  \"half\": \"\\ud83d\"\n}"
        );
        let raw = serde_json::to_value(Verbatim(r#""\ud83d""#)).unwrap_err();
        let kept = serde_json::to_value(&extra).unwrap_err();
        assert_eq!(kept.to_string(), raw.to_string());
    }

    #[test]
    fn order_and_spaces_make_no_difference() {
        let read = |text: &str| serde_json::from_str::<Extra>(text).unwrap();
        assert_eq!(
            read(r#"{"a":{"b":1},"c":2}"#),
            read(r#"{"c": 2, "a": {"b": 1}}"#)
        );
        assert_ne!(read(r#"{"a":1}"#), read(r#"{"a":2}"#));
        assert_ne!(read(r#"{"a":1}"#), Extra::default());
    }
}
