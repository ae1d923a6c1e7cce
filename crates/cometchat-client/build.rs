//! Generates the client at build time, with the feature `codegen`; without it, does nothing.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    #[cfg(feature = "codegen")]
    codegen::run();
}

#[cfg(feature = "codegen")]
mod codegen {
    use std::path::{Path, PathBuf};
    use std::{env, fs, process};

    use cometchat_codegen::{Error, Spec, generate_with_warnings};

    /// The most warnings that a build shows: a vendor's document may have hundreds.
    const MOST_WARNINGS: usize = 10;

    /// What `cometchat` is written against, which asks for it by the feature `group-lists`.
    const OPERATIONS: [&str; 2] = ["list_group_members", "list_banned_users"];
    const SCHEMAS: [&str; 4] = ["GroupMember", "BannedUser", "MemberScope", "UserStatus"];

    /// Generates from the file that `COMETCHAT_OPENAPI` names, or from the spec that the crate carries.
    pub(super) fn run() {
        println!("cargo::rerun-if-env-changed=COMETCHAT_OPENAPI");
        let directory = |name| env::var_os(name).map(PathBuf::from).unwrap_or_default();
        let named = env::var_os("COMETCHAT_OPENAPI").filter(|name| !name.is_empty());
        let spec = match named {
            Some(name) if PathBuf::from(&name).is_relative() => fail(&format!(
                "COMETCHAT_OPENAPI is {name:?}, and a build script can't know what that is relative to\n  \
                 help: name the file by its absolute path, or set it in .cargo/config.toml, which makes the path \
                 absolute: `[env]` and `COMETCHAT_OPENAPI = {{ value = \"openapi.yaml\", relative = true }}`"
            )),
            Some(name) => PathBuf::from(name),
            None => directory("CARGO_MANIFEST_DIR").join("openapi.yaml"),
        };
        println!("cargo::rerun-if-changed={}", spec.display());

        let text = fs::read_to_string(&spec).unwrap_or_else(|error| {
            fail(&format!(
                "can't read {}: {error}\n  help: name a file in COMETCHAT_OPENAPI by its absolute path",
                spec.display()
            ))
        });
        let failed = |error: Error| -> ! { fail(&format!("{}: {error}", spec.display())) };
        let generated = generate_with_warnings(&text).unwrap_or_else(|error| failed(error));
        let shown = generated.warnings.iter().take(MOST_WARNINGS);
        for warning in shown {
            for line in format!("{}: {warning}", spec.display()).lines() {
                println!("cargo::warning={line}");
            }
        }
        if let Some(more) = generated.warnings.len().checked_sub(MOST_WARNINGS + 1) {
            println!(
                "cargo::warning={}: {} more; `cargo xtask lint` in cometchat's repository shows all",
                spec.display(),
                more + 1
            );
        }
        if env::var_os("CARGO_FEATURE_GROUP_LISTS").is_some() {
            let parsed = Spec::parse(&text).unwrap_or_else(|error| failed(error));
            has_group_lists(&spec, &parsed);
        }
        let target = directory("OUT_DIR").join("generated.rs");
        fs::write(&target, generated.code)
            .unwrap_or_else(|error| fail(&format!("can't write {}: {error}", target.display())));
    }

    /// Ends the build where the spec lacks what `cometchat` is written against.
    fn has_group_lists(file: &Path, spec: &Spec) {
        let has = |id: &str| spec.operations().any(|operation| operation.id() == id);
        let operations = OPERATIONS.iter().filter(|id| !has(id));
        let schemas = SCHEMAS.iter().filter(|name| spec.schema(name).is_none());
        let missing: Vec<_> = operations
            .chain(schemas)
            .map(|name| format!("`{name}`"))
            .collect();
        if !missing.is_empty() {
            fail(&format!(
                "{}: the crate `cometchat` lists members and banned users of groups, and the spec has no {}\n  \
                 help: add them as in the openapi.yaml of cometchat-client, or depend on `cometchat-client` alone",
                file.display(),
                missing.join(", ")
            ));
        }
    }

    /// Ends the build with a message that cargo shows as its own, a line at a time.
    fn fail(message: &str) -> ! {
        for line in message.lines() {
            println!("cargo::error={line}");
        }
        process::exit(1);
    }
}
