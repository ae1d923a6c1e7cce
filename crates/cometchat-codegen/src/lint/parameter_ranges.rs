//! `parameter-ranges`: a whole number in the query says from where it counts, in a type that can hold it.
//!
//! The range becomes the number's Rust type (`minimum: 1` an integer that can't be zero) and the check before a request;
//! progenitor doesn't enforce `maximum` and doesn't send `default`, so a default outside of the range would be
//! documented, and refused when it is set.

use serde_json::Value;

use super::document::{Document, Kind};
use super::{Findings, Rule};
use crate::spec::schema_name;

pub(super) const RULE: Rule = Rule {
    name: "parameter-ranges",
    why: "the range of a number is its Rust type, and what is checked before a request",
    check,
};

fn check(document: &Document<'_>, findings: &mut Findings) {
    for node in document.of(Kind::Parameter) {
        let place = format!("{}.schema", node.place);
        let schema = &node.value["schema"];
        if node.value["in"] != "query" {
            continue;
        }
        let named = schema_name(schema).and_then(|name| document.spec.schema(name));
        if named.is_some_and(|schema| schema["type"] == "integer") {
            findings.add(
                place,
                "a number in the query with a named type, which can't be checked against its range",
                "write the number's schema inline",
            );
        } else if schema["type"] == "integer" {
            range(&place, schema, findings);
        }
    }
}

fn range(place: &str, schema: &Value, findings: &mut Findings) {
    if schema["format"] != "uint32" {
        findings.add(
            place,
            "a number in the query without a size, which becomes a signed 64-bit one",
            "add `format: uint32`",
        );
    }
    for key in ["exclusiveMinimum", "exclusiveMaximum"] {
        if schema.get(key).is_some() {
            findings.add(
                format!("{place}.{key}"),
                "an exclusive bound, at which the generator may stop",
                "state the smallest or largest value itself",
            );
        }
    }
    let Some(minimum) = schema["minimum"].as_i64() else {
        findings.add(
            place,
            "the smallest value is not stated, so 0 can't be told from an error",
            "add `minimum:`, such as 1 for what is counted from 1",
        );
        return;
    };
    let held_by_type = if schema["format"] == "uint32" {
        (0, i64::from(u32::MAX))
    } else {
        (i64::MIN, i64::MAX)
    };
    let maximum = match &schema["maximum"] {
        Value::Null => held_by_type.1,
        stated => stated.as_i64().unwrap_or(i64::MIN),
    };
    if minimum < held_by_type.0 || maximum > held_by_type.1 || minimum > maximum {
        findings.add(
            place,
            format!(
                "no value of the type is from {minimum} to {}",
                schema["maximum"]
            ),
            "state whole numbers, the smaller one as `minimum`, that the format can hold",
        );
    } else if !schema["default"].is_null()
        && schema["default"]
            .as_i64()
            .is_none_or(|default| default < minimum || default > maximum)
    {
        findings.add(
            format!("{place}.default"),
            format!("the default {} is not in the range", schema["default"]),
            "state the whole number that the service takes where nothing is said",
        );
    }
}
