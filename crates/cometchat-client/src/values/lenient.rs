//! Responses are lenient: no value of an optional field, and no text, costs a row.
//!
//! A field is first read as the type that the spec says, which costs nothing beyond decoding. Where that fails, the whole
//! text is read again, each value as text first: one that is of another type is kept in `extra`.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor,
};

use crate::error::Error;
use crate::error::decode_error::text_error;

use super::extra::Extra;
use super::json_text::{JsonText, parse};

/// How generated types are read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// The text of a value is taken, and read strictly, then leniently: any format can be read.
    Plain,
    /// Each value is read as text first, and any name is read.
    Lenient,
    /// A value that is not what the spec says is an error: the text is read again, leniently.
    Strict,
    /// As `Lenient`, but for names that are no text, so that the path to an error can be followed.
    Traced,
}

thread_local! {
    static MODE: Cell<Mode> = const { Cell::new(Mode::Plain) };
}

/// Ends a mode when it is dropped.
pub(crate) struct Before(Mode);

impl Mode {
    /// Has generated types read in this mode until the result is dropped.
    pub(crate) fn begin(self) -> Before {
        Before(MODE.replace(self))
    }
}

impl Drop for Before {
    fn drop(&mut self) {
        MODE.set(self.0);
    }
}

/// Reads JSON as the calls of a client do: as fast as the spec lets it, and leniently where a value is not what it says.
///
/// `serde_json::from_str` reads the types of this crate as leniently, after a first look for where each one ends.
///
/// # Errors
///
/// `Decode`: the text is not JSON, or not of that type; [`Error::json_path`] says where.
pub fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    read_json(text).map_err(|error| text_error::<T>("the text", text, error))
}

/// Like [`from_json`], with the error of the decoder.
pub(crate) fn read_json<T: DeserializeOwned>(text: &str) -> Result<T, serde_json::Error> {
    in_two_ways(|| serde_json::from_str(text))
}

/// Reads something strictly and, if any generated type in it can't be read so, leniently.
///
/// A type of a program may drop the error of a generated type, so that the result alone doesn't tell.
pub(crate) fn in_two_ways<T, E>(read: impl Fn() -> Result<T, E>) -> Result<T, E> {
    {
        let _strict = Mode::Strict.begin();
        if let Ok(value) = read()
            && MODE.get() == Mode::Strict
        {
            return Ok(value);
        }
    }
    let _lenient = Mode::Lenient.begin();
    read()
}

/// Reads a generated type, by the visitor of its fields.
#[inline]
pub(crate) fn read<'de, D, V, T>(deserializer: D, visitor: V) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    V: for<'a> Visitor<'a, Value = T> + Copy,
{
    let mode = MODE.get();
    if mode != Mode::Plain {
        let value = deserializer.deserialize_map(visitor);
        if value.is_err() && mode == Mode::Strict {
            MODE.set(Mode::Lenient);
        }
        return value;
    }
    let text = JsonText::deserialize(deserializer)?;
    in_two_ways(|| serde_json::Deserializer::from_str(text.get()).deserialize_map(visitor))
        .map_err(de::Error::custom)
}

/// Reads the fields of an object; made when its first one is read.
pub(crate) struct Fields {
    mode: Mode,
    unknown: Extra,
    /// The last value of each known field, if it is of another type: at most one per field of the type.
    mistyped: Vec<(&'static str, JsonText)>,
}

impl Fields {
    pub(crate) fn new() -> Self {
        Self {
            mode: MODE.get(),
            unknown: Extra::default(),
            mistyped: Vec::new(),
        }
    }

    /// Returns the next name, borrowed from the text if it can be.
    #[inline]
    pub(crate) fn next_key<'de, A: MapAccess<'de>>(
        &self,
        map: &mut A,
    ) -> Result<Option<Cow<'de, str>>, A::Error> {
        match self.mode {
            Mode::Strict | Mode::Traced => map.next_key_seed(Name::default()),
            Mode::Plain | Mode::Lenient => lenient_key(map),
        }
    }

    /// Reads an optional field; `None` if it is null or of another type, in which case its value is kept.
    #[inline]
    pub(crate) fn optional<'de, A: MapAccess<'de>, T: DeserializeOwned>(
        &mut self,
        map: &mut A,
        name: &'static str,
    ) -> Result<Option<T>, A::Error> {
        if self.mode == Mode::Strict {
            return map.next_value();
        }
        self.lenient(map, name, parse)
    }

    /// Reads like [`optional`](Self::optional); a number may be quoted or be a whole float.
    #[inline]
    pub(crate) fn relaxed<'de, A: MapAccess<'de>, T: DeserializeOwned>(
        &mut self,
        map: &mut A,
        name: &'static str,
    ) -> Result<Option<T>, A::Error> {
        if self.mode == Mode::Strict {
            return map.next_value();
        }
        self.lenient(map, name, parse_relaxed)
    }

    /// Not inlined, so that the strict way, which nearly all rows are read in, stays short.
    #[cold]
    fn lenient<'de, A: MapAccess<'de>, T: DeserializeOwned>(
        &mut self,
        map: &mut A,
        name: &'static str,
        parse: fn(&str) -> Option<T>,
    ) -> Result<Option<T>, A::Error> {
        let text: JsonText = map.next_value()?;
        // If a name occurs twice, the last value counts.
        self.mistyped.retain(|(other, _)| *other != name);
        let value = parse(text.get());
        if value.is_none() && text.get() != "null" {
            self.mistyped.push((name, text));
        }
        Ok(value)
    }

