//! Enums: open ones of texts (`x-extensible-enum`) in what the service sends, closed ones in what is only sent to it.
//!
//! A closed enum that both sides use becomes an open one, and a parameter that takes it is held to its values. Values
//! that are no texts are named in the docs.

use serde_json::{Map, Value, json};

use super::context::Context;
use super::docs;
use super::usage::Usage;
use crate::document::location::{Location, Part};
use crate::document::spec::{array, schema_name, strings_once};
use crate::document::walk::{each_object, each_part};

pub(super) fn apply(document: &mut Value, context: &mut Context) {
    let usage = Usage::of(document);
    let mut opened = Vec::new();
    each_object(document, &mut |at, schema| {
        let narrows = schema.contains_key("allOf");
        // The values of a parameter are checked, whatever their type is.
        let is_checked = !usage.is_in_response(at) && at.is_within(Part::Parameter);
        if schema.get("type") != Some(&json!("string")) && !narrows {
            if is_checked {
                return;
            }
            if let Some(Value::Array(values)) = schema.remove("enum") {
                let values: Vec<_> = values
                    .iter()
                    .map(|value| docs::code(&value.to_string()))
                    .collect();
                docs::append(schema, &format!("One of: {}.", values.join(", ")));
            }
        }
        if let Some(values) = schema.get_mut("enum") {
            *values = strings_once(values);
            if *values == json!([]) {
                schema.remove("enum");
            }
        }
        if usage.is_in_response(at)
            && !narrows
            && let Some(values) = schema.remove("enum")
        {
            opened.extend(
                at.named_schema()
                    .map(|name| (name.to_owned(), values.clone())),
            );
            schema.entry("x-extensible-enum").or_insert(values);
            context.warn(
                "closed-enum",
                format!("{}.enum", context.at(at)),
                "a closed enum in what the service sends, which becomes an open one",
                "list the values under `x-extensible-enum`",
            );
        }
        extensible(at, schema, context);
    });
    // A parameter may take no other value than those that the document lists.
    each_part(document, &mut |at, parameter| {
        let Some(schema) = parameter
            .get_mut("schema")
            .filter(|_| at.part() == Part::Parameter)
        else {
            return;
        };
        let values = schema["$ref"].as_str().and_then(|_| {
            let name = schema_name(schema)?;
            opened.iter().find(|(opened, _)| opened == name)
        });
        if let Some((_, values)) = values {
            *schema = json!({"enum": values, "allOf": [schema.take()]});
        }
    });
}

/// Holds `x-extensible-enum` to texts, each once and with words about it.
fn extensible(at: &Location<'_>, schema: &mut Map<String, Value>, context: &mut Context) {
    let Some(given) = schema.get("x-extensible-enum") else {
        schema.remove("x-enum-descriptions");
        return;
    };
    let values = strings_once(given);
    if values != *given || schema.get("type") != Some(&json!("string")) {
        context.warn(
            "extensible-enum",
            format!("{}.x-extensible-enum", context.at(at)),
            "the values are not texts, each once, of a string",
            "list each value once, as text, on a schema with `type: string`",
        );
    }
    if schema.get("type") != Some(&json!("string")) || values == json!([]) {
        schema.remove("x-extensible-enum");
        schema.remove("x-enum-descriptions");
        return;
    }
    let descriptions = schema.remove("x-enum-descriptions").unwrap_or_default();
    let described = array(&values).filter_map(Value::as_str).map(|value| {
        let words = descriptions[value]
            .as_str()
            .map_or_else(|| format!("{}.", docs::code(value)), str::to_owned);
        (value.to_owned(), Value::from(words))
    });
    let described = Value::Object(described.collect());
    schema.insert("x-extensible-enum".to_owned(), values);
    schema.insert("x-enum-descriptions".to_owned(), described);
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::apply;
    use crate::normalise::run;

    /// A schema that is used on a side, after the step, and the schema of the parameter.
    fn after(schema: &str, is_sent: bool, is_taken: bool) -> (Value, Value) {
        let reference = "{$ref: '#/components/schemas/A'}";
        let (sent, taken) = (
            if is_sent { reference } else { "{}" },
            if is_taken { reference } else { "{}" },
        );
        let (mut document, _) = run(
            apply,
            &format!(
                "{{paths: {{/a: {{get: {{parameters: [{{name: a, in: query, schema: {taken}}}], \
                 responses: {{'200': {{content: {{application/json: {{schema: {sent}}}}}}}}}}}}}}}, \
                 components: {{schemas: {{A: {schema}}}}}}}"
            ),
        );
        let parameter = document["paths"]["/a"]["get"]["parameters"][0]["schema"].take();
        (document["components"]["schemas"]["A"].take(), parameter)
    }

    #[test]
    fn what_the_service_sends_is_open() {
        let reference = json!({"$ref": "#/components/schemas/A"});
        let open = json!({"type": "string", "x-extensible-enum": ["a", "b"], "x-enum-descriptions": {"a": "`a`.", "b": "`b`."}});
        let closed = json!({"type": "string", "enum": ["a", "b"]});
        let schema = "{type: string, enum: [a, b, a, 1]}";
        assert_eq!(after(schema, true, false).0, open);
        assert_eq!(after(schema, false, true), (closed, reference.clone()));
        let held = json!({"enum": ["a", "b"], "allOf": [reference]});
        assert_eq!(after(schema, true, true), (open, held));
    }

    #[test]
    fn values_that_are_no_texts_are_docs() {
        for (schema, expected) in [
            (
                "{type: integer, enum: [1, 2]}",
                json!({"type": "integer", "description": "One of: `1`, `2`."}),
            ),
            (
                "{type: string, x-extensible-enum: [a, 1, a], x-enum-descriptions: {a: A., c: C.}}",
                json!({"type": "string", "x-extensible-enum": ["a"], "x-enum-descriptions": {"a": "A."}}),
            ),
            (
                "{type: integer, x-extensible-enum: [a]}",
                json!({"type": "integer"}),
            ),
            (
                "{type: string, x-extensible-enum: []}",
                json!({"type": "string"}),
            ),
        ] {
            assert_eq!(after(schema, true, false).0, expected, "{schema}");
        }
    }
}
