//! What a change of the spec means for whoever uses the generated code.
//!
//! A spec is regenerated and published; how much a new version may change is a promise of Cargo's. So the facts of both
//! specs are named as the generated code names them (`things`), compared one by one, and the level of each difference
//! is looked up in one table (`levels`). What gives the same code is no change but of words, and a spec that gives none
//! has no verdict.

mod changelog;
mod levels;
#[cfg(test)]
mod signatures;
#[cfg(test)]
mod tests;
mod things;
mod version;

use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value;

pub use changelog::changelog;
pub use version::{VersionError, next_version};

use self::levels::{How, change};
use self::things::{Sort, Thing, Things, things};
use crate::compare::facts::LIMITS;
use crate::document::spec::{Spec, array, shown};
use crate::error::Error;
use crate::generate::syntax;

/// How much a change asks of a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Level {
    /// Code of users works as it did: documentation, or how a request is made.
    Patch,
    /// Code of users works as it did, and can do more.
    Minor,
    /// Code of users may not compile any more, or may do something else.
    Major,
}

/// What sort of change it is, by the headings of a changelog.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// Something is there that was not.
    Added,
    /// Something is different.
    Changed,
    /// Something is not recommended any more.
    Deprecated,
    /// Something is not there any more.
    Removed,
    /// Words about something are different.
    Documented,
}

/// One change for users of the generated code.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// How much it asks of a version.
    pub level: Level,
    /// What sort of change it is.
    pub kind: Kind,
    /// The Rust item, such as `types::GroupMember::name`.
    pub item: String,
    /// What happens to it.
    pub what: String,
    /// Why it is of that level.
    pub why: &'static str,
}

impl Level {
    /// The name, in lower case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Kind {
    /// The name, in lower case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Changed => "changed",
            Self::Deprecated => "deprecated",
            Self::Removed => "removed",
            Self::Documented => "documented",
        }
    }
}

/// What changes for users from one spec to another, in the order of the items' names.
///
/// It is empty where the two specs are the same but for the order of keys.
///
/// # Errors
///
/// No code can be generated from one of the specs, so nothing can be said of it.
///
/// # Examples
///
/// ```
/// use cometchat_codegen::{Spec, diff::{Level, diff}};
///
/// let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/specs/plain.yaml"));
/// let from = Spec::parse(text)?;
/// let to = Spec::parse(&text.replace("operationId: list_banned_users", "operationId: list_bans"))?;
/// let changes = diff(&from, &to)?;
/// assert_eq!(changes[0].item, "Client::list_banned_users");
/// assert_eq!(changes[0].level, Level::Major);
/// # Ok::<(), cometchat_codegen::Error>(())
/// ```
pub fn diff(from: &Spec, to: &Spec) -> Result<Vec<Change>, Error> {
    Ok(Side::new(from)?.changes_to(&Side::new(to)?))
}

/// A spec with what is generated from it.
struct Side<'a> {
    spec: &'a Spec,
    code: syn::File,
    things: Things,
}

impl<'a> Side<'a> {
    fn new(spec: &'a Spec) -> Result<Self, Error> {
        let (code, _) = syntax(spec)?;
        let things = things(spec);
        Ok(Self { spec, code, things })
    }

    fn changes_to(&self, new: &Self) -> Vec<Change> {
        let mut changes = compare(&self.things, &new.things);
        if self.code == new.code {
            changes.retain(|change| change.kind == Kind::Documented);
        }
        if changes.is_empty() && self.spec.root() != new.spec.root() {
            changes.push(Change {
                level: Level::Patch,
                kind: Kind::Documented,
                item: "openapi.yaml".to_owned(),
                what: "something that no code is made of".to_owned(),
                why: "the generated code is the same",
            });
        }
        changes
    }
}

/// The largest level among changes.
pub fn verdict(changes: &[Change]) -> Option<Level> {
    changes.iter().map(|change| change.level).max()
}

