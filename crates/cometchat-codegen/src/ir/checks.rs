//! What a value is held to before it is sent. Requests are strict: a check names the value that is wrong.

use serde_json::Value;

use crate::ir::operation::values;
use crate::spec::Spec;

/// What a value is held to.
#[derive(Clone, Debug, PartialEq)]
pub enum Check {
    /// An integer in a range, both ends included.
    Range(Option<i64>, Option<i64>),
    /// A number in a range, both ends included.
    Number(Option<f64>, Option<f64>),
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

impl Check {
    /// What a value of a schema is held to; nothing where its type holds it to that already.
    pub fn of(spec: &Spec, schema: &Value) -> Vec<Self> {
        let whole = spec.target(schema);
        let get = |key: &str| match &schema[key] {
            Value::Null => &whole[key],
            value => value,
        };
        let mut checks = Vec::new();
        match whole["type"].as_str() {
            Some("integer") => {
                let bound = |key: &str, exclusive: &str, step: i64| {
                    let bound = get(key).as_i64()?;
                    Some(if get(exclusive) == true {
                        bound + step
                    } else {
                        bound
                    })
                };
                let min = bound("minimum", "exclusiveMinimum", 1);
                let max = bound("maximum", "exclusiveMaximum", -1);
                if min.is_some() || max.is_some() {
                    checks.push(Self::Range(min, max));
                }
            }
            Some("number") => {
                let (min, max) = (get("minimum").as_f64(), get("maximum").as_f64());
                if min.is_some() || max.is_some() {
                    checks.push(Self::Number(min, max));
                }
            }
            Some("string") => {
                let (min, max) = (get("minLength").as_u64(), get("maxLength").as_u64());
                if min.is_some_and(|min| min > 0) || max.is_some() {
                    checks.push(Self::Length(min.unwrap_or(0), max));
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
            Some("array") => {
                let (min, max) = (get("minItems").as_u64(), get("maxItems").as_u64());
                if min.is_some_and(|min| min > 0) || max.is_some() {
                    checks.push(Self::Count(min.unwrap_or(0), max));
                }
                if get("uniqueItems") == true {
                    checks.push(Self::Unique);
                }
                let items = Self::of(spec, &whole["items"]);
                if !items.is_empty() {
                    checks.push(Self::Items(items));
                }
            }
            _ => {}
        }
        if get("enum").is_array() && matches!(whole["type"].as_str(), Some("string" | "integer")) {
            checks.push(Self::OneOf(values(if schema["enum"].is_array() {
                schema
            } else {
                whole
            })));
        }
        checks
    }
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
    use super::*;

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
