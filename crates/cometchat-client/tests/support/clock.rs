//! Time that passes when somebody sleeps, and only then.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use cometchat_client::{Clock, Sleep};

/// The time of day at which each clock starts, in seconds since 1970.
const START: u64 = 1_700_000_000;

/// A clock whose sleepers wake at once, each at the time that it waited for.
#[derive(Clone, Debug, Default)]
pub struct ScriptedClock(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    passed: Duration,
    sleeps: Vec<Duration>,
}

impl ScriptedClock {
    /// How long each sleep was, in the order in which they began.
    pub fn sleeps(&self) -> Vec<Duration> {
        self.0.lock().unwrap().sleeps.clone()
    }

    /// How much time has passed.
    pub fn passed(&self) -> Duration {
        self.0.lock().unwrap().passed
    }

    /// The time of day, in seconds since 1970.
    pub fn unix(&self) -> u64 {
        START + self.passed().as_secs()
    }

    /// Lets time pass.
    pub fn advance(&self, time: Duration) {
        self.0.lock().unwrap().passed += time;
    }
}

impl Clock for ScriptedClock {
    fn now(&self) -> SystemTime {
        let start = SystemTime::UNIX_EPOCH + Duration::from_secs(START);
        start.checked_add(self.passed()).unwrap_or(start)
    }

    fn monotonic(&self) -> Duration {
        self.passed()
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        let state = self.0.clone();
        let until = {
            let mut state = state.lock().unwrap();
            state.sleeps.push(duration);
            state.passed.saturating_add(duration)
        };
        Box::pin(async move {
            // Those who sleep at the same time all begin before the first of them wakes.
            tokio::task::yield_now().await;
            let mut state = state.lock().unwrap();
            state.passed = state.passed.max(until);
        })
    }
}
