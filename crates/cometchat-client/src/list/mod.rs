//! Operations that page, as paging needs them: implemented by codegen for every operation with `x-pagination`.

pub(crate) mod field;
pub(crate) mod page;
pub(crate) mod raw_row;

use std::borrow::Cow;

use serde::de::{DeserializeOwned, Deserializer};

use crate::error::Error;
use crate::generated::{Client, Operation};
use crate::http::call_info::CallInfo;
use crate::http::response::Response;
use crate::list::field::Field;
use crate::list::page::{Envelope, ListPage};

/// An operation that pages. Its builder can be sent once for each page.
///
/// Only generated code implements it; the names are those of the operation's `x-pagination` in the spec.
pub trait ListOperation: Sealed + Clone + Send + Sync + Unpin + 'static {
    /// A row.
    type Item: ListItem;
    /// The operation.
    const OPERATION: Operation;
    /// The fields of a row that the spec knows, in its order.
    const FIELDS: &'static [Field];
    /// The property of the response that holds the rows.
    const ITEMS: &'static str;
    /// The path to the `Pagination` object in the response.
    const META: &'static [&'static str];
    /// The paths at which a `Cursor` may be.
    const CURSORS: &'static [&'static [&'static str]];
    /// The property that tells rows apart.
    const KEY: &'static str;
    /// The number of rows over which a page is refused as too large: twice as many as can be asked for, or as 1,000.
    const MAX_ROWS: usize;

    /// Returns the page that was chosen, from 1; 1 by default.
    ///
    /// # Errors
    ///
    /// `InvalidRequest` if the chosen page was rejected.
    fn page_number(&self) -> Result<u32, Error>;

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
        T: ListItem,
    {
        async {
            let response = self.send_as::<Envelope<Self, T>>().await?;
            Ok(response.map(|envelope| {
                let mut page = envelope.0;
                for item in &mut page.items {
                    item.read_id(Self::KEY);
                }
                page
            }))
        }
    }
}

/// Reads the page that a builder was given.
pub(crate) fn page_number<O: ListOperation>(
    request: &O,
    page: &Result<impl Copy + Into<Option<u32>>, String>,
) -> Result<u32, Error> {
    match page {
        Ok(page) => Ok((*page).into().unwrap_or(1)),
        Err(what) => Err(Error::invalid(what).at(CallInfo {
            operation: O::OPERATION,
            subjects: request.subjects(),
            page: Some(1),
        })),
    }
}

/// Reads the number of rows per page that a builder was given, if it accepted one.
pub(crate) fn page_size(size: &Result<impl Copy + Into<Option<u32>>, String>) -> Option<u32> {
    size.as_ref().ok().and_then(|size| (*size).into())
}

/// How an operation pages: its `x-pagination`, and what its parameters say.
pub(crate) struct Layout {
    pub(crate) page: &'static str,
    pub(crate) items: &'static str,
    pub(crate) meta: &'static [&'static str],
    pub(crate) cursors: &'static [&'static [&'static str]],
    pub(crate) key: &'static str,
    pub(crate) max_rows: usize,
    pub(crate) default_rows: Option<u32>,
}

impl Layout {
    /// Returns how an operation pages; fails to compile for one that does not.
    #[allow(dead_code, reason = "called if a spec has a list")]
    pub(crate) const fn of(operation: Operation) -> Self {
        match operation.traits().list {
            Some(layout) => layout,
            None => panic!("the operation does not page"),
        }
    }
}

/// Implements [`ListOperation`] for a builder.
macro_rules! list_operation {
    ($builder:ident: $item:ty, $page:ident, $size:ident, [$($name:literal = $field:ident),*]) => {
        impl crate::list::Sealed for $builder {}

        impl crate::ListOperation for $builder {
            type Item = $item;
            const OPERATION: crate::Operation = crate::Operation::$builder;
            const FIELDS: &'static [crate::Field] = <$item>::FIELDS;
            const ITEMS: &'static str = crate::list::Layout::of(Self::OPERATION).items;
            const META: &'static [&'static str] = crate::list::Layout::of(Self::OPERATION).meta;
            const CURSORS: &'static [&'static [&'static str]] =
                crate::list::Layout::of(Self::OPERATION).cursors;
            const KEY: &'static str = crate::list::Layout::of(Self::OPERATION).key;
            const MAX_ROWS: usize = crate::list::Layout::of(Self::OPERATION).max_rows;

            fn page_number(&self) -> Result<u32, crate::Error> {
                crate::list::page_number(self, &self.$page)
            }

            fn with_page(self, page: u32) -> Self {
                self.$page(page)
            }

            fn with_page_size(self, rows: u32) -> Self {
                self.$size(rows)
            }

            fn page_size(&self) -> Option<u32> {
                crate::list::page_size(&self.$size)
                    .or(const { crate::list::Layout::of(Self::OPERATION).default_rows })
            }

            fn map_client(mut self, map: impl FnOnce(crate::Client) -> crate::Client) -> Self {
                self.client = map(self.client);
                self
            }

            fn subjects(&self) -> Vec<(&'static str, String)> {
                Vec::<Option<(&'static str, String)>>::from([
                    $(self.$field.as_ref().ok().map(|value| ($name, value.to_string()))),*
                ])
                .into_iter()
                .flatten()
                .collect()
            }

            fn send_as<T>(
                self,
            ) -> impl Future<Output = Result<crate::Response<T>, crate::Error>> + Send
            where
                T: ::serde::de::DeserializeOwned + Send,
            {
                $builder::send_as(self)
            }
        }
    };
}
#[allow(unused_imports, reason = "used if a spec has a list")]
pub(crate) use list_operation;

/// Keeps [`ListOperation`] from being implemented elsewhere, so that it can grow.
pub trait Sealed {}

/// A row that can be told from the others.
pub trait ListItem: DeserializeOwned + Send + 'static {
    /// The text that tells this row from the others; `field` is the property that holds it, such as `uid`.
    fn id(&self, field: &str) -> Cow<'_, str>;

    /// Called once after the row was read, before its id is asked for: an id that takes long to find can be kept.
    fn read_id(&mut self, field: &'static str) {
        let _ = field;
    }

    /// Reads a row of a generated type as the spec says it is; any other type as it is read everywhere.
    #[doc(hidden)]
    fn deserialize_strictly<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::deserialize(deserializer)
    }
}

/// A row as plain JSON. It has no id, other than its own text, where the field is no string or number.
impl ListItem for serde_json::Value {
    fn id(&self, field: &str) -> Cow<'_, str> {
        match self.get(field) {
            Some(Self::String(id)) => Cow::Borrowed(id),
            Some(Self::Number(id)) => Cow::Owned(id.to_string()),
            _ => Cow::Owned(self.to_string()),
        }
    }
}
