//! The level of each kind of change, with its reason: the one place where they are decided.
//!
//! The rules are Rust's for the code that is generated: every struct and every enum is `#[non_exhaustive]`, an optional
//! field is an `Option` or an empty list, an optional parameter a setter that need not be called.

use super::change::Level::{self, Major, Minor, Patch};
use super::change::{Change, Kind};
use super::items::ItemKind::{self, *};
use Difference::*;

/// The difference of an item, or of one of its attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Difference {
    Added,
    /// Added, and has to be given.
    Demanded,
    Removed,
    Renamed,
    Changed,
    /// Fewer values are taken than before.
    Narrowed,
    /// More values are taken than before.
    Widened,
}

/// One kind of change.
struct Rule(
    /// What it is a change of; empty for all sorts.
    &'static [ItemKind],
    /// The attribute; empty where the whole thing is meant, `*` for all that have no rule of their own.
    &'static str,
    Difference,
    Level,
    /// What happens, with `{}` for the sort of thing; empty where that is what was, and what is.
    &'static str,
    /// Why it is of that level.
    &'static str,
);

/// All sorts of things.
const ANY: &[ItemKind] = &[];
/// What a request is given.
const GIVEN: &[ItemKind] = &[Parameter, Body];
/// What has a type in Rust.
const TYPED: &[ItemKind] = &[Parameter, Body, Success, Field];
/// The attributes that show in documentation alone.
const WORDS: [&str; 6] = [
    "description",
    "summary",
    "example",
    "title",
    "version",
    "default",
];

pub(super) const NEW: &str = "nothing could use it before";
pub(super) const GONE: &str = "code that names it doesn't compile";
const OPEN: &str = "the type is `#[non_exhaustive]`";
const UNSET: &str = "code that doesn't set it compiles, and fails when it sends";
const RETRIED: &str = "code compiles; how often the service is asked is different";
const RETYPED: &str = "code that makes or uses the value may not compile";
const UNREAD: &str = "a body that was read is refused";
const LACKING: &str = "a body without it is refused";
const READ: &str = "a body that was refused is read";
const DOCS: &str = "only documentation is different";

/// The table. The first rule that fits counts.
#[rustfmt::skip]
const RULES: &[Rule] = &[
    Rule(&[Success],              "", Added,    Major, "the operation gives a value",    RETYPED),
    Rule(&[Success],              "", Removed,  Major, "the operation gives no value",   RETYPED),
    Rule(&[List],                 "", Added,    Minor, "can be read page by page",       "nothing could page through it before"),
    Rule(&[List],                 "", Removed,  Major, "can't be read page by page any more", "it is no `ListOperation`, so code that pages through it doesn't compile"),
    Rule(&[Other],                "", Added,    Patch, "is described now",               DOCS),
    Rule(&[Other],                "", Removed,  Patch, "is not described any more",      DOCS),
    Rule(&[Field],                "", Demanded, Major, "a new {} that must be there",    LACKING),
    Rule(GIVEN,                   "", Demanded, Major, "a new {} that must be set",      UNSET),
    Rule(GIVEN,                   "", Added,    Minor, "a new {}",                       "it need not be set"),
    Rule(&[Field, Variant],       "", Added,    Minor, "a new {}",                       OPEN),
    Rule(ANY,                     "", Added,    Minor, "a new {}",                       NEW),
    Rule(ANY,                     "", Removed,  Major, "the {} is gone",                 GONE),
    Rule(ANY,                     "", Renamed,  Major, "",                               GONE),

    Rule(TYPED,               "type", Changed,  Major, "",                               RETYPED),
    Rule(ANY,                  "row", Changed,  Major, "",                               RETYPED),
    Rule(ANY,                 "form", Changed,  Major, "",                               "code that makes or takes apart its values doesn't compile"),
    Rule(&[Type],           "values", Changed,  Patch, "the values are in another order", "only how they sort is different"),
    Rule(ANY,               "fields", Changed,  Patch, "the fields are in another order", "only `FIELDS`, and the columns that follow it, are different"),
    Rule(ANY,                "takes", Changed,  Major, "",                               "code that calls it doesn't compile, or gives it one value for another"),

    Rule(GIVEN,           "presence", Narrowed, Major, "must be set now",                UNSET),
    Rule(GIVEN,           "presence", Widened,  Minor, "need not be set any more",       "code that sets it compiles"),
    Rule(&[Field],        "presence", Narrowed, Major, "is no `Option` any more",        RETYPED),
    Rule(&[Field],        "presence", Widened,  Major, "is an `Option` now",             RETYPED),
    Rule(ANY,   "presence of a list", Narrowed, Major, "must be there now",              LACKING),
    Rule(ANY,   "presence of a list", Widened,  Minor, "need not be there any more",     "a body without it is read as an empty list"),
    Rule(ANY,              "lenient", Added,    Minor, "a value of another type is read as absent", READ),
    Rule(ANY,              "lenient", Removed,  Major, "a value of another type is not read as absent any more", UNREAD),
    Rule(ANY,              "retried", Added,    Minor, "is tried again after a failure", RETRIED),
    Rule(ANY,              "retried", Removed,  Minor, "is not tried again after a failure", RETRIED),
    Rule(ANY,           "deprecated", Added,    Minor, "is deprecated",                  "code that names it compiles, with a warning"),
    Rule(ANY,           "deprecated", Removed,  Patch, "is not deprecated any more",     "code that names it compiles without a warning"),
    Rule(ANY,                "words", Changed,  Patch, "",                               DOCS),
    Rule(ANY,                    "*", Narrowed, Major, "",                               "a value that was taken is refused"),
    Rule(ANY,                    "*", Widened,  Minor, "",                               "a value that was refused is taken"),
    Rule(ANY,                    "*", Changed,  Patch, "",                               "how a request is made is different, no code of users"),
];

/// A change of a thing, or of an attribute of it, by its rule. That an attribute comes or goes is a change of it where no
/// rule says more, and that what has to be given comes is that something comes. `what` happens where the rule has no
/// words for it.
pub(super) fn change(
    item: &str,
    kind: ItemKind,
    attribute: &str,
    difference: Difference,
    what: String,
) -> Change {
    let is_words = WORDS.contains(&attribute);
    let ruled = if is_words { "words" } else { attribute };
    let fits = |Rule(kinds, of, ruled_difference, ..): &&Rule, difference: Difference| {
        (kinds.is_empty() || kinds.contains(&kind))
            && *ruled_difference == difference
            && (*of == ruled || (*of == "*" && !ruled.is_empty()))
    };
    let general = if difference == Demanded {
        Added
    } else {
        Changed
    };
    let mut found = [difference, general]
        .into_iter()
        .filter_map(|difference| RULES.iter().find(|rule| fits(rule, difference)));
    // The last rule fits every change of an attribute.
    let Rule(.., level, in_words, why) = found.next().unwrap_or(&RULES[RULES.len() - 1]);
    Change {
        level: *level,
        kind: match (attribute, difference) {
            _ if is_words => Kind::Documented,
            ("deprecated", Added) => Kind::Deprecated,
            ("", Added | Demanded) => Kind::Added,
            ("", Removed) => Kind::Removed,
            _ => Kind::Changed,
        },
        item: item.trim_end_matches(['[', ']', '{', '}']).to_owned(),
        what: match *in_words {
            _ if is_words => format!("another {attribute}"),
            "" => what,
            words => words.replace("{}", kind.as_str()),
        },
        why,
    }
}
