//! When a list ends: the rules, apart from the requests.
//!
//! `total_pages` is a has-more hint on some lists (this page's number, or one more) and a count on others; `total` is 0
//! and `count` is wrong on pages seen live. One question has the same answer for both: is the number of the page that
//! was requested smaller than `total_pages`?

/// Returns `true` if more follows a page. A `total_pages` below the number of a page with rows contradicts itself, and
/// is ignored.
pub(crate) fn has_more(number: u32, rows: usize, total_pages: Option<i64>) -> bool {
    match total_pages {
        Some(total) if total >= i64::from(number) => i64::from(number) < total,
        _ => rows > 0,
    }
}

/// Action for a page.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Deliver it, and continue if there is more. The last page is delivered even if it is empty.
    Deliver { more: bool },
    /// It is empty, or repeats the page before: skip it, and continue if there is more.
    Skip { more: bool },
    /// Pagination makes no progress.
    Stuck(String),
}

/// The state of the pages read so far.
#[derive(Debug, Default)]
pub(crate) struct Walk {
    /// `total_pages` of the page before.
    total: Option<i64>,
    /// Whether `total_pages` is a count: it was larger than a has-more hint can be.
    counts: bool,
    /// Empty pages in a row, without those that a count announced.
    empty: u32,
    /// The ids of the page before that had rows, if they are distinct.
    last: Option<Fingerprint>,
    repeated: bool,
}

/// The ids of a page in any order: their number, and the sum of their hashes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fingerprint {
    pub(crate) rows: usize,
    pub(crate) sum: u64,
    /// Whether they are distinct. If not, they don't tell rows apart.
    pub(crate) distinct: bool,
}

impl Fingerprint {
    pub(crate) fn of(mut hashes: Vec<u64>) -> Self {
        let rows = hashes.len();
        let sum = hashes
            .iter()
            .fold(0_u64, |sum, hash| sum.wrapping_add(*hash));
        hashes.sort_unstable();
        hashes.dedup();
        let distinct = hashes.len() == rows;
        Self {
            rows,
            sum,
            distinct,
        }
    }
}

impl Walk {
    pub(crate) fn classify(
        &mut self,
        number: u32,
        page: Fingerprint,
        total_pages: Option<i64>,
        max_empty: u32,
    ) -> Verdict {
        let more = has_more(number, page.rows, total_pages);
        let grown = self.total.is_some() && total_pages > self.total;
        self.total = total_pages;
        self.counts |= total_pages.is_some_and(|total| total > i64::from(number) + 1);
        if page.rows == 0 {
            if !more {
                return Verdict::Deliver { more };
            }
            // A count that grows with each empty page counts nothing.
            if !self.counts || grown {
                self.empty += 1;
            }
            if self.empty > max_empty {
                return Verdict::Stuck(format!(
                    "{} empty pages in a row say that there is more",
                    self.empty
                ));
            }
            return Verdict::Skip { more };
        }
        self.empty = 0;
        let last = std::mem::replace(&mut self.last, Some(page).filter(|page| page.distinct));
        let repeats = last == Some(page);
        if repeats && self.repeated {
            return Verdict::Stuck("the same uids came on three pages in a row".to_owned());
        }
        self.repeated = repeats;
        if repeats {
            return Verdict::Skip { more };
        }
        Verdict::Deliver { more }
    }

