//! What is wrong with a spec, where, and how to mend it.

use std::fmt;

/// One thing that is wrong with a spec.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The name of the rule that is broken, such as `named-components`.
    pub rule: &'static str,
    /// The place in the spec, such as `paths./groups/{guid}/members.get.parameters[2]`.
    pub place: String,
    /// What is wrong there, and why that matters.
    pub problem: String,
    /// What to do about it.
    pub mend: String,
}

impl Finding {
    /// A finding of `rule` at `place`.
    pub fn new(
        rule: &'static str,
        place: impl Into<String>,
        problem: impl Into<String>,
        mend: impl Into<String>,
    ) -> Self {
        Self {
            rule,
            place: place.into(),
            problem: problem.into(),
            mend: mend.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {} [{}]\n  mend: {}",
            self.place, self.problem, self.rule, self.mend
        )
    }
}

/// Why no code could be generated from a spec: one finding or more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    findings: Vec<Finding>,
}

impl Error {
    /// What is wrong, in the order of the spec; never empty.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// An error of these findings, where there are any.
    pub(crate) fn check(findings: Vec<Finding>) -> Result<(), Self> {
        if findings.is_empty() {
            Ok(())
        } else {
            Err(Self { findings })
        }
    }
}

impl From<Finding> for Error {
    fn from(finding: Finding) -> Self {
        Self {
            findings: vec![finding],
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, finding) in self.findings.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            finding.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}
