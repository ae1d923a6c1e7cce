//! `response-examples`: each response shows what a body looks like, and the body fits its schema.
//!
//! Examples are the documented bodies of the service. The sandbox answers with them and tests decode them, so an example
//! that the schema doesn't fit is a schema that the service doesn't fit.

use serde_json::Value;

use super::document::{Document, Kind, Side};
use super::example::mismatches;
use super::{Findings, Rule};
use crate::spec::entries;

pub(super) const RULE: Rule = Rule {
    name: "response-examples",
    why: "an example shows that the schema fits what the service is documented to send",
    check,
};

fn check(document: &Document<'_>, findings: &mut Findings) {
    for node in document.of(Kind::MediaType) {
        if node.side != Side::Response {
            continue;
        }
        let media = node.value;
        let mut examples = Vec::new();
        if let Some(example) = media.get("example") {
            examples.push((format!("{}.example", node.place), example));
        }
        for (name, example) in entries(&media["examples"]) {
            let place = format!("{}.examples.{name}", node.place);
            match document.spec.resolve(example).get("value") {
                Some(value) => examples.push((place, value)),
                None => findings.add(
                    place,
                    "an example without a value",
                    "add `value:` with a body that the service is documented to send",
                ),
            }
        }
        if examples.is_empty() && entries(&media["examples"]).next().is_none() {
            findings.add(
                &node.place,
                "the response has no example, so nothing shows that the schema fits it",
                "add `example:` with a body that the service is documented to send",
            );
        }
        for (place, example) in examples {
            compare(document, &place, &media["schema"], example, findings);
        }
    }
}

fn compare(
    document: &Document<'_>,
    place: &str,
    schema: &Value,
    example: &Value,
    findings: &mut Findings,
) {
    for (path, problem) in mismatches(document.spec, schema, example) {
        let within = if path.is_empty() { "the body" } else { &path };
        findings.add(
            place,
            format!("the example doesn't fit its schema at {within}: {problem}"),
            "mend whichever of the two is not what the service sends",
        );
    }
}
