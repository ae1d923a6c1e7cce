//! The level of each kind of change, with its reason: the one place where they are decided.
//!
//! The rules are Rust's for the code that is generated: every struct and every enum is `#[non_exhaustive]`, an optional
//! field is an `Option` or an empty list, an optional parameter a setter that need not be called.

use super::Kind::{self, Deprecated, Documented};
use super::Level::{self, Major, Minor, Patch};
use super::things::Sort::{self, *};
use How::*;

/// How one thing, or one attribute of it, is different.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    Added,
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
    sort: Sort,
    /// The attribute; empty where the whole thing is meant, `*` for all that have no rule of their own.
    attribute: &'static str,
    how: How,
    pub(super) level: Level,
    /// What happens; empty where that is what was, and what is.
    pub(super) what: &'static str,
    pub(super) why: &'static str,
    kind: Option<Kind>,
}

const fn rule(
    sort: Sort,
    attribute: &'static str,
    how: How,
    level: Level,
    what: &'static str,
    why: &'static str,
) -> Rule {
    Rule {
        sort,
        attribute,
        how,
        level,
        what,
        why,
        kind: None,
    }
}

/// A rule for what shows in documentation alone.
const fn words(attribute: &'static str) -> Rule {
    Rule {
        kind: Some(Documented),
        ..rule(
            Any,
            attribute,
            Changed,
            Patch,
            "",
            "only documentation is different",
        )
    }
}

const NEW: &str = "nothing could use it before";
const GONE: &str = "code that names it doesn't compile";
const OPEN: &str = "the type is `#[non_exhaustive]`";
const UNSET: &str = "code that doesn't set it compiles, and fails when it sends";
const SETS: &str = "code that sets it compiles";
const RETYPED: &str = "code that makes or uses the value may not compile";
const REFUSED: &str = "a value that was taken is refused";
const TAKEN: &str = "a value that was refused is taken";
const UNREAD: &str = "a body that was read is refused";
const READ: &str = "a body that was refused is read";
const REQUEST: &str = "how a request is made is different, no code of users";

