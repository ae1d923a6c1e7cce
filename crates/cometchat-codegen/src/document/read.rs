//! Reads the text of a document: JSON, or YAML with the core schema of YAML 1.2.
//!
//! `no`, `on` and `y` are strings in that schema; only `true` and `false` are booleans.

use std::panic::resume_unwind;
use std::thread;

use serde_json::Value;
use serde_saphyr::Error as YamlError;
use serde_saphyr::budget::BudgetBreach;
use serde_saphyr::options::{DuplicateKeyPolicy, Options};

use crate::error::{Error, Finding};

/// The most bytes of a document.
const MAX_BYTES: usize = 50_000_000;

/// The most levels of objects and lists.
const MAX_DEPTH: usize = 1_000;

/// The most values of YAML.
const MAX_VALUES: usize = 5_000_000;

/// The most values that aliases of YAML repeat.
const MAX_REPEATED: usize = 1_000_000;

/// Enough for the reader at the most levels, also in a build without optimization.
const STACK_BYTES: usize = 64 << 20;

/// Reads YAML or JSON into a JSON value, whatever it describes.
///
/// # Errors
///
/// The text is empty, is neither YAML nor JSON, is not an object at the top, or has a key twice in an object of YAML (in JSON the
/// last value counts). It is larger than 50 MB or 1,000 levels, or YAML with more than 5,000,000 values or 1,000,000 by aliases.
pub fn read(text: &str) -> Result<Value, Error> {
    read_as(text, DuplicateKeyPolicy::Error)
}

/// Reads a document as [`read`] does; in YAML, too, the last value of a key counts.
pub(crate) fn read_lenient(text: &str) -> Result<Value, Error> {
    read_as(text, DuplicateKeyPolicy::LastWins)
}

fn read_as(text: &str, duplicates: DuplicateKeyPolicy) -> Result<Value, Error> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.len() > MAX_BYTES {
        return Err(too_large("50 MB").into());
    }
    let value = match serde_json::from_str(text) {
        Ok(value) => value,
        // serde_json reads 128 levels. What is no JSON may be YAML.
        Err(_) => {
            // The reader calls itself for each level.
            let reader = thread::Builder::new().stack_size(STACK_BYTES);
            thread::scope(|scope| {
                let reader = reader.spawn_scoped(scope, || yaml(text, duplicates));
                let reader =
                    reader.map_err(|error| broken(format!("no thread can read it: {error}")))?;
                reader.join().unwrap_or_else(|panic| resume_unwind(panic))
            })?
        }
    };
    match value {
        Value::Object(_) => Ok(value),
        Value::Null => Err(broken("it is empty".to_owned()).into()),
        _ => Err(broken("it must be an object at the top".to_owned()).into()),
    }
}

fn yaml(text: &str, duplicates: DuplicateKeyPolicy) -> Result<Value, Finding> {
    let mut options = Options::default();
    options.strict_booleans = true;
    options.with_snippet = false;
    options.duplicate_keys = duplicates;
    options.alias_limits.max_total_replayed_events = MAX_REPEATED;
    if let Some(budget) = &mut options.budget {
        budget.max_depth = MAX_DEPTH;
        // Beyond the depth above, which is an error of its own.
        budget.flow_nesting_limit = 2 * MAX_DEPTH;
        budget.max_nodes = MAX_VALUES;
        budget.max_events = 4 * MAX_VALUES;
        budget.max_aliases = MAX_VALUES;
        budget.max_anchors = MAX_VALUES;
        budget.max_merge_keys = MAX_VALUES;
        budget.max_buffered_comment_events = MAX_VALUES;
        budget.enforce_alias_anchor_ratio = false;
    }
    serde_saphyr::from_str_with_options(text, options).map_err(|error| match &error {
        YamlError::Budget {
            breach: BudgetBreach::Depth { .. },
            ..
        } => too_large("1,000 levels"),
        // A value that was read where its anchor is fails under an alias only by its size.
        YamlError::AliasError { .. } => too_large("1,000,000 values by aliases"),
        YamlError::Budget { .. } => too_large("5,000,000 values"),
        _ => broken(format!("not YAML: {error}")),
    })
}

fn broken(problem: String) -> Finding {
    Finding::error(
        "yaml",
        "the document",
        problem,
        "correct the text at that line; blocks of YAML go 255 levels deep",
    )
}

fn too_large(limit: &str) -> Finding {
    Finding::error(
        "limit",
        "the document",
        format!("it is larger than {limit}"),
        "leave out examples and operations that you do not call",
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{MAX_BYTES, read, read_lenient};

    #[test]
    fn yaml_has_the_core_schema() {
        let root = read("{no: [no, on, y, Yes, off, N, true, False, null, ~, 5, '5', 0x1f]}");
        let expected = json!([
            "no", "on", "y", "Yes", "off", "N", true, false, null, null, 5, "5", 31
        ]);
        assert_eq!(root.unwrap()["no"], expected);
    }

    #[test]
    fn json_has_any_character_and_depth() {
        let root = read("\u{feff}{\"a\": \"\u{7f}\u{9f}\"}").unwrap();
        assert_eq!(root["a"], "\u{7f}\u{9f}");
        let nested = |levels: usize| {
            let inner = levels - 1;
            format!("{{\"a\": {}{}}}", "[".repeat(inner), "]".repeat(inner))
        };
        assert!(read(&nested(999)).is_ok());
        let block: String = (0..250).map(|n| " ".repeat(n) + "a:\n").collect();
        assert!(read(&block).is_ok());
        let error = read(&nested(1_100)).unwrap_err().to_string();
        assert!(error.contains("larger than 1,000 levels"), "{error}");
    }

    #[test]
    fn limits_say_what_they_are() {
        let lines =
            (1..9).map(|n| format!("a{n}: &a{n} [{}]\n", format!("*a{}, ", n - 1).repeat(20)));
        let laughs = "a0: &a0 [x]\n".to_owned() + &lines.collect::<String>();
        let long = " ".repeat(MAX_BYTES + 1);
        for (text, limit) in [(laughs, "1,000,000 values by aliases"), (long, "50 MB")] {
            let error = read_lenient(&text).unwrap_err();
            assert_eq!(error.findings()[0].rule, "limit", "{error}");
            assert!(error.to_string().contains(limit), "{error}");
        }
        let often = "a: &a x\nb: [".to_owned() + &"*a, ".repeat(2_000) + "]";
        assert_eq!(
            read(&often).unwrap()["b"].as_array().map(Vec::len),
            Some(2_000)
        );
    }

    #[test]
    fn a_key_twice_is_an_error_in_yaml() {
        let text = "{a: {b: 1, b: 2}}";
        let error = read(text).unwrap_err().to_string();
        assert!(error.contains("duplicate"), "{error}");
        let json = r#"{"a": {"b": 1, "b": 2}}"#;
        for root in [read_lenient(text), read(json), read_lenient(json)] {
            assert_eq!(root.unwrap()["a"]["b"], 2);
        }
    }
}
