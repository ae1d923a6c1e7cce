//! The same client without `async`: the same names, iterators for streams.
//!
//! Requests are made by two threads that all blocking clients of the process share; they are started by the first call.
//! So it works in programs without a runtime, and also within one, of whichever kind: there a call blocks the thread
//! that it is made on, as any blocking call does, so make it from [`spawn_blocking`] where others wait for the thread.
//! It can't be called from within its own threads, such as from [`on_event`]: that is an `InvalidRequest`.
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
//! [`on_event`]: ClientBuilder::on_event

mod iter;
mod wait;

use cometchat_client::types::{BannedUser, GroupMember};
use cometchat_client::{Client as Api, Error, ListItem, ListOperation};

use crate::collect::{Collected, Consistent};
use crate::options::PageOptions;
use crate::page::Page;

pub use iter::{Items, Iter, Pages};
use wait::wait;

/// How a list is read: without `async`.
#[derive(Clone, Copy, Debug)]
pub enum Blocking {}

/// A list to be asked for; see [`cometchat::List`](crate::List).
pub type List<O, T = <O as ListOperation>::Item> = crate::List<O, T, Blocking>;

/// The members of a group, to be asked for.
pub type ListMembers<T = GroupMember> = crate::ListMembers<T, Blocking>;

/// The users who are banned from a group, to be asked for.
pub type ListBannedUsers<T = BannedUser> = crate::ListBannedUsers<T, Blocking>;

/// A group of an app.
pub type Group = crate::Group<Blocking>;

/// The configuration of a [`Client`].
pub type ClientBuilder = cometchat_client::ClientBuilder<Client>;

/// A client of one app, for use without `async`. Cheap to clone; clones share connections, rate limit and retry budget.
#[derive(Clone, Debug)]
pub struct Client {
    api: Api,
}

impl From<Api> for Client {
    fn from(api: Api) -> Self {
        Self { api }
    }
}

impl Client {
    /// A configuration with nothing said yet.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }

    /// A client from the environment, as [`cometchat::Client::from_env`](crate::Client::from_env).
    ///
    /// # Errors
    ///
    /// `InvalidRequest`, with which variable is missing or wrong, and why.
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_env()?.build()
    }

    /// A group, by its GUID: 1 to 100 characters. It is checked when a request is made, and nothing is sent before.
    pub fn group(&self, guid: impl Into<String>) -> Group {
        Group::of(&self.api, guid.into())
    }

    /// The generated client, with every operation of the spec, for [`pages`] and `List::new(…).blocking()`.
    pub fn api(&self) -> &Api {
        &self.api
    }
}

/// The pages of any operation that pages, such as one that a larger spec adds.
pub fn pages<O: ListOperation>(request: O, options: PageOptions) -> Pages<O> {
    Iter::new(crate::pages(request, options))
}

impl<O: ListOperation, T: ListItem> List<O, T> {
    /// Asks for one page, whatever else the options say.
    ///
    /// # Errors
    ///
    /// Whatever keeps the page from being had.
    pub fn send(self) -> Result<Page<T>, Error> {
        wait(self.with_async().send())?
    }

    /// The pages, as an iterator.
    pub fn pages(self) -> Pages<O, T> {
        Iter::new(self.with_async().pages())
    }

    /// The rows, as an iterator.
    pub fn items(self) -> Items<O, T> {
        Iter::new(self.with_async().items())
    }

    /// All rows, as [`List::collect_all`](crate::List::collect_all).
    ///
    /// # Errors
    ///
    /// That of the first page that could not be had.
    pub fn collect_all(self) -> Result<Vec<T>, Error> {
        wait(self.with_async().collect_all())?
    }

    /// The first rows, as [`List::collect_up_to`](crate::List::collect_up_to).
    ///
    /// # Errors
    ///
    /// That of the first page that could not be had.
    pub fn collect_up_to(self, rows: usize) -> Result<Collected<T>, Error> {
        wait(self.with_async().collect_up_to(rows))?
    }

    /// All rows of a list that changes meanwhile, as [`List::collect_consistent`](crate::List::collect_consistent).
    ///
    /// # Errors
    ///
    /// That of the first page that could not be had; `InvalidRequest` for fewer than two passes.
    pub fn collect_consistent(self, max_passes: u32) -> Result<Consistent<T>, Error> {
        wait(self.with_async().collect_consistent(max_passes))?
    }

    fn with_async(self) -> crate::List<O, T> {
        self.read_by()
    }
}
