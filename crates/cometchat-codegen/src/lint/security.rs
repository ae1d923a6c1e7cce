//! Credentials: the client sends a key in a header, or a bearer token, with every request.

use std::collections::BTreeSet;

use serde_json::Value;

use super::paths::header_name;
use crate::document::spec::{Spec, array, entries};
use crate::error::Finding;

pub(super) fn check(spec: &Spec, findings: &mut Vec<Finding>) {
    let schemes = &spec.root()["components"]["securitySchemes"];
    let sendable = |name: &str| {
        let scheme = spec.resolve(&schemes[name]);
        let bearer = scheme["scheme"].as_str().unwrap_or_default();
        (scheme["type"] == "apiKey" && scheme["in"] == "header")
            || (scheme["type"] == "http" && bearer.eq_ignore_ascii_case("bearer"))
    };
    for (name, scheme) in
        entries(schemes).filter(|(name, scheme)| sendable(name) && scheme["type"] == "apiKey")
    {
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
            findings.push(Finding::warning(
                "security",
                location,
                "no alternative is one key in a header: what else is asked for is not sent",
                "send it by ClientBuilder::configure_http or Client::with_header",
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
