//! A list to be asked for: its filters, how it is read, and the ways to read it.

use std::fmt;
use std::marker::PhantomData;

use cometchat_client::types::{BannedUser, GroupMember, MemberScope, UserStatus};
use cometchat_client::values::CommaList;
use cometchat_client::{Error, ListItem, ListOperation, RawRow, RetryPolicy, builder};

use crate::collect::{self, Collected, Consistent};
use crate::items::Items;
use crate::options::PageOptions;
use crate::page::Page;
use crate::pages::{Pages, within_runtime};

/// The members of a group, to be asked for.
pub type ListMembers<T = GroupMember, M = Async> = List<builder::ListGroupMembers, T, M>;

/// The users who are banned from a group, to be asked for.
pub type ListBannedUsers<T = BannedUser, M = Async> = List<builder::ListBannedUsers, T, M>;

/// How a list is read that is not said to be read otherwise: with `async`.
#[derive(Clone, Copy, Debug)]
pub enum Async {}

/// A list to be asked for: rows of type `T`, by the operation `O`. Nothing is sent before it is read.
///
/// `M` is how it is read: [`Async`], or with the feature `blocking` without `async`. A list is configured in the same
/// way for both.
#[must_use = "nothing is sent before the list is read"]
pub struct List<O: ListOperation, T = <O as ListOperation>::Item, M = Async> {
    request: O,
    options: PageOptions,
    reads: PhantomData<fn() -> (T, M)>,
}

impl<O: ListOperation> List<O> {
    /// A list of any operation that pages.
    pub fn new(request: O) -> Self {
        Self::of(request)
    }
}

impl<O: ListOperation, T: ListItem> List<O, T> {
    /// Asks for one page, whatever else the options say.
    ///
    /// # Errors
    ///
    /// Whatever keeps the page from being had.
    pub async fn send(self) -> Result<Page<T>, Error> {
        within_runtime()?;
        let number = self.request.page_number();
        let response = self.request.send_page::<T>().await?;
        Ok(Page::new(number, response))
    }

    /// The pages, as a stream.
    pub fn pages(self) -> Pages<O, T> {
        Pages::new(self.request, &self.options)
    }

    /// The rows, as a stream.
    pub fn items(self) -> Items<O, T> {
        Items::new(self.pages())
    }

    /// All rows.
    ///
    /// # Errors
    ///
    /// That of the first page that could not be had; the rows before it are lost with it. To keep them, read
    /// [`items`](Self::items) or [`pages`](Self::pages).
    pub async fn collect_all(self) -> Result<Vec<T>, Error> {
        collect::all(&mut self.pages()).await
    }

    /// The first rows, up to so many, and whether there were more. No page is asked for to find that out: where the
    /// rows end with a page, the service's word is taken, which can promise a page that turns out empty.
    ///
    /// Of this number and [`limit`](Self::limit) the smaller one holds.
    ///
    /// # Errors
    ///
    /// That of the first page that could not be had.
    pub async fn collect_up_to(self, rows: usize) -> Result<Collected<T>, Error> {
        let limit = self.options.resolve().limit;
        let rows = limit.map_or(rows, |limit| limit.min(rows));
        collect::up_to(self.limit(rows).pages()).await
    }

    /// All rows of a list that changes meanwhile: it is read, from its first page on, until two passes in a row agree,
    /// at most `max_passes` times (2 or more), and the result says whether they did; see [`Consistent`].
    ///
    /// # Errors
    ///
    /// That of the first page that could not be had; `InvalidRequest` for fewer than two passes.
    pub async fn collect_consistent(self, max_passes: u32) -> Result<Consistent<T>, Error> {
        let list = self.dedup(true);
        collect::consistent(|| list.clone().pages(), max_passes).await
    }

    /// The same list, read without `async`.
    #[cfg(feature = "blocking")]
    pub fn blocking(self) -> List<O, T, crate::blocking::Blocking> {
        self.read_by()
    }
}

impl<O: ListOperation, T: ListItem, M> List<O, T, M> {
    pub(crate) fn of(request: O) -> Self {
        Self {
            request,
            options: PageOptions::default(),
            reads: PhantomData,
        }
    }

