//! What is in a package: all that is needed, and nothing else.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::Result;

use crate::findings::Findings;

/// The most bytes that a package may have.
const MOST_BYTES: u64 = 300 * 1024;

/// The files that every package has.
const ALWAYS: [&str; 6] = [
    "Cargo.lock",
    "Cargo.toml",
    "Cargo.toml.orig",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
];

/// Checks the size of a package and the files in it.
pub(crate) fn check(
    name: &str,
    archive: &Path,
    unpacked: &Path,
    findings: &mut Findings,
) -> Result<()> {
    let bytes = fs::metadata(archive)?.len();
    if bytes >= MOST_BYTES {
        findings.fail(
            format!("{name} is packed in {bytes} bytes, where less than {MOST_BYTES} are allowed"),
            "leave something out, with `include` in its Cargo.toml",
        );
    }
    let mut files = BTreeMap::new();
    read(unpacked, "", &mut files)?;
    for missing in ALWAYS.iter().filter(|file| !files.contains_key(**file)) {
        findings.fail(
            format!("{missing} is not in the package of {name}"),
            "add it to `include` in its Cargo.toml, and to its folder",
        );
    }
    let strays = strays(&files);
    for stray in &strays {
        findings.fail(
            format!("{stray} is in the package of {name}, and nothing in it needs the file"),
            "leave it out, with `include` in its Cargo.toml",
        );
    }
    if !findings.any() {
        findings.pass(format!(
            "{name} is packed in {bytes} bytes, {} files",
            files.len()
        ));
    }
    Ok(())
}

/// Reads the files below a folder, by path. What is no text counts as empty.
fn read(folder: &Path, prefix: &str, files: &mut BTreeMap<String, String>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            read(&entry.path(), &format!("{path}/"), files)?;
        } else {
            files.insert(path, fs::read_to_string(entry.path()).unwrap_or_default());
        }
    }
    Ok(())
}

/// The files that do not belong: neither code of the library, its build or its examples, nor named by any of these.
fn strays(files: &BTreeMap<String, String>) -> Vec<&str> {
    let is_code = |path: &str| {
        path == "build.rs"
            || path.ends_with(".rs") && (path.starts_with("src/") || path.starts_with("examples/"))
    };
    let is_named = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or(path);
        files
            .iter()
            .any(|(other, text)| is_code(other) && text.contains(name))
    };
    files
        .keys()
        .map(String::as_str)
        .filter(|path| {
            !ALWAYS.contains(path)
                && *path != ".cargo_vcs_info.json"
                && !is_code(path)
                && !is_named(path)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_code_names_does_not_belong() {
        let files = [
            ("Cargo.toml", ""),
            (".cargo_vcs_info.json", ""),
            ("src/lib.rs", r#"include_str!("documented/rows.json")"#),
            ("src/documented/rows.json", ""),
            ("src/documented/old.json", ""),
            ("src/notes.txt", ""),
            ("examples/list.rs", ""),
            ("tests/all.rs", ""),
            ("build.rs", r#"join("openapi.yaml")"#),
            ("openapi.yaml", ""),
            (".env", ""),
        ]
        .map(|(path, text)| (path.to_owned(), text.to_owned()))
        .into();
        assert_eq!(
            strays(&files),
            [
                ".env",
                "src/documented/old.json",
                "src/notes.txt",
                "tests/all.rs"
            ]
        );
    }
}
