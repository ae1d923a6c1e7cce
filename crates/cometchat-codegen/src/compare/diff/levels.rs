//! The level of each kind of change, with its reason: the one place where they are decided.
//!
//! The rules are Rust's for the code that is generated: every struct and every enum is `#[non_exhaustive]`, an optional
//! field is an `Option` or an empty list, an optional parameter a setter that need not be called.

use super::Kind;
use super::Level::{self, Major, Minor, Patch};
use super::things::Sort::{self, *};
use How::*;

/// How one thing, or one attribute of it, is different.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
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
pub(super) struct Rule {
    /// What it is a change of; empty for all sorts.
    sorts: &'static [Sort],
    /// The attribute; empty where the whole thing is meant, `*` for all that have no rule of their own.
    attribute: &'static str,
    how: How,
    pub(super) level: Level,
    /// What happens, with `{}` for the sort of thing; empty where that is what was, and what is.
    pub(super) what: &'static str,
    pub(super) why: &'static str,
}

const fn rule(
    sorts: &'static [Sort],
    attribute: &'static str,
    how: How,
    level: Level,
    what: &'static str,
    why: &'static str,
) -> Rule {
    Rule {
        sorts,
        attribute,
        how,
        level,
        what,
        why,
    }
}

/// All sorts of things.
const ANY: &[Sort] = &[];
/// What a request is given.
const GIVEN: &[Sort] = &[Parameter, Body];
/// What has a type in Rust.
const TYPED: &[Sort] = &[Parameter, Body, Success, Field];
/// The attributes that show in documentation alone.
const WORDS: [&str; 6] = [
    "description",
    "summary",
    "example",
    "title",
    "version",
    "default",
];

const NEW: &str = "nothing could use it before";
const GONE: &str = "code that names it doesn't compile";
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
    rule(&[Success],              "", Added,    Major, "the operation gives a value",    RETYPED),
    rule(&[Success],              "", Removed,  Major, "the operation gives no value",   RETYPED),
    rule(&[List],                 "", Added,    Minor, "can be read page by page",       "nothing could page through it before"),
    rule(&[List],                 "", Removed,  Major, "can't be read page by page any more", "it is no `ListOperation`, so code that pages through it doesn't compile"),
    rule(&[Other],                "", Added,    Patch, "is described now",               DOCS),
    rule(&[Other],                "", Removed,  Patch, "is not described any more",      DOCS),
    rule(&[Field],                "", Demanded, Major, "a new {} that must be there",    LACKING),
    rule(GIVEN,                   "", Demanded, Major, "a new {} that must be set",      UNSET),
    rule(GIVEN,                   "", Added,    Minor, "a new {}",                       "it need not be set"),
    rule(&[Field, Variant],       "", Added,    Minor, "a new {}",                       OPEN),
    rule(ANY,                     "", Added,    Minor, "a new {}",                       NEW),
    rule(ANY,                     "", Removed,  Major, "the {} is gone",                 GONE),
    rule(ANY,                     "", Renamed,  Major, "",                               GONE),

    rule(TYPED,               "type", Changed,  Major, "",                               RETYPED),
    rule(ANY,                  "row", Changed,  Major, "",                               RETYPED),
    rule(ANY,                 "form", Changed,  Major, "",                               "code that makes or takes apart its values doesn't compile"),
    rule(&[Type],           "values", Changed,  Patch, "the values are in another order", "only how they sort is different"),
    rule(ANY,               "fields", Changed,  Patch, "the fields are in another order", "only `FIELDS`, and the columns that follow it, are different"),
    rule(ANY,                "takes", Changed,  Major, "",                               "code that calls it doesn't compile, or gives it one value for another"),

    rule(GIVEN,           "presence", Narrowed, Major, "must be set now",                UNSET),
    rule(GIVEN,           "presence", Widened,  Minor, "need not be set any more",       "code that sets it compiles"),
    rule(&[Field],        "presence", Narrowed, Major, "is no `Option` any more",        RETYPED),
    rule(&[Field],        "presence", Widened,  Major, "is an `Option` now",             RETYPED),
    rule(ANY,   "presence of a list", Narrowed, Major, "must be there now",              LACKING),
    rule(ANY,   "presence of a list", Widened,  Minor, "need not be there any more",     "a body without it is read as an empty list"),
    rule(ANY,              "lenient", Added,    Minor, "a value of another type is read as absent", READ),
    rule(ANY,              "lenient", Removed,  Major, "a value of another type is not read as absent any more", UNREAD),
    rule(ANY,              "retried", Added,    Minor, "is tried again after a failure", RETRIED),
    rule(ANY,              "retried", Removed,  Minor, "is not tried again after a failure", RETRIED),
    rule(ANY,           "deprecated", Added,    Minor, "is deprecated",                  "code that names it compiles, with a warning"),
    rule(ANY,           "deprecated", Removed,  Patch, "is not deprecated any more",     "code that names it compiles without a warning"),
    rule(ANY,                "words", Changed,  Patch, "",                               DOCS),
    rule(ANY,                    "*", Narrowed, Major, "",                               "a value that was taken is refused"),
    rule(ANY,                    "*", Widened,  Minor, "",                               "a value that was refused is taken"),
    rule(ANY,                    "*", Changed,  Patch, "",                               "how a request is made is different, no code of users"),
];

/// The rule for a change of a thing, or of one attribute of it. That an attribute comes or goes is a change of it where no
/// rule says more, and that what has to be given comes is that something comes.
pub(super) fn rule_for(sort: Sort, attribute: &str, how: How) -> &'static Rule {
    let attribute = if WORDS.contains(&attribute) {
        "words"
    } else {
        attribute
    };
    let fits = |rule: &Rule, how: How| {
        (rule.sorts.is_empty() || rule.sorts.contains(&sort))
            && rule.how == how
            && (rule.attribute == attribute || (rule.attribute == "*" && !attribute.is_empty()))
    };
    let general = if how == Demanded { Added } else { Changed };
    [how, general]
        .into_iter()
        .find_map(|how| RULES.iter().find(|rule| fits(rule, how)))
        // The last rule fits every change of an attribute.
        .unwrap_or(&RULES[RULES.len() - 1])
}

impl Rule {
    /// The heading of the changelog that the change belongs under.
    pub(super) fn kind(&self) -> Kind {
        match (self.attribute, self.how) {
            ("words", _) => Kind::Documented,
            ("deprecated", Added) => Kind::Deprecated,
            ("", Added | Demanded) => Kind::Added,
            ("", Removed) => Kind::Removed,
            _ => Kind::Changed,
        }
    }
}
