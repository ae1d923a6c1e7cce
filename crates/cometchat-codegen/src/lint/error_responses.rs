//! `error-responses`: one success, `4XX` and `5XX`, and nothing else; both errors with the schema `ErrorResponse`.
//!
//! progenitor has one error type for an operation: where the error responses differ, where one has no body, or where
//! `default` stands beside a success, it panics. A status that is not declared loses its body.

use serde_json::Value;

use super::document::Document;
use super::{Findings, Rule};
use crate::spec::{entries, schema_name};

pub(super) const RULE: Rule = Rule {
    name: "error-responses",
    why: "progenitor panics on anything but one success, `4XX` and `5XX` with one error schema",
    check,
};

/// The schema of every error.
const ERROR: &str = "ErrorResponse";

fn check(document: &Document<'_>, findings: &mut Findings) {
    for operation in document.spec.operations() {
        let place = format!("{}.responses", operation.place());
        let responses = &operation.value["responses"];
        let mut successes = 0;
        for (status, response) in entries(responses) {
            let here = format!("{place}.{status}");
            match status.as_str() {
                "4XX" | "5XX" => {
                    let response = document.spec.resolve(response);
                    error(&here, response, findings);
                }
                status if is_success(status) => {
                    successes += 1;
                    if successes > 1 {
                        findings.add(
                            here,
                            "a second success, for which the generator has no type",
                            "leave one success, or one range `2XX`",
                        );
                    }
                }
                status if status.starts_with("x-") => {}
                _ => findings.add(
                    here,
                    format!("`{status}` is neither the success nor `4XX` nor `5XX`"),
                    "leave it out: `4XX` and `5XX` stand for every error",
                ),
            }
        }
        if successes == 0 {
            findings.add(
                &place,
                "no success is described, so the method would return raw bytes",
                "add `\"200\":` with a `$ref` to the schema of the body",
            );
        }
        for status in ["4XX", "5XX"] {
            if responses[status].is_null() {
                findings.add(
                    &place,
                    format!("`{status}` is not described, so the body of such an error is lost"),
                    format!("add `{status}:` with the schema `{ERROR}`"),
                );
            }
        }
    }
}

fn error(place: &str, response: &Value, findings: &mut Findings) {
    if schema_name(&response["content"]["application/json"]["schema"]) != Some(ERROR) {
        findings.add(
            place,
            format!(
                "an error whose body is not `{ERROR}`: two error types make the generator panic"
            ),
            format!(
                "give it `application/json` content with `$ref: \"#/components/schemas/{ERROR}\"`"
            ),
        );
    }
}

/// Whether a key of `responses` is a status from 200 to 299, or all of them.
fn is_success(status: &str) -> bool {
    status == "2XX"
        || status.len() == 3
            && status.starts_with('2')
            && status.bytes().all(|byte| byte.is_ascii_digit())
}
