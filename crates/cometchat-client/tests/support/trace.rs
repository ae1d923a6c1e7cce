//! Subscribers for one test among others.

use tracing_subscriber::util::SubscriberInitExt;

/// Has a subscriber hear of what happens on this thread, until what this gives is dropped.
///
/// Another one, which listens to nothing, stands behind it. Where there is only one, tracing asks the thread that
/// first comes to a place in the code whether anyone listens there, and keeps the answer for all: another test's thread,
/// on which nobody does, would silence the place.
pub fn hear(subscriber: impl SubscriberInitExt) -> impl Sized {
    let behind = tracing_subscriber::registry().set_default();
    (subscriber.set_default(), behind)
}
