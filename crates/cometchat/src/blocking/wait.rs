//! Waiting for a future, on whichever thread.

use std::sync::{Mutex, PoisonError};

use cometchat_client::Error;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::coop::unconstrained;

/// The threads that make the requests of all blocking clients. Never dropped: a runtime must not be dropped within
/// another.
static RUNTIME: Mutex<Option<Runtime>> = Mutex::new(None);

/// The runtime, started by the first call. If that fails, the next call tries again.
fn runtime() -> Result<Handle, Error> {
    let mut runtime = RUNTIME.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(runtime) = &*runtime {
        return Ok(runtime.handle().clone());
    }
    let started = Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("cometchat-blocking")
        .enable_all()
        .build()
        .map_err(|error| {
            Error::config(format!(
                "the threads of cometchat::blocking can't be started: {error}"
            ))
        })?;
    Ok(runtime.insert(started).handle().clone())
}

/// Waits for a future, which is polled here; what it spawns, and the network, is served by threads of the runtime.
///
/// # Errors
///
/// `Config` if the threads can't be started, and if this is called from one of them: were all of them to wait,
/// none would be left to serve the calls.
pub(super) fn wait<F: Future>(future: F) -> Result<F::Output, Error> {
    let runtime = runtime()?;
    if Handle::try_current().is_ok_and(|here| here.id() == runtime.id()) {
        return Err(Error::config(
            "a blocking call can't be made from within another one, such as from on_event",
        ));
    }
    let _entered = runtime.enter();
    // The thread may be that of a task, whose budget would run out here and not be renewed.
    Ok(pollster::block_on(unconstrained(future)))
}
