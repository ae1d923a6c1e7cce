//! An error of the library, in the words of this program.
//!
//! The library tells a programmer which method to call; whoever runs a program is told which argument to give. What the
//! service says of an error is shown on a line of its own, as what it is: text from outside.

use std::error::Error as _;

use cometchat::{Error, ErrorKind};

use crate::exit::Failure;
use crate::printable::printable;

/// What the library says, and what this program says for it. The first that fits is taken.
const WORDS: &[(&str, &str)] = &[
    (".requests_per_minute(per_minute)", "--rate-limit N"),
    (
        "Read more with .max_pages(…), or in parts with .page(…) and .limit(…)",
        "Read it in parts, with --start-page N and --limit N",
    ),
    ("with .page(…)", "with --start-page N"),
    (
        ", or accept more with .max_response_bytes(…)",
        ": --per-page N",
    ),
    (
        ", or allow more time with .attempt_timeout(…)",
        " (--per-page N), or allow more time (--timeout SECONDS)",
    ),
    (", or allow more time with .connect_timeout(…)", ""),
    (
        " and what .configure_http(…) sets",
        " and the proxy that is set",
    ),
    (
        "Check what .configure_http(…) sets",
        "Check the certificates of this machine, and the proxy that is set",
    ),
    (
        "If the service has changed, regenerate from a newer spec; body_snippet() shows what came",
        "Check that the address is that of the API",
    ),
    (". body_snippet() shows what came", ""),
    (
        "message(), details() and body_snippet() hold what was said of it",
        "",
    ),
    ("; details() says which", ""),
    (
        "(code() holds a code of another form)",
        "(a code of another form)",
    ),
    ("or call .api_key(…)", "or give --api-key-file"),
    (
        "with .api_key(…)",
        "with COMETCHAT_API_KEY or --api-key-file",
    ),
    ("or call .app_id(…)", "or give --app-id"),
    ("or call .region(…)", "or give --region"),
    ("with .base_url(…)", "with --base-url"),
    (".allow_plain_http()", "--allow-plain-http"),
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
    use std::fs;
    use std::path::Path;

    use super::*;

    /// The string literals of a source file, without its tests.
    fn literals(source: &str) -> Vec<&str> {
        let source = source.split("#[cfg(test)]").next().unwrap();
        let code = source
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"));
        code.flat_map(|line| line.split('"').skip(1).step_by(2))
            .collect()
    }

    #[test]
    fn no_method_is_named_to_who_has_none_to_call() {
        let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        if !crates.join("cometchat-client/src").is_dir() {
            // Packed, this crate stands alone.
            return;
        }
        let mut named = 0;
        for folder in ["cometchat/src", "cometchat-client/src"] {
            for entry in fs::read_dir(crates.join(folder)).unwrap() {
                let path = entry.unwrap().path();
                // What a generated builder misses, this program never leaves out.
                if !path.is_file() || path.ends_with("generated.rs") {
                    continue;
                }
                let source = fs::read_to_string(&path).unwrap();
                for text in literals(&source) {
                    // What is filled in there is one of these.
                    let text = text.replace("{what}", "app_id");
                    let shown_to_nobody =
                        text.ends_with("ApiKey(…)") || text.ends_with("Reporter(…)");
                    if shown_to_nobody
                        || !["(…)", "()", "(per_minute)"]
                            .iter()
                            .any(|call| text.contains(call))
                    {
                        continue;
                    }
                    named += 1;
                    let said = in_our_words(&text);
                    assert!(
                        !said.contains("(…)") && !said.contains("()"),
                        "{}: {said}",
                        path.display()
                    );
                }
            }
        }
        assert!(
            named >= WORDS.len() / 2,
            "only {named} texts were looked at"
        );
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
