//! Ctrl-C: the current page is written whole, and the program prints how to resume.

use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::watch;

use crate::exit::Exit;

/// Whether Ctrl-C was pressed or the system requested a stop.
#[derive(Clone)]
pub(crate) struct Interrupt {
    pressed: watch::Receiver<bool>,
    writing: Arc<AtomicBool>,
}

impl Interrupt {
    /// Starts to listen. The second Ctrl-C ends the program at once.
    pub(crate) fn listen() -> Self {
        let (press, pressed) = watch::channel(false);
        let writing = Arc::new(AtomicBool::new(false));
        let stuck = Arc::clone(&writing);
        let mut signal = Signal::listen();
        tokio::spawn(async move {
            signal.given().await;
            // A write to a pipe that nobody reads never returns.
            if stuck.load(Ordering::SeqCst) {
                process::exit(Exit::Interrupted as i32);
            }
            press.send_replace(true);
            signal.given().await;
            process::exit(Exit::Interrupted as i32);
        });
        Self { pressed, writing }
    }

    pub(crate) async fn pressed(&mut self) {
        if self.pressed.wait_for(|pressed| *pressed).await.is_err() {
            // The task that listens has ended.
            std::future::pending::<()>().await;
        }
    }

    /// Runs a write that can block; a Ctrl-C meanwhile ends the program at once.
    pub(crate) fn while_writing<T>(&self, write: impl FnOnce() -> T) -> T {
        self.writing.store(true, Ordering::SeqCst);
        let written = write();
        self.writing.store(false, Ordering::SeqCst);
        written
    }
}

pub(crate) struct Signal {
    #[cfg(unix)]
    listened: Vec<tokio::signal::unix::Signal>,
}

impl Signal {
    /// Starts to listen. A signal that can't be listened for ends the program, as it does by default.
    #[cfg(unix)]
    pub(crate) fn listen() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        let kinds = [SignalKind::interrupt(), SignalKind::terminate()];
        let listened = kinds.into_iter().filter_map(|kind| signal(kind).ok());
        Self {
            listened: listened.collect(),
        }
    }

    /// Returns at the next signal.
    #[cfg(unix)]
    pub(crate) async fn given(&mut self) {
        std::future::poll_fn(|context| {
            let given =
                |signal: &mut tokio::signal::unix::Signal| signal.poll_recv(context).is_ready();
            if self.listened.iter_mut().any(given) {
                std::task::Poll::Ready(())
            } else {
                std::task::Poll::Pending
            }
        })
        .await;
    }

    /// Does nothing: on Windows, only Ctrl-C is listened for, and only in [`Signal::given`].
    #[cfg(not(unix))]
    pub(crate) fn listen() -> Self {
        Self {}
    }

    /// Returns at the next signal.
    #[cfg(not(unix))]
    pub(crate) async fn given(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
