//! What a crate's page shows: said in full, and in words that the registry takes.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::cargo::{array, text};
use crate::findings::Findings;

/// The categories of crates.io that suit a crate of this workspace. It leaves out without a word what is not one.
const CATEGORIES: [&str; 8] = [
    "api-bindings",
    "asynchronous",
    "command-line-utilities",
    "development-tools::build-utils",
    "development-tools::testing",
    "web-programming",
    "web-programming::http-client",
    "web-programming::http-server",
];

/// What crates.io takes of keywords: so many, of so many characters.
const MOST_KEYWORDS: usize = 5;
const LONGEST_KEYWORD: usize = 20;

/// The licences, which each package carries a copy of.
const LICENCES: [&str; 2] = ["LICENSE-APACHE", "LICENSE-MIT"];

/// Checks what a crate says of itself.
pub(crate) fn check(package: &Value, findings: &mut Findings) -> Result<()> {
    let name = text(&package["name"]);
    let manifest = Path::new(text(&package["manifest_path"]));
    let folder = manifest.parent().context("a manifest is in a folder")?;
    let mut wrong = said(package);
    for licence in LICENCES {
        let copy = fs::read_to_string(folder.join(licence)).unwrap_or_default();
        let whole = fs::read_to_string(crate::root().join(licence))
            .with_context(|| format!("can't read {licence}"))?;
        if copy != whole {
            wrong.push(format!(
                "its {licence} is not a copy of the one at the root"
            ));
        }
    }
    let readme = folder.join(text(&package["readme"]));
    let readme = fs::read_to_string(readme).unwrap_or_default();
    if !readme.lines().any(|line| line == format!("# {name}")) {
        wrong.push(format!("its README has no heading `# {name}`"));
    }
    if wrong.is_empty() {
        findings.pass(format!("{name} says what its page shows"));
    }
    for wrong in wrong {
        findings.fail(
            format!("{name}: {wrong}"),
            format!("correct {}", manifest.display()),
        );
    }
    Ok(())
}

/// What is wrong with the words of a manifest.
fn said(package: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    let name = text(&package["name"]);
    for field in [
        "description",
        "license",
        "repository",
        "rust_version",
        "readme",
    ] {
        if text(&package[field]).is_empty() {
            wrong.push(format!("it has no {}", field.replace('_', "-")));
        }
    }
    if text(&package["documentation"]) != format!("https://docs.rs/{name}") {
        wrong.push(format!("its documentation is not https://docs.rs/{name}"));
    }
    let keywords = array(&package["keywords"]);
    if keywords.is_empty() || keywords.len() > MOST_KEYWORDS {
        wrong.push(format!(
            "it has {} keywords, where 1 to {MOST_KEYWORDS} are taken",
            keywords.len()
        ));
    }
    for keyword in keywords.iter().map(text) {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '+');
        if keyword.len() > LONGEST_KEYWORD
            || !keyword.starts_with(|first: char| first.is_ascii_alphanumeric())
            || !keyword.chars().all(plain)
        {
            wrong.push(format!("{keyword:?} is not taken for a keyword"));
        }
    }
    let categories = array(&package["categories"]);
    if categories.is_empty() {
        wrong.push("it has no categories".to_owned());
    }
    for category in categories.iter().map(text) {
        if !CATEGORIES.contains(&category) {
            wrong.push(format!(
                "{category:?} is not known for a category; if crates.io has it, add it to xtask/src/package/page.rs"
            ));
        }
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn complete() -> Value {
        json!({
            "name": "a", "description": "A.", "license": "MIT", "repository": "https://elsewhere.example/a",
            "rust_version": "1.88", "readme": "README.md", "documentation": "https://docs.rs/a",
            "keywords": ["chat"], "categories": ["api-bindings"],
        })
    }

    #[test]
    fn a_complete_manifest_is_taken() {
        assert_eq!(said(&complete()), Vec::<String>::new());
    }

    #[test]
    fn what_the_registry_would_refuse_or_drop_is_found() {
        for (field, value, reason) in [
            ("description", json!(null), "no description"),
            ("rust_version", json!(null), "no rust-version"),
            ("readme", json!(null), "no readme"),
            ("documentation", json!("https://docs.rs/b"), "documentation"),
            ("keywords", json!([]), "0 keywords"),
            (
                "keywords",
                json!(["a", "b", "c", "d", "e", "f"]),
                "6 keywords",
            ),
            ("keywords", json!(["two words"]), "two words"),
            ("keywords", json!(["a-keyword-of-twenty-one"]), "a-keyword"),
            ("keywords", json!(["_a"]), "_a"),
            ("categories", json!([]), "no categories"),
            ("categories", json!(["chatting"]), "chatting"),
        ] {
            let mut package = complete();
            package[field] = value;
            let wrong = said(&package);
            assert!(
                wrong.len() == 1 && wrong[0].contains(reason),
                "{field}: {wrong:?}"
            );
        }
    }
}
