//! The scripted server, with clients of it that never wait.

use std::ops::Deref;

use cometchat_client::{Client, ClientBuilder};
use test_server::{Reply, Request};

use super::ScriptedClock;

/// The key that every client of these tests has.
pub const KEY: &str = "KEY_0123456789_ABCDEF";

/// A scripted server, and the clock of its clients.
pub struct Server {
    server: test_server::Server,
    clock: ScriptedClock,
}

impl Server {
    /// Sends what `script` says to each request.
    pub fn start(script: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        test_server::Server::start(script).into()
    }

    /// Sends the first reply to the first request and so on, the last one to all further requests.
    pub fn with(replies: impl Into<Vec<Reply>>) -> Self {
        test_server::Server::with(replies).into()
    }

    /// The clock of the clients that [`client`](Self::client) makes.
    pub fn clock(&self) -> &ScriptedClock {
        &self.clock
    }

    /// A client of this server that never waits.
    pub fn client(&self) -> ClientBuilder {
        Client::builder()
            .base_url(self.base_url())
            .api_key(KEY)
            .clock(self.clock.clone())
    }
}

impl From<test_server::Server> for Server {
    fn from(server: test_server::Server) -> Self {
        Self {
            server,
            clock: ScriptedClock::default(),
        }
    }
}

impl Deref for Server {
    type Target = test_server::Server;

    fn deref(&self) -> &test_server::Server {
        &self.server
    }
}

/// A last page of one row.
pub fn page() -> Reply {
    test_server::page(["superhero2"], None)
}
