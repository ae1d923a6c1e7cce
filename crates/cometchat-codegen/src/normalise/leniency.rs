//! Lenient in what is received, strict in what is sent.
//!
//! In what the service sends, nothing that a value says fails it: formats, ranges and defaults become sentences in the
//! docs, numbers the widest of their kind, unknown fields are kept. Of a row only its key is required; other responses
//! keep what they require. In what only a client sends, all that constrains it stays, to be checked, and is in the docs too;
//! a format that would need another crate is in the docs alone. A schema that both send is held to the first.

use serde_json::{Map, Value, json};

use super::context::Context;
use super::docs;
use super::usage::Usage;
use crate::document::location::{Location, Part, Step};
use crate::document::spec::{array, entries};
use crate::document::walk::each_object;

pub(super) fn apply(document: &mut Value, context: &mut Context) {
    let usage = Usage::of(document);
    warn_of_null(document, &usage, context);
    each_object(document, &mut |at, schema| {
        if usage.is_in_request(at) {
            not_required(schema, "readOnly", &usage);
        }
        if usage.is_in_response(at) {
            not_required(schema, "writeOnly", &usage);
            received(at, schema, &usage);
        } else {
            sent(at, schema);
        }
    });
}

/// Warns of what is left out and not sent as `null`: a type has one `None` for both.
fn warn_of_null(document: &mut Value, usage: &Usage, context: &mut Context) {
    let (mut first, mut count) = (None, 0);
    each_object(document, &mut |at, schema| {
        let required = schema.get("required").unwrap_or(&Value::Null);
        let properties = schema.get("properties").unwrap_or(&Value::Null);
        let is_null = |(name, property): &(&String, &Value)| {
            property["nullable"] == true && !array(required).any(|one| one == *name)
        };
        if usage.is_in_request(at)
            && let Some((name, _)) = entries(properties).find(is_null)
        {
            count += entries(properties).filter(is_null).count();
            first.get_or_insert_with(|| format!("{}.properties.{name}", context.at(at)));
        }
    });
    if let Some(first) = first {
        context.warn(
            "null",
            first,
            match count {
                1 => "`None` leaves it out of a body, and null is not sent".to_owned(),
                _ => format!("`None` leaves out this and {} other fields of bodies, and null is not sent", count - 1),
            },
            "give it another value that clears it, or send null by a body of any JSON (`schema: {}`)",
        );
    }
}

/// Requires no property that only the other side sends.
fn not_required(schema: &mut Map<String, Value>, flag: &str, usage: &Usage) {
    let Some(Value::Array(mut names)) = schema.remove("required") else {
        return;
    };
    names.retain(|name| {
        let properties = schema.get("properties").unwrap_or(&Value::Null);
        let property = &properties[name.as_str().unwrap_or_default()];
        let mut schemas = [property, usage.spec.target(property)].into_iter();
        schemas.all(|schema| schema[flag] != true)
    });
    if !names.is_empty() {
        schema.insert("required".to_owned(), Value::Array(names));
    }
}

/// A schema of what the service sends.
fn received(at: &Location<'_>, schema: &mut Map<String, Value>, usage: &Usage) {
    let ty = schema
        .get("type")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    if is_body(at) && schema.get("format") == Some(&json!("binary")) {
        // A body of bytes.
        return;
    }
    let format = schema.remove("format");
    let format = format.as_ref().and_then(Value::as_str).unwrap_or_default();
    let widest = match (ty.as_str(), format) {
        (_, "") => None,
        ("integer", format) if format.starts_with('u') => Some("uint64"),
        ("integer", _) => Some("int64"),
        ("number", _) => None,
        (_, format) => {
            schema.insert("format".to_owned(), json!(format));
            None
        }
    };
    if let Some(sentence) = docs::constraints(schema) {
        docs::append(schema, &sentence);
    }
    if let Some(widest) = widest {
        schema.insert("format".to_owned(), json!(widest));
    }
    if ty == "object" {
        keep_unknown(schema);
        required(at, schema, usage);
    }
    // Of a property, null means absent; items and the values of a map can only be null themselves.
    if !matches!(at.step, Step::Items | Step::AdditionalProperties) {
        schema.remove("nullable");
    }
}

