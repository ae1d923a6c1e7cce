//! Where each document says that the service is.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Drifts;
use super::matching::{Side, values};

/// The path of an address, without a slash at its end; empty where it has none.
pub(super) fn path(url: &str) -> &str {
    let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    let start = after_scheme.find('/').unwrap_or(after_scheme.len());
    after_scheme[start..].trim_end_matches('/')
}

/// Compares the addresses that the two operations are asked at, and the variables in them.
pub(super) fn compare(ours: &Side<'_>, theirs: &Side<'_>, drifts: &mut Drifts) {
    let (our, their) = (bases(ours), bases(theirs));
    for (base, (shown, server)) in &our {
        match their.get(base) {
            Some((_, other)) => variables(server, other, drifts),
            None => drifts.compare("server", "", Some(shown.clone()), None),
        }
    }
    for (_, (shown, _)) in their.iter().filter(|(base, _)| !our.contains_key(*base)) {
        drifts.compare("server", "", None, Some(shown.clone()));
    }
}

/// The servers by the address before the part of the path that both documents have, with its variables unnamed; each
/// with that address as it is written.
fn bases(side: &Side<'_>) -> BTreeMap<String, (String, Value)> {
    let servers = side.servers().into_iter().filter_map(|server| {
        let shown = format!(
            "{}{}",
            server["url"].as_str()?.trim_end_matches('/'),
            side.prefix
        );
        let mut unnamed = shown.clone();
        for hole in holes(&shown) {
            unnamed = unnamed.replace(&format!("{{{hole}}}"), "{}");
        }
        Some((unnamed, (shown, server)))
    });
    servers.collect()
}

/// The names of the variables in an address.
fn holes(url: &str) -> impl Iterator<Item = &str> {
    url.split('{')
        .skip(1)
        .filter_map(|part| Some(part.split_once('}')?.0))
}

/// Compares the variables of one address, by where they stand in it.
fn variables(ours: &Value, theirs: &Value, drifts: &mut Drifts) {
    let url = |server: &Value| server["url"].as_str().unwrap_or_default().to_owned();
    for (our_name, their_name) in holes(&url(ours)).zip(holes(&url(theirs))) {
        let subject = format!("server variable `{our_name}`");
        drifts.convention(
            &subject,
            "name",
            Some(our_name.to_owned()),
            Some(their_name.to_owned()),
        );
        let (our, their) = (
            &ours["variables"][our_name],
            &theirs["variables"][their_name],
        );
        let text = |value: &Value| value.as_str().map(str::to_owned);
        drifts.compare(
            &subject,
            "default",
            text(&our["default"]),
            text(&their["default"]),
        );
        drifts.values(&subject, &values(&our["enum"]), &values(&their["enum"]));
    }
}
