//! Which of their operations is which of ours.

use serde_json::Value;

use super::servers;
use crate::spec::{METHODS, array, entries};

/// How many segments one document may have in its paths that the other has in its servers.
const MOST_PREFIX: usize = 4;

/// An operation of one document.
pub(super) struct Operation<'a> {
    /// The document.
    pub(super) root: &'a Value,
    /// The path template.
    pub(super) path: &'a str,
    /// What stands before the part of the path that both documents have, such as `/v3`; often empty.
    pub(super) prefix: String,
    /// The method, in lower case.
    pub(super) method: &'a str,
    /// The path item.
    pub(super) item: &'a Value,
    /// The operation object.
    pub(super) value: &'a Value,
}

/// One of our operations, and theirs where they have it.
pub(super) struct Pair<'a> {
    pub(super) ours: Operation<'a>,
    pub(super) theirs: Option<Operation<'a>>,
}

/// Our operations in the order of our document, each with theirs.
pub(super) fn pairs<'a>(ours: &'a Value, theirs: &'a Value) -> Vec<Pair<'a>> {
    let theirs: Vec<_> = operations(theirs).collect();
    operations(ours)
        .map(|mut ours| {
            let best = theirs
                .iter()
                .filter(|theirs| theirs.method == ours.method)
                .filter_map(|theirs| Some((difference(&ours, theirs)?, theirs)))
                .min_by_key(|(prefixes, _)| prefixes.0.len() + prefixes.1.len());
            let theirs = best.map(|((our_prefix, their_prefix), theirs)| {
                ours.prefix = our_prefix;
                Operation {
                    prefix: their_prefix,
                    ..*theirs
                }
            });
            Pair { ours, theirs }
        })
        .collect()
}

fn operations(root: &Value) -> impl Iterator<Item = Operation<'_>> {
    entries(&root["paths"]).flat_map(move |(path, item)| {
        let methods = entries(item).filter(|(method, _)| METHODS.contains(&method.as_str()));
        methods.map(move |(method, value)| Operation {
            root,
            path,
            prefix: String::new(),
            method,
            item,
            value,
        })
    })
}

/// The segments that each path has before those that both have; nothing where they are paths to different things.
fn difference(ours: &Operation<'_>, theirs: &Operation<'_>) -> Option<(String, String)> {
    let (our_path, their_path) = (segments(ours.path), segments(theirs.path));
    let common = our_path
        .iter()
        .rev()
        .zip(their_path.iter().rev())
        .take_while(|(our, their)| same(our, their))
        .count();
    let our_prefix = &our_path[..our_path.len() - common];
    let their_prefix = &their_path[..their_path.len() - common];
    let literal = |prefix: &[&str]| {
        prefix.len() <= MOST_PREFIX && !prefix.iter().any(|segment| segment.starts_with('{'))
    };
    // What one has in its path the other must have in the address of a server, or have no such address.
    let elsewhere = |prefix: &[&str], other: &Operation<'_>| {
        prefix.is_empty()
            || servers::urls(other).all(|url| {
                let path = servers::path(url);
                path.is_empty() || path.ends_with(&joined(prefix))
            })
    };
    (common > 0
        && literal(our_prefix)
        && literal(their_prefix)
        && (our_prefix.is_empty() || their_prefix.is_empty())
        && elsewhere(our_prefix, theirs)
        && elsewhere(their_prefix, ours))
    .then_some((joined(our_prefix), joined(their_prefix)))
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

/// Whether two segments of paths are the same but for the name of a parameter.
fn same(ours: &str, theirs: &str) -> bool {
    ours == theirs || (ours.starts_with('{') && theirs.starts_with('{'))
}

impl<'a> Operation<'a> {
    /// The servers of the operation: its own, or those of its path, or those of the document.
    pub(super) fn servers(&self) -> impl Iterator<Item = &'a Value> + use<'a> {
        let stated = [self.value, self.item, self.root];
        let servers = stated
            .into_iter()
            .map(|owner| &owner["servers"])
            .find(|servers| {
                servers
                    .as_array()
                    .is_some_and(|servers| !servers.is_empty())
            });
        servers.into_iter().flat_map(array)
    }
}
