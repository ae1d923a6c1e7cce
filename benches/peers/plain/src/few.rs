//! The few fields that a small program would name; the others are skipped.

use serde::Deserialize;

/// A member.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct Member {
    pub uid: String,
    pub name: Option<String>,
    pub status: Option<String>,
    pub scope: Option<String>,
    pub joined_at: Option<i64>,
}
