//! Requests are strict: what a parameter may be is checked before anything is sent.

use std::fmt::Display;
use std::ops::{Bound, RangeBounds};

use crate::values::check_segment;

pub(crate) fn in_range<T>(
    name: &str,
    value: &T,
    min: Option<i64>,
    max: Option<i64>,
) -> Result<(), String>
where
    T: Copy + Display + TryInto<i64>,
{
    let [lower, upper] = [min, max].map(|end| end.map_or(Bound::Unbounded, Bound::Included));
    let inside = match (*value).try_into() {
        Ok(number) => (lower, upper).contains(&number),
        // Beyond i64: larger than any minimum.
        Err(_) => max.is_none(),
    };
    if inside {
        Ok(())
    } else {
        Err(outside(name, value, lower, upper))
    }
}

pub(crate) fn in_number_range<T>(
    name: &str,
    value: &T,
    min: Bound<f64>,
    max: Bound<f64>,
) -> Result<(), String>
where
    T: Copy + Display + Into<f64>,
{
    if (min, max).contains(&(*value).into()) {
        Ok(())
    } else {
        Err(outside(name, value, min, max))
    }
}

/// What is wrong with a number that is not in its range.
fn outside<N: Display>(name: &str, value: &impl Display, min: Bound<N>, max: Bound<N>) -> String {
    let allowed = match (min, max) {
        (Bound::Included(min), Bound::Included(max)) => format!("{min} to {max}"),
        (min, max) => {
            let lower = match min {
                Bound::Included(min) => Some(format!("at least {min}")),
                Bound::Excluded(min) => Some(format!("more than {min}")),
                Bound::Unbounded => None,
            };
            let upper = match max {
                Bound::Included(max) => Some(format!("at most {max}")),
                Bound::Excluded(max) => Some(format!("less than {max}")),
                Bound::Unbounded => None,
            };
            Vec::from_iter(lower.into_iter().chain(upper)).join(" and ")
        }
    };
    format!("{name} must be {allowed}, not {value}")
}

pub(crate) fn one_of(name: &str, value: &impl Display, allowed: &[&str]) -> Result<(), String> {
    let value = value.to_string();
    if allowed.contains(&value.as_str()) {
        return Ok(());
    }
    Err(format!(
        "{name} must be one of {}, not {value:?}",
        allowed.join(", ")
    ))
}

/// Checks the number of characters of a text.
pub(crate) fn length(
    name: &str,
    value: &impl Display,
    min: u64,
    max: Option<u64>,
) -> Result<(), String> {
    let length = value.to_string().chars().count();
    how_many(name, "characters", length, min, max)
}

/// Checks that a text holds the characters of a pattern only.
pub(crate) fn characters(
    name: &str,
    value: &impl Display,
    allowed: &[(char, char)],
    pattern: &str,
) -> Result<(), String> {
    let value = value.to_string();
    let is_allowed = |c| {
        allowed
            .iter()
            .any(|(first, last)| (*first..=*last).contains(&c))
    };
    match value.chars().find(|c| !is_allowed(*c)) {
        None => Ok(()),
        Some(c) => Err(format!(
            "{name} must match {pattern}, and {value:?} holds {c:?}"
        )),
    }
}

pub(crate) fn segment(name: &str, value: &impl Display) -> Result<(), String> {
    check_segment(&value.to_string(), 1, usize::MAX).map_err(|error| format!("{name}: {error}"))
}

pub(crate) fn count(
    name: &str,
    items: impl ExactSizeIterator,
    min: u64,
    max: Option<u64>,
) -> Result<(), String> {
    how_many(name, "items", items.len(), min, max)
}

fn how_many(
    name: &str,
    what: &str,
    number: usize,
    min: u64,
    max: Option<u64>,
) -> Result<(), String> {
    let number = number as u64;
    if number >= min && max.is_none_or(|max| number <= max) {
        return Ok(());
    }
    let allowed = match max {
        Some(max) if max == min => format!("{min}"),
        Some(max) => format!("{min} to {max}"),
        None => format!("at least {min}"),
    };
    Err(format!(
        "{name} must have {allowed} {what}, and has {number}"
    ))
}