/// What is required of an object: of a row its key, and nothing that may be null.
fn required(at: &Location<'_>, schema: &mut Map<String, Value>, usage: &Usage) {
    let mut names = match schema.remove("required") {
        Some(Value::Array(names)) => names,
        _ => Vec::new(),
    };
    let key = usage.key(at);
    let Some(Value::Object(properties)) = schema.get_mut("properties") else {
        return;
    };
    let in_row = usage.is_in_row(at);
    names.retain(|name| {
        let Some(property) = name.as_str().and_then(|name| properties.get_mut(name)) else {
            return false;
        };
        if key.is_some_and(|key| name == key) {
            return true;
        }
        let property = property.as_object_mut();
        if in_row && let Some(property) = property {
            if let Some(target) = property.remove("$ref") {
                let reference = json!({"$ref": target});
                let words = usage.spec.target(&reference)["description"].clone();
                property.insert("description".to_owned(), words);
                property.insert("allOf".to_owned(), json!([reference]));
            }
            docs::append(property, "The service's specification requires it.");
            return false;
        }
        !property.is_some_and(|property| property.get("nullable") == Some(&json!(true)))
    });
    if let Some(key) = key.filter(|key| properties.contains_key(*key))
        && !names.iter().any(|name| name == key)
    {
        names.push(json!(key));
    }
    if !names.is_empty() {
        schema.insert("required".to_owned(), Value::Array(names));
    }
}

/// A schema of what only a client sends.
fn sent(at: &Location<'_>, schema: &mut Map<String, Value>) {
    let is = |ty: &str| schema.get("type") == Some(&json!(ty));
    let format = schema
        .get("format")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let bytes = is_body(at) && format == "binary";
    let number = is("integer") || is("number");
    let mut in_words = Map::new();
    // A parameter, and a type by name, have words of their own about what they take.
    let is_in_object = at.outward().any(|at| matches!(at.step, Step::Property(_)));
    if is_in_object || at.is_within(Part::RequestBody) {
        in_words = schema.clone();
        in_words.remove("pattern");
        if number || bytes {
            in_words.remove("format");
        }
    } else if !(number || bytes || format.is_empty()) {
        in_words.insert("format".to_owned(), json!(format));
    }
    let is_object = is("object");
    if !(bytes || number && KNOWN_NUMBERS.contains(&format)) {
        schema.remove("format");
    }
    if let Some(sentence) = docs::constraints(&mut in_words) {
        docs::append(schema, &sentence);
    }
    if is_object {
        keep_unknown(schema);
    }
}

/// Tells whether a schema is the whole of a parameter or of a body.
fn is_body(at: &Location<'_>) -> bool {
    matches!(at.step, Step::Schema | Step::Content(_))
}

/// Lets an object keep fields that are not known; a map has none.
fn keep_unknown(schema: &mut Map<String, Value>) {
    let values = schema.get("additionalProperties");
    if schema.contains_key("properties") || !values.is_some_and(Value::is_object) {
        schema.insert("additionalProperties".to_owned(), json!({}));
    }
}