    /// Reads a required string; a number is taken for its text.
    #[inline]
    pub(crate) fn text<'de, A: MapAccess<'de>>(&self, map: &mut A) -> Result<String, A::Error> {
        if self.mode == Mode::Strict {
            return map.next_value();
        }
        map.next_value_seed(RequiredText)
    }

    /// Keeps the value of an unknown field.
    pub(crate) fn keep<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        map: &mut A,
    ) -> Result<(), A::Error> {
        self.unknown.read(name, map)
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

/// Implements `deserialize` for a generated struct. Each field is listed as `"nameOnTheWire" => name: read or absent`.
///
/// `read` is `text`, `value`, `rows(max)`, `relaxed` or `optional`; `absent` is `required`, `option` or `default`.
macro_rules! object {
    ($name:ident $($extra:ident)?; $($wire:literal => $field:ident: $read:ident $(($max:literal))? or $absent:ident;)*) => {
        fn deserialize<D>(deserializer: D) -> ::std::result::Result<Self, D::Error>
        where
            D: ::serde::Deserializer<'de>,
        {
            #[derive(Clone, Copy)]
            struct __Visitor;

            impl<'de> ::serde::de::Visitor<'de> for __Visitor {
                type Value = $name;

                fn expecting(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                    f.write_str(concat!("an object (", stringify!($name), ")"))
                }

                #[allow(unused_mut, unused_variables)]
                fn visit_map<A>(self, mut map: A) -> ::std::result::Result<$name, A::Error>
                where
                    A: ::serde::de::MapAccess<'de>,
                {
                    let mut fields = crate::values::Fields::new();
                    $(let mut $field = ::std::option::Option::None;)*
                    while let ::std::option::Option::Some(key) = fields.next_key(&mut map)? {
                        match &*key {
                            $($wire => $field =
                                crate::values::object!(@$read $(($max))? fields, map, $wire),)*
                            _ => crate::values::object!(@rest $($extra)?; fields, map, key),
                        }
                    }
                    ::std::result::Result::Ok($name {
                        $($field: crate::values::object!(@$absent $field, $wire),)*
                        $($extra: fields.finish(),)?
                    })
                }
            }

            crate::values::read(deserializer, __Visitor)
        }
    };
    (@optional $fields:ident, $map:ident, $wire:literal) => {
        $fields.optional(&mut $map, $wire)?
    };
    (@relaxed $fields:ident, $map:ident, $wire:literal) => {
        $fields.relaxed(&mut $map, $wire)?
    };
    (@text $fields:ident, $map:ident, $wire:literal) => {
        ::std::option::Option::Some($fields.text(&mut $map)?)
    };
    (@value $fields:ident, $map:ident, $wire:literal) => {
        ::std::option::Option::Some($map.next_value()?)
    };
    (@rows($max:literal) $fields:ident, $map:ident, $wire:literal) => {
        ::std::option::Option::Some(crate::values::rows(&mut $map, $max)?)
    };
    (@rest $extra:ident; $fields:ident, $map:ident, $key:ident) => {
        $fields.keep(&$key, &mut $map)?
    };
    (@rest; $fields:ident, $map:ident, $key:ident) => {{
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

/// The next name, whatever it is; not inlined, as [`Fields::lenient`].
#[cold]
fn lenient_key<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Option<Cow<'de, str>>, A::Error> {
    map.next_key_seed(LenientName)
}

/// A text, for which a number is taken too. A seed of its own, so that its error has a path.
struct RequiredText;

impl<'de> DeserializeSeed<'de> for RequiredText {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        let text = JsonText::deserialize(deserializer)?;
        let is_number = |text: &str| text.starts_with(|c: char| c == '-' || c.is_ascii_digit());
        parse(text.get())
            .or_else(|| is_number(text.get()).then(|| text.get().to_owned()))
            .ok_or_else(|| de::Error::custom("a required field has no text"))
    }
}

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

/// The next name of an object whose text is known to be JSON, borrowed from it where it can be.
pub(crate) fn next_name<'de, A: MapAccess<'de>>(
    map: &mut A,
) -> Result<Option<Cow<'de, str>>, A::Error> {
    map.next_key_seed(Name {
        as_bytes: true,
        ..Name::default()
    })
}

/// A name in which halves of surrogate pairs are no error.
struct LenientName;

impl<'de> DeserializeSeed<'de> for LenientName {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        let text = JsonText::deserialize(deserializer)?;
        parse(text.get())
            .map(Cow::Owned)
            .ok_or_else(|| de::Error::custom("a name is no text"))
    }
}

/// A name, borrowed where the input holds it as it is. (serde's own `Cow<str>` always copies.)
#[derive(Default)]
struct Name<'de> {
    /// As bytes, half of a surrogate pair is no error. Neither is a control character, which is no JSON.
    as_bytes: bool,
    text: PhantomData<&'de str>,
}

impl<'de> DeserializeSeed<'de> for Name<'de> {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        if self.as_bytes {
            deserializer.deserialize_bytes(self)
        } else {
            deserializer.deserialize_str(self)
        }
    }
}

impl<'de> Visitor<'de> for Name<'de> {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(name))
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(name.to_owned()))
    }

    fn visit_borrowed_bytes<E>(self, name: &'de [u8]) -> Result<Self::Value, E> {
        Ok(String::from_utf8_lossy(name))
    }

    fn visit_bytes<E>(self, name: &[u8]) -> Result<Self::Value, E> {
        Ok(Cow::Owned(String::from_utf8_lossy(name).into_owned()))
    }
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
