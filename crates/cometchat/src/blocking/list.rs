//! A list, and the ways to read it without `async`.

use std::time::Duration;

use cometchat_client::types::{BannedUser, GroupMember, MemberScope, UserStatus};
use cometchat_client::{Error, ListItem, ListOperation, RawRow, RetryPolicy, builder};

use super::iter::{Items, Pages};
use super::wait::wait;
use crate::collect::{Collected, Consistent};
use crate::list::setters;
use crate::options::PageOptions;
use crate::page::Page;

/// The members of a group.
pub type ListMembers<T = GroupMember> = List<builder::ListGroupMembers, T>;

/// The users who are banned from a group.
pub type ListBannedUsers<T = BannedUser> = List<builder::ListBannedUsers, T>;

/// A list to read: its filters and options, and the ways to read it; see [`crate::List`]. Nothing is sent before it is
/// read.
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before the list is read"]
pub struct List<O: ListOperation, T = <O as ListOperation>::Item> {
    list: crate::List<O, T>,
}

impl<O: ListOperation> List<O> {
    /// A list of any operation with `x-pagination`.
    pub fn new(request: O) -> Self {
        crate::List::new(request).blocking()
    }
}

impl<O: ListOperation, T: ListItem> List<O, T> {
    pub(crate) fn of(list: crate::List<O, T>) -> Self {
        Self { list }
    }

    /// Sends one request, and returns one page, whatever the other options say.
    ///
    /// # Errors
    ///
    /// Any kind of error; see [`ErrorKind`](crate::ErrorKind).
    pub fn send(self) -> Result<Page<T>, Error> {
        wait(self.list.send())?
    }

    /// The pages, as an iterator.
    pub fn pages(self) -> Pages<O, T> {
        Pages::new(self.list.pages())
    }

    /// The rows, as an iterator.
    pub fn items(self) -> Items<O, T> {
        Items::new(self.list.items())
    }

    /// All rows; see [`crate::List::collect_all`].
    ///
    /// # Errors
    ///
    /// The error of the first page that failed; the rows before it are lost.
    pub fn collect_all(self) -> Result<Vec<T>, Error> {
        wait(self.list.collect_all())?
    }

    /// The first rows, and whether there are more; see [`crate::List::collect_up_to`].
    ///
    /// # Errors
    ///
    /// The error of the first page that failed.
    pub fn collect_up_to(self, rows: usize) -> Result<Collected<T>, Error> {
        wait(self.list.collect_up_to(rows))?
    }

    /// All rows of a list that changes meanwhile; see [`crate::List::collect_consistent`].
    ///
    /// # Errors
    ///
    /// The error of the first page that failed; `Config` for fewer than two passes.
    pub fn collect_consistent(self, max_passes: u32) -> Result<Consistent<T>, Error> {
        wait(self.list.collect_consistent(max_passes))?
    }

    setters! {
        list:
        /// Rows per page, 1 to 1000; see [`crate::List::per_page`].
        per_page(rows: u32);
        /// The page to start with, from 1; see [`crate::List::page`].
        page(number: u32);
        /// Reads with these options; those that are not set stay as they are.
        options(options: PageOptions);
        /// Requests in flight at a time; see [`PageOptions::prefetch`].
        prefetch(requests: usize);
        /// Maximum rows delivered; see [`PageOptions::limit`].
        limit(rows: usize);
        /// Drops a row whose uid came before; see [`PageOptions::dedup`].
        dedup(dedup: bool);
        /// Maximum pages read; see [`PageOptions::max_pages`].
        max_pages(pages: u32);
        /// Maximum empty pages in a row; see [`PageOptions::max_empty_pages`].
        max_empty_pages(pages: u32);
        /// Sets the maximum time for the whole list; see [`PageOptions::list_timeout`].
        list_timeout(timeout: Duration);
        /// Another retry policy for the requests of this list.
        retry(policy: RetryPolicy);
        /// Maximum time for one page of this list; see [`crate::List::call_timeout`].
        call_timeout(timeout: Duration);
        /// Adds a header to each request of this list; see [`crate::List::header`].
        header(name: &str, value: &str);
    }

    /// Decodes the rows into another type; see [`crate::List::items_as`].
    pub fn items_as<U: ListItem>(self) -> List<O, U> {
        self.list.items_as().blocking()
    }

    /// Keeps the rows verbatim; see [`RawRow`].
    pub fn raw(self) -> List<O, RawRow> {
        self.items_as()
    }
}

impl<T: ListItem> ListMembers<T> {
    /// Only members with one of these scopes; see [`crate::List::scopes`].
    pub fn scopes<S: Into<MemberScope>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.list = self.list.scopes(scopes);
        self
    }

    /// Only members who are available, or only members who are offline; see [`crate::List::status`].
    pub fn status(mut self, status: impl Into<UserStatus>) -> Self {
        self.list = self.list.status(status);
        self
    }
}
