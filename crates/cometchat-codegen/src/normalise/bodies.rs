//! Bodies of requests, of one media type each: JSON before a form, text and bytes.

use serde_json::{Map, Value, json};

use super::Context;
use super::walk::{members, members_of, target};
use crate::ir::Content;
use crate::spec::{METHODS, entries};

pub(super) fn apply(document: &mut Value, context: &mut Context<'_>) {
    let components = document.get("components").cloned().unwrap_or_default();
    for (path, item) in members_of(document, "paths") {
        for (method, operation) in members(item) {
            let Some(given) = operation
                .get("requestBody")
                .filter(|_| METHODS.contains(&method.as_str()))
            else {
                continue;
            };
            let location = format!("paths.{path}.{method}.requestBody");
            let body = target(&components, given);
            let Some((media_type, media)) = chosen(&body["content"]) else {
                if entries(&body["content"]).next().is_some() {
                    context.refuse(
                        "bodies",
                        location,
                        "a body of several parts can't be sent",
                        "describe a media type that the service takes as well, or leave the operation out",
                    );
                } else {
                    operation["requestBody"].take();
                }
                continue;
            };
            let others = entries(&body["content"]).count() - 1;
            if others > 0 {
                context.warn(
                    "bodies",
                    &location,
                    format!(
                        "a body of one of {} media types: `{media_type}` is sent",
                        others + 1
                    ),
                    "leave the others out",
                );
            }
            let mut plain = body.clone();
            plain["content"] = Value::Object(Map::from_iter([(media_type, media)]));
            if plain != *body {
                operation["requestBody"] = plain;
            }
        }
    }
}

/// The media type of a body that is used, and its schema; nothing where none can be.
pub(super) fn chosen(content: &Value) -> Option<(String, Value)> {
    let mut types: Vec<_> = entries(content)
        .filter(|(name, _)| {
            !name.starts_with("multipart/")
                && name.chars().all(|c| c == ' ' || c.is_ascii_graphic())
        })
        .collect();
    types.sort_by_key(|(name, _)| {
        let content = Content::of(name);
        (
            content as u8,
            name.split(';').next() != Some("application/json"),
            name.as_str(),
        )
    });
    let (name, media) = types.first()?;
    let binary = media["schema"]["format"] == "binary";
    let name = match name.as_str() {
        "*/*" if binary => "application/octet-stream",
        "*/*" => "application/json",
        name => name,
    };
    let schema = match (Content::of(name), &media["schema"]) {
        (Content::Json | Content::Form, schema) if schema.is_object() => schema.clone(),
        (Content::Json | Content::Form, _) => json!({}),
        (_, schema) => schema.clone(),
    };
    let mut media = (*media).clone();
    if !media.is_object() {
        media = json!({});
    }
    if let Some(media) = media.as_object_mut() {
        media.remove("encoding");
        if !schema.is_null() {
            media.insert("schema".to_owned(), schema);
        }
    }
    Some((name.to_owned(), media))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::apply;
    use crate::normalise::run;

    #[test]
    fn one_media_type_is_left() {
        for (content, expected, findings) in [
            (
                "{application/json: {schema: {type: string}}}",
                json!({"application/json": {"schema": {"type": "string"}}}),
                0,
            ),
            (
                "{application/json: {}}",
                json!({"application/json": {"schema": {}}}),
                0,
            ),
            (
                "{text/plain: {}, application/vnd.a+json: {schema: {type: string}}}",
                json!({"application/vnd.a+json": {"schema": {"type": "string"}}}),
                1,
            ),
            (
                "{image/png: {schema: {type: string, format: binary}}}",
                json!({"image/png": {"schema": {"type": "string", "format": "binary"}}}),
                0,
            ),
            (
                "{'*/*': {schema: {type: string}}}",
                json!({"application/json": {"schema": {"type": "string"}}}),
                0,
            ),
            ("{}", Value::Null, 0),
            (
                "{multipart/form-data: {schema: {type: object}}}",
                Value::Null,
                1,
            ),
        ] {
            let (mut document, found) = run(
                apply,
                &format!("{{paths: {{/a: {{post: {{requestBody: {{content: {content}}}}}}}}}}}"),
            );
            let left = document["paths"]["/a"]["post"]["requestBody"]["content"].take();
            assert_eq!(found.len(), findings, "{content}");
            if !expected.is_null() {
                assert_eq!(left, expected, "{content}");
            }
        }
    }
}
