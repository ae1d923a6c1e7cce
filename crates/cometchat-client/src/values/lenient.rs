//! Responses are lenient: no value of an optional field, and no string, costs a row.
//!
//! An object is read strictly first, as the types that the spec says, which costs nothing beyond decoding. If that fails, each
//! field is read as text, and the text as its type; a value of another type is kept in `extra`.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor,
};
use serde::{Deserialize, forward_to_deserialize_any};

use crate::error::Error;
use crate::error::decode_error::text_error;
use crate::list::ListItem;

use super::extra::Extra;
use super::json_text::{JsonText, parse};

/// Reads JSON as the calls of a client do, which is as `serde_json::from_str` does, only faster.
///
/// # Errors
///
/// `Decode`: the text is not JSON, or not of that type; [`Error::json_path`] says where.
pub fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    read_json(text).map_err(|error| text_error("the text", text, &error))
}

/// Reads like [`from_json`], with the error of the decoder.
pub(crate) fn read_json<T: DeserializeOwned>(text: &str) -> Result<T, serde_json::Error> {
    let mut decoder = serde_json::Deserializer::from_str(text);
    let value = T::deserialize(Strictly(&mut decoder));
    match value.and_then(|value| decoder.end().map(|()| value)) {
        Ok(value) => Ok(value),
        Err(_) => serde_json::from_str(text),
    }
}

/// The name by which a generated object asks a deserializer whether it can be read strictly: a [`Strictly`] visits a map, any
/// other one a newtype.
const OBJECT: &str = "$cometchat::Object";

/// Reads an object strictly, if it is the whole text.
struct Strictly<D>(D);

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Strictly<D> {
    type Error = D::Error;

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        match name {
            OBJECT => self.0.deserialize_map(visitor),
            _ => self.0.deserialize_newtype_struct(name, visitor),
        }
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_any(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_option(visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_bytes(visitor)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_byte_buf(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_ignored_any(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_enum(name, variants, visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string unit unit_struct
        seq tuple tuple_struct map struct identifier
    }
}

/// A type that is read field by field.
pub(crate) trait Object<'de>: Sized {
    /// What is read, such as `an object (GroupMember)`.
    const EXPECTED: &'static str;

    /// Reads the fields. Strictly, a value that is not what the spec says is an error.
    fn read<const STRICT: bool, A: MapAccess<'de>>(map: A) -> Result<Self, A::Error>;
}

/// Visits an object.
struct Reader<T, const STRICT: bool>(PhantomData<T>);

impl<'de, T: Object<'de>, const STRICT: bool> Visitor<'de> for Reader<T, STRICT> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::read::<STRICT, A>(map)
    }

    /// Reads leniently, in place: a page, whose rows are read one by one.
    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_map(Reader::<T, false>(PhantomData))
    }
}

/// Reads an object strictly.
#[inline]
pub(crate) fn strict<'de, T: Object<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    deserializer.deserialize_map(Reader::<T, true>(PhantomData))
}

/// Reads a page: strictly if the whole text is read so, and otherwise in place, row by row.
pub(crate) fn read_page<'de, T: Object<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    deserializer.deserialize_newtype_struct(OBJECT, Reader::<T, true>(PhantomData))
}

/// Reads an object: strictly if the whole text is read so, and otherwise its text strictly, then leniently.
#[inline]
pub(crate) fn read_object<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: for<'a> Object<'a>,
    D: Deserializer<'de>,
{
    deserializer.deserialize_newtype_struct(OBJECT, TextReader(PhantomData))
}

struct TextReader<T>(PhantomData<T>);

impl<'de, T: for<'a> Object<'a>> Visitor<'de> for TextReader<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::read::<true, A>(map)
    }

    #[inline]
    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        let text = JsonText::deserialize(deserializer)?;
        if let Ok(value) = strict(&mut serde_json::Deserializer::from_str(text.get())) {
            return Ok(value);
        }
        let mut decoder = serde_json::Deserializer::from_str(text.get());
        // The place in an error of `serde_json` is one in this text, and would be taken for one in the whole.
        decoder
            .deserialize_map(Reader::<T, false>(PhantomData))
            .map_err(|_| {
                de::Error::custom(format_args!("{} is not what the spec says", T::EXPECTED))
            })
    }
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
    pub(crate) fn next_name<const STRICT: bool, A: MapAccess<'de>>(
        map: &mut A,
    ) -> Result<Option<Cow<'de, str>>, A::Error> {
        if STRICT {
            return map.next_key_seed(Name);
        }
        let name = map.next_key::<JsonText<'de>>()?;
        Ok(name.map(|name| name.into_string().unwrap_or_default()))
    }

    /// Reads a field; `None` if it is null or of another type, in which case its value is kept.
    #[inline]
    pub(crate) fn optional<const STRICT: bool, A: MapAccess<'de>, T: DeserializeOwned>(
        &mut self,
        map: &mut A,
        name: &'static str,
    ) -> Result<Option<T>, A::Error> {
        if STRICT {
            return map.next_value();
        }
        self.read(map, name, parse)
    }

    /// Reads like [`optional`](Self::optional); a number may be quoted or be a whole float.
    #[inline]
    pub(crate) fn relaxed<const STRICT: bool, A: MapAccess<'de>, T: DeserializeOwned>(
        &mut self,
        map: &mut A,
        name: &'static str,
    ) -> Result<Option<T>, A::Error> {
        if STRICT {
            return map.next_value();
        }
        self.read(map, name, parse_relaxed)
    }

    /// Reads a required string; a number is taken for its text.
    #[inline]
    pub(crate) fn text<const STRICT: bool, A: MapAccess<'de>>(
        map: &mut A,
    ) -> Result<String, A::Error> {
        if STRICT {
            return map.next_value();
        }
        let text: JsonText<'de> = map.next_value()?;
        let text = text.get();
        let is_number = text.starts_with(|c: char| c == '-' || c.is_ascii_digit());
        parse(text)
            .or_else(|| is_number.then(|| text.to_owned()))
            .ok_or_else(|| de::Error::custom("a required field has no string"))
    }

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
        for (name, text) in &self.mistyped {
            self.unknown.push(name, text.get());
        }
        self.unknown
    }
}

