//! Generates the client at build time, with the feature `codegen`; without it, does nothing.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    #[cfg(feature = "codegen")]
    codegen::run();
}

#[cfg(feature = "codegen")]
mod codegen {
    use std::path::PathBuf;
    use std::{env, fs, process};

    /// Generates from the file that `COMETCHAT_OPENAPI` names, or from the spec that the crate carries.
    pub(super) fn run() {
        println!("cargo::rerun-if-env-changed=COMETCHAT_OPENAPI");
        let directory = |name| env::var_os(name).map(PathBuf::from).unwrap_or_default();
        let named = env::var_os("COMETCHAT_OPENAPI").filter(|name| !name.is_empty());
        let spec = match named {
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
        let generated = cometchat_codegen::generate_with_warnings(&text)
            .unwrap_or_else(|error| fail(&format!("{}: {error}", spec.display())));
        for warning in &generated.warnings {
            for line in format!("{}: {warning}", spec.display()).lines() {
                println!("cargo::warning={line}");
            }
        }
        let target = directory("OUT_DIR").join("generated.rs");
        fs::write(&target, generated.code)
            .unwrap_or_else(|error| fail(&format!("can't write {}: {error}", target.display())));
    }

    /// Ends the build with a message that cargo shows as its own, a line at a time.
    fn fail(message: &str) -> ! {
        for line in message.lines() {
            println!("cargo::error={line}");
        }
        process::exit(1);
    }
}
