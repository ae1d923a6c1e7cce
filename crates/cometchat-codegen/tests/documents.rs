//! What lint accepts generates and compiles without a warning: documents that others wrote, from the folder that
//! `COMETCHAT_DOCUMENTS` names (by default `../shared/specs`) and those of `tests/specs`, each as a copy of the client crate.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::symlink;
use std::panic::{catch_unwind, set_hook, take_hook};
use std::path::{Path, PathBuf};
use std::process::Command;

use cometchat_codegen::{Generated, generate_with_warnings, spec};

fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.ancestors().nth(2).unwrap().to_owned()
}

/// The documents of a folder by their names.
fn documents() -> Vec<(String, String)> {
    let named = std::env::var_os("COMETCHAT_DOCUMENTS").map(PathBuf::from);
    let shared = named.unwrap_or_else(|| root().join("../shared/specs"));
    let own = root().join("crates/cometchat-codegen/tests/specs");
    let mut files: Vec<_> = [shared, own]
        .iter()
        .filter_map(|folder| fs::read_dir(folder).ok())
        .flatten()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.retain(|file| {
        let extension = file.extension().unwrap_or_default();
        ["json", "yaml", "yml"].iter().any(|one| extension == *one)
    });
    files.sort();
    let name = |file: &Path| {
        let stem = file.file_stem().unwrap().to_string_lossy().to_lowercase();
        stem.replace(|c: char| !c.is_ascii_alphanumeric(), "-")
    };
    let read = |file: &PathBuf| (name(file), fs::read_to_string(file).unwrap());
    // One of ours is what is added to another.
    let is_whole = |(_, text): &(String, String)| text.contains("openapi");
    files.iter().map(read).filter(is_whole).collect()
}

/// Writes a workspace of one copy of the client crate for each document.
fn write_workspace(target: &Path, clients: &[(String, Generated)]) {
    drop(fs::remove_dir_all(target));
    fs::create_dir_all(target).unwrap();
    let client = root().join("crates/cometchat-client");
    let workspace = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let lines = workspace
        .lines()
        .filter(|line| !line.starts_with("exclude") && !line.contains("{ path ="))
        .map(|line| match line {
            line if line.starts_with("members") => "members = [\"*\"]",
            "[workspace.lints.rust]" => "[workspace.lints.rust]\nwarnings = \"deny\"",
            line => line,
        });
    let workspace: Vec<_> = lines.collect();
    fs::write(target.join("Cargo.toml"), workspace.join("\n")).unwrap();
    fs::copy(root().join("Cargo.lock"), target.join("Cargo.lock")).unwrap();
    let manifest = fs::read_to_string(client.join("Cargo.toml")).unwrap();
    let is_build = |section: &str| {
        section.contains("build-dependencies") || section.contains("dev-dependencies")
    };
    let manifest = manifest
        .replace("codegen = [\"dep:cometchat-codegen\"]", "codegen = []")
        // TLS makes no difference to what is generated.
        .replace(
            "default = [\"rustls\", \"gzip\"]",
            "default = [\"codegen\"]",
        )
        .split("\n[")
        .filter(|section| !is_build(section))
        .collect::<Vec<_>>()
        .join("\n[");
    let library = fs::read_to_string(client.join("src/lib.rs")).unwrap();
    let library = library.replace(
        "concat!(env!(\"OUT_DIR\"), \"/generated.rs\")",
        "\"generated.rs\"",
    );
    for (name, generated) in clients {
        let own = target.join(name);
        fs::create_dir_all(own.join("src")).unwrap();
        let manifest = manifest.replacen("cometchat-client", name, 1);
        fs::write(own.join("Cargo.toml"), manifest).unwrap();
        symlink(client.join("README.md"), own.join("README.md")).unwrap();
        for entry in fs::read_dir(client.join("src")).unwrap() {
            let entry = entry.unwrap();
            if entry.file_name() != "generated.rs" && entry.file_name() != "lib.rs" {
                symlink(entry.path(), own.join("src").join(entry.file_name())).unwrap();
            }
        }
        fs::write(own.join("src/lib.rs"), &library).unwrap();
        fs::write(own.join("src/generated.rs"), &generated.code).unwrap();
    }
}

/// The clients that do not compile, and what the compiler says.
fn broken(target: &Path, clients: &[(String, Generated)]) -> (Vec<String>, String) {
    let output = Command::new(env!("CARGO"))
        .args([
            "check",
            "--workspace",
            "--keep-going",
            "--quiet",
            "--message-format=short",
        ])
        .current_dir(target)
        .env("CARGO_TARGET_DIR", root().join("target"))
        .env("CARGO_INCREMENTAL", "0")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let names = clients.iter().map(|(name, _)| name);
    let broken: Vec<_> = names
        .filter(|name| said.contains(&format!("could not compile `{name}`")))
        .cloned()
        .collect();
    assert!(output.status.success() || !broken.is_empty(), "{said}");
    (broken, said)
}

/// Whether progenitor alone generates a document as it is written.
fn progenitor_accepts(text: &str) -> bool {
    let Ok(document) = spec::read(text).map(serde_json::from_value) else {
        return false;
    };
    let Ok(document) = document else { return false };
    let generated = catch_unwind(|| progenitor::Generator::default().generate_tokens(&document));
    matches!(generated, Ok(Ok(_)))
}

#[test]
#[ignore = "compiles a client for each document: minutes"]
fn what_is_accepted_compiles_without_a_warning() {
    let documents = documents();
    let mut clients = Vec::new();
    let mut refused = String::new();
    for (name, text) in &documents {
        match catch_unwind(|| generate_with_warnings(text)) {
            Ok(Ok(generated)) => clients.push((name.clone(), generated)),
            Ok(Err(error)) => {
                for finding in error.findings() {
                    assert!(
                        !finding.location.is_empty() && !finding.help.is_empty(),
                        "{name}: {finding}"
                    );
                    assert!(finding.rule != "generator", "{name}: {finding}");
                }
                writeln!(refused, "{name}: {error}").unwrap();
            }
            Err(_) => panic!("{name}: the generator panicked"),
        }
    }
    let target = root().join("target/documents");
    write_workspace(&target, &clients);
    let (broken, said) = broken(&target, &clients);
    // Its panics are counted, not shown.
    set_hook(Box::new(|_| {}));
    let alone = documents
        .iter()
        .filter(|(_, text)| progenitor_accepts(text));
    let alone = alone.count();
    drop(take_hook());
    println!(
        "{refused}\n| documents | accepted | compile | accepted by progenitor alone |\n|---|---|---|---|\n| {} | {} | {} | {} |",
        documents.len(),
        clients.len(),
        clients.len() - broken.len(),
        alone,
    );
    assert!(broken.is_empty(), "{broken:#?}\n{said}");
}