/// Implements `Deserialize` for a generated struct. Each field is listed as `"nameOnTheWire" => name: read or absent`.
///
/// An object that has rows is read by `read_page`, any other one by `read_object`.
/// `read` is `text`, `value`, `rows(max)`, `relaxed` or `optional`; `absent` is `required`, `option` or `default`.
macro_rules! object {
    ($name:ident $($extra:ident)?, $way:ident; $($wire:literal => $field:ident: $read:ident $(($max:literal))? or $absent:ident;)*) => {
        impl<'de> crate::values::Object<'de> for $name {
            const EXPECTED: &'static str = concat!("an object (", stringify!($name), ")");

            #[inline]
            #[allow(unused_mut, unused_variables, reason = "not every struct has fields")]
            fn read<const STRICT: bool, A: ::serde::de::MapAccess<'de>>(
                mut map: A,
            ) -> ::std::result::Result<Self, A::Error> {
                let mut fields = crate::values::Fields::default();
                $(let mut $field = ::std::option::Option::None;)*
                while let ::std::option::Option::Some(name) =
                    crate::values::Fields::next_name::<STRICT, A>(&mut map)?
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

        impl<'de> ::serde::Deserialize<'de> for $name {
            #[inline]
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                crate::values::$way(deserializer)
            }
        }
    };
    (@optional $fields:ident, $map:ident, $wire:literal) => {
        $fields.optional::<STRICT, A, _>(&mut $map, $wire)?
    };
    (@relaxed $fields:ident, $map:ident, $wire:literal) => {
        $fields.relaxed::<STRICT, A, _>(&mut $map, $wire)?
    };
    (@text $fields:ident, $map:ident, $wire:literal) => {
        ::std::option::Option::Some(crate::values::Fields::text::<STRICT, A>(&mut $map)?)
    };
    (@value $fields:ident, $map:ident, $wire:literal) => {
        ::std::option::Option::Some($map.next_value()?)
    };
    (@rows($max:literal) $fields:ident, $map:ident, $wire:literal) => {
        ::std::option::Option::Some(crate::values::rows::<STRICT, A, _>(&mut $map, $max)?)
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

/// A name, borrowed where the input holds it as it is. (serde's own `Cow<str>` always copies.)
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name {
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

/// What the error of a page with too many rows begins with.
pub(crate) const TOO_MANY_ROWS: &str = "more rows than a page can have";

/// The rows of a page, of which there are at most `max`.
struct Rows<T, const STRICT: bool> {
    max: usize,
    rows: Vec<T>,
}

impl<'de, T: ListItem, const STRICT: bool> DeserializeSeed<'de> for Rows<T, STRICT> {
    type Value = Vec<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<T>, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, T: ListItem, const STRICT: bool> Visitor<'de> for Rows<T, STRICT> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of rows")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<Vec<T>, A::Error> {
        while let Some(()) = seq.next_element_seed(Row(&mut self))? {}
        Ok(self.rows)
    }
}

/// Reads a row to where it stays: a row is large, and each result that it passes through is a copy of it.
struct Row<'r, T, const STRICT: bool>(&'r mut Rows<T, STRICT>);

impl<'de, T: ListItem, const STRICT: bool> DeserializeSeed<'de> for Row<'_, T, STRICT> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let Rows { max, rows } = self.0;
        if rows.len() == *max {
            return Err(de::Error::custom(format_args!("{TOO_MANY_ROWS} ({max})")));
        }
        if STRICT {
            T::deserialize_strictly(deserializer).map(|row| rows.push(row))
        } else {
            T::deserialize(deserializer).map(|row| rows.push(row))
        }
    }
}

/// Reads the next value of an object: the rows of a page, of which there are at most `max`.
pub(crate) fn rows<'de, const STRICT: bool, A: MapAccess<'de>, T: ListItem>(
    map: &mut A,
    max: usize,
) -> Result<Vec<T>, A::Error> {
    map.next_value_seed(Rows::<T, STRICT> {
        max,
        rows: Vec::new(),
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
