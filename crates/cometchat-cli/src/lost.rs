//! Groups that could not be listed to their end: kept until the others are done, and then told together.

use cometchat::Error;

use crate::exit::Failure;
use crate::explain::explain;
use crate::list::Kind;
use crate::printable::printable;

/// A group that could not be listed to its end: which one, and what is said of it.
pub(crate) struct Lost {
    group: usize,
    /// What happened, beginning with the page.
    what: String,
    more: Vec<String>,
    /// Whether the service refuses the key, which it will do for each other group.
    pub(crate) refuses_the_key: bool,
}

impl Lost {
    /// Lost to an error of a call of this operation.
    pub(crate) fn to_error(group: usize, guid: &str, operation: &str, error: &Error) -> Self {
        let explained = explain(error, operation, guid);
        let page = error
            .page()
            .map_or_else(String::new, |page| format!(", page {page}"));
        let by_code = error
            .code()
            .is_some_and(|code| code.as_str().starts_with("AUTH_ERR_"));
        Self {
            group,
            what: format!("{page}: {}", explained.what),
            more: explained.more,
            refuses_the_key: by_code || error.status() == Some(401),
        }
    }

    /// Lost to a row that has no columns, counted from 0.
    pub(crate) fn to_row(group: usize, page: u32, row: usize) -> Self {
        let advice = "It has no fields to make columns of; --format ndjson writes it as it is";
        Self {
            group,
            what: format!(", page {page}: row {} is no JSON object", row + 1),
            more: vec![advice.to_owned()],
            refuses_the_key: false,
        }
    }
}

/// The failure of an export of these groups, of which so many are not done.
pub(crate) fn failure(kind: Kind, guids: &[String], open: usize, lost: &[Lost]) -> Failure {
    let name = |group: usize| format!("{:?}", printable(&guids[group]));
    if let ([only], [_]) = (lost, guids) {
        let what = format!("{} of {}{}", kind.rows(), name(only.group), only.what);
        let mut failure = Failure::failed(what);
        failure.lines.extend(only.more.iter().cloned());
        return failure;
    }
    let what = format!(
        "{open} of {} groups could not be listed to the end",
        guids.len()
    );
    let mut failure = Failure::failed(what);
    for one in lost {
        failure = failure.advise(format!("{}{}", name(one.group), one.what));
        let more = one.more.iter().map(|line| format!("  {line}"));
        failure.lines.extend(more);
    }
    if open > lost.len() {
        let others = open - lost.len();
        failure = failure.advise(format!(
            "The key is refused, so {others} more were not asked for"
        ));
    }
    failure
}
