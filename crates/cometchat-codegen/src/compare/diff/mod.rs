//! What a change of the spec means for whoever uses the generated code.
//!
//! A spec is regenerated and published; how much a new version may change is a promise of Cargo's. So two specs are
//! compared by what is generated from them: public methods, setters, types, fields and variants, what is checked before
//! a request, and documentation. The rules are Rust's for that code: every struct and every enum is
//! `#[non_exhaustive]`, an optional property is an `Option`, an optional parameter a setter that need not be called.

mod changelog;
mod documents;
mod limits;
mod operations;
mod pairs;
mod servers;
#[cfg(test)]
mod signatures;
#[cfg(test)]
mod tests;
mod types;
mod version;

use std::fmt;

pub use changelog::changelog;
pub use version::{VersionError, next_version};

use crate::spec::Spec;

/// How much a change asks of a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Level {
    /// Code of users works as it did: documentation, or how a request is made.
    Patch,
    /// Code of users works as it did, and can do more.
    Minor,
    /// Code of users may not compile any more, or may do something else.
    Major,
}

/// What sort of change it is, by the headings of a changelog.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// Something is there that was not.
    Added,
    /// Something is different.
    Changed,
    /// Something is not recommended any more.
    Deprecated,
    /// Something is not there any more.
    Removed,
    /// Words about something are different.
    Documented,
}

/// One change for users of the generated code.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// How much it asks of a version.
    pub level: Level,
    /// What sort of change it is.
    pub kind: Kind,
    /// The Rust item, such as `types::GroupMember::name`.
    pub item: String,
    /// What happens to it.
    pub what: String,
    /// Why it is of that level.
    pub why: &'static str,
}

/// The changes that were found so far.
type Changes = Vec<Change>;

impl Change {
    fn new(
        level: Level,
        kind: Kind,
        item: impl Into<String>,
        what: impl Into<String>,
        why: &'static str,
    ) -> Self {
        Self {
            level,
            kind,
            item: item.into(),
            what: what.into(),
            why,
        }
    }
}

impl Level {
    /// The name, in lower case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Kind {
    /// The name, in lower case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Changed => "changed",
            Self::Deprecated => "deprecated",
            Self::Removed => "removed",
            Self::Documented => "documented",
        }
    }
}

/// What changes for users from one spec to another: operations first, then types, then the rest; nothing where the two
/// are equal but for the order of keys.
///
/// # Examples
///
/// ```
/// use cometchat_codegen::{Spec, diff::{Level, diff}};
///
/// let from = Spec::parse("{openapi: 3.0.3, paths: {/users: {get: {operationId: list_users}}}}")?;
/// let to = Spec::parse("{openapi: 3.0.3, paths: {}}")?;
/// let changes = diff(&from, &to);
/// assert_eq!(changes[0].item, "Client::list_users");
/// assert_eq!(changes[0].level, Level::Major);
/// # Ok::<(), cometchat_codegen::Error>(())
/// ```
pub fn diff(from: &Spec, to: &Spec) -> Vec<Change> {
    let mut changes = Vec::new();
    operations::compare(from, to, &mut changes);
    types::compare(from, to, &mut changes);
    servers::compare(from, to, &mut changes);
    documents::compare(from, to, &mut changes);
    changes
}

/// The largest level among changes.
pub fn verdict(changes: &[Change]) -> Option<Level> {
    changes.iter().map(|change| change.level).max()
}
