//! From OpenAPI as vendors write it to the plain form that everything else reads.
//!
//! [`normalise`] runs [`STEPS`] in order, once, between the text and [`Spec`](crate::spec::Spec): lint, the plan,
//! progenitor, `diff` and `drift` see the normalised document only. A step is a function `fn(&mut Value, &mut Context)`
//! in a file of its own, with a table of tests (document before, document after) in the same file. It says in its module
//! comment what it reads and what it leaves. To add a step, add its file and its line in `STEPS`.
//!
//! What a step may rely on: every `$ref` leads to something in the document, and none in a circle of nothing but
//! references; but for schemas, each part is of the JSON type that OpenAPI gives it ([`shape`] holds that). What it must
//! keep: a document in plain form comes out as it went in (a test holds this), whatever a value's type is nothing panics,
//! and the result doesn't depend on the order of a map, but for that of properties.
//!
//! A step that passes something over, or makes up what the document lacks, says so by [`Context::warn`]; what can't be
//! generated is [`Context::refuse`]d, with the location and what to do, and the later steps still run.

mod all_of;
mod bodies;
mod descriptions;
mod docs;
mod enum_of;
mod enums;
mod inline;
mod leniency;
mod names;
mod openapi_3_1;
mod operation_ids;
mod parameters;
mod references;
mod responses;
mod runtime;
mod shape;
mod sides;
mod types;
mod unions;
pub(crate) mod walk;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::error::{Error, Finding};

/// The steps, in the order in which they run.
const STEPS: &[fn(&mut Value, &mut Context<'_>)] = &[
    openapi_3_1::apply,
    runtime::apply,
    // Schemas, each in one form.
    enum_of::apply,
    references::apply,
    all_of::apply,
    unions::apply,
    types::apply,
    // Operations.
    operation_ids::apply,
    parameters::apply,
    bodies::apply,
    responses::apply,
    // Names, docs, and who writes what.
    inline::apply,
    enums::apply,
    descriptions::apply,
    leniency::apply,
    names::apply,
];

/// What the steps have to say.
pub(crate) struct Context<'a> {
    warnings: &'a mut Vec<Finding>,
    errors: Vec<Finding>,
    /// Where the named schemas stood that got their name here.
    moved: BTreeMap<String, String>,
}

impl<'a> Context<'a> {
    fn new(warnings: &'a mut Vec<Finding>) -> Self {
        Self {
            warnings,
            errors: Vec::new(),
            moved: BTreeMap::new(),
        }
    }

    /// A location in the document as it was written.
    fn written(&self, location: String) -> String {
        let moved = location
            .strip_prefix("components.schemas.")
            .and_then(|rest| {
                let end = rest.find('.').unwrap_or(rest.len());
                let from = self.moved.get(&rest[..end])?;
                Some(format!("{from}{}", &rest[end..]))
            });
        moved.unwrap_or(location)
    }

    /// Adds a warning: code is generated all the same.
    pub(crate) fn warn(
        &mut self,
        rule: &'static str,
        location: impl Into<String>,
        problem: impl Into<String>,
        help: impl Into<String>,
    ) {
        let location = self.written(location.into());
        let finding = Finding::warning(rule, location, problem, help);
        self.warnings.push(finding);
    }

    /// Adds an error: no code is generated.
    pub(crate) fn refuse(
        &mut self,
        rule: &'static str,
        location: impl Into<String>,
        problem: impl Into<String>,
        help: impl Into<String>,
    ) {
        let location = self.written(location.into());
        let finding = Finding::error(rule, location, problem, help);
        self.errors.push(finding);
    }
}

/// The document in plain form.
///
/// # Errors
///
/// What no step can make anything of, each with its location.
pub(crate) fn normalise(mut document: Value, warnings: &mut Vec<Finding>) -> Result<Value, Error> {
    let mut context = Context::new(warnings);
    shape::apply(&mut document, &mut context);
    if context.errors.is_empty() {
        for step in STEPS {
            step(&mut document, &mut context);
        }
    }
    Error::check(context.errors)?;
    Ok(document)
}

/// The document after one step, and the warnings and errors of it, for the steps' tables.
#[cfg(test)]
pub(crate) fn run(step: fn(&mut Value, &mut Context<'_>), document: &str) -> (Value, Vec<Finding>) {
    let mut document = serde_saphyr::from_str(document).unwrap();
    let mut warnings = Vec::new();
    let mut context = Context::new(&mut warnings);
    step(&mut document, &mut context);
    let errors = context.errors;
    warnings.extend(errors);
    (document, warnings)
}

#[cfg(test)]
mod tests {
    use super::normalise;
    use crate::spec::read;

    #[test]
    fn a_document_in_plain_form_stays_as_it_is() {
        for text in [
            include_str!("../../tests/specs/plain.yaml"),
            include_str!("../../tests/specs/groups.yaml"),
        ] {
            let document = read(text).unwrap();
            let mut warnings = Vec::new();
            let normalised = normalise(document.clone(), &mut warnings).unwrap();
            assert_eq!(warnings, []);
            assert!(normalised == document, "{normalised:#}");
            assert!(normalise(normalised.clone(), &mut warnings).unwrap() == normalised);
        }
    }
}
