//! The last look at the docs of the generated code: nothing in them is compiled, run, or hidden from its reader.
//!
//! rustdoc takes each code block that doesn't say otherwise for a test, and rustc refuses a carriage return and characters
//! that turn the direction of writing. Wherever words come from, they go through here.

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag};
use syn::visit_mut::VisitMut;
use syn::{Attribute, Expr, ExprLit, File, Lit, LitStr, Meta};

use crate::error::printable;

/// Makes the docs of a file harmless.
pub fn rewrite(file: &mut File) {
    Docs.visit_file_mut(file);
}

struct Docs;

impl VisitMut for Docs {
    fn visit_attribute_mut(&mut self, attribute: &mut Attribute) {
        if let Meta::NameValue(doc) = &mut attribute.meta
            && doc.path.is_ident("doc")
            && let Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            }) = &mut doc.value
        {
            let words = text.value();
            let harmless = harmless(&words);
            if harmless != words {
                *text = LitStr::new(&harmless, text.span());
            }
        }
    }
}

/// The most blocks that are mended one at a time; docs with more, or with one that doesn't end, lose their blocks.
const MOST_BLOCKS: usize = 64;

/// Docs without code that runs, and without characters that act.
fn harmless(docs: &str) -> String {
    let lines = docs.replace("\r\n", "\n").replace('\r', "\n");
    let lines = lines.split('\n').map(|line| {
        line.split('\t')
            .map(printable)
            .collect::<Vec<_>>()
            .join("\t")
    });
    let mut docs = lines.collect::<Vec<_>>().join("\n");
    for _ in 0..MOST_BLOCKS {
        match runnable(&docs) {
            Some((start, _, true)) => {
                let fence = docs[start..]
                    .find(|c| c != '`' && c != '~')
                    .unwrap_or(docs.len() - start);
                let end = docs[start..].find('\n').unwrap_or(docs.len() - start);
                docs.replace_range(start + fence..start + end, "text");
            }
            Some((start, end, false)) => {
                let start = docs[..start].rfind('\n').map_or(0, |at| at + 1);
                let flat: Vec<_> = docs[start..end].split('\n').map(flat).collect();
                docs.replace_range(start..end, &flat.join("\n"));
            }
            None if ends_open(&docs) => break,
            None => return docs,
        }
    }
    let flat: Vec<_> = docs.split('\n').map(flat).collect();
    flat.join("\n").replace("```", "'''").replace("~~~", "'''")
}

/// The first code block that would be run: where it starts and ends, and whether it has a fence.
pub(crate) fn runnable(docs: &str) -> Option<(usize, usize, bool)> {
    Parser::new(docs)
        .into_offset_iter()
        .find_map(|(event, range)| {
            let Event::Start(Tag::CodeBlock(kind)) = event else {
                return None;
            };
            match kind {
                CodeBlockKind::Fenced(info) if matches!(&*info, "text" | "ignore") => None,
                CodeBlockKind::Fenced(_) => Some((range.start, range.end, true)),
                CodeBlockKind::Indented => Some((range.start, range.end, false)),
            }
        })
}

/// Whether what follows the docs would belong to a code block of theirs.
fn ends_open(docs: &str) -> bool {
    let mut in_code = false;
    let longer = format!("{docs}\nend");
    for event in Parser::new(&longer) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => in_code = true,
            Event::Text(text)
                if in_code
                    && text.trim_end().ends_with("end")
                    && text.lines().last() == Some("end") =>
            {
                return true;
            }
            Event::End(pulldown_cmark::TagEnd::CodeBlock) => in_code = false,
            _ => {}
        }
    }
    false
}

/// A line without the space that would make it code.
fn flat(line: &str) -> String {
    let marks =
        line.find(|c: char| !(c.is_whitespace() || c.is_ascii_digit() || "-+*>.)".contains(c)));
    let (marks, rest) = line.split_at(marks.unwrap_or(line.len()));
    let mut flat = marks.split_whitespace().collect::<Vec<_>>().join(" ");
    if !flat.is_empty() && marks.ends_with(char::is_whitespace) {
        flat.push(' ');
    }
    flat + rest
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{ends_open, harmless, runnable};

    #[test]
    fn code_in_docs_becomes_text() {
        for (docs, expected) in [
            ("a `b` c\n\n- d\n  e", "a `b` c\n\n- d\n  e"),
            ("```\npanic!()\n```", "```text\npanic!()\n```"),
            (
                "```rust,should_panic\na\n```\n\n~~~\nb\n~~~",
                "```text\na\n```\n\n~~~text\nb\n~~~",
            ),
            (
                "```text\na\n```\n```ignore\nb\n```",
                "```text\na\n```\n```ignore\nb\n```",
            ),
            ("a\n\n    b\n    c\n\nd", "a\n\nb\nc\n\nd"),
            ("- a\n\n      b", "- a\n\nb"),
            ("> ```\n> a\n> ```\n\n    b", "> ```text\n> a\n> ```\n\nb"),
            ("a\n```\nb", "a\n'''text\nb"),
            ("a\rb\r\nc\u{202e}d\u{1b}", "a\nb\nc\\u{202e}d\\u{1b}"),
        ] {
            assert_eq!(harmless(docs), expected, "{docs:?}");
        }
    }

    proptest! {
        #[test]
        fn no_docs_run(docs in "([-+*>`~ \t\na1.]|```|~~~|    ){0,60}") {
            let harmless = harmless(&docs);
            prop_assert!(runnable(&harmless).is_none() && !ends_open(&harmless), "{docs:?} {harmless:?}");
        }
    }
}
