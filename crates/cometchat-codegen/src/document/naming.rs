//! The Rust names that the words of a spec become.
//!
//! Two words of a spec can give one name (`updatedAt` and `updated_at`), which no compiler takes, and a rename that keeps
//! the name is no change for a user. Whoever must know either asks here. The rules are those of typify 0.8, which
//! progenitor shares but for a leading digit.

use std::collections::BTreeSet;

use heck::{ToPascalCase, ToSnakeCase};
use serde_json::Value;
use syn::{Attribute, parse_quote};

/// The name of a type, of a builder or of an enum's variant: `ERR_BAD_REQUEST` is `ErrBadRequest`.
pub(crate) fn type_name(word: &str) -> String {
    identifier(&cleaned(word).to_pascal_case(), 'X')
}

/// The name of a field, of a builder's setter or of a method: `perPage` is `per_page`.
pub(crate) fn field_name(word: &str) -> String {
    identifier(&cleaned(word).to_snake_case(), 'x')
}

/// The field of a property: the name that the normaliser gave it to tell it from another, or that of its own.
pub(crate) fn property_field(name: &str, property: &Value) -> String {
    let given = property["rust-name"].as_str();
    given.map_or_else(|| field_name(name), str::to_owned)
}

/// The attribute of what is deprecated, with the sentences of its description that say so.
pub(crate) fn deprecated(value: &Value) -> Option<Attribute> {
    if value["deprecated"] != true {
        return None;
    }
    let description = value["description"].as_str().unwrap_or_default();
    let says_so = |sentence: &&str| {
        let sentence = sentence.to_lowercase();
        let words = [
            "deprecat",
            "instead",
            "no longer",
            "obsolete",
            "replaced",
            "removed",
        ];
        words.iter().any(|word| sentence.contains(word))
    };
    let sentences = description
        .lines()
        .flat_map(|line| line.split_inclusive(". "));
    let words: Vec<_> = sentences.filter(says_so).map(str::trim).collect();
    let note = match words.is_empty() {
        true => "The spec marks it as deprecated.".to_owned(),
        false => words.join(" "),
    };
    Some(parse_quote!(#[deprecated(note = #note)]))
}

/// The name of a field or method, or where it is taken the name with the next free number, which is then taken.
pub(crate) fn unique(name: &str, taken: &mut BTreeSet<String>) -> String {
    numbered(name, "_", taken)
}

/// Like [`unique`], for a type or a variant.
pub(crate) fn unique_type(name: &str, taken: &mut BTreeSet<String>) -> String {
    numbered(name, "", taken)
}

fn numbered(name: &str, separator: &str, taken: &mut BTreeSet<String>) -> String {
    let stem = name.trim_end_matches('_');
    let mut free = name.to_owned();
    for number in 2.. {
        if taken.insert(free.clone()) {
            break;
        }
        free = format!("{stem}{separator}{number}");
    }
    free
}

/// The word with what can't stand in a name turned into word boundaries.
fn cleaned(word: &str) -> String {
    match word {
        "+1" => return "plus1".to_owned(),
        "-1" => return "minus1".to_owned(),
        _ => {}
    }
    word.replace('\'', "").replace(|c: char| !continues(c), "-")
}

/// Tells whether a name can go on with a character. Some digits and letters of Unicode, as `²`, are none of a name.
fn continues(c: char) -> bool {
    c == '_' || c.is_ascii_alphanumeric() || !c.is_ascii() && is_identifier(&format!("a{c}"))
}

fn is_identifier(name: &str) -> bool {
    syn::parse_str::<syn::Ident>(name).is_ok()
}

/// The name, made one that may stand in Rust text.
fn identifier(name: &str, lead: char) -> String {
    let name = match name.chars().next() {
        Some(first) if is_identifier(&format!("{first}a")) => name.to_owned(),
        _ => format!("{lead}{name}"),
    };
    // A keyword since the edition of 2024, which syn takes for a name.
    if name != "gen" && is_identifier(&name) {
        name
    } else {
        format!("{name}_")
    }
}

#[cfg(test)]
mod tests {
    use super::{field_name, type_name};

    #[test]
    fn names_follow_typify() {
        for (word, expected) in [
            ("admin", "Admin"),
            ("ERR_BAD_REQUEST", "ErrBadRequest"),
            ("list_group_members", "ListGroupMembers"),
            ("us-east", "UsEast"),
            ("1st", "X1st"),
            ("self", "Self_"),
            ("", "X"),
        ] {
            assert_eq!(type_name(word), expected, "{word}");
        }
        for (word, expected) in [
            ("perPage", "per_page"),
            ("per_page", "per_page"),
            ("type", "type_"),
            ("@private", "private"),
            ("m²", "m"),
            ("½", "x"),
            ("\u{37a}a", "a"),
            ("größe", "größe"),
        ] {
            assert_eq!(field_name(word), expected, "{word}");
        }
    }
}
