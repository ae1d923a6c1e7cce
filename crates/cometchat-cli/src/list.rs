//! The two lists, as this program asks for them: rows to the letter, one page after the other, whichever list it is.

use std::pin::Pin;

use cometchat::{
    Client, Error, List, ListOperation, Page, PageOptions, Pages, Progress, RawRow, UserStatus,
};
use futures_util::StreamExt;

/// Which list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Members,
    Banned,
}

impl Kind {
    /// The command that lists it.
    pub(crate) fn command(self) -> &'static str {
        match self {
            Self::Members => "members",
            Self::Banned => "banned",
        }
    }

    /// What its rows are called.
    pub(crate) fn rows(self) -> &'static str {
        match self {
            Self::Members => "members",
            Self::Banned => "banned users",
        }
    }
}

/// What is asked for, of each group.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) kind: Kind,
    pub(crate) scopes: Vec<String>,
    pub(crate) status: Option<String>,
    pub(crate) per_page: Option<u32>,
    pub(crate) dedup: bool,
}

impl Request {
    /// The pages of a group from one of them on, with `limit` rows at the most.
    pub(crate) fn pages(
        &self,
        client: &Client,
        guid: &str,
        page: u32,
        limit: Option<usize>,
    ) -> Box<dyn Source> {
        let group = client.group(guid);
        match self.kind {
            Kind::Members => {
                let mut members = group.members();
                if !self.scopes.is_empty() {
                    members = members.scopes(self.scopes.iter().map(String::as_str));
                }
                if let Some(status) = &self.status {
                    members = members.status(UserStatus::from(status.as_str()));
                }
                Box::new(self.read(members, page, limit))
            }
            Kind::Banned => Box::new(self.read(group.banned_users(), page, limit)),
        }
    }

    fn read<O: ListOperation>(
        &self,
        list: List<O>,
        page: u32,
        limit: Option<usize>,
    ) -> Pages<O, RawRow> {
        let mut options = PageOptions::default().dedup(self.dedup);
        if let Some(rows) = limit {
            options = options.limit(rows);
        }
        let mut list = list.options(options).page(page);
        if let Some(rows) = self.per_page {
            list = list.per_page(rows);
        }
        list.raw().pages()
    }
}

/// A page, or why there is none.
pub(crate) type Fetched = Result<Page<RawRow>, Error>;

/// The pages of one group, whichever list they are of.
pub(crate) trait Source: Send {
    /// The next page; nothing after the last one, or after an error.
    fn next(&mut self) -> Pin<Box<dyn Future<Output = Option<Fetched>> + Send + '_>>;

    /// Keeps so many requests in flight from now on.
    fn set_prefetch(&mut self, requests: usize);

    /// The page to start from to go on.
    fn next_page(&self) -> u32;

    /// How far the list has been read.
    fn progress(&self) -> Progress;

    /// The operation that is called, by its id in the spec.
    fn operation(&self) -> &'static str;
}

impl<O: ListOperation> Source for Pages<O, RawRow> {
    fn next(&mut self) -> Pin<Box<dyn Future<Output = Option<Fetched>> + Send + '_>> {
        Box::pin(StreamExt::next(self))
    }

    fn set_prefetch(&mut self, requests: usize) {
        Pages::set_prefetch(self, requests);
    }

    fn next_page(&self) -> u32 {
        Pages::next_page(self)
    }

    fn progress(&self) -> Progress {
        Pages::progress(self)
    }

    fn operation(&self) -> &'static str {
        O::OPERATION.id()
    }
}
