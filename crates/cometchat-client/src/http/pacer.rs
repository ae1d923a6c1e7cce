//! When each request may be sent: spaced evenly, not while the service is throttling, first come, first served.
//!
//! A call takes a slot when it asks for one, and waits for it by itself: no call depends on another one's being polled,
//! and each wakes once. This is the generic cell rate algorithm; the kept crates for it bring a dozen others to every
//! consumer and have no queue.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::num::NonZeroU32;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::Duration;

use tokio::sync::Notify;

use crate::http::clock::Clock;

/// The largest gap between two calls that were throttled together, where no rate spaces them.
const SPREAD: Duration = Duration::from_millis(10);

pub(crate) struct Pacer {
    clock: Arc<dyn Clock>,
    /// From one slot to the next; zero without a rate.
    interval: Duration,
    /// How long before its slot a request may be sent. A timer is no finer than a millisecond.
    tolerance: Duration,
    queue: Mutex<Queue>,
    /// Notified when slots move forward.
    moved: Notify,
}

/// Times on the monotonic clock.
#[derive(Default)]
struct Queue {
    /// Until when the service wants no request.
    throttled_until: Duration,
    /// The earliest slot that is free, apart from those that are waited for.
    free: Duration,
    /// The slots that calls wait for, in order.
    waiting: VecDeque<Slot>,
    tickets: u64,
}

struct Slot {
    ticket: u64,
    at: Duration,
}

pub(crate) struct Patience {
    /// While the service throttles.
    pub(crate) throttled: Duration,
    /// In all, as a time on the monotonic clock.
    pub(crate) until: Option<Duration>,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TooLong {
    pub(crate) wait: Duration,
    /// Whether the service throttles; otherwise the client's own rate is the reason.
    pub(crate) by_service: bool,
}

impl Pacer {
    /// A pacer for so many requests a minute, or for any number.
    pub(crate) fn new(per_minute: Option<NonZeroU32>, clock: Arc<dyn Clock>) -> Self {
        let interval = per_minute.map_or(Duration::ZERO, |per_minute| {
            Duration::from_secs(60) / per_minute.get()
        });
        let burst = per_minute.map_or(1, |per_minute| (per_minute.get() / 6000).max(1));
        Self {
            clock,
            interval,
            tolerance: interval * (burst - 1),
            queue: Mutex::default(),
            moved: Notify::new(),
        }
    }

    /// Waits until the next request may be sent. Calls `on_wait` with the time if it has to wait.
    pub(crate) async fn turn(
        &self,
        patience: &Patience,
        on_wait: impl FnOnce(Duration),
    ) -> Result<(), TooLong> {
        let mut on_wait = Some(on_wait);
        let mut place = Place {
            pacer: self,
            ticket: None,
        };
        loop {
            // Listens before it looks, so that it misses no change.
            let mut moved = pin!(self.moved.notified());
            let Some(wait) = place.wait(patience)? else {
                return Ok(());
            };
            if let Some(on_wait) = on_wait.take() {
                on_wait(wait);
            }
            let mut sleep = self.clock.sleep(wait);
            poll_fn(|context| match moved.as_mut().poll(context) {
                Poll::Ready(()) => Poll::Ready(()),
                Poll::Pending => sleep.as_mut().poll(context),
            })
            .await;
        }
    }

    /// Lets no request be sent until this time has passed; `jitter` later the first one.
    pub(crate) fn throttle(&self, wait: Duration, jitter: Duration) {
        let until = self.clock.monotonic().saturating_add(wait);
        let mut queue = self.lock();
        if until <= queue.throttled_until {
            return;
        }
        queue.throttled_until = until;
        queue.free = queue.free.max(until.saturating_add(jitter));
        let mut next = queue.free;
        for slot in &mut queue.waiting {
            slot.at = slot.at.max(next);
            next = slot.at.saturating_add(self.gap());
        }
    }

    /// From one slot that is waited for to the next.
    fn gap(&self) -> Duration {
        if self.interval.is_zero() {
            SPREAD.mul_f64(fastrand::f64())
        } else {
            self.interval
        }
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The place of a call in the queue. Dropping it gives the slot to the next call.
struct Place<'a> {
    pacer: &'a Pacer,
    ticket: Option<u64>,
}

impl Place<'_> {
    /// How long the call still has to wait; nothing where it may go, which takes the slot.
    fn wait(&mut self, patience: &Patience) -> Result<Option<Duration>, TooLong> {
        let pacer = self.pacer;
        let now = pacer.clock.monotonic();
        let mut queue = pacer.lock();
        let found = self.ticket.and_then(|ticket| queue.find(ticket));
        let at = match found {
            Some(index) => queue.waiting[index].at,
            None => {
                let last = queue.waiting.back();
                let next = last.map_or(queue.free, |last| last.at.saturating_add(pacer.gap()));
                next.max(now)
            }
        };
        let ready = at
            .saturating_sub(pacer.tolerance)
            .max(queue.throttled_until);
        if ready <= now {
            queue.free = queue.free.max(at.saturating_add(pacer.interval));
            if let Some(index) = found {
                queue.waiting.remove(index);
            }
            self.ticket = None;
            return Ok(None);
        }
        let throttled = queue.throttled_until.saturating_sub(now);
        if throttled > patience.throttled || patience.until.is_some_and(|until| ready > until) {
            return Err(TooLong {
                wait: ready - now,
                by_service: !throttled.is_zero(),
            });
        }
        if found.is_none() {
            queue.tickets += 1;
            let ticket = queue.tickets;
            queue.waiting.push_back(Slot { ticket, at });
            self.ticket = Some(ticket);
        }
        Ok(Some((ready - now).max(Duration::from_millis(1))))
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let Some(ticket) = self.ticket else { return };
        let pacer = self.pacer;
        let now = pacer.clock.monotonic();
        let mut queue = pacer.lock();
        let Some(index) = queue.find(ticket) else {
            return;
        };
        queue.waiting.remove(index);
        let before = index.checked_sub(1).map(|before| queue.waiting[before].at);
        let next = before.map_or(queue.free, |at| at.saturating_add(pacer.gap()));
        let mut next = next.max(now);
        for slot in queue.waiting.range_mut(index..) {
            slot.at = slot.at.min(next);
            next = slot.at.saturating_add(pacer.gap());
        }
        if index < queue.waiting.len() {
            pacer.moved.notify_waiters();
        }
    }
}

impl Queue {
    fn find(&self, ticket: u64) -> Option<usize> {
        self.waiting
            .binary_search_by_key(&ticket, |slot| slot.ticket)
            .ok()
    }
}

impl fmt::Debug for Pacer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pacer")
            .field("interval", &self.interval)
            .finish_non_exhaustive()
    }
}
