//! From the text of a spec to the text of a client, by stages.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::document::markdown;
use crate::document::spec::Spec;
use crate::emit;
use crate::error::{Error, Finding};
use crate::lint::lint;
use crate::plan::Plan;

/// Generates a client from the text of a spec, in YAML or JSON.
///
/// The code expects to be a module of a crate that has the items of `cometchat-client`'s runtime at its root. It is
/// the same, byte for byte, for the same text and the same version of this crate.
///
/// # Errors
///
/// The text is not an OpenAPI document, or has what no code can be generated from; each finding names the location and the help.
pub fn generate(spec_text: &str) -> Result<String, Error> {
    generate_with_warnings(spec_text).map(|generated| generated.code)
}

/// A generated client, and what its spec could do better.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Generated {
    /// The text of a Rust module.
    pub code: String,
    /// Findings that stopped nothing, in the order of the spec.
    pub warnings: Vec<Finding>,
}

/// Like [`generate`], with the warnings of [`lint`](crate::lint()) beside the code.
///
/// # Errors
///
/// Those of `generate`.
pub fn generate_with_warnings(spec_text: &str) -> Result<Generated, Error> {
    let spec = Spec::parse(spec_text)?;
    let (file, warnings) = syntax(&spec)?;
    let code = format!(
        "// Generated from openapi.yaml, do not edit. To regenerate: cargo xtask codegen\n\
         // Generator: {} {}\n\
         // SHA-256 of the spec: {}\n\n{}",
        env!("CARGO_PKG_NAME"),
        env!("CARGO_PKG_VERSION"),
        spec.sha256(),
        prettyplease::unparse(&file),
    );
    Ok(Generated { code, warnings })
}

/// The code of a spec as a syntax tree, and the warnings.
pub(crate) fn syntax(spec: &Spec) -> Result<(syn::File, Vec<Finding>), Error> {
    let warnings = Error::check(lint(spec))?;
    Ok((unwound(|| file(spec))?, warnings))
}

/// Turns a panic, of progenitor or of code here, into a finding.
fn unwound<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let words = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("it gave no reason");
        Err(emit::refused(format!("the generator gave up: {words}")).into())
    })
}

/// A stage between a spec and its client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stage {
    /// The document in plain form, as JSON.
    Plain,
    /// The document that progenitor reads, as JSON.
    Prepared,
    /// The code that progenitor writes.
    Progenitor,
}

/// Returns what a stage makes of the text of a spec.
///
/// # Errors
///
/// Returns those of [`generate`] that the stages up to this one find.
pub fn stage(spec_text: &str, stage: Stage) -> Result<String, Error> {
    let spec = Spec::parse(spec_text)?;
    if stage == Stage::Plain {
        return Ok(format!("{:#}\n", spec.root()));
    }
    Error::check(lint(&spec))?;
    unwound(|| {
        let plan = Plan::new(&spec);
        let prepared = emit::prepared(&plan);
        Ok(match stage {
            Stage::Progenitor => prettyplease::unparse(&emit::progenitor(prepared, &plan)?),
            _ => format!("{prepared:#}\n"),
        })
    })
}

fn file(spec: &Spec) -> Result<syn::File, Error> {
    let plan = Plan::new(spec);
    let emitted = emit::progenitor(emit::prepared(&plan), &plan)?;
    let mut file = emit::client(emitted, &plan)?;
    markdown::rewrite(&mut file);
    Ok(file)
}
