//! Refuses a `$ref` that leads nowhere, out of the document, or in a circle of nothing but references.
//!
//! A circle through a property is a legal type, such as a tree; one of `$ref` and `allOf` alone describes no value. Each
//! reference is followed once, whatever leads to it.

use std::collections::HashSet;

use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::document::location::Part;
use crate::document::spec::array;
use crate::document::walk::each_part;
use crate::error::{Error, Finding};

/// Checks the references of a document, and writes them in one spelling: percent-encoded characters are decoded.
pub(crate) fn check(document: &mut Value) -> Result<(), Error> {
    // The references by the pointer of the object that they stand in, with the location of each.
    let mut references = Vec::new();
    let mut findings = Vec::new();
    each_part(document, &mut |at, value| {
        // A property of an example or of `properties` may have the name; there it is an object or a text of its own.
        let Some(target) = value.get_mut("$ref") else {
            return;
        };
        let Some(text) = target.as_str() else {
            let problem = format!("`$ref: {target}` is not a string");
            findings.push(finding(at, problem));
            return;
        };
        let decoded = percent_decode_str(text).decode_utf8_lossy().into_owned();
        *target = Value::from(decoded.clone());
        references.push((at.to_string(), at.part(), decoded));
    });
    for (at, part, target) in &references {
        let found = target
            .strip_prefix('#')
            .filter(|pointer| pointer.starts_with('/'))
            .and_then(|pointer| document.pointer(pointer));
        let problem = match found {
            Some(Value::Object(_)) => continue,
            Some(Value::Bool(_)) if *part == Part::Schema => continue,
            Some(_) => format!("`$ref: {target}` leads to something else than a description"),
            None if target.starts_with('#') => {
                format!("`$ref: {target}` leads to nothing in this document")
            }
            None => format!("`$ref: {target}` leads out of this document"),
        };
        findings.push(finding(at, problem));
    }
    Error::check(findings)?;
    Error::check(circles(document)).map(drop)
}

/// Finds references in a circle of nothing but references.
pub(crate) fn circles(document: &mut Value) -> Vec<Finding> {
    let mut references = Vec::new();
    each_part(document, &mut |at, value| {
        if let Some(target) = value["$ref"].as_str() {
            references.push((at.to_string(), target.trim_start_matches('#').to_owned()));
        }
    });
    let mut circles = Circles {
        document,
        finished: HashSet::new(),
        open: HashSet::new(),
        found: Vec::new(),
    };
    for (at, target) in &references {
        circles.follow(at, target);
    }
    circles.found
}

fn finding(at: impl Into<String>, problem: String) -> Finding {
    Finding::error(
        "references",
        at,
        problem,
        "name a component that is there and is no reference to this, as in `$ref: \"#/components/schemas/Name\"`",
    )
}

/// What is known of the pointers that references lead to.
struct Circles<'a> {
    document: &'a Value,
    /// Pointers from which no circle is reached, or whose circle is found.
    finished: HashSet<String>,
    /// Pointers on the way that is followed at the moment.
    open: HashSet<String>,
    found: Vec<Finding>,
}

impl Circles<'_> {
    /// Follows a reference to its ends, without recursion: a chain may be of any length.
    fn follow(&mut self, at: &str, start: &str) {
        let mut stack = vec![(start.to_owned(), false)];
        while let Some((pointer, left)) = stack.pop() {
            if left {
                self.open.remove(&pointer);
                self.finished.insert(pointer);
                continue;
            }
            if self.finished.contains(&pointer) {
                continue;
            }
            if !self.open.insert(pointer.clone()) {
                self.found
                    .push(finding(at, format!("`$ref: #{start}` leads in a circle")));
                self.finished.insert(pointer);
                continue;
            }
            stack.push((pointer.clone(), true));
            let Some(value) = self.document.pointer(&pointer) else {
                continue;
            };
            let target = |value: &Value| {
                let target = value["$ref"].as_str()?;
                Some((target.trim_start_matches('#').to_owned(), false))
            };
            stack.extend(target(value));
            for (index, member) in array(&value["allOf"]).enumerate() {
                match target(member) {
                    Some(target) => stack.push(target),
                    None => stack.push((format!("{pointer}/allOf/{index}"), false)),
                }
            }
        }
    }
}
