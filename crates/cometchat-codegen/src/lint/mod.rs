//! What is wrong with a spec: errors, which stop the generator, and warnings, which stop nobody.
//!
//! The normaliser makes ordinary OpenAPI into what can be generated, and warns of what it made up. What is left for the
//! rules here can't be generated, or would do harm: requests that leave their path, credentials that can't be sent,
//! pages that can't be read, names that the client around the code needs.

mod error_codes;
mod pagination;
mod paths;
mod security;
mod style;

use std::cmp::Reverse;

use crate::document::spec::Spec;
use crate::error::Finding;

/// The rules: each adds its findings, in the order of the spec.
const RULES: [fn(&Spec, &mut Vec<Finding>); 5] = [
    paths::check,
    security::check,
    pagination::check,
    error_codes::check,
    style::check,
];

/// Everything that is wrong with a spec: first the errors, then the warnings; without an error, code can be generated.
///
/// # Examples
///
/// ```
/// use cometchat_codegen::{Spec, lint};
///
/// let spec = Spec::parse("{openapi: 3.0.3, paths: {/users/../keys: {get: {}}}}")?;
/// let findings = lint(&spec);
/// assert_eq!(findings[0].location, "paths./users/../keys");
/// # Ok::<(), cometchat_codegen::Error>(())
/// ```
pub fn lint(spec: &Spec) -> Vec<Finding> {
    let mut findings = spec.warnings().to_vec();
    for rule in RULES {
        rule(spec, &mut findings);
    }
    findings.sort_by_key(|finding| Reverse(finding.level()));
    findings
}

#[cfg(test)]
mod tests;
