//! Checks of a parameter's value before it is sent. Requests are strict: a check names the value that is wrong.

use serde_json::Value;

use crate::document::spec::{Spec, array, shown};

/// A check of a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Check {
    /// An integer in a range, both ends included.
    Range(Option<i64>, Option<i64>),
    /// One of these values.
    OneOf(Vec<String>),
    /// A number of characters in a range.
    Length(u64, Option<u64>),
    /// One segment of a path.
    Segment,
    /// A value of a header.
    Header,
    /// Items that can be told from each other once commas join them.
    Commas,
    /// A number of items in a range.
    Count(u64, Option<u64>),
    /// The checks of each item of a list.
    Items(Vec<Check>),
}

impl Check {
    /// Returns the checks of a parameter's schema; none if its type makes them.
    pub fn of(spec: &Spec, schema: &Value) -> Vec<Self> {
        let whole = spec.target(schema);
        let get = |key: &str| match &schema[key] {
            Value::Null => &whole[key],
            value => value,
        };
        let size = |min: &str, max: &str| {
            let (min, max) = (get(min).as_u64().unwrap_or(0), get(max).as_u64());
            (min > 0 || max.is_some()).then_some((min, max))
        };
        let kind = whole["type"].as_str();
        let mut checks = Vec::new();
        match kind {
            Some("integer") => {
                let min = smallest(get("minimum"), get("exclusiveMinimum") == true);
                let max = largest(get("maximum"), get("exclusiveMaximum") == true);
                if min.is_some() || max.is_some() {
                    checks.push(Self::Range(min, max));
                }
            }
            Some("string") => {
                checks.extend(
                    size("minLength", "maxLength").map(|(min, max)| Self::Length(min, max)),
                );
            }
            Some("array") => {
                checks.extend(size("minItems", "maxItems").map(|(min, max)| Self::Count(min, max)));
                // A parameter's list holds no lists.
                let items = &whole["items"];
                if spec.target(items)["type"] != "array" {
                    let items = Self::of(spec, items);
                    checks.extend((!items.is_empty()).then_some(Self::Items(items)));
                }
            }
            _ => {}
        }
        let values = get("enum");
        if values.is_array() && matches!(kind, Some("string" | "integer")) {
            let values = array(values).filter(|value| !value.is_null());
            checks.push(Self::OneOf(values.map(shown).collect()));
        }
        checks
    }
}

/// The value of a whole number, `5` or `5.0`.
fn integer(value: &Value) -> Option<i64> {
    let whole = || value.as_f64().filter(|number| number.fract() == 0.0);
    value.as_i64().or_else(|| whole().and_then(to_i64))
}

/// The smallest integer that a lower bound allows.
fn smallest(bound: &Value, exclusive: bool) -> Option<i64> {
    match integer(bound) {
        Some(bound) => Some(bound.saturating_add(i64::from(exclusive))),
        None => bound.as_f64().map(f64::ceil).and_then(to_i64),
    }
}

/// The largest integer that an upper bound allows.
fn largest(bound: &Value, exclusive: bool) -> Option<i64> {
    match integer(bound) {
        Some(bound) => Some(bound.saturating_sub(i64::from(exclusive))),
        None => bound.as_f64().map(f64::floor).and_then(to_i64),
    }
}

/// A whole number as an integer; nothing beyond the range of those.
fn to_i64(number: f64) -> Option<i64> {
    // 2^63, which is one more than the largest.
    const END: f64 = 9_223_372_036_854_775_808.0;
    (-END..END).contains(&number).then_some(number as i64)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn bounds_of_integers_are_checked() {
        let spec = Spec::of(&json!({"components": {"schemas": {
            "Share": {"type": "integer", "maximum": 1, "exclusiveMaximum": true},
        }}}));
        for (schema, expected) in [
            (
                json!({"type": "integer", "minimum": 0, "exclusiveMinimum": true, "maximum": 10, "exclusiveMaximum": true}),
                vec![Check::Range(Some(1), Some(9))],
            ),
            (
                json!({"type": "integer", "minimum": 0, "exclusiveMinimum": false}),
                vec![Check::Range(Some(0), None)],
            ),
            (
                json!({"type": "integer", "minimum": 0.5, "exclusiveMinimum": true, "maximum": 2.5}),
                vec![Check::Range(Some(1), Some(2))],
            ),
            (
                json!({"type": "integer", "minimum": 1.0, "exclusiveMinimum": true}),
                vec![Check::Range(Some(2), None)],
            ),
            (json!({"type": "integer", "maximum": u64::MAX}), vec![]),
            (json!({"type": "integer", "exclusiveMinimum": true}), vec![]),
            (
                json!({"$ref": "#/components/schemas/Share"}),
                vec![Check::Range(None, Some(0))],
            ),
        ] {
            assert_eq!(Check::of(&spec, &schema), expected, "{schema}");
        }
    }
}
