//! What a change of the spec means for whoever uses the generated code.
//!
//! A spec is regenerated and published; how much a new version may change is a promise of Cargo's. So the facts of both
//! specs are named as the generated code names them ([`things`]), compared one by one, and the level of each difference
//! is looked up in one table ([`levels`]). What gives the same code is no change but of words, and a spec that gives none
//! has no verdict.

mod changelog;
mod levels;
#[cfg(test)]
mod signatures;
#[cfg(test)]
mod tests;
mod things;
mod version;

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value;

pub use changelog::changelog;
pub use version::{VersionError, next_version};

use self::levels::{How, rule_for};
use self::things::{Sort, Thing, Things, things};
use crate::compare::facts::{LIMITS, facts};
use crate::error::Error;
use crate::generate;
use crate::spec::{Spec, array};

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
/// let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.yaml"));
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
    /// The code, without the head that names the spec by its hash.
    code: String,
    things: Things,
}

impl<'a> Side<'a> {
    fn new(spec: &'a Spec) -> Result<Self, Error> {
        let mut code = generate(&spec.root().to_string())?;
        code.drain(..code.find("\n\n").unwrap_or(0));
        let things = things(&facts(spec.root()), &type_names(&code));
        Ok(Self { spec, code, things })
    }

    fn changes_to(&self, new: &Self) -> Vec<Change> {
        let mut changes = compare(&self.things, &new.things);
        if self.code == new.code {
            changes.retain(|change| matches!(change.kind, Kind::Documented | Kind::Deprecated));
        }
        if changes.is_empty() && self.spec.root() != new.spec.root() {
            let mut unseen = change(
                "openapi.yaml",
                rule_for(Sort::Document, "*", How::Changed),
                UNSEEN.to_owned(),
            );
            unseen.why = "the generated code is the same";
            changes.push(unseen);
        }
        changes
    }
}

const UNSEEN: &str = "something that no code is made of";

/// The largest level among changes.
pub fn verdict(changes: &[Change]) -> Option<Level> {
    changes.iter().map(|change| change.level).max()
}

/// The names of the types in generated code.
fn type_names(code: &str) -> BTreeSet<String> {
    let items = syn::parse_file(code)
        .map(|file| file.items)
        .unwrap_or_default();
    let types = items.into_iter().find_map(|item| match item {
        syn::Item::Mod(item) if item.ident == "types" => Some(item.content?.1),
        _ => None,
    });
    let mut names = BTreeSet::new();
    for item in types.into_iter().flatten() {
        match item {
            syn::Item::Struct(item) => drop(names.insert(item.ident.to_string())),
            syn::Item::Enum(item) => drop(names.insert(item.ident.to_string())),
            syn::Item::Type(item) => drop(names.insert(item.ident.to_string())),
            syn::Item::Use(item) => used(&item.tree, &mut names),
            _ => {}
        }
    }
    names
}

/// The names that a `use` brings in.
fn used(tree: &syn::UseTree, names: &mut BTreeSet<String>) {
    match tree {
        syn::UseTree::Path(path) => used(&path.tree, names),
        syn::UseTree::Group(group) => group.items.iter().for_each(|tree| used(tree, names)),
        syn::UseTree::Name(name) => drop(names.insert(name.ident.to_string())),
        _ => {}
    }
}

fn compare(old: &Things, new: &Things) -> Vec<Change> {
    let mut changes = Vec::new();
    // Things whose parts need no word of their own: what is new, gone, or something else altogether.
    let mut settled = BTreeSet::new();
    let renamed = renamed(old, new);
    let is_new_name = |name: &str| renamed.iter().any(|(_, new)| *new == name);
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    for name in names {
        match (old.get(name), new.get(name)) {
            (Some(was), Some(is)) => {
                if was.attributes.get("form") != is.attributes.get("form") {
                    settled.insert(name.as_str());
                }
            }
            _ => drop(settled.insert(name.as_str())),
        }
    }
    let reported = |thing: &Thing| !settled.contains(thing.parent.as_str());
    for name in old
        .keys()
        .chain(new.keys().filter(|name| !old.contains_key(*name)))
    {
        let shown = name.trim_end_matches(['[', ']', '{', '}']);
        match (old.get(name), new.get(name)) {
            (Some(was), Some(is)) if reported(is) => attributes(shown, was, is, &mut changes),
            (Some(was), None) if reported(was) => {
                let new_name = renamed
                    .iter()
                    .find(|(old, _)| old == name)
                    .map(|(_, new)| last(new));
                let how = if new_name.is_some() {
                    How::Renamed
                } else {
                    How::Removed
                };
                let what = new_name
                    .map(|new| format!("renamed to `{new}`"))
                    .unwrap_or_default();
                changes.push(change(shown, rule_for(was.sort, "", how), what));
            }
            (None, Some(is)) if reported(is) && !is_new_name(name) => {
                let required = ["presence", "presence of a list"].iter().any(|key| {
                    is.attributes
                        .get(*key)
                        .is_some_and(|presence| presence == "required")
                });
                let attribute = if required { "required" } else { "" };
                changes.push(change(
                    shown,
                    rule_for(is.sort, attribute, How::Added),
                    String::new(),
                ));
            }
            _ => {}
        }
    }
    changes
}

fn last(name: &str) -> &str {
    name.rsplit("::").next().unwrap_or(name)
}

