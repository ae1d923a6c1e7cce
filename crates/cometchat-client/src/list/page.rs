//! A page of any operation that pages, read from where its `x-pagination` says that the parts of a page are.

use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{self, DeserializeOwned, Deserializer, MapAccess};

use crate::generated::runtime::{Cursor, Pagination};
use crate::list::{ListItem, ListOperation};
use crate::values::{Fields, JsonFields, JsonText, Object, parse_relaxed, read_page, rows};

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
pub(crate) struct Envelope<O, T>(pub(crate) ListPage<T>, PhantomData<fn() -> O>);

impl<'de, O: ListOperation, T: ListItem> Deserialize<'de> for Envelope<O, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_page(deserializer)
    }
}

impl<'de, O: ListOperation, T: ListItem> Object<'de> for Envelope<O, T> {
    const EXPECTED: &'static str = "an object with an array of rows";

    fn read<const STRICT: bool, A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        let mut items = None;
        let mut beside = Vec::new();
        let paths = || O::CURSORS.iter().copied().chain([O::META]);
        while let Some(key) = Fields::next_name::<STRICT, A>(&mut map)? {
            if key == O::ITEMS {
                items = Some(rows::<STRICT, A, T>(&mut map, O::MAX_ROWS)?);
            } else if paths().any(|path| path.first().is_some_and(|first| *first == key)) {
                beside.retain(|(other, _)| *other != key);
                beside.push((key, map.next_value::<JsonText<'de>>()?));
            } else {
                map.next_value::<de::IgnoredAny>()?;
            }
        }
        let items = items.ok_or_else(|| de::Error::missing_field(O::ITEMS))?;
        let find = |path: &[&str]| {
            let (first, rest) = path.split_first()?;
            let (_, value) = beside.iter().find(|(key, _)| key == first)?;
            rest.iter()
                .try_fold(value.get(), |value, key| member(value, key))
        };
        let page = ListPage {
            items,
            pagination: find(O::META).and_then(small),
            cursor: O::CURSORS
                .iter()
                .find_map(|path| find(path).and_then(small)),
        };
        Ok(Envelope(page, PhantomData))
    }
}

/// The longest text that is read beside the rows, in bytes: a larger one is no pagination and no cursor, and is skipped.
const MAX_META: usize = 64 * 1024;

/// The text as a type, if it is of that type and not too long.
fn small<T: DeserializeOwned>(text: &str) -> Option<T> {
    (text.len() <= MAX_META).then(|| parse_relaxed(text))?
}

/// Returns the text of an object's value, the last of that name.
fn member<'a>(object: &'a str, name: &str) -> Option<&'a str> {
    let named = JsonFields::new(object).filter(|(key, _)| key == name);
    named.last().map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builder::ListGroupMembers;
    use serde_json::Value;

    fn read(text: &str) -> Result<ListPage<Value>, serde_json::Error> {
        serde_json::from_str::<Envelope<ListGroupMembers, Value>>(text).map(|envelope| envelope.0)
    }

    #[test]
    fn the_parts_of_a_page_are_found_in_any_order() {
        for text in [
            r#"{"data":[1,2],"meta":{"pagination":{"total_pages":3}},"cursor":{"affix":"prepend"}}"#,
            r#"{"cursor":{"affix":"prepend"},"meta":{"pagination":{"total_pages":"3"}},"data":[1,2]}"#,
            r#"{"meta":{"more":1,"cursor":{"affix":"prepend"},"pagination":{"total_pages":3.0}},"data":[1,2],"more":{}}"#,
        ] {
            let page = read(text).unwrap();
            assert_eq!(page.items, [1, 2], "{text}");
            assert_eq!(page.pagination.unwrap().total_pages, Some(3), "{text}");
            assert_eq!(page.cursor.unwrap().affix.as_deref(), Some("prepend"));
        }
    }

    #[test]
    fn what_is_beside_the_rows_costs_none_of_them() {
        for rest in [
            "",
            r#","meta":null,"cursor":null"#,
            r#","meta":[],"cursor":[]"#,
            r#","meta":"?","cursor":7"#,
            r#","meta":{"pagination":"?","cursor":"?"}"#,
            r#","meta":{"pagination":null}"#,
        ] {
            let page = read(&format!(r#"{{"data":[1]{rest}}}"#)).unwrap();
            assert_eq!(page.items, [1], "{rest}");
            assert!(page.pagination.is_none() && page.cursor.is_none(), "{rest}");
        }
    }

    #[test]
    fn without_rows_there_is_no_page() {
        for (text, said) in [
            ("{}", "missing field `data`"),
            (r#"{"meta":{}}"#, "missing field `data`"),
            (r#"{"data":{}}"#, "expected an array of rows"),
            ("[]", "expected an object with an array of rows"),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains(said), "{text}: {error}");
        }
    }
}
