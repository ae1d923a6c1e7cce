//! What is wrong with a spec, where, and what to do about it.

use std::fmt;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Level {
    /// A matter of style, or something that was passed over: code is generated all the same.
    Warning,
    /// No code can be generated, or it would do harm.
    Error,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// One thing that is wrong with a spec.
///
/// Its text may quote the spec; `Display` escapes control characters, so that it is safe to print to a terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The name of the rule that is broken, such as `references`.
    pub rule: &'static str,
    /// The location in the spec, such as `paths./groups/{guid}/members.get.parameters[2]`.
    pub location: String,
    /// What is wrong there, and why that matters.
    pub problem: String,
    /// What to do about it.
    pub help: String,
    level: Level,
}

impl Finding {
    /// An error: no code can be generated, or it would do harm.
    pub(crate) fn error(
        rule: &'static str,
        location: impl Into<String>,
        problem: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self {
            rule,
            location: location.into(),
            problem: problem.into(),
            help: help.into(),
            level: Level::Error,
        }
    }

    /// A warning: a matter of style, or something that is passed over.
    pub(crate) fn warning(
        rule: &'static str,
        location: impl Into<String>,
        problem: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self {
            level: Level::Warning,
            ..Self::error(rule, location, problem, help)
        }
    }

    /// Whether the finding stops the generator.
    pub fn level(&self) -> Level {
        self.level
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {} [{}]\n  help: {}",
            printable(&self.location),
            printable(&self.problem),
            self.rule,
            printable(&self.help)
        )
    }
}

/// The text on one line, with escapes for the characters that would steer a terminal or can't be seen: control characters,
/// marks that turn the direction of writing, characters without a width.
pub fn printable(text: &str) -> String {
    let acts = |c: char| {
        c.is_control()
            || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
            || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
    };
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if acts(c) {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    out
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

    /// The warnings among findings, unless there are errors.
    pub(crate) fn check(findings: Vec<Finding>) -> Result<Vec<Finding>, Self> {
        let (findings, warnings): (Vec<_>, Vec<_>) = findings
            .into_iter()
            .partition(|finding| finding.level == Level::Error);
        if findings.is_empty() {
            Ok(warnings)
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

#[cfg(test)]
mod tests {
    use super::{Finding, Level};

    #[test]
    fn text_of_a_spec_is_printed_with_escapes() {
        let finding = Finding::warning("rule", "a\u{1b}[2J", "b\r\n\u{202e}é", "c");
        assert_eq!(finding.level(), Level::Warning);
        assert_eq!(
            finding.to_string(),
            "a\\u{1b}[2J: b\\r\\n\\u{202e}é [rule]\n  help: c"
        );
    }
}