pub(crate) fn unique<T: PartialEq>(
    name: &str,
    items: impl ExactSizeIterator<Item = T> + Clone,
) -> Result<(), String> {
    for (index, item) in items.clone().enumerate() {
        if items.clone().take(index).any(|before| before == item) {
            return Err(format!(
                "{name} must have no item twice, and item {} came before",
                index + 1
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_includes_both_ends_and_names_the_value() {
        assert_eq!(in_range("perPage", &1, Some(1), Some(1000)), Ok(()));
        assert_eq!(in_range("perPage", &1000, Some(1), Some(1000)), Ok(()));
        for (value, min, max, expected) in [
            (1001, Some(1), Some(1000), "n must be 1 to 1000, not 1001"),
            (0, Some(1), None, "n must be at least 1, not 0"),
            (6, None, Some(5), "n must be at most 5, not 6"),
        ] {
            assert_eq!(in_range("n", &value, min, max), Err(expected.to_owned()));
        }
        assert_eq!(in_range("id", &u64::MAX, Some(1), None), Ok(()));
        assert!(in_range("id", &u64::MAX, Some(1), Some(5)).is_err());
    }

    #[test]
    fn a_range_of_numbers_includes_or_excludes_its_ends() {
        use Bound::{Excluded, Included, Unbounded};
        for (min, max, inside, outside, allowed) in [
            (Included(1.0), Unbounded, 1.0, 0.5, "at least 1"),
            (Unbounded, Included(1.0), 1.0, 1.5, "at most 1"),
            (Included(0.5), Included(1.0), 0.5, 1.5, "0.5 to 1"),
            (Excluded(0.5), Unbounded, 0.6, 0.5, "more than 0.5"),
            (Unbounded, Excluded(1.0), 0.9, 1.0, "less than 1"),
            (
                Excluded(0.0),
                Excluded(1.0),
                0.1,
                1.0,
                "more than 0 and less than 1",
            ),
            (
                Included(0.0),
                Excluded(1.0),
                0.0,
                f64::NAN,
                "at least 0 and less than 1",
            ),
        ] {
            assert_eq!(in_number_range("x", &inside, min, max), Ok(()));
            assert_eq!(
                in_number_range("x", &outside, min, max),
                Err(format!("x must be {allowed}, not {outside}"))
            );
        }
        assert!(in_number_range("x", &0.5_f32, Included(1.0), Unbounded).is_err());
    }

    #[test]
    fn one_of_names_the_choices() {
        let allowed = ["available", "offline"];
        assert_eq!(one_of("status", &"offline", &allowed), Ok(()));
        assert_eq!(
            one_of("status", &"away", &allowed),
            Err("status must be one of available, offline, not \"away\"".to_owned())
        );
    }

    #[test]
    fn texts_and_lists_are_counted_and_named() {
        assert_eq!(length("a", &"é", 1, Some(1)), Ok(()));
        assert_eq!(
            length("a", &"", 1, None),
            Err("a must have at least 1 characters, and has 0".to_owned())
        );
        assert_eq!(count("a", [1, 2].iter(), 0, Some(2)), Ok(()));
        assert_eq!(
            count("a", [1, 2].iter(), 3, Some(3)),
            Err("a must have 3 items, and has 2".to_owned())
        );
        assert_eq!(unique("a", [1, 2].iter()), Ok(()));
        assert_eq!(
            unique("a", [1, 2, 1].iter()),
            Err("a must have no item twice, and item 3 came before".to_owned())
        );
        assert_eq!(
            characters("a", &"xY", &[('a', 'z')], "^[a-z]+$"),
            Err("a must match ^[a-z]+$, and \"xY\" holds 'Y'".to_owned())
        );
        assert!(segment("a", &"..").is_err());
    }
}
