//! The model: the plain loop over the pages, and its outcome.

use std::collections::BTreeMap;

use cometchat::ErrorKind;

use super::case::{Case, Failure, Sent};

/// The outcome of reading a case.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Outcome {
    /// The pages that are delivered.
    pub(super) pages: Vec<(u32, Vec<String>)>,
    /// The error, if any: its kind, page and attempts.
    pub(super) error: Option<(ErrorKind, u32, u32)>,
    pub(super) next_page: u32,
    pub(super) duplicates: u64,
    /// The number of requests for each page that is needed.
    pub(super) requests: BTreeMap<u32, u32>,
    /// Whether a limit ended it.
    pub(super) enough: bool,
    /// Whether `limit` ended it before the service did.
    pub(super) truncated: bool,
    /// Whether a page was skipped that repeats the one before.
    pub(super) repeated: bool,
}

impl Outcome {
    pub(super) fn rows(&self) -> Vec<String> {
        self.pages
            .iter()
            .flat_map(|(_, rows)| rows.clone())
            .collect()
    }
}

/// One page after the other, until there is no more.
pub(super) fn model(case: &Case) -> Outcome {
    let mut out = Outcome::default();
    let (mut empty, mut before, mut repeated, mut counts) = (0, Vec::new(), false, false);
    let mut left = case.limit.unwrap_or(usize::MAX);
    let mut seen: Vec<String> = Vec::new();
    for number in case.first.. {
        out.next_page = number;
        if left == 0 {
            (out.enough, out.truncated) = (true, true);
            return out;
        }
        if out.requests.len() as u32 == case.max_pages {
            out.error = Some((ErrorKind::Pagination, number, 1));
            out.enough = true;
            return out;
        }
        for attempt in 1.. {
            *out.requests.entry(number).or_default() = attempt;
            let kind = match case.failure(number, attempt) {
                None => break,
                Some(Failure::Refused) => ErrorKind::Api,
                Some(_) if attempt < case.attempts => continue,
                Some(Failure::Error | Failure::Html) => ErrorKind::Api,
                Some(Failure::TooMany) => ErrorKind::RateLimited,
                Some(Failure::Closed | Failure::CutShort) => ErrorKind::Transport,
            };
            out.error = Some((kind, number, attempt));
            return out;
        }
        let sent = case.page(number);
        counts |= sent.total_pages.is_some_and(|total| total > number + 1);
        let more = more_after(number, &sent);
        if sent.uids.is_empty() && more {
            empty += u32::from(!counts);
            if empty > case.max_empty_pages {
                out.error = Some((ErrorKind::Pagination, number, 1));
                return out;
            }
            continue;
        }
        if !sent.uids.is_empty() {
            empty = 0;
            let mut now = sent.uids.clone();
            now.sort();
            // Ids that are not distinct don't tell rows apart.
            if now.windows(2).any(|two| two[0] == two[1]) {
                now.clear();
            }
            let again = !now.is_empty() && now == before;
            if again && repeated {
                out.error = Some((ErrorKind::Pagination, number, 1));
                return out;
            }
            (before, repeated) = (now, again);
            if again {
                out.repeated = true;
                out.duplicates += sent.uids.len() as u64;
                if more {
                    continue;
                }
                out.next_page = number + 1;
                return out;
            }
        }
        let mut rows = Vec::new();
        for uid in sent.uids {
            if case.dedup && seen.contains(&uid) {
                out.duplicates += 1;
            } else {
                seen.push(uid.clone());
                rows.push(uid);
            }
        }
        let cut = rows.len() > left;
        rows.truncate(left);
        left -= rows.len();
        out.pages.push((number, rows));
        if cut {
            (out.enough, out.truncated) = (true, true);
            return out;
        }
        if !more {
            out.next_page = number + 1;
            return out;
        }
    }
    out
}

/// Whether there is more after a page.
pub(super) fn more_after(number: u32, sent: &Sent) -> bool {
    match sent.total_pages {
        Some(total) if total >= number => total > number,
        _ => !sent.uids.is_empty(),
    }
}
