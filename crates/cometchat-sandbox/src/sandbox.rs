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

/// A running sandbox: the two lists of the CometChat REST API on a loopback port, until it is dropped.
///
/// It serves from its own thread, so the thread that started it may use a blocking client. It listens on 127.0.0.1 only,
/// and answers requests for `127.0.0.1`, `localhost` and `[::1]` only; others get a 421. Sandboxes in one process share
/// nothing.
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
    state: Arc<State>,
    /// Stops the server when it is dropped.
    stop: Option<oneshot::Sender<()>>,
    /// Completes when the server has stopped.
    stopped: Option<oneshot::Receiver<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Sandbox {
    /// Returns a builder with the defaults: the groups `supergroup` and `city`, no faults, a free port.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Starts a sandbox with the defaults.
    ///
    /// # Errors
    ///
    /// No port can be opened, or no thread can be started.
    pub async fn start() -> Result<Self, Error> {
        Self::builder().start().await
    }

    pub(crate) fn run(port: u16, state: State) -> Result<Self, Error> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let listener = TcpListener::bind(address).map_err(|error| {
            let advice = "choose another port, or 0 for a free one";
            Error::io(
                format!("{address} can't be opened: {error}; {advice}"),
                error,
            )
        })?;
        let no_server = |error| Error::io(format!("the sandbox can't be started: {error}"), error);
        Self::serve(listener, Arc::new(state)).map_err(no_server)
    }

    fn serve(listener: TcpListener, state: Arc<State>) -> io::Result<Self> {
        let address = listener.local_addr()?;
        listener.set_nonblocking(true)?;
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_io().enable_time().build()?;
        let listener = {
            let _in_runtime = runtime.enter();
            tokio::net::TcpListener::from_std(listener)?
        };
        let (stop, stopping) = oneshot::channel();
        let (done, stopped) = oneshot::channel();
        let served = Arc::clone(&state);
        let thread = std::thread::Builder::new().name("cometchat-sandbox".to_owned());
        let thread = thread.spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    () = listener::accept(listener, served) => {}
                    _ = stopping => {}
                }
            });
            // Closes all connections, those that hang too.
            drop(runtime);
            // Nobody may be waiting.
            let _ = done.send(());
        })?;
        Ok(Self {
            address,
            base_url: format!("http://{address}/v3"),
            state,
            stop: Some(stop),
            stopped: Some(stopped),
            thread: Some(thread),
        })
    }

    /// Returns the base URL, `http://127.0.0.1:PORT/v3`.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Returns the TCP port.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Returns the API key to use, the same in each sandbox; [`key`](Self::key) has others, which are rejected.
    pub fn api_key(&self) -> &'static str {
        self.key(KeyKind::FullAccess)
    }

    /// Returns the API key of a kind; there is one of each.
    pub fn key(&self, kind: KeyKind) -> &'static str {
        kind.key()
    }

    /// Returns the requests received so far, in order: the latest 40,000.
    ///
    /// A request is recorded before its response is sent. What is not an HTTP request, or is for another host, is
    /// rejected and not recorded.
    pub fn requests(&self) -> Vec<Request> {
        self.state.lock().requests.iter().cloned().collect()
    }

    /// Clears the record of requests. Their numbers continue.
    pub fn clear_requests(&self) {
        self.state.lock().requests.clear();
    }

    /// Returns a handle that changes lists and faults while the sandbox runs.
    pub fn control(&self) -> Control {
        Control::new(Arc::clone(&self.state))
    }

    /// Stops the sandbox, and returns when the port and all connections are closed.
    ///
    /// Dropping it does the same, and blocks until then.
    pub async fn stop(mut self) {
        self.stop = None;
        if let Some(stopped) = self.stopped.take() {
            // An error: the thread has ended already.
            let _ = stopped.await;
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            // A scheduled change runs on that thread, which can't join itself.
            if thread.thread().id() != std::thread::current().id() {
                // A panic of that thread has been reported already.
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
