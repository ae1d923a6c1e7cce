//! Requests are strict: what a parameter may be is checked before anything is sent.

use std::fmt::Display;

/// The value, if it is in the range that the spec gives the parameter.
pub(crate) fn in_range<T>(name: &str, value: T, min: i64, max: Option<i64>) -> Result<T, String>
where
    T: Copy + Display + TryInto<i64>,
{
    let inside = match value.try_into() {
        Ok(number) => number >= min && max.is_none_or(|max| number <= max),
        // Beyond i64: larger than any minimum.
        Err(_) => max.is_none(),
    };
    if inside {
        return Ok(value);
    }
    Err(match max {
        Some(max) => format!("{name} must be {min} to {max}, not {value}"),
        None => format!("{name} must be at least {min}, not {value}"),
    })
}

/// The value, if it is one of those that the spec lets the parameter have.
pub(crate) fn one_of<T: AsRef<str>>(name: &str, value: T, allowed: &[&str]) -> Result<T, String> {
    if allowed.contains(&value.as_ref()) {
        return Ok(value);
    }
    Err(format!(
        "{name} must be one of {}, not {:?}",
        allowed.join(", "),
        value.as_ref()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_includes_both_ends_and_names_the_value() {
        assert_eq!(in_range("perPage", 1, 1, Some(1000)), Ok(1));
        assert_eq!(in_range("perPage", 1000, 1, Some(1000)), Ok(1000));
        assert_eq!(
            in_range("perPage", 1001, 1, Some(1000)),
            Err("perPage must be 1 to 1000, not 1001".to_owned())
        );
        assert_eq!(
            in_range("page", 0, 1, None),
            Err("page must be at least 1, not 0".to_owned())
        );
        assert_eq!(in_range("id", u64::MAX, 1, None), Ok(u64::MAX));
        assert!(in_range("id", u64::MAX, 1, Some(5)).is_err());
    }

    #[test]
    fn one_of_names_the_choices() {
        assert_eq!(
            one_of("status", "offline", &["available", "offline"]),
            Ok("offline")
        );
        assert_eq!(
            one_of("status", "away", &["available", "offline"]),
            Err("status must be one of available, offline, not \"away\"".to_owned())
        );
    }
}
