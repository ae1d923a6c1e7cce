//! Which of their operations is which of ours.

use serde_json::Value;

use super::{Attributes, Facts, Item, Key, Owner, servers};
use crate::spec::array;

/// How many segments one document may have in its paths that the other has in its servers.
const MOST_PREFIX: usize = 4;
/// How many named schemas in a row are followed before they are taken for a circle.
const MOST_HOPS: usize = 16;

/// One operation of one document.
#[derive(Clone)]
pub(super) struct Side<'a> {
    pub(super) facts: &'a Facts,
    pub(super) owner: &'a Owner,
    /// What stands before the part of the path that both documents have, such as `/v3`; often empty.
    pub(super) prefix: String,
}

impl<'a> Side<'a> {
    pub(super) fn key(&self, item: Item) -> Key {
        Key::new(self.owner, item)
    }

    /// The items of the operation, without what is in them.
    pub(super) fn items(&self) -> impl Iterator<Item = &'a Key> + use<'a> {
        let owner = self.owner;
        let keys = self
            .facts
            .range(Key::new(owner, Item::Itself)..)
            .map(|(key, _)| key);
        keys.take_while(move |key| key.owner == *owner)
            .filter(|key| key.path.is_empty())
    }

    /// Where the facts of a thing are: at the named schema that it refers to in the end.
    pub(super) fn target(&self, key: &Key) -> Key {
        let mut key = key.clone();
        for _ in 0..MOST_HOPS {
            let name = self
                .facts
                .get(&key)
                .and_then(|attributes| attributes.get("ref")?.as_str());
            let Some(name) = name else { break };
            key = Key::of_type(name);
        }
        key
    }

    /// What is stated of a thing, and of the named schema that it refers to.
    pub(super) fn of(&self, key: &Key) -> Attributes {
        let mut attributes = self
            .facts
            .get(&self.target(key))
            .cloned()
            .unwrap_or_default();
        attributes.extend(self.facts.get(key).cloned().unwrap_or_default());
        attributes
    }

    /// The type in words; nothing where none is stated.
    pub(super) fn type_of(&self, key: &Key) -> Option<String> {
        let ty = self.of(key).get("type")?.as_str()?.to_owned();
        if !ty.contains("array") {
            return Some(ty);
        }
        let items = self.of(&self.target(key).below("[]"));
        let items = items
            .get("type")
            .and_then(Value::as_str)
            .unwrap_or("anything");
        Some(format!("{ty} of {items}"))
    }

    /// The values that are listed for a thing or for its items, text without its quotes.
    pub(super) fn values(&self, key: &Key) -> Vec<String> {
        let of_items = || self.of(&self.target(key).below("[]")).remove("values");
        values(
            &self
                .of(key)
                .remove("values")
                .or_else(of_items)
                .unwrap_or_default(),
        )
    }

    pub(super) fn servers(&self) -> Vec<Value> {
        let servers = self
            .of(&self.key(Item::Itself))
            .remove("servers")
            .unwrap_or_default();
        array(&servers).cloned().collect()
    }
}

/// Values as text, without its quotes.
pub(super) fn values(list: &Value) -> Vec<String> {
    array(list)
        .map(|value| {
            value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned)
        })
        .collect()
}

/// Our operations, each with theirs.
pub(super) fn pairs<'a>(ours: &'a Facts, theirs: &'a Facts) -> Vec<(Side<'a>, Option<Side<'a>>)> {
    let theirs: Vec<_> = operations(theirs).collect();
    operations(ours)
        .map(|mut ours| {
            let prefixes = theirs
                .iter()
                .filter_map(|theirs| Some((difference(&ours, theirs)?, theirs)));
            let best = prefixes.min_by_key(|(prefixes, _)| prefixes.0.len() + prefixes.1.len());
            let theirs = best.map(|((our_prefix, prefix), theirs)| {
                ours.prefix = our_prefix;
                Side {
                    prefix,
                    ..theirs.clone()
                }
            });
            (ours, theirs)
        })
        .collect()
}

fn operations(facts: &Facts) -> impl Iterator<Item = Side<'_>> {
    let operations = facts.keys().filter(|key| {
        matches!(key.owner, Owner::Operation { .. })
            && key.item == Item::Itself
            && key.path.is_empty()
    });
    operations.map(|key| Side {
        facts,
        owner: &key.owner,
        prefix: String::new(),
    })
}

/// The segments that each path has before those that both have; nothing where they are paths to different things.
fn difference(ours: &Side<'_>, theirs: &Side<'_>) -> Option<(String, String)> {
    let (
        Owner::Operation { path: our, method },
        Owner::Operation {
            path: their,
            method: other,
        },
    ) = (ours.owner, theirs.owner)
    else {
        return None;
    };
    let (our, their) = (segments(our), segments(their));
    // Two segments are the same but for the name of a parameter.
    let same =
        |our: &str, their: &str| our == their || (our.starts_with('{') && their.starts_with('{'));
    let both = our.iter().rev().zip(their.iter().rev());
    let common = both.take_while(|(our, their)| same(our, their)).count();
    let (our, their) = (&our[..our.len() - common], &their[..their.len() - common]);
    let literal = |prefix: &[&str]| {
        prefix.len() <= MOST_PREFIX && !prefix.iter().any(|segment| segment.starts_with('{'))
    };
    // What one has in its path the other must have in the address of a server, or have no such address.
    let elsewhere = |prefix: &[&str], other: &Side<'_>| {
        let there = |server: &Value| {
            let path = servers::path(server["url"].as_str().unwrap_or_default());
            path.is_empty() || path.ends_with(&joined(prefix))
        };
        prefix.is_empty() || other.servers().iter().all(there)
    };
    (method == other
        && common > 0
        && literal(our)
        && literal(their)
        && (our.is_empty() || their.is_empty())
        && elsewhere(our, theirs)
        && elsewhere(their, ours))
    .then(|| (joined(our), joined(their)))
}

fn segments(path: &str) -> Vec<&str> {
    path.split('/')
        .filter(|segment| !segment.is_empty())
        .collect()
}

fn joined(segments: &[&str]) -> String {
    segments
        .iter()
        .map(|segment| format!("/{segment}"))
        .collect()
}
