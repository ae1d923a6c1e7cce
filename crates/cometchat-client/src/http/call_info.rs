//! What a call is about: its operation, path parameters and page.

use percent_encoding::percent_decode_str;
use reqwest::Url;

use crate::generated::Operation;

/// The call that an error, an event or a span names.
#[derive(Clone, Debug)]
pub(crate) struct CallInfo {
    pub(crate) operation: Operation,
    /// The path parameters, by name.
    pub(crate) subjects: Vec<(&'static str, String)>,
    /// The page, from 1, if the operation pages.
    pub(crate) page: Option<u32>,
}

impl CallInfo {
    /// Reads the call of a request from its URL.
    pub(crate) fn of(operation: Operation, url: &Url) -> Self {
        let template = operation.path();
        let template = template.split(['?', '#']).next().unwrap_or_default();
        // From the end: a base URL can have a path of its own.
        let parts = template.rsplit('/').zip(url.path().rsplit('/'));
        let mut subjects: Vec<_> = parts
            .filter_map(|(hole, value)| {
                let name = hole.strip_prefix('{')?.strip_suffix('}')?;
                let value = percent_decode_str(value).decode_utf8_lossy();
                Some((name, value.into_owned()))
            })
            .collect();
        subjects.reverse();
        let page = operation.traits().list.map(|list| {
            let mut pairs = url.query_pairs();
            let page = pairs.find(|(key, _)| key == list.page);
            page.and_then(|(_, page)| page.parse().ok()).unwrap_or(1)
        });
        Self {
            operation,
            subjects,
            page,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_names_its_call() {
        for (url, guid, page) in [
            ("http://h/v3/groups/city/members", "city", 1),
            ("http://h/groups/a%20%25/members?scopes=a&page=7", "a %", 7),
        ] {
            let url = Url::parse(url).unwrap();
            let call = CallInfo::of(Operation::ListGroupMembers, &url);
            assert_eq!(call.subjects, [("guid", guid.to_owned())]);
            assert_eq!(call.page, Some(page));
        }
    }
}
