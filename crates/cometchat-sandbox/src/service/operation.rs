//! Which of the two lists a request asks for.
//!
//! A path is taken as it came over the wire, split at its slashes first and decoded after that, so that an encoded slash
//! stays inside the group's id and can't lead to another list.

use std::fmt;
use std::str::FromStr;

use percent_encoding::percent_decode_str;

use crate::error::Error;

/// One of the two lists that the sandbox serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Operation {
    /// `GET /groups/{guid}/members`.
    Members,
    /// `GET /groups/{guid}/bannedusers`.
    BannedUsers,
}

impl Operation {
    /// The name of the operation in `openapi.yaml`.
    ///
    /// ```
    /// use cometchat_sandbox::Operation;
    ///
    /// assert_eq!(Operation::Members.id(), "list_group_members");
    /// ```
    pub fn id(self) -> &'static str {
        match self {
            Self::Members => "list_group_members",
            Self::BannedUsers => "list_banned_users",
        }
    }

    /// The list, and the group's id in lower case, that a path such as `/v3/groups/team/members` asks for.
    pub(crate) fn of_path(path: &str) -> Option<(Self, String)> {
        let (guid, list) = path.strip_prefix("/v3/groups/")?.split_once('/')?;
        let operation = match list {
            "members" => Self::Members,
            "bannedusers" => Self::BannedUsers,
            _ => return None,
        };
        // The service lowercases ids when it creates them, so any spelling finds the group.
        let guid = percent_decode_str(guid).decode_utf8_lossy().to_lowercase();
        (!guid.is_empty()).then_some((operation, guid))
    }
}

impl fmt::Display for Operation {
    /// Writes `members` or `banned`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Members => "members",
            Self::BannedUsers => "banned",
        })
    }
}

impl FromStr for Operation {
    type Err = Error;

    /// Reads `members` or `banned`.
    fn from_str(text: &str) -> Result<Self, Error> {
        match text {
            "members" => Ok(Self::Members),
            "banned" | "bannedusers" => Ok(Self::BannedUsers),
            _ => Err(Error::new(format!(
                "there is no list {text:?}; write `members` or `banned`"
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_list_and_the_group() {
        for (path, expected) in [
            (
                "/v3/groups/Team/members",
                Some((Operation::Members, "team")),
            ),
            (
                "/v3/groups/a%20b/bannedusers",
                Some((Operation::BannedUsers, "a b")),
            ),
            (
                "/v3/groups/a%2Fb/members",
                Some((Operation::Members, "a/b")),
            ),
            ("/v3/groups/%zz/members", Some((Operation::Members, "%zz"))),
            ("/v3/groups/../members", Some((Operation::Members, ".."))),
            ("/v3/groups//members", None),
            ("/v3/groups/team/banned_members", None),
            ("/v3/groups/team/members/", None),
            ("/v3/groups/team", None),
            ("/groups/team/members", None),
            ("*", None),
            ("", None),
        ] {
            let expected = expected.map(|(operation, guid)| (operation, guid.to_owned()));
            assert_eq!(Operation::of_path(path), expected, "{path}");
        }
    }

    #[test]
    fn is_read_from_what_it_writes() {
        for operation in [Operation::Members, Operation::BannedUsers] {
            assert_eq!(
                operation.to_string().parse::<Operation>().unwrap(),
                operation
            );
        }
        assert!("everybody".parse::<Operation>().is_err());
    }
}
