//! Which of the two lists a request is for.
//!
//! A path is split at its slashes before it is decoded, so an encoded slash stays inside the GUID and can't lead to
//! another list.

use cometchat_client::Operation;
use percent_encoding::percent_decode_str;

use crate::error::Error;

/// The lists that the sandbox serves, with their names in the textual form of a fault.
const LISTS: [(Operation, &str); 2] = [
    (Operation::ListGroupMembers, "members"),
    (Operation::ListBannedUsers, "banned"),
];

/// The list and the GUID, in lower case, of a path such as `/v3/groups/team/members`.
pub(crate) fn of_path(path: &str) -> Option<(Operation, String)> {
    let (guid, list) = path.strip_prefix("/v3/groups/")?.split_once('/')?;
    let (operation, _) = LISTS
        .into_iter()
        .find(|(operation, _)| operation.path().strip_prefix("/groups/{guid}/") == Some(list))?;
    // The service lowercases ids when it creates them, so any spelling finds the group.
    let guid = percent_decode_str(guid).decode_utf8_lossy().to_lowercase();
    (!guid.is_empty()).then_some((operation, guid))
}

/// The name of a list in the textual form of a fault.
pub(crate) fn name(operation: Operation) -> &'static str {
    LISTS
        .into_iter()
        .find(|(list, _)| *list == operation)
        .map_or(operation.id(), |(_, name)| name)
}

/// The list of a name.
///
/// # Errors
///
/// No list has this name.
pub(crate) fn named(text: &str) -> Result<Operation, Error> {
    LISTS
        .into_iter()
        .find(|(_, name)| *name == text)
        .map(|(operation, _)| operation)
        .ok_or_else(|| {
            Error::new(format!(
                "unknown list {text:?}; write `members` or `banned`"
            ))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_names_the_list_and_the_group() {
        let members = Operation::ListGroupMembers;
        for (path, expected) in [
            ("/v3/groups/Team/members", Some((members, "team"))),
            (
                "/v3/groups/a%20b/bannedusers",
                Some((Operation::ListBannedUsers, "a b")),
            ),
            ("/v3/groups/a%2Fb/members", Some((members, "a/b"))),
            ("/v3/groups/%zz/members", Some((members, "%zz"))),
            ("/v3/groups/../members", Some((members, ".."))),
            ("/v3/groups//members", None),
            ("/v3/groups/team/banned_members", None),
            ("/v3/groups/team/members/", None),
            ("/v3/groups/team", None),
            ("/groups/team/members", None),
            ("*", None),
            ("", None),
        ] {
            let expected = expected.map(|(operation, guid)| (operation, guid.to_owned()));
            assert_eq!(of_path(path), expected, "{path}");
        }
    }

    #[test]
    fn each_list_has_a_name() {
        for (operation, _) in LISTS {
            assert_eq!(named(name(operation)).unwrap(), operation);
        }
        assert!(named("everybody").is_err());
    }
}
