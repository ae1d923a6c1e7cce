//! A property-based tester on the sandbox: both operations, with good input and bad, every answer held to the spec.
//!
//! What it asks and which of its checks are changed, with the reasons, is in `schemathesis.toml`; what it can't know of the
//! service is in `schemathesis_hooks.py`.

use std::collections::BTreeMap;
use std::process::Output;

use anyhow::{Context, Result, ensure};
use cometchat_sandbox::{ErrorBody, Fault, Operation, Sandbox};

use crate::tool;

const OPERATIONS: [Operation; 2] = [Operation::Members, Operation::BannedUsers];

/// Tests the sandbox in both of its manners, and one that fails.
pub(crate) fn ask() -> Result<String> {
    let mut found = Vec::new();
    for (manner, builder) in [
        ("as observed", Sandbox::builder().observed()),
        ("tidy", Sandbox::builder().tidy()),
    ] {
        let sandbox = builder.start_blocking()?;
        let output = test(&sandbox, &[])?;
        ensure!(
            output.status.success(),
            "the sandbox, {manner}\n{}",
            tool::text_of(&output)
        );
        found.push(format!("{manner} {}", tally(&sandbox)?));
    }

    // A tester that no answer could displease would be of no use.
    let fault = Fault::error(500, ErrorBody::Json).on_list(Operation::BannedUsers);
    let sandbox = Sandbox::builder().fault(fault).start_blocking()?;
    let output = test(&sandbox, &["--phases", "examples"])?;
    ensure!(
        !output.status.success() && tool::text_of(&output).contains("Server error"),
        "a sandbox that fails goes unnoticed\n{}",
        tool::text_of(&output)
    );
    Ok(found.join("; "))
}

fn test(sandbox: &Sandbox, more: &[&str]) -> Result<Output> {
    let scratch = tempfile::tempdir()?;
    tool::on_python("schemathesis")?
        .args(["--config-file", "schemathesis.toml", "run", "--url"])
        .arg(sandbox.base_url())
        .args(more)
        // What the spec has beside these, the sandbox does not serve.
        .args(OPERATIONS.map(|operation| format!("--include-operation-id={}", operation.id())))
        .arg(tool::spec())
        .env("SANDBOX_API_KEY", sandbox.api_key())
        .env("HYPOTHESIS_STORAGE_DIRECTORY", scratch.path())
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .context("schemathesis can't be run")
}

/// How often each status was answered, by the sandbox's own count.
///
/// # Errors
///
/// One list was never listed, or never refused for one of the reasons that there are.
fn tally(sandbox: &Sandbox) -> Result<String> {
    let mut all = BTreeMap::<u16, usize>::new();
    let requests = sandbox.requests();
    for request in &requests {
        *all.entry(request.status().unwrap_or_default()).or_default() += 1;
    }
    for operation in OPERATIONS {
        for status in [200, 400, 401, 404] {
            let met = requests.iter().any(|request| {
                request.operation() == Some(operation) && request.status() == Some(status)
            });
            ensure!(met, "{} was never answered with {status}", operation.id());
        }
    }
    let counts: Vec<_> = all
        .into_iter()
        .map(|(status, count)| format!("{count} answered {status}"))
        .collect();
    Ok(format!(
        "{} requests, {}",
        requests.len(),
        counts.join(", ")
    ))
}
