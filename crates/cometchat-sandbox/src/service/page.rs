//! A page: the rows, and the `meta` and `cursor` beside them.
//!
//! The live service counts in two ways. On one list `total_pages` is only a has-more hint: this page's number, or one more
//! if there may be another page; `total` is 0. On another list both are true counts. A client must cope with either, and
//! with a last page that is exactly full, for which neither was observed.

use crate::service::list::Slice;
use crate::service::query::ListQuery;
use crate::service::quirks::Quirks;
use cometchat_client::Operation;

/// The meaning of `total` and `total_pages`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Totals {
    /// A has-more hint: `total` is 0, and `total_pages` is this page's number, or one more if there may be another page.
    /// Documented for `total_pages`; observed for both on `/users/{uid}/blockedusers`.
    LookAhead,
    /// Both are true counts; observed on `/users`.
    True,
}

/// The has-more hint of a last page that is exactly full. Neither was observed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum FullLastPage {
    /// No page follows.
    #[default]
    Ends,
    /// Another page follows, which is empty.
    SaysMore,
}

/// A list's `cursor`, and its place in the response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cursor {
    pub(crate) place: CursorPlace,
    pub(crate) updated_at: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CursorPlace {
    /// As in the example of members.
    BesideMeta,
    /// As observed on a sibling list.
    InsideMeta,
    /// As in the example of banned users.
    Nowhere,
}

impl Cursor {
    /// The cursor of a list that has no example.
    pub(crate) fn usual(operation: Operation) -> Self {
        Self {
            place: match operation {
                Operation::ListGroupMembers => CursorPlace::BesideMeta,
                _ => CursorPlace::InsideMeta,
            },
            updated_at: 1_638_354_799,
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct PageStyle {
    pub(crate) quirks: Quirks,
    pub(crate) totals: Totals,
    pub(crate) full_last_page: FullLastPage,
}

impl PageStyle {
    /// Writes a page. `count` is the `count` of the vendor's example, if the list has one.
    pub(crate) fn write(
        self,
        query: &ListQuery,
        slice: &Slice,
        cursor: Cursor,
        count: Option<i64>,
    ) -> String {
        let page = query.page;
        let full = slice.len == query.per_page;
        let more = slice.more || full && self.full_last_page == FullLastPage::SaysMore;
        let (total, total_pages) = match self.totals {
            Totals::LookAhead => (0, if more { page + 1 } else { page }),
            Totals::True => (
                slice.total,
                slice.total.div_ceil(query.per_page).max(1) as u64,
            ),
        };
        let rows = slice.len as i64;
        let (count, place) = match self.quirks {
            // Documented as the number of rows, observed as another number.
            Quirks::Observed => (count.unwrap_or(rows + 1), cursor.place),
            Quirks::Tidy => (rows, CursorPlace::BesideMeta),
        };
        let cursor = format!(
            r#","cursor":{{"updatedAt":{},"affix":"prepend"}}"#,
            cursor.updated_at
        );
        let (inside, beside) = match place {
            CursorPlace::BesideMeta => ("", cursor.as_str()),
            CursorPlace::InsideMeta => (cursor.as_str(), ""),
            CursorPlace::Nowhere => ("", ""),
        };
        format!(
            concat!(
                r#"{{"data":[{}],"meta":{{"pagination":{{"total":{},"count":{},"per_page":{},"#,
                r#""current_page":{},"total_pages":{}}}{}}}{}}}"#
            ),
            slice.rows, total, count, query.per_page, page, total_pages, inside, beside
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const OBSERVED: PageStyle = PageStyle {
        quirks: Quirks::Observed,
        totals: Totals::LookAhead,
        full_last_page: FullLastPage::Ends,
    };

    fn write(
        style: PageStyle,
        page: u64,
        per_page: usize,
        rows: usize,
        place: CursorPlace,
    ) -> Value {
        let start = (page as usize - 1) * per_page;
        let len = rows.saturating_sub(start).min(per_page);
        let slice = Slice {
            rows: vec!["{}"; len].join(","),
            len,
            more: rows > start + len,
            total: rows,
        };
        let query = ListQuery {
            page,
            per_page,
            status: None,
            scopes: Vec::new(),
        };
        let cursor = Cursor {
            place,
            updated_at: 7,
        };
        serde_json::from_str(&style.write(&query, &slice, cursor, None)).unwrap()
    }

    #[test]
    fn total_pages_hints_at_another_page() {
        let with_hint = PageStyle {
            full_last_page: FullLastPage::SaysMore,
            ..OBSERVED
        };
        let counted = PageStyle {
            totals: Totals::True,
            ..OBSERVED
        };
        // Rows, page, and `total_pages` at five rows a page: as a hint, with a hint after a full page, as a count.
        for (rows, page, expected) in [
            (0, 1, [1, 1, 1]),
            (4, 1, [1, 1, 1]),
            (5, 1, [1, 2, 1]),
            (5, 2, [2, 2, 1]),
            (6, 1, [2, 2, 2]),
            (6, 2, [2, 2, 2]),
            (10, 2, [2, 3, 2]),
            (10, 3, [3, 3, 2]),
            (10, 9, [9, 9, 2]),
        ] {
            let total_pages = [OBSERVED, with_hint, counted].map(|style| {
                let page = write(style, page, 5, rows, CursorPlace::BesideMeta);
                page["meta"]["pagination"]["total_pages"].as_u64().unwrap()
            });
            assert_eq!(total_pages, expected, "{rows} rows, page {page}");
        }
    }

    #[test]
    fn a_page_as_observed() {
        let expected = json!({
            "data": [{}, {}],
            "meta": {"pagination": {"total": 0, "count": 3, "per_page": 5, "current_page": 2, "total_pages": 2}},
            "cursor": {"updatedAt": 7, "affix": "prepend"},
        });
        assert_eq!(write(OBSERVED, 2, 5, 7, CursorPlace::BesideMeta), expected);
        let inside = write(OBSERVED, 2, 5, 7, CursorPlace::InsideMeta);
        assert_eq!(inside["meta"]["cursor"]["updatedAt"], 7);
        assert_eq!(inside.get("cursor"), None);
        let nowhere = write(OBSERVED, 2, 5, 7, CursorPlace::Nowhere);
        assert_eq!(
            (nowhere["meta"].get("cursor"), nowhere.get("cursor")),
            (None, None)
        );
    }

    #[test]
    fn a_tidy_page() {
        let tidy = PageStyle {
            quirks: Quirks::Tidy,
            totals: Totals::True,
            full_last_page: FullLastPage::Ends,
        };
        let expected = json!({
            "data": [{}, {}],
            "meta": {"pagination": {"total": 7, "count": 2, "per_page": 5, "current_page": 2, "total_pages": 2}},
            "cursor": {"updatedAt": 7, "affix": "prepend"},
        });
        assert_eq!(write(tidy, 2, 5, 7, CursorPlace::InsideMeta), expected);
    }
}
