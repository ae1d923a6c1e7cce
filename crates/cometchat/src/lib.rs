#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![warn(clippy::unwrap_used)]

#[cfg(feature = "blocking")]
pub mod blocking;
mod client;
mod collect;
mod fetch;
mod items;
mod list;
mod options;
mod page;
mod pages;
mod walk;

pub use client::{Client, ClientBuilder, Group};
pub use collect::{Collected, Consistent};
pub use cometchat_client::server::Region;
pub use cometchat_client::types::{
    BannedUser, Cursor, ErrorCode, GroupMember, MemberScope, Metadata, Pagination, UnixTime,
    UserStatus,
};
pub use cometchat_client::{
    ApiKey, Clock, Error, ErrorKind, Event, Field, FieldKind, Hint, ListItem, ListOperation,
    Operation, RateLimit, RawRow, RetryPolicy, Sleep, builder, types,
};
pub use items::Items;
pub use list::{List, ListBannedUsers, ListMembers};
pub use options::PageOptions;
pub use page::{Page, Progress};
pub use pages::{Pages, pages};
