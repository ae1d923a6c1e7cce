//! Whether fewer values are taken than before, or more.

use std::cmp::Ordering;

use serde_json::Value;

use super::Level::{Major, Minor};
use super::{Change, Changes, Kind};
use crate::spec::array;

/// The keys that set a lower end.
const LOWER: [&str; 3] = ["minimum", "minLength", "minItems"];
/// The keys that set an upper end.
const UPPER: [&str; 3] = ["maximum", "maxLength", "maxItems"];
/// The keys that ask for a form, none of which says whether it asks for more than another.
const FORM: [&str; 5] = [
    "pattern",
    "multipleOf",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "uniqueItems",
];

const NARROWED: &str = "a value that was taken is refused when it is set or read";
const WIDENED: &str = "a value that was refused is taken";

/// Compares what two schemas take of the values of their type.
pub(super) fn compare(item: &str, old: &Value, new: &Value, changes: &mut Changes) {
    let mut changed = |narrowed: bool, what: String| {
        let (level, why) = if narrowed {
            (Major, NARROWED)
        } else {
            (Minor, WIDENED)
        };
        changes.push(Change::new(level, Kind::Changed, item, what, why));
    };
    for (keys, raised_is_narrower) in [(LOWER, true), (UPPER, false)] {
        for key in keys {
            let (old, new) = (&old[key], &new[key]);
            let narrowed = match (old.as_f64(), new.as_f64()) {
                (None, None) => continue,
                (None, Some(_)) => true,
                (Some(_), None) => false,
                (Some(old), Some(new)) => match new.total_cmp(&old) {
                    Ordering::Equal => continue,
                    order => (order == Ordering::Greater) == raised_is_narrower,
                },
            };
            changed(narrowed, from_to(key, old, new));
        }
    }
    for key in FORM {
        let (old, new) = (&old[key], &new[key]);
        if old != new {
            changed(!new.is_null(), from_to(key, old, new));
        }
    }
    let (old, new) = (&old["enum"], &new["enum"]);
    match (old.is_array(), new.is_array()) {
        (false, true) => changed(true, from_to("the values", old, new)),
        (true, false) => changed(false, from_to("the values", old, new)),
        _ => {
            for value in array(old).filter(|value| !array(new).any(|other| other == *value)) {
                changed(true, format!("{value} is not taken any more"));
            }
            for value in array(new).filter(|value| !array(old).any(|other| other == *value)) {
                changed(false, format!("{value} is taken too"));
            }
        }
    }
}

/// What was, and what is.
pub(super) fn from_to(what: &str, old: &Value, new: &Value) -> String {
    match (old, new) {
        (Value::Null, new) => format!("{what} is {new} now, and was not set"),
        (old, Value::Null) => format!("{what} is not set any more, and was {old}"),
        (old, new) => format!("{what} is {new} now, and was {old}"),
    }
}
