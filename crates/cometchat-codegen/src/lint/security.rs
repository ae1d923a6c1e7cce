//! Credentials: the client sends a key in a header, or a bearer token, with every request.

use std::collections::BTreeSet;

use serde_json::Value;

use super::paths::header_name;
use crate::document::spec::{Spec, array, entries, key_header, text};
use crate::error::Finding;

pub(super) fn check(spec: &Spec, findings: &mut Vec<Finding>) {
    let schemes = &spec.root()["components"]["securitySchemes"];
    for (name, scheme) in entries(schemes) {
        let scheme = spec.resolve(scheme);
        if scheme["type"] == "apiKey" && scheme["in"] == "header" {
            let location = format!("components.securitySchemes.{name}.name");
            findings.extend(header_name(location, &text(&scheme["name"])));
        }
    }
    let sent = ["apikey", "onBehalfOf"].map(|name| key_header(spec.resolve(&schemes[name])));
    let is_sent = |(name, _): (&String, _)| {
        let header = key_header(spec.resolve(&schemes[name]));
        header.is_some() && sent.contains(&header)
    };
    let mut checked = BTreeSet::new();
    for operation in spec.operations() {
        let (asked, location) = match &operation.value["security"] {
            Value::Null => (&spec.root()["security"], "security".to_owned()),
            own => (own, format!("{}.security", operation.location())),
        };
        if !checked.insert(location.clone()) {
            continue;
        }
        let names: Vec<_> = array(asked).flat_map(entries).collect();
        let missing = names.iter().find(|(name, _)| schemes[*name].is_null());
        let (problem, help) = if let Some((name, _)) = missing {
            (
                format!("no scheme `{name}` is declared"),
                format!("add `{name}` to `components.securitySchemes`, or correct the name"),
            )
        } else if names.is_empty() {
            (
                "it asks for no key, and the client sends one all the same".to_owned(),
                "add `security:` with the scheme of the key, here or for the whole document"
                    .to_owned(),
            )
        } else if !array(asked).any(|alternative| entries(alternative).all(is_sent)) {
            (
                "the client sends one key, as a header or bearer token, and nothing else of this"
                    .to_owned(),
                "send the rest by ClientBuilder::configure_http or Client::with_header".to_owned(),
            )
        } else {
            continue;
        };
        findings.push(Finding::warning("security", location, problem, help));
    }
}
