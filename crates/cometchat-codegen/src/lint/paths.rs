//! Requests stay where the spec puts them: what a path or a header name is made of can't change which address is asked.

use crate::document::spec::{Spec, array, entries};
use crate::error::Finding;

pub(super) fn check(spec: &Spec, findings: &mut Vec<Finding>) {
    for (path, _) in entries(&spec.root()["paths"]) {
        if let Some(problem) = leaves(path) {
            findings.push(Finding::error(
                "path",
                format!("paths.{path}"),
                problem,
                "write a path such as `/groups/{guid}/members`, and describe variables of the query as parameters",
            ));
        }
    }
    let owners = entries(&spec.root()["paths"]).map(|(path, item)| (format!("paths.{path}"), item));
    let operations = spec.operations();
    let operations = operations.map(|operation| (operation.location(), operation.value));
    for (location, _) in owners
        .chain(operations)
        .filter(|(_, owner)| array(&owner["servers"]).next().is_some())
    {
        findings.push(Finding::warning(
            "servers",
            format!("{location}.servers"),
            "the client sends all requests to one base URL, and not to these servers",
            "use a client of its own with that base URL, or leave `servers` out here",
        ));
    }
    for operation in spec.operations() {
        if matches!(operation.method, "options" | "trace") {
            findings.push(Finding::error(
                "method",
                operation.location(),
                format!(
                    "the client sends no `{}` requests",
                    operation.method.to_uppercase()
                ),
                "leave the operation out",
            ));
        }
        for (location, parameter) in spec.parameters(&operation) {
            let name = parameter["name"].as_str().unwrap_or_default();
            if parameter["allowReserved"] == true {
                findings.push(Finding::warning(
                    "parameters",
                    format!("{location}.allowReserved"),
                    format!("reserved characters in `{name}` are percent-encoded all the same"),
                    "leave `allowReserved` out",
                ));
            }
            if parameter["in"] == "header" {
                findings.extend(header_name(format!("{location}.name"), name));
            }
        }
    }
}

/// Why a request for the path would go to another place than it says.
fn leaves(path: &str) -> Option<&'static str> {
    let decoded = path.to_ascii_lowercase().replace("%2e", ".");
    if !path.starts_with('/') {
        return Some(
            "the path doesn't begin with a slash, so it would change the host that is asked",
        );
    }
    if decoded
        .split('/')
        .any(|segment| matches!(segment, "." | ".."))
    {
        return Some("a segment of the path is `.` or `..`, so another path would be asked");
    }
    if path.contains(|c: char| c.is_control() || c.is_whitespace() || c == '\\') {
        return Some("the path has a character that ends it or changes which path is asked");
    }
    if path
        .split_once(['?', '#'])
        .is_some_and(|(_, end)| end.contains('{'))
    {
        return Some("a variable of the path stands in its query, where its value could add to it");
    }
    if path.contains("//") {
        return Some("the path has two slashes in a row, of which one would be lost");
    }
    let mut parts = path.split('{');
    let starts_in_hole = parts.next().is_some_and(|before| before.contains('}'));
    let is_hole = |part: &str| {
        let hole = part.split_once('}');
        hole.is_some_and(|(name, after)| !name.contains('/') && !after.contains('}'))
    };
    (starts_in_hole || !parts.all(is_hole)).then_some("a brace of the path has no counterpart")
}

/// What is wrong with the name of a header, as RFC 9110 has it.
pub(super) fn header_name(location: String, name: &str) -> Option<Finding> {
    let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    (name.is_empty() || !name.chars().all(is_token)).then(|| {
        Finding::error(
            "header-name",
            location,
            format!("`{name}` can't be the name of a header"),
            "write a name of letters, digits and hyphens",
        )
    })
}
