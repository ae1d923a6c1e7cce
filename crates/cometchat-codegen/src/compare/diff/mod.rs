//! Compares the generated code of two specs, and says which version a change requires.
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

use serde_json::Value;

pub use change::{Change, Kind, Level, verdict};
pub use changelog::changelog;
pub use version::{VersionError, next_version};

use self::items::{ApiItem, ItemKind, Items, items};
use self::levels::{Difference, GONE, NEW, change};
use self::signatures::signatures;
use crate::document::spec::{Spec, array, shown};
use crate::error::Error;
use crate::generate::syntax;

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
    Ok(Generated::new(from)?.changes_to(&Generated::new(to)?))
}

/// A spec with its generated code.
struct Generated<'a> {
    spec: &'a Spec,
    code: syn::File,
    items: Items,
}

impl<'a> Generated<'a> {
    fn new(spec: &'a Spec) -> Result<Self, Error> {
        let (code, _) = syntax(spec)?;
        let items = items(&code);
        Ok(Self { spec, code, items })
    }

    fn changes_to(&self, new: &Self) -> Vec<Change> {
        let mut changes = compare(&self.items, &new.items);
        let [were, are] = [self, new].map(|generated| signatures(&generated.code));
        let level = verdict(&changes);
        let mut add = |level, kind, item: &str, what: &str, why| {
            let (item, what) = (item.to_owned(), what.to_owned());
            changes.push(Change {
                level,
                kind,
                item,
                what,
                why,
            });
        };
        if let Some(gone) = were.difference(&are).next()
            && level < Some(Level::Major)
        {
            add(Level::Major, Kind::Removed, gone, "is gone", GONE);
        } else if let Some(added) = are.difference(&were).next()
            && level < Some(Level::Minor)
        {
            add(Level::Minor, Kind::Added, added, "is there", NEW);
        } else if self.code != new.code && level.is_none() {
            let why = "no public item is different";
            add(
                Level::Patch,
                Kind::Changed,
                "openapi.yaml",
                "changes private code",
                why,
            );
        } else if self.spec.root() != new.spec.root() && level.is_none() {
            let why = "the generated code is the same";
            add(
                Level::Patch,
                Kind::Documented,
                "openapi.yaml",
                "changes no code",
                why,
            );
        }
        changes
    }
}

fn compare(old: &Items, new: &Items) -> Vec<Change> {
    let mut changes = Vec::new();
    // The parts of what is new, gone or something else altogether need no word of their own.
    let form = |items: &Items, name: &str| {
        let form = |item: &ApiItem| ["form", "type"].map(|name| item.attributes.get(name).cloned());
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
            (Some(was), Some(is)) => attributes(name, was, is, &mut changes),
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

/// Compares what is stated of one item.
fn attributes(name: &str, was: &ApiItem, is: &ApiItem, changes: &mut Vec<Change>) {
    let names = was.attributes.keys().chain(is.attributes.keys());
    for attribute in names.copied().collect::<BTreeSet<_>>() {
        let [old, new] = [was, is].map(|item| item.attributes.get(attribute));
        if let Some(difference) = difference(is.kind, attribute, old, new) {
            let what = from_to(attribute, old, new);
            changes.push(change(name, is.kind, attribute, difference, what));
        }
    }
}

/// Returns how an attribute is different, if it is.
fn difference(
    kind: ItemKind,
    attribute: &str,
    old: Option<&Value>,
    new: Option<&Value>,
) -> Option<Difference> {
    use Difference::{Added, Changed, Narrowed, Removed, Widened};
    let [were, are] = [old, new].map(|value| array(value.unwrap_or(&Value::Null)));
    let (were, are): (Vec<_>, Vec<_>) = (were.collect(), are.collect());
    let number = |value: Option<&Value>| value.and_then(Value::as_i64);
    let is_limit =
        attribute.starts_with("min") || attribute.starts_with("max") || attribute == "pattern";
    Some(match (attribute, number(old), number(new)) {
        _ if old == new => return None,
        // What comes or goes is an item of its own; the order of the others is left.
        ("values" | "fields", ..) if kind == ItemKind::Type => {
            let kept = were.iter().filter(|value| are.contains(value));
            let in_order = kept.eq(are.iter().filter(|value| were.contains(value)));
            (!in_order).then_some(Changed)?
        }
        ("values", ..) if new.is_none() => Widened,
        ("values" | "derives", ..)
            if old.is_some() && were.iter().all(|value| are.contains(value)) =>
        {
            Widened
        }
        ("values" | "derives", ..) => Narrowed,
        ("presence" | "presence of a list", ..) if new == Some(&"required".into()) => Narrowed,
        ("presence" | "presence of a list", ..) => Widened,
        _ if is_limit && new.is_none() => Widened,
        (limit, Some(old), Some(new)) if limit.starts_with("min") && new < old => Widened,
        (limit, Some(old), Some(new)) if limit.starts_with("max") && new > old => Widened,
        _ if is_limit => Narrowed,
        _ if old.is_none() => Added,
        _ if new.is_none() => Removed,
        _ => Changed,
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