/// The table. The first rule that fits counts.
#[rustfmt::skip]
const RULES: &[Rule] = &[
    rule(Operation, "",           Added,    Minor, "a new operation",                     NEW),
    rule(Operation, "",           Removed,  Major, "the operation is gone",               GONE),
    rule(Operation, "",           Renamed,  Major, "",                                    GONE),
    rule(Operation, "retried",    Added,    Minor, "is tried again after a failure",      "code compiles; how often the service is asked is different"),
    rule(Operation, "retried",    Removed,  Minor, "is not tried again after a failure",  "code compiles; how often the service is asked is different"),

    rule(Parameter, "required",   Added,    Major, "a new parameter that must be set",    UNSET),
    rule(Parameter, "",           Added,    Minor, "a new parameter",                     "it need not be set"),
    rule(Parameter, "",           Removed,  Major, "the parameter is gone",               "code that sets it doesn't compile"),
    rule(Parameter, "",           Renamed,  Major, "",                                    "code that sets it doesn't compile"),
    rule(Parameter, "type",       Changed,  Major, "",                                    RETYPED),
    rule(Parameter, "presence",   Narrowed, Major, "must be set now",                     UNSET),
    rule(Parameter, "presence",   Widened,  Minor, "need not be set any more",            SETS),

    rule(Body,      "",           Added,    Major, "a body that must be set",             UNSET),
    rule(Body,      "",           Removed,  Major, "the body is gone",                    "code that sets it doesn't compile"),
    rule(Body,      "type",       Changed,  Major, "",                                    RETYPED),
    rule(Body,      "presence",   Narrowed, Major, "must be set now",                     UNSET),
    rule(Body,      "presence",   Widened,  Minor, "need not be set any more",            SETS),

    rule(Success,   "",           Added,    Major, "the operation gives a value",         RETYPED),
    rule(Success,   "",           Removed,  Major, "the operation gives no value",        RETYPED),
    rule(Success,   "type",       Changed,  Major, "",                                    RETYPED),

    rule(List,      "",           Added,    Minor, "can be read page by page",            "nothing could page through it before"),
    rule(List,      "",           Removed,  Major, "can't be read page by page any more", "it is no `ListOperation`, so code that pages through it doesn't compile"),
    rule(List,      "row",        Changed,  Major, "",                                    RETYPED),

    rule(Type,      "",           Added,    Minor, "a new type",                          NEW),
    rule(Type,      "",           Removed,  Major, "the type is gone",                    GONE),
    rule(Type,      "",           Renamed,  Major, "",                                    GONE),
    rule(Type,      "form",       Changed,  Major, "",                                    "code that makes or takes apart its values doesn't compile"),
    rule(Type,      "values",     Changed,  Patch, "the values are in another order",     "only how they sort is different"),
    rule(Type,      "fields",     Changed,  Patch, "the fields are in another order",     "only `FIELDS`, and the columns that follow it, are different"),

    rule(Field,     "required",   Added,    Major, "a new field that must be there",      "a body without it is refused"),
    rule(Field,     "",           Added,    Minor, "a new field",                         OPEN),
    rule(Field,     "",           Removed,  Major, "the field is gone",                   GONE),
    rule(Field,     "",           Renamed,  Major, "",                                    GONE),
    rule(Field,     "type",       Changed,  Major, "",                                    RETYPED),
    rule(Field,     "presence",   Narrowed, Major, "is no `Option` any more",             RETYPED),
    rule(Field,     "presence",   Widened,  Major, "is an `Option` now",                  RETYPED),
    rule(Field,     "presence of a list", Narrowed, Major, "must be there now",           "a body without it is refused"),
    rule(Field,     "presence of a list", Widened,  Minor, "need not be there any more",  "a body without it is read as an empty list"),
    rule(Extra,     "",           Added,    Minor, "a new field, which keeps what is not known", OPEN),
    rule(Extra,     "",           Removed,  Major, "the field is gone",                   GONE),

    rule(Variant,   "",           Added,    Minor, "a new variant",                       OPEN),
    rule(Variant,   "",           Removed,  Major, "the variant is gone",                 GONE),

    rule(Address,   "takes",      Changed,  Major, "",                                    "code that calls it doesn't compile, or gives it one value for another"),
    rule(Header,    "",           Added,    Minor, "a new authentication header",         NEW),
    rule(Header,    "",           Removed,  Major, "the authentication header is gone",   GONE),

    rule(Any,       "lenient",    Added,    Minor, "a value of another type is read as absent",              READ),
    rule(Any,       "lenient",    Removed,  Major, "a value of another type is not read as absent any more", UNREAD),
    Rule { kind: Some(Deprecated), ..rule(Any, "deprecated", Added, Minor, "is deprecated", "code that names it compiles, with a warning") },
    rule(Any,       "deprecated", Removed,  Patch, "is not deprecated any more",          "code that names it compiles without a warning"),
    words("description"),
    words("summary"),
    words("example"),
    words("title"),
    words("version"),
    words("default"),
    rule(Any,       "*",          Narrowed, Major, "",                                    REFUSED),
    rule(Any,       "*",          Widened,  Minor, "",                                    TAKEN),
    rule(Any,       "*",          Changed,  Patch, "",                                    REQUEST),
];

/// The rule for a change of a thing, or of one attribute of it. That an attribute comes or goes is a change of it where no
/// rule says more, and that what is required comes is that something comes.
pub(super) fn rule_for(sort: Sort, attribute: &str, how: How) -> &'static Rule {
    let fits = |rule: &Rule, attribute: &str, how: How| {
        (rule.sort == sort || rule.sort == Any)
            && rule.how == how
            && (rule.attribute == attribute || (rule.attribute == "*" && !attribute.is_empty()))
    };
    let find = |attribute, how| RULES.iter().find(|rule| fits(rule, attribute, how));
    let general = || {
        if attribute == "required" {
            find("", how)
        } else {
            find(attribute, Changed)
        }
    };
    // The last rule fits every change of an attribute.
    find(attribute, how)
        .or_else(general)
        .unwrap_or(&RULES[RULES.len() - 1])
}

impl Rule {
    /// The heading of the changelog that the change belongs under.
    pub(super) fn kind(&self) -> Kind {
        match (self.kind, self.attribute, self.how) {
            (Some(kind), ..) => kind,
            (None, "" | "required", Added) => Kind::Added,
            (None, "", Removed) => Kind::Removed,
            _ => Kind::Changed,
        }
    }
}
