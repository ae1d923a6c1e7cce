//! The query of a list: parsed, and checked as the service does.

use serde_json::{Map, Value, json};

use cometchat_client::Operation;

/// The query of a list: which rows are requested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ListQuery {
    /// From 1.
    pub(crate) page: u64,
    /// From 1 to 1000.
    pub(crate) per_page: usize,
    pub(crate) status: Option<String>,
    /// A row must have one of these scopes; empty: any.
    pub(crate) scopes: Vec<String>,
}

/// The names and values of a query string, decoded, in order.
pub(crate) fn pairs(query: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect()
}

/// The value of a parameter: the last one if repeated, as in PHP.
pub(crate) fn value<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs
        .iter()
        .rfind(|(given, _)| given == name)
        .map(|(_, value)| value.as_str())
}

impl ListQuery {
    /// Parses a query.
    ///
    /// # Errors
    ///
    /// The `details` of the error: each invalid parameter with its problem.
    pub(crate) fn read(
        operation: Operation,
        pairs: &[(String, String)],
    ) -> Result<Self, Map<String, Value>> {
        let mut details = Map::new();
        let mut number = |name: &str, default: u64, allowed: std::ops::RangeInclusive<u64>| {
            let Some(text) = value(pairs, name) else {
                return default;
            };
            let problem = match digits(text) {
                None => format!("The {name} must be an integer."),
                Some(number) if allowed.contains(&number) => return number,
                Some(_) if *allowed.end() == MAX_PAGE => {
                    format!("The {name} must be at least {}.", allowed.start())
                }
                Some(_) => format!(
                    "The {name} must be between {} and {}.",
                    allowed.start(),
                    allowed.end()
                ),
            };
            details.insert(name.to_owned(), json!([problem]));
            default
        };
        let per_page = number("perPage", 100, 1..=1000);
        let page = number("page", 1, 1..=MAX_PAGE);
        let (mut status, mut scopes) = (None, Vec::new());
        // The list of banned users has no filters, and ignores unknown parameters.
        if operation == Operation::ListGroupMembers {
            status = value(pairs, "status").map(str::to_owned);
            if !matches!(
                status.as_deref(),
                None | Some("available") | Some("offline")
            ) {
                details.insert(
                    "status".to_owned(),
                    json!(["The status must be available or offline."]),
                );
            }
            scopes = value(pairs, "scopes")
                .unwrap_or_default()
                .split(',')
                .filter(|scope| !scope.is_empty())
                .map(str::to_owned)
                .collect();
        }
        if details.is_empty() {
            Ok(Self {
                page,
                per_page: usize::try_from(per_page).unwrap_or(usize::MAX),
                status,
                scopes,
            })
        } else {
            Err(details)
        }
    }
}

/// The largest page number: `total_pages`, which can be one more, must fit into an `i64`.
const MAX_PAGE: u64 = i64::MAX as u64 - 1;

/// Parses digits; a larger number than [`MAX_PAGE`] becomes `MAX_PAGE`, which is past the end as well.
fn digits(text: &str) -> Option<u64> {
    let all_digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    all_digits.then(|| {
        text.parse()
            .map_or(MAX_PAGE, |number: u64| number.min(MAX_PAGE))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Result<ListQuery, Map<String, Value>> {
        ListQuery::read(Operation::ListGroupMembers, &pairs(query))
    }

    #[test]
    fn the_default_is_the_first_hundred_rows() {
        let query = read("").unwrap();
        assert_eq!((query.page, query.per_page), (1, 100));
        assert_eq!((query.status, query.scopes.len()), (None, 0));
    }

    #[test]
    fn scopes_are_split_at_commas_encoded_or_not() {
        for query in ["scopes=admin,moderator", "scopes=admin%2Cmoderator"] {
            assert_eq!(read(query).unwrap().scopes, ["admin", "moderator"]);
        }
        assert!(read("scopes=").unwrap().scopes.is_empty());
    }

    #[test]
    fn the_last_of_a_repeated_parameter_counts() {
        assert_eq!(read("page=1&page=7").unwrap().page, 7);
        assert_eq!(
            read("scopes=admin&scopes=moderator").unwrap().scopes,
            ["moderator"]
        );
    }

    #[test]
    fn invalid_parameters_are_named() {
        for (query, names) in [
            ("page=0", vec!["page"]),
            ("page=x", vec!["page"]),
            ("page=", vec!["page"]),
            ("page", vec!["page"]),
            ("page=-1", vec!["page"]),
            ("page=1.0", vec!["page"]),
            ("page=%2B1", vec!["page"]),
            ("page=%FF", vec!["page"]),
            ("perPage=0", vec!["perPage"]),
            ("perPage=1001", vec!["perPage"]),
            ("perPage=99999999999999999999", vec!["perPage"]),
            ("status=online", vec!["status"]),
            ("status=", vec!["status"]),
            (
                "page=0&perPage=x&status=y",
                vec!["perPage", "page", "status"],
            ),
        ] {
            let details = read(query).unwrap_err();
            assert_eq!(details.keys().collect::<Vec<_>>(), names, "{query}");
        }
    }

    #[test]
    fn a_huge_page_number_is_past_the_end() {
        assert_eq!(read("page=99999999999999999999").unwrap().page, MAX_PAGE);
        assert_eq!(read("page=18446744073709551615").unwrap().page, MAX_PAGE);
    }

    #[test]
    fn banned_users_have_no_filters() {
        let query = ListQuery::read(
            Operation::ListBannedUsers,
            &pairs("status=nonsense&scopes=admin"),
        )
        .unwrap();
        assert_eq!((query.status, query.scopes.len()), (None, 0));
    }
}
