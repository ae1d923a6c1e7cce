//! Sentences for the docs of what a document says and Rust's types don't.

use serde_json::{Map, Value};

use crate::document::spec::shown;

/// Adds a sentence to the description of a schema, as a paragraph of its own.
pub(super) fn append(schema: &mut Map<String, Value>, sentence: &str) {
    let words = schema
        .get("description")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let described = match words.trim_end() {
        "" => sentence.to_owned(),
        words => format!("{words}\n\n{sentence}"),
    };
    schema.insert("description".to_owned(), Value::from(described));
}

/// What a type of OpenAPI is called in a sentence.
pub(super) fn type_in_words(ty: &str) -> &str {
    match ty {
        "string" => "a text",
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "true or false",
        "array" => "a list",
        "object" => "an object",
        other => other,
    }
}

/// Takes what constrains the values of a schema out of it, in words.
pub(super) fn constraints(schema: &mut Map<String, Value>) -> Option<String> {
    let mut sentences = Vec::new();
    let mut take = |key: &str, sentence: &dyn Fn(&str) -> String| {
        let value = schema.remove(key)?;
        (value != Value::Bool(false)).then(|| sentences.push(sentence(&shown(&value))))
    };
    let exclusive =
        ["exclusiveMinimum", "exclusiveMaximum"].map(|key| take(key, &|_| String::new()).is_some());
    take("format", &|value| format!("Format: `{value}`."));
    take("minimum", &|value| match exclusive[0] {
        true => format!("More than {value}."),
        false => format!("At least {value}."),
    });
    take("maximum", &|value| match exclusive[1] {
        true => format!("Less than {value}."),
        false => format!("At most {value}."),
    });
    take("multipleOf", &|value| format!("A multiple of {value}."));
    take("minLength", &|value| {
        format!("At least {value} characters.")
    });
    take("maxLength", &|value| format!("At most {value} characters."));
    take("pattern", &|value| format!("Matches {}.", code(value)));
    take("minItems", &|value| format!("At least {value} items."));
    take("maxItems", &|value| format!("At most {value} items."));
    take("uniqueItems", &|_| "No item comes twice.".to_owned());
    take("minProperties", &|value| {
        format!("At least {value} fields.")
    });
    take("maxProperties", &|value| format!("At most {value} fields."));
    take("default", &|value| format!("Default: {}.", code(value)));
    sentences.retain(|sentence| !sentence.is_empty());
    (!sentences.is_empty()).then(|| sentences.join(" "))
}

/// A text as code in Markdown, whatever backticks it has.
pub(super) fn code(text: &str) -> String {
    let text = text.replace(['\r', '\n'], " ");
    if text.contains('`') {
        format!("`` {text} ``")
    } else {
        format!("`{text}`")
    }
}
