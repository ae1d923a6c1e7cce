//! What a value is held to before it is sent. Requests are strict: a check names the value that is wrong.

use std::ops::Bound;

use serde_json::Value;

use crate::document::spec::{Spec, array, shown};

/// What a value is held to.
#[derive(Clone, Debug, PartialEq)]
pub enum Check {
    /// An integer in a range, both ends included.
    Range(Option<i64>, Option<i64>),
    /// A number in a range.
    Number(Bound<f64>, Bound<f64>),
    /// One of these values.
    OneOf(Vec<String>),
    /// A number of characters in a range.
    Length(u64, Option<u64>),
    /// A text of these characters only, from the first to the last of each pair, as this pattern says.
    Characters(Vec<(char, char)>, String),
    /// One segment of a path.
    Segment,
    /// A number of items in a range.
    Count(u64, Option<u64>),
    /// No item twice.
    Unique,
    /// What each item of a list is held to.
    Items(Vec<Check>),
}

/// The most lists within lists that are checked: a list may hold itself.
const MOST_LISTS: usize = 8;

impl Check {
    /// What a value of a schema is held to; nothing where its type holds it to that already.
    pub fn of(spec: &Spec, schema: &Value) -> Vec<Self> {
        Self::within(spec, schema, MOST_LISTS)
    }

    fn within(spec: &Spec, schema: &Value, lists: usize) -> Vec<Self> {
        let whole = spec.target(schema);
        let get = |key: &str| match &schema[key] {
            Value::Null => &whole[key],
            value => value,
        };
        let size = |min: &str, max: &str| {
            let (min, max) = (get(min).as_u64().unwrap_or(0), get(max).as_u64());
            (min > 0 || max.is_some()).then_some((min, max))
        };
        let mut checks = Vec::new();
        match whole["type"].as_str() {
            Some("integer") => {
                let min = smallest(get("minimum"), get("exclusiveMinimum") == true);
                let max = largest(get("maximum"), get("exclusiveMaximum") == true);
                if min.is_some() || max.is_some() {
                    checks.push(Self::Range(min, max));
                }
            }
            Some("number") => {
                let bound = |key: &str, exclusive: &str| match get(key).as_f64() {
                    None => Bound::Unbounded,
                    Some(bound) if get(exclusive) == true => Bound::Excluded(bound),
                    Some(bound) => Bound::Included(bound),
                };
                let min = bound("minimum", "exclusiveMinimum");
                let max = bound("maximum", "exclusiveMaximum");
                if (min, max) != (Bound::Unbounded, Bound::Unbounded) {
                    checks.push(Self::Number(min, max));
                }
            }
            Some("string") => {
                if let Some((min, max)) = size("minLength", "maxLength") {
                    checks.push(Self::Length(min, max));
                }
                if let Some(pattern) = get("pattern").as_str()
                    && let Some((pairs, min, max)) = characters(pattern)
                {
                    checks.push(Self::Characters(pairs, pattern.to_owned()));
                    if min > 0 || max.is_some() {
                        checks.push(Self::Length(min, max));
                    }
                }
            }
            Some("array") if lists > 0 => {
                if let Some((min, max)) = size("minItems", "maxItems") {
                    checks.push(Self::Count(min, max));
                }
                if get("uniqueItems") == true {
                    checks.push(Self::Unique);
                }
                let items = Self::within(spec, &whole["items"], lists - 1);
                if !items.is_empty() {
                    checks.push(Self::Items(items));
                }
            }
            _ => {}
        }
        let values = get("enum");
        if values.is_array() && matches!(whole["type"].as_str(), Some("string" | "integer")) {
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

/// Ranges of characters, from the first to the last of each.
type Pairs = Vec<(char, char)>;

/// The characters that a pattern of one class allows, such as `^[a-z0-9_-]{1,20}$`, and how many of them; nothing for
/// any other pattern, which would need a crate to check.
fn characters(pattern: &str) -> Option<(Pairs, u64, Option<u64>)> {
    let inner = pattern.strip_prefix('^')?.strip_suffix('$')?;
    let (class, count) = match inner.strip_prefix('[') {
        Some(class) => class.split_once(']')?,
        None => inner
            .split_at_checked(2)
            .filter(|(class, _)| class.starts_with('\\'))?,
    };
    if class.starts_with('^') {
        return None;
    }
    let mut pairs = Vec::new();
    let mut rest = class.chars().peekable();
    while let Some(c) = rest.next() {
        let first = match c {
            '\\' => match rest.next()? {
                'd' => {
                    pairs.push(('0', '9'));
                    continue;
                }
                'w' => {
                    pairs.extend([('a', 'z'), ('A', 'Z'), ('0', '9'), ('_', '_')]);
                    continue;
                }
                c if c.is_ascii_alphanumeric() => return None,
                c => c,
            },
            '[' | '&' | '~' => return None,
            c => c,
        };
        let mut ahead = rest.clone();
        let last = match (ahead.next(), ahead.next()) {
            (Some('-'), Some(last)) if last != '\\' => {
                rest = ahead;
                last
            }
            _ => first,
        };
        pairs.push((first, last));
    }
    let (min, max) = match count {
        "+" => (1, None),
        "*" => (0, None),
        "" => (1, Some(1)),
        "?" => (0, Some(1)),
        count => {
            let count = count.strip_prefix('{')?.strip_suffix('}')?;
            match count.split_once(',') {
                None => (count.parse().ok()?, Some(count.parse().ok()?)),
                Some((min, "")) => (min.parse().ok()?, None),
                Some((min, max)) => (min.parse().ok()?, Some(max.parse().ok()?)),
            }
        }
    };
    Some((pairs, min, max))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn bounds_of_numbers_are_checked() {
        let (include, exclude) = (Bound::Included::<f64>, Bound::Excluded::<f64>);
        let spec = Spec::of(&json!({"components": {"schemas": {
            "Share": {"type": "number", "maximum": 1, "exclusiveMaximum": true},
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
                json!({"type": "number", "minimum": 0.5, "exclusiveMinimum": true}),
                vec![Check::Number(exclude(0.5), Bound::Unbounded)],
            ),
            (
                json!({"$ref": "#/components/schemas/Share"}),
                vec![Check::Number(Bound::Unbounded, exclude(1.0))],
            ),
            (
                json!({"type": "number", "minimum": 0, "maximum": 2, "exclusiveMaximum": true}),
                vec![Check::Number(include(0.0), exclude(2.0))],
            ),
        ] {
            assert_eq!(Check::of(&spec, &schema), expected, "{schema}");
        }
    }

    #[test]
    fn patterns_of_one_class_are_checked() {
        for (pattern, pairs, min, max) in [
            ("^[a-z]+$", vec![('a', 'z')], 1, None),
            (
                "^[A-Z0-9_-]{2,8}$",
                vec![('A', 'Z'), ('0', '9'), ('_', '_'), ('-', '-')],
                2,
                Some(8),
            ),
            (r"^\d{4}$", vec![('0', '9')], 4, Some(4)),
            (
                r"^[\w.]*$",
                vec![('a', 'z'), ('A', 'Z'), ('0', '9'), ('_', '_'), ('.', '.')],
                0,
                None,
            ),
        ] {
            assert_eq!(characters(pattern), Some((pairs, min, max)), "{pattern}");
        }
        for pattern in [
            "[a-z]+",
            "^a|b$",
            "^[^a]$",
            r"^\d-\d$",
            "^(?!x)[a-z]+$",
            "^[a-z]+@[a-z]+$",
            r"^[\s]+$",
        ] {
            assert_eq!(characters(pattern), None, "{pattern}");
        }
    }
}
