//! Refuses what would break the generator, or have it write code of the wrong shape, before the generator is asked.
//!
//! progenitor answers a spec that it can't take with a panic, or with code that compiles and does something else. Each
//! rule here stands for one such case, or for a convention that the generated code rests on; it says where the spec
//! breaks it, why that matters, and what to write instead.

mod closed_enum;
mod comma_lists;
mod described;
mod document;
mod error_responses;
mod example;
mod extensible_enum;
#[cfg(test)]
pub(crate) mod fixture;
mod lenient_responses;
mod named_components;
mod open_rows;
mod operation_id;
mod paginated_lists;
mod parameter_ranges;
mod path_parameters;
mod response_examples;
mod runtime;
mod rust_names;
mod security;
mod servers;
#[cfg(test)]
mod tests;
mod unknown_extension;
mod unsupported;

use crate::error::Finding;
use crate::spec::Spec;
use document::Document;

/// One rule that a spec is held to.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Rule {
    /// The name by which findings call it, such as `named-components`.
    pub name: &'static str,
    /// Why it is there, in one line.
    pub why: &'static str,
    check: fn(&Document<'_>, &mut Findings),
}

/// The rules, in the order in which a spec is held to them. The first three are those of [`Spec::parse`].
pub const RULES: [Rule; 22] = [
    Rule {
        name: "yaml",
        why: "a spec is YAML, or JSON, with an object at the top",
        check: held_by_reading,
    },
    Rule {
        name: "openapi-version",
        why: "progenitor reads OpenAPI 3.0 alone",
        check: held_by_reading,
    },
    Rule {
        name: "references",
        why: "a `$ref` to nothing or in a circle has no code",
        check: held_by_reading,
    },
    operation_id::RULE,
    rust_names::RULE,
    named_components::RULE,
    error_responses::RULE,
    described::RULE,
    response_examples::RULE,
    lenient_responses::RULE,
    open_rows::RULE,
    closed_enum::RULE,
    extensible_enum::RULE,
    comma_lists::RULE,
    paginated_lists::RULE,
    path_parameters::RULE,
    parameter_ranges::RULE,
    runtime::RULE,
    security::RULE,
    servers::RULE,
    unknown_extension::RULE,
    unsupported::RULE,
];

/// Everything that is wrong with a spec, in the order of the spec; nothing where code can be generated from it.
///
/// # Examples
///
/// ```
/// use cometchat_codegen::{Spec, lint};
///
/// let spec = Spec::parse("{openapi: 3.0.3, paths: {/users: {get: {operationId: listUsers}}}}")?;
/// let findings = lint(&spec);
/// assert!(findings.iter().any(|finding| finding.rule == "operation-id"));
/// # Ok::<(), cometchat_codegen::Error>(())
/// ```
pub fn lint(spec: &Spec) -> Vec<Finding> {
    let document = Document::new(spec);
    let mut all = Vec::new();
    for rule in &RULES {
        let mut findings = Findings {
            rule: rule.name,
            found: Vec::new(),
        };
        (rule.check)(&document, &mut findings);
        all.append(&mut findings.found);
    }
    all.extend_from_slice(spec.warnings());
    all.sort_by_cached_key(|finding| document.order_of(&finding.location));
    all
}

/// What one rule has found so far.
struct Findings {
    rule: &'static str,
    found: Vec<Finding>,
}

impl Findings {
    /// Adds a finding at `place`.
    fn add(
        &mut self,
        place: impl Into<String>,
        problem: impl Into<String>,
        mend: impl Into<String>,
    ) {
        self.found
            .push(Finding::error(self.rule, place, problem, mend));
    }
}

/// A rule that no [`Spec`] can break, as reading it holds it.
fn held_by_reading(_: &Document<'_>, _: &mut Findings) {}
