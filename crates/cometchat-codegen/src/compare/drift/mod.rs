//! Compares a vendor's published OpenAPI document with our spec, for the operations that we have.
//!
//! Both documents are read into the same table of facts. For each of our operations, and theirs of the same method and
//! path, the facts are told by what a reader of the document sees (`subjects`), and compared one by one.

mod difference;
mod facts;
mod fields;
mod reading;
mod subjects;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde_json::Value;

pub use difference::{Drift, EVERY, Group};
pub use reading::read_vendor;

use self::difference::{Drifts, only};
use self::subjects::{Subject, Subjects, subjects, unnamed};
use crate::compare::drift::facts::{Facts, Item, facts_of};
use crate::document::spec::{Operation, Spec, shown};

/// Compares a vendor's document with our spec, for our operations alone: parts that only they have come first, then parts
/// that only we have, then parts that differ.
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
    let theirs = Spec::of(theirs);
    let mut operations: Vec<_> = ours.operations().collect();
    operations.sort_by_key(|operation| (operation.path, operation.method));
    let mut found = Vec::new();
    for our in &operations {
        let mut drifts = Drifts(Vec::new());
        let same = theirs
            .operations()
            .filter_map(|their| Some((distance(our, &their)?, their)));
        match same.min_by_key(|(distance, _)| *distance) {
            Some((_, their)) => {
                let (our_facts, their_facts) = (facts_of(ours, our), facts_of(&theirs, &their));
                let our_subjects = subjects(our.path, &our_facts);
                let their_subjects = subjects(their.path, &their_facts);
                compare(&our_subjects, &their_subjects, &mut drifts);
                bodies(&our_facts, &their_facts, &mut drifts);
            }
            None => drifts.add("operation", "", "described", "", false),
        }
        found.extend(drifts.0.into_iter().map(|drift| (our.request(), drift)));
    }
    let mut found = merged(found, operations.len());
    found.sort_by_key(|drift| drift.group);
    found
}

/// Returns the difference in length of the paths of two operations, if they are the same one.
fn distance(one: &Operation<'_>, other: &Operation<'_>) -> Option<usize> {
    let (mut long, mut short) = (unnamed(one.path), unnamed(other.path));
    if long.len() < short.len() {
        std::mem::swap(&mut long, &mut short);
    }
    let prefix = long.strip_suffix(&short)?;
    (one.method == other.method && !prefix.contains('{')).then_some(prefix.len())
}

/// Names the operation of each difference, once for differences that all operations share.
fn merged(found: Vec<(String, Drift)>, operations: usize) -> Vec<Drift> {
    let mut merged: Vec<Drift> = Vec::new();
    for (request, drift) in &found {
        let count = found.iter().filter(|(_, other)| other == drift).count();
        if count < 2 || count < operations {
            let operation = request.clone();
            merged.push(Drift {
                operation,
                ..drift.clone()
            });
        } else if !merged.contains(drift) {
            merged.push(drift.clone());
        }
    }
    merged
}

/// Compares the subjects of an operation.
fn compare(ours: &Subjects, theirs: &Subjects, drifts: &mut Drifts) {
    for (key, subject) in theirs {
        if !ours.contains_key(key) {
            drifts.add(&subject.name, "", "", &subject.summary, false);
        }
    }
    for (key, subject) in ours {
        match theirs.get(key) {
            // A key that they document as a header says nothing of its type.
            Some(other) if subject.is_key || other.is_key => {}
            Some(other) => aspects(subject, other, drifts),
            None => drifts.add(&subject.name, "", &subject.summary, "", false),
        }
    }
}

/// Compares the aspects of one subject.
fn aspects(ours: &Subject, theirs: &Subject, drifts: &mut Drifts) {
    let aspects = ours.aspects.keys().chain(theirs.aspects.keys());
    for aspect in aspects.copied().collect::<BTreeSet<_>>() {
        let [our, their] =
            [ours, theirs].map(|subject| subject.aspects.get(aspect).unwrap_or(&Value::Null));
        // A default of text for a number is a habit of vendors.
        let quoted = aspect == "default" && our.is_string() != their.is_string();
        let said = |value: &Value| match value {
            Value::Null => String::new(),
            Value::String(_) if quoted => format!("{value}, which is text"),
            _ => shown(value),
        };
        if aspect == "values" {
            drifts.add(&ours.name, aspect, "", &only(their, our), false);
            drifts.add(&ours.name, aspect, &only(our, their), "", false);
        } else {
            let convention = aspect == "name" || (ours.in_path && their.is_null());
            drifts.add(&ours.name, aspect, &said(our), &said(their), convention);
        }
    }
}

/// Compares which responses are described, and the fields of all successes, of all errors and of the request.
fn bodies(ours: &Facts, theirs: &Facts, drifts: &mut Drifts) {
    let (our, their) = (statuses(ours), statuses(theirs));
    let lists_errors = their.iter().any(|status| !is_success(status));
    // Their `default` says nothing of which there are.
    for status in their.iter().filter(|status| **status != "default") {
        if !our.iter().any(|other| covers(other, status)) {
            drifts.add(&format!("response {status}"), "", "", "described", false);
        }
    }
    for status in &our {
        let is_covered = |other: &&str| covers(other, status) || covers(status, other);
        if !their.iter().any(is_covered) {
            let convention = !is_success(status) && !lists_errors;
            let subject = format!("response {status}");
            drifts.add(&subject, "", "described", "", convention);
        }
    }
    let mut compare = |what: &str, is_of: &dyn Fn(&Item) -> bool, convention: bool| {
        let [ours, theirs] = [ours, theirs].map(|facts| fields::fields(facts, is_of));
        fields::compare(what, &ours, &theirs, convention, drifts);
    };
    for (what, success, convention) in [
        ("field", true, false),
        ("error field", false, !lists_errors),
    ] {
        let is_of = |item: &Item| matches!(item, Item::Response(of) if is_success(of) == success);
        compare(what, &is_of, convention);
    }
    let has_body = |facts: &Facts| facts.keys().any(|key| key.item == Item::Body);
    if has_body(ours) && has_body(theirs) {
        compare("request field", &|item| *item == Item::Body, false);
    }
}

fn statuses(facts: &Facts) -> Vec<&str> {
    let statuses = facts.keys().filter_map(|key| match &key.item {
        Item::Response(status) if key.path.is_empty() => Some(status.as_str()),
        _ => None,
    });
    statuses.collect()
}

fn is_success(status: &str) -> bool {
    status.starts_with('2')
}

/// Returns whether a description for one status, all of a sort, or every other one, holds for `status`.
fn covers(described: &str, status: &str) -> bool {
    let class = described.to_ascii_uppercase();
    described == "default"
        || described.eq_ignore_ascii_case(status)
        || class
            .strip_suffix("XX")
            .is_some_and(|first| first.len() == 1 && status.starts_with(first))
}
