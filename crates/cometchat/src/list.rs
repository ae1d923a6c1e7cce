//! A list: its filters and options, and the ways to read it.

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use cometchat_client::types::{BannedUser, GroupMember, MemberScope, UserStatus};
use cometchat_client::values::CommaList;
use cometchat_client::{Error, ListItem, ListOperation, RawRow, RetryPolicy, builder};

use crate::collect::{self, Collected, Consistent};
use crate::items::Items;
use crate::options::PageOptions;
use crate::page::Page;
use crate::pages::{Pages, within_runtime};

/// The members of a group.
pub type ListMembers<T = GroupMember> = List<builder::ListGroupMembers, T>;

/// The users who are banned from a group.
pub type ListBannedUsers<T = BannedUser> = List<builder::ListBannedUsers, T>;

/// A list to read: its filters and options, and the ways to read it. Nothing is sent before it is read.
///
/// `O` is the operation, `T` the type of a row. [`items`](Self::items) reads row by row, [`pages`](Self::pages) page by
/// page, the `collect_…` methods all of it; [`send`](Self::send) requests one page only.
///
/// ```no_run
/// # async fn list(client: cometchat::Client) -> Result<(), cometchat::Error> {
/// use cometchat::MemberScope;
///
/// let members = client.group("supergroup").members();
/// let mut admins = members.scopes([MemberScope::Admin]).per_page(1000).items();
/// while let Some(admin) = admins.next().await {
///     println!("{}", admin?.uid);
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is sent before the list is read"]
pub struct List<O: ListOperation, T = <O as ListOperation>::Item> {
    request: O,
    options: PageOptions,
    /// The reason for a rejected argument of a setter.
    refused: Option<String>,
    rows: PhantomData<fn() -> T>,
}

