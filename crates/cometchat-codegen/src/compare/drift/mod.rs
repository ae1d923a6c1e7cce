//! How far a vendor's published OpenAPI document has moved from our spec, for the operations that we have.
//!
//! Published documents are often not valid OpenAPI: a default is text where the type is a number, an array says nothing
//! of its items, schemas stand inline or lead in circles. So theirs is read as plain JSON, whatever is not understood is
//! taken as not stated, and both documents are read by the same code.

mod fields;
mod matching;
mod operation;
mod reading;
mod schema;
mod servers;
#[cfg(test)]
mod tests;

use std::fmt;

use serde_json::Value;

pub use reading::read_vendor;

use crate::spec::Spec;

/// Which document has something.
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
    /// Which document has it.
    pub group: Group,
    /// The operation, such as `GET /groups/{guid}/members`; [`EVERY`] where it is the same for every one of ours.
    pub operation: String,
    /// What it is about, such as ``query parameter `perPage` ``.
    pub subject: String,
    /// Which property of that, such as `default`; empty where the whole of it is meant.
    pub aspect: &'static str,
    /// What ours says; empty where it says nothing.
    pub ours: String,
    /// What theirs says; empty where it says nothing.
    pub theirs: String,
}

/// What stands for an operation where every one of ours differs in the same way.
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

/// The differences found so far, of one operation.
struct Drifts {
    operation: String,
    found: Vec<Drift>,
}

impl Drifts {
    /// Notes what each side says of one thing, where they don't say the same.
    fn compare(
        &mut self,
        subject: &str,
        aspect: &'static str,
        ours: Option<String>,
        theirs: Option<String>,
    ) {
        if ours == theirs {
            return;
        }
        let group = match (&ours, &theirs) {
            (None, _) => Group::Theirs,
            (_, None) => Group::Ours,
            _ => Group::Differs,
        };
        self.note(
            group,
            subject,
            aspect,
            ours.unwrap_or_default(),
            theirs.unwrap_or_default(),
        );
    }

    fn note(
        &mut self,
        group: Group,
        subject: &str,
        aspect: &'static str,
        ours: String,
        theirs: String,
    ) {
        self.found.push(Drift {
            group,
            operation: self.operation.clone(),
            subject: subject.to_owned(),
            aspect,
            ours,
            theirs,
        });
    }
}

/// Where a vendor's document differs from our spec, for our operations alone; what only they have comes first, then what
/// only we have, then what differs.
///
/// Operations are matched by method and path; the names of path parameters, and a prefix that stands in the path of one
/// and in the server of the other, make no difference.
///
/// # Examples
///
/// ```
/// use cometchat_codegen::Spec;
/// use cometchat_codegen::drift::{drift, read_vendor};
///
/// let ours = Spec::parse("{openapi: 3.0.3, paths: {'/users/{uid}': {get: {operationId: get_user}}}}")?;
/// let theirs = read_vendor(r#"{"openapi": "3.0.0", "paths": {"/users/{id}": {"get": {
///     "parameters": [{"name": "fields", "in": "query", "schema": {"type": "array"}}]}}}}"#)?;
/// let found = drift(&ours, &theirs);
/// assert_eq!(found[0].subject, "query parameter `fields`");
/// # Ok::<(), cometchat_codegen::Error>(())
/// ```
pub fn drift(ours: &Spec, theirs: &Value) -> Vec<Drift> {
    let mut found = Vec::new();
    let mut operations = 0;
    for pair in matching::pairs(ours.root(), theirs) {
        operations += 1;
        let mut drifts = Drifts {
            operation: format!("{} {}", pair.ours.method.to_uppercase(), pair.ours.path),
            found: Vec::new(),
        };
        match &pair.theirs {
            Some(theirs) => operation::compare(&pair.ours, theirs, &mut drifts),
            None => drifts.compare("operation", "", Some("described".to_owned()), None),
        }
        found.append(&mut drifts.found);
    }
    let mut found = merged(found, operations);
    found.sort_by_key(|drift| drift.group);
    found
}

/// Says once what is the same for every operation.
fn merged(found: Vec<Drift>, operations: usize) -> Vec<Drift> {
    let mut merged: Vec<Drift> = Vec::new();
    for drift in &found {
        let same = |other: &Drift| {
            (
                other.group,
                &other.subject,
                other.aspect,
                &other.ours,
                &other.theirs,
            ) == (
                drift.group,
                &drift.subject,
                drift.aspect,
                &drift.ours,
                &drift.theirs,
            )
        };
        let count = found.iter().filter(|other| same(other)).count();
        if count < 2 || count < operations {
            merged.push(drift.clone());
        } else if !merged.iter().any(same) {
            merged.push(Drift {
                operation: EVERY.to_owned(),
                ..drift.clone()
            });
        }
    }
    merged
}
