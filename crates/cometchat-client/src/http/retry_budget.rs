//! What a client may spend on retries, so that it does not make an outage worse.
//!
//! Calls that fail are made again only while enough others succeed. Time earns nothing: against a service that hangs,
//! calls take so long that each would have earned its retries again.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// What a client and its clones may spend on retries.
///
/// A retry takes a token. A call that the service answers gives back what it took, and one more; one that fails gives
/// nothing back, nor does one that is dropped, since most calls of an outage end by the caller's own timeout. So faults
/// that calls recover from cost nothing, and a service that is down gets no retry once the tokens are spent.
#[derive(Clone, Debug)]
pub(crate) struct Budget {
    tokens: Arc<Mutex<u32>>,
    most: u32,
}

/// What a client begins with, and can save: twice as many as one list has requests in flight, so that all of these can
/// fail twice.
pub(crate) const DEFAULT: u32 = 128;

impl Budget {
    /// The budget of a new client: so many tokens, which is also the most it can save.
    pub(crate) fn new(tokens: u32) -> Self {
        Self {
            tokens: Arc::new(Mutex::new(tokens)),
            most: tokens,
        }
    }

    fn take(&self) -> bool {
        let mut tokens = lock(&self.tokens);
        let left = tokens.checked_sub(1);
        *tokens = left.unwrap_or_default();
        left.is_some()
    }

    fn earn(&self, earned: u32) {
        let mut tokens = lock(&self.tokens);
        *tokens = tokens.saturating_add(earned).min(self.most);
    }
}

/// The retries of one call, which can be ended while it runs.
///
/// For a call that turns out to be needless, such as one for a page past the end of a list. See
/// [`Client::with_retries`](crate::Client::with_retries).
#[derive(Clone)]
pub struct Retries(Arc<Inner>);

struct Inner {
    budget: Budget,
    state: Mutex<State>,
    ended: Notify,
}

#[derive(Default)]
struct State {
    taken: u32,
    ended: bool,
}

impl Retries {
    pub(crate) fn new(budget: &Budget) -> Self {
        Self(Arc::new(Inner {
            budget: budget.clone(),
            state: Mutex::default(),
            ended: Notify::new(),
        }))
    }

    /// Makes no further attempt, and gives back what the retries so far took from the client's budget.
    ///
    /// An attempt that is in flight goes on; if it fails, the call ends with its error. A call that waits for its next
    /// attempt ends at once.
    pub fn end(&self) {
        let taken = {
            let mut state = lock(&self.0.state);
            state.ended = true;
            std::mem::take(&mut state.taken)
        };
        self.0.budget.earn(taken);
        self.0.ended.notify_waiters();
    }

    /// Takes a token for a retry, if there is one and retries have not ended.
    pub(crate) fn take(&self) -> bool {
        let mut state = lock(&self.0.state);
        let taken = !state.ended && self.0.budget.take();
        state.taken += u32::from(taken);
        taken
    }

    /// Gives back the tokens of a call that the service answered, and one more.
    pub(crate) fn answered(&self) {
        let taken = std::mem::take(&mut lock(&self.0.state).taken);
        self.0.budget.earn(taken.saturating_add(1));
    }

    pub(crate) fn have_ended(&self) -> bool {
        lock(&self.0.state).ended
    }

    pub(crate) async fn ended(&self) {
        let ended = self.0.ended.notified();
        if !self.have_ended() {
            ended.await;
        }
    }
}

impl fmt::Debug for Retries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Retries")
            .field("taken", &lock(&self.0.state).taken)
            .finish_non_exhaustive()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Calls that are made up to five times each and all fail; gives how many retries there were.
    fn failing(budget: &Budget, calls: usize) -> usize {
        (0..calls)
            .map(|_| {
                let retries = Retries::new(budget);
                (0..4).take_while(|_| retries.take()).count()
            })
            .sum()
    }

    #[test]
    fn a_dead_service_gets_few_retries() {
        for (calls, retries) in [(32, 128), (400, 128), (10_000, 128)] {
            assert_eq!(failing(&Budget::new(DEFAULT), calls), retries);
        }
        assert_eq!(failing(&Budget::new(0), 10_000), 0);
    }

    #[test]
    fn faults_that_calls_recover_from_cost_nothing() {
        let budget = Budget::new(4);
        for _ in 0..1000 {
            let retries = Retries::new(&budget);
            assert!((0..4).all(|_| retries.take()));
            retries.answered();
        }
    }

    #[test]
    fn savings_have_a_maximum() {
        let budget = Budget::new(32);
        for _ in 0..1000 {
            Retries::new(&budget).answered();
        }
        let retries = Retries::new(&budget);
        assert_eq!((0..1000).filter(|_| retries.take()).count(), 32);
    }

    #[test]
    fn a_success_after_an_outage_earns_a_retry() {
        let budget = Budget::new(8);
        while budget.take() {}
        Retries::new(&budget).answered();
        assert!(budget.take());
        assert!(!budget.take());
    }

    #[test]
    fn ended_retries_are_given_back_once() {
        let budget = Budget::new(8);
        let retries = Retries::new(&budget);
        assert!((0..8).all(|_| retries.take()));
        assert!(!retries.take());
        retries.end();
        retries.end();
        assert!(!retries.take(), "a retry after the end");
        assert_eq!((0..100).filter(|_| budget.take()).count(), 8);
    }
}