/// Setters that a part of this type has, too.
macro_rules! setters {
    ($part:ident: $($(#[doc = $doc:literal])+ $name:ident($($argument:ident: $type:ty),+);)+) => {$(
        $(#[doc = $doc])+
        pub fn $name(mut self, $($argument: $type),+) -> Self {
            self.$part = self.$part.$name($($argument),+);
            self
        }
    )+};
}
#[cfg(feature = "blocking")]
pub(crate) use setters;

impl<O: ListOperation> List<O> {
    /// A list of any operation with `x-pagination`.
    pub fn new(request: O) -> Self {
        Self {
            request,
            options: PageOptions::default(),
            refused: None,
            rows: PhantomData,
        }
    }
}

impl<O: ListOperation, T: ListItem> List<O, T> {
    /// Sends one request, and returns one page, whatever the other options say.
    ///
    /// # Errors
    ///
    /// Any kind of error; see [`ErrorKind`](crate::ErrorKind).
    pub async fn send(self) -> Result<Page<T>, Error> {
        within_runtime()?;
        if let Some(refused) = self.refused {
            return Err(Error::invalid(refused));
        }
        let number = self.request.page_number()?;
        let response = self.request.send_page::<T>().await?;
        Ok(Page::new(number, response))
    }

    /// The rows, as a stream.
    pub fn items(self) -> Items<O, T> {
        Items::new(self.pages())
    }

    /// The pages, as a stream.
    pub fn pages(self) -> Pages<O, T> {
        Pages::new(self.request, &self.options, self.refused)
    }

    /// All rows.
    ///
    /// # Errors
    ///
    /// The error of the first page that failed; the rows before it are lost. To keep them, read [`items`](Self::items)
    /// or [`pages`](Self::pages).
    pub async fn collect_all(self) -> Result<Vec<T>, Error> {
        collect::all(&mut self.pages()).await
    }

    /// The first rows, and whether there are more. The smaller of `rows` and [`limit`](Self::limit) applies.
    ///
    /// No page is requested to find out if there are more: when the rows end with a page, `truncated` is the
    /// service's hint, and the page that it hints at can be empty.
    ///
    /// # Errors
    ///
    /// The error of the first page that failed.
    pub async fn collect_up_to(self, rows: usize) -> Result<Collected<T>, Error> {
        let limit = self.options.resolve().limit;
        let rows = limit.map_or(rows, |limit| limit.min(rows));
        let mut pages = self.limit(rows).pages();
        Ok(Collected {
            items: collect::all(&mut pages).await?,
            truncated: pages.truncated,
        })
    }

    /// All rows of a list that changes meanwhile: reads the list until two passes in a row agree.
    ///
    /// It reads the list at most `max_passes` times (2 or more), each time from its first page. The result tells whether
    /// two passes agreed; see [`Consistent`].
    ///
    /// # Errors
    ///
    /// The error of the first page that failed; `Config` for fewer than two passes.
    pub async fn collect_consistent(self, max_passes: u32) -> Result<Consistent<T>, Error> {
        let list = self.dedup(true);
        collect::consistent(|| list.clone().pages(), max_passes).await
    }

    /// The same list, read without `async`.
    #[cfg(feature = "blocking")]
    pub fn blocking(self) -> crate::blocking::List<O, T> {
        crate::blocking::List::of(self)
    }

    /// Rows per page, 1 to 1000; 100 by default. Another number is an `InvalidRequest` when the list is read.
    pub fn per_page(mut self, rows: u32) -> Self {
        self.request = self.request.with_page_size(rows);
        self
    }

    /// The page to start with, from 1; 1 by default. 0 is an `InvalidRequest` when the list is read.
    pub fn page(mut self, number: u32) -> Self {
        self.request = self.request.with_page(number);
        self
    }

    /// Reads with these options. Those that `options` does not set stay as they are.
    pub fn options(mut self, options: PageOptions) -> Self {
        self.options = self.options.overridden_by(options);
        self
    }

    setters! {
        options:
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
    }

    /// Another retry policy for the requests of this list.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.request = self.request.map_client(|client| client.with_retry(policy));
        self
    }

    /// Maximum time for one page of this list: all its attempts, and all waits before and between them.
    ///
    /// See [`ClientBuilder::call_timeout`](crate::ClientBuilder::call_timeout) for what ends a call early.
    /// [`list_timeout`](Self::list_timeout) is for the list as a whole.
    pub fn call_timeout(mut self, timeout: Duration) -> Self {
        self.request = self
            .request
            .map_client(|client| client.with_call_timeout(timeout));
        self
    }

    /// Adds a header to each request of this list. It replaces an earlier one of the same name, and its value is secret.
    ///
    /// A name or a value that no header can have, and a header that the client sets itself, such as the key's, are an
    /// `InvalidRequest` when the list is read.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let refused = &mut self.refused;
        self.request = self
            .request
            .map_client(|client| match client.with_header(name, value) {
                Ok(client) => client,
                Err(error) => {
                    refused.get_or_insert(error.to_string());
                    client
                }
            });
        self
    }

    /// Decodes the rows into another type.
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
    pub fn items_as<U: ListItem>(self) -> List<O, U> {
        List {
            request: self.request,
            options: self.options,
            refused: self.refused,
            rows: PhantomData,
        }
    }

    /// Keeps the rows verbatim; see [`RawRow`].
    pub fn raw(self) -> List<O, RawRow> {
        self.items_as()
    }
}

impl<T: ListItem> ListMembers<T> {
    /// Only members with one of these scopes. An empty list of scopes means all members.
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

impl<O: ListOperation, T> Clone for List<O, T> {
    fn clone(&self) -> Self {
        Self {
            request: self.request.clone(),
            options: self.options.clone(),
            refused: self.refused.clone(),
            rows: PhantomData,
        }
    }
}

impl<O: ListOperation, T> fmt::Debug for List<O, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("List")
            .field("operation", &O::OPERATION.id())
            .field("page", &self.request.page_number().ok())
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
