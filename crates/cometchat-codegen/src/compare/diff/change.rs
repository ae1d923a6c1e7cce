//! A change, and the level of version that it requires.

use std::fmt;

/// The version that a change requires.
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

/// The kind of a change, by the headings of a changelog.
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
    /// The version that it requires.
    pub level: Level,
    /// The kind of change.
    pub kind: Kind,
    /// The Rust item, such as `types::GroupMember::name`.
    pub item: String,
    /// The change in words.
    pub what: String,
    /// The reason for the level.
    pub why: &'static str,
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

/// The largest level among changes.
pub fn verdict(changes: &[Change]) -> Option<Level> {
    changes.iter().map(|change| change.level).max()
}
