//! What the client around the generated code reads by name, where a document has no part of that name: errors, how pages
//! are counted, and the headers that say who asks.
//!
//! A document that describes the service's errors in its own way needs nothing of this: the client reads any body.

use std::sync::LazyLock;

use serde_json::{Value, json};

use super::Context;
use crate::spec::entries;

/// The parts, in plain form.
static PARTS: LazyLock<Value> = LazyLock::new(|| {
    let named = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let text = |words: &str| json!({"type": "string", "description": words});
    let object = |words: &str, properties: Value| json!({"type": "object", "description": words, "properties": properties, "additionalProperties": {}});
    let header = |name: &str, words: &str| json!({"type": "apiKey", "in": "header", "name": name, "description": words});
    json!({
        "schemas": {
            "ErrorResponse": object("What the service sends where a call failed.", json!({"error": named("ErrorBody")})),
            "ErrorBody": object("Why a call failed.", json!({
                "code": named("ErrorCode"),
                "message": text("What went wrong."),
                "details": named("ErrorDetails"),
            })),
            "ErrorCode": {
                "type": "string",
                "description": "What went wrong, for a program.",
                "x-extensible-enum": ["ERR_BAD_REQUEST"],
                "x-enum-descriptions": {"ERR_BAD_REQUEST": "A parameter is wrong."},
            },
            "ErrorDetails": {"description": "More on what went wrong."},
            "Pagination": object("Where a page stands among the others.", json!({
                "total_pages": {"type": "integer", "description": "The number of pages."},
            })),
            "Cursor": object("A mark in a list.", json!({"updatedAt": {"type": "integer", "description": "When the list last changed."}})),
        },
        "securitySchemes": {
            "apikey": header("apikey", "The key of the caller."),
            "onBehalfOf": header("onBehalfOf", "The user to act for."),
        },
    })
});

pub(super) fn apply(document: &mut Value, _: &mut Context<'_>) {
    // A key in a header that has another name is the one that the client sends.
    let schemes = &document["components"]["securitySchemes"];
    let own_key = entries(schemes)
        .filter(|(name, _)| *name != "onBehalfOf")
        .find(|(_, scheme)| scheme["type"] == "apiKey" && scheme["in"] == "header")
        .map(|(_, scheme)| scheme.clone());
    for (section, parts) in entries(&PARTS) {
        for (name, part) in entries(parts) {
            if document["components"][section][name].is_null() {
                let own_key = own_key.as_ref().filter(|_| name == "apikey");
                document["components"][section][name] = own_key.unwrap_or(part).clone();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::apply;
    use crate::normalise::run;

    #[test]
    fn what_the_client_reads_is_added_where_it_is_missing() {
        let (found, findings) = run(
            apply,
            "{components: {schemas: {Cursor: {type: string}}, securitySchemes: {Key: {type: apiKey, in: header, name: X-Key}}}}",
        );
        let components = &found["components"];
        assert_eq!(components["schemas"]["Cursor"]["type"], "string");
        assert_eq!(components["schemas"]["ErrorBody"]["type"], "object");
        assert_eq!(components["securitySchemes"]["apikey"]["name"], "X-Key");
        assert_eq!(
            components["securitySchemes"]["onBehalfOf"]["name"],
            "onBehalfOf"
        );
        assert_eq!(findings, []);
    }
}
