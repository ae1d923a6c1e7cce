//! The version that follows, by Cargo's rules.

use std::fmt;

use super::change::Level;

/// The version that follows `current` when changes of that level are published.
///
/// Cargo takes the leftmost number that isn't zero for the one that breaks: after 0.3.1 a major change makes 0.4.0, and
/// anything else 0.3.2; after 0.0.3 any change makes 0.0.4.
///
/// # Errors
///
/// `current` is not three numbers, as in `0.1.0`; a version that is marked as a pre-release or a build is none.
///
/// # Examples
///
/// ```
/// use cometchat_codegen::diff::{Level, next_version};
///
/// assert_eq!(next_version("0.3.1", Level::Major)?, "0.4.0");
/// assert_eq!(next_version("1.3.1", Level::Minor)?, "1.4.0");
/// # Ok::<(), cometchat_codegen::diff::VersionError>(())
/// ```
pub fn next_version(current: &str, level: Level) -> Result<String, VersionError> {
    let numbers: Result<Vec<u64>, _> = current.split('.').map(str::parse).collect();
    let Ok([major, minor, patch]) = numbers.as_deref() else {
        return Err(VersionError {
            version: current.to_owned(),
        });
    };
    let (major, minor, patch) = match (level, major, minor) {
        (_, 0, 0) => (0, 0, patch + 1),
        (Level::Major, 0, minor) => (0, minor + 1, 0),
        (_, 0, minor) => (0, *minor, patch + 1),
        (Level::Major, major, _) => (major + 1, 0, 0),
        (Level::Minor, major, minor) => (*major, minor + 1, 0),
        (Level::Patch, major, minor) => (*major, *minor, patch + 1),
    };
    Ok(format!("{major}.{minor}.{patch}"))
}

/// A version from which the next one can't be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionError {
    version: String,
}

impl fmt::Display for VersionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is not a version of three numbers; state one such as `0.1.0`",
            self.version
        )
    }
}

impl std::error::Error for VersionError {}

#[cfg(test)]
mod tests {
    use super::{Level, next_version};

    #[test]
    fn the_leftmost_number_that_is_not_zero_breaks() {
        for (current, patch, minor, major) in [
            ("0.0.3", "0.0.4", "0.0.4", "0.0.4"),
            ("0.1.0", "0.1.1", "0.1.1", "0.2.0"),
            ("0.3.1", "0.3.2", "0.3.2", "0.4.0"),
            ("1.2.3", "1.2.4", "1.3.0", "2.0.0"),
        ] {
            let next = |level| next_version(current, level).unwrap();
            assert_eq!(next(Level::Patch), patch, "{current}");
            assert_eq!(next(Level::Minor), minor, "{current}");
            assert_eq!(next(Level::Major), major, "{current}");
        }
    }

    #[test]
    fn what_is_no_version_is_an_error() {
        for version in ["", "1.0", "1.0.0-rc.1", "1.0.0.0", "v1.0.0"] {
            assert!(next_version(version, Level::Patch).is_err(), "{version}");
        }
    }
}
