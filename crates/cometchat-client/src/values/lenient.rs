//! Responses are lenient: no value of an optional field, and no string, costs a row.
//!
//! Each field is read as text, and the text as the type that the spec says. A value of another type is kept in `extra`.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor,
};

use crate::error::Error;
use crate::error::decode_error::text_error;

use super::extra::Extra;
use super::json_text::{JsonText, parse};

/// Reads JSON as the calls of a client do, which is as `serde_json::from_str` does, with an error of this crate.
///
/// # Errors
///
/// `Decode`: the text is not JSON, or not of that type; [`Error::json_path`] says where.
pub fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|error| text_error("the text", text, &error))
}

/// Reads the fields of an object.
#[derive(Default)]
pub(crate) struct Fields<'de> {
    unknown: Extra,
    /// The last value of each known field, if it is of another type: at most one per field of the type.
    mistyped: Vec<(&'static str, JsonText<'de>)>,
}

impl<'de> Fields<'de> {
    /// Returns the next name, borrowed from the input if it can be.
    #[inline]
    pub(crate) fn next_name<A: MapAccess<'de>>(
        map: &mut A,
    ) -> Result<Option<Cow<'de, str>>, A::Error> {
        let name = map.next_key::<JsonText<'de>>()?;
        Ok(name.map(|name| name.into_string().unwrap_or_default()))
    }

    /// Reads a field; `None` if it is null or of another type, in which case its value is kept.
    #[inline]
    pub(crate) fn optional<A: MapAccess<'de>, T: DeserializeOwned>(
        &mut self,
        map: &mut A,
        name: &'static str,
    ) -> Result<Option<T>, A::Error> {
        self.read(map, name, parse)
    }

    /// Reads like [`optional`](Self::optional); a number may be quoted or be a whole float.
    #[inline]
    pub(crate) fn relaxed<A: MapAccess<'de>, T: DeserializeOwned>(
        &mut self,
        map: &mut A,
        name: &'static str,
    ) -> Result<Option<T>, A::Error> {
        self.read(map, name, parse_relaxed)
    }

    /// Reads a required string; a number is taken for its text.
    #[inline]
    pub(crate) fn text<A: MapAccess<'de>>(map: &mut A) -> Result<String, A::Error> {
        let text: JsonText<'de> = map.next_value()?;
        let text = text.get();
        let is_number = text.starts_with(|c: char| c == '-' || c.is_ascii_digit());
        parse(text)
            .or_else(|| is_number.then(|| text.to_owned()))
            .ok_or_else(|| de::Error::custom("a required field has no string"))
    }

    #[inline]
    fn read<A: MapAccess<'de>, T>(
        &mut self,
        map: &mut A,
        name: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, A::Error> {
        let text: JsonText<'de> = map.next_value()?;
        let value = Some(text.get())
            .filter(|text| *text != "null")
            .and_then(parse);
        if value.is_none() || !self.mistyped.is_empty() {
            self.keep_mistyped(name, text, value.is_none());
        }
        Ok(value)
    }

    /// Keeps the last value of a known field if it is of another type.
    #[cold]
    fn keep_mistyped(&mut self, name: &'static str, text: JsonText<'de>, is_mistyped: bool) {
        self.mistyped.retain(|(other, _)| *other != name);
        if is_mistyped && text.get() != "null" {
            self.mistyped.push((name, text));
        }
    }

    /// Keeps the value of an unknown field.
    #[inline]
    pub(crate) fn unknown<A: MapAccess<'de>>(
        &mut self,
        name: &str,
        map: &mut A,
    ) -> Result<(), A::Error> {
        let text: JsonText<'de> = map.next_value()?;
        self.unknown.push(name, text.get());
        Ok(())
    }

    /// Returns all values that were kept: unknown fields first, then known ones of another type.
    #[inline]
    pub(crate) fn finish(mut self) -> Extra {
        for (name, text) in self.mistyped {
            self.unknown.push(name, text.get());
        }
        self.unknown
    }
}

