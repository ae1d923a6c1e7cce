//! Operations that page, as paging needs them: implemented by codegen for every operation with `x-pagination`.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, DeserializeOwned, Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::call::Operation;
use crate::error::Error;
use crate::generated::Client;
use crate::response::Response;
use crate::types::{Cursor, Pagination};
use crate::values::{next_key, readable};

/// An operation that pages. Its builder can be sent once for each page.
///
/// Implemented by generated code; the names are those of the operation's `x-pagination` in the spec.
pub trait ListOperation: Clone + Send + Sync + Unpin + 'static {
    /// A row.
    type Item: ListItem;
    /// The operation.
    const OPERATION: &'static Operation;
    /// The property of the response that holds the rows.
    const ITEMS: &'static str;
    /// The path to the `Pagination` object in the response.
    const META: &'static [&'static str];
    /// The paths at which a `Cursor` may be.
    const CURSORS: &'static [&'static [&'static str]];
    /// The property that tells rows apart.
    const KEY: &'static str;

    /// The page that is asked for, from 1; 1 where none was named, and 0 where what was named is refused.
    fn page_number(&self) -> u32;

    /// Asks for this page, from 1.
    #[must_use]
    fn with_page(self, page: u32) -> Self;

    /// Asks for so many rows a page.
    #[must_use]
    fn with_page_size(self, rows: u32) -> Self;

    /// Rows a page, as asked for or as the service sends where nothing is said; nothing where neither is known.
    fn page_size(&self) -> Option<u32>;

    /// Makes the request with another client, such as one with another retry policy.
    #[must_use]
    fn map_client(self, map: impl FnOnce(Client) -> Client) -> Self;

    /// What the request is about: the path parameters, for the text of an error.
    fn subjects(&self) -> Vec<(&'static str, String)>;

    /// Sends the request, and decodes the response into a type of the caller's.
    fn send_as<T>(self) -> impl Future<Output = Result<Response<T>, Error>> + Send
    where
        T: DeserializeOwned + Send;

    /// Sends the request, and decodes the page with rows of a type of the caller's.
    fn send_page<T>(self) -> impl Future<Output = Result<Response<ListPage<T>>, Error>> + Send
    where
        T: DeserializeOwned + Send,
    {
        async {
            let response = self.send_as::<Envelope<Self, T>>().await?;
            Ok(response.map(|envelope| envelope.page))
        }
    }
}

/// A row that can be told from the others.
pub trait ListItem: DeserializeOwned + Send + 'static {
    /// The text that tells this row from the others; `field` is the property that holds it, such as `uid`.
    fn key(&self, field: &str) -> Cow<'_, str>;
}

/// The rows of a page, and what was said beside them.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ListPage<T> {
    /// The rows, in order.
    pub items: Vec<T>,
    /// Where the page stands among the others, where that could be read.
    pub pagination: Option<Pagination>,
    /// The mark for synchronising, where that could be read.
    pub cursor: Option<Cursor>,
}

/// A response that holds a page of `O`, with rows of type `T`.
///
/// Only the rows can make it fail: whatever else can't be read is absent.
struct Envelope<O, T> {
    page: ListPage<T>,
    operation: PhantomData<fn() -> O>,
}

impl<'de, O: ListOperation, T: DeserializeOwned> Deserialize<'de> for Envelope<O, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EnvelopeVisitor(PhantomData))
    }
}

struct EnvelopeVisitor<O, T>(PhantomData<fn() -> (O, T)>);

impl<'de, O: ListOperation, T: DeserializeOwned> Visitor<'de> for EnvelopeVisitor<O, T> {
    type Value = Envelope<O, T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object with an array {:?}", O::ITEMS)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut items = None;
        let mut rest = Map::new();
        while let Some(key) = next_key(&mut map)? {
            if key == O::ITEMS {
                items = Some(map.next_value::<Vec<T>>()?);
            } else {
                rest.insert(key.into_owned(), map.next_value()?);
            }
        }
        let items = items.ok_or_else(|| de::Error::missing_field(O::ITEMS))?;
        let rest = Value::Object(rest);
        let page = ListPage {
            items,
            pagination: find(&rest, O::META),
            cursor: O::CURSORS.iter().find_map(|path| find(&rest, path)),
        };
        Ok(Envelope {
            page,
            operation: PhantomData,
        })
    }
}

/// What is at a path of keys, where it is there and can be read.
fn find<T: DeserializeOwned>(value: &Value, path: &[&str]) -> Option<T> {
    let found = path.iter().try_fold(value, |value, key| value.get(key))?;
    readable(found.clone())
}

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
    fn key(&self, field: &str) -> Cow<'_, str> {
        let mut decoder = serde_json::Deserializer::from_str(self.0.get());
        let found = decoder.deserialize_map(KeyField(field));
        // A row without that text differs from another one that reads differently.
        let found = found.ok().flatten();
        found.unwrap_or(Cow::Borrowed(self.0.get()))
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

/// Looks for one field of an object, and skips the others.
struct KeyField<'a>(&'a str);

impl<'de> Visitor<'de> for KeyField<'_> {
    type Value = Option<Cow<'de, str>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(key) = next_key(&mut map)? {
            if key == self.0 {
                found = Some(map.next_value::<Cow<'de, str>>()?);
            } else {
                map.next_value::<de::IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}
