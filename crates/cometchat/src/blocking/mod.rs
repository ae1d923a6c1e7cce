//! The same client without `async`: the same names, and iterators for streams.
//!
//! Requests are made by two threads that all blocking clients of the process share; the first call starts them. Blocking
//! calls work in programs without a tokio runtime, and within one. Within one, a call blocks its thread like any other
//! blocking call: use [`spawn_blocking`] where other tasks need the thread. They can't be made from those two threads,
//! such as from [`on_event`]: that is a `Config` error.
//!
//! ```
//! use cometchat::blocking::Client;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::builder().app_id("APP_ID").region("us").api_key("key").build()?;
//! # let sandbox = cometchat_sandbox::Sandbox::builder().start_blocking()?;
//! # let client = Client::builder().base_url(sandbox.base_url()).api_key(sandbox.api_key()).build()?;
//! let group = client.group("supergroup");
//! for member in group.members().prefetch(8).items() {
//!     println!("{}", member?.uid);
//! }
//! let banned = group.banned_users().collect_all()?;
//! # assert_eq!(banned.len(), 3);
//! # Ok(())
//! # }
//! ```
//!
//! [`spawn_blocking`]: https://docs.rs/tokio/latest/tokio/task/fn.spawn_blocking.html
//! [`on_event`]: crate::ClientBuilder::on_event

mod iter;
mod list;
mod wait;

use cometchat_client::{Client as Api, ClientBuilder, Error, ListOperation, RetryPolicy};

use crate::options::PageOptions;

pub use iter::{Items, Pages};
pub use list::{List, ListBannedUsers, ListMembers};

/// A client of one app, without `async`. Cheap to clone; clones share connections, rate limit and retry budget.
#[derive(Clone, Debug)]
pub struct Client {
    client: crate::Client,
}

impl From<Api> for Client {
    fn from(api: Api) -> Self {
        crate::Client::from(api).into()
    }
}

/// The same client, with the same rate limit and retry budget.
impl From<crate::Client> for Client {
    fn from(client: crate::Client) -> Self {
        Self { client }
    }
}

impl Client {
    /// An empty configuration.
    pub fn builder() -> ClientBuilder<Self> {
        ClientBuilder::new()
    }

    /// A client configured by environment variables; see [`crate::Client::from_env`].
    ///
    /// # Errors
    ///
    /// `Config`, which names the variable that is missing or wrong.
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_env()?.build()
    }

    /// A group; see [`crate::Client::group`].
    pub fn group(&self, guid: impl Into<String>) -> Group {
        Group {
            group: self.client.group(guid),
        }
    }

    /// The URL that requests are sent to, without a trailing slash.
    pub fn base_url(&self) -> &str {
        self.client.base_url()
    }

    /// A clone whose calls follow another retry policy. The rate limit and the retry budget stay shared.
    #[must_use]
    pub fn with_retry(&self, policy: RetryPolicy) -> Self {
        self.client.with_retry(policy).into()
    }

    /// The generated client, with every operation of the spec, for [`pages`] and [`List::new`].
    pub fn api(&self) -> &Api {
        self.client.api()
    }
}

/// A group of an app.
#[derive(Clone, Debug)]
pub struct Group {
    group: crate::Group,
}

impl Group {
    /// The GUID, as given.
    pub fn guid(&self) -> &str {
        self.group.guid()
    }

    /// The members of the group.
    pub fn members(&self) -> ListMembers {
        self.group.members().blocking()
    }

    /// The users who are banned from the group.
    pub fn banned_users(&self) -> ListBannedUsers {
        self.group.banned_users().blocking()
    }

    /// Checks the GUID without sending anything; see [`crate::Group::check`].
    ///
    /// # Errors
    ///
    /// `InvalidRequest`, with what is wrong with the GUID.
    pub fn check(&self) -> Result<(), Error> {
        self.group.check()
    }
}

/// The pages of any operation with `x-pagination`, such as one that a larger spec adds.
pub fn pages<O: ListOperation>(request: O, options: PageOptions) -> Pages<O> {
    List::new(request).options(options).pages()
}
