//! The module `server`: the address of the service, its variables, and the headers that say who asks.

use serde_json::Value;

use super::Level::{Major, Minor};
use super::documents::words;
use super::pairs::{Pair, pairs};
use super::types::{unseen, variant_added, variant_removed};
use super::{Change, Changes, Kind};
use crate::rewrite::naming::{field_name, type_name};
use crate::spec::{Spec, array, entries};

/// Compares the servers and security schemes of two specs.
pub(super) fn compare(from: &Spec, to: &Spec, changes: &mut Changes) {
    let server = |spec: &Spec| spec.root()["servers"][0].clone();
    let (old, new) = (server(from), server(to));
    unseen("server::URL", "url", &old, &new, changes);
    words("server::URL", &old, &new, changes);
    variables(&old, &new, changes);
    schemes(from, to, changes);
    unseen("Client", "security", from.root(), to.root(), changes);
}

fn variables(old: &Value, new: &Value, changes: &mut Changes) {
    let arguments = |server: &Value| -> Vec<String> {
        let template = server["url"].as_str().unwrap_or_default();
        let mut variables: Vec<_> = entries(&server["variables"]).collect();
        variables.sort_by_key(|(name, _)| template.find(&format!("{{{name}}}")));
        variables
            .into_iter()
            .map(|(name, variable)| {
                let ty = match variable["enum"].is_null() {
                    true => "str".to_owned(),
                    false => type_name(name),
                };
                format!("{}: &{ty}", field_name(name))
            })
            .collect()
    };
    let (was, is) = (arguments(old), arguments(new));
    if was != is {
        changes.push(Change::new(
            Major,
            Kind::Changed,
            "server::url",
            format!(
                "takes `({})` now, and took `({})`",
                is.join(", "),
                was.join(", ")
            ),
            "code that calls it doesn't compile, or gives it one value for another",
        ));
    }
    for (name, new) in entries(&new["variables"]) {
        let old = &old["variables"][name];
        if old.is_null() {
            continue;
        }
        let item = format!("server::{}", type_name(name));
        for value in array(&new["enum"]).filter_map(Value::as_str) {
            if old["enum"].is_array() && !array(&old["enum"]).any(|old| old == value) {
                changes.push(variant_added(format!("{item}::{}", type_name(value))));
            }
        }
        for value in array(&old["enum"]).filter_map(Value::as_str) {
            if new["enum"].is_array() && !array(&new["enum"]).any(|new| new == value) {
                changes.push(variant_removed(format!("{item}::{}", type_name(value))));
            }
        }
        unseen(&item, "default", old, new, changes);
        words(&item, old, new, changes);
    }
}

fn schemes(from: &Spec, to: &Spec, changes: &mut Changes) {
    let named = |spec: &Spec| -> Vec<(String, Value)> {
        entries(&spec.root()["components"]["securitySchemes"])
            .map(|(name, scheme)| {
                let constant = field_name(name).to_uppercase();
                (format!("server::{constant}_HEADER"), scheme.clone())
            })
            .collect()
    };
    let (was, is) = (named(from), named(to));
    for pair in pairs(&borrowed(&was), &borrowed(&is), |_, _| false) {
        match pair {
            Pair::Added(item, _) => changes.push(Change::new(
                Minor,
                Kind::Added,
                item,
                "another way to say who asks",
                "nothing could use it before",
            )),
            Pair::Removed(item, _) => changes.push(Change::new(
                Major,
                Kind::Removed,
                item,
                "a way to say who asks is gone",
                "code that names the header doesn't compile",
            )),
            Pair::Both(item, old, new) | Pair::Renamed(_, item, old, new) => {
                for key in ["type", "in", "name"] {
                    unseen(item, key, old, new, changes);
                }
                words(item, old, new, changes);
            }
        }
    }
}

fn borrowed(named: &[(String, Value)]) -> Vec<(&str, &Value)> {
    named
        .iter()
        .map(|(name, value)| (name.as_str(), value))
        .collect()
}
