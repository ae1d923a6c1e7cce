//! A program in an empty folder, as somebody would write it on the first day: it lists from a sandbox.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::isolated;
use crate::cargo::output;
use crate::findings::Findings;

/// How many members the sandbox's group `city` has, which the program reads page by page.
const MEMBERS: &str = "2500";

const PROGRAM: &str = r#"
use cometchat::Client;
use cometchat_sandbox::Sandbox;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::start().await?;
    let client = Client::builder().base_url(sandbox.base_url()).api_key(sandbox.api_key()).build()?;
    let members = client.group("city").members().collect_all().await?;
    println!("{}", members.len());
    Ok(())
}
"#;

/// Builds and runs the program with the unpacked crates.
pub(crate) fn check(
    unpacked: &BTreeMap<String, PathBuf>,
    target: &Path,
    findings: &mut Findings,
) -> Result<()> {
    let folder = tempfile::tempdir()?;
    fs::create_dir(folder.path().join("src"))?;
    fs::write(folder.path().join("src/main.rs"), PROGRAM)?;
    fs::write(folder.path().join("Cargo.toml"), manifest(unpacked))?;
    // The versions that everything else here is built with.
    fs::copy(
        crate::root().join("Cargo.lock"),
        folder.path().join("Cargo.lock"),
    )?;

    match output(isolated(folder.path(), target).args(["run", "--quiet"])) {
        Ok(printed) if printed.trim() == MEMBERS => findings.pass(format!(
            "a new program that depends on the packed crates alone lists {MEMBERS} members"
        )),
        Ok(printed) => findings.fail(
            format!("a new program lists {:?} members, where there are {MEMBERS}", printed.trim()),
            "see what the sandbox serves, and how paging ends",
        ),
        Err(error) => findings.fail(
            format!("a new program can't use the packed crates: {error}"),
            "make it public again, or change the program in xtask/src/package/program.rs with the README",
        ),
    }
    Ok(())
}

/// A manifest that depends on the SDK and the sandbox by path, and finds what these depend on by path, too.
fn manifest(unpacked: &BTreeMap<String, PathBuf>) -> String {
    let path = |name: &str| format!("{{ path = '{}' }}", unpacked[name].display());
    format!(
        r#"
[package]
name = "first-day"
version = "0.0.0"
edition = "2024"

[dependencies]
cometchat = {}
cometchat-sandbox = {}
tokio = {{ version = "1", features = ["macros", "rt"] }}

[patch.crates-io]
cometchat-client = {}
"#,
        path("cometchat"),
        path("cometchat-sandbox"),
        path("cometchat-client"),
    )
}
