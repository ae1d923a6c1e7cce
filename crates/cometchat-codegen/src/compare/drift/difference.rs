//! A difference between two documents.

use std::fmt;

use serde_json::Value;

use crate::document::spec::{array, shown};

/// The document that has something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Group {
    /// Only theirs.
    Theirs,
    /// Only ours.
    Ours,
    /// Both, and they say different things of it.
    Differs,
}

/// One difference between two documents.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Drift {
    /// The document that has it.
    pub group: Group,
    /// The operation, such as `GET /groups/{guid}/members`; [`EVERY`] where it is the same for every one of ours.
    pub operation: String,
    /// The part of the operation, such as ``query parameter `perPage` ``.
    pub subject: String,
    /// The property of that part, such as `default`; empty for the whole part.
    pub aspect: &'static str,
    /// The statement of our spec; empty if there is none.
    pub ours: String,
    /// The statement of their document; empty if there is none.
    pub theirs: String,
    /// True if a convention of our spec makes the difference, not a change of the service: the names of server variables
    /// and path parameters, limits on path parameters, `4XX` where no error is listed.
    pub convention: bool,
}

/// Stands for the operation if every one of ours differs in the same way.
pub const EVERY: &str = "every operation";

impl Group {
    /// The name, in words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Theirs => "only they have",
            Self::Ours => "only we have",
            Self::Differs => "differs",
        }
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The differences of one operation, which is not named yet.
pub(super) struct Drifts(pub(super) Vec<Drift>);

impl Drifts {
    /// Adds the text of each side for one item, if they differ. An empty text stands for none.
    pub(super) fn add(
        &mut self,
        subject: &str,
        aspect: &'static str,
        ours: &str,
        theirs: &str,
        convention: bool,
    ) {
        let group = match (ours.is_empty(), theirs.is_empty()) {
            _ if ours == theirs => return,
            (true, _) => Group::Theirs,
            (_, true) => Group::Ours,
            _ => Group::Differs,
        };
        self.0.push(Drift {
            group,
            operation: EVERY.to_owned(),
            subject: subject.to_owned(),
            aspect,
            ours: ours.to_owned(),
            theirs: theirs.to_owned(),
            convention,
        });
    }
}

/// The values of one list that the other lacks.
pub(super) fn only(these: &Value, those: &Value) -> String {
    let only = array(these).filter(|value| !array(those).any(|other| other == *value));
    only.map(shown).collect::<Vec<_>>().join(", ")
}
