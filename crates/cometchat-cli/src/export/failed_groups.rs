//! Groups that failed: their errors are kept until the other groups are done, then reported together.

use cometchat::Error;

use crate::error_text::{ErrorText, rejects_key};
use crate::exit::{Exit, Failure};
use crate::list::ListKind;

pub(crate) struct FailedGroup {
    group: usize,
    /// What happened, beginning with the page.
    what: String,
    help: Vec<String>,
    /// Whether the service rejects the key, as it would for each other group.
    pub(crate) key_rejected: bool,
    /// Whether the service has no such group, or no such path.
    not_found: bool,
}

impl FailedGroup {
    /// A group that failed with an error of the library.
    pub(crate) fn from_error(group: usize, error: &Error) -> Self {
        let text = ErrorText::new(error);
        let page = error
            .page()
            .map_or_else(String::new, |page| format!(", page {page}"));
        Self {
            group,
            what: format!("{page}: {}", text.what),
            help: text.help,
            key_rejected: rejects_key(error),
            not_found: error.status() == Some(404),
        }
    }

    /// A group with a row that is not a JSON object; `row` counts from 0.
    pub(crate) fn from_row(group: usize, page: u32, row: usize) -> Self {
        Self {
            group,
            what: format!(", page {page}: row {} is not a JSON object", row + 1),
            help: vec!["Use --format ndjson, which writes such a row as it is".to_owned()],
            key_rejected: false,
            not_found: false,
        }
    }
}

/// The failure of an export of these groups, of which `open` are not done.
pub(crate) fn failure(
    kind: ListKind,
    guids: &[String],
    open: usize,
    failed: &[FailedGroup],
) -> Failure {
    let name = |group: usize| format!("{:?}", guids[group]);
    if let ([only], [_]) = (failed, guids) {
        let what = format!("{} of {}{}", kind.rows(), name(only.group), only.what);
        let mut failure = Failure::failed(what);
        failure.exit = exit(failed);
        failure.lines.extend(only.help.iter().cloned());
        return failure;
    }
    let mut failure = Failure::failed(format!("{open} of {} groups failed", guids.len()));
    failure.exit = exit(failed);
    for group in failed {
        failure = failure.help(format!("{}{}", name(group.group), group.what));
        let help = group.help.iter().map(|line| format!("  {line}"));
        failure.lines.extend(help);
    }
    if open > failed.len() {
        let others = open - failed.len();
        failure = failure.help(format!(
            "The key is rejected: the other {others} groups were not requested"
        ));
    }
    failure
}

/// Returns the exit code: of several failures the key's, that all groups are missing, or that the service failed.
fn exit(failed: &[FailedGroup]) -> Exit {
    if failed.iter().any(|failed| failed.key_rejected) {
        Exit::KeyRejected
    } else if failed.iter().all(|failed| failed.not_found) {
        Exit::NotFound
    } else {
        Exit::Failed
    }
}
