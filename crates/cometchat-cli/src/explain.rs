//! An error of the library, in the words of this program.
//!
//! The library tells a programmer which method to call; whoever runs a program is told which argument to give. What the
//! service says of an error is shown on a line of its own, as what it is: text from outside.

use std::error::Error as _;

use cometchat::{Error, ErrorKind};

use crate::exit::Failure;
use crate::printable::printable;

/// What the library says, and what this program says for it.
const WORDS: &[(&str, &str)] = &[
    (".rate_limit(per_minute)", "--rate-limit N"),
    (
        "The service does not page as it says; start again later, or from another page with .page(…)",
        "The service does not page as it says; start again later, or from another page with --start-page N",
    ),
    (
        "Read more with .max_pages(…), or in parts with .page(…) and .limit(…)",
        "Read it in parts, with --start-page N and --limit N",
    ),
    (
        ", or accept more with .max_response_bytes(…)",
        ": --per-page N",
    ),
    (
        "ask for fewer rows a page, or allow more time with .attempt_timeout(…)",
        "ask for fewer rows a page (--per-page N), or allow more time (--timeout SECONDS)",
    ),
    (
        "If the service has changed, regenerate from a newer spec; body_snippet() shows what came",
        "Check that the address is that of the API",
    ),
    (
        "message() and details() hold what the service says of it",
        "",
    ),
    (
        "A parameter is wrong; details() says which",
        "An argument is wrong",
    ),
    (
        ".allow_plain_http() if that is meant",
        "--allow-plain-http if that is meant",
    ),
    (
        "with .api_key(…)",
        "with COMETCHAT_API_KEY or --api-key-file",
    ),
];

/// The longest text of the service that is shown, in characters.
const LONGEST: usize = 300;

/// What happened, and what to do about it.
pub(crate) struct Explained {
    pub(crate) what: String,
    pub(crate) more: Vec<String>,
}

/// Explains an error of a call of this operation, for this group.
pub(crate) fn explain(error: &Error, operation: &str, guid: &str) -> Explained {
    let text = error.to_string();
    let page = error
        .page()
        .map_or_else(String::new, |page| format!(" page {page}"));
    let text = text
        .strip_prefix(&format!("{operation} guid {guid:?}{page}: "))
        .unwrap_or(&text);
    // A sentence on what happened, then sentences on what to do.
    let (what, advice) = text.split_once(". ").unwrap_or((text, ""));
    let mut explained = Explained {
        what: printable(&in_our_words(what)).into_owned(),
        more: Vec::new(),
    };
    let advice = in_our_words(advice);
    if !advice.is_empty() {
        explained.more.push(advice);
    }
    if let Some(cause) = cause(error) {
        explained.more.push(format!("the cause: {cause}"));
    }
    if let Some(message) = error.message().filter(|message| !message.is_empty()) {
        explained
            .more
            .push(format!("the service says: {}", from_outside(message)));
    }
    if let Some(details) = error.details().filter(|details| !details.is_null()) {
        explained
            .more
            .push(format!("in detail: {}", from_outside(&details.to_string())));
    }
    explained
}

/// The failure of a client that can't be built, or of an argument that the library refuses.
pub(crate) fn refused(error: &Error) -> Failure {
    let text = error.to_string();
    let text = printable(&text);
    match text.split_once("; ") {
        Some((what, advice)) => Failure::usage(in_our_words(what)).advise(in_our_words(advice)),
        None => Failure::usage(in_our_words(&text)),
    }
}

fn in_our_words(text: &str) -> String {
    let words = WORDS.iter();
    words.fold(text.to_owned(), |text, (theirs, ours)| {
        text.replace(theirs, ours)
    })
}

/// The innermost cause of an error of the network: the others say that there was one.
fn cause(error: &Error) -> Option<String> {
    if !matches!(
        error.kind(),
        ErrorKind::Transport | ErrorKind::Timeout | ErrorKind::Decode
    ) {
        return None;
    }
    let mut innermost = error.source()?;
    while let Some(deeper) = innermost.source() {
        innermost = deeper;
    }
    Some(from_outside(&innermost.to_string()))
}

/// Text from outside, on one line and not too long.
fn from_outside(text: &str) -> String {
    let mut shown: String = text.chars().take(LONGEST).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    printable(&shown).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_method_is_left_where_an_argument_is_meant() {
        for (theirs, ours) in WORDS {
            let said = in_our_words(theirs);
            assert_eq!(&said, ours);
            assert!(!said.contains("()") && !said.contains("(…)"), "{said}");
        }
    }

    #[test]
    fn text_from_outside_is_one_short_line() {
        let shown = from_outside(&format!("\u{1b}[2J\n{}", "é".repeat(1_000)));
        assert!(
            shown.starts_with("\\u{1b}[2J\\né") && shown.ends_with("é…"),
            "{shown}"
        );
        assert!(shown.chars().count() < LONGEST + 20);
    }
}
