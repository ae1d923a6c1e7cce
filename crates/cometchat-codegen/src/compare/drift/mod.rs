//! How far a vendor's published OpenAPI document has moved from our spec, for the operations that we have.
//!
//! Both documents are read into the same table of facts. For each of our operations, and theirs of the same method and
//! path, the facts are told by what a reader of the document sees (`subjects`), and compared one by one.

mod fields;
mod reading;
mod subjects;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value;

pub use reading::read_vendor;

use self::subjects::{Operation, Subject};
use crate::compare::facts::facts;
use crate::spec::{Spec, array};

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
    /// Whether a convention of our spec makes the difference, not a change of the service: the names of server variables
    /// and path parameters, limits on path parameters, `4XX` where no error is listed.
    pub convention: bool,
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
    let (ours, theirs) = (facts(ours.root()), facts(theirs));
    let (ours, theirs) = (Operation::all(&ours), Operation::all(&theirs));
    let mut found = Vec::new();
    for our in &ours {
        let mut drifts = Drifts {
            operation: our.owner.to_string(),
            found: Vec::new(),
        };
        let same = theirs
            .iter()
            .filter_map(|their| Some((our.distance(their)?, their)));
        match same.min_by_key(|(distance, _)| *distance) {
            Some((_, their)) => operation(our, their, &mut drifts),
            None => drifts.add("operation", "", "described", "", false),
        }
        found.append(&mut drifts.found);
    }
    let mut found = merged(found, ours.len());
    found.sort_by_key(|drift| drift.group);
    found
}

/// Says once what is the same for every operation.
fn merged(found: Vec<Drift>, operations: usize) -> Vec<Drift> {
    let everywhere = |drift: &Drift| Drift {
        operation: EVERY.to_owned(),
        ..drift.clone()
    };
    let mut merged: Vec<Drift> = Vec::new();
    for drift in &found {
        let same = everywhere(drift);
        let count = found
            .iter()
            .filter(|other| everywhere(other) == same)
            .count();
        if count < 2 || count < operations {
            merged.push(drift.clone());
        } else if !merged.contains(&same) {
            merged.push(same);
        }
    }
    merged
}

/// The differences of one operation.
struct Drifts {
    operation: String,
    found: Vec<Drift>,
}

impl Drifts {
    /// Adds the text of each side for one item, if they differ. An empty text stands for none.
    fn add(
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
        self.found.push(Drift {
            group,
            operation: self.operation.clone(),
            subject: subject.to_owned(),
            aspect,
            ours: ours.to_owned(),
            theirs: theirs.to_owned(),
            convention,
        });
    }

    /// Adds the values that one side alone lists.
    fn values(&mut self, subject: &str, ours: &Value, theirs: &Value) {
        let only = |these: &Value, those: &Value| {
            let only = array(these).filter(|value| !array(those).any(|other| other == *value));
            only.map(text).collect::<Vec<_>>().join(", ")
        };
        self.add(subject, "values", "", &only(theirs, ours), false);
        self.add(subject, "values", &only(ours, theirs), "", false);
    }
}

/// A value as text, without its quotes.
fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// Compares one of our operations with theirs.
fn operation(ours: &Operation<'_>, theirs: &Operation<'_>, drifts: &mut Drifts) {
    let (our, their) = (ours.subjects(), theirs.subjects());
    for (key, subject) in &their {
        if !our.contains_key(key) {
            drifts.add(&subject.name, "", "", &subject.summary, false);
        }
    }
    for (key, subject) in &our {
        match their.get(key) {
            Some(other) => aspects(subject, other, drifts),
            None => drifts.add(&subject.name, "", &subject.summary, "", false),
        }
    }
    responses(ours, theirs, drifts);
}

/// Compares what is stated of one thing.
fn aspects(ours: &Subject, theirs: &Subject, drifts: &mut Drifts) {
    // A key that they document as a header says nothing of its type.
    if ours.is_key || theirs.is_key {
        return;
    }
    let aspects: BTreeSet<_> = ours
        .aspects
        .keys()
        .chain(theirs.aspects.keys())
        .copied()
        .collect();
    for aspect in aspects {
        let said = |subject: &Subject| subject.aspects.get(aspect).cloned().unwrap_or_default();
        let (our, their) = (said(ours), said(theirs));
        // A default of text for a number is a habit of vendors.
        let quoted = aspect == "default" && our.is_string() != their.is_string();
        let shown = |value: &Value| match value {
            Value::Null => String::new(),
            Value::String(_) if quoted => format!("{value}, which is text"),
            _ => text(value),
        };
        match aspect {
            "values" => drifts.values(&ours.name, &our, &their),
            _ => {
                let convention = aspect == "name" || (ours.in_path && their.is_null());
                drifts.add(&ours.name, aspect, &shown(&our), &shown(&their), convention);
            }
        }
    }
}

/// Whether a description for one status, all of a sort, or every other one, holds for `status`.
fn covers(described: &str, status: &str) -> bool {
    let class = described.to_ascii_uppercase();
    described == "default"
        || described.eq_ignore_ascii_case(status)
        || class
            .strip_suffix("XX")
            .is_some_and(|first| first.len() == 1 && status.starts_with(first))
}

/// Compares which statuses are described, and the fields of all successes and of all errors.
fn responses(ours: &Operation<'_>, theirs: &Operation<'_>, drifts: &mut Drifts) {
    let (our, their) = (ours.statuses(), theirs.statuses());
    let is_success = |status: &str| status.starts_with('2');
    let lists_errors = their.iter().any(|status| !is_success(status));
    // Their `default` says nothing of which there are.
    for status in their.iter().filter(|status| **status != "default") {
        if !our.iter().any(|other| covers(other, status)) {
            drifts.add(&format!("response {status}"), "", "", "described", false);
        }
    }
    for status in &our {
        if !their
            .iter()
            .any(|other| covers(other, status) || covers(status, other))
        {
            let convention = !is_success(status) && !lists_errors;
            drifts.add(
                &format!("response {status}"),
                "",
                "described",
                "",
                convention,
            );
        }
    }
    for (what, success) in [("field", true), ("error field", false)] {
        let fields = |of: &Operation<'_>, statuses: &[&str]| {
            let of_sort = statuses
                .iter()
                .filter(|status| is_success(status) == success);
            of.fields(of_sort.map(|status| of.response(status)))
        };
        let (our, their) = (fields(ours, &our), fields(theirs, &their));
        fields::compare(what, &our, &their, !success && !lists_errors, drifts);
    }
    let body = |of: &Operation<'_>| {
        of.fields(
            [of.body()]
                .into_iter()
                .filter(|key| of.facts.contains_key(key)),
        )
    };
    if ours.facts.contains_key(&ours.body()) && theirs.facts.contains_key(&theirs.body()) {
        fields::compare("request field", &body(ours), &body(theirs), false, drifts);
    }
}
