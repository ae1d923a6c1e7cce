//! What a client may spend on retries, so that it does not make an outage worse.
//!
//! Calls that fail are made again only while enough others succeed. Time earns nothing: against a service that hangs,
//! calls take so long that each would have earned its retries again.

use std::sync::{Mutex, PoisonError};

/// What a client and its clones may spend on retries.
///
/// A retry takes a token. A call earns a little when it begins; one that succeeds gives back what it took, and earns
/// one more; one that fails gives nothing back, nor does one that is dropped, since a caller's own timeout is what ends
/// most calls of an outage. So faults that calls recover from cost nothing, and of the requests to
/// a service that was down from the start fewer than a fifth are retries once 81 calls were made, and in the long run
/// one in twenty.
#[derive(Debug)]
pub(crate) struct Budget {
    tokens: Mutex<f64>,
}

/// What a client begins with: enough for 16 requests in flight that all fail once.
const AT_FIRST: f64 = 16.0;
/// What it can save: enough for twice as many.
const MOST: f64 = 32.0;
/// What a call earns when it begins, so that a client whose calls all failed can find out that the service is back.
const EACH_CALL: f64 = 0.05;

impl Budget {
    /// The budget of a new client.
    pub(crate) fn new() -> Self {
        Self {
            tokens: Mutex::new(AT_FIRST),
        }
    }

    /// Notes a call that begins.
    pub(crate) fn called(&self) {
        self.earn(EACH_CALL);
    }

    /// Takes a token, if there is one.
    pub(crate) fn take(&self) -> bool {
        let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        let enough = *tokens >= 1.0;
        if enough {
            *tokens -= 1.0;
        }
        enough
    }

    /// Gives back the tokens of a call that the service answered, and one more.
    pub(crate) fn answered(&self, taken: u32) {
        self.earn(f64::from(taken) + 1.0);
    }

    fn earn(&self, earned: f64) {
        let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        *tokens = (*tokens + earned).min(MOST);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Calls that are made up to five times each and all fail; gives how many retries there were.
    fn failing(budget: &Budget, calls: usize) -> usize {
        (0..calls)
            .map(|_| {
                budget.called();
                (0..4).take_while(|_| budget.take()).count()
            })
            .sum()
    }

    #[test]
    fn a_service_that_is_down_gets_few_retries() {
        for (calls, retries) in [(4, 16), (81, 20), (200, 25), (10_000, 515)] {
            let made = failing(&Budget::new(), calls);
            assert!(made.abs_diff(retries) <= 1, "{calls} calls, {made} retries");
            assert!(
                calls < 81 || made * 5 < calls + made,
                "{made} retries of {}",
                calls + made
            );
        }
    }

    #[test]
    fn faults_that_calls_recover_from_cost_nothing() {
        let budget = Budget::new();
        for _ in 0..1000 {
            budget.called();
            assert!((0..4).all(|_| budget.take()));
            budget.answered(4);
        }
    }

    #[test]
    fn what_is_saved_has_an_end() {
        let budget = Budget::new();
        for _ in 0..1000 {
            budget.called();
            budget.answered(0);
        }
        let mut retries = 0;
        while budget.take() {
            retries += 1;
        }
        assert_eq!(retries, 32);
    }

    #[test]
    fn a_success_after_an_outage_earns_a_retry() {
        let budget = Budget::new();
        while budget.take() {}
        budget.answered(0);
        assert!(budget.take());
        assert!(!budget.take());
    }
}