/// Implements `Deserialize` for a generated struct. Each field is listed as `"nameOnTheWire" => name: read or absent`.
///
/// `read` is `text`, `value`, `rows(max)`, `relaxed` or `optional`; `absent` is `required`, `option` or `default`.
macro_rules! object {
    ($name:ident $($extra:ident)?; $($wire:literal => $field:ident: $read:ident $(($max:literal))? or $absent:ident;)*) => {
        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                struct Visitor;

                impl<'de> ::serde::de::Visitor<'de> for Visitor {
                    type Value = $name;

                    fn expecting(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                        f.write_str(concat!("an object (", stringify!($name), ")"))
                    }

                    #[allow(unused_mut, unused_variables, reason = "not every struct has fields")]
                    fn visit_map<A: ::serde::de::MapAccess<'de>>(
                        self,
                        mut map: A,
                    ) -> ::std::result::Result<$name, A::Error> {
                        let mut fields = crate::values::Fields::default();
                        $(let mut $field = ::std::option::Option::None;)*
                        while let ::std::option::Option::Some(name) =
                            crate::values::Fields::next_name(&mut map)?
                        {
                            match &*name {
                                $($wire => $field =
                                    crate::values::object!(@$read $(($max))? fields, map, $wire),)*
                                _ => crate::values::object!(@rest $($extra)?; fields, map, name),
                            }
                        }
                        ::std::result::Result::Ok($name {
                            $($field: crate::values::object!(@$absent $field, $wire),)*
                            $($extra: fields.finish(),)?
                        })
                    }
                }

                deserializer.deserialize_map(Visitor)
            }
        }
    };
    (@optional $fields:ident, $map:ident, $wire:literal) => {
        $fields.optional(&mut $map, $wire)?
    };
    (@relaxed $fields:ident, $map:ident, $wire:literal) => {
        $fields.relaxed(&mut $map, $wire)?
    };
    (@text $fields:ident, $map:ident, $wire:literal) => {
        ::std::option::Option::Some(crate::values::Fields::text(&mut $map)?)
    };
    (@value $fields:ident, $map:ident, $wire:literal) => {
        ::std::option::Option::Some($map.next_value()?)
    };
    (@rows($max:literal) $fields:ident, $map:ident, $wire:literal) => {
        ::std::option::Option::Some(crate::values::rows(&mut $map, $max)?)
    };
    (@rest $extra:ident; $fields:ident, $map:ident, $name:ident) => {
        $fields.unknown(&$name, &mut $map)?
    };
    (@rest; $fields:ident, $map:ident, $name:ident) => {{
        $map.next_value::<::serde::de::IgnoredAny>()?;
    }};
    (@required $field:ident, $wire:literal) => {
        $field.ok_or_else(|| ::serde::de::Error::missing_field($wire))?
    };
    (@option $field:ident, $wire:literal) => {
        $field
    };
    (@default $field:ident, $wire:literal) => {
        $field.unwrap_or_default()
    };
}
pub(crate) use object;

/// A value as a type, where a number may stand in quotes or be a whole float.
pub(crate) fn parse_relaxed<T: DeserializeOwned>(text: &str) -> Option<T> {
    parse(text).or_else(|| {
        let quoted = text
            .strip_prefix('"')
            .and_then(|text| text.strip_suffix('"'));
        let number = quoted.unwrap_or(text).trim();
        let whole = || {
            let float: f64 = number.parse().ok()?;
            (float.fract() == 0.0 && float.abs() < 9_007_199_254_740_992.0)
                .then(|| (float as i64).to_string())
        };
        number
            .starts_with(|c: char| c == '-' || c.is_ascii_digit())
            .then(|| parse(number).or_else(|| parse(&whole()?)))
            .flatten()
    })
}

/// What the error of a page with too many rows begins with.
pub(crate) const TOO_MANY_ROWS: &str = "more rows than a page can have";

/// The rows of a page, of which there are at most `max`.
pub(crate) struct Rows<T> {
    pub(crate) max: usize,
    pub(crate) row: PhantomData<T>,
}

impl<'de, T: DeserializeOwned> DeserializeSeed<'de> for Rows<T> {
    type Value = Vec<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<T>, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, T: DeserializeOwned> Visitor<'de> for Rows<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of rows")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<Vec<T>, A::Error> {
        let mut read = Vec::new();
        let max = self.max;
        while let Some(()) = rows.next_element_seed(Row(&mut read, max))? {}
        Ok(read)
    }
}

/// Reads a row to where it stays: a row is large, and each result that it passes through is a copy of it.
struct Row<'r, T>(&'r mut Vec<T>, usize);

impl<'de, T: DeserializeOwned> DeserializeSeed<'de> for Row<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let Self(rows, max) = self;
        if rows.len() == max {
            return Err(de::Error::custom(format_args!("{TOO_MANY_ROWS} ({max})")));
        }
        T::deserialize(deserializer).map(|row| rows.push(row))
    }
}

/// The next value of an object: the rows of a page, of which there are at most `max`.
pub(crate) fn rows<'de, A: MapAccess<'de>, T: DeserializeOwned>(
    map: &mut A,
    max: usize,
) -> Result<Vec<T>, A::Error> {
    map.next_value_seed(Rows {
        max,
        row: PhantomData,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_may_stand_in_quotes_or_be_a_whole_float() {
        for text in ["7", r#""7""#, "7.0", r#""7.0""#, r#"" 7 ""#] {
            assert_eq!(parse_relaxed(text), Some(7_i64), "{text}");
        }
    }

    #[test]
    fn what_is_something_else_is_absent() {
        for text in [
            "null", r#""x""#, r#""""#, "[]", "{}", "7.5", "true", "1e300", "1e999",
        ] {
            assert_eq!(parse_relaxed::<i64>(text), None, "{text}");
        }
    }

    #[test]
    fn a_text_is_not_taken_for_a_number() {
        assert_eq!(parse_relaxed(r#""7""#), Some("7".to_owned()));
        assert_eq!(parse_relaxed::<String>("7"), None);
    }
}
