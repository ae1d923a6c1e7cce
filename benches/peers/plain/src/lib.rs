//! The rows as plain structs: the code of someone who needs the lists once.

use report::Count;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// A page of rows.
#[derive(Debug, Deserialize)]
pub struct Page<T> {
    /// The rows.
    pub data: Vec<T>,
    /// Page metadata.
    pub meta: Meta,
}

/// Page metadata.
#[derive(Debug, Deserialize)]
pub struct Meta {
    /// The place of the page.
    pub pagination: Pagination,
}

/// The place of a page.
#[derive(Debug, Deserialize)]
pub struct Pagination {
    /// Number of pages.
    pub total_pages: u32,
}

/// A row, as it is counted.
pub trait Row: DeserializeOwned + Send {
    /// Counts the row.
    fn count(&self, count: &mut Count);
}

/// Declares a row with some fields in addition to `uid`, `name` and `joinedAt`.
macro_rules! row {
    ($(#[$doc:meta])* $row:ident { $($(#[$attribute:meta])* $field:ident: $ty:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Deserialize)]
        #[serde(rename_all = "camelCase")]
        #[allow(missing_docs)]
        pub struct $row {
            pub uid: String,
            pub name: Option<String>,
            pub joined_at: Option<i64>,
            $($(#[$attribute])* pub $field: $ty,)*
        }

        impl Row for $row {
            fn count(&self, count: &mut Count) {
                count.add(&self.uid, self.name.as_deref(), self.joined_at);
            }
        }
    };
}

row! {
    /// The few fields that a small program would name; the others are skipped.
    Few { status: Option<String>, scope: Option<String>, }
}

/// Declares a row with every field that `cometchat::GroupMember` has, and others.
macro_rules! whole_row {
    ($(#[$doc:meta])* $row:ident { $($others:tt)* }) => {
        row! {
            $(#[$doc])*
            $row {
                avatar: Option<String>,
                link: Option<String>,
                role: Option<String>,
                metadata: Option<Value>,
                status: Option<Status>,
                status_message: Option<String>,
                #[serde(default)]
                tags: Vec<String>,
                scope: Option<Scope>,
                created_at: Option<i64>,
                updated_at: Option<i64>,
                last_active_at: Option<i64>,
                deactivated_at: Option<i64>,
                conversation_id: Option<String>,
                blocked_by_me: Option<bool>,
                blocked_by_me_at: Option<i64>,
                has_blocked_me: Option<bool>,
                blocked_at: Option<i64>,
                $($others)*
            }
        }
    };
}

whole_row! {
    /// Every field; unknown ones are dropped.
    Typed {}
}

whole_row! {
    /// Every field, and the unknown ones by `serde(flatten)`, which is the plain way.
    TypedExtra { #[serde(flatten)] extra: Map<String, Value>, }
}

/// The presence of a user.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Status {
    Available,
    Offline,
    #[serde(other)]
    Unknown,
}

/// The scope of a member.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Scope {
    Admin,
    Moderator,
    Participant,
    #[serde(other)]
    Unknown,
}
