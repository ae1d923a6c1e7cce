//! The public interface of the libraries, a line for each thing that a program can name.

use std::path::Path;
use std::process::Command;

/// The interface of a library with these features, as rustdoc describes it.
fn interface(library: &str, features: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let target = root.join("target");
    let status = Command::new(env!("CARGO"))
        .args([
            "rustdoc",
            "--quiet",
            "--locked",
            "--lib",
            "--no-default-features",
        ])
        .args(["--package", library, "--features", features])
        .arg("--target-dir")
        .arg(&target)
        .args([
            "--",
            "-Zunstable-options",
            "--output-format=json",
            "--cap-lints=allow",
        ])
        .env("RUSTDOC", root.join(".ci/rustdoc"))
        .current_dir(root)
        .status()
        .unwrap();
    assert!(status.success(), "rustdoc can't describe {library}");
    let json = target.join(format!("doc/{}.json", library.replace('-', "_")));
    public_api::Builder::from_rustdoc_json(json)
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .build()
        .unwrap()
        .to_string()
}

#[test]
#[ignore = "needs the Rust whose JSON public-api reads; `cargo xtask ci interface` runs it"]
fn the_public_interface_is_as_reviewed() {
    let client = interface("cometchat-client", "gzip,jiff_0_2,rustls,schemars,tracing");
    let sdk = interface(
        "cometchat",
        "blocking,gzip,jiff_0_2,rustls,schemars,tracing",
    );
    insta::assert_snapshot!("public_interface", format!("{client}\n{sdk}"));
}
