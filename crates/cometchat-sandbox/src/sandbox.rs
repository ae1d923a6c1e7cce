//! A running sandbox.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;

use tokio::sync::oneshot;

use crate::builder::Builder;
use crate::error::Error;
use crate::server::listener;
use crate::server::request::Request;
use crate::service::control::Control;
use crate::service::key::KeyKind;
use crate::service::state::State;

/// The two lists of the CometChat REST API on a port of this machine, until it is dropped.
///
/// It serves from a thread of its own, so a blocking client may be used in the thread that started it. It listens on
/// the loopback address only. As many as one likes can run in a process; they share nothing.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use cometchat_sandbox::Sandbox;
///
/// let sandbox = Sandbox::start().await?;
/// let page: serde_json::Value = reqwest::Client::new()
///     .get(format!("{}/groups/supergroup/members", sandbox.base_url()))
///     .header("apikey", sandbox.api_key())
///     .send()
///     .await?
///     .json()
///     .await?;
/// assert_eq!(page["data"][0]["uid"], "superhero2");
/// assert_eq!(sandbox.requests()[0].status(), Some(200));
/// # Ok(())
/// # }
/// ```
pub struct Sandbox {
    address: SocketAddr,
    base_url: String,
    key_kind: KeyKind,
    state: Arc<State>,
    /// Stops the server when it is dropped.
    stop: Option<oneshot::Sender<()>>,
    /// Says when the server has stopped.
    stopped: Option<oneshot::Receiver<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Sandbox {
    /// A sandbox to be: the groups `supergroup` and `city`, no faults, a free port, until it is told otherwise.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Starts a sandbox with nothing changed.
    ///
    /// # Errors
    ///
    /// No port can be opened, or no thread started.
    pub async fn start() -> Result<Self, Error> {
        Self::builder().start().await
    }

    pub(crate) fn run(port: u16, key_kind: KeyKind, state: State) -> Result<Self, Error> {
        let asked = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let no_port = |error: io::Error| {
            Error::io(
                format!(
                    "{asked} can't be opened: {error}; choose another port, or 0 for a free one"
                ),
                error,
            )
        };
        let listener = TcpListener::bind(asked).map_err(no_port)?;
        listener.set_nonblocking(true).map_err(no_port)?;
        let address = listener.local_addr().map_err(no_port)?;

        let no_server =
            |error: io::Error| Error::io(format!("the sandbox can't be started: {error}"), error);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .enable_time()
            .build()
            .map_err(no_server)?;
        let listener = {
            let _in_runtime = runtime.enter();
            tokio::net::TcpListener::from_std(listener).map_err(no_server)?
        };
        let state = Arc::new(state);
        let (stop, stopping) = oneshot::channel();
        let (done, stopped) = oneshot::channel();
        let served = Arc::clone(&state);
        let thread = std::thread::Builder::new()
            .name("cometchat-sandbox".to_owned())
            .spawn(move || {
                runtime.block_on(async {
                    tokio::select! {
                        () = listener::accept(listener, served) => {}
                        _ = stopping => {}
                    }
                });
                // With the runtime go all connections, those that hang too.
                drop(runtime);
                // Nobody may be waiting to hear it.
                let _ = done.send(());
            })
            .map_err(no_server)?;
        Ok(Self {
            address,
            base_url: format!("http://{address}/v3"),
            key_kind,
            state,
            stop: Some(stop),
            stopped: Some(stopped),
            thread: Some(thread),
        })
    }

    /// Where it is, as a client wants it: `http://127.0.0.1:PORT/v3`.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The port on which it listens.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// The key to list with, the same in each sandbox; [`Builder::key_kind`] chooses one that is refused.
    pub fn api_key(&self) -> &'static str {
        self.key(self.key_kind)
    }

    /// A key of that kind; the sandbox knows one of each.
    pub fn key(&self, kind: KeyKind) -> &'static str {
        kind.key()
    }

    /// The requests that came, in order: the last 100,000 of them.
    ///
    /// A request is here as soon as its answer is made up, before that is sent. What is no HTTP request is refused and
    /// is not here.
    pub fn requests(&self) -> Vec<Request> {
        self.state.requests()
    }

    /// Forgets the requests that came; their numbers go on.
    pub fn clear_requests(&self) {
        self.state.clear_requests();
    }

    /// A hand on its lists and faults while it runs.
    pub fn control(&self) -> Control {
        Control::new(Arc::clone(&self.state))
    }

    /// Stops it, and returns when the port is closed and all connections are gone.
    ///
    /// Dropping it does the same.
    pub async fn stop(mut self) {
        self.stop = None;
        if let Some(stopped) = self.stopped.take() {
            // An error says that the thread is gone, which is what is waited for.
            let _ = stopped.await;
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            // A change that a test has scheduled runs in that thread, which can't wait for itself.
            if thread.thread().id() != std::thread::current().id() {
                // A panic of that thread was reported where it happened.
                let _ = thread.join();
            }
        }
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox")
            .field("base_url", &self.base_url)
            .finish_non_exhaustive()
    }
}
