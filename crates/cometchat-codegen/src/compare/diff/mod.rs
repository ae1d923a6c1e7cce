//! Compares the generated code of two specs, and tells the version that a change requires.
//!
//! The public items of both (`items`) are compared one by one, and one table (`levels`) has the level of each difference. A public
//! signature that is gone breaks users, whatever the table says (`signatures`). A spec that gives no code has no verdict.

mod change;
mod changelog;
mod items;
mod levels;
mod signatures;
#[cfg(test)]
mod tests;
mod version;

use std::collections::BTreeSet;
use std::panic::resume_unwind;
use std::thread;

use serde_json::Value;

pub use change::{Change, Kind, Level, verdict};
pub use changelog::changelog;
pub use version::{VersionError, next_version};

use self::items::{ApiItem, ItemKind, Items, items};
use self::levels::{Difference, GONE, NEW, change};
use self::signatures::{signatures, text};
use crate::document::spec::{Spec, array, shown};
use crate::error::Error;
use crate::generate::syntax;

/// Compares two specs, and returns the changes for users in the order of the items' names.
///
/// It returns none if the two specs are the same except for the order of keys.
///
/// # Errors
///
/// No code can be generated from one of the specs.
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
    // Generating takes nearly all of the time.
    let (old, new) = thread::scope(|scope| {
        let old = scope.spawn(|| Generated::new(from));
        let new = Generated::new(to);
        let old = old.join().unwrap_or_else(|panic| resume_unwind(panic));
        (old, new)
    });
    Ok(old?.changes_to(&new?))
}

/// A spec with what its generated code shows.
struct Generated<'a> {
    spec: &'a Spec,
    code: String,
    items: Items,
    signatures: BTreeSet<String>,
}

impl<'a> Generated<'a> {
    fn new(spec: &'a Spec) -> Result<Self, Error> {
        let (file, _) = syntax(spec)?;
        Ok(Self::of(spec, &file))
    }

    fn of(spec: &'a Spec, file: &syn::File) -> Self {
        Self {
            spec,
            code: text(file),
            items: items(file),
            signatures: signatures(file),
        }
    }

    fn changes_to(&self, new: &Self) -> Vec<Change> {
        let mut changes = compare(&self.items, &new.items);
        let (were, are) = (&self.signatures, &new.signatures);
        let (gone, added) = (were.difference(are).next(), are.difference(were).next());
        let (level, spec) = (verdict(&changes), "openapi.yaml");
        let (level, kind, item, what, why) = match (gone, added) {
            (Some(gone), _) if level < Some(Level::Major) => {
                (Level::Major, Kind::Removed, gone.as_str(), "is gone", GONE)
            }
            (_, Some(added)) if level < Some(Level::Minor) => {
                (Level::Minor, Kind::Added, added.as_str(), "is there", NEW)
            }
            _ if level.is_some() => return changes,
            _ if self.code != new.code => {
                let why = "no public item is different";
                (
                    Level::Patch,
                    Kind::Changed,
                    spec,
                    "changes private code",
                    why,
                )
            }
            _ if self.spec.root() != new.spec.root() => {
                let why = "the generated code is the same";
                (Level::Patch, Kind::Documented, spec, "changes no code", why)
            }
            _ => return changes,
        };
        let (item, what) = (item.to_owned(), what.to_owned());
        changes.push(Change {
            level,
            kind,
            item,
            what,
            why,
        });
        changes
    }
}

fn compare(old: &Items, new: &Items) -> Vec<Change> {
    let mut changes = Vec::new();
    // The parts of what is new, gone or something else altogether need no word of their own.
    let form = |items: &Items, name: &str| {
        let form = |item: &ApiItem| ["form", "type"].map(|name| item.facts.get(name).cloned());
        items.get(name).map(form)
    };
    let names: BTreeSet<_> = old.keys().chain(new.keys()).collect();
    for name in names {
        let mut add = |item: &ApiItem, difference, what| {
            changes.push(change(name, item.kind, "", difference, what));
        };
        match (old.get(name), new.get(name)) {
            (Some(item), _) | (_, Some(item))
                if form(old, &item.parent) != form(new, &item.parent) => {}
            (Some(was), Some(is)) => facts(name, was, is, &mut changes),
            (Some(was), None) => match other_name(was, old, new) {
                Some(name) => add(was, Difference::Renamed, format!("renamed to `{name}`")),
                None => add(was, Difference::Removed, String::new()),
            },
            (None, Some(is)) if other_name(is, new, old).is_none() => {
                let difference = match is.is_required() {
                    true => Difference::Demanded,
                    false => Difference::Added,
                };
                add(is, difference, String::new());
            }
            _ => {}
        }
    }
    changes.sort_by(|one, other| one.item.cmp(&other.item));
    changes
}

/// Returns the name among `those` of an item of `these`, if only its name has changed: there it is like one item only.
fn other_name<'a>(item: &ApiItem, these: &'a Items, those: &'a Items) -> Option<&'a str> {
    let identity = Some(item.identity()?);
    let like = |one: &'a Items, other: &Items| -> Vec<&'a str> {
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

/// Compares the facts of one item.
fn facts(name: &str, was: &ApiItem, is: &ApiItem, changes: &mut Vec<Change>) {
    let names = was.facts.keys().chain(is.facts.keys());
    for fact in names.collect::<BTreeSet<_>>() {
        let [old, new] = [was, is].map(|item| item.facts.get(fact));
        if let Some(difference) = difference(is.kind, fact, old, new) {
            let what = from_to(fact, old, new);
            changes.push(change(name, is.kind, fact, difference, what));
        }
    }
}

/// Returns the difference of a fact, if there is one.
fn difference(
    kind: ItemKind,
    fact: &str,
    old: Option<&Value>,
    new: Option<&Value>,
) -> Option<Difference> {
    use Difference::{Added, Changed, Narrowed, Removed, Widened};
    let [were, are] = [old, new].map(|value| array(value.unwrap_or(&Value::Null)));
    let (were, are): (Vec<_>, Vec<_>) = (were.collect(), are.collect());
    let number = |value: Option<&Value>| value.and_then(Value::as_i64);
    let starts = |start: &str| fact.starts_with(start);
    let is_limit = starts("min") || starts("max") || starts("pattern");
    Some(match (fact, number(old), number(new)) {
        _ if old == new => return None,
        // What comes or goes is an item of its own; the order of the others is left.
        ("values" | "fields", ..) if kind == ItemKind::Type => {
            let kept = were.iter().filter(|value| are.contains(value));
            let in_order = kept.eq(are.iter().filter(|value| were.contains(value)));
            (!in_order).then_some(Changed)?
        }
        _ if starts("values") && new.is_none() => Widened,
        _ if starts("values") || starts("derives") => {
            let has_all = old.is_some() && were.iter().all(|value| are.contains(value));
            if has_all { Widened } else { Narrowed }
        }
        _ if starts("presence") && new == Some(&"required".into()) => Narrowed,
        _ if starts("presence") => Widened,
        _ if is_limit && new.is_none() => Widened,
        (limit, Some(old), Some(new)) if limit.starts_with("min") && new < old => Widened,
        (limit, Some(old), Some(new)) if limit.starts_with("max") && new > old => Widened,
        _ if is_limit => Narrowed,
        _ if old.is_none() => Added,
        _ if new.is_none() => Removed,
        _ => Changed,
    })
}

/// Says what was, and what is.
fn from_to(fact: &str, old: Option<&Value>, new: Option<&Value>) -> String {
    let subject = match fact {
        "type" | "form" => String::new(),
        _ => format!("{fact} "),
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
