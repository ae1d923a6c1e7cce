//! Findings of the steps.

use std::collections::BTreeMap;

use crate::document::location::Location;
use crate::error::{Finding, Level};

/// Findings of the steps.
#[derive(Default)]
pub(crate) struct Context {
    pub(super) findings: Vec<Finding>,
    /// The locations that the schemas with a name from their path were moved from.
    pub(super) moved: BTreeMap<String, String>,
}

impl Context {
    /// Adds a warning: code is generated all the same.
    pub(crate) fn warn(
        &mut self,
        rule: &'static str,
        location: impl Into<String>,
        problem: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.findings
            .push(Finding::warning(rule, location, problem, help));
    }

    /// Adds an error: no code is generated.
    pub(crate) fn refuse(
        &mut self,
        rule: &'static str,
        location: impl Into<String>,
        problem: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.findings
            .push(Finding::error(rule, location, problem, help));
    }

    /// Returns a location in the document as it was written.
    pub(super) fn at(&self, at: &Location<'_>) -> String {
        let whole = at.to_string();
        let moved = at.outward().last().zip(at.component());
        match moved.and_then(|(root, name)| Some((root.to_string(), self.moved.get(name)?))) {
            Some((root, moved)) => whole.replacen(&root, moved, 1),
            None => whole,
        }
    }

    pub(super) fn is_refused(&self) -> bool {
        let mut findings = self.findings.iter();
        findings.any(|finding| finding.level() == Level::Error)
    }
}