    /// The last page, where the service counts the pages.
    pub(crate) fn last_page(&self, number: u32) -> Option<u32> {
        let total = self.total.filter(|_| self.counts)?;
        u32::try_from(total).ok().filter(|last| *last >= number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(rows: usize, sum: u64) -> Fingerprint {
        Fingerprint {
            rows,
            sum,
            distinct: true,
        }
    }

    impl Walk {
        fn see(&mut self, number: u32, page: Fingerprint, total_pages: Option<i64>) -> Verdict {
            self.classify(number, page, total_pages, 10)
        }
    }

    /// Live, on `/users/{uid}/blockedusers`: `total_pages` is page + 1 on pages 1 to 4, and 5 on page 5.
    #[test]
    fn a_hint_ends_where_it_equals_the_page() {
        let mut walk = Walk::default();
        for number in 1..=4 {
            let verdict = walk.see(number, page(5, number.into()), Some(i64::from(number) + 1));
            assert_eq!(verdict, Verdict::Deliver { more: true });
        }
        assert_eq!(
            walk.see(5, page(4, 5), Some(5)),
            Verdict::Deliver { more: false }
        );
    }

    /// Live, on `/users`: a true count.
    #[test]
    fn a_count_ends_at_its_last_page() {
        let mut walk = Walk::default();
        assert_eq!(
            walk.see(1, page(5, 1), Some(2)),
            Verdict::Deliver { more: true }
        );
        assert_eq!(
            walk.see(2, page(5, 2), Some(2)),
            Verdict::Deliver { more: false }
        );
    }

    /// Not observed: `total_pages` of a last page that is exactly full. Here it hints at another page.
    #[test]
    fn a_full_last_page_can_be_followed_by_an_empty_one() {
        let mut walk = Walk::default();
        assert_eq!(
            walk.see(1, page(5, 1), Some(2)),
            Verdict::Deliver { more: true }
        );
        assert_eq!(
            walk.see(2, page(0, 0), Some(2)),
            Verdict::Deliver { more: false }
        );
    }

    #[test]
    fn a_page_past_the_end_ends() {
        assert_eq!(
            Walk::default().see(30, page(0, 0), Some(25)),
            Verdict::Deliver { more: false }
        );
    }

    #[test]
    fn without_meta_the_first_empty_page_is_the_end() {
        let mut walk = Walk::default();
        assert_eq!(
            walk.see(1, page(5, 1), None),
            Verdict::Deliver { more: true }
        );
        assert_eq!(
            walk.see(2, page(0, 0), None),
            Verdict::Deliver { more: false }
        );
    }

    #[test]
    fn eleven_empty_pages_after_hints_are_stuck() {
        let mut walk = Walk::default();
        for number in 1..=10 {
            let verdict = walk.see(number, page(0, 0), Some(i64::from(number) + 1));
            assert_eq!(verdict, Verdict::Skip { more: true });
        }
        assert!(matches!(
            walk.see(11, page(0, 0), Some(12)),
            Verdict::Stuck(_)
        ));
    }

    #[test]
    fn every_empty_page_of_a_count_is_skipped() {
        let mut walk = Walk::default();
        for number in 1..=98 {
            let verdict = walk.classify(number, page(0, 0), Some(99), 0);
            assert_eq!(verdict, Verdict::Skip { more: true }, "page {number}");
        }
        assert_eq!(
            walk.see(99, page(0, 0), Some(99)),
            Verdict::Deliver { more: false }
        );
    }

    #[test]
    fn a_growing_total_of_empty_pages_is_no_count() {
        let mut walk = Walk::default();
        let stuck = (1..100).find(|number| {
            let total = i64::from(*number) + 2;
            matches!(
                walk.see(*number, page(0, 0), Some(total)),
                Verdict::Stuck(_)
            )
        });
        assert_eq!(stuck, Some(12));
    }

    #[test]
    fn a_row_resets_the_count_of_empty_pages() {
        let mut walk = Walk::default();
        for number in 1..=30 {
            let rows = usize::from(number % 10 == 0);
            let verdict = walk.see(
                number,
                page(rows, number.into()),
                Some(i64::from(number) + 1),
            );
            assert!(!matches!(verdict, Verdict::Stuck(_)), "page {number}");
        }
    }

    #[test]
    fn a_second_repetition_is_stuck_across_empty_pages() {
        let mut walk = Walk::default();
        walk.see(1, page(5, 1), Some(99));
        let skip = Verdict::Skip { more: true };
        assert_eq!(walk.see(2, page(0, 0), Some(99)), skip);
        assert_eq!(walk.see(3, page(5, 1), Some(99)), skip);
        assert_eq!(walk.see(4, page(0, 0), Some(99)), skip);
        assert!(matches!(
            walk.see(5, page(5, 1), Some(99)),
            Verdict::Stuck(_)
        ));
    }

    #[test]
    fn ids_that_are_not_distinct_prove_nothing() {
        let (mut walk, page) = (Walk::default(), Fingerprint::of(vec![7, 5, 7]));
        for number in 1..=9 {
            let verdict = walk.see(number, page, Some(99));
            assert_eq!(verdict, Verdict::Deliver { more: true }, "page {number}");
        }
    }

    #[test]
    fn repetitions_apart_from_each_other_are_skipped() {
        let mut walk = Walk::default();
        for number in 1..=20 {
            let verdict = walk.see(number, page(1, (number / 2).into()), Some(99));
            assert!(!matches!(verdict, Verdict::Stuck(_)), "page {number}");
        }
    }

    #[test]
    fn a_total_below_the_page_is_ignored() {
        for total in [0, -1, i64::MIN] {
            let mut walk = Walk::default();
            let more = Verdict::Deliver { more: true };
            assert_eq!(walk.see(1, page(1, 1), Some(total)), more);
            assert_eq!(walk.see(2, page(1, 2), Some(total)), more);
            assert_eq!(
                walk.see(3, page(0, 0), Some(total)),
                Verdict::Deliver { more: false }
            );
        }
    }

    #[test]
    fn a_contradicted_count_limits_nothing() {
        let mut walk = Walk::default();
        walk.see(1, page(5, 1), Some(3));
        assert_eq!(walk.last_page(1), Some(3));
        walk.see(2, page(5, 2), Some(1));
        assert_eq!(walk.last_page(2), None);
    }
}
