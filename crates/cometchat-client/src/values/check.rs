//! Checks of parameters before anything is sent. Each returns the value, or names what is wrong with it.

use std::fmt::Display;
use std::ops::{Bound, RangeBounds};

use reqwest::header::HeaderValue;

use crate::values::check_segment;

/// Checks that an integer is in a range.
pub(crate) fn in_range<T>(name: &str, value: T, range: impl RangeBounds<i64>) -> Result<T, String>
where
    T: Copy + Display + TryInto<i64>,
{
    let inside = match value.try_into() {
        Ok(number) => range.contains(&number),
        // Beyond i64: larger than any minimum.
        Err(_) => range.end_bound() == Bound::Unbounded,
    };
    match inside {
        true => Ok(value),
        false => Err(format!("{name} must be {}, not {value}", allowed(&range))),
    }
}

/// Checks that a value is one of those listed.
pub(crate) fn one_of<T: Display>(name: &str, value: T, allowed: &[&str]) -> Result<T, String> {
    let text = value.to_string();
    match allowed.contains(&text.as_str()) {
        true => Ok(value),
        false => Err(format!(
            "{name} must be one of {}, not {text:?}",
            allowed.join(", ")
        )),
    }
}

/// Checks the number of characters of a string.
pub(crate) fn length<T: Display>(
    name: &str,
    value: T,
    range: impl RangeBounds<u64>,
) -> Result<T, String> {
    let length = value.to_string().chars().count();
    how_many(name, "characters", length, range).map(|()| value)
}

/// Checks the number of items of a list.
pub(crate) fn count<T>(name: &str, value: T, range: impl RangeBounds<u64>) -> Result<T, String>
where
    for<'a> &'a T: IntoIterator,
{
    let length = (&value).into_iter().count();
    how_many(name, "items", length, range).map(|()| value)
}

/// Checks that a string is one segment of a path.
pub(crate) fn segment<T: Display>(name: &str, value: T) -> Result<T, String> {
    check_segment(&value.to_string(), 1, usize::MAX).map_err(|error| format!("{name}: {error}"))?;
    Ok(value)
}

/// Checks that a header can carry a value.
pub(crate) fn header<T: Display>(name: &str, value: T) -> Result<T, String> {
    match HeaderValue::try_from(value.to_string()) {
        Ok(_) => Ok(value),
        Err(_) => Err(format!(
            "{name} holds a control character, which no header can hold"
        )),
    }
}

/// Checks each item of a list.
pub(crate) fn each<T, L>(list: L, check: impl Fn(T) -> Result<T, String>) -> Result<L, String>
where
    L: IntoIterator<Item = T> + FromIterator<T>,
{
    list.into_iter().map(check).collect()
}

fn how_many(
    name: &str,
    what: &str,
    number: usize,
    range: impl RangeBounds<u64>,
) -> Result<(), String> {
    match range.contains(&(number as u64)) {
        true => Ok(()),
        false => Err(format!(
            "{name} must have {} {what}, and has {number}",
            allowed(&range)
        )),
    }
}

/// A range in words; its ends are included.
fn allowed<N: Display + PartialEq>(range: &impl RangeBounds<N>) -> String {
    match (range.start_bound(), range.end_bound()) {
        (Bound::Included(min), Bound::Included(max)) if min == max => format!("{min}"),
        (Bound::Included(min), Bound::Included(max)) => format!("{min} to {max}"),
        (_, Bound::Included(max)) => format!("at most {max}"),
        (Bound::Included(min), _) => format!("at least {min}"),
        _ => "a number".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_includes_both_ends_and_names_the_value() {
        assert_eq!(in_range("perPage", 1, 1..=1000), Ok(1));
        assert_eq!(in_range("perPage", 1000, 1..=1000), Ok(1000));
        for (found, expected) in [
            (
                in_range("n", 1001, 1..=1000),
                "n must be 1 to 1000, not 1001",
            ),
            (in_range("n", 0, 1..), "n must be at least 1, not 0"),
            (in_range("n", 6, ..=5), "n must be at most 5, not 6"),
        ] {
            assert_eq!(found, Err(expected.to_owned()));
        }
        assert_eq!(in_range("id", u64::MAX, 1..), Ok(u64::MAX));
        assert!(in_range("id", u64::MAX, 1..=5).is_err());
    }

    #[test]
    fn one_of_names_the_choices() {
        let allowed = ["available", "offline"];
        assert_eq!(one_of("status", "offline", &allowed), Ok("offline"));
        assert_eq!(
            one_of("status", "away", &allowed),
            Err("status must be one of available, offline, not \"away\"".to_owned())
        );
    }

    #[test]
    fn texts_and_lists_are_counted_and_named() {
        assert_eq!(length("a", "é", 1..=1), Ok("é"));
        assert_eq!(
            length("a", "", 1..),
            Err("a must have at least 1 characters, and has 0".to_owned())
        );
        assert_eq!(count("a", vec![1, 2], 0..=2), Ok(vec![1, 2]));
        assert_eq!(
            count("a", vec![1, 2], 3..=3),
            Err("a must have 3 items, and has 2".to_owned())
        );
        let short = |item| length("a", item, 0..=1);
        assert_eq!(each(vec!["b", "c"], short), Ok(vec!["b", "c"]));
        assert!(each(vec!["b", "cd"], short).is_err());
        assert!(segment("a", "..").is_err());
        assert!(header("a", "b\nc").is_err());
    }
}