    /// The same list with rows of another type, or read in another way.
    pub(crate) fn read_by<U, N>(self) -> List<O, U, N> {
        List {
            request: self.request,
            options: self.options,
            reads: PhantomData,
        }
    }

    /// Rows a page, 1 to 1000; the service sends 100 where nothing is said. Another number is an `InvalidRequest` when
    /// the list is read.
    pub fn per_page(mut self, rows: u32) -> Self {
        self.request = self.request.with_page_size(rows);
        self
    }

    /// The page to begin with, from 1. 0 is an `InvalidRequest` when the list is read.
    pub fn page(mut self, number: u32) -> Self {
        self.request = self.request.with_page(number);
        self
    }

    /// Reads with these options. Those that `options` does not set stay as they are.
    pub fn options(mut self, options: PageOptions) -> Self {
        self.options = self.options.overridden_by(options);
        self
    }

    /// How many requests are in flight at a time; see [`PageOptions::prefetch`].
    pub fn prefetch(mut self, requests: usize) -> Self {
        self.options = self.options.prefetch(requests);
        self
    }

    /// The most rows that are delivered; see [`PageOptions::limit`].
    pub fn limit(mut self, rows: usize) -> Self {
        self.options = self.options.limit(rows);
        self
    }

    /// Drops a row whose uid came before; see [`PageOptions::dedup`].
    pub fn dedup(mut self, dedup: bool) -> Self {
        self.options = self.options.dedup(dedup);
        self
    }

    /// The most pages that are read; see [`PageOptions::max_pages`].
    pub fn max_pages(mut self, pages: u32) -> Self {
        self.options = self.options.max_pages(pages);
        self
    }

    /// Maximum empty pages in a row; see [`PageOptions::max_empty_pages`].
    pub fn max_empty_pages(mut self, pages: u32) -> Self {
        self.options = self.options.max_empty_pages(pages);
        self
    }

    /// Another retry policy for the requests of this list.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.request = self.request.map_client(|client| client.with_retry(policy));
        self
    }

    /// Decodes the rows into a type of yours.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = cometchat_sandbox::Sandbox::start().await?;
    /// # let client = cometchat::Client::builder().base_url(sandbox.base_url()).api_key(sandbox.api_key()).build()?;
    /// use std::borrow::Cow;
    ///
    /// #[derive(serde::Deserialize)]
    /// struct Name {
    ///     uid: String,
    ///     name: String,
    /// }
    ///
    /// impl cometchat::ListItem for Name {
    ///     fn id(&self, _field: &str) -> Cow<'_, str> {
    ///         Cow::Borrowed(&self.uid)
    ///     }
    /// }
    ///
    /// let names: Vec<Name> = client.group("supergroup").members().items_as::<Name>().collect_all().await?;
    /// assert_eq!(names[0].name, "Captain America");
    /// # Ok(())
    /// # }
    /// ```
    pub fn items_as<U: ListItem>(self) -> List<O, U, M> {
        self.read_by()
    }

    /// Gives the rows as the service sent them, to the letter; see [`RawRow`].
    pub fn raw(self) -> List<O, RawRow, M> {
        self.items_as()
    }
}

impl<T: ListItem, M> ListMembers<T, M> {
    /// Only members with one of these scopes; with none given, all of them.
    pub fn scopes<S: Into<MemberScope>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        let scopes: CommaList<MemberScope> = scopes.into_iter().map(Into::into).collect();
        self.request = self.request.scopes(scopes);
        self
    }

    /// Only members who are available, or only members who are offline. Another status is an `InvalidRequest` when the
    /// list is read.
    pub fn status(mut self, status: impl Into<UserStatus>) -> Self {
        self.request = self.request.status(status.into());
        self
    }
}

impl<O: ListOperation, T, M> Clone for List<O, T, M> {
    fn clone(&self) -> Self {
        Self {
            request: self.request.clone(),
            options: self.options.clone(),
            reads: PhantomData,
        }
    }
}

impl<O: ListOperation, T, M> fmt::Debug for List<O, T, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("List")
            .field("operation", &O::OPERATION.id())
            .field("page", &self.request.page_number())
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
