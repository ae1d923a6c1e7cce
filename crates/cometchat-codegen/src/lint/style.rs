//! What our own document is held to beside: examples, and extensions that are spelt as they are read.

use crate::document::spec::{Spec, entries};
use crate::document::walk::each_part;
use crate::error::Finding;

/// The extensions that are read here.
const EXTENSIONS: [&str; 7] = [
    "x-enum-descriptions",
    "x-enum-of",
    "x-error-codes",
    "x-extensible-enum",
    "x-lenient",
    "x-pagination",
    "x-retry",
];

pub(super) fn check(spec: &Spec, findings: &mut Vec<Finding>) {
    for operation in spec.operations() {
        for (status, response) in entries(&operation.value["responses"]) {
            for (media, content) in entries(&spec.resolve(response)["content"]) {
                let shown = &content["examples"];
                let shown = !content["example"].is_null()
                    || entries(shown).any(|(_, one)| !spec.resolve(one)["value"].is_null());
                if !shown {
                    findings.push(Finding::warning(
                        "response-example",
                        format!(
                            "{}.responses.{status}.content.{media}",
                            operation.location()
                        ),
                        "the response has no example",
                        "add `example:` with a body that the service sends",
                    ));
                }
            }
        }
    }
    each_part(&mut spec.root().clone(), &mut |location, value| {
        for (key, _) in entries(value).filter(|(key, _)| key.starts_with("x-")) {
            let meant = EXTENSIONS.into_iter().find(|known| near(key, known));
            if let Some(meant) = meant {
                findings.push(Finding::warning(
                    "extension",
                    format!("{location}.{key}"),
                    format!("`{key}` is passed over; `{meant}` is read"),
                    format!("write `{meant}`, if that is meant"),
                ));
            }
        }
    });
}

/// Whether a key is not a known one but spelt like it.
fn near(key: &str, known: &str) -> bool {
    let plain = |text: &str| text.to_ascii_lowercase().replace(['_', '-'], "");
    let (typed, meant) = (plain(key), plain(known));
    key != known && strsim::levenshtein(&typed, &meant) <= typed.len().min(meant.len()) / 3
}
