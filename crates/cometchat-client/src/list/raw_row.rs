//! Rows to pass on as they came.

use std::borrow::Cow;
use std::fmt;
use std::num::NonZero;

use serde::de::{DeserializeOwned, Deserializer};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::error::Error;
use crate::error::decode_error::text_error;
use crate::list::ListItem;
use crate::values::{JsonFields, parse, read_json};

/// A row as the service sent it: every field, unknown ones too, each value verbatim.
///
/// For programs that pass rows on: it costs no decoding, and loses nothing to it. Rows that no type can hold are raw rows
/// all the same.
#[derive(Clone)]
pub struct RawRow {
    text: Box<RawValue>,
    /// Where in the text the id is; nothing where it is not part of the text. Small, as a page has a thousand of them.
    id: Option<(NonZero<u32>, u32)>,
}

impl RawRow {
    /// The JSON text of the row, as it was sent.
    pub fn get(&self) -> &str {
        self.text.get()
    }

    /// The row as a type of yours, read as the calls of a client do.
    ///
    /// # Errors
    ///
    /// `Decode`: the row is not of that type; [`Error::json_path`] says where.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T, Error> {
        read_json(self.get()).map_err(|error| text_error("the row", self.get(), &error))
    }

    /// The id, if it is known and this field's: what stands before it says whose it is.
    fn read(&self, field: &str) -> Option<&str> {
        let (start, length) = self.id?;
        let start = start.get() as usize;
        let (before, text) = self.get().split_at(start);
        let colon = before.strip_suffix('"').unwrap_or(before).trim_end();
        let name = colon.strip_suffix(':')?.trim_end().strip_suffix('"')?;
        name.strip_suffix(field)?
            .ends_with('"')
            .then(|| &text[..length as usize])
    }

    /// The text of a field that is a string or a number.
    fn find_id(&self, field: &str) -> Option<Cow<'_, str>> {
        let (_, text) = JsonFields::new(self.get()).find(|(name, _)| name == field)?;
        match text.as_bytes() {
            [b'"', plain @ .., b'"'] if !plain.contains(&b'\\') => {
                Some(Cow::Borrowed(&text[1..text.len() - 1]))
            }
            [b'"', ..] => parse(text).map(Cow::Owned),
            [b'-' | b'0'..=b'9', ..] => Some(Cow::Borrowed(text)),
            _ => None,
        }
    }
}

impl ListItem for RawRow {
    fn id(&self, field: &str) -> Cow<'_, str> {
        match self.read(field) {
            Some(id) => Cow::Borrowed(id),
            // All that is known of a row without one: two rows are the same where their texts are.
            None => self.find_id(field).unwrap_or(Cow::Borrowed(self.get())),
        }
    }

    fn read_id(&mut self, field: &'static str) {
        self.id = match self.find_id(field) {
            Some(Cow::Borrowed(id)) => {
                let start = id.as_ptr().addr() - self.get().as_ptr().addr();
                let start = u32::try_from(start).ok().and_then(NonZero::new);
                start.zip(u32::try_from(id.len()).ok())
            }
            _ => None,
        };
    }
}

impl<'de> Deserialize<'de> for RawRow {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Box::<RawValue>::deserialize(deserializer)?;
        Ok(Self { text, id: None })
    }
}

impl Serialize for RawRow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.text.serialize(serializer)
    }
}

impl fmt::Debug for RawRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A row holds personal data.
        write!(f, "RawRow({} bytes)", self.get().len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[derive(Debug, Deserialize)]
    struct Typed {
        #[serde(rename = "n")]
        _n: String,
    }

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
            (r#"{"uid":"a\ud83d"}"#, "a\u{fffd}"),
            (r#"{"\ud83d":"\ud83d","uid":"a"}"#, "a"),
            (r#"{"n":1e999,"uid":1.10}"#, "1.10"),
            (r#"{"uid":null}"#, r#"{"uid":null}"#),
            (r#"{"uid":["a"]}"#, r#"{"uid":["a"]}"#),
            (r#"{"name":"A"}"#, r#"{"name":"A"}"#),
            ("{}", "{}"),
            ("[1]", "[1]"),
            ("null", "null"),
        ] {
            let mut row = row(text);
            assert_eq!(row.id("uid"), key, "{text}");
            row.read_id("uid");
            assert_eq!(row.id("uid"), key, "{text}");
        }
    }

    #[test]
    fn the_id_that_was_read_is_that_of_its_field_alone() {
        let mut row = row(r#"{"more":{"uid":"b"}, "uid" : "a", "name":"A", "xuid":"c", "n":7}"#);
        row.read_id("uid");
        for (field, id) in [
            ("uid", "a"),
            ("name", "A"),
            ("xuid", "c"),
            ("n", "7"),
            ("id", row.get()),
        ] {
            assert_eq!(row.id(field), id, "{field}");
        }
        row.read_id("xuid");
        assert_eq!([row.id("xuid"), row.id("uid")], ["c", "a"]);
    }

    #[test]
    fn nothing_is_lost_and_nothing_is_printed() {
        let text = r#"{"uid":"a" ,"n":1.10,  "e":"\u00e9"}"#;
        let row = row(text);
        assert_eq!(row.get(), text);
        assert_eq!(serde_json::to_string(&row).unwrap(), text);
        let fields: std::collections::BTreeMap<String, Value> = row.decode().unwrap();
        assert_eq!(fields["e"], "é");
        let error = row.decode::<Typed>().unwrap_err();
        assert_eq!(error.json_path(), Some("n"));
        assert_eq!(
            error.summary(),
            "the row can't be read: n is not what the spec says"
        );
        assert!(!format!("{error:?} {error}").contains("1.10"));
        assert_eq!(format!("{row:?}"), format!("RawRow({} bytes)", text.len()));
    }
}
