//! From the text of a spec to the text of a client: prepare, run progenitor, rewrite, print.

use std::panic::{AssertUnwindSafe, catch_unwind};

use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle};
use quote::quote;

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
    // What gives up in there, progenitor with an assertion or code of ours, must reach the user as a finding.
    let file = catch_unwind(AssertUnwindSafe(|| file(spec))).unwrap_or_else(|panic| {
        let words = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("it gave no reason");
        Err(refused(format!("the generator gave up: {words}")).into())
    })?;
    Ok((file, warnings))
}

fn file(spec: &Spec) -> Result<syn::File, Error> {
    let plan = Plan::new(spec);

    let mut settings = GenerationSettings::default();
    settings
        .with_interface(InterfaceStyle::Builder)
        .with_hooks(HooksMode::Expected)
        .with_map_type("::std::collections::BTreeMap")
        .with_inner_type(quote!(crate::Context));
    for (name, replacement) in plan.replacements() {
        settings.with_replacement(name, replacement, std::iter::empty());
    }

    let document = serde_json::from_value(plan.prepared()).map_err(|error| {
        refused(format!(
            "it does not have the shape of an OpenAPI 3.0 document: {error}"
        ))
    })?;
    let emitted = Generator::new(&settings)
        .generate_tokens(&document)
        .map_err(|error| refused(format!("progenitor refused it: {error}")))?;
    let emitted = syn::parse2(emitted)
        .map_err(|error| refused(format!("progenitor's output is not Rust: {error}")))?;
    let mut file = syn::parse2(emit::tokens(emitted, &plan))
        .map_err(|error| refused(format!("the generated code is not Rust: {error}")))?;
    markdown::rewrite(&mut file);
    Ok(file)
}

/// A finding about the document as a whole, where what refused it names no place.
fn refused(problem: String) -> Finding {
    Finding::error(
        "generator",
        "the document",
        problem,
        "compare with the conventions in ARCHITECTURE.md; `cargo xtask lint` names the usual causes",
    )
}
