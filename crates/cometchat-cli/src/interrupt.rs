//! Ctrl-C: the page at hand is written whole, and the program says how to go on.

use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::watch;

use crate::exit::Exit;

/// Whether somebody has pressed Ctrl-C, or the system wants the program to end.
#[derive(Clone)]
pub(crate) struct Interrupt {
    pressed: watch::Receiver<bool>,
    writing: Arc<AtomicBool>,
}

impl Interrupt {
    /// Listens from now on. The second time ends the program at once.
    pub(crate) fn listen() -> Self {
        let (press, pressed) = watch::channel(false);
        let writing = Arc::new(AtomicBool::new(false));
        let stuck = Arc::clone(&writing);
        let mut signal = Signal::listen();
        tokio::spawn(async move {
            signal.given().await;
            // Nobody may read what is being written, and then nothing else would end the program.
            if stuck.load(Ordering::SeqCst) {
                process::exit(Exit::Interrupted as i32);
            }
            press.send_replace(true);
            signal.given().await;
            process::exit(Exit::Interrupted as i32);
        });
        Self { pressed, writing }
    }

    /// Returns when somebody has pressed Ctrl-C.
    pub(crate) async fn pressed(&mut self) {
        if self.pressed.wait_for(|pressed| *pressed).await.is_err() {
            // Nobody listens any more, so nobody can press it.
            std::future::pending::<()>().await;
        }
    }

    /// Does something that may not return for as long as somebody else likes.
    pub(crate) fn while_writing<T>(&self, write: impl FnOnce() -> T) -> T {
        self.writing.store(true, Ordering::SeqCst);
        let written = write();
        self.writing.store(false, Ordering::SeqCst);
        written
    }
}

/// Ctrl-C, and the system's wish that the program ends.
pub(crate) struct Signal {
    #[cfg(unix)]
    listened: Vec<tokio::signal::unix::Signal>,
}

impl Signal {
    /// Listens from now on. What can't be listened for ends the program as it ends others.
    #[cfg(unix)]
    pub(crate) fn listen() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        let kinds = [SignalKind::interrupt(), SignalKind::terminate()];
        let listened = kinds.into_iter().filter_map(|kind| signal(kind).ok());
        Self {
            listened: listened.collect(),
        }
    }

    /// Returns at the next one.
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

    /// Listens when it is waited for.
    #[cfg(not(unix))]
    pub(crate) fn listen() -> Self {
        Self {}
    }

    /// Returns at the next one.
    #[cfg(not(unix))]
    pub(crate) async fn given(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