/// Names that are gone with the one that came for each: of one sort and one parent, the same in all but the name, and
/// neither like any other.
fn renamed<'a>(old: &'a Things, new: &'a Things) -> Vec<(&'a str, &'a str)> {
    let only = |these: &'a Things, those: &Things| -> Vec<(&'a str, &'a Thing)> {
        let named = |thing: &Thing| {
            matches!(
                thing.sort,
                Sort::Operation | Sort::Parameter | Sort::Type | Sort::Field
            )
        };
        let only = these
            .iter()
            .filter(|(name, thing)| named(thing) && !those.contains_key(*name));
        only.map(|(name, thing)| (name.as_str(), thing)).collect()
    };
    let (gone, come) = (only(old, new), only(new, old));
    let identity =
        |things: &'a Things, name: &str, thing: &'a Thing| -> (String, Vec<(String, &'a Value)>) {
            // One request is one operation, whatever else has changed.
            let tells = |attribute: &str| match thing.sort {
                Sort::Operation => attribute == "call",
                _ => attribute != "name",
            };
            let own = thing
                .attributes
                .iter()
                .filter(|(attribute, _)| tells(attribute));
            let mut facts: Vec<_> = own
                .map(|(attribute, value)| ((*attribute).to_owned(), value))
                .collect();
            if thing.sort == Sort::Type {
                for (part, thing) in things.iter().filter(|(_, thing)| thing.parent == name) {
                    facts.extend(
                        thing
                            .attributes
                            .iter()
                            .map(|(key, value)| (format!("{}.{key}", last(part)), value)),
                    );
                }
            }
            (format!("{:?} {}", thing.sort, thing.parent), facts)
        };
    let (gone, come) = (
        gone.iter()
            .map(|(name, thing)| (*name, identity(old, name, thing)))
            .collect::<Vec<_>>(),
        come.iter()
            .map(|(name, thing)| (*name, identity(new, name, thing)))
            .collect::<Vec<_>>(),
    );
    let mut renamed = Vec::new();
    for (old_name, was) in &gone {
        let mut like = come.iter().filter(|(_, is)| is == was);
        if let (Some((new_name, _)), None) = (like.next(), like.next())
            && gone.iter().filter(|(_, other)| other == was).count() == 1
        {
            renamed.push((*old_name, *new_name));
        }
    }
    renamed
}

/// Compares what is stated of one thing.
fn attributes(item: &str, was: &Thing, is: &Thing, changes: &mut Vec<Change>) {
    let names: BTreeSet<_> = was
        .attributes
        .keys()
        .chain(is.attributes.keys())
        .copied()
        .collect();
    for name in names {
        let (old, new) = (was.attributes.get(name), is.attributes.get(name));
        if let Some(how) = how(is.sort, name, old, new) {
            let rule = rule_for(is.sort, name, how);
            let what = match rule.kind() {
                Kind::Documented => format!("another {name}"),
                _ => from_to(name, old, new),
            };
            changes.push(change(item, rule, what));
        }
    }
}

/// How an attribute is different; nothing where it is not.
fn how(sort: Sort, attribute: &str, old: Option<&Value>, new: Option<&Value>) -> Option<How> {
    if old == new {
        return None;
    }
    match attribute {
        // Values that come or go are variants; the order of the others is left.
        "values" if sort == Sort::Type => {
            let kept = |these: Option<&Value>, those: Option<&Value>| -> Vec<Value> {
                let those: Vec<_> = those.into_iter().flat_map(array).collect();
                these
                    .into_iter()
                    .flat_map(array)
                    .filter(|value| those.contains(value))
                    .cloned()
                    .collect()
            };
            (kept(old, new) != kept(new, old)).then_some(How::Changed)
        }
        "values" => {
            let covers = |these: Option<&Value>, those: Option<&Value>| match (these, those) {
                (None, _) => true,
                (Some(_), None) => false,
                (Some(these), Some(those)) => {
                    array(those).all(|value| array(these).any(|other| other == value))
                }
            };
            match (covers(new, old), covers(old, new)) {
                (true, true) => None,
                (true, false) => Some(How::Widened),
                (false, _) => Some(How::Narrowed),
            }
        }
        "presence" | "presence of a list" => Some(if new.is_some_and(|new| new == "required") {
            How::Narrowed
        } else {
            How::Widened
        }),
        limit if LIMITS.contains(&limit) => Some(limited(limit, old, new)),
        _ => Some(match (old, new) {
            (None, _) => How::Added,
            (_, None) => How::Removed,
            _ => How::Changed,
        }),
    }
}

/// Whether a limit takes fewer values than it did; of two patterns nobody can say.
fn limited(limit: &str, old: Option<&Value>, new: Option<&Value>) -> How {
    let number = |value: Option<&Value>| value.and_then(Value::as_f64);
    match (new, number(old), number(new)) {
        (None, ..) => How::Widened,
        (_, Some(old), Some(new)) if limit.starts_with("min") || limit.starts_with("max") => {
            match (new.total_cmp(&old), limit.starts_with("min")) {
                (Ordering::Greater, true) | (Ordering::Less, false) => How::Narrowed,
                _ => How::Widened,
            }
        }
        _ => How::Narrowed,
    }
}

fn change(item: &str, rule: &levels::Rule, what: String) -> Change {
    Change {
        level: rule.level,
        kind: rule.kind(),
        item: item.to_owned(),
        what: if rule.what.is_empty() {
            what
        } else {
            rule.what.to_owned()
        },
        why: rule.why,
    }
}

/// What was, and what is.
fn from_to(attribute: &str, old: Option<&Value>, new: Option<&Value>) -> String {
    let shown = |value: &Value| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    };
    let subject = match attribute {
        "type" | "form" => String::new(),
        other => format!("{other} "),
    };
    match (old, new) {
        (Some(old), Some(new)) => {
            format!("{subject}is `{}` now, and was `{}`", shown(new), shown(old))
        }
        (None, Some(new)) => format!("{subject}is `{}` now, and was not set", shown(new)),
        (Some(old), None) => format!("{subject}is not set any more, and was `{}`", shown(old)),
        (None, None) => String::new(),
    }
}
