//! Each operation has an id that gives a method and a type of its own: one made of method and path where the document
//! has none, and another one where the name is taken, or is one that the client needs itself.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::context::Context;
use crate::document::naming::{field_name, type_name, unique};
use crate::document::spec::Spec;

/// The methods of the client that are not operations.
const CLIENT_METHODS: [&str; 7] = [
    "base_url",
    "baseurl",
    "builder",
    "client",
    "clone",
    "inner",
    "with_retry",
];

/// The types that the builders use by their short names.
const TYPES: [&str; 6] = ["FnOnce", "Option", "Result", "Self", "Send", "String"];

pub(super) fn apply(document: &mut Value, context: &mut Context) {
    let before = Spec::of(document);
    let operations = before.operations();
    let mut places: Vec<_> = operations
        .map(|operation| (operation.path, operation.method, operation.id().trim()))
        .collect();
    // The order of a document's maps says nothing.
    places.sort();
    let mut taken: BTreeSet<String> = CLIENT_METHODS.map(str::to_owned).into();
    let mut others = Vec::new();
    for (path, method, id) in places {
        let name = field_name(id);
        let builder = type_name(&name);
        if id.is_empty() || TYPES.contains(&builder.trim_end_matches('_')) || !taken.insert(name) {
            others.push((path, method, id));
        }
    }
    for (path, method, id) in others {
        let name = if id.is_empty() {
            field_name(&format!("{method}{path}"))
        } else {
            field_name(&format!("{method}_{id}"))
        };
        let name = unique(&name, &mut taken);
        let location = format!("paths.{path}.{method}");
        if id.is_empty() {
            context.warn(
                "operation-id",
                location,
                format!("the operation has no operationId, and becomes `{name}`"),
                "add `operationId:`, so that the name stays when the path changes",
            );
        } else {
            context.warn(
                "operation-id",
                format!("{location}.operationId"),
                format!("`{id}` is a name that is taken: the operation becomes `{name}`"),
                "choose another operationId",
            );
        }
        document["paths"][path][method]["operationId"] = json!(name);
    }
}

#[cfg(test)]
mod tests {
    use super::apply;
    use crate::normalise::run;

    #[test]
    fn each_operation_has_a_name_of_its_own() {
        for (paths, expected) in [
            ("{/a: {get: {operationId: listA}}}", "listA"),
            ("{'/a/{id}/b': {get: {}}}", "get_a_id_b"),
            ("{/a: {get: {operationId: ''}}}", "get_a"),
            ("{/a: {post: {operationId: clone}}}", "post_clone"),
            ("{/a: {get: {operationId: String}}}", "get_string"),
            ("{/a: {get: {operationId: option}}}", "get_option"),
            ("{/a: {get: {operationId: send}}}", "get_send"),
            ("{/a: {get: {operationId: self}}}", "get_self"),
            (
                "{/a: {get: {operationId: b_c}}, /b: {get: {operationId: bC}}}",
                "b_c, get_b_c",
            ),
            ("{/a: {get: {operationId: 7}}}", "get_a"),
        ] {
            let (document, _) = run(apply, &format!("{{paths: {paths}}}"));
            let mut ids = Vec::new();
            for item in document["paths"].as_object().unwrap().values() {
                for operation in item.as_object().unwrap().values() {
                    ids.push(operation["operationId"].as_str().unwrap());
                }
            }
            assert_eq!(ids.join(", "), expected, "{paths}");
        }
    }
}
