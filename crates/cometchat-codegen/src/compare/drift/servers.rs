//! Where each document says that the service is.

use std::collections::BTreeMap;

use serde_json::Value;

use super::matching::Operation;
use super::schema::values;
use super::{Drifts, Group};

/// The addresses of an operation's servers.
pub(super) fn urls<'a>(operation: &Operation<'a>) -> impl Iterator<Item = &'a str> + use<'a> {
    operation
        .servers()
        .filter_map(|server| server["url"].as_str())
}

/// The path of an address, without a slash at its end; empty where it has none.
pub(super) fn path(url: &str) -> &str {
    let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    let start = after_scheme.find('/').unwrap_or(after_scheme.len());
    after_scheme[start..].trim_end_matches('/')
}

/// Compares the addresses that the two operations are asked at, and the variables in them.
pub(super) fn compare(ours: &Operation<'_>, theirs: &Operation<'_>, drifts: &mut Drifts) {
    let (our_servers, their_servers) = (bases(ours), bases(theirs));
    for (base, server) in &our_servers {
        match their_servers.get(base) {
            Some(other) => variables(server, other, drifts),
            None => drifts.compare("server", "", Some(shown(ours, server)), None),
        }
    }
    for (base, server) in &their_servers {
        if !our_servers.contains_key(base) {
            drifts.compare("server", "", None, Some(shown(theirs, server)));
        }
    }
}

/// The servers by the address before the part of the path that both documents have, with its variables unnamed.
fn bases<'a>(operation: &Operation<'a>) -> BTreeMap<String, &'a Value> {
    operation
        .servers()
        .filter_map(|server| {
            let url = server["url"].as_str()?;
            let base = format!("{}{}", url.trim_end_matches('/'), operation.prefix);
            let unnamed: Vec<_> = base
                .split('{')
                .enumerate()
                .map(|(index, part)| match (index, part.split_once('}')) {
                    (1.., Some((_, rest))) => format!("{{}}{rest}"),
                    _ => part.to_owned(),
                })
                .collect();
            Some((unnamed.concat(), server))
        })
        .collect()
}

fn shown(operation: &Operation<'_>, server: &Value) -> String {
    let url = server["url"].as_str().unwrap_or_default();
    format!("{}{}", url.trim_end_matches('/'), operation.prefix)
}

/// Compares the variables of one address, by where they stand in it.
fn variables(ours: &Value, theirs: &Value, drifts: &mut Drifts) {
    let names = |server: &Value| -> Vec<String> {
        let url = server["url"].as_str().unwrap_or_default();
        url.split('{')
            .skip(1)
            .filter_map(|part| Some(part.split_once('}')?.0.to_owned()))
            .collect()
    };
    for (our_name, their_name) in names(ours).into_iter().zip(names(theirs)) {
        let subject = format!("server variable `{our_name}`");
        drifts.compare(
            &subject,
            "name",
            Some(our_name.clone()),
            Some(their_name.clone()),
        );
        let (ours, theirs) = (
            &ours["variables"][&our_name],
            &theirs["variables"][&their_name],
        );
        let text = |value: &Value| value.as_str().map(str::to_owned);
        drifts.compare(
            &subject,
            "default",
            text(&ours["default"]),
            text(&theirs["default"]),
        );
        let (ours, theirs) = (values(&ours["enum"]), values(&theirs["enum"]));
        compare_values(&subject, &ours, &theirs, drifts);
    }
}

/// Notes the values that one side alone has.
pub(super) fn compare_values(
    subject: &str,
    ours: &[String],
    theirs: &[String],
    drifts: &mut Drifts,
) {
    let only = |these: &[String], those: &[String]| {
        let only: Vec<_> = these
            .iter()
            .filter(|value| !those.contains(value))
            .cloned()
            .collect();
        only.join(", ")
    };
    let (only_ours, only_theirs) = (only(ours, theirs), only(theirs, ours));
    if !only_theirs.is_empty() {
        drifts.note(Group::Theirs, subject, "values", String::new(), only_theirs);
    }
    if !only_ours.is_empty() {
        drifts.note(Group::Ours, subject, "values", only_ours, String::new());
    }
}
