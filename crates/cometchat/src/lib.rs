#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![warn(clippy::unwrap_used)]

#[cfg(feature = "blocking")]
pub mod blocking;
mod collect;
mod fetch;
mod groups;
mod items;
mod list;
mod options;
mod page;
mod pages;
mod walk;

/// The generated client: every type of a public signature has a name there, if it has none here.
pub use cometchat_client as client;

pub use collect::{Collected, Consistent};
/// Made by [`Client::builder`].
#[doc(inline)]
pub use cometchat_client::ClientBuilder;
pub use cometchat_client::reqwest;
pub use cometchat_client::server::Region;
pub use cometchat_client::types::{
    BannedUser, Cursor, ErrorCode, GroupMember, MemberScope, Metadata, Pagination, UnixTime,
    UserStatus,
};
pub use cometchat_client::{
    ApiKey, Clock, Error, ErrorForTests, ErrorKind, Event, Field, FieldKind, Hint, ListItem,
    ListOperation, Operation, RateLimit, RawRow, RetryPolicy, Sleep, builder, types,
};
pub use groups::{Client, Group};
pub use items::Items;
pub use list::{List, ListBannedUsers, ListMembers};
pub use options::PageOptions;
pub use page::{Page, Progress};
pub use pages::{Pages, pages};

/// The guides whose examples are tests.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
#[doc = include_str!("../../../docs/errors.md")]
#[doc = include_str!("../../../docs/http-client.md")]
mod guides {}
