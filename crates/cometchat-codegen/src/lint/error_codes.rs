//! What `x-error-codes` says of the codes of `ErrorCode`: whether a call may be made again (`retry`; absent if the status
//! decides), the status that the code is documented with (`status`), and what to do about it (`hint`).

use serde_json::Value;

use crate::document::spec::{Spec, array, entries};
use crate::error::Finding;

/// The hints that a code can have: those variants of the client's `Hint` that are about a response.
const HINTS: [&str; 12] = [
    "change-plan",
    "check-api-key",
    "check-app-and-region",
    "check-base-url",
    "check-group",
    "check-parameters",
    "check-proxy",
    "check-user",
    "renew-subscription",
    "retry-later",
    "slow-down",
    "use-full-access-key",
];

pub(super) fn check(spec: &Spec, findings: &mut Vec<Finding>) {
    let schema = spec.schema("ErrorCode").unwrap_or(&Value::Null);
    let location = "components.schemas.ErrorCode.x-error-codes";
    for (code, facts) in entries(&schema["x-error-codes"]) {
        let location = format!("{location}.{code}");
        if !array(&schema["x-extensible-enum"]).any(|value| value == code) {
            findings.push(Finding::warning(
                "error-codes",
                &location,
                format!("`{code}` is passed over: it is not in `x-extensible-enum`"),
                "add it there",
            ));
        }
        for (key, value) in entries(facts) {
            let location = format!("{location}.{key}");
            let expected = match key.as_str() {
                "hint" if HINTS.iter().any(|hint| value == hint) => continue,
                "hint" => {
                    findings.push(Finding::error(
                        "error-codes",
                        location,
                        format!("the client has no text for the hint {value}"),
                        format!("write one of {}", HINTS.join(", ")),
                    ));
                    continue;
                }
                "retry" if value.is_boolean() => continue,
                "retry" => "write `true` or `false`; leave it out if the status decides",
                "status" if value.as_u64().is_some_and(|n| (100..600).contains(&n)) => continue,
                "status" => "write a status from 100 to 599",
                _ => "leave it out; a code has `retry`, `status` and `hint`",
            };
            findings.push(Finding::warning(
                "error-codes",
                location,
                format!("`{key}: {value}` is passed over"),
                expected,
            ));
        }
    }
}
