//! What the client around the generated code reads by name, if a document has no such part: how pages are counted, error codes, and
//! the headers that authenticate. The root's `x-client-types` names the schemas: a schema of the document that is something else keeps
//! its name, and the client's part has another one.
//!
//! The client sends `onBehalfOf` with every call of a client that has it. So the header parameter of that name is taken from
//! the operations, and stands where the client looks for it, among the security schemes.

use std::sync::LazyLock;

use serde_json::{Value, json};

use super::context::Context;
use crate::document::location::Part;
use crate::document::spec::{Spec, array, entries, key_header};
use crate::document::walk::each_part;

/// The parts, in plain form.
static SCHEMAS: LazyLock<Value> = LazyLock::new(|| {
    let object = |words: &str, properties: Value| json!({"type": "object", "description": words, "properties": properties, "additionalProperties": {}});
    json!({
        "ErrorCode": {
            "type": "string",
            "description": "Error code.",
            "x-extensible-enum": ["ERR_BAD_REQUEST"],
            "x-enum-descriptions": {"ERR_BAD_REQUEST": "A parameter is wrong."},
        },
        "Pagination": object("Pagination data.", json!({
            "total_pages": {"type": "integer", "description": "Number of pages."},
        })),
        "Cursor": object("Sync cursor.", json!({"updatedAt": {"type": "integer", "description": "Time of the last change."}})),
    })
});

/// Whether a schema is what the client reads under a name.
fn fits(spec: &Spec, name: &str, schema: &Value) -> bool {
    let schema = spec.target(schema);
    match name {
        "ErrorCode" => {
            let values = array(&schema["x-extensible-enum"]).chain(array(&schema["enum"]));
            schema["type"] == "string" && values.filter(|value| value.is_string()).count() > 0
        }
        "Pagination" => {
            let total = spec.target(&schema["properties"]["total_pages"]);
            ["integer", "number"]
                .iter()
                .any(|kind| total["type"] == *kind)
        }
        _ => entries(&schema["properties"]).next().is_some(),
    }
}

pub(super) fn apply(document: &mut Value, _: &mut Context) {
    on_behalf_of(document);
    let before = Spec::of(document);
    for (name, part) in entries(&SCHEMAS) {
        let given = &document["components"]["schemas"][name];
        let mut used = name.clone();
        if !given.is_null() && !fits(&before, name, given) {
            used = format!("Client{name}");
        }
        if document["components"]["schemas"][&used].is_null() {
            document["components"]["schemas"][&used] = part.clone();
        }
        document["x-client-types"][name] = json!(used);
    }
    let schemes = &document["components"]["securitySchemes"];
    let key = authentication(&before, schemes, document);
    let header = |name: &str, words: &str| json!({"type": "apiKey", "in": "header", "name": name, "description": words});
    if let Some(key) = key {
        document["components"]["securitySchemes"]["apikey"] = key;
    } else if schemes["apikey"].is_null() {
        document["components"]["securitySchemes"]["apikey"] =
            header("apikey", "The key of the caller.");
    }
    if document["components"]["securitySchemes"]["onBehalfOf"].is_null() {
        document["components"]["securitySchemes"]["onBehalfOf"] =
            header("onBehalfOf", "UID of the user to act on behalf of.");
    }
}

/// Returns the scheme that carries the key, if it is not `apikey` itself: another header, or a bearer token.
fn authentication(spec: &Spec, schemes: &Value, document: &Value) -> Option<Value> {
    let own = spec.resolve(&schemes["apikey"]);
    if own["type"] == "apiKey" && key_header(own).is_some() {
        return None;
    }
    // Those that the whole document asks for come first.
    let asked =
        array(&document["security"]).flat_map(|one| entries(one).map(|(name, _)| &schemes[name]));
    let all = entries(schemes)
        .filter(|(name, _)| *name != "onBehalfOf")
        .map(|(_, scheme)| scheme);
    let found = asked
        .chain(all)
        .map(|scheme| spec.resolve(scheme))
        .find(|scheme| key_header(scheme).is_some())?;
    if found["type"] == "apiKey" {
        return Some(found.clone());
    }
    let words = found["description"].as_str();
    Some(json!({
        "type": "apiKey", "in": "header", "name": "authorization", "x-prefix": "Bearer ",
        "description": words.unwrap_or("The bearer token of the caller."),
    }))
}

/// Takes the header parameter `onBehalfOf` from each operation, and makes a security scheme of it.
fn on_behalf_of(document: &mut Value) {
    let before = Spec::of(document);
    let mut header = Value::Null;
    each_part(document, &mut |at, owner| {
        if !matches!(at.part(), Part::PathItem | Part::Operation) {
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
        // What is something else keeps its name.
        assert_eq!(components["schemas"]["Cursor"]["type"], "string");
        assert_eq!(components["schemas"]["ClientCursor"]["type"], "object");
        assert_eq!(found["x-client-types"]["Cursor"], "ClientCursor");
        assert_eq!(found["x-client-types"]["Pagination"], "Pagination");
        assert_eq!(components["securitySchemes"]["apikey"]["name"], "X-Key");
        assert_eq!(
            components["securitySchemes"]["onBehalfOf"]["name"],
            "onBehalfOf"
        );
        assert_eq!(findings, []);
    }

    #[test]
    fn a_bearer_token_carries_the_key() {
        let (found, _) = run(
            apply,
            "{components: {securitySchemes: {login: {type: oauth2}, token: {type: http, scheme: Bearer}}}}",
        );
        let key = &found["components"]["securitySchemes"]["apikey"];
        assert_eq!(
            (&key["name"], &key["x-prefix"]),
            (&"authorization".into(), &"Bearer ".into())
        );
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
