//! A page as it goes out: the rows, and what is said of them.
//!
//! The service was seen to count in two ways. On one list `total_pages` only looks ahead: it is this page's number, or one
//! more where there may be another page, and `total` is 0. On another both are true. A client must get along with
//! either, and with a last page that is exactly full, of which nobody has seen what is said.

use crate::service::list::Slice;
use crate::service::operation::Operation;
use crate::service::query::Ask;
use crate::service::quirks::Manner;

/// What `total` and `total_pages` say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Totals {
    /// `total` is 0, and `total_pages` is this page's number, or one more where there may be another page: what the
    /// documentation says of `total_pages`, and what was seen of both on `/users/{uid}/blockedusers`.
    LookAhead,
    /// Both are true: seen on `/users`.
    True,
}

/// What `total_pages` says, looking ahead, of a last page that is exactly full. Neither was observed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum FullLastPage {
    /// Nothing comes after it: the service has looked at the row after the last one.
    #[default]
    Ends,
    /// Another page comes after it, which turns out to be empty: the service has only seen that this one is full.
    SaysMore,
}

/// Where a list's `cursor` stands, and what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cursor {
    pub(crate) place: CursorPlace,
    pub(crate) updated_at: i64,
}

/// Where a `cursor` stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CursorPlace {
    /// As in the example of members.
    BesideMeta,
    /// As it was seen on a sibling list.
    InsideMeta,
    /// As in the example of banned users.
    Nowhere,
}

impl CursorPlace {
    /// Where a list's cursor stands that has no example to go by.
    pub(crate) fn usual(operation: Operation) -> Self {
        match operation {
            Operation::Members => Self::BesideMeta,
            Operation::BannedUsers => Self::InsideMeta,
        }
    }
}

/// How pages are written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PageStyle {
    pub(crate) manner: Manner,
    pub(crate) totals: Totals,
    pub(crate) full_last_page: FullLastPage,
}

impl PageStyle {
    /// Writes a page. `count` is what an example says of the number of its rows.
    pub(crate) fn write(
        self,
        ask: &Ask,
        slice: &Slice,
        cursor: Cursor,
        count: Option<i64>,
    ) -> String {
        let page = ask.page;
        let full = slice.len == ask.per_page;
        let more = slice.more || full && self.full_last_page == FullLastPage::SaysMore;
        let (total, total_pages) = match self.totals {
            Totals::LookAhead => (0, if more { page + 1 } else { page }),
            Totals::True => (
                slice.total,
                slice.total.div_ceil(ask.per_page).max(1) as u64,
            ),
        };
        let count = match self.manner {
            // Said to be the number of rows, and seen to be another one.
            Manner::Observed => count.unwrap_or(slice.len as i64 + 1),
            Manner::Tidy => slice.len as i64,
        };
        let place = match self.manner {
            Manner::Observed => cursor.place,
            Manner::Tidy => CursorPlace::BesideMeta,
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
            slice.rows, total, count, ask.per_page, page, total_pages, inside, beside
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const OBSERVED: PageStyle = PageStyle {
        manner: Manner::Observed,
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
        let ask = Ask {
            page,
            per_page,
            status: None,
            scopes: Vec::new(),
        };
        let cursor = Cursor {
            place,
            updated_at: 7,
        };
        serde_json::from_str(&style.write(&ask, &slice, cursor, None)).unwrap()
    }

    #[test]
    fn total_pages_says_whether_there_is_another_page() {
        let saying_more = PageStyle {
            full_last_page: FullLastPage::SaysMore,
            ..OBSERVED
        };
        let counting = PageStyle {
            totals: Totals::True,
            ..OBSERVED
        };
        // Rows, page, and `total_pages` at five rows a page: looking ahead, saying more of a full page, counting.
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
            let said = [OBSERVED, saying_more, counting].map(|style| {
                let page = write(style, page, 5, rows, CursorPlace::BesideMeta);
                page["meta"]["pagination"]["total_pages"].as_u64().unwrap()
            });
            assert_eq!(said, expected, "{rows} rows, page {page}");
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
            manner: Manner::Tidy,
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
