//! Which fields a table and a CSV file have, and in which order.

use cometchat::UnixTime;

use crate::list::Kind;

/// The columns of a CSV file of members: every documented field. The order is kept from release to release; a field
/// that is new to the documentation is added at the end.
const MEMBERS: &[&str] = &[
    "uid",
    "name",
    "scope",
    "role",
    "status",
    "joinedAt",
    "createdAt",
    "updatedAt",
    "lastActiveAt",
    "deactivatedAt",
    "statusMessage",
    "avatar",
    "link",
    "tags",
    "conversationId",
    "blockedByMe",
    "blockedByMeAt",
    "hasBlockedMe",
    "blockedAt",
    "metadata",
];

/// The columns of a CSV file of banned users.
const BANNED: &[&str] = &[
    "uid",
    "name",
    "role",
    "status",
    "createdAt",
    "updatedAt",
    "lastActiveAt",
    "deactivatedAt",
    "statusMessage",
    "avatar",
    "link",
    "tags",
    "conversationId",
    "blockedByMe",
    "blockedByMeAt",
    "hasBlockedMe",
    "blockedAt",
    "metadata",
    "scope",
    "joinedAt",
    "isBanned",
];

/// What a table of members shows.
const MEMBERS_SHOWN: &[&str] = &["uid", "name", "scope", "role", "status", "joinedAt"];

/// What a table of banned users shows. The service doesn't say since when they are banned.
const BANNED_SHOWN: &[&str] = &["uid", "name", "role", "status", "createdAt"];

/// The fields that hold times.
const TIMES: &[&str] = &[
    "joinedAt",
    "createdAt",
    "updatedAt",
    "lastActiveAt",
    "deactivatedAt",
    "blockedByMeAt",
    "blockedAt",
];

/// Every documented field of a row of this kind.
pub(crate) fn documented(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Members => MEMBERS,
        Kind::Banned => BANNED,
    }
}

/// The fields that a table shows where none are named.
pub(crate) fn shown(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Members => MEMBERS_SHOWN,
        Kind::Banned => BANNED_SHOWN,
    }
}

/// Whether a field holds times.
pub(crate) fn is_time(name: &str) -> bool {
    TIMES.contains(&name)
}

/// The time that a field holds: nothing where it is another field, or holds something else, or says with 0 that a user
/// was never deactivated.
pub(crate) fn time(name: &str, json: &str) -> Option<UnixTime> {
    if !is_time(name) {
        return None;
    }
    let time: UnixTime = serde_json::from_str(json).ok()?;
    (name != "deactivatedAt" || time.as_secs() != 0).then_some(time)
}

/// Whether a field says that a user was never deactivated, which is no time.
pub(crate) fn never(name: &str, json: &str) -> bool {
    name == "deactivatedAt"
        && serde_json::from_str(json).is_ok_and(|time: UnixTime| time.as_secs() == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_is_a_time_but_for_a_deactivation() {
        assert_eq!(time("joinedAt", "0"), Some(UnixTime::from_secs(0)));
        assert_eq!(time("deactivatedAt", "0"), None);
        assert!(never("deactivatedAt", "\"0\"") && !never("deactivatedAt", "1"));
        assert_eq!(time("name", "7"), None);
        assert_eq!(time("joinedAt", "\"soon\""), None);
    }
}
