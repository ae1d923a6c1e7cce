//! Bodies of requests, each of one media type that progenitor sends: JSON before a form, text and octets. Each is required.

use serde_json::{Map, Value, json};

use super::context::Context;
use crate::document::media::Content;
use crate::document::spec::{Spec, entries};

pub(super) fn apply(document: &mut Value, context: &mut Context) {
    let before = Spec::of(document);
    for operation in before.operations() {
        let Some(given) = operation.value.get("requestBody") else {
            continue;
        };
        let location = format!("{}.requestBody", operation.location());
        let written = &mut document["paths"][operation.path][operation.method]["requestBody"];
        let body = before.target(given);
        let types = entries(&body["content"]).count();
        let mut supported = body["content"].clone();
        if let Some(types) = supported.as_object_mut() {
            types.retain(|media_type, _| is_supported(media_type));
        }
        let Some((media_type, media)) = chosen(&supported) else {
            if types > 0 {
                context.refuse(
                    "bodies",
                    location,
                    "a body of a media type that can't be sent",
                    "describe it as application/json, application/x-www-form-urlencoded, text/plain or application/octet-stream, \
                     or leave the operation out",
                );
            } else {
                *written = Value::Null;
            }
            continue;
        };
        if types > 1 {
            context.warn(
                "bodies",
                &location,
                format!("a body of one of {types} media types: `{media_type}` is sent"),
                "leave the others out",
            );
        }
        if body["required"] != true {
            context.warn(
                "bodies",
                &location,
                "a body that may be left out is always sent",
                "write `required: true`",
            );
        }
        let mut plain = body.clone();
        plain["content"] = json!({media_type: media});
        plain["required"] = json!(true);
        if plain != *body {
            *written = plain;
        }
    }
}

/// Whether progenitor sends a body of a media type.
fn is_supported(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    match Content::of(media_type) {
        Content::Json | Content::Form => true,
        Content::Text => matches!(essence, "text/plain" | "text/x-markdown"),
        Content::Bytes => essence == "application/octet-stream",
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
    let mut media = match media {
        Value::Object(media) => media.clone(),
        _ => Map::new(),
    };
    media.remove("encoding");
    if matches!(Content::of(name), Content::Json | Content::Form) {
        let schema = media.entry("schema").or_insert_with(|| json!({}));
        if !schema.is_object() {
            *schema = json!({});
        }
    }
    Some((name.to_owned(), Value::Object(media)))
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
                Value::Null,
                1,
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
                &format!(
                    "{{paths: {{/a: {{post: {{requestBody: {{required: true, content: {content}}}}}}}}}}}"
                ),
            );
            let left = document["paths"]["/a"]["post"]["requestBody"]["content"].take();
            assert_eq!(found.len(), findings, "{content}");
            if !expected.is_null() {
                assert_eq!(left, expected, "{content}");
            }
        }
    }
}
