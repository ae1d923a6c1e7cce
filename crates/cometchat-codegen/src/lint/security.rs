//! Credentials: the client sends keys in headers with every request, and knows no other way.

use serde_json::Value;

use super::paths::is_token;
use crate::error::Finding;
use crate::spec::{Spec, array, entries};

pub(super) fn check(spec: &Spec, findings: &mut Vec<Finding>) {
    let schemes = &spec.root()["components"]["securitySchemes"];
    let sendable = |name: &str| {
        let scheme = spec.resolve(&schemes[name]);
        scheme["type"] == "apiKey" && scheme["in"] == "header"
    };
    for (name, scheme) in entries(schemes) {
        let header = spec.resolve(scheme)["name"].as_str().unwrap_or_default();
        if sendable(name) && !is_token(header) {
            findings.push(Finding::error(
                "header-name",
                format!("components.securitySchemes.{name}.name"),
                format!("`{header}` can't be the name of a header"),
                "write a name of letters, digits and hyphens",
            ));
        }
    }
    let shared = &spec.root()["security"];
    for operation in spec.operations() {
        let own = &operation.value["security"];
        let (asked, location) = match own {
            Value::Null => (shared, "security".to_owned()),
            own => (own, format!("{}.security", operation.location())),
        };
        let all = |alternative: &Value| entries(alternative).all(|(name, _)| sendable(name));
        if array(asked).next().is_some() && !array(asked).any(all) {
            findings.push(Finding::error(
                "security",
                location,
                "it asks for credentials that the client can't send: it sends keys in headers",
                "describe an alternative whose schemes are `type: apiKey`, `in: header` and are in `components.securitySchemes`",
            ));
            if own.is_null() {
                return;
            }
        } else if array(asked).all(|alternative| entries(alternative).next().is_none()) {
            findings.push(Finding::warning(
                "security",
                location,
                "it asks for no key, and the client sends one all the same",
                "add `security:` with the scheme of the key, here or for the whole document",
            ));
            if own.is_null() {
                return;
            }
        }
    }
}
