//! One segment of a path: what a URL parser must not read as something else.
//!
//! Percent-encoding is not enough. A slash splits the path, a backslash does so for a URL parser, and `.` and `..` are
//! resolved away: a group of that name would ask for another address, with the key.

use std::fmt;

/// Why a text can't be one segment of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentError {
    reason: String,
}

impl fmt::Display for SegmentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for SegmentError {}

/// Checks that a text can be one segment of a path, and has `min` to `max` characters.
pub(crate) fn check_segment(value: &str, min: usize, max: usize) -> Result<(), SegmentError> {
    let refuse = |reason: String| Err(SegmentError { reason });
    let length = value.chars().count();
    if value.is_empty() {
        return refuse("it is empty".to_owned());
    }
    if length < min || length > max {
        return refuse(format!(
            "it has {length} characters, where {min} to {max} are allowed"
        ));
    }
    // Some gateways cut a segment at a semicolon (path parameters) before they resolve dots.
    let name = value.split(';').next().unwrap_or_default();
    if name == "." || name == ".." {
        return refuse(format!("{value:?} would change the requested address"));
    }
    match value
        .chars()
        .find(|c| matches!(c, '/' | '\\') || c.is_control())
    {
        Some(c) => refuse(format!(
            "{value:?} holds {c:?}, which would change the requested address"
        )),
        None => Ok(()),
    }
}

/// Implements what a segment does, for a tuple struct of one `String` with `MIN_CHARS` and `MAX_CHARS`.
macro_rules! path_segment {
    ($name:ident) => {
        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl ::std::convert::TryFrom<::std::string::String> for $name {
            type Error = crate::values::SegmentError;

            fn try_from(value: ::std::string::String) -> ::std::result::Result<Self, Self::Error> {
                crate::values::check_segment(&value, Self::MIN_CHARS, Self::MAX_CHARS)?;
                ::std::result::Result::Ok(Self(value))
            }
        }

        impl ::std::convert::TryFrom<&str> for $name {
            type Error = crate::values::SegmentError;

            fn try_from(value: &str) -> ::std::result::Result<Self, Self::Error> {
                value.to_owned().try_into()
            }
        }

        impl ::std::convert::TryFrom<&::std::string::String> for $name {
            type Error = crate::values::SegmentError;

            fn try_from(value: &::std::string::String) -> ::std::result::Result<Self, Self::Error> {
                value.clone().try_into()
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = crate::values::SegmentError;

            fn from_str(value: &str) -> ::std::result::Result<Self, Self::Err> {
                value.try_into()
            }
        }

        impl ::std::convert::AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl ::std::convert::From<$name> for ::std::string::String {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                <::std::string::String as ::serde::Deserialize>::deserialize(deserializer)?
                    .try_into()
                    .map_err(::serde::de::Error::custom)
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

pub(crate) use path_segment;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_change_the_address_is_refused() {
        for value in [
            "",
            ".",
            "..",
            "a/b",
            "a\\b",
            "..\\..\\users",
            "..;",
            "..;x",
            ".;a=b",
            "a\nb",
            "a\u{7f}",
            "a\u{85}",
            "\t",
        ] {
            assert!(check_segment(value, 1, 100).is_err(), "{value:?}");
        }
        assert!(check_segment(&"é".repeat(101), 1, 100).is_err());
    }

    #[test]
    fn a_guid_is_serialised_as_its_text() {
        let guid: crate::types::Guid = serde_json::from_str(r#""team""#).unwrap();
        assert_eq!(guid.as_ref() as &str, "team");
        assert_eq!(serde_json::to_string(&guid).unwrap(), r#""team""#);
        assert_eq!(String::from(guid), "team");
        let error = serde_json::from_str::<crate::types::Guid>(r#""a/b""#).unwrap_err();
        assert!(
            error
                .to_string()
                .contains("would change the requested address"),
            "{error}"
        );
    }

    #[test]
    fn what_can_be_encoded_is_taken() {
        for value in [
            "supergroup",
            "...",
            "...;",
            "a;b",
            "a..;",
            ";..",
            "a b",
            "%2e%2e",
            "é",
            "a?b#c",
            "a&b=c",
            &"é".repeat(100),
        ] {
            assert_eq!(check_segment(value, 1, 100), Ok(()), "{value:?}");
        }
    }
}
