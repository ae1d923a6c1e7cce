//! Every field that `cometchat::GroupMember` has, by `derive`; unknown fields are dropped.

use serde::Deserialize;
use serde_json::Value;

/// A member.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct Member {
    pub uid: String,
    pub name: Option<String>,
    pub avatar: Option<String>,
    pub link: Option<String>,
    pub role: Option<String>,
    pub metadata: Option<Value>,
    pub status: Option<Status>,
    pub status_message: Option<String>,
    #[serde(default)]
    pub tags: Vec<String>,
    pub scope: Option<Scope>,
    pub joined_at: Option<i64>,
    pub created_at: Option<i64>,
    pub updated_at: Option<i64>,
    pub last_active_at: Option<i64>,
    pub deactivated_at: Option<i64>,
    pub conversation_id: Option<String>,
    pub blocked_by_me: Option<bool>,
    pub blocked_by_me_at: Option<i64>,
    pub has_blocked_me: Option<bool>,
    pub blocked_at: Option<i64>,
}

/// Whether a user is connected.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Status {
    Available,
    Offline,
    #[serde(other)]
    Unknown,
}

/// What a member may do.
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
