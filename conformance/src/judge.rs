//! The judges, and what is made of what they say.
//!
//! A judge whose tools are missing is skipped with a line that says so, for whoever has no Node or Python at hand. In CI
//! that is a failure, or else a broken installation would look like a verdict.

use std::process::{Command, ExitCode};
use std::time::Instant;

use anyhow::{Result, ensure};
use clap::ValueEnum;

use crate::tool::{self, Missing};
use crate::{prism, redocly, schemathesis};

/// Somebody else's reading of the spec.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Judge {
    /// A linter, on openapi.yaml.
    Redocly,
    /// A property-based tester, on the sandbox.
    Schemathesis,
    /// A mock server made from the spec, which the library and the program list from.
    Prism,
    /// A validator of JSON Schema, on the examples of the spec and on what the sandbox sends.
    Examples,
}

impl Judge {
    /// What is judged, in a few words.
    fn subject(self) -> &'static str {
        match self {
            Self::Redocly => "openapi.yaml",
            Self::Schemathesis => "the sandbox",
            Self::Prism => "what the library and the program send",
            Self::Examples => "the examples of the spec, and what the sandbox sends",
        }
    }

    /// What it found in order.
    fn ask(self) -> Result<String> {
        match self {
            Self::Redocly => redocly::ask(),
            Self::Schemathesis => schemathesis::ask(),
            Self::Prism => prism::ask(),
            Self::Examples => examples(),
        }
    }
}

/// Asks these judges, or all of them, and says at the end which found fault.
pub(crate) fn run(judges: &[Judge]) -> Result<ExitCode> {
    let judges = match judges {
        [] => Judge::value_variants(),
        some => some,
    };
    let in_ci = std::env::var_os("CI").is_some_and(|ci| ci == "true");
    let mut failed = false;
    for judge in judges {
        let started = Instant::now();
        let verdict = judge.ask();
        let seconds = started.elapsed().as_secs_f64();
        let name = format!("{judge:?}").to_lowercase();
        let subject = judge.subject();
        match verdict {
            Ok(found) => println!("✓ {name}, on {subject}: {found} ({seconds:.1} s)"),
            Err(error) if error.is::<Missing>() && !in_ci => {
                println!("– {name}, on {subject}: skipped; {error:#}");
            }
            Err(error) => {
                failed = true;
                println!("✗ {name}, on {subject}: {error:#}");
            }
        }
    }
    Ok(ExitCode::from(u8::from(failed)))
}

/// Runs the tests that validate: the validator is a crate, and needs no installation.
fn examples() -> Result<String> {
    for [package, test] in [
        ["cometchat-client", "spec_examples"],
        ["cometchat-sandbox", "over_sockets"],
    ] {
        let mut cargo = Command::new(tool::cargo());
        cargo.args(["test", "--quiet", "--package", package, "--test", test]);
        let output = cargo.current_dir(tool::root()).output()?;
        ensure!(
            output.status.success(),
            "`cargo test --package {package} --test {test}` fails\n{}",
            tool::text_of(&output)
        );
    }
    Ok("each fits its schema".to_owned())
}
