//! The level of each kind of change, with its reason: the one place where they are decided.
//!
//! The rules are Rust's for the code that is generated: every struct and every enum is `#[non_exhaustive]`, an optional
//! field is an `Option` or an empty list, an optional parameter a setter that need not be called.

use super::change::Level::{self, Major, Minor, Patch};
use super::change::{Change, Kind};
use super::items::ItemKind::{self, *};
use Difference::*;

/// The difference of an item, or of one of its facts.
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
    /// The kinds of item; empty for all.
    &'static [ItemKind],
    /// The fact; empty for the item itself, `*` for all facts without a rule of their own.
    &'static str,
    Difference,
    Level,
    /// The change, with `{}` for the kind of item; empty for the old and the new value.
    &'static str,
    /// The reason for the level.
    &'static str,
);

/// All kinds of items.
const ANY: &[ItemKind] = &[];

pub(super) const NEW: &str = "nothing could use it before";
pub(super) const GONE: &str = "code that names it doesn't compile";
const OPEN: &str = "the type is `#[non_exhaustive]`";
const UNSET: &str = "code that doesn't set it compiles, and fails when it sends";
const RETRIED: &str = "code compiles; how often the service is asked is different";
const RETYPED: &str = "code that makes or uses the value may not compile";
const UNREAD: &str = "a body that was read is rejected";
const LACKING: &str = "a body without it is rejected";
const READ: &str = "a body that was rejected is read";
const DOCS: &str = "only documentation is different";

/// The table. The first rule that fits counts.
#[rustfmt::skip]
const RULES: &[Rule] = &[
    Rule(&[List],                 "", Added,    Minor, "can be read page by page",       "nothing could page through it before"),
    Rule(&[List],                 "", Removed,  Major, "can't be read page by page any more", "it is no `ListOperation`, so code that pages through it doesn't compile"),
    Rule(&[Field],                "", Demanded, Major, "a new {} that must be there",    LACKING),
    Rule(&[Parameter],            "", Demanded, Major, "a new {} that must be set",      UNSET),
    Rule(&[Parameter],            "", Added,    Minor, "a new {}",                       "it need not be set"),
    Rule(&[Field, Variant],       "", Added,    Minor, "a new {}",                       OPEN),
    Rule(ANY,                     "", Added,    Minor, "a new {}",                       NEW),
    Rule(ANY,                     "", Removed,  Major, "the {} is gone",                 GONE),
    Rule(ANY,                     "", Renamed,  Major, "",                               GONE),

    Rule(ANY,                 "type", Changed,  Major, "",                               RETYPED),
    Rule(ANY,                  "row", Changed,  Major, "",                               RETYPED),
    Rule(ANY,                 "form", Changed,  Major, "",                               "code that makes or takes apart its values doesn't compile"),
    Rule(&[Type],           "values", Changed,  Patch, "the values are in another order", "only how they sort is different"),
    Rule(ANY,               "fields", Changed,  Patch, "the fields are in another order", "only `FIELDS`, and the columns that follow it, are different"),
    Rule(ANY,                "takes", Changed,  Major, "",                               "code that calls it doesn't compile, or gives it one value for another"),

    Rule(&[Parameter],    "presence", Narrowed, Major, "must be set now",                UNSET),
    Rule(&[Parameter],    "presence", Widened,  Minor, "need not be set any more",       "code that sets it compiles"),
    Rule(&[Field],        "presence", Narrowed, Major, "is no `Option` any more",        RETYPED),
    Rule(&[Field],        "presence", Widened,  Major, "is an `Option` now",             RETYPED),
    Rule(ANY,   "presence of a list", Narrowed, Major, "must be there now",              LACKING),
    Rule(ANY,   "presence of a list", Widened,  Minor, "need not be there any more",     "a body without it is read as an empty list"),
    Rule(ANY,              "lenient", Added,    Minor, "a value of another type is read as absent", READ),
    Rule(ANY,              "lenient", Removed,  Major, "a value of another type is not read as absent any more", UNREAD),
    Rule(ANY,              "request", Changed,  Patch, "is sent or paged in another way", "no code of users is different"),
    Rule(ANY,              "retried", Added,    Minor, "is tried again after a failure", RETRIED),
    Rule(ANY,              "retried", Removed,  Minor, "is not tried again after a failure", RETRIED),
    Rule(ANY,           "deprecated", Added,    Minor, "is deprecated",                  "code that names it compiles, with a warning"),
    Rule(ANY,           "deprecated", Removed,  Patch, "is not deprecated any more",     "code that names it compiles without a warning"),
    Rule(ANY,          "description", Changed,  Patch, "another description",            DOCS),
    Rule(ANY,                    "*", Narrowed, Major, "",                               "a value that was taken is rejected"),
    Rule(ANY,                    "*", Widened,  Minor, "",                               "a value that was rejected is taken"),
    Rule(ANY,                    "*", Changed,  Patch, "",                               "how a request is made is different, no code of users"),
];

/// Returns the change of an item, or of a fact of it, by its rule: that of the difference, or else that of any change. `what`
/// says what happens if the rule does not.
pub(super) fn change(
    item: &str,
    kind: ItemKind,
    fact: &str,
    difference: Difference,
    what: String,
) -> Change {
    let fits = |Rule(kinds, of, ruled, ..): &&Rule, difference: Difference| {
        (kinds.is_empty() || kinds.contains(&kind))
            && *ruled == difference
            && (*of == fact || (*of == "*" && !fact.is_empty()))
    };
    let general = match difference {
        Demanded => Added,
        _ => Changed,
    };
    let rule = |difference| RULES.iter().find(|rule| fits(rule, difference));
    let found = rule(difference).or_else(|| rule(general));
    // The last rule fits every change of a fact.
    let Rule(.., level, in_words, why) = found.unwrap_or(&RULES[RULES.len() - 1]);
    Change {
        level: *level,
        kind: match (fact, difference) {
            ("description", _) => Kind::Documented,
            ("deprecated", Added) => Kind::Deprecated,
            ("", Added | Demanded) => Kind::Added,
            ("", Removed) => Kind::Removed,
            _ => Kind::Changed,
        },
        item: item.to_owned(),
        what: match *in_words {
            "" => what,
            words => words.replace("{}", &format!("{kind:?}").to_lowercase()),
        },
        why,
    }
}
