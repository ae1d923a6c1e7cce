//! Many groups in order, with the first pages of the next groups fetched meanwhile.
//!
//! Most groups are small: their only page has arrived when their turn comes. A large group prefetches its own pages. Both
//! together stay within the number of requests in flight that `--prefetch` allows.

use std::collections::VecDeque;
use std::panic::resume_unwind;

use tokio::task::JoinHandle;

use crate::list::{Fetched, Source};

/// A group whose first page was requested.
pub(crate) struct Started {
    pub(crate) group: usize,
    pub(crate) source: Box<dyn Source>,
    /// Its first page, if it has one.
    pub(crate) first: Option<Fetched>,
}

/// Starts groups in order.
pub(crate) struct GroupPrefetch<I> {
    waiting: I,
    started: VecDeque<JoinHandle<Started>>,
    in_flight: usize,
}

impl<I: Iterator<Item = (usize, Box<dyn Source>)>> GroupPrefetch<I> {
    /// These groups, with at most `in_flight` requests in flight, which is 1 or more.
    pub(crate) fn new(groups: I, in_flight: usize) -> Self {
        Self {
            waiting: groups,
            started: VecDeque::new(),
            in_flight,
        }
    }

    /// The next group, once its first page has arrived. Cancel safe.
    pub(crate) async fn next(&mut self) -> Option<Started> {
        while self.started.len() < self.in_flight {
            let Some((group, mut source)) = self.waiting.next() else {
                break;
            };
            self.started.push_back(tokio::spawn(async move {
                let first = source.next().await;
                Started {
                    group,
                    source,
                    first,
                }
            }));
        }
        // It stays in the queue until it is ready, so that it is not lost if this future is dropped.
        let started = self.started.front_mut()?.await;
        self.started.pop_front();
        match started {
            Ok(started) => Some(started),
            // The task of a group is never aborted.
            Err(error) => resume_unwind(error.into_panic()),
        }
    }

    /// The number of requests that the current group may have in flight now.
    pub(crate) fn free(&self) -> usize {
        let busy = self.started.iter().filter(|task| !task.is_finished());
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

    /// A group whose only request ends when a permit is added.
    struct Slow {
        requests: Arc<AtomicUsize>,
        permits: Arc<Semaphore>,
    }

    impl Source for Slow {
        fn is_truncated(&self) -> bool {
            false
        }

        fn next(&mut self) -> Pin<Box<dyn Future<Output = Option<Fetched>> + Send + '_>> {
            Box::pin(async {
                self.requests.fetch_add(1, Ordering::SeqCst);
                self.permits.acquire().await.unwrap().forget();
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
    }

    #[tokio::test]
    async fn groups_come_in_order_within_the_limit() {
        let (requests, permits) = (Arc::new(AtomicUsize::new(0)), Arc::new(Semaphore::new(0)));
        let groups = (0..10).map(|group| {
            let (requests, permits) = (Arc::clone(&requests), Arc::clone(&permits));
            let source = Slow { requests, permits };
            (group, Box::new(source) as Box<dyn Source>)
        });
        let mut prefetch = GroupPrefetch::new(groups, 3);
        for group in 0..10 {
            permits.add_permits(1);
            let started = prefetch.next().await.unwrap();
            assert_eq!(started.group, group);
            // One has its response; the next two are in flight, and leave one request to the current group.
            let requests = requests.load(Ordering::SeqCst);
            assert!(requests <= group + 3, "{requests} after group {group}");
            assert_eq!(prefetch.free(), if group < 8 { 1 } else { group - 6 });
        }
        assert!(prefetch.next().await.is_none());
        assert_eq!(requests.load(Ordering::SeqCst), 10);
    }
}
