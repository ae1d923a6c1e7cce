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

/// Takes the constraints out of a schema, and returns them as sentences.
pub(super) fn constraints(schema: &mut Map<String, Value>) -> Option<String> {
    let [above, below] = ["exclusiveMinimum", "exclusiveMaximum"]
        .map(|key| schema.remove(key) == Some(Value::Bool(true)));
    let sentences = [
        ("format", "Format: ", "."),
        (
            "minimum",
            if above { "More than " } else { "At least " },
            ".",
        ),
        (
            "maximum",
            if below { "Less than " } else { "At most " },
            ".",
        ),
        ("multipleOf", "A multiple of ", "."),
        ("minLength", "At least ", " characters."),
        ("maxLength", "At most ", " characters."),
        ("pattern", "Matches ", "."),
        ("minItems", "At least ", " items."),
        ("maxItems", "At most ", " items."),
        ("uniqueItems", "No item comes twice", "."),
        ("minProperties", "At least ", " fields."),
        ("maxProperties", "At most ", " fields."),
        ("default", "Default: ", "."),
    ];
    let sentences = sentences.into_iter().filter_map(|(key, before, after)| {
        let value = schema
            .remove(key)
            .filter(|value| *value != Value::Bool(false))?;
        let value = match key {
            "format" | "pattern" | "default" => code(&shown(&value)),
            "uniqueItems" => String::new(),
            _ => shown(&value),
        };
        Some(format!("{before}{value}{after}"))
    });
    let sentences: Vec<_> = sentences.collect();
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
