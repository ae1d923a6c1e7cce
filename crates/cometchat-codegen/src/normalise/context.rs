//! Findings of the steps.

use std::collections::BTreeMap;

use crate::error::{Finding, Level};

/// Findings of the steps.
#[derive(Default)]
pub(crate) struct Context {
    pub(super) findings: Vec<Finding>,
    /// Where the named schemas stood that got their name here.
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
        self.add(Finding::warning(rule, location, problem, help));
    }

    /// Adds an error: no code is generated.
    pub(crate) fn refuse(
        &mut self,
        rule: &'static str,
        location: impl Into<String>,
        problem: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.add(Finding::error(rule, location, problem, help));
    }

    /// Adds a finding, at its location in the document as it was written.
    fn add(&mut self, mut finding: Finding) {
        if let Some(rest) = finding.location.strip_prefix("components.schemas.") {
            let (name, below) = rest.split_at(rest.find('.').unwrap_or(rest.len()));
            if let Some(from) = self.moved.get(name) {
                finding.location = format!("{from}{below}");
            }
        }
        self.findings.push(finding);
    }

    pub(super) fn is_refused(&self) -> bool {
        let mut findings = self.findings.iter();
        findings.any(|finding| finding.level() == Level::Error)
    }
}
