//! When a list ends: the rules, apart from the requests.
//!
//! `total_pages` is a look-ahead on some lists (this page's number, or one more) and a count on others; `total` is 0
//! and `count` is wrong on pages seen live. So the one question that both readings answer is asked: is the page that
//! was asked for smaller than `total_pages`?

/// Empty pages in a row that are passed over. They occur where rows are filtered after the cut.
const MAX_EMPTY: u32 = 10;

/// Whether there is more after a page.
pub(crate) fn has_more(number: u32, rows: usize, total_pages: Option<i64>) -> bool {
    match total_pages {
        Some(total) => i64::from(number) < total,
        None => rows > 0,
    }
}

/// What to do with a page.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Deliver it, and go on if there is more. The last page is delivered even if it is empty.
    Deliver { more: bool },
    /// It is empty, and says that there is more: go on.
    PassOver,
    /// The list does not move on.
    Stuck(&'static str),
}

/// What of the pages before matters for the next one.
#[derive(Debug, Default)]
pub(crate) struct Walk {
    empty: u32,
    last: Option<Fingerprint>,
}

/// The uids of a page, in no order: their number, and the sum of their hashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fingerprint {
    pub(crate) rows: usize,
    pub(crate) sum: u64,
}

impl Walk {
    /// What to do with the page that was asked for by this number.
    pub(crate) fn judge(
        &mut self,
        number: u32,
        page: Fingerprint,
        total_pages: Option<i64>,
    ) -> Verdict {
        let more = has_more(number, page.rows, total_pages);
        if page.rows == 0 {
            if !more {
                return Verdict::Deliver { more: false };
            }
            self.empty += 1;
            if self.empty > MAX_EMPTY {
                return Verdict::Stuck("eleven empty pages in a row say that there is more");
            }
            return Verdict::PassOver;
        }
        self.empty = 0;
        if self.last == Some(page) {
            return Verdict::Stuck("the page has the same uids as the page before");
        }
        self.last = Some(page);
        Verdict::Deliver { more }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(rows: usize, sum: u64) -> Fingerprint {
        Fingerprint { rows, sum }
    }

    /// Live, on `/users/{uid}/blockedusers`: `total_pages` is page + 1 on pages 1 to 4, and 5 on page 5.
    #[test]
    fn a_look_ahead_ends_where_it_equals_the_page() {
        let mut walk = Walk::default();
        for number in 1..=4 {
            let verdict = walk.judge(number, page(5, number.into()), Some(i64::from(number) + 1));
            assert_eq!(verdict, Verdict::Deliver { more: true });
        }
        assert_eq!(
            walk.judge(5, page(4, 5), Some(5)),
            Verdict::Deliver { more: false }
        );
    }

    /// Live, on `/users`: a true count.
    #[test]
    fn a_count_ends_at_its_last_page() {
        let mut walk = Walk::default();
        assert_eq!(
            walk.judge(1, page(5, 1), Some(2)),
            Verdict::Deliver { more: true }
        );
        assert_eq!(
            walk.judge(2, page(5, 2), Some(2)),
            Verdict::Deliver { more: false }
        );
    }

    /// Not observed: what is said when the last page is exactly full. Here, that there is more.
    #[test]
    fn a_full_last_page_that_promises_more_ends_with_an_empty_one() {
        let mut walk = Walk::default();
        assert_eq!(
            walk.judge(1, page(5, 1), Some(2)),
            Verdict::Deliver { more: true }
        );
        assert_eq!(
            walk.judge(2, page(0, 0), Some(2)),
            Verdict::Deliver { more: false }
        );
    }

    #[test]
    fn a_page_past_the_end_ends() {
        assert_eq!(
            Walk::default().judge(30, page(0, 0), Some(25)),
            Verdict::Deliver { more: false }
        );
    }

    #[test]
    fn without_meta_the_first_empty_page_is_the_end() {
        let mut walk = Walk::default();
        assert_eq!(
            walk.judge(1, page(5, 1), None),
            Verdict::Deliver { more: true }
        );
        assert_eq!(
            walk.judge(2, page(0, 0), None),
            Verdict::Deliver { more: false }
        );
    }

    #[test]
    fn ten_empty_pages_are_passed_over_and_not_eleven() {
        let mut walk = Walk::default();
        for number in 1..=10 {
            assert_eq!(walk.judge(number, page(0, 0), Some(99)), Verdict::PassOver);
        }
        assert!(matches!(
            walk.judge(11, page(0, 0), Some(99)),
            Verdict::Stuck(_)
        ));
    }

    #[test]
    fn a_row_starts_the_count_of_empty_pages_anew() {
        let mut walk = Walk::default();
        for number in 1..=30 {
            let rows = usize::from(number % 10 == 0);
            let verdict = walk.judge(number, page(rows, number.into()), Some(99));
            assert!(!matches!(verdict, Verdict::Stuck(_)), "page {number}");
        }
    }

    #[test]
    fn a_page_that_repeats_is_stuck_even_across_an_empty_one() {
        let mut walk = Walk::default();
        walk.judge(1, page(5, 1), Some(99));
        assert_eq!(walk.judge(2, page(0, 0), Some(99)), Verdict::PassOver);
        assert!(matches!(
            walk.judge(3, page(5, 1), Some(99)),
            Verdict::Stuck(_)
        ));
    }

    #[test]
    fn nonsense_in_total_pages_ends_the_list() {
        for total in [0, -1, i64::MIN] {
            let verdict = Walk::default().judge(1, page(1, 1), Some(total));
            assert_eq!(verdict, Verdict::Deliver { more: false });
        }
    }
}
