//! The two lists, read as verbatim rows through one interface.

use std::pin::Pin;

use cometchat::{
    BannedUser, Client, Error, Field, GroupMember, List, ListOperation, Page, PageOptions, Pages,
    Progress, RawRow, UserStatus,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ListKind {
    Members,
    Banned,
}

impl ListKind {
    /// The command that exports it.
    pub(crate) fn command(self) -> &'static str {
        match self {
            Self::Members => "members",
            Self::Banned => "banned",
        }
    }

    /// The plural of its rows.
    pub(crate) fn rows(self) -> &'static str {
        match self {
            Self::Members => "members",
            Self::Banned => "banned users",
        }
    }

    /// The documented fields of its rows, in the order of the spec.
    pub(crate) fn fields(self) -> &'static [Field] {
        match self {
            Self::Members => GroupMember::FIELDS,
            Self::Banned => BannedUser::FIELDS,
        }
    }

    /// The fields that a table shows by default. The service does not say when a user was banned.
    pub(crate) fn table_columns(self) -> &'static [&'static str] {
        match self {
            Self::Members => &["uid", "name", "scope", "role", "status", "joinedAt"],
            Self::Banned => &["uid", "name", "role", "status", "createdAt"],
        }
    }
}

/// What is requested of each group.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) kind: ListKind,
    pub(crate) scopes: Vec<String>,
    pub(crate) status: Option<String>,
    pub(crate) per_page: Option<u32>,
    pub(crate) dedup: bool,
}

impl Request {
    /// The pages of a group from `page` on, with at most `limit` rows.
    pub(crate) fn pages(
        &self,
        client: &Client,
        guid: &str,
        page: u32,
        limit: Option<usize>,
    ) -> Box<dyn Source> {
        let group = client.group(guid);
        match self.kind {
            ListKind::Members => {
                let mut members = group.members();
                if !self.scopes.is_empty() {
                    members = members.scopes(self.scopes.iter().map(String::as_str));
                }
                if let Some(status) = &self.status {
                    members = members.status(UserStatus::from(status.as_str()));
                }
                Box::new(self.read(members, page, limit))
            }
            ListKind::Banned => Box::new(self.read(group.banned_users(), page, limit)),
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

/// A page, or the error of the request.
pub(crate) type Fetched = Result<Page<RawRow>, Error>;

/// The pages of one group, of either list.
pub(crate) trait Source: Send {
    /// The next page; `None` after the last one and after an error.
    fn next(&mut self) -> Pin<Box<dyn Future<Output = Option<Fetched>> + Send + '_>>;

    fn set_prefetch(&mut self, requests: usize);

    /// The page to resume with.
    fn next_page(&self) -> u32;

    fn progress(&self) -> Progress;

    /// Whether the limit ended the list before its end.
    fn is_truncated(&self) -> bool;
}

impl<O: ListOperation> Source for Pages<O, RawRow> {
    fn next(&mut self) -> Pin<Box<dyn Future<Output = Option<Fetched>> + Send + '_>> {
        Box::pin(Pages::next(self))
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

    fn is_truncated(&self) -> bool {
        Pages::is_truncated(self)
    }
}
