//! A list, the service that has it, and how it is read.

use std::collections::BTreeMap;

/// The `total_pages` of a page.
#[derive(Clone, Copy, Debug)]
pub(super) enum TotalPages {
    /// A has-more hint.
    HasMore { full_page_says_more: bool },
    /// The number of pages.
    Count,
    /// A number below that of the page, whatever comes after it.
    Contradiction,
    /// Nothing that can be read.
    Nothing(&'static str),
}

/// How a page fails.
#[derive(Clone, Copy, Debug)]
pub(super) enum Failure {
    Error,
    Html,
    TooMany,
    Closed,
    CutShort,
    Refused,
}

/// The responses past the end.
#[derive(Clone, Copy, Debug)]
pub(super) enum Beyond {
    AsUsual,
    Error,
    Garbage,
    Hang,
}

/// A service, and a way to read from it.
#[derive(Clone, Debug)]
pub(super) struct Case {
    /// The rows, by number, and whether each is shown: a hidden one takes a place on its page, too.
    pub(super) rows: Vec<(u8, bool)>,
    pub(super) total_pages: TotalPages,
    /// Whether numbers are sent as strings.
    pub(super) as_text: bool,
    /// Which pages fail, how, and how many times.
    pub(super) failures: BTreeMap<u32, (Failure, u32)>,
    /// How long pages take, in units of 100 µs, by page.
    pub(super) latency: Vec<u8>,
    pub(super) beyond: Beyond,

    pub(super) per_page: u32,
    pub(super) first: u32,
    pub(super) prefetch: usize,
    pub(super) limit: Option<usize>,
    pub(super) dedup: bool,
    pub(super) max_pages: u32,
    pub(super) max_empty_pages: u32,
    pub(super) attempts: u32,
    pub(super) scopes: Vec<&'static str>,
    pub(super) status: Option<&'static str>,
}

/// A page of the service.
pub(super) struct Sent {
    pub(super) uids: Vec<String>,
    /// The `total_pages`, if it can be read.
    pub(super) total_pages: Option<u32>,
    pub(super) meta: Option<String>,
}

impl Case {
    /// The page of this number.
    pub(super) fn page(&self, number: u32) -> Sent {
        let (size, count) = (self.per_page as usize, self.rows.len());
        let first = (number as usize - 1).saturating_mul(size).min(count);
        let cut = &self.rows[first..count.min(first + size)];
        let shown = cut.iter().filter(|(_, shown)| *shown);
        let total_pages = match self.total_pages {
            TotalPages::HasMore {
                full_page_says_more,
            } => {
                let more = count > first + size || full_page_says_more && cut.len() == size;
                Some(number + u32::from(more))
            }
            TotalPages::Count => Some(count.div_ceil(size).max(1) as u32),
            TotalPages::Contradiction => Some(number / 2),
            TotalPages::Nothing(_) => None,
        };
        let meta = match (self.total_pages, total_pages) {
            (TotalPages::Nothing(""), _) => None,
            (TotalPages::Nothing(meta), _) => Some(meta.to_owned()),
            (_, None) => None,
            (_, Some(total_pages)) if self.as_text => Some(format!(
                r#"{{"pagination":{{"total":"0","total_pages":"{total_pages}"}}}}"#
            )),
            (_, Some(total_pages)) => Some(crate::server::total_pages(total_pages)),
        };
        Sent {
            uids: shown.map(|(row, _)| format!("u{row}")).collect(),
            total_pages,
            meta,
        }
    }

    /// Whether a page fails at this attempt, counted from 1.
    pub(super) fn failure(&self, number: u32, attempt: u32) -> Option<Failure> {
        let (failure, times) = self.failures.get(&number)?;
        (attempt <= *times).then_some(*failure)
    }
}
