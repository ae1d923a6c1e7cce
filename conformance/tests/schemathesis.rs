//! A property-based tester on the sandbox: both operations, with good input and bad, every response checked by the spec.
//!
//! What it sends and which of its checks are changed, with the reasons, is in `schemathesis.toml`; what it can't know of the
//! service is in `schemathesis_hooks.py`.

mod tools;

use std::process::{Command, Output, Stdio};

use anyhow::{Context, Result, ensure};
use cometchat_sandbox::{ErrorBody, Fault, Operation, Sandbox};

use tools::{home, root, text_of};

const OPERATIONS: [Operation; 2] = [Operation::ListGroupMembers, Operation::ListBannedUsers];

#[test]
#[ignore = "needs what conformance/install installs"]
fn the_sandbox_answers_as_the_spec_says() -> Result<()> {
    for builder in [Sandbox::builder(), Sandbox::builder().tidy()] {
        let sandbox = builder.start_blocking()?;
        let output = test(&sandbox, &[])?;
        ensure!(output.status.success(), "{}", text_of(&output));
        for operation in OPERATIONS {
            for status in [200, 400, 401, 404] {
                let met = sandbox.requests().iter().any(|request| {
                    request.operation() == Some(operation) && request.status() == Some(status)
                });
                ensure!(met, "{} never answered {status}", operation.id());
            }
        }
    }
    Ok(())
}

#[test]
#[ignore = "needs what conformance/install installs"]
fn a_sandbox_that_fails_is_found() -> Result<()> {
    let fault = Fault::error(500, ErrorBody::Json).on_list(Operation::ListBannedUsers);
    let sandbox = Sandbox::builder().fault(fault).start_blocking()?;
    let output = test(&sandbox, &["--phases", "examples"])?;
    let found = text_of(&output);
    ensure!(
        !output.status.success() && found.contains("Server error"),
        "{found}"
    );
    Ok(())
}

/// Runs schemathesis on a sandbox.
fn test(sandbox: &Sandbox, more: &[&str]) -> Result<Output> {
    let scratch = tempfile::tempdir()?;
    Command::new(home().join(".venv/bin/schemathesis"))
        .args(["--config-file", "schemathesis.toml", "run", "--url"])
        .arg(sandbox.base_url())
        .args(more)
        // What the spec has beside these, the sandbox does not serve.
        .args(OPERATIONS.map(|operation| format!("--include-operation-id={}", operation.id())))
        .arg(root().join("openapi.yaml"))
        .env("SANDBOX_API_KEY", sandbox.api_key())
        .env("HYPOTHESIS_STORAGE_DIRECTORY", scratch.path())
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .current_dir(home())
        .stdin(Stdio::null())
        // The sandbox is on this machine.
        .env("NO_PROXY", "127.0.0.1")
        .env("no_proxy", "127.0.0.1")
        .output()
        .context("can't run schemathesis; run conformance/install")
}
