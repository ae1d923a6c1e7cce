//! Credentials: the client sends keys in headers with every request, and knows no other way.

use std::collections::BTreeSet;

use serde_json::Value;

use super::paths::header_name;
use crate::document::spec::{Spec, array, entries};
use crate::error::Finding;

pub(super) fn check(spec: &Spec, findings: &mut Vec<Finding>) {
    let schemes = &spec.root()["components"]["securitySchemes"];
    let sendable = |name: &str| {
        let scheme = spec.resolve(&schemes[name]);
        scheme["type"] == "apiKey" && scheme["in"] == "header"
    };
    for (name, scheme) in entries(schemes).filter(|(name, _)| sendable(name)) {
        let header = spec.resolve(scheme)["name"].as_str().unwrap_or_default();
        let location = format!("components.securitySchemes.{name}.name");
        findings.extend(header_name(location, header));
    }
    let mut seen = BTreeSet::new();
    for operation in spec.operations() {
        let (asked, location) = match &operation.value["security"] {
            Value::Null => (&spec.root()["security"], "security".to_owned()),
            own => (own, format!("{}.security", operation.location())),
        };
        if !seen.insert(location.clone()) {
            continue;
        }
        let all = |alternative: &Value| entries(alternative).all(|(name, _)| sendable(name));
        if array(asked).next().is_some() && !array(asked).any(all) {
            findings.push(Finding::error(
                "security",
                location,
                "it asks for credentials that the client can't send: it sends keys in headers",
                "describe an alternative whose schemes are `type: apiKey`, `in: header` and are in `components.securitySchemes`",
            ));
        } else if array(asked).all(|alternative| entries(alternative).next().is_none()) {
            findings.push(Finding::warning(
                "security",
                location,
                "it asks for no key, and the client sends one all the same",
                "add `security:` with the scheme of the key, here or for the whole document",
            ));
        }
    }
}
