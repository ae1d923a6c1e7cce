//! What the client around the generated code reads by name, where a document has no part of that name: errors, how pages
//! are counted, and the headers that say who asks.
//!
//! The client sends `onBehalfOf` with every call of a client that has it. So the header parameter of that name is taken from
//! the operations, and stands where the client looks for it, among the security schemes.
//!
//! A document that describes the service's errors in its own way needs nothing of this: the client reads any body.

use std::sync::LazyLock;

use serde_json::{Value, json};

use super::context::Context;
use crate::document::spec::{SCHEMAS, Spec, entries};
use crate::document::walk::{Part, each_part};

/// The parts, in plain form.
static PARTS: LazyLock<Value> = LazyLock::new(|| {
    let named = |name: &str| json!({"$ref": format!("{SCHEMAS}{name}")});
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

pub(super) fn apply(document: &mut Value, _: &mut Context) {
    on_behalf_of(document);
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

/// Takes the header parameter `onBehalfOf` from each operation, and makes a security scheme of it.
fn on_behalf_of(document: &mut Value) {
    let before = Spec::of(document);
    let mut header = Value::Null;
    each_part(document, &mut |_, part, owner| {
        if !matches!(part, Part::PathItem | Part::Operation) {
            return;
        }
        let list = owner.get_mut("parameters").and_then(Value::as_array_mut);
        if let Some(list) = list {
            list.retain(|given| {
                let parameter = before.target(given);
                let name = parameter["name"].as_str().unwrap_or_default();
                let is_it = parameter["in"] == "header" && name.eq_ignore_ascii_case("onBehalfOf");
                if is_it && header.is_null() {
                    header = json!({"type": "apiKey", "in": "header", "name": name});
                    let words = &parameter["description"];
                    if words.is_string() {
                        header["description"] = words.clone();
                    }
                }
                !is_it
            });
        }
    });
    if header.is_null() || !document["components"]["securitySchemes"]["onBehalfOf"].is_null() {
        return;
    }
    document["components"]["securitySchemes"]["onBehalfOf"] = header;
    // Each call may carry it beside what it carries anyway.
    if let Some(needed) = document.get_mut("security").and_then(Value::as_array_mut) {
        let mut with_it = needed.clone();
        for schemes in with_it.iter_mut().filter_map(Value::as_object_mut) {
            schemes.insert("onBehalfOf".to_owned(), json!([]));
        }
        needed.append(&mut with_it);
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

    #[test]
    fn the_client_sends_on_behalf_of_for_all_operations() {
        let (found, findings) = run(
            apply,
            "{security: [{apikey: []}], paths: {/a: {parameters: [{name: onbehalfof, in: header}], get: {parameters: [{$ref: '#/components/parameters/For'}, \
             {name: onBehalfOf, in: query}]}}}, components: {parameters: {For: {name: onBehalfOf, in: header, description: D.}}}}",
        );
        let (item, operation) = (&found["paths"]["/a"], &found["paths"]["/a"]["get"]);
        assert_eq!(item["parameters"], serde_json::json!([]));
        assert_eq!(operation["parameters"][0]["in"], "query");
        assert_eq!(operation["parameters"][1], serde_json::Value::Null);
        let scheme = &found["components"]["securitySchemes"]["onBehalfOf"];
        assert_eq!(scheme["name"], "onbehalfof");
        let with_it = serde_json::json!({"apikey": [], "onBehalfOf": []});
        assert_eq!(found["security"][1], with_it);
        assert_eq!(findings, []);
    }
}
