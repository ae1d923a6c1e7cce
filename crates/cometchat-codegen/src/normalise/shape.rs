//! Refuses a document whose parts are not of the shape that OpenAPI gives them: a list where an object stands, a text where
//! a list stands. The other steps, and what comes after them, rely on it. It changes nothing but the words of `info`.
//!
//! Schemas are looked at by a later step, which passes over what it can't read.

use serde_json::{Value, json};

use super::context::Context;
use crate::document::location::Part;
use crate::document::spec::{array, entries};
use crate::document::walk::each_part;

pub(super) fn apply(document: &mut Value, context: &mut Context) {
    let mut refuse = |at: String, what: &str| {
        context.refuse(
            "shape",
            at,
            format!("it is not {what}"),
            format!("write {what} there, as OpenAPI has it, or leave it out"),
        );
    };
    if !document["info"].is_object() {
        document["info"] = json!({});
    }
    for (key, otherwise) in [("title", "The service"), ("version", "1")] {
        let text = match &document["info"][key] {
            Value::String(_) => continue,
            Value::Number(number) => number.to_string(),
            _ => otherwise.to_owned(),
        };
        document["info"][key] = json!(text);
    }
    let list = |value: &Value| value.is_array() || value.is_null();
    let object = |value: &Value| value.is_object() || value.is_null();
    for key in ["servers", "security"] {
        if !list(&document[key]) || !array(&document[key]).all(Value::is_object) {
            refuse(key.to_owned(), "a list of objects");
        }
    }
    if !object(&document["components"]) {
        refuse("components".to_owned(), "an object");
    }
    for (section, named) in entries(&document["components"]) {
        if !named.is_object() {
            refuse(format!("components.{section}"), "an object");
        }
    }
    let variables = array(&document["servers"]).map(|server| &server["variables"]);
    for (index, variables) in variables.enumerate() {
        if !object(variables) || entries(variables).any(|(_, variable)| !variable.is_object()) {
            refuse(
                format!("servers[{index}].variables"),
                "an object of objects",
            );
        }
    }
    each_part(document, &mut |at, value| {
        if at.part() == Part::Schema {
            return;
        }
        if !value.is_object() {
            refuse(at.to_string(), "an object");
            return;
        }
        let (lists, objects): (&[&str], &[&str]) = match at.part() {
            Part::PathItem => (&["parameters"], &[]),
            Part::Operation => (&["parameters"], &["requestBody", "responses"]),
            Part::Parameter | Part::RequestBody => (&[], &["content"]),
            Part::Response => (&[], &["content", "headers"]),
            _ => (&[], &[]),
        };
        for key in lists.iter().filter(|key| !list(&value[**key])) {
            refuse(format!("{at}.{key}"), "a list");
        }
        for key in objects.iter().filter(|key| !object(&value[**key])) {
            refuse(format!("{at}.{key}"), "an object");
        }
        for (media, content) in entries(&value["content"]) {
            if !content.is_object() {
                refuse(format!("{at}.content.{media}"), "an object");
            }
        }
        let texts: &[&str] = match at.part() {
            Part::Parameter => &["name", "in"],
            Part::Operation => &["operationId"],
            _ => &[],
        };
        for key in texts
            .iter()
            .filter(|key| !(value[**key].is_string() || value[**key].is_null()))
        {
            refuse(format!("{at}.{key}"), "a text");
        }
        // Words and flags of another type are passed over.
        if let Some(value) = value.as_object_mut() {
            value.retain(|key, value| match key.as_str() {
                "description" | "summary" => value.is_string(),
                "deprecated" | "required" | "explode" => value.is_boolean(),
                _ => true,
            });
        }
    });
}

#[cfg(test)]
mod tests {
    use super::apply;
    use crate::normalise::run;

    #[test]
    fn parts_of_another_shape_are_refused() {
        for (document, location) in [
            ("{servers: a}", "servers"),
            ("{servers: [{variables: {a: 1}}]}", "servers[0].variables"),
            ("{security: {a: []}}", "security"),
            ("{components: []}", "components"),
            ("{components: {schemas: []}}", "components.schemas"),
            (
                "{components: {parameters: {A: 1}}}",
                "components.parameters.A",
            ),
            ("{paths: {/a: 1}}", "paths./a"),
            ("{paths: {/a: {get: []}}}", "paths./a.get"),
            (
                "{paths: {/a: {get: {operationId: 1}}}}",
                "paths./a.get.operationId",
            ),
            (
                "{paths: {/a: {get: {parameters: {}}}}}",
                "paths./a.get.parameters",
            ),
            (
                "{paths: {/a: {get: {parameters: [{name: 1}]}}}}",
                "paths./a.get.parameters[0].name",
            ),
            (
                "{paths: {/a: {get: {responses: []}}}}",
                "paths./a.get.responses",
            ),
            (
                "{paths: {/a: {get: {responses: {'200': a}}}}}",
                "paths./a.get.responses.200",
            ),
            (
                "{paths: {/a: {get: {responses: {'200': {content: {b: 1}}}}}}}",
                "paths./a.get.responses.200.content.b",
            ),
        ] {
            let (_, findings) = run(apply, document);
            let locations: Vec<_> = findings
                .iter()
                .map(|finding| finding.location.as_str())
                .collect();
            assert_eq!(locations, [location], "{document}");
        }
    }

    #[test]
    fn a_version_that_is_a_number_is_text() {
        let (found, findings) = run(
            apply,
            "{info: {title: T, version: 3.5}, paths: {/a: {summary: 1}}}",
        );
        assert_eq!(found["info"]["version"], "3.5");
        assert_eq!(found["paths"]["/a"], serde_json::json!({}));
        assert_eq!(findings, []);
    }
}