/// The formats that name a number of Rust.
const KNOWN_NUMBERS: [&str; 10] = [
    "double", "float", "int16", "int32", "int64", "int8", "uint16", "uint32", "uint64", "uint8",
];

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::apply;
    use crate::normalise::run;

    /// The schema after the step, in a row, in another response, or as a property of the body of a request.
    fn after(place: &str, schema: &str) -> Value {
        let list = match place {
            "row" => "x-pagination: {items: data, key: id}, ",
            _ => "",
        };
        let schema = &match place {
            "body" => {
                format!("{{type: object, additionalProperties: {{}}, properties: {{a: {schema}}}}}")
            }
            _ => schema.to_owned(),
        };
        let (sent, body) = match place {
            "row" => (
                "{type: object, properties: {data: {type: array, items: {$ref: '#/components/schemas/A'}}}}",
                "{}",
            ),
            "response" => ("{$ref: '#/components/schemas/A'}", "{}"),
            _ => ("{}", "{$ref: '#/components/schemas/A'}"),
        };
        let (mut found, findings) = run(
            apply,
            &format!(
                "{{paths: {{/a: {{post: {{{list}requestBody: {{content: {{application/json: {{schema: {body}}}}}}}, \
                 responses: {{'200': {{content: {{application/json: {{schema: {sent}}}}}}}}}}}}}}}, \
                 components: {{schemas: {{A: {schema}, B: {{type: string, description: B.}}}}}}}}"
            ),
        );
        assert_eq!(findings, []);
        let schema = &mut found["components"]["schemas"]["A"];
        match place {
            "body" => schema["properties"]["a"].take(),
            _ => schema.take(),
        }
    }

    #[test]
    fn what_is_received_is_held_to_nothing() {
        for (before, expected) in [
            (
                "{type: integer, format: int32}",
                "{type: integer, format: int64}",
            ),
            (
                "{type: integer, format: uint16}",
                "{type: integer, format: uint64}",
            ),
            ("{type: number, format: float}", "{type: number}"),
            (
                "{type: string, format: date-time, nullable: true}",
                "{type: string, description: 'Format: `date-time`.'}",
            ),
            (
                "{type: string, description: D., minLength: 1, maxLength: 5, pattern: '^a`$', default: b}",
                "{type: string, description: \"D.\\n\\nAt least 1 characters. At most 5 characters. Matches `` ^a`$ ``. Default: `b`.\"}",
            ),
            (
                "{type: integer, minimum: 0, exclusiveMinimum: true}",
                "{type: integer, description: 'More than 0.'}",
            ),
            (
                "{type: array, items: {type: string, nullable: true}, uniqueItems: true}",
                "{type: array, items: {type: string, nullable: true}, description: 'No item comes twice.'}",
            ),
            (
                "{type: object, properties: {a: {}}}",
                "{type: object, properties: {a: {}}, additionalProperties: {}}",
            ),
            (
                "{type: object, properties: {a: {}}, additionalProperties: false}",
                "{type: object, properties: {a: {}}, additionalProperties: {}}",
            ),
            (
                "{type: object, additionalProperties: {type: integer, format: int32}}",
                "{type: object, additionalProperties: {type: integer, format: int64}}",
            ),
            (
                "{type: object, required: [a, b], properties: {a: {}, b: {nullable: true}}}",
                "{type: object, required: [a], properties: {a: {}, b: {}}, additionalProperties: {}}",
            ),
            (
                "{type: object, required: [a, b], properties: {a: {readOnly: true}, b: {writeOnly: true}}}",
                "{type: object, required: [a], properties: {a: {readOnly: true}, b: {writeOnly: true}}, additionalProperties: {}}",
            ),
        ] {
            let expected: Value = serde_saphyr::from_str(expected).unwrap();
            assert_eq!(after("response", before), expected, "{before}");
        }
    }

    #[test]
    fn of_a_row_only_its_key_is_required() {
        for (before, expected) in [
            (
                "{type: object, required: [id, a, b], properties: {id: {type: string}, a: {type: string, description: A.}, b: {$ref: '#/components/schemas/B'}}}",
                "{type: object, required: [id], additionalProperties: {}, properties: {id: {type: string},
                  a: {type: string, description: \"A.\\n\\nThe service's specification requires it.\"},
                  b: {description: \"B.\\n\\nThe service's specification requires it.\", allOf: [{$ref: '#/components/schemas/B'}]}}}",
            ),
            (
                "{type: object, properties: {id: {type: string}}}",
                "{type: object, required: [id], additionalProperties: {}, properties: {id: {type: string}}}",
            ),
        ] {
            let expected: Value = serde_saphyr::from_str(expected).unwrap();
            assert_eq!(after("row", before), expected, "{before}");
        }
    }

    #[test]
    fn what_is_sent_is_checked_where_it_can_be() {
        for (before, expected) in [
            (
                "{type: integer, format: int32, minimum: 1}",
                "{type: integer, format: int32, minimum: 1, description: 'At least 1.'}",
            ),
            (
                "{type: string, maxLength: 3, pattern: a}",
                "{type: string, maxLength: 3, pattern: a, description: 'At most 3 characters.'}",
            ),
            (
                "{type: string, format: uuid, default: b}",
                "{type: string, default: b, description: 'Format: `uuid`. Default: `b`.'}",
            ),
            ("{type: integer, format: unknown}", "{type: integer}"),
            (
                "{type: object, required: [a], properties: {a: {}}}",
                "{type: object, required: [a], properties: {a: {}}, additionalProperties: {}}",
            ),
            (
                "{type: object, required: [a, b], properties: {a: {readOnly: true}, b: {writeOnly: true}}}",
                "{type: object, required: [b], properties: {a: {readOnly: true}, b: {writeOnly: true}}, additionalProperties: {}}",
            ),
            (
                "{type: array, items: {}, uniqueItems: true}",
                "{type: array, items: {}, uniqueItems: true, description: 'No item comes twice.'}",
            ),
        ] {
            let expected: Value = serde_saphyr::from_str(expected).unwrap();
            assert_eq!(after("body", before), expected, "{before}");
        }
    }

    #[test]
    fn null_that_a_body_can_not_send_is_a_warning() {
        let warnings = |schema: &str| {
            let body = "{content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}";
            let document = format!(
                "{{paths: {{/a: {{patch: {{requestBody: {body}, responses: {{}}}}}}}}, components: {{schemas: {{A: {schema}}}}}}}"
            );
            run(apply, &document).1
        };
        let both = "properties: {a: {nullable: true}, b: {type: string}}";
        let found = warnings(&format!("{{type: object, {both}}}"));
        assert_eq!(found[0].location, "components.schemas.A.properties.a");
        assert_eq!(
            warnings(&format!("{{type: object, required: [a], {both}}}")),
            []
        );
    }
}
