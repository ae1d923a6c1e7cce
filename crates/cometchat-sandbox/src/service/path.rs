//! The path of a request: the list, and the GUID of the group.
//!
//! A path is split at its slashes before it is decoded, so an encoded slash stays inside the GUID and can't lead to
//! another list.

use cometchat_client::Operation;
use percent_encoding::percent_decode_str;

const LISTS: [Operation; 2] = [Operation::ListGroupMembers, Operation::ListBannedUsers];

/// The list and the GUID, in lower case, of a path such as `/v3/groups/team/members`.
pub(crate) fn parse(path: &str) -> Option<(Operation, String)> {
    let (guid, list) = path.strip_prefix("/v3/groups/")?.split_once('/')?;
    let operation = LISTS
        .into_iter()
        .find(|operation| operation.path().strip_prefix("/groups/{guid}/") == Some(list))?;
    // The service lowercases ids when it creates them, so any spelling finds the group.
    let guid = percent_decode_str(guid).decode_utf8_lossy().to_lowercase();
    (!guid.is_empty()).then_some((operation, guid))
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
            assert_eq!(parse(path), expected, "{path}");
        }
    }
}
