//! The rows as plain structs: what someone writes who needs the lists once.

pub mod few;
pub mod typed;
pub mod typed_extra;

use serde::Deserialize;

/// A page of rows.
#[derive(Debug, Deserialize)]
pub struct Page<T> {
    /// The rows.
    pub data: Vec<T>,
    /// What is said beside them.
    pub meta: Meta,
}

/// What is said beside the rows.
#[derive(Debug, Deserialize)]
pub struct Meta {
    /// The place of the page.
    pub pagination: Pagination,
}

/// The place of a page.
#[derive(Debug, Deserialize)]
pub struct Pagination {
    /// The number of pages.
    pub total_pages: u32,
}

/// A row, as it is counted.
pub trait Row: serde::de::DeserializeOwned + Send {
    /// Counts the row.
    fn count(&self, count: &mut report::Count);
}

macro_rules! row {
    ($($member:ty),*) => {$(
        impl Row for $member {
            fn count(&self, count: &mut report::Count) {
                count.add(&self.uid, self.name.as_deref(), self.joined_at);
            }
        }
    )*};
}

row!(few::Member, typed::Member, typed_extra::Member);
