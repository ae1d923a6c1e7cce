//! Many groups in order, with the first page of the next ones read meanwhile.
//!
//! Most groups are small: their one page is there when their turn comes. A large one reads ahead by itself when it is
//! its turn. Both together never have more requests in flight than they may.

use std::collections::VecDeque;
use std::panic::resume_unwind;

use tokio::task::JoinHandle;

use crate::list::{Fetched, Source};

/// A group whose turn it is.
pub(crate) struct Begun {
    /// Its place among all groups.
    pub(crate) group: usize,
    /// Its pages after the first.
    pub(crate) source: Box<dyn Source>,
    /// Its first page, if it has one.
    pub(crate) first: Option<Fetched>,
}

/// Groups that wait for their turn.
pub(crate) struct Ahead<I> {
    waiting: I,
    peeking: VecDeque<JoinHandle<Begun>>,
    in_flight: usize,
}

impl<I: Iterator<Item = (usize, Box<dyn Source>)>> Ahead<I> {
    /// These groups, with so many requests in flight at the most, 1 or more.
    pub(crate) fn new(groups: I, in_flight: usize) -> Self {
        Self {
            waiting: groups,
            peeking: VecDeque::new(),
            in_flight,
        }
    }

    /// The next group, when its first page is there.
    pub(crate) async fn next(&mut self) -> Option<Begun> {
        while self.peeking.len() < self.in_flight {
            let Some((group, mut source)) = self.waiting.next() else {
                break;
            };
            self.peeking.push_back(tokio::spawn(async move {
                let first = source.next().await;
                Begun {
                    group,
                    source,
                    first,
                }
            }));
        }
        // It stays in the queue until it is there, so that nothing is lost where this future is dropped.
        let begun = self.peeking.front_mut()?.await;
        self.peeking.pop_front();
        match begun {
            Ok(begun) => Some(begun),
            Err(error) => match error.try_into_panic() {
                Ok(panic) => resume_unwind(panic),
                Err(_) => unreachable!("nobody stops a group that waits for its turn"),
            },
        }
    }

    /// How many requests the group whose turn it is may have in flight now.
    pub(crate) fn left(&self) -> usize {
        let busy = self.peeking.iter().filter(|peek| !peek.is_finished());
        self.in_flight.saturating_sub(busy.count()).max(1)
    }
}

#[cfg(test)]
mod tests {
    use std::pin::Pin;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use cometchat::Progress;
    use tokio::sync::Semaphore;

    use super::*;

    /// A group whose one request ends when it is let.
    struct Slow {
        asked: Arc<AtomicUsize>,
        answers: Arc<Semaphore>,
    }

    impl Source for Slow {
        fn next(&mut self) -> Pin<Box<dyn Future<Output = Option<Fetched>> + Send + '_>> {
            Box::pin(async {
                self.asked.fetch_add(1, Ordering::SeqCst);
                self.answers.acquire().await.unwrap().forget();
                None
            })
        }

        fn set_prefetch(&mut self, _: usize) {}

        fn next_page(&self) -> u32 {
            1
        }

        fn progress(&self) -> Progress {
            Progress::default()
        }

        fn operation(&self) -> &'static str {
            "slow"
        }
    }

    #[tokio::test]
    async fn groups_come_in_order_and_no_more_are_asked_than_may_be() {
        let (asked, answers) = (Arc::new(AtomicUsize::new(0)), Arc::new(Semaphore::new(0)));
        let groups = (0..10).map(|group| {
            let (asked, answers) = (Arc::clone(&asked), Arc::clone(&answers));
            (group, Box::new(Slow { asked, answers }) as Box<dyn Source>)
        });
        let mut ahead = Ahead::new(groups, 3);
        for group in 0..10 {
            answers.add_permits(1);
            let begun = ahead.next().await.unwrap();
            assert_eq!(begun.group, group);
            // One is answered; the next two are under way, and leave one request to the group whose turn it is.
            let asked = asked.load(Ordering::SeqCst);
            assert!(asked <= group + 3, "{asked} after group {group}");
            assert_eq!(ahead.left(), if group < 8 { 1 } else { group - 6 });
        }
        assert!(ahead.next().await.is_none());
        assert_eq!(asked.load(Ordering::SeqCst), 10);
    }
}