fn compare(old: &Things, new: &Things) -> Vec<Change> {
    let mut changes = Vec::new();
    // The parts of what is new, gone or something else altogether need no word of their own.
    let form = |things: &Things, name: &str| {
        let form = |thing: &Thing| ["form", "type"].map(|name| thing.attributes.get(name).cloned());
        things.get(name).map(form)
    };
    let names: BTreeSet<_> = old.keys().chain(new.keys()).collect();
    for name in names {
        let mut add =
            |thing: &Thing, how, what| changes.push(change(name, thing.sort, "", how, what));
        match (old.get(name), new.get(name)) {
            (Some(thing), _) | (_, Some(thing))
                if form(old, &thing.parent) != form(new, &thing.parent) => {}
            (Some(was), Some(is)) => attributes(name, was, is, &mut changes),
            (Some(was), None) => match twin(was, old, new) {
                Some(new_name) => add(was, How::Renamed, format!("renamed to `{new_name}`")),
                None => add(was, How::Removed, String::new()),
            },
            (None, Some(is)) if twin(is, new, old).is_none() => {
                let how = if is.is_required() {
                    How::Demanded
                } else {
                    How::Added
                };
                add(is, how, String::new());
            }
            _ => {}
        }
    }
    changes.sort_by(|one, other| one.item.cmp(&other.item));
    changes
}

/// What a thing of `these` is called in `those`, where only its name has changed: the one that is like it, and like no
/// other.
fn twin<'a>(thing: &Thing, these: &'a Things, those: &'a Things) -> Option<&'a str> {
    let identity = Some(thing.identity()?);
    let like = |one: &'a Things, other: &Things| -> Vec<&'a str> {
        let only = one
            .iter()
            .filter(|(name, found)| !other.contains_key(*name) && found.identity() == identity);
        only.map(|(name, _)| name.rsplit("::").next().unwrap_or(name))
            .collect()
    };
    match (&like(these, those)[..], &like(those, these)[..]) {
        ([_], [name]) => Some(name),
        _ => None,
    }
}

/// Compares what is stated of one thing.
fn attributes(item: &str, was: &Thing, is: &Thing, changes: &mut Vec<Change>) {
    let names = was.attributes.keys().chain(is.attributes.keys());
    for name in names.copied().collect::<BTreeSet<_>>() {
        let [old, new] = [was, is].map(|thing| thing.attributes.get(name));
        if let Some(how) = how(is.sort, name, old, new) {
            changes.push(change(item, is.sort, name, how, from_to(name, old, new)));
        }
    }
}

/// How an attribute is different; nothing where it is not.
fn how(sort: Sort, attribute: &str, old: Option<&Value>, new: Option<&Value>) -> Option<How> {
    let [were, are] = [old, new].map(|value| array(value.unwrap_or(&Value::Null)));
    let (were, are): (Vec<_>, Vec<_>) = (were.collect(), are.collect());
    let number = |value: Option<&Value>| value.and_then(Value::as_f64);
    Some(match (attribute, number(old), number(new)) {
        _ if old == new => return None,
        // What comes or goes is a thing of its own; the order of the others is left.
        ("values" | "fields", ..) if sort == Sort::Type => {
            let kept = were.iter().filter(|value| are.contains(value));
            let in_order = kept.eq(are.iter().filter(|value| were.contains(value)));
            (!in_order).then_some(How::Changed)?
        }
        ("values", ..) if new.is_none() => How::Widened,
        ("values", ..) if old.is_some() && were.iter().all(|value| are.contains(value)) => {
            How::Widened
        }
        ("values", ..) => How::Narrowed,
        ("presence" | "presence of a list", ..) if new == Some(&"required".into()) => How::Narrowed,
        ("presence" | "presence of a list", ..) => How::Widened,
        (limit, ..) if LIMITS.contains(&limit) && new.is_none() => How::Widened,
        (limit, Some(old), Some(new)) if limit.starts_with("min") && new < old => How::Widened,
        (limit, Some(old), Some(new)) if limit.starts_with("max") && new > old => How::Widened,
        // Of two patterns nobody can say which takes more.
        (limit, ..) if LIMITS.contains(&limit) => How::Narrowed,
        _ if old.is_none() => How::Added,
        _ if new.is_none() => How::Removed,
        _ => How::Changed,
    })
}

/// What was, and what is.
fn from_to(attribute: &str, old: Option<&Value>, new: Option<&Value>) -> String {
    let subject = match attribute {
        "type" | "form" => String::new(),
        _ => format!("{attribute} "),
    };
    match (old.map(shown), new.map(shown)) {
        (Some(old), Some(new)) => format!("{subject}is `{new}` now, and was `{old}`"),
        (None, Some(new)) => format!("{subject}is `{new}` now, and was not set"),
        (old, None) => {
            let old = old.unwrap_or_default();
            format!("{subject}is not set any more, and was `{old}`")
        }
    }
}
